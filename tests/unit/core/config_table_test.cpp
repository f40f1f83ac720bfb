#include "core/config_table.hpp"

#include "tests/catch.hpp"

#include <map>

namespace config_table_test {

using namespace genie_slack;

struct Values {
    std::string name = "fallback";
    int count = 2;
    bool flag = false;
    std::vector<std::string> items;
    Secret token;
};

ConfigTable table_for(Values& values) {
    ConfigTable table;
    table.text("NAME", values.name, "a name")
        .integer("COUNT", values.count, 1, 10, "how many")
        .flag("FLAG", values.flag, "whether")
        .list("ITEMS", values.items, "which")
        .secret("TOKEN", values.token, "the token", [](const std::string& value) {
            return value.rfind("t-", 0) == 0 ? std::string() : std::string("must start with t-");
        });
    table.required();
    return table;
}

VariableLookup from(std::map<std::string, std::string> variables) {
    return [variables](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
}

TEST_CASE("configuration fills the fields and keeps defaults", "[config]") {
    Values values;
    auto table = table_for(values);
    CHECK(table.load(from({{"COUNT", "7"}, {"FLAG", "Yes"}, {"ITEMS", "a, b,,c"}, {"TOKEN", "t-1"}})).empty());
    CHECK(values.name == "fallback");
    CHECK(values.count == 7);
    CHECK(values.flag);
    CHECK(values.items == std::vector<std::string>{"a", "b", "c"});
    CHECK(values.token.reveal() == "t-1");
}

TEST_CASE("all problems of a configuration are reported at once, each with its variable", "[config]") {
    Values values;
    auto table = table_for(values);
    const auto problems = table.load(from({{"COUNT", "11"}, {"FLAG", "perhaps"}, {"ITEMS", " , "}}));
    REQUIRE(problems.size() == 4);
    CHECK(problems[0] == "COUNT: is '11', but must be a whole number from 1 to 10");
    CHECK(problems[1] == "FLAG: is 'perhaps', but must be true or false");
    CHECK_THAT(problems[2], test::contains("ITEMS: names nothing"));
    CHECK(problems[3] == "TOKEN: is not set; it is needed: the token");
}

TEST_CASE("numbers with trailing characters are refused", "[config]") {
    Values values;
    auto table = table_for(values);
    for (const char* bad : {"3x", "", " 3", "3.5", "99999999999999999999", "-1"})
        if (*bad)
            CHECK(table.load(from({{"COUNT", bad}, {"TOKEN", "t-1"}})).size() == 1);
}

TEST_CASE("the report and the documentation never show a secret", "[config]") {
    Values values;
    auto table = table_for(values);
    table.load(from({{"TOKEN", "t-hidden"}}));
    const std::string report = log::format_text("config", table.report());
    CHECK(report == "config NAME=fallback COUNT=2 FLAG=false ITEMS=\"\" TOKEN=***");
    CHECK_THAT(table.markdown(), test::contains("| `TOKEN` | required | the token |"));
    CHECK_THAT(table.markdown(), test::contains("| `COUNT` | `2` | how many |"));
}

TEST_CASE("a wrong secret is not quoted in its problem", "[config]") {
    Values values;
    auto table = table_for(values);
    CHECK(table.load(from({{"TOKEN", "wrong"}})) == std::vector<std::string>{"TOKEN: must start with t-"});
}

TEST_CASE("an .env file knows comments, quotes and export", "[config]") {
    std::vector<std::string> problems;
    const auto variables = parse_env_file(
        "# comment\nA=1\nexport B = two words # note\nC=\"x # y\\n\"\nD='a\\b'\n\nE=\nbroken\n2X=1\nF=\"open\n",
        problems);
    using Pair = std::pair<std::string, std::string>;
    CHECK(variables == std::vector<Pair>{{"A", "1"}, {"B", "two words"}, {"C", "x # y\n"}, {"D", "a\\b"}, {"E", ""}});
    CHECK(problems == std::vector<std::string>{"line 8: is not NAME=value", "line 9: is not NAME=value",
                                               "line 10: the quote of F is not closed"});
}

TEST_CASE("an .env file may begin with a byte order mark", "[config]") {
    std::vector<std::string> problems;
    const auto variables = parse_env_file(
        "\xEF\xBB\xBF"
        "A=1\r\nB=2\r\n",
        problems);
    using Pair = std::pair<std::string, std::string>;
    CHECK(variables == std::vector<Pair>{{"A", "1"}, {"B", "2"}});
    CHECK(problems.empty());
}

}  // namespace config_table_test
