// The doctor as an administrator runs it: what it printed, and one thing that is broken with the line about it.
#pragma once

#include "tests/e2e/bot/bot_world.hpp"

#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace genie_slack::test {

using Changes = std::map<std::string, std::string>;
struct Outcome {
    int code = -1;
    std::string output;
};

inline Outcome check(BotWorld& world, const Changes& changes, std::vector<std::string> arguments = {"check"}) {
    world.start(changes, std::move(arguments));
    Outcome outcome;
    outcome.code = world.wait_for_exit(60s);
    outcome.output = world.bot().output();
    for (const std::string& secret : {world.slack().options().bot_token, world.slack().options().app_token,
                                      world.genie().options().token, std::string("ticket="), std::string("n0t-right")})
        CHECK(outcome.output.find(secret) == std::string::npos);
    return outcome;
}

// The lines with that status, each with its fix.
inline std::vector<std::string> lines_with(const std::string& output, const std::string& status) {
    std::vector<std::string> lines;
    std::istringstream in(output);
    bool takes = false;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("         -> ")) {
            if (takes)
                lines.back() += line;
            continue;
        }
        takes = line.starts_with(status + " ");
        if (takes)
            lines.push_back(line);
    }
    return lines;
}

// What is broken, and the one line that says so.
struct Broken {
    std::string name;
    std::function<Changes(BotWorld&)> set_up;
    std::string check;
    std::string found;
    std::string fix;
};

inline void check_line(BotWorld& world, const Broken& broken, const std::string& status, int code,
                       std::vector<std::string> arguments = {"check"}) {
    INFO(broken.name);
    const Changes changes = broken.set_up(world);
    const Outcome outcome = check(world, changes, std::move(arguments));
    INFO(outcome.output);
    CHECK(outcome.code == code);
    const auto lines = lines_with(outcome.output, status);
    REQUIRE(lines.size() == 1);
    CHECK_THAT(lines[0], contains(" " + broken.check));
    CHECK_THAT(lines[0], contains(broken.found));
    CHECK_THAT(lines[0].substr(lines[0].find(" -> ")), contains(broken.fix));
}

}  // namespace genie_slack::test
