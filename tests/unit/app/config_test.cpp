#include "app/config.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

namespace config_test {

using namespace genie_slack;

using Variables = std::map<std::string, std::string>;

Variables good() {
    return {{"SLACK_APP_TOKEN", "xapp-1-A1-2-abc"},
            {"SLACK_BOT_TOKEN", "xoxb-1-2-abc"},
            {"DATABRICKS_HOST", "https://adb-1.azuredatabricks.net"},
            {"DATABRICKS_TOKEN", "dapi0123456789"},
            {"IS_LOCAL", "true"}};
}

LoadedConfig load(const Variables& variables) {
    return load_config([variables](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    });
}

LoadedConfig load_with(const std::string& name, const std::string& value) {
    auto variables = good();
    variables[name] = value;
    return load(variables);
}

TEST_CASE("a complete configuration loads without a problem", "[config]") {
    const auto loaded = load(good());
    CHECK(loaded.problems.empty());
    CHECK(loaded.config.databricks.host == "https://adb-1.azuredatabricks.net");
    CHECK(loaded.config.databricks.auth_type == "pat");
    CHECK(loaded.config.slack_connections == 2);
    CHECK(loaded.config.genie_timeout_seconds == 600);
    CHECK(loaded.config.health_port == 0);
}

TEST_CASE("an empty environment names everything that is needed", "[config]") {
    const auto loaded = load({});
    std::string all;
    for (const std::string& problem : loaded.problems)
        all += problem + "\n";
    for (const char* name : {"SLACK_APP_TOKEN", "SLACK_BOT_TOKEN", "DATABRICKS_HOST", "PGHOST", "IS_LOCAL"})
        CHECK_THAT(all, test::contains(name));
}

TEST_CASE("tokens of the wrong kind are refused without being shown", "[config]") {
    for (const auto& [name, value] : Variables{
             {"SLACK_APP_TOKEN", "xoxb-1-2-abc"}, {"SLACK_BOT_TOKEN", "xoxp-1-2-abc"}, {"SLACK_BOT_TOKEN", "xoxb-"}}) {
        const auto loaded = load_with(name, value);
        REQUIRE(loaded.problems.size() == 1);
        CHECK_THAT(loaded.problems[0], test::contains(name));
        CHECK(loaded.problems[0].find("abc") == std::string::npos);
    }
    for (const char* token : {"xoxb-1-2-abc\r", "xoxb-1 2", "xoxb-\"1\"", "xoxb-1\xC2\xA0"}) {
        const auto loaded = load_with("SLACK_BOT_TOKEN", token);
        REQUIRE(loaded.problems.size() == 1);
        CHECK_THAT(loaded.problems[0], test::contains("SLACK_BOT_TOKEN: contains characters that no token has"));
    }
    const auto rotating = load_with("SLACK_BOT_TOKEN", "xoxe.xoxb-1-abc");
    REQUIRE(rotating.problems.size() == 1);
    CHECK_THAT(rotating.problems[0], test::contains("rotation"));
}

TEST_CASE("clear text goes to loopback only, and look-alikes of loopback are refused", "[config]") {
    CHECK(load_with("SLACK_API_URL", "http://127.0.0.1:3000/api").problems.empty());
    CHECK(load_with("SLACK_API_URL", "http://[::1]:3000/api/").problems.empty());
    for (const char* url :
         {"http://slack.com/api/", "http://127.0.0.1.example.com/api/", "http://localhost.example.com/",
          "ftp://localhost/", "slack.com/api", "http://localhost@example.com/", ""})
        if (*url) {
            INFO(url);
            CHECK(load_with("SLACK_API_URL", url).problems.size() == 1);
        }
}

TEST_CASE("a port of the platform wins, and a bad one is named", "[config]") {
    auto variables = good();
    variables["PORT"] = "8000";
    CHECK(load(variables).config.health_port == 8000);
    variables["DATABRICKS_APP_PORT"] = "9000";
    CHECK(load(variables).config.health_port == 9000);
    for (const char* port : {"0", "65536", "http", "-1"})
        CHECK(load_with("PORT", port).problems.size() == 1);
}

TEST_CASE("proxy variables count in lower case too", "[config]") {
    auto variables = good();
    variables["https_proxy"] = "http://proxy.example:3128";
    CHECK(load(variables).config.proxy.https_proxy == "http://proxy.example:3128");
    variables["HTTPS_PROXY"] = "http://other.example:3128";
    CHECK(load(variables).config.proxy.https_proxy == "http://other.example:3128");
}

TEST_CASE("a proxy that cannot be used ends the start with the variable's name", "[config]") {
    for (const char* proxy :
         {"https://user:password1@proxy.corp:8443", "socks5h://127.0.0.1:1080", "socks5://x:1", "http://",
          "http://proxy:port", "pro xy", "ftp://proxy", "http://[::1", "http://pro^xy"}) {
        INFO(proxy);
        for (const char* name : {"HTTPS_PROXY", "https_proxy"}) {
            const auto loaded = load_with(name, proxy);
            REQUIRE(loaded.problems.size() == 1);
            CHECK(loaded.problems[0].starts_with("HTTPS_PROXY: "));
            CHECK(loaded.problems[0].find("password1") == std::string::npos);
        }
    }
    CHECK(load_with("HTTPS_PROXY", "http://proxy:3128").problems.empty());
    CHECK(load_with("HTTPS_PROXY", "").problems.empty());
}

TEST_CASE("a proxy variable that is not used is noted", "[config]") {
    for (const char* name : {"ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"}) {
        INFO(name);
        auto variables = good();
        variables[name] = "socks5://proxy.corp:1080";
        const auto noted = load(variables);
        CHECK(noted.problems.empty());
        REQUIRE(noted.notes.size() == 1);
        CHECK_THAT(noted.notes[0], test::contains("HTTPS_PROXY"));
        variables["https_proxy"] = "http://proxy.corp:3128";
        CHECK(load(variables).notes.empty());
    }
    CHECK(load(good()).notes.empty());
}

TEST_CASE("the CSV dialect is auto, comma or semicolon", "[config]") {
    CHECK(load(good()).config.csv_form == answer::CsvForm::of_reader);
    CHECK(load_with("CSV_DIALECT", "semicolon").config.csv_form == answer::CsvForm::semicolon);
    CHECK(load_with("CSV_DIALECT", "tabs").problems.size() == 1);
}

TEST_CASE("the form of the file is auto, csv or xlsx", "[config]") {
    using answer::FileFormat;
    CHECK(load(good()).config.file_format == FileFormat::automatic);
    CHECK(load_with("FILE_FORMAT", "auto").config.file_format == FileFormat::automatic);
    CHECK(load_with("FILE_FORMAT", "csv").config.file_format == FileFormat::csv);
    CHECK(load_with("FILE_FORMAT", "xlsx").config.file_format == FileFormat::xlsx);
    CHECK(load_with("FILE_FORMAT", "excel").problems.size() == 1);
}

TEST_CASE("the report of the configuration shows no secret", "[config]") {
    auto variables = good();
    variables["HTTPS_PROXY"] = "http://user:password1@proxy.example:3128";
    const std::string report = log::format_text("config", load(variables).report);
    for (const char* hidden : {"1-A1-2-abc", "1-2-abc", "dapi0123456789", "password1"})
        CHECK(report.find(hidden) == std::string::npos);
    CHECK_THAT(report, test::contains("DATABRICKS_HOST=https://adb-1.azuredatabricks.net"));
}

TEST_CASE("ids are checked, and a name or a link in their place is explained", "[config]") {
    for (const auto& [name, value] :
         std::vector<std::pair<const char*, const char*>>{{"ALLOWED_CHANNELS", "C0123456789,G0123456789,CQGFKTTQD,C1"},
                                                          {"ALLOWED_USERS", "U0123456789, W0123456789"},
                                                          {"ALLOWED_TEAMS", "T0123456789,E0123456789"},
                                                          {"ADMIN_USERS", "U0123456789"},
                                                          {"GENIE_SPACE_IDS", "01ef0123456789abcdef0123456789ab"}}) {
        INFO(name);
        CHECK(load_with(name, value).problems.empty());
    }
    const std::vector<std::array<const char*, 3>> wrong = {
        {"ALLOWED_CHANNELS", "C0123456789,#sales", "is a name"},
        {"ALLOWED_CHANNELS", "https://acme.slack.com/archives/C0123456789/p17", "write C0123456789"},
        {"ALLOWED_CHANNELS", "c0123456789", "write C0123456789"},
        {"ALLOWED_CHANNELS", "U0123456789", "C…"},
        {"ALLOWED_CHANNELS", "general", "is a name, but an id (C…) is needed: it stands at the bottom"},
        {"ALLOWED_CHANNELS", "GENERAL", "is a name"},
        {"ALLOWED_CHANNELS", "customer-care", "is a name"},
        {"ALLOWED_CHANNELS", "greetings", "is a name"},
        {"ALLOWED_USERS", "WOLFGANG", "is a name"},
        {"ALLOWED_USERS", "wolfgang", "“Copy member ID”"},
        {"ALLOWED_USERS", "@anna", "is a name"},
        {"ALLOWED_USERS", "anna@example.com", "U…"},
        {"ADMIN_USERS", "https://acme.slack.com/team/U0123456789", "write U0123456789"},
        {"ALLOWED_TEAMS", "acme", "T…"},
        {"ALLOWED_TEAMS", "https://acme.slack.com/", "is a link"},
        {"GENIE_SPACE_IDS", "https://adb-1.net/genie/rooms/01ef0123456789abcdef0123456789ab?o=1",
         "write 01ef0123456789abcdef0123456789ab"},
        {"GENIE_SPACE_IDS", "01EF0123456789ABCDEF0123456789AB", "write 01ef0123456789abcdef0123456789ab"},
        {"GENIE_SPACE_IDS", "Sales", "32 digits"},
    };
    for (const auto& [name, value, expected] : wrong) {
        INFO(name << "=" << value);
        const auto loaded = load_with(name, value);
        REQUIRE(loaded.problems.size() == 1);
        CHECK_THAT(loaded.problems[0], test::contains(name) && test::contains(expected));
    }
}

TEST_CASE("BOT_LANGUAGE is the bot's language, and LANGUAGE counts when it is exactly one of ours", "[config]") {
    CHECK(load_with("BOT_LANGUAGE", "de").config.language == words::Language::german);
    CHECK_FALSE(load_with("BOT_LANGUAGE", "auto").config.language.has_value());
    CHECK(load_with("BOT_LANGUAGE", "tlh").problems.size() == 1);
    CHECK(load_with("BOT_LANGUAGE", "de_DE:de").problems.size() == 1);
    CHECK(load_with("LANGUAGE", "de").config.language == words::Language::german);
    for (const char* host : {"de_DE:de", "en_US:en", "de_DE.UTF-8", "tlh", "C"}) {
        INFO(host);
        const auto loaded = load_with("LANGUAGE", host);
        CHECK(loaded.problems.empty());
        CHECK_FALSE(loaded.config.language.has_value());
    }
    auto both = good();
    both["LANGUAGE"] = "de";
    both["BOT_LANGUAGE"] = "en";
    CHECK(load(both).config.language == words::Language::english);
}

TEST_CASE("the names that the older Python bot has for the tokens are understood, and told", "[config]") {
    for (const std::string prefix : {"", "BUNDLE_VAR_"}) {
        auto older = good();
        older[prefix + "TOKEN_APP"] = std::exchange(older["SLACK_APP_TOKEN"], "");
        older[prefix + "TOKEN_BOT"] = older.extract("SLACK_BOT_TOKEN").mapped();
        const auto loaded = load(older);
        CHECK(loaded.problems.empty());
        CHECK(loaded.config.slack_app_token.reveal() == "xapp-1-A1-2-abc");
        CHECK(loaded.config.slack_bot_token.reveal() == "xoxb-1-2-abc");
        REQUIRE(loaded.notes.size() == 2);
        CHECK_THAT(loaded.notes[0], test::contains(prefix + "TOKEN_APP") && test::contains("SLACK_APP_TOKEN"));
        CHECK_THAT(loaded.notes[1], test::contains(prefix + "TOKEN_BOT") && test::contains("SLACK_BOT_TOKEN"));
        CHECK_THAT(loaded.notes[0] + loaded.notes[1], !test::contains("abc"));
    }
    // Today's name wins, and what is no such token is somebody else's.
    auto both = good();
    both["TOKEN_APP"] = "xapp-2-older";
    both["TOKEN_BOT"] = "xapp-3-no-bot";
    CHECK(load(both).config.slack_app_token.reveal() == "xapp-1-A1-2-abc");
    CHECK(load(both).notes.empty());
    both.erase("SLACK_BOT_TOKEN");
    REQUIRE(load(both).problems.size() == 1);
    CHECK_THAT(load(both).problems[0], test::contains("SLACK_BOT_TOKEN: is not set"));
}

TEST_CASE("the examples of settings are complete, without a misspelt name", "[config]") {
    const std::string folder = std::string(GENIE_SLACK_SOURCE_DIR) + "/examples";
    std::size_t count = 0;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        if (file.path().extension() != ".env")
            continue;
        ++count;
        INFO(file.path().filename().string());
        std::ifstream in(file.path());
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        std::vector<std::string> problems;
        Variables variables;
        std::vector<std::string> names;
        for (auto& [name, value] : parse_env_file(text, problems)) {
            names.push_back(name);
            variables[name] = value;
        }
        CHECK(problems.empty());
        for (const std::string& name : names) {
            INFO(name);
            const auto ours = config_variables();
            CHECK(std::find(ours.begin(), ours.end(), name) != ours.end());
        }
        const auto loaded = load(variables);
        for (const std::string& problem : loaded.problems)
            // A machine that cannot verify anybody; see check_encryption.
            if (problem.find("this machine has no file of CA certificates") == std::string::npos)
                CHECK(problem == "");
        CHECK(loaded.notes.empty());
    }
    CHECK(count == 8);
}

TEST_CASE("which replies are taken up is auto, mention or all", "[config]") {
    CHECK(load(good()).config.thread_replies == relay::ThreadReplies::automatic);
    CHECK(load_with("THREAD_REPLIES", "mention").config.thread_replies == relay::ThreadReplies::mention);
    CHECK(load_with("THREAD_REPLIES", "all").config.thread_replies == relay::ThreadReplies::all);
    CHECK(load_with("THREAD_REPLIES", "none").problems.size() == 1);
}

TEST_CASE("one broken value is one line", "[config]") {
    auto variables = good();
    variables["IS_LOCAL"] = "treu";
    const auto loaded = load(variables);
    REQUIRE(loaded.problems.size() == 1);
    CHECK(loaded.problems[0].starts_with("IS_LOCAL: "));
}

TEST_CASE("docs/configuration.md shows the table of variables as it is", "[config]") {
    std::ifstream file(GENIE_SLACK_SOURCE_DIR "/docs/configuration.md");
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    CHECK_THAT(text, test::contains(config_documentation()));
}

TEST_CASE("a part of the doctor asks for the settings of that part alone", "[config]") {
    const auto problems_of = [](const Variables& variables, Needs needs) {
        const auto lookup = [&variables](const std::string& name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional(found->second);
        };
        return load_config(lookup, needs).problems.size();
    };
    const Variables slack{{"SLACK_APP_TOKEN", "xapp-1-A1-2-abc"}, {"SLACK_BOT_TOKEN", "xoxb-1-2-abc"}};
    const Variables databricks{{"DATABRICKS_HOST", "https://adb-1.azuredatabricks.net"},
                               {"DATABRICKS_TOKEN", "dapi0123456789"},
                               {"DATABRICKS_CONFIG_FILE", "/nonexistent"}};
    CHECK(problems_of(slack, Needs::slack_check) == 0);
    CHECK(problems_of(databricks, Needs::databricks_check) == 0);
    CHECK(problems_of({{"IS_LOCAL", "true"}}, Needs::database_check) == 0);
    CHECK(problems_of({}, Needs::slack_check) == 2);
    CHECK(problems_of(slack, Needs::databricks_check) > 0);
    CHECK(problems_of(slack, Needs::database_check) > 0);
    CHECK(problems_of(slack, Needs::everything) > 0);
}

}  // namespace config_test
