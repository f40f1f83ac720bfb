#include "tests/integration/sql/sql_database.hpp"

#include "tests/support/child_process.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace sql_test {

using namespace genie_slack;

std::string source_file(const std::string& path) {
    std::ifstream file(std::string(GENIE_SLACK_SOURCE_DIR) + "/" + path);
    if (!file)
        throw std::runtime_error("no file " + path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<std::string> source_files(const std::string& folder, const std::string& ending) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(std::string(GENIE_SLACK_SOURCE_DIR) + "/" + folder))
        if (entry.path().extension() == ending)
            files.push_back(folder + "/" + entry.path().filename().string());
    std::sort(files.begin(), files.end());
    return files;
}

Database::Database() : name_(test::create_migrated_database()) {}

Database::Database(std::string name) : name_(std::move(name)) {}

Rows Database::query(const std::string& statements) const {
    return query_as(test::kAppRole, statements);
}

std::string Database::value(const std::string& statements) const {
    return query(statements).at(0).at(0);
}

Rows Database::query_as(const std::string& role, const std::string& statements) const {
    return admin("SET ROLE \"" + role + "\"; SET search_path = genie_app; SET TimeZone = 'UTC'; " + statements);
}

Rows Database::admin(const std::string& statements) const {
    return test::shared_postgres().query(name_, statements);
}

std::string Database::error(const std::string& statements) const {
    return error_as(test::kAppRole, statements);
}

std::string Database::error_as(const std::string& role, const std::string& statements) const {
    try {
        query_as(role, statements);
        return "";
    } catch (const std::runtime_error& failure) {
        return failure.what();
    }
}

void Database::add_fixture_functions() const {
    admin(R"sql(
        CREATE SCHEMA fixture;
        GRANT USAGE ON SCHEMA fixture TO PUBLIC;
        CREATE FUNCTION fixture.id(kind text, n int) RETURNS uuid LANGUAGE sql AS
            $$ SELECT (lpad(ascii(kind)::text, 8, '0') || '-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid $$;
        CREATE FUNCTION fixture.iso(ago interval) RETURNS text LANGUAGE sql AS
            $$ SELECT to_char((now() - ago) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;
        -- Noon, so that a second more or less stays on the day.
        CREATE FUNCTION fixture.day(days_ago int, seconds numeric DEFAULT 0) RETURNS text LANGUAGE sql AS
            $$ SELECT to_char((now() AT TIME ZONE 'UTC')::date - days_ago + interval '12 hours'
                              + seconds * interval '1 second', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;
        CREATE FUNCTION fixture.user_(n int, identifier text, metadata jsonb DEFAULT '{}',
                                      created text DEFAULT '2025-01-02T03:04:05.000006Z') RETURNS uuid LANGUAGE sql AS
            $$ INSERT INTO genie_app.users VALUES (fixture.id('user', n), identifier, metadata, created)
               RETURNING "id" $$;
        CREATE FUNCTION fixture.thread(n int, owner int DEFAULT NULL, created text DEFAULT fixture.iso('1 minute'),
                                       metadata jsonb DEFAULT '{}') RETURNS uuid LANGUAGE sql AS
            $$ INSERT INTO genie_app.threads ("id", "createdAt", "name", "userId", "userIdentifier", "metadata")
               VALUES (fixture.id('thread', n), created, 'thread ' || n, fixture.id('user', owner), 'user ' || owner,
                       metadata)
               RETURNING "id" $$;
        CREATE FUNCTION fixture.step(n int, thread int, type text, created text DEFAULT fixture.iso('1 minute'),
                                     is_error boolean DEFAULT false, started text DEFAULT NULL,
                                     ended text DEFAULT NULL, metadata jsonb DEFAULT '{}', parent int DEFAULT NULL,
                                     input text DEFAULT '', output text DEFAULT 'text') RETURNS uuid LANGUAGE sql AS
            $$ INSERT INTO genie_app.steps ("id", "name", "type", "threadId", "parentId", "streaming", "isError", "metadata",
                                            "input", "output", "createdAt", "start", "end")
               VALUES (fixture.id('step', n), type, type, fixture.id('thread', thread), fixture.id('step', parent), false,
                       is_error, metadata, input, output, created, started, ended)
               RETURNING "id" $$;
        CREATE FUNCTION fixture.feedback(n int, thread int, step int, value int, comment text DEFAULT NULL)
            RETURNS uuid LANGUAGE sql AS
            $$ INSERT INTO genie_app.feedbacks VALUES (fixture.id('feedback', n), fixture.id('step', step),
                                                       fixture.id('thread', thread), value, comment)
               RETURNING "id" $$;
        CREATE FUNCTION fixture.element(n int, thread int, type text) RETURNS uuid LANGUAGE sql AS
            $$ INSERT INTO genie_app.elements ("id", "threadId", "type", "name")
               VALUES (fixture.id('element', n), fixture.id('thread', thread), type, 'element')
               RETURNING "id" $$;
        CREATE FUNCTION fixture.turn(n int, thread int, state text, received timestamptz DEFAULT now(),
                                     lease_until timestamptz DEFAULT NULL) RETURNS text LANGUAGE sql AS
            $$ INSERT INTO genie_app.turns (id, team_id, channel_id, thread_ts, question_ts, chat_thread_id, user_id,
                   channel_type, question, state, space_id, space_name, conversation_id, message_id, progress_ts, failure,
                   received_at, finished_at, lease_token, lease_until, accept_key)
               VALUES ('turn ' || n, 'T1', 'C1', thread || '.0', n || '.1', fixture.id('thread', thread), 'U1', 'channel',
                       'question', state, '', '', '', '', '', '', received,
                       CASE WHEN state IN ('delivered', 'failed') THEN received END,
                       CASE WHEN lease_until IS NOT NULL THEN n END, lease_until, 'key ' || n)
               RETURNING id $$;
    )sql");
}

PsqlResult run_psql(const Database& database, const std::string& script, const std::vector<std::string>& variables,
                    const std::string& role) {
    const test::PostgresServer& server = test::shared_postgres();
    std::vector<std::string> arguments{"--no-psqlrc", "--file", std::string(GENIE_SLACK_SOURCE_DIR) + "/" + script};
    for (const std::string& variable : variables)
        arguments.insert(arguments.end(), {"-v", variable});
    test::ChildProcess psql("/usr/bin/psql", arguments,
                            {{"PGHOST", "127.0.0.1"},
                             {"PGPORT", std::to_string(server.port())},
                             {"PGUSER", role},
                             {"PGPASSWORD", test::kAppPassword},
                             {"PGDATABASE", database.name()},
                             {"PGSSLMODE", "require"}});
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    PsqlResult result;
    while (std::chrono::steady_clock::now() < deadline) {
        if (const auto code = psql.exit_code()) {
            result.exit_code = *code;
            break;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    result.output = psql.output();
    return result;
}

void create_login(const Database& database, const std::string& role) {
    test::shared_postgres().create_role(role, test::kAppPassword);
    database.admin("GRANT CONNECT ON DATABASE \"" + database.name() + "\" TO \"" + role + "\"");
}

}  // namespace sql_test
