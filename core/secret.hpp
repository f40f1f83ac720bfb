// A value that must not be seen: tokens, client secrets, tickets.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace genie_slack {

// Prints and logs as "***".
class Secret {
 public:
    Secret() = default;
    explicit Secret(std::string value) : value_(std::move(value)) {}

    // The text itself, for the one place that sends it.
    const std::string& reveal() const { return value_; }
    bool empty() const { return value_.empty(); }

    friend bool operator==(const Secret&, const Secret&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Secret&) { return out << "***"; }

 private:
    std::string value_;
};

// `text` with everything that looks like a Slack token, a bearer token, a Databricks PAT or a socket ticket replaced by
// "***": the last line of defence for texts that come from outside, such as an error message of a server.
std::string redact(std::string_view text);

}  // namespace genie_slack
