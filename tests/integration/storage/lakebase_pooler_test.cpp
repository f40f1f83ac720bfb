// Behind a real PgBouncer in transaction mode: each transaction may get another server process.
#include "storage/lakebase/doctor.hpp"
#include "storage/lakebase/migrations.hpp"
#include "storage/lakebase/session.hpp"

#include "tests/catch.hpp"
#include "tests/support/lakebase_harness.hpp"
#include "tests/support/postgres_pooler.hpp"
#include "tests/support/storage_session.hpp"

#include <algorithm>

namespace lakebase_pooler_test {

using namespace genie_slack;
using namespace genie_slack::storage;
using namespace std::chrono_literals;

using test::kAppPassword;
using test::kAppRole;
using test::LakebaseHarness;
using test::make_thread;
using test::make_turn;
using test::shared_postgres;
using test::StorageSession;

constexpr int kServerConnections = 2;

const test::PostgresPooler& shared_pooler() {
    static const test::PostgresPooler pooler(shared_postgres(), kAppRole, kAppPassword, kServerConnections);
    return pooler;
}

LakebaseOptions options_of(const std::string& database) {
    LakebaseOptions options = test::lakebase_options(shared_postgres(), database);
    options.database.port = shared_pooler().port();
    options.database.sslrootcert = shared_pooler().ca_file();
    return options;
}

Login password() {
    Login login;
    login.password = Secret(kAppPassword);
    return login;
}

std::unique_ptr<LakebaseHarness> start(const LakebaseOptions& options) {
    auto harness = std::make_unique<LakebaseHarness>(options);
    const auto started = StorageSession(*harness).ask(harness->storage().start(Deadline::after(60s)));
    if (!started)
        throw std::runtime_error(started.error().message);
    return harness;
}

std::unique_ptr<test::StorageHarness> make_pooled() {
    return start(options_of(test::create_migrated_database()));
}

// What a client that shares the server's processes finds set in each of them.
std::vector<std::string> settings_seen(const DatabaseSettings& settings) {
    std::vector<std::unique_ptr<lakebase::Session>> clients;
    std::vector<std::string> seen;
    for (int i = 0; i < kServerConnections; ++i) {
        clients.push_back(std::make_unique<lakebase::Session>(settings, password()));
        // An open transaction keeps its process.
        clients.back()->query("BEGIN");
        std::string all;
        for (const auto& row : clients.back()->query(
                 "SELECT name || '=' || setting FROM pg_settings WHERE name IN ('search_path', 'enable_seqscan', "
                 "'jit', "
                 "'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'TimeZone', "
                 "'client_min_messages', 'DateStyle') UNION ALL SELECT 'prepared ' || name FROM pg_prepared_statements "
                 "UNION ALL SELECT 'lock ' || locktype FROM pg_locks WHERE locktype = 'advisory' AND database = "
                 "(SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1"))
            all += row.at(0) + "\n";
        seen.push_back(all);
    }
    for (auto& client : clients)
        client->query("COMMIT");
    return seen;
}

TEST_CASE("through a pooler: accepting and chat rows follow the contract", "[storage][postgres][pooler]") {
    GENIE_SLACK_CHECK_STORAGE_CONTRACT(test::turn_cases(), make_pooled);
    GENIE_SLACK_CHECK_STORAGE_CONTRACT(test::chat_cases(), make_pooled);
}

TEST_CASE("through a pooler: random calls give what a simple model gives", "[storage][postgres][pooler]") {
    const auto harness = make_pooled();
    test::check_against_model(*harness, 7, 300);
}

TEST_CASE("through a pooler nothing appears in public and nothing stays for other clients", "[postgres][pooler]") {
    for (const std::string schema : {"genie_app", "Chat's \"box\" {chat}"}) {
        INFO(schema);
        LakebaseOptions options = options_of(test::create_empty_database());
        options.database.chat_schema = schema;
        const std::vector<std::string> before = settings_seen(options.database);
        {
            const auto harness = start(options);
            StorageSession session(*harness);
            for (int i = 0; i < 20; ++i) {
                const Turn turn = make_turn(make_thread("C" + std::to_string(i)), "101.000001");
                CHECK(session.accept(turn, "Ev" + std::to_string(i)).first);
                session.deliver(turn.id);
                CHECK(session.get_steps(thread_id(turn.thread)).size() == 1);
            }
            CHECK(session.usage().today.questions + session.usage().month.questions < 1000);
            CHECK(settings_seen(options.database) == before);
        }
        const auto rows = [&](const std::string& query) {
            return shared_postgres().query(options.database.database, query);
        };
        CHECK(rows("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace UNION ALL "
                   "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
                  .empty());
        CHECK(rows("SELECT count(*) FROM " + lakebase::quote_name(schema) + ".steps").at(0).at(0) == "20");
        CHECK(rows("SELECT count(*) FROM " + lakebase::quote_name(schema) + ".chat_summary_view").at(0).at(0) == "20");
    }
}

TEST_CASE("a pooler is noticed, a direct host keeps its prepared statements", "[postgres][pooler]") {
    const std::string database = test::create_migrated_database();
    const LakebaseOptions pooled = options_of(database);
    lakebase::Session through(pooled.database, password());
    CHECK(through.is_pooled());
    CHECK(through.call(lakebase::statements::are_served, {"[{}]", "", ""}) == "[false]");
    CHECK(through.query("SELECT FROM pg_prepared_statements").empty());
    const auto findings = lakebase::check_session(through, pooled.database);
    CHECK(std::any_of(findings.begin(), findings.end(),
                      [](const auto& finding) { return finding.is_right && finding.check == "Pooler"; }));

    lakebase::Session direct(test::database_settings(shared_postgres(), database), password());
    CHECK_FALSE(direct.is_pooled());
    for (int i = 0; i < 3; ++i)
        CHECK(direct.call(lakebase::statements::are_served, {"[{}]", "", ""}) == "[false]");
    CHECK(direct.query("SELECT name FROM pg_prepared_statements") == lakebase::Session::Rows{{"are_served"}});
}

}  // namespace lakebase_pooler_test
