// What the log of the running process holds, how much of it, and what never.
#include "tests/e2e/bot/bot_world.hpp"
#include "tests/support/postgres.hpp"

namespace log_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using test::BotWorld;
using test::PostgresServer;

constexpr const char* kDatabase = "bot";
constexpr const char* kPassword = "kept-between-us-4711";

std::map<std::string, std::string> with_database(PostgresServer& server) {
    server.create_role("bot", kPassword);
    server.create_database(kDatabase, "bot");
    return {{"IS_LOCAL", ""},
            {"PGHOST", "127.0.0.1"},
            {"PGPORT", std::to_string(server.port())},
            {"PGUSER", "bot"},
            {"PGPASSWORD", kPassword},
            {"PGDATABASE", kDatabase},
            {"PGSSLMODE", "verify-full"},
            {"PGSSLROOTCERT", server.ca_file()}};
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t times = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++times;
    return times;
}

std::string line_with(const std::string& text, const std::string& part) {
    const std::size_t at = text.find(part);
    return at == std::string::npos ? "" : text.substr(at, text.find('\n', at) - at);
}

// The button of the message whose action_id begins with `prefix`.
boost::json::object button(const sandbox::SlackMessage& message, const std::string& prefix) {
    for (const auto& block : message.blocks) {
        const auto* elements = block.as_object().if_contains("elements");
        if (!elements || !elements->is_array())
            continue;
        for (const auto& one : elements->as_array()) {
            const auto* id = one.is_object() ? one.as_object().if_contains("action_id") : nullptr;
            if (!id || !std::string(id->as_string()).starts_with(prefix))
                continue;
            boost::json::object found = one.as_object();
            if (const auto* block_id = block.as_object().if_contains("block_id"))
                found["block_id"] = *block_id;
            return found;
        }
    }
    FAIL("no element " << prefix);
    return {};
}

TEST_CASE("of equal lines the log has ten, and one that counts the others", "[log]") {
    BotWorld world;
    world.start_connected({{"ALLOWED_USERS", "U0NOBODY00"}});
    for (int i = 0; i < 17; ++i)
        world.slack().slash(world.person(), world.channel(), "/genie", "help");
    REQUIRE(world.wait([&] { return world.slack().acks().size() == 17; }));
    world.bot().signal(SIGTERM);
    REQUIRE(world.wait_for_exit() == 0);
    const std::string output = world.bot().output();
    CHECK(count(output, "visit.refused") == 11);
    CHECK_THAT(output, test::contains("visit.refused what=command why=user repeated=7\n"));
}

TEST_CASE("one id leads from Slack's event over Databricks' request to the refusal of the database", "[log]") {
    PostgresServer server;
    BotWorld world;
    world.start_connected(with_database(server));
    const std::string ts = world.ask("What was revenue by region?");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    // The next answer cannot be recorded.
    server.query(
        kDatabase,
        "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.state = 'answered' THEN "
        "RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END IF; RETURN NEW; END $$;"
        "CREATE TRIGGER full_disk BEFORE UPDATE ON genie_app.turns FOR EACH ROW EXECUTE FUNCTION no_room()");
    world.ask("What was revenue by region?");
    REQUIRE(world.wait([&] { return world.bot().output().find("database.refused") != std::string::npos; }));
    server.query(kDatabase, "DROP FUNCTION no_room CASCADE");
    const std::string output = world.bot().output();
    const std::size_t accepted = output.rfind("question.accepted turn=");
    REQUIRE(accepted != std::string::npos);
    const std::string turn = output.substr(accepted + 18, 41);
    CHECK_THAT(line_with(output, "question.accepted " + turn), test::contains(" event_id=Ev"));
    const std::string asked = line_with(output, "genie.asked " + turn);
    REQUIRE(world.genie().questions().size() == 2);
    CHECK_THAT(asked, test::contains("message=" + world.genie().questions()[1].message_id));
    const std::size_t id = asked.find(" request_id=");
    REQUIRE(id != std::string::npos);
    CHECK(asked.substr(id + 12).find_first_of("0123456789abcdef") == 0);
    const std::string answered = line_with(output, "genie.answered " + turn);
    CHECK_THAT(answered, test::contains("message=" + world.genie().questions()[1].message_id));
    // By the statement the workspace's query history shows the SQL, and the warehouse that ran it.
    const std::size_t statement = answered.find(" statement=01f0");
    REQUIRE(statement != std::string::npos);
    CHECK_THAT(answered, test::contains(" request_id="));
    CHECK_THAT(line_with(output, "database.refused"), test::contains(turn) && test::contains("53100"));
    CHECK_THAT(line_with(output, "turn.storage_failed"), test::contains(turn));
    CHECK(world.wait([&] { return world.bot().output().find("turn.delivered " + turn) != std::string::npos; }));
    const std::string id_of_statement = answered.substr(statement + 11, 36);
    CHECK(world.wait([&] {
        return server
                   .query(kDatabase,
                          "SELECT 1 FROM genie_app.steps WHERE metadata ->> 'statement_id' = '" + id_of_statement + "'")
                   .size() == 1;
    }));
}

TEST_CASE("even for debugging the log holds no secret, and nothing of what is asked and answered", "[log]") {
    PostgresServer server;
    BotWorld world;
    auto variables = with_database(server);
    variables["LOG_LEVEL"] = "debug";
    // Slack says in its refusal what it refused.
    world.slack().faults().refused_blocks = {"data_table", "data_visualization"};
    world.genie().faults().failed_error_text = "[CAST_INVALID_INPUT] The value 'Quokka-Island' cannot be cast.";
    world.start_connected(variables);

    const std::string ts = world.ask("What was revenue by region?");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    const std::string shown = BotWorld::shown(world.answers(world.channel(), ts).back());
    REQUIRE_THAT(shown, test::contains("1,527,428"));
    const auto answer = world.answers(world.channel(), ts).back();
    world.slack().press(world.person(), world.channel(), answer.ts, button(answer, "rate_answer"));

    world.genie().faults().outcomes = {"FAILED"};
    const std::string failed = world.ask("Profit of Quokka-Island by month");
    REQUIRE(world.wait([&] { return world.bot().output().find("turn.failed") != std::string::npos; }));
    // A database that is away, and a person who goes on writing.
    server.kill();
    world.slack().say(world.person(), world.channel(), "and what about Wombat-Valley?", ts);
    REQUIRE(world.wait([&] { return world.bot().output().find("database.unreachable") != std::string::npos; }));
    server.start();
    REQUIRE(world.wait([&] { return world.genie().questions().size() == 3; }, test::patience(60s)));
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    world.bot().signal(SIGTERM);
    REQUIRE(world.wait_for_exit() == 0);

    const std::string output = world.bot().output();
    CHECK_THAT(output, test::contains(" debug "));
    for (const std::string& hidden :
         {world.slack().options().bot_token, world.slack().options().app_token, world.genie().options().token,
          std::string(kPassword), std::string("ticket="), std::string("evenue"), std::string("Quokka"),
          std::string("Wombat"), std::string("1527428"), std::string("1,527,428"), std::string("SELECT"),
          std::string("GROUP BY")}) {
        const std::size_t at = output.find(hidden);
        INFO(hidden << (at == std::string::npos ? "" : " in: " + output.substr(at < 300 ? 0 : at - 300, 600)));
        CHECK(at == std::string::npos);
    }
}

}  // namespace log_test
