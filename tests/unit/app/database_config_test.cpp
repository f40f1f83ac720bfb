#include "app/config.hpp"

#include "tests/catch.hpp"

#include <unistd.h>
#include <cstdio>
#include <fstream>
#include <map>

namespace database_config_test {

using namespace genie_slack;

using Variables = std::map<std::string, std::string>;
constexpr const char* kEndpoint = "projects/genie/branches/production/endpoints/primary";

Variables good() {
    return {{"SLACK_APP_TOKEN", "xapp-1-A1-2-abc"},
            {"SLACK_BOT_TOKEN", "xoxb-1-2-abc"},
            {"DATABRICKS_HOST", "https://adb-1.azuredatabricks.net"},
            {"DATABRICKS_CLIENT_ID", "11111111-2222-3333-4444-555555555555"},
            {"DATABRICKS_CLIENT_SECRET", "the-secret"},
            {"PGHOST", "instance-1.database.cloud.databricks.com"}};
}

Variables with(Variables variables, const Variables& changes) {
    for (const auto& [name, value] : changes)
        if (value.empty())
            variables.erase(name);
        else
            variables[name] = value;
    return variables;
}

LoadedConfig load(const Variables& variables, Needs needs = Needs::everything) {
    return load_config(
        [variables](const std::string& name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional(found->second);
        },
        needs);
}

LoadedConfig changed(const Variables& changes) {
    return load(with(good(), changes));
}

std::string problems(const LoadedConfig& loaded) {
    std::string all;
    for (const std::string& problem : loaded.problems)
        all += problem + "\n";
    return all;
}

// The changes bring exactly one problem, which begins with the variable's name.
void refuses(const std::string& name, const Variables& changes) {
    const auto loaded = changed(changes);
    INFO(problems(loaded));
    REQUIRE(loaded.problems.size() == 1);
    CHECK(loaded.problems[0].starts_with(name + ": "));
}

class File {
 public:
    explicit File(const std::string& content) : path("/tmp/genie-slack-ca-" + std::to_string(getpid())) {
        std::ofstream(path) << content;
    }
    ~File() { std::remove(path.c_str()); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    const std::string path;
};

TEST_CASE("without IS_LOCAL the host and a service principal are enough for the database", "[config][database]") {
    const auto loaded = load(good());
    INFO(problems(loaded));
    CHECK(loaded.problems.empty());
    const DatabaseConfig& database = loaded.config.database;
    CHECK(database.host == "instance-1.database.cloud.databricks.com");
    CHECK(database.port == 5432);
    CHECK(database.user == "11111111-2222-3333-4444-555555555555");
    CHECK(database.database == "databricks_postgres");
    CHECK(database.sslmode == "require");
    CHECK(database.sslrootcert.empty());
    CHECK(database.pool_size == 4);
    CHECK(database.chainlit_schema == "genie_app");
    CHECK(database.password.empty());
}

TEST_CASE("the variables of the database are read", "[config][database]") {
    const File ca("certificate");
    const auto loaded = changed({{"PGHOST", "db.example.com"},
                                 {"PGPORT", "6432"},
                                 {"PGUSER", "someone@example.com"},
                                 {"PGDATABASE", "genie"},
                                 {"PGPASSWORD", "static-one"},
                                 {"PGSSLMODE", "verify-full"},
                                 {"PGSSLROOTCERT", ca.path},
                                 {"LAKEBASE_ENDPOINT", kEndpoint},
                                 {"DATABASE_POOL_SIZE", "32"},
                                 {"CHAINLIT_SCHEMA", "chainlit_2"}});
    INFO(problems(loaded));
    CHECK(loaded.problems.empty());
    const DatabaseConfig& database = loaded.config.database;
    CHECK(database.port == 6432);
    CHECK(database.user == "someone@example.com");
    CHECK(database.database == "genie");
    CHECK(database.password.reveal() == "static-one");
    CHECK(database.sslmode == "verify-full");
    CHECK(database.sslrootcert == ca.path);
    CHECK(database.lakebase_endpoint == kEndpoint);
    CHECK(database.pool_size == 32);
    CHECK(database.chainlit_schema == "chainlit_2");
    const std::string report = log::format_text("config", loaded.report);
    CHECK(report.find("static-one") == std::string::npos);
    CHECK_THAT(report, test::contains("PGHOST=db.example.com"));
}

TEST_CASE("a URL is no name of a database or a role, and is not shown", "[config][database]") {
    for (const char* name : {"PGDATABASE", "PGUSER"}) {
        const auto loaded = changed({{name, "postgresql://bot:not-for-eyes@db.example.com/genie"}});
        INFO(problems(loaded));
        REQUIRE(loaded.problems.size() == 1);
        CHECK_THAT(loaded.problems[0], test::contains(std::string(name) + ": is a URL"));
        CHECK_THAT(loaded.problems[0], !test::contains("not-for-eyes"));
    }
}

TEST_CASE("everything that is missing or wrong about the database is told at once", "[config][database]") {
    auto variables = good();
    variables.erase("DATABRICKS_CLIENT_ID");
    variables.erase("DATABRICKS_CLIENT_SECRET");
    variables["DATABRICKS_TOKEN"] = "dapi0123456789";
    variables = with(variables, {{"PGHOST", ""},
                                 {"PGPORT", "0"},
                                 {"PGSSLMODE", "on"},
                                 {"PGSSLROOTCERT", "/nonexistent/ca.pem"},
                                 {"DATABASE_POOL_SIZE", "33"},
                                 {"CHAINLIT_SCHEMA", "Robert'); DROP"}});
    const auto loaded = load(variables);
    const std::string all = problems(loaded);
    for (const char* name : {"PGHOST: ", "PGPORT: ", "PGUSER: ", "PGSSLMODE: ", "PGSSLROOTCERT: ",
                             "DATABASE_POOL_SIZE: ", "CHAINLIT_SCHEMA: ", "LAKEBASE_ENDPOINT: "})
        CHECK_THAT(all, test::contains(name));
    CHECK(loaded.problems.size() == 8);
    CHECK(all.find("dapi") == std::string::npos);
}

TEST_CASE("with IS_LOCAL the database's variables do not matter", "[config][database]") {
    auto variables = with(good(), {{"IS_LOCAL", "true"},
                                   {"PGHOST", ""},
                                   {"PGPORT", "none"},
                                   {"PGSSLMODE", "disable"},
                                   {"LAKEBASE_ENDPOINT", "x"},
                                   {"DATABASE_INSTANCE", "y"}});
    CHECK(problems(load(variables)).empty());
    CHECK(problems(load(variables, Needs::database)).starts_with("IS_LOCAL: "));
}

TEST_CASE("modes that may send the password in clear text are for this machine only", "[config][database]") {
    for (const char* mode : {"disable", "allow", "prefer"}) {
        INFO(mode);
        for (const char* host : {"127.0.0.1", "127.8.9.10", "::1", "localhost", "LocalHost", "/var/run/postgresql"}) {
            INFO(host);
            CHECK(problems(changed({{"PGHOST", host}, {"PGSSLMODE", mode}})).empty());
        }
        for (const char* host : {"127.0.0.1.example.com", "localhost.example.com", "db.localhost", "10.0.0.1",
                                 "128.0.0.1", "0.0.0.0", "127.1", "xlocalhost", "::2", "::ffff:10.0.0.1", "localhosts",
                                 "instance-1.database.cloud.databricks.com"}) {
            INFO(host);
            refuses("PGSSLMODE", {{"PGHOST", host}, {"PGSSLMODE", mode}});
        }
        // Found out at start, so not known to be near.
        refuses("PGSSLMODE", {{"PGHOST", ""}, {"LAKEBASE_ENDPOINT", kEndpoint}, {"PGSSLMODE", mode}});
        // libpq would connect there, whatever the name says.
        refuses("PGSSLMODE", {{"PGHOST", "localhost"}, {"PGHOSTADDR", "10.0.0.1"}, {"PGSSLMODE", mode}});
    }
}

TEST_CASE("verifying the database's certificate needs the certificates to verify it with", "[config][database]") {
    const File ca("certificate");
    for (const char* mode : {"verify-ca", "verify-full"}) {
        refuses("PGSSLROOTCERT", {{"PGSSLMODE", mode}});
        refuses("PGSSLROOTCERT", {{"PGSSLMODE", mode}, {"PGSSLROOTCERT", "/nonexistent/ca.pem"}});
        CHECK(problems(changed({{"PGSSLMODE", mode}, {"PGSSLROOTCERT", ca.path}})).empty());
    }
    refuses("PGSSLROOTCERT", {{"PGSSLROOTCERT", "/nonexistent/ca.pem"}});
    refuses("PGSSLMODE", {{"PGSSLMODE", "Require"}});
    if (std::ifstream("/etc/ssl/certs/ca-certificates.crt")) {
        const auto system = changed({{"PGSSLMODE", "verify-full"}, {"PGSSLROOTCERT", "system"}});
        CHECK(problems(system).empty());
        CHECK(system.config.database.sslrootcert == "/etc/ssl/certs/ca-certificates.crt");
    }
}

TEST_CASE("the host of the database is a name, not a URL or a list", "[config][database]") {
    for (const char* host : {"https://db.example.com", "postgresql://db.example.com/x", "db.example.com:5432",
                             "a.example.com,b.example.com", "db.example .com", "user@db.example.com", "db/x"}) {
        INFO(host);
        refuses("PGHOST", {{"PGHOST", host}});
    }
}

TEST_CASE("an endpoint or an instance stands in for the host, but only one of them", "[config][database]") {
    CHECK(problems(changed({{"PGHOST", ""}, {"LAKEBASE_ENDPOINT", kEndpoint}})).empty());
    CHECK(problems(changed({{"PGHOST", ""}, {"DATABASE_INSTANCE", "genie-slack-lakebase"}})).empty());
    refuses("PGHOST", {{"PGHOST", ""}});
    refuses("DATABASE_INSTANCE", {{"LAKEBASE_ENDPOINT", kEndpoint}, {"DATABASE_INSTANCE", "genie-slack-lakebase"}});
    for (const char* endpoint : {"primary", "projects/p/branches/b", "projects/p/branches/b/endpoints/",
                                 "/projects/p/branches/b/endpoints/e", "projects/p/branches/b/endpoints/e/",
                                 "projects/../branches/b/endpoints/e", "Projects/p/branches/b/endpoints/e",
                                 "projects/p/branches/b/endpoints/e?x=1", "projects/p q/branches/b/endpoints/e"}) {
        INFO(endpoint);
        refuses("LAKEBASE_ENDPOINT", {{"PGHOST", ""}, {"LAKEBASE_ENDPOINT", endpoint}});
    }
    for (const char* instance : {"a/b", "..", "name with blank", "instance?x"}) {
        INFO(instance);
        refuses("DATABASE_INSTANCE", {{"DATABASE_INSTANCE", instance}});
    }
}

TEST_CASE("a personal access token is no database password, and the configuration says so", "[config][database]") {
    const Variables pat = {{"DATABRICKS_CLIENT_ID", ""},
                           {"DATABRICKS_CLIENT_SECRET", ""},
                           {"DATABRICKS_TOKEN", "dapi0123456789"},
                           {"PGUSER", "someone@example.com"}};
    const auto loaded = load(with(good(), pat));
    REQUIRE(loaded.problems.size() == 1);
    CHECK_THAT(loaded.problems[0], test::contains("personal access token"));
    CHECK(problems(load(with(with(good(), pat), {{"LAKEBASE_ENDPOINT", kEndpoint}}))).empty());
    CHECK(problems(load(with(with(good(), pat), {{"DATABASE_INSTANCE", "one"}}))).empty());
    CHECK(problems(load(with(with(good(), pat), {{"PGPASSWORD", "static"}}))).empty());
}

TEST_CASE("a schema is a plain identifier", "[config][database]") {
    const std::string longest(63, 'a');
    for (const std::string& schema : {std::string("genie_app"), std::string("_x9"), longest}) {
        INFO(schema);
        CHECK(changed({{"CHAINLIT_SCHEMA", schema}}).config.database.chainlit_schema == schema);
    }
    for (const std::string& schema :
         {longest + "a", std::string("9lives"), std::string("Chainlit"), std::string("a-b"), std::string("a b"),
          std::string("a\"b"), std::string("a.b"), std::string("caf\xc3\xa9"), std::string("pg_catalog"),
          std::string("information_schema")}) {
        INFO(schema);
        refuses("CHAINLIT_SCHEMA", {{"CHAINLIT_SCHEMA", schema}});
    }
}

TEST_CASE("commands of the database need no Slack, and no workspace when PG variables say it all",
          "[config][database]") {
    auto variables = good();
    variables.erase("SLACK_APP_TOKEN");
    variables["SLACK_BOT_TOKEN"] = "wrong";
    CHECK(problems(load(variables, Needs::database)).empty());
    CHECK(load(variables).problems.size() == 2);

    const Variables plain = {{"PGHOST", "127.0.0.1"}, {"PGUSER", "me"}, {"PGPASSWORD", "static"}};
    CHECK(problems(load(plain, Needs::database)).empty());
    CHECK_THAT(problems(load(with(plain, {{"PGPASSWORD", ""}}), Needs::database)), test::contains("DATABRICKS_HOST"));
    CHECK_THAT(problems(load(with(plain, {{"PGUSER", ""}}), Needs::database)), test::contains("PGUSER: "));
}

TEST_CASE("a credential of the workspace goes only to a database that is verified in full", "[config][database]") {
    const auto demands = [](const Variables& changes, const char* host) {
        const auto loaded = changed(changes);
        INFO(problems(loaded));
        CHECK(loaded.problems.empty());
        return must_verify_database(loaded.config.database, host);
    };
    const char* remote = "instance-1.database.cloud.databricks.com";
    CHECK(demands({}, remote));
    CHECK(demands({{"PGSSLMODE", "require"}}, remote));
    CHECK(demands({{"LAKEBASE_ENDPOINT", kEndpoint}, {"PGHOST", ""}}, "10.1.2.3"));
    // The machine itself.
    CHECK_FALSE(demands({{"PGHOST", "127.0.0.1"}}, "127.0.0.1"));
    CHECK_FALSE(demands({{"LAKEBASE_ENDPOINT", kEndpoint}, {"PGHOST", ""}}, "127.0.0.1"));
    CHECK(demands({{"PGHOST", "127.0.0.1"}, {"PGHOSTADDR", "10.1.2.3"}}, "127.0.0.1"));
    CHECK(demands({}, "127.0.0.1.example.com"));
    // A fixed password is the administrator's own affair.
    CHECK_FALSE(demands({{"PGPASSWORD", "fixed"}}, remote));
    CHECK_FALSE(demands({{"DATABASE_TLS_UNVERIFIED", "allow"}}, remote));
    CHECK(demands({{"DATABASE_TLS_UNVERIFIED", "refuse"}}, remote));

    CHECK(changed({{"DATABASE_TLS_UNVERIFIED", "allow"}}).notes.size() == 1);
    CHECK(load(good()).notes.empty());
    refuses("DATABASE_TLS_UNVERIFIED", {{"DATABASE_TLS_UNVERIFIED", "yes"}});
}

}  // namespace database_config_test
