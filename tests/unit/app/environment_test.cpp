// Where settings come from, and names that are nearly a setting.
#include "app/environment.hpp"

#include "app/config.hpp"
#include "tests/catch.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace environment_test {

using namespace genie_slack;

struct File {
    explicit File(const std::string& text) { std::ofstream(path) << text; }
    ~File() { std::remove(path.c_str()); }
    std::string path = "/tmp/genie-slack-env-" + std::to_string(getpid());
};

std::vector<std::string> misspelt(const std::vector<std::string>& given, NameSource source) {
    return misspelt_names(given, config_variables(), source);
}

TEST_CASE("the environment wins over .env, and a broken .env is reported", "[config]") {
    const File file("SOME_TEST_A=file\nSOME_TEST_B=file\nbroken line\n");
    setenv("SOME_TEST_A", "environment", 1);
    EnvironmentFindings found;
    const auto& problems = found.problems;
    const auto lookup = environment_with_file(file.path, EnvFile::optional, found);
    CHECK(lookup("SOME_TEST_A") == "environment");
    CHECK(lookup("SOME_TEST_B") == "file");
    CHECK_FALSE(lookup("SOME_TEST_UNSET").has_value());
    unsetenv("SOME_TEST_A");
    REQUIRE(problems.size() == 1);
    CHECK_THAT(problems[0], test::contains("line 3"));
}

TEST_CASE("a missing .env is fine, one that was named is told of, and one that cannot be read is a problem",
          "[config]") {
    EnvironmentFindings found;
    std::vector<std::string>& problems = found.problems;
    environment_with_file("/tmp/there-is-no-such.env", EnvFile::optional, found);
    CHECK(found.missing_file.empty());
    environment_with_file("/tmp/there-is-no-such.env", EnvFile::wanted, found);
    CHECK(problems.empty());
    CHECK_THAT(found.missing_file, test::contains("/tmp/there-is-no-such.env: there is no such file"));
    environment_with_file("/tmp", EnvFile::optional, found);
    REQUIRE(problems.size() == 1);
    CHECK_THAT(problems[0], test::contains("cannot be read"));
    if (geteuid() != 0) {
        const File file("IS_LOCAL=true\n");
        chmod(file.path.c_str(), 0);
        problems.clear();
        environment_with_file(file.path, EnvFile::optional, found);
        CHECK(problems.size() == 1);
    }
}

TEST_CASE("a name that is nearly a setting ends the start with the one that was meant", "[config]") {
    const std::vector<std::pair<std::string, std::string>> slips = {
        {"ALOWED_USERS", "ALLOWED_USERS"},
        {"ALLOWED_USER", "ALLOWED_USERS"},
        {"ALLOWED_CHANNEL", "ALLOWED_CHANNELS"},
        {"GENIE_SPACE_ID", "GENIE_SPACE_IDS"},
        {"GENIE_SPACE", "GENIE_SPACE_IDS"},
        {"SLACK_BOT_TOKN", "SLACK_BOT_TOKEN"},
        {"SLACK_BTO_TOKEN", "SLACK_BOT_TOKEN"},
        {"LINK_ONLY", "LINKS_ONLY"},
        {"ANSWER_IN_CHANNELS", "ANSWERS_IN_CHANNELS"},
        {"THREAD_REPLYS", "THREAD_REPLIES"},
        {"allowed_users", "ALLOWED_USERS"},
        {"DATABRICKS_HOTS", "DATABRICKS_HOST"},
    };
    for (const auto source : {NameSource::file, NameSource::environment}) {
        for (const auto& [given, meant] : slips) {
            INFO(given);
            const auto problems = misspelt({given}, source);
            REQUIRE(problems.size() == 1);
            CHECK(problems[0].starts_with(given + ": "));
            CHECK_THAT(problems[0], test::contains("did you mean " + meant + "?"));
        }
    }
    // The older Python bot's, in its file; in the environment it may be the bundle's own.
    REQUIRE(misspelt({"BUNDLE_GENIE_SPACE_ID"}, NameSource::file).size() == 1);
    CHECK_THAT(misspelt({"BUNDLE_GENIE_SPACE_ID"}, NameSource::file)[0],
               test::contains("did you mean GENIE_SPACE_IDS?"));
    CHECK(misspelt({"BUNDLE_GENIE_SPACE_ID"}, NameSource::environment).empty());
    const File file("ALOWED_USERS=U0123456789\n");
    EnvironmentFindings found;
    const auto& problems = found.problems;
    environment_with_file(file.path, EnvFile::optional, found);
    REQUIRE(problems.size() == 1);
    CHECK_THAT(problems[0], test::contains(file.path) && test::contains("ALLOWED_USERS"));
}

TEST_CASE("variables of other programs end no start", "[config]") {
    CHECK(misspelt(config_variables(), NameSource::environment).empty());
    CHECK(misspelt({"PATH",
                    "HOME",
                    "LANG",
                    "LANGUAGE",
                    "LC_ALL",
                    "HOST",
                    "PORTS",
                    "HTTP_PROXY",
                    "http_proxy",
                    "https_proxy",
                    "all_proxy",
                    "no_proxy",
                    "PGHOSTADDR",
                    "PGPASSFILE",
                    "PGUSERS",
                    "PGPORTS",
                    "PGSSLCERT",
                    "LOGLEVEL",
                    "LOG_LEVELS",
                    "LOG_FILE",
                    "SSL_CERT_DIR",
                    "SLACK_WEBHOOK_URL",
                    "SLACK_TOKEN",
                    "SLACK_SIGNING_SECRET",
                    "SLACK_CHANNEL",
                    "DATABRICKS_CLUSTER_ID",
                    "DATABRICKS_WAREHOUSE_ID",
                    "DATABRICKS_SOURCE_CODE_PATH",
                    "DATABRICKS_APP_NAME",
                    "DATABRICKS_APP_URL",
                    "DATABRICKS_ACCOUNT_ID",
                    "DATABRICKS_RUNTIME_VERSION",
                    "DATABASE_URL",
                    "DATABASE_HOST",
                    "SERVICE_PORT",
                    "KUBERNETES_PORT",
                    "MEMORY_LIMIT",
                    "ADMIN_USER",
                    "ALLOWED_HOSTS"},
                   NameSource::environment)
              .empty());
    CHECK(misspelt({"SLACK_WEBHOOK_URL", "DATABASE_URL", "COMPOSE_PROJECT_NAME", "LANGUAGE", "HTTP_PROXY"},
                   NameSource::file)
              .empty());
    // Where it was written for this program, also what hosts set is checked.
    CHECK(misspelt({"LOGLEVEL"}, NameSource::file).size() == 1);
}

}  // namespace environment_test
