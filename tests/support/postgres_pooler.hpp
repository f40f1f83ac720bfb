// A real PgBouncer in transaction mode before a server of the test's own; TLS on both sides.
#pragma once

#include "tests/support/certificates.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/postgres.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace genie_slack::test {

class PostgresPooler {
 public:
    // Serves every database of the server for that role, with so many server connections for each.
    PostgresPooler(const PostgresServer& server, const std::string& role, const std::string& password,
                   int server_connections);
    ~PostgresPooler();
    PostgresPooler(const PostgresPooler&) = delete;
    PostgresPooler& operator=(const PostgresPooler&) = delete;

    std::uint16_t port() const { return port_; }
    // Certificate of the authority that signed the pooler's certificate (for localhost and 127.0.0.1).
    const std::string& ca_file() const { return authority_.file(); }

 private:
    void write_file(const std::string& name, const std::string& text);
    bool is_listening() const;

    Authority authority_;
    std::string directory_;
    std::uint16_t port_ = 0;
    std::unique_ptr<ChildProcess> process_;
};

}  // namespace genie_slack::test
