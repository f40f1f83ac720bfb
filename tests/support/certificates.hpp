// Certificates made at run time, good and bad ones.
#pragma once

#include <memory>
#include <string>

namespace genie_slack::test {

struct Certificate {
    std::string certificate_pem;
    std::string key_pem;
};

// A certificate authority of our own. The file holds its certificate for as long as the object lives.
class Authority {
 public:
    // One that others trust by themselves, or because of the one `above` it.
    explicit Authority(const Authority* above = nullptr);
    ~Authority();
    Authority(const Authority&) = delete;
    Authority& operator=(const Authority&) = delete;

    const std::string& file() const { return file_; }
    // For a comma list of names as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1". An expired one ended yesterday.
    Certificate issue(const std::string& names, bool expired = false) const;

 private:
    struct Keys;
    std::unique_ptr<Keys> keys_;
    std::string file_;
};

}  // namespace genie_slack::test
