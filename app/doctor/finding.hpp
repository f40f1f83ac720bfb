// What the doctor found out: one line for each thing that it looked at, and how they are printed.
#pragma once

#include <string>
#include <vector>

namespace genie_slack::doctor {

enum class Status {
    ok,
    warning,  // works, but perhaps not as it is meant
    failed,   // the bot does not work, or not as it should, until it is mended
    skipped,  // nobody looked; `fix` says where to
};

const char* to_string(Status status);

struct Finding {
    Finding() = default;
    Finding(std::string part_, std::string check_, Status status_, std::string found_, std::string fix_ = "")
        : part(std::move(part_)),
          check(std::move(check_)),
          status(status_),
          found(std::move(found_)),
          fix(std::move(fix_)) {}

    std::string part;   // "slack", "databricks", "database", "machine", "configuration"
    std::string check;  // "Bot token"
    Status status = Status::ok;
    std::string found;
    std::string fix;  // what to do; only when it is not ok
};
using Findings = std::vector<Finding>;

// Both without secrets, and with one line for each text, whatever a server wrote into it.
std::string as_text(const Findings& findings);
std::string as_json(const Findings& findings);

// 0, or 1 when something failed.
int exit_code(const Findings& findings);

}  // namespace genie_slack::doctor
