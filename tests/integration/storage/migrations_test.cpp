#include "storage/lakebase/migrations.hpp"
#include "storage/lakebase/repeatables.hpp"

#include "tests/catch.hpp"
#include "tests/support/lakebase_harness.hpp"
#include "tests/support/storage_session.hpp"

#include <barrier>
#include <set>
#include <thread>

namespace migrations_test {

using namespace genie_slack;
using namespace genie_slack::storage;
using namespace std::chrono_literals;
using lakebase::MigrationError;
using lakebase::SchemaState;
using lakebase::Session;

using test::create_empty_database;
using test::kAppPassword;
using test::kAppRole;
using test::LakebaseHarness;
using test::make_thread;
using test::make_turn;
using test::PostgresServer;
using test::shared_postgres;
using test::StorageSession;

const std::set<std::string> kChatTables{"users", "threads", "steps", "elements", "feedbacks"};

DatabaseSettings settings_of(const std::string& database) {
    return test::database_settings(shared_postgres(), database);
}

Login password(const std::string& text = kAppPassword) {
    Login login;
    login.password = Secret(text);
    return login;
}

std::vector<std::string> migrate(const DatabaseSettings& settings) {
    Session session(settings, password());
    return lakebase::migrate(session, settings);
}

SchemaState state_of(const DatabaseSettings& settings) {
    Session session(settings, password());
    return lakebase::schema_state(session, settings);
}

// What a migration says that cannot be done; "" when it can.
std::string refusal_of_migrate(const DatabaseSettings& settings) {
    try {
        migrate(settings);
        return "";
    } catch (const MigrationError& error) {
        return error.what();
    }
}

// The statement that a refusal names.
std::string statement_in(const std::string& refusal) {
    const std::string start = "administrator: ";
    const std::size_t at = refusal.find(start);
    return at == std::string::npos ? "" : refusal.substr(at + start.size());
}

// Runs what each refusal names as superuser and tries again; the statements, or a failing test when one does not help.
std::vector<std::string> migrate_with_help(const DatabaseSettings& settings) {
    std::vector<std::string> statements;
    for (std::string refusal = refusal_of_migrate(settings); !refusal.empty(); refusal = refusal_of_migrate(settings)) {
        INFO(refusal);
        const std::string statement = statement_in(refusal);
        REQUIRE_FALSE(statement.empty());
        REQUIRE((statements.empty() || statements.back() != statement));
        REQUIRE(statements.size() < 10);
        shared_postgres().query(settings.database, statement);
        statements.push_back(statement);
    }
    return statements;
}

std::set<std::string> tables(const std::string& database, const std::string& schema) {
    std::set<std::string> names;
    for (const auto& row : shared_postgres().query(
             database, "SELECT tablename FROM pg_tables WHERE schemaname = " + lakebase::quote_text(schema)))
        names.insert(row.at(0));
    return names;
}

StorageResult<void> start(LakebaseHarness& harness) {
    return StorageSession(harness).ask(harness.storage().start(Deadline::after(60s)));
}

// The statements of the older bot's documentation.
constexpr const char* kOlderBot = R"sql(
    CREATE SCHEMA IF NOT EXISTS genie_app;
    CREATE TABLE genie_app.conversation_tracker (
        thread_ts VARCHAR PRIMARY KEY,
        conversation_id VARCHAR,
        genie_room_id VARCHAR NOT NULL,
        genie_room_name VARCHAR NOT NULL,
        created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
        updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
    );
    CREATE TABLE genie_app.message_tracker (
        slack_message_ts VARCHAR, slack_channel_id VARCHAR, space_id VARCHAR, conversation_id VARCHAR,
        message_id VARCHAR, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
        PRIMARY KEY (slack_message_ts, slack_channel_id)
    );
    INSERT INTO genie_app.conversation_tracker VALUES
        ('100.000001', 'conv-known', 'room-1', 'Sales', '2026-01-02 03:04:05.678901', '2026-01-02 04:00:00'),
        ('100.000002', 'conv-unknown', 'room-2', 'It''s "quoted"', now(), now()),
        ('100.000003', NULL, 'room-3', 'Never asked', now(), now()),
        ('100.000004', 'conv-shared', 'room-4', 'In two channels', now(), now());
    INSERT INTO genie_app.message_tracker (slack_message_ts, slack_channel_id, conversation_id) VALUES
        ('100.000101', 'C1', 'conv-known'), ('100.000102', 'C1', 'conv-known'),
        ('100.000401', 'C1', 'conv-shared'), ('100.000402', 'C2', 'conv-shared');
)sql";

TEST_CASE("an empty database gets the whole schema once", "[migrations][postgres]") {
    const DatabaseSettings settings = settings_of(create_empty_database());
    const SchemaState before = state_of(settings);
    CHECK(before.version == 0);
    CHECK(before.pending.size() == lakebase::known_migrations().size() + lakebase::known_repeatables().size());
    // Looking changes nothing.
    CHECK(tables(settings.database, "genie_app").empty());

    const auto applied = migrate(settings);
    CHECK(applied == before.pending);
    CHECK(applied.front() == "010_baseline");
    CHECK(state_of(settings).pending.empty());
    CHECK(state_of(settings).version == lakebase::known_migrations().back().version);
    const std::string history =
        "SELECT version, name, length(checksum), applied_by, xmin FROM genie_app.schema_version ORDER BY 1";
    const auto rows = shared_postgres().query(settings.database, history);
    REQUIRE(rows.size() == lakebase::known_migrations().size());
    CHECK(rows[0][1] == "baseline");
    CHECK(rows[0][2] == "64");
    CHECK(rows[0][3] == kAppRole);
    const auto names = tables(settings.database, "genie_app");
    for (const std::string& table : kChatTables)
        CHECK(names.count(table) == 1);

    CHECK(migrate(settings).empty());
    CHECK(shared_postgres().query(settings.database, history) == rows);
}

TEST_CASE("four processes that start at the same moment on an empty database all come up", "[migrations][postgres]") {
    constexpr std::size_t kProcesses = 4;
    for (int round = 0; round < 3; ++round) {
        const std::string database = create_empty_database();
        std::vector<std::string> outcomes(kProcesses);
        std::barrier ready(kProcesses);
        {
            std::vector<std::jthread> processes;
            for (std::size_t i = 0; i < kProcesses; ++i)
                processes.emplace_back([&, i] {
                    try {
                        LakebaseHarness harness(test::lakebase_options(shared_postgres(), database));
                        ready.arrive_and_wait();
                        const auto started = start(harness);
                        const Turn turn = make_turn(make_thread("C" + std::to_string(i)), "101.000001");
                        if (!started)
                            outcomes[i] = started.error().message;
                        else if (StorageSession(harness).accept(turn).first)
                            outcomes[i] = "works";
                    } catch (const std::exception& error) {
                        outcomes[i] = error.what();
                    }
                });
        }
        CHECK(outcomes == std::vector<std::string>(kProcesses, "works"));
        CHECK(shared_postgres().value(database, "SELECT count(*) FROM genie_app.turns") == "4");
        CHECK(shared_postgres().value(database, "SELECT count(*) FROM genie_app.schema_version") ==
              std::to_string(lakebase::known_migrations().size()));
    }
}

TEST_CASE("nothing is created in public and nothing is granted to everybody", "[migrations][postgres]") {
    for (const std::string schema : {"genie_app", "web_chat"}) {
        DatabaseSettings settings = settings_of(create_empty_database());
        settings.chat_schema = schema;
        migrate(settings);
        INFO(schema);
        const auto rows = [&](const std::string& query) { return shared_postgres().query(settings.database, query); };
        CHECK(rows("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace UNION ALL "
                   "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace UNION ALL "
                   "SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace")
                  .empty());
        const std::string ours = " IN (SELECT oid FROM pg_namespace WHERE nspname IN ('genie_app', 'web_chat')) ";
        CHECK(rows("SELECT p.oid::regprocedure FROM pg_proc p, aclexplode(coalesce(proacl, acldefault('f', proowner))) "
                   "WHERE grantee = 0 AND pronamespace" +
                   ours) == PostgresServer::Rows());
        CHECK(rows("SELECT c.oid::regclass FROM pg_class c, aclexplode(coalesce(relacl, acldefault(CASE relkind WHEN "
                   "'S' THEN 's'::\"char\" ELSE 'r' END, relowner))) WHERE grantee = 0 AND relnamespace" +
                   ours) == PostgresServer::Rows());
        CHECK(rows("SELECT nspname FROM pg_namespace n, aclexplode(coalesce(nspacl, acldefault('n', nspowner))) "
                   "WHERE grantee = 0 AND n.oid" +
                   ours) == PostgresServer::Rows());
    }
}

TEST_CASE("CHAINLIT_SCHEMA says where the chat tables are", "[migrations][postgres]") {
    const std::string database = create_empty_database();
    LakebaseOptions options = test::lakebase_options(shared_postgres(), database);
    options.database.chat_schema = "web_chat";
    {
        LakebaseHarness harness(options);
        const auto started = start(harness);
        INFO((started ? "" : started.error().message));
        REQUIRE(started);
        StorageSession session(harness);
        const Turn turn = make_turn(make_thread(), "101.000001");
        CHECK(session.accept(turn).first);
        session.deliver(turn.id);
        Feedback feedback;
        feedback.id = feedback_id(turn.id, "U1");
        feedback.for_id = step_id(turn.id, "user_message");
        feedback.thread_id = thread_id(turn.thread);
        session.set_feedback(feedback);
        CHECK(session.get_steps(thread_id(turn.thread)).size() == 1);
        CHECK(session.get_feedbacks(thread_id(turn.thread)).size() == 1);
    }
    CHECK(tables(database, "web_chat") == kChatTables);
    for (const std::string& table : kChatTables)
        CHECK(tables(database, "genie_app").count(table) == 0);
    CHECK(tables(database, "genie_app").count("turns") == 1);
    CHECK(shared_postgres().value(database, "SELECT output FROM web_chat.steps") ==
          "How many orders came in 101.000001?");
    CHECK(shared_postgres().value(database, "SELECT total_steps FROM web_chat.chat_summary_view") == "1");

    // Another value afterwards would look for the chats where they are not.
    for (const std::string other : {"genie_app", "elsewhere"}) {
        options.database.chat_schema = other;
        LakebaseHarness harness(options);
        const auto started = start(harness);
        REQUIRE(started.has_error());
        CHECK_THAT(started.error().message, test::contains("CHAINLIT_SCHEMA is " + other));
        CHECK_THAT(started.error().message, test::contains("web_chat"));
    }
    // The mistake leaves nothing behind.
    CHECK(shared_postgres().query(database, "SELECT FROM pg_namespace WHERE nspname = 'elsewhere'").empty());
    // Not even when there are tables of those names.
    shared_postgres().query(database, "CREATE SCHEMA elsewhere; CREATE TABLE elsewhere.steps (id uuid)");
    CHECK_THAT(refusal_of_migrate(options.database), test::contains("web_chat"));
}

TEST_CASE("a migration that was applied with another content stops the start", "[migrations][postgres]") {
    LakebaseHarness harness;
    const DatabaseSettings settings = settings_of(harness.database());
    shared_postgres().query(settings.database,
                            "UPDATE genie_app.schema_version SET checksum = repeat('ab', 32) WHERE version = 11");
    const std::string refusal = refusal_of_migrate(settings);
    for (const std::string part :
         {"011_turn_origin.sql", "another content", "abababababab", "UPDATE genie_app.schema_version SET checksum"})
        CHECK_THAT(refusal, test::contains(part));
    CHECK_THROWS_AS(state_of(settings), MigrationError);
    const auto started = start(harness);
    REQUIRE(started.has_error());
    CHECK_THAT(started.error().message, test::contains("011_turn_origin.sql"));
}

TEST_CASE("a database that a newer program migrated is used as it is", "[migrations][postgres]") {
    LakebaseHarness harness;
    const DatabaseSettings settings = settings_of(harness.database());
    shared_postgres().query(
        settings.database,
        "INSERT INTO genie_app.schema_version (version, name, checksum) VALUES (999, 'future', 'x')");
    CHECK(migrate(settings).empty());
    CHECK(state_of(settings).is_newer);
    CHECK(state_of(settings).version == 999);
    LakebaseHarness older(test::lakebase_options(shared_postgres(), settings.database));
    REQUIRE(start(older));
    CHECK(StorageSession(older).accept(make_turn(make_thread(), "101.000001")).first);
}

TEST_CASE("a role that may not create a schema is told the statement, and it helps", "[migrations][postgres]") {
    const DatabaseSettings settings = settings_of(create_empty_database());
    shared_postgres().query(settings.database,
                            "REVOKE CREATE ON DATABASE " + settings.database + " FROM \"" + kAppRole + "\"");
    const std::string refusal = refusal_of_migrate(settings);
    CHECK_THAT(refusal, test::contains("genie_app is missing and may not be created"));
    CHECK(migrate_with_help(settings) == std::vector<std::string>{"GRANT CONNECT, CREATE ON DATABASE " +
                                                                  settings.database + " TO \"" + kAppRole + "\";"});
    CHECK(state_of(settings).pending.empty());
}

TEST_CASE("a schema of somebody else is told with the statement, and it helps", "[migrations][postgres]") {
    const std::string grant = "GRANT USAGE, CREATE ON SCHEMA genie_app TO \"" + std::string(kAppRole) + "\";";
    for (const std::string granted : {"", "GRANT USAGE ON SCHEMA genie_app TO "}) {
        INFO(granted);
        const DatabaseSettings settings = settings_of(create_empty_database());
        shared_postgres().query(settings.database, "CREATE SCHEMA genie_app");
        if (!granted.empty())
            shared_postgres().query(settings.database, granted + lakebase::quote_name(kAppRole));
        CHECK(migrate_with_help(settings) == std::vector<std::string>{grant});
    }
}

TEST_CASE("tables that somebody else left are told with the statements, and they help", "[migrations][postgres]") {
    const DatabaseSettings settings = settings_of(create_empty_database());
    shared_postgres().query(settings.database, kOlderBot);
    const auto statements = migrate_with_help(settings);
    for (const std::string& statement : statements)
        UNSCOPED_INFO(statement);
    REQUIRE_FALSE(statements.empty());
    CHECK(statements.size() <= 2);
    CHECK(state_of(settings).pending.empty());
    CHECK(shared_postgres().value(settings.database,
                                  "SELECT channel_id FROM genie_app.conversation_tracker WHERE conversation_id = "
                                  "'conv-known'") == "C1");
}

TEST_CASE("a whole schema that was given to somebody else is told with the statements, and they help",
          "[migrations][postgres]") {
    // What Databricks does with an app's objects when its database resource is removed.
    LakebaseHarness harness;
    const DatabaseSettings settings = settings_of(harness.database());
    shared_postgres().query(settings.database, "CREATE ROLE remover_of_" + settings.database);
    shared_postgres().query(settings.database,
                            "REASSIGN OWNED BY \"" + std::string(kAppRole) + "\" TO remover_of_" + settings.database);
    const auto statements = migrate_with_help(settings);
    for (const std::string& statement : statements)
        UNSCOPED_INFO(statement);
    REQUIRE_FALSE(statements.empty());
    CHECK(statements.size() <= 2);
    LakebaseHarness again(test::lakebase_options(shared_postgres(), settings.database));
    REQUIRE(start(again));
    StorageSession session(again);
    const Turn turn = make_turn(make_thread(), "101.000001");
    CHECK(session.accept(turn).first);
    session.deliver(turn.id);
    session.set_conversation(turn.thread, "room", "Room");
    shared_postgres().query("postgres", "REASSIGN OWNED BY remover_of_" + settings.database + " TO postgres");
}

TEST_CASE("the older bot's conversations go on where they were", "[migrations][postgres]") {
    const std::string database = create_empty_database();
    shared_postgres().query(database, "SET ROLE \"" + std::string(kAppRole) + "\"; " + kOlderBot);
    LakebaseHarness harness(test::lakebase_options(shared_postgres(), database));
    const auto started = start(harness);
    INFO((started ? "" : started.error().message));
    REQUIRE(started);
    StorageSession session(harness);

    // The channel is known: no other one sees the row, before and after.
    CHECK_FALSE(session.get_conversation(make_thread("C2", "100.000001")));
    CHECK_FALSE(session.is_served(make_thread("C2", "100.000001")));
    CHECK(session.is_served(make_thread("C1", "100.000001")));
    const auto known = session.get_conversation(make_thread("C1", "100.000001"));
    REQUIRE(known);
    CHECK(known->conversation_id == "conv-known");
    CHECK(known->genie_room_id == "room-1");
    CHECK(known->genie_room_name == "Sales");
    CHECK(format_utc(known->created_at) == "2026-01-02T03:04:05.678901Z");
    CHECK(session.update_conversation_id(make_thread("C1", "100.000001"), "conv-next"));
    CHECK(session.get_conversation(make_thread("C1", "100.000001"))->conversation_id == "conv-next");
    CHECK_FALSE(session.get_conversation(make_thread("C2", "100.000001")));
    CHECK_FALSE(session.get_conversation(make_thread("C1", "100.000001", "T2")));

    // The channel is not known: who comes first takes it.
    CHECK(session.is_served(make_thread("C7", "100.000002")));
    CHECK(session.update_conversation_id(make_thread("C7", "100.000002"), "conv-later"));
    CHECK_FALSE(session.is_served(make_thread("C8", "100.000002")));
    CHECK_FALSE(session.get_conversation(make_thread("C8", "100.000002")));
    CHECK_FALSE(session.update_conversation_id(make_thread("C8", "100.000002"), "conv-stolen"));
    CHECK(session.get_conversation(make_thread("C7", "100.000002"))->conversation_id == "conv-later");
    CHECK(session.get_conversation(make_thread("C7", "100.000002"))->genie_room_name == "It's \"quoted\"");

    CHECK(session.get_conversation(make_thread("C1", "100.000003"))->conversation_id.empty());
    // Another room in the same thread begins anew.
    session.set_conversation(make_thread("C1", "100.000004"), "room-5", "Another");
    CHECK(session.get_conversation(make_thread("C1", "100.000004"))->conversation_id.empty());
    CHECK_FALSE(session.get_conversation(make_thread("C2", "100.000004")));

    // The older bot may still be running, and write by its own key.
    shared_postgres().query(database,
                            "INSERT INTO genie_app.conversation_tracker (thread_ts, genie_room_id, genie_room_name) "
                            "VALUES ('100.000009', 'room-9', 'Late')");
    CHECK(session.get_conversation(make_thread("C1", "100.000009"))->genie_room_name == "Late");
    shared_postgres().query(
        database,
        "INSERT INTO genie_app.conversation_tracker (thread_ts, channel_id, genie_room_id, "
        "genie_room_name, conversation_id) VALUES ('100.000010', 'C1', 'room-10', 'Mine', 'conv-mine'), "
        "('100.000010', '', 'room-10', 'Anybody', 'conv-any')");
    CHECK(session.get_conversation(make_thread("C1", "100.000010"))->genie_room_name == "Mine");
    CHECK(session.get_conversation(make_thread("C2", "100.000010"))->genie_room_name == "Anybody");
    CHECK(shared_postgres().value(database, "SELECT count(*) FROM genie_app.conversation_tracker") == "7");
    CHECK(shared_postgres().value(database, "SELECT count(*) FROM genie_app.message_tracker") == "4");
}

TEST_CASE("an existing Chainlit installation of another role is extended", "[migrations][postgres]") {
    // The documented tables, without what newer versions of Chainlit write.
    const std::string tables_of_chainlit = R"sql(
        CREATE TABLE users ("id" UUID PRIMARY KEY, "identifier" TEXT NOT NULL UNIQUE, "metadata" JSONB NOT NULL,
            "createdAt" TEXT);
        CREATE TABLE threads ("id" UUID PRIMARY KEY, "createdAt" TEXT, "name" TEXT, "userId" UUID, "userIdentifier" TEXT,
            "tags" TEXT[], "metadata" JSONB, FOREIGN KEY ("userId") REFERENCES users("id") ON DELETE CASCADE);
        CREATE TABLE steps ("id" UUID PRIMARY KEY, "name" TEXT NOT NULL, "type" TEXT NOT NULL, "threadId" UUID NOT NULL,
            "parentId" UUID, "streaming" BOOLEAN NOT NULL, "waitForAnswer" BOOLEAN, "isError" BOOLEAN, "metadata" JSONB,
            "tags" TEXT[], "input" TEXT, "output" TEXT, "createdAt" TEXT, "command" TEXT, "start" TEXT, "end" TEXT,
            "generation" JSONB, "showInput" TEXT, "language" TEXT, "indent" INT, "defaultOpen" BOOLEAN,
            FOREIGN KEY ("threadId") REFERENCES threads("id") ON DELETE CASCADE);
        CREATE TABLE elements ("id" UUID PRIMARY KEY, "threadId" UUID, "type" TEXT, "url" TEXT, "chainlitKey" TEXT,
            "name" TEXT NOT NULL, "display" TEXT, "objectKey" TEXT, "size" TEXT, "page" INT, "language" TEXT,
            "forId" UUID, "mime" TEXT, "props" JSONB,
            FOREIGN KEY ("threadId") REFERENCES threads("id") ON DELETE CASCADE);
        CREATE TABLE feedbacks ("id" UUID PRIMARY KEY, "forId" UUID NOT NULL, "threadId" UUID NOT NULL,
            "value" INT NOT NULL, "comment" TEXT,
            FOREIGN KEY ("threadId") REFERENCES threads("id") ON DELETE CASCADE);
        INSERT INTO users VALUES ('00000000-0000-4000-8000-000000000001', 'ann@example.com', '{"role": "admin"}',
            '2026-01-01T00:00:00.000001Z');
        INSERT INTO threads ("id", "createdAt", "name", "userId", "userIdentifier") VALUES
            ('00000000-0000-4000-8000-000000000002', '2026-01-01T00:00:00.000002Z', 'Old chat',
             '00000000-0000-4000-8000-000000000001', 'ann@example.com');
        INSERT INTO steps ("id", "name", "type", "threadId", "streaming", "output", "createdAt") VALUES
            ('00000000-0000-4000-8000-000000000003', 'Ann', 'user_message', '00000000-0000-4000-8000-000000000002', false,
             'hello', '2026-01-01T00:00:00.000003Z');
    )sql";
    for (const std::string schema : {"public", "genie_app"}) {
        INFO(schema);
        const std::string database = create_empty_database();
        const std::string owner = "owner_of_" + database;
        shared_postgres().query(database, "CREATE ROLE " + owner + "; CREATE SCHEMA IF NOT EXISTS " + schema +
                                              "; GRANT USAGE, CREATE ON SCHEMA " + schema + " TO " + owner +
                                              "; SET ROLE " + owner + "; SET search_path = " + schema + "; " +
                                              tables_of_chainlit);
        LakebaseOptions options = test::lakebase_options(shared_postgres(), database);
        options.database.chat_schema = schema;
        const auto statements = migrate_with_help(options.database);
        for (const std::string& statement : statements)
            UNSCOPED_INFO(statement);
        CHECK_FALSE(statements.empty());
        CHECK(statements.size() <= 3);

        LakebaseHarness harness(options);
        const auto started = start(harness);
        INFO((started ? "" : started.error().message));
        REQUIRE(started);
        CHECK(StorageSession(harness).accept(make_turn(make_thread(), "101.000001")).first);
        CHECK(shared_postgres().value(database, "SELECT output FROM " + schema +
                                                    ".steps WHERE \"autoCollapse\" IS NULL AND \"modes\" IS NULL") ==
              "hello");
        CHECK(shared_postgres().value(database, "SELECT count(*) FROM " + schema + ".steps") == "2");
        CHECK(shared_postgres().value(database, "SELECT metadata->>'role' FROM " + schema +
                                                    ".users WHERE identifier = 'ann@example.com'") == "admin");
        // Its owner still writes.
        shared_postgres().query(database, "SET ROLE " + owner + "; UPDATE " + schema +
                                              ".steps SET output = 'again' WHERE output = 'hello'");
    }
}

TEST_CASE("logins with names and passwords full of what is special work", "[storage][postgres]") {
    struct Account {
        const char* role;
        const char* password;
        const char* database;
    };
    const Account accounts[] = {
        {"two words", "a b  c ", "data base"},
        {"it's", "'; DROP ' x='y' \\' \\\\", "quote'd"},
        {"back\\slash", "\\", "back\\slash\\"},
        {"a=b", "k=v host=evil.example.com", "user=postgres"},
        {"dou\"ble", "\"\"", "\"db\""},
        {"per%cent:@/", "p%20:@/?#&", "postgres://x"},
        {"gr\u00fc\u00df", "p\u00e4ssw\u00f6rd \U0001F600", "\u00fcber"},
    };
    PostgresServer& server = shared_postgres();
    for (const Account& account : accounts) {
        INFO(account.role);
        server.create_role(account.role, account.password);
        server.query("postgres", "CREATE DATABASE " + lakebase::quote_name(account.database) + " OWNER " +
                                     lakebase::quote_name(account.role));
        DatabaseSettings settings = settings_of(account.database);
        settings.user = account.role;
        settings.application_name = "it's \\ \"my\" app = x";
        Session session(settings, password(account.password));
        const auto row =
            session.query("SELECT current_user, current_database(), current_setting('application_name')").at(0);
        CHECK(row.at(0) == account.role);
        CHECK(row.at(1) == account.database);
        CHECK(row.at(2) == settings.application_name);
        CHECK_FALSE(session.tls_version().empty());
        // A wrong one is refused, and not shown.
        try {
            Session refused(settings, password(std::string(account.password) + "wrong!"));
            FAIL("a wrong password was taken");
        } catch (const lakebase::SqlError& error) {
            CHECK(error.fault() == lakebase::SqlFault::login_refused);
            CHECK(std::string(error.what()).find("wrong!") == std::string::npos);
        }
    }
}

}  // namespace migrations_test
