// The commands that work on the database alone, as an administrator runs them.
#include "core/clock.hpp"
#include "tests/catch.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/postgres.hpp"

#include <boost/json/parse.hpp>

#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace commands_test {

using namespace genie_slack;
using test::PostgresServer;

constexpr const char* kRole = "11111111-2222-3333-4444-555555555555";
constexpr const char* kPassword = "pa ss'w\\ord=&%41\"x  y ";

struct Outcome {
    int code = -1;
    std::string output;  // of both streams
};

Outcome run_command(std::vector<std::string> arguments, std::map<std::string, std::string> environment) {
    arguments.insert(arguments.begin(), {"--env-file", "/dev/null"});
    test::ChildProcess command(GENIE_SLACK_BINARY, std::move(arguments), std::move(environment));
    const Deadline deadline = Deadline::after(std::chrono::seconds(60));
    while (!command.exit_code() && !deadline.expired())
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    Outcome outcome;
    outcome.code = command.exit_code().value_or(-1);
    outcome.output = command.output();
    UNSCOPED_INFO(outcome.output);
    for (const std::string secret : {kPassword, "wrong one", "pa%20ss"})
        CHECK(outcome.output.find(secret) == std::string::npos);
    return outcome;
}

class Database {
 public:
    explicit Database(PostgresServer& server) : server_(server) {
        static int count = 0;
        name_ = "chats" + std::to_string(++count);
        server_.create_database(name_, kRole);
    }

    std::map<std::string, std::string> environment(const std::map<std::string, std::string>& changes = {}) const {
        std::map<std::string, std::string> variables{{"PGHOST", "localhost"},
                                                     {"PGPORT", std::to_string(server_.port())},
                                                     {"PGUSER", kRole},
                                                     {"PGPASSWORD", kPassword},
                                                     {"PGDATABASE", name_},
                                                     {"PGSSLMODE", "verify-full"},
                                                     {"PGSSLROOTCERT", server_.ca_file()}};
        for (const auto& [name, value] : changes)
            if (value.empty())
                variables.erase(name);
            else
                variables[name] = value;
        return variables;
    }
    Outcome run(std::vector<std::string> arguments, const std::map<std::string, std::string>& changes = {}) const {
        return run_command(std::move(arguments), environment(changes));
    }
    void migrate() const { REQUIRE(run({"migrate"}).code == 0); }
    PostgresServer::Rows query(const std::string& statements) const {
        return server_.query(name_, "SET search_path = genie_app; " + statements);
    }
    std::string value(const std::string& statements) const { return query(statements).at(0).at(0); }

    const std::string& name() const { return name_; }

 private:
    PostgresServer& server_;
    std::string name_;
};

PostgresServer& shared_server() {
    static PostgresServer server;
    static const bool ready = (server.create_role(kRole, kPassword), true);
    static_cast<void>(ready);
    return server;
}

// A conversation of one question and one answer, `days` ago.
void add_conversation(const Database& database, int number, int days) {
    const std::string id = "'00000000-0000-4000-8000-" + std::string(11, '0') + std::to_string(number) + "'";
    const auto time = [&](int seconds) {
        return "to_char(now() AT TIME ZONE 'UTC' - interval '" + std::to_string(days) + " days' + interval '" +
               std::to_string(seconds) + " seconds', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";
    };
    database.query(
        "INSERT INTO users VALUES (" + id + ", 'user" + std::to_string(number) + "', '{}', " + time(-1) +
        "); INSERT INTO threads (\"id\", \"createdAt\", \"name\", \"userId\", \"userIdentifier\") VALUES (" + id +
        ", " + time(-1) + ", 'chat', " + id + ", 'user" + std::to_string(number) +
        "'); INSERT INTO steps (\"id\", \"name\", \"type\", \"threadId\", \"streaming\", \"isError\", \"output\", "
        "\"createdAt\", \"metadata\") VALUES (gen_random_uuid(), 'n', 'user_message', " +
        id + ", false, false, 'q', " + time(-1) + ", '{}'), (gen_random_uuid(), 'n', 'assistant_message', " + id +
        ", false, false, 'a', " + time(0) + ", '{\"latency_ms\": 1500}')");
}

int count_lines(const std::string& output, const std::string& start) {
    int count = 0;
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);)
        count += line.rfind(start, 0) == 0;
    return count;
}

// The lines that say what is wrong, each with the fix in the next line.
void check_failure(const Outcome& outcome, const std::string& what, const std::string& fix) {
    INFO(outcome.output);
    CHECK(outcome.code == 1);
    bool found = false;
    std::istringstream lines(outcome.output);
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind("FAILED", 0) != 0)
            continue;
        std::string next;
        std::getline(lines, next);
        CHECK(next.rfind("         -> ", 0) == 0);
        if (line.find(what) == std::string::npos)
            continue;
        found = true;
        CHECK_THAT(line + "\n" + next, test::contains(fix));
    }
    CHECK(found);
}

TEST_CASE("migrate brings the schema up, and its check says whether that is needed", "[commands][postgres]") {
    const Database database(shared_server());
    auto outcome = database.run({"migrate", "--check"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.output, test::contains("schema version 0"));
    CHECK_THAT(outcome.output, test::contains("pending: 010_baseline"));
    CHECK(database.query("SELECT FROM pg_namespace WHERE nspname = 'genie_app'").empty());

    outcome = database.run({"migrate"});
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.output, test::contains("applied: 011_turn_origin"));
    outcome = database.run({"migrate", "--check"});
    CHECK(outcome.code == 0);
    CHECK(count_lines(outcome.output, "pending") == 0);
    outcome = database.run({"migrate"});
    CHECK(outcome.code == 0);
    CHECK(count_lines(outcome.output, "applied") == 0);

    database.query("UPDATE schema_version SET checksum = 'other' WHERE version = 10");
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"migrate"}, std::vector<std::string>{"migrate", "--check"}}) {
        outcome = database.run(arguments);
        CHECK(outcome.code == 1);
        CHECK_THAT(outcome.output, test::contains("010_baseline"));
    }
}

TEST_CASE("check database has one line for each step that is right", "[commands][postgres]") {
    const Database database(shared_server());
    database.migrate();
    const auto outcome = database.run({"check", "database"});
    CHECK(outcome.code == 0);
    for (const char* part :
         {"Credential", "Address", "Connection", "Login", "TLS: TLSv1.", "Version: PostgreSQL", "Privileges",
          "Migrations: version", "Columns and indexes", "Statements", "Room", "Dead letters"})
        CHECK(count_lines(outcome.output, std::string("ok       database      ") + part) == 1);
    CHECK(count_lines(outcome.output, "FAILED") == 0);
    CHECK(count_lines(outcome.output, "") == count_lines(outcome.output, "ok       "));
}

TEST_CASE("check database says what is wrong in the schema, and how to mend it", "[commands][postgres]") {
    const Database database(shared_server());
    const auto check = [&](const std::map<std::string, std::string>& changes = {}) {
        return database.run({"check", "database"}, changes);
    };
    database.migrate();
    database.query("DROP INDEX idx_steps_thread_id");
    check_failure(check(), "idx_steps_thread_id", "CREATE INDEX");
    database.query("CREATE INDEX idx_steps_thread_id ON steps (\"threadId\", \"createdAt\")");
    database.query("ALTER TABLE steps DROP COLUMN \"autoCollapse\"");
    check_failure(check(), "autoCollapse", "ADD COLUMN \"autoCollapse\" boolean");
    database.query("ALTER TABLE steps ADD COLUMN \"autoCollapse\" boolean");
    CHECK(check().code == 0);

    const std::string role = std::string("\"") + kRole + "\"";
    database.query("ALTER TABLE steps OWNER TO postgres");
    check_failure(check(), "genie_app.steps",
                  "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE genie_app.steps TO " + role);
    database.query("ALTER TABLE steps OWNER TO " + role);
    database.query("ALTER FUNCTION required_chat_columns() OWNER TO postgres");
    check_failure(check(), "functions", "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA genie_app TO " + role);
    database.query("ALTER FUNCTION required_chat_columns() OWNER TO " + role);
    database.query("ALTER SCHEMA genie_app OWNER TO postgres; REVOKE ALL ON SCHEMA genie_app FROM " + role);
    check_failure(check(), "schema genie_app", "GRANT USAGE ON SCHEMA genie_app TO " + role);
    database.query("ALTER SCHEMA genie_app OWNER TO " + role);
    CHECK(check().code == 0);

    check_failure(check({{"CHAINLIT_SCHEMA", "elsewhere"}}), "CHAINLIT_SCHEMA", "genie_app");
    database.query("UPDATE schema_version SET checksum = 'other' WHERE version = 10");
    check_failure(check(), "010_baseline", "version");
}

TEST_CASE("check database says why nobody gets in", "[commands][postgres]") {
    const Database database(shared_server());
    const auto check = [&](const std::map<std::string, std::string>& changes) {
        return database.run({"check", "database"}, changes);
    };
    check_failure(check({{"PGPASSWORD", "wrong one"}}), "password authentication failed", "PGPASSWORD");
    check_failure(check({{"PGUSER", "nobody"}}), "Login", "PGUSER");
    check_failure(check({{"PGDATABASE", "nowhere"}}), "nowhere", "PGDATABASE");
    check_failure(check({{"PGHOST", "nowhere.invalid"}}), "does not resolve", "PGHOST");
    check_failure(check({{"PGSSLROOTCERT", "system"}}), "certificate", "PGSSLROOTCERT");
}

TEST_CASE("check database: a database that the role may not enter", "[commands][postgres]") {
    const Database database(shared_server());
    database.query("REVOKE ALL ON DATABASE " + database.name() + " FROM PUBLIC, \"" + kRole + "\"");
    check_failure(database.run({"check", "database"}), "permission denied for database",
                  "GRANT CONNECT, CREATE ON DATABASE \"" + database.name() + "\" TO \"" + kRole + "\"");
    // It may come in, but make nothing.
    database.query("GRANT CONNECT ON DATABASE " + database.name() + " TO \"" + kRole + "\"");
    check_failure(database.run({"check", "database"}), "may not be created",
                  "GRANT CONNECT, CREATE ON DATABASE " + database.name() + " TO \"" + kRole + "\"");
    const auto outcome = database.run({"migrate"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.output, test::contains("GRANT CONNECT, CREATE ON DATABASE " + database.name()));
}

TEST_CASE("check database: a server without TLS, and a server that is not there", "[commands][postgres]") {
    const std::map<std::string, std::string> without_tls{{"ssl", "off"}};
    PostgresServer server(without_tls);
    server.create_role(kRole, kPassword);
    const Database database(server);
    check_failure(database.run({"check", "database"}, {{"PGSSLMODE", "require"}, {"PGSSLROOTCERT", ""}}), "SSL",
                  "PGSSLMODE");
    server.stop();
    check_failure(database.run({"check", "database"}), "Connection refused", "PGPORT");
    const auto outcome = database.run({"migrate"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.output, test::contains("Connection refused"));
}

TEST_CASE("cleanup deletes what is old, and only that", "[commands][postgres]") {
    const Database database(shared_server());
    database.migrate();
    for (int number = 1; number <= 3; ++number)
        add_conversation(database, number, 200);
    add_conversation(database, 4, 10);
    database.query(
        "UPDATE threads SET \"userId\" = NULL; UPDATE users SET id = overlay(id::text PLACING '5' FROM 15)::uuid WHERE "
        "identifier = 'user3'; UPDATE threads SET \"userId\" = users.id FROM users WHERE identifier = "
        "\"userIdentifier\"");
    const auto threads = [&] { return database.value("SELECT count(*) FROM threads"); };

    auto outcome = database.run({"cleanup", "--older-than", "180 days", "--dry-run"});
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.output, test::contains("would be deleted"));
    CHECK_THAT(outcome.output, test::contains("threads  steps  elements  feedbacks\n3        6      0         0"));
    // The rows of a login stay; the bot's own of number 3 would go with her conversation.
    CHECK_THAT(outcome.output, test::contains("would be deleted, of whom nothing is left:\npeople\n1\n"));
    CHECK(threads() == "4");

    for (const std::string span :
         {"1 hour", "0", "0 days", "-3 days", "soon", "banana", "1 day'; DROP TABLE genie_app.steps; --", ""}) {
        INFO(span);
        outcome = database.run({"cleanup", "--older-than", span});
        CHECK(outcome.code == 2);
        CHECK(count_lines(outcome.output, "") == 1);
        CHECK(count_lines(outcome.output, "genie-slack: --older-than ") == 1);
        CHECK_THAT(outcome.output, test::contains("days, weeks, months or years"));
        CHECK_THAT(outcome.output, test::contains("\"180 days\""));
    }
    for (const std::string span : {"180 days", "300weeks", "1 year 6 months"})
        CHECK(database.run({"cleanup", "--older-than", span, "--dry-run"}).code == 0);
    CHECK(threads() == "4");

    outcome = database.run({"cleanup", "--older-than", "180 days"});
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.output, test::contains("threads  steps  elements  feedbacks\n3        6      0         0"));
    CHECK_THAT(outcome.output, test::contains("deleted, of whom nothing is left:\npeople\n1\n"));
    CHECK(threads() == "1");
    CHECK(database.value("SELECT string_agg(identifier, ' ' ORDER BY identifier) FROM users") == "user1 user2 user4");
    CHECK(database.value("SELECT \"name\" FROM threads WHERE \"userIdentifier\" = 'user4'") == "chat");
    CHECK(database.run({"cleanup"}).code == 2);
}

TEST_CASE("stats and health print tables", "[commands][postgres]") {
    const Database database(shared_server());
    for (const std::string command : {"stats", "health"}) {
        const auto outcome = database.run({command});
        CHECK(outcome.code == 1);
        CHECK_THAT(outcome.output, test::contains("genie-slack migrate"));
    }
    database.migrate();
    add_conversation(database, 1, 0);
    // One that was stopped, and one that failed, in the same conversation.
    database.query(
        "INSERT INTO steps (id, name, type, \"threadId\", \"parentId\", streaming, \"isError\", output, \"createdAt\", "
        "metadata) SELECT overlay(t.id::text PLACING n::text FROM 1)::uuid, 'n', type, t.id, CASE WHEN n % 2 = 1 THEN "
        "overlay(t.id::text PLACING (n - 1)::text FROM 1)::uuid END, false, n > 5, 'x', t.\"createdAt\", meta::jsonb "
        "FROM threads t, (VALUES (4, 'run', '{\"error\": \"stopped\"}'), (5, 'assistant_message', '{\"latency_ms\": "
        "35000}'), (6, 'run', '{\"error\": \"genie_failed\"}'), (7, 'assistant_message', '{\"latency_ms\": 35000}')) "
        "AS ended (n, type, meta)");
    auto outcome = database.run({"stats", "--days", "3"});
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.output, test::contains("  1.50  "));
    CHECK_THAT(outcome.output, test::contains("users  threads  questions  answers  errors  ratings\n"
                                              "1      1        1          1        1       0\n"));
    CHECK(count_lines(outcome.output, "20") == 3);
    CHECK(database.run({"stats", "--days", "31"}).code == 2);

    database.query("DELETE FROM steps WHERE \"isError\"");
    outcome = database.run({"health"});
    CHECK(outcome.code == 0);
    CHECK(count_lines(outcome.output, "level") == 1);
    CHECK(count_lines(outcome.output, "OK") > 3);
    CHECK(count_lines(outcome.output, "CRITICAL") + count_lines(outcome.output, "WARNING") == 0);
    database.query("DROP INDEX idx_threads_user_id");
    outcome = database.run({"health"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.output, test::contains("idx_threads_user_id"));
}

TEST_CASE("a command that is configured wrongly says so with exit code 2", "[commands][postgres]") {
    const Database database(shared_server());
    for (const std::map<std::string, std::string>& changes : {std::map<std::string, std::string>{{"PGHOST", ""}},
                                                              {{"PGPORT", "none"}},
                                                              {{"PGSSLROOTCERT", "/nonexistent"}},
                                                              {{"CHAINLIT_SCHEMA", "a\"b"}},
                                                              {{"PGSSLMODE", "never"}}}) {
        const std::string& variable = changes.begin()->first;
        const auto outcome = database.run({"migrate"}, changes);
        CHECK(outcome.code == 2);
        CHECK_THAT(outcome.output, test::contains(variable));
    }
}

TEST_CASE("with LOG_FORMAT=json a command that fails says so in JSON", "[commands][postgres]") {
    const Database database(shared_server());
    for (const std::map<std::string, std::string>& changes :
         {std::map<std::string, std::string>{{"PGPASSWORD", "wrong one"}}, {{"PGPORT", "none"}}})
        for (const std::vector<std::string>& command : {std::vector<std::string>{"migrate"}, {"stats"}, {"health"}}) {
            auto variables = changes;
            variables["LOG_FORMAT"] = "json";
            const auto outcome = database.run(command, variables);
            CHECK(outcome.code != 0);
            std::istringstream lines(outcome.output);
            int count = 0;
            for (std::string line; std::getline(lines, line); ++count) {
                boost::system::error_code failure;
                INFO(line);
                CHECK(boost::json::parse(line, failure).is_object());
                CHECK_FALSE(failure);
            }
            CHECK(count > 0);
        }
}

}  // namespace commands_test
