#include "app/settings.hpp"

#include "tests/catch.hpp"

#include <map>

namespace settings_test {

using namespace genie_slack;
using Names = std::vector<std::string>;

Settings settings(std::map<std::string, std::string> variables) {
    Settings read;
    read.has_file = true;
    read.given = [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    return read;
}

TEST_CASE("what may change takes effect, and what needs a restart is named, secrets too", "[settings]") {
    const Settings started = settings({{"ALLOWED_USERS", "U1"}, {"SLACK_BOT_TOKEN", "xoxb-1"}, {"PGHOST", "a"}});
    const Settings next = settings({{"ALLOWED_USERS", "U1,U2"}, {"SLACK_BOT_TOKEN", "xoxb-2"}, {"LOG_LEVEL", "debug"}});
    const SettingsChange change = compare(started, started, next);
    CHECK(change.refused.empty());
    CHECK(change.now == Names{"ALLOWED_USERS", "LOG_LEVEL"});
    CHECK(change.at_restart == Names{"SLACK_BOT_TOKEN", "PGHOST"});
}

TEST_CASE("what needs a restart is named until it is as at the start again", "[settings]") {
    const Settings started = settings({{"PORT", "1"}, {"BOT_LANGUAGE", "en"}});
    const Settings second = settings({{"PORT", "2"}, {"BOT_LANGUAGE", "de"}});
    const SettingsChange again = compare(started, second, second);
    CHECK(again.now.empty());
    CHECK(again.at_restart == Names{"PORT"});
    const SettingsChange back = compare(started, second, started);
    CHECK(back.now == Names{"BOT_LANGUAGE"});
    CHECK(back.at_restart.empty());
}

TEST_CASE("settings with a problem, or whose file is gone, are refused", "[settings]") {
    const Settings started = settings({{"ALLOWED_USERS", "U1"}});
    Settings wrong = settings({{"ALLOWED_USERS", "nobody"}});
    wrong.loaded.problems = {"ALLOWED_USERS: one", "PORT: two"};
    CHECK(compare(started, started, wrong).refused == "ALLOWED_USERS: one; PORT: two");
    CHECK(compare(started, started, wrong).now.empty());
    Settings gone = settings({});
    gone.has_file = false;
    CHECK_THAT(compare(started, started, gone).refused, test::contains("gone"));
}

}  // namespace settings_test
