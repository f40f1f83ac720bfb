// What the product stores, read and written beside it by the statements of Chainlit's SQLAlchemy data layer
// (storage.md 1.2), re-typed here.
#include "app/relay/record/chat_rows.hpp"
#include "storage/lakebase/session.hpp"
#include "tests/catch.hpp"
#include "tests/support/lakebase_harness.hpp"
#include "tests/support/storage_session.hpp"

#include <boost/json/parse.hpp>

#include <map>
#include <regex>
#include <set>

namespace chainlit_test {

using namespace genie_slack;
using namespace genie_slack::storage;
using namespace std::chrono_literals;

using lakebase::quote_text;
using Rows = test::PostgresServer::Rows;

constexpr const char* kUuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
constexpr const char* kTime = R"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z)";

bool matches(const std::string& text, const char* pattern) {
    return std::regex_match(text, std::regex(pattern));
}

struct ChainlitStep {
    std::string id, name, type, parent, metadata, input, output, created_at, start, end, show_input, language;
    std::string feedback;  // "value/id" of the row that Chainlit joins, or ""
    bool is_error = false;
};

// The web app: every call is a transaction of its own, table names come from search_path.
class Chainlit {
 public:
    explicit Chainlit(std::string database) : database_(std::move(database)) {}

    Rows run(const std::string& statement) const {
        return test::shared_postgres().query(
            database_, "SET ROLE \"" + std::string(test::kAppRole) + "\"; SET search_path = genie_app; " + statement);
    }
    std::string value(const std::string& statement) const { return run(statement).at(0).at(0); }

    // The id of the user, "" when there is none.
    std::string get_user(const std::string& identifier) const {
        const auto rows = run("SELECT * FROM users WHERE \"identifier\" = " + quote_text(identifier));
        if (rows.empty())
            return "";
        CHECK(rows.size() == 1);
        CHECK(boost::json::parse(rows[0][2]).is_object());
        CHECK(matches(rows[0][3], kTime));
        return rows[0][0];
    }
    void create_user(const std::string& id, const std::string& identifier) const {
        run("INSERT INTO users (\"id\", \"identifier\", \"createdAt\", \"metadata\") VALUES (" + quote_text(id) + ", " +
            quote_text(identifier) + R"(, '2026-01-01T08:00:00.000000Z', '{"role": "user", "provider": "oauth"}'))");
    }
    // [thread, name, userIdentifier, updated]
    Rows list_threads(const std::string& user) const {
        return run(
            "SELECT t.\"id\" AS thread_id, t.\"name\" AS thread_name, t.\"userIdentifier\" AS user_identifier, "
            "MAX(s.\"createdAt\") AS updatedAt, t.\"createdAt\" AS thread_createdat, t.\"userId\" AS user_id, "
            "t.\"tags\" AS thread_tags, t.\"metadata\" AS thread_metadata "
            "FROM threads t LEFT JOIN steps s ON t.\"id\" = s.\"threadId\" WHERE t.\"userId\" = " +
            quote_text(user) +
            " OR t.\"id\" = NULL GROUP BY t.\"id\", t.\"createdAt\", t.\"name\", t.\"userId\", t.\"userIdentifier\", "
            "t.\"tags\", t.\"metadata\" ORDER BY updatedAt DESC NULLS LAST LIMIT 1000");
    }
    std::string get_thread_author(const std::string& thread) const {
        return value("SELECT \"userIdentifier\" FROM threads WHERE \"id\" = " + quote_text(thread));
    }
    std::vector<ChainlitStep> get_steps(const std::string& thread) const {
        std::vector<ChainlitStep> steps;
        for (const auto& row :
             run("SELECT s.\"id\" AS step_id, s.\"name\" AS step_name, s.\"type\" AS step_type, s.\"threadId\" AS "
                 "step_threadid, s.\"parentId\" AS step_parentid, s.\"streaming\" AS step_streaming, s.\"isError\" AS "
                 "step_iserror, s.\"metadata\" AS step_metadata, s.\"input\" AS step_input, s.\"output\" AS "
                 "step_output, "
                 "s.\"createdAt\" AS step_createdat, s.\"start\" AS step_start, s.\"end\" AS step_end, "
                 "s.\"generation\" "
                 "AS step_generation, s.\"showInput\" AS step_showinput, s.\"language\" AS step_language, f.\"value\" "
                 "AS "
                 "feedback_value, f.\"comment\" AS feedback_comment, f.\"id\" AS feedback_id FROM steps s LEFT JOIN "
                 "feedbacks f ON s.\"id\" = f.\"forId\" WHERE s.\"threadId\" IN ('" +
                 thread + "') ORDER BY s.\"createdAt\" ASC")) {
            ChainlitStep& step = steps.emplace_back();
            step.id = row[0];
            step.name = row[1];
            step.type = row[2];
            CHECK(row[3] == thread);
            step.parent = row[4] == "<null>" ? "" : row[4];
            CHECK(row[5] == "f");
            step.is_error = row[6] == "t";
            step.metadata = row[7];
            step.input = row[8];
            step.output = row[9];
            step.created_at = row[10];
            step.start = row[11];
            step.end = row[12];
            CHECK((row[13] == "<null>" || row[13] == "null"));
            step.show_input = row[14];
            step.language = row[15];
            if (row[16] != "<null>")
                step.feedback = row[16] + "/" + row[18];
        }
        return steps;
    }
    // [id, thread, type, key, url, object key, name, display, size, language, page, step, mime, props]
    Rows get_elements(const std::string& thread) const {
        return run(
            "SELECT e.\"id\" AS element_id, e.\"threadId\" as element_threadid, e.\"type\" AS element_type, "
            "e.\"chainlitKey\" AS element_chainlitkey, e.\"url\" AS element_url, e.\"objectKey\" as "
            "element_objectkey, e.\"name\" AS element_name, e.\"display\" AS element_display, e.\"size\" AS "
            "element_size, e.\"language\" AS element_language, e.\"page\" AS element_page, e.\"forId\" AS "
            "element_forid, e.\"mime\" AS element_mime, e.\"props\" AS props FROM elements e WHERE "
            "e.\"threadId\" IN ('" +
            thread + "')");
    }
    // Four transactions, as its delete_thread.
    void delete_thread(const std::string& thread) const {
        const std::string id = quote_text(thread);
        run("SELECT * FROM elements WHERE \"threadId\" = " + id);
        run("DELETE FROM feedbacks WHERE \"forId\" IN (SELECT \"id\" FROM steps WHERE \"threadId\" = " + id + ")");
        run("DELETE FROM elements WHERE \"threadId\" = " + id);
        run("DELETE FROM steps WHERE \"threadId\" = " + id);
        run("DELETE FROM threads WHERE \"id\" = " + id);
    }

 private:
    std::string database_;
};

relay::Person person(const std::string& name, const std::string& email) {
    relay::Person made;
    made.name = name;
    made.email = email;
    return made;
}

// The product's way with a question, as relay and turn runner go it.
class Bot {
 public:
    explicit Bot(test::LakebaseHarness& harness) : session(harness) {}

    Turn accept(const std::string& ts, const std::optional<relay::Person>& person, const std::string& user = "U1",
                const ThreadKey& thread = test::make_thread()) {
        Turn turn = test::make_turn(thread, ts);
        turn.user = user;
        turn.question = "question " + ts;
        turn.received_at = relay::step_time(turn.received_at + std::chrono::seconds(questions_++));
        CHECK(session.accept(turn, "Ev" + turn.id, relay::question_rows(turn, person)).first);
        return turn;
    }
    void answer(const std::string& turn_id, bool is_error = false) {
        const auto claim = session.claim(turn_id);
        REQUIRE(claim);
        Turn turn = claim->turn;
        turn.state = TurnState::asked;
        turn.space_id = "space-1";
        turn.space_name = "Sales";
        turn.conversation_id = "conv-1";
        turn.message_id = "message-" + turn.thread.team + "-" + turn.thread.channel + "-" + turn.question_ts;
        turn.progress_ts = turn.question_ts + "9";
        turn.asked_at = turn.received_at + 100ms;
        CHECK(session.advance(claim->lease, turn));
        relay::Outcome outcome;
        outcome.is_error = is_error;
        outcome.markdown = is_error ? "Genie failed" : "EMEA leads";
        outcome.error_code = is_error ? "genie_failed" : "";
        outcome.genie_answered_at = turn.received_at + 300ms;
        outcome.finished_at = turn.received_at + 400ms;
        if (!is_error) {
            outcome.query.emplace();
            outcome.query->sql = "SELECT region FROM sales";
            outcome.query->title = "Regions";
            outcome.file = file_;
        }
        turn.state = is_error ? TurnState::failed : TurnState::delivered;
        turn.finished_at = outcome.finished_at;
        CHECK(session.finish(claim->lease, turn, relay::answer_rows(turn, outcome)));
    }
    Turn ask(const std::string& ts, const std::optional<relay::Person>& person, const std::string& user = "U1",
             const ThreadKey& thread = test::make_thread()) {
        const Turn turn = accept(ts, person, user, thread);
        answer(turn.id);
        return turn;
    }
    // What Genie was told before.
    std::optional<int> rate(const Turn& turn, const std::string& user, int value) {
        Feedback feedback;
        feedback.id = feedback_id(turn.id, user);
        feedback.for_id = step_id(turn.id, "run");
        feedback.thread_id = thread_id(turn.thread);
        feedback.value = value;
        return session.set_feedback(feedback);
    }

    // The next answers come with it.
    void share(relay::ResultFile file) { file_ = std::move(file); }

    test::StorageSession session;

 private:
    int questions_ = 0;
    std::optional<relay::ResultFile> file_;
};

struct World {
    test::LakebaseHarness harness;
    Bot bot{harness};
    Chainlit web{harness.database()};
    const std::string thread = thread_id(test::make_thread());
};

TEST_CASE("a conversation from Slack opens in Chainlit as it was", "[chainlit][postgres]") {
    World world;
    const Turn first = world.bot.ask("101.000001", person("Ann", "ann@example.com"));
    const Turn second = world.bot.accept("102.000001", person("Bob", "bob@example.com"), "U2");
    world.bot.answer(second.id, true);
    world.bot.rate(first, "U1", 1);
    world.bot.rate(first, "U2", 0);

    const std::string ann = world.web.get_user("ann@example.com");
    REQUIRE(matches(ann, kUuid));
    const auto threads = world.web.list_threads(ann);
    REQUIRE(threads.size() == 1);
    CHECK(threads[0][0] == world.thread);
    CHECK(threads[0][1] == "question 101.000001");
    CHECK(threads[0][2] == "ann@example.com");
    CHECK(matches(threads[0][4], kTime));
    const auto metadata = boost::json::parse(threads[0][7]).as_object();
    CHECK(metadata.at("client_type") == "slack");
    // What Chainlit would apply to a session, copy or publish.
    for (const char* key : {"chat_profile", "chat_settings", "is_shared", "env", "name"})
        CHECK_FALSE(metadata.contains(key));
    CHECK(world.web.get_thread_author(world.thread) == "ann@example.com");
    // Bob takes part, but the thread is hers.
    CHECK(world.web.list_threads(world.web.get_user("bob@example.com")).empty());

    const auto steps = world.web.get_steps(world.thread);
    REQUIRE(steps.size() == 7);
    CHECK(threads[0][3] == steps.back().created_at);
    std::vector<std::string> shape;
    std::map<std::string, std::string> type_of;
    std::string previous;
    for (const ChainlitStep& step : steps) {
        INFO(step.type << " " << step.created_at);
        CHECK(matches(step.id, kUuid));
        CHECK(matches(step.created_at, kTime));
        CHECK(matches(step.start, kTime));
        CHECK(matches(step.end, kTime));
        CHECK(step.start <= step.end);
        CHECK(step.created_at > previous);
        CHECK(step.output != "<null>");
        CHECK(step.input != "<null>");
        CHECK(boost::json::parse(step.metadata).is_object());
        // A child whose parent was not seen yet is not shown.
        if (!step.parent.empty())
            CHECK(type_of.count(step.parent) == 1);
        shape.push_back(step.type + "(" + (step.parent.empty() ? "" : type_of[step.parent]) + ")");
        CHECK(type_of.emplace(step.id, step.type).second);
        previous = step.created_at;
    }
    CHECK(shape == std::vector<std::string>{"user_message()", "run(user_message)", "tool(run)",
                                            "assistant_message(run)", "user_message()", "run(user_message)",
                                            "assistant_message(run)"});
    CHECK(steps[0].name == "Ann");
    CHECK(steps[0].output == "question 101.000001");
    CHECK(steps[1].name == "on_message");
    CHECK(steps[1].input == "question 101.000001");
    CHECK(steps[1].show_input == "json");
    CHECK(steps[2].name == "Genie");
    CHECK(steps[2].input == "question 101.000001");
    CHECK(steps[2].output == "SELECT region FROM sales");
    CHECK(steps[2].language == "sql");
    CHECK(steps[3].output == "EMEA leads");
    CHECK(steps[3].created_at == steps[3].end);
    CHECK_FALSE(steps[3].is_error);
    const auto answer = boost::json::parse(steps[3].metadata).as_object();
    CHECK(answer.at("latency_ms").to_number<int>() == 400);
    CHECK(answer.at("genie").at("conversation_id") == "conv-1");
    CHECK(answer.at("genie").at("message_id") == "message-T1-C1-101.000001");
    CHECK(steps[4].name == "Bob");
    CHECK(steps[6].is_error);
    CHECK(steps[6].output == "Genie failed");
    // One thumb, on the run, of who rated first.
    for (std::size_t i = 0; i < steps.size(); ++i)
        CHECK(steps[i].feedback == (i == 1 ? "1/" + feedback_id(first.id, "U1") : ""));
    CHECK(world.web.value("SELECT count(*) FROM feedbacks") == "2");
    // The other's takes its place when the first is taken back.
    CHECK(world.bot.session.delete_feedback(feedback_id(first.id, "U1")));
    CHECK(world.web.get_steps(world.thread)[1].feedback == "0/" + feedback_id(first.id, "U2"));
    CHECK(world.web.get_elements(world.thread).empty());
}

TEST_CASE("the file of an answer is an element that Chainlit shows below it", "[chainlit][postgres][csv]") {
    World world;
    relay::ResultFile file;
    file.name = "Regions.csv";
    file.permalink = "https://example.slack.com/files/U1/F1/regions.csv";
    file.rows = 1284;
    file.columns = 3;
    world.bot.share(file);
    const Turn turn = world.bot.ask("101.000001", person("Ann", "ann@example.com"));
    const auto elements = world.web.get_elements(world.thread);
    REQUIRE(elements.size() == 1);
    const auto& element = elements[0];
    REQUIRE(element.size() == 14);
    CHECK(matches(element[0], kUuid));
    CHECK(element[1] == world.thread);
    CHECK(element[2] == "file");
    CHECK(element[4] == file.permalink);
    CHECK(element[5] == "<null>");
    CHECK(element[6] == "Regions.csv");
    CHECK(element[7] == "inline");
    CHECK(element[11] == step_id(turn.id, "assistant_message"));
    CHECK(element[12] == "text/csv");
    CHECK(boost::json::parse(element[13]) == boost::json::value({{"rows", 1284}, {"columns", 3}}));
    CHECK(world.web.get_steps(world.thread).back().id == element[11]);
}

TEST_CASE("an address that becomes known later moves the person's row and threads to it", "[chainlit][postgres]") {
    World world;
    world.bot.ask("101.000001", {});
    const std::string before = world.web.get_user("U1");
    REQUIRE_FALSE(before.empty());
    CHECK(world.web.get_thread_author(world.thread) == "U1");

    world.bot.ask("102.000001", person("Ann", "ann@example.com"));
    CHECK(world.web.get_user("ann@example.com") == before);
    CHECK(world.web.get_user("U1").empty());
    CHECK(world.web.get_thread_author(world.thread) == "ann@example.com");
    CHECK(world.web.list_threads(before).size() == 1);

    // Somebody who does not know it writes nothing back.
    world.bot.ask("103.000001", {});
    world.bot.ask("201.000001", {}, "U1", test::make_thread("C1", "201.000001"));
    test::StorageSession other(world.harness, world.harness.other_process());
    const Turn turn = test::make_turn(test::make_thread("C2"), "301.000001");
    CHECK(other.accept(turn, "", relay::question_rows(turn)).first);
    CHECK(world.web.value("SELECT count(*) FROM users") == "1");
    CHECK(world.web.list_threads(world.web.get_user("ann@example.com")).size() == 3);
    CHECK(world.web.value("SELECT string_agg(DISTINCT \"userIdentifier\", ' ') FROM threads") == "ann@example.com");
    CHECK(world.web.value("SELECT metadata->>'email' FROM users") == "ann@example.com");

    // A new address in Slack is a new name of the same row.
    world.bot.ask("104.000001", person("Ann", "ann.new@example.com"));
    CHECK(world.web.get_user("ann.new@example.com") == before);
    CHECK(world.web.get_thread_author(world.thread) == "ann.new@example.com");
    CHECK(world.web.value("SELECT count(*) FROM users") == "1");
}

TEST_CASE("a person who logged in at Chainlit before is the same person in Slack", "[chainlit][postgres]") {
    World world;
    const std::string web_user = "0b0e7dca-9c5f-4d5e-8f30-0123456789ab";
    SECTION("with an address that Slack tells at once") {
        world.web.create_user(web_user, "ann@example.com");
        world.bot.ask("101.000001", person("Ann", "ann@example.com"));
    }
    SECTION("with an address that Slack tells later") {
        world.bot.ask("101.000001", {});
        world.web.create_user(web_user, "ann@example.com");
        CHECK(world.web.list_threads(web_user).empty());
        world.bot.ask("102.000001", person("Ann", "ann@example.com"));
    }
    CHECK(world.web.value("SELECT count(*) FROM users") == "1");
    CHECK(world.web.get_user("ann@example.com") == web_user);
    CHECK(world.web.list_threads(web_user).size() == 1);
    CHECK(world.web.get_thread_author(world.thread) == "ann@example.com");
    // What the login stored about her is still there.
    CHECK(world.web.value("SELECT concat(metadata->>'provider', ' ', metadata->'slack'->>'user') FROM users") ==
          "oauth U1");
    // In another thread, by a process that does not know the address.
    world.bot.ask("201.000001", {}, "U1", test::make_thread("C2", "201.000001"));
    CHECK(world.web.list_threads(web_user).size() == 2);
    CHECK(world.web.value("SELECT count(*) FROM users") == "1");
}

TEST_CASE("an address is the same in capitals or not", "[chainlit][postgres]") {
    World world;
    const std::string web_user = "0b0e7dca-9c5f-4d5e-8f30-0123456789ab";
    const std::string second_login = "1b0e7dca-9c5f-4d5e-8f30-0123456789ab";
    SECTION("a login of before keeps its letters, which the threads have too") {
        world.web.create_user(web_user, "Ann@Example.com");
        world.bot.ask("101.000001", person("Ann", "ann@EXAMPLE.com"));
        world.bot.ask("102.000001", person("Ann", "ann@example.com"));
        CHECK(world.web.value("SELECT string_agg(identifier, ' ') FROM users") == "Ann@Example.com");
        CHECK(world.web.get_thread_author(world.thread) == "Ann@Example.com");
        CHECK(world.web.list_threads(web_user).size() == 1);
    }
    SECTION("without one, small letters") {
        world.bot.ask("101.000001", person("Ann", "Ann@Example.com"));
        CHECK(world.web.get_thread_author(world.thread) == "ann@example.com");
        const Turn first = world.bot.accept("201.000001", person("Bob", "Bob@Example.com"), "U2");
        const Turn second = world.bot.accept("301.000001", person("Bob", "bob@example.com"), "U3",
                                             test::make_thread("C3", "301.000001", "T2"));
        CHECK(world.web.value("SELECT count(*) FROM users") == "2");
    }
    SECTION("a login of later with other letters takes the threads with the next question") {
        world.bot.ask("101.000001", person("Ann", "ann@example.com"));
        world.web.create_user(web_user, "Ann@Example.com");
        world.bot.ask("102.000001", person("Ann", "ann@example.com"));
        CHECK(world.web.value("SELECT string_agg(identifier, ' ') FROM users") == "Ann@Example.com");
        CHECK(world.web.get_thread_author(world.thread) == "Ann@Example.com");
        CHECK(world.web.list_threads(web_user).size() == 1);

        // A second one of hers is no reason to move again, back and forth.
        world.web.create_user(second_login, "ann@example.com");
        for (const char* ts : {"103.000001", "104.000001"}) {
            world.bot.ask(ts, person("Ann", "ann@example.com"));
            CHECK(world.web.list_threads(web_user).size() == 1);
            CHECK(world.web.get_thread_author(world.thread) == "Ann@Example.com");
        }
    }
    CHECK(world.web.value("SELECT count(*) FROM genie_app.dead_letters") == "0");
}

// A question of U1's or U9's of one workspace, each in a thread of its own.
Turn ask_as(World& world, const std::string& user, const std::string& email, const std::string& ts,
            const std::string& team = "T1") {
    const auto name = email.empty() ? std::optional<relay::Person>() : person(user, email);
    return world.bot.ask(ts + ".000001", name, user, test::make_thread("C1", ts + ".000001", team));
}

// "101 103": the threads that a login with that address finds, by their questions.
std::string found_by(const World& world, const std::string& email) {
    return world.web.value(
        "SELECT coalesce(string_agg(substr(t.name, 10, 3), ' ' ORDER BY t.name), '') FROM threads t JOIN users u ON "
        "u.id = t.\"userId\" AND u.identifier = t.\"userIdentifier\" WHERE u.identifier = " +
        quote_text(email));
}

TEST_CASE("an address that went to somebody else takes no thread along", "[chainlit][postgres]") {
    World world;
    const std::string web_user = "0b0e7dca-9c5f-4d5e-8f30-0123456789ab";
    SECTION("a colleague who gets it asks first") {
        ask_as(world, "U1", "ana@example.com", "101");
        ask_as(world, "U9", "ana@example.com", "102");
        CHECK(found_by(world, "ana@example.com") == "102");
        for (const char* ts : {"103", "105"}) {
            ask_as(world, "U1", "ana.new@example.com", ts);
            ask_as(world, "U9", "ana@example.com", ts + std::string(1, '1'));
        }
        CHECK(found_by(world, "ana.new@example.com") == "101 103 105");
        CHECK(found_by(world, "ana@example.com") == "102 103 105");
        CHECK(world.web.value("SELECT string_agg(slack_user, ' ' ORDER BY slack_user, thread_id) FROM "
                              "thread_askers_view WHERE user_identifier = 'ana@example.com'") == "U9 U9 U9");
    }
    SECTION("who had it never asks again") {
        ask_as(world, "U1", "ana@example.com", "101");
        ask_as(world, "U9", "Ana@Example.com", "102");
        ask_as(world, "U1", "", "103");
        CHECK(found_by(world, "ana@example.com") == "102");
        CHECK(world.web.value("SELECT count(*) FROM users WHERE identifier LIKE '%@%'") == "1");
        CHECK(world.web.value("SELECT count(*) FROM users WHERE metadata ? 'email'") == "1");
    }
    SECTION("two people swap theirs") {
        ask_as(world, "U1", "one@example.com", "101");
        ask_as(world, "U9", "two@example.com", "102");
        ask_as(world, "U1", "two@example.com", "103");
        CHECK(found_by(world, "one@example.com").empty());
        ask_as(world, "U9", "one@example.com", "104");
        ask_as(world, "U1", "two@example.com", "105");
        CHECK(found_by(world, "two@example.com") == "101 103 105");
        CHECK(found_by(world, "one@example.com") == "102 104");
    }
    SECTION("the row is the web login's") {
        world.web.create_user(web_user, "ana@example.com");
        ask_as(world, "U1", "ana@example.com", "101");
        CHECK(found_by(world, "ana@example.com") == "101");
        ask_as(world, "U9", "ana@example.com", "102");
        CHECK(found_by(world, "ana@example.com") == "102");
        ask_as(world, "U1", "ana.new@example.com", "103");
        CHECK(found_by(world, "ana.new@example.com") == "101 103");
        CHECK(world.web.get_user("ana.new@example.com") == web_user);
    }
    SECTION("an address that only changes takes all of them along") {
        ask_as(world, "U1", "ana@example.com", "101");
        ask_as(world, "U1", "ana.new@example.com", "102");
        CHECK(found_by(world, "ana.new@example.com") == "101 102");
        CHECK(world.web.value("SELECT count(*) FROM users") == "1");
    }
    CHECK(world.web.value("SELECT count(*) FROM genie_app.dead_letters") == "0");
}

TEST_CASE("an address that a process knows from before takes nothing back", "[chainlit][postgres]") {
    World world;
    const WallTime began = wall_now() - 1h;
    const auto ask = [&](const std::string& user, const std::string& email, std::chrono::minutes told,
                         const std::string& ts) {
        relay::Person known = person(user, email);
        known.told_at = began + told;
        world.bot.ask(ts + ".000001", known, user, test::make_thread("C1", ts + ".000001"));
    };
    ask("U1", "ana@example.com", 1min, "101");
    ask("U9", "ana@example.com", 10min, "102");
    // Nobody has asked Slack about her since.
    ask("U1", "ana@example.com", 1min, "103");
    CHECK(found_by(world, "ana@example.com") == "102");
    ask("U1", "ana.new@example.com", 20min, "104");
    ask("U1", "ana@example.com", 1min, "105");
    CHECK(found_by(world, "ana.new@example.com") == "101 103 104 105");
    CHECK(found_by(world, "ana@example.com") == "102");
    // Somebody who was not there before is no exception, nor a row that somebody left long ago.
    ask("U5", "ana.new@example.com", 15min, "106");
    CHECK(found_by(world, "ana.new@example.com") == "101 103 104 105");
    // She got it back.
    ask("U1", "ana@example.com", 30min, "107");
    ask("U9", "ana@example.com", 10min, "108");
    CHECK(found_by(world, "ana@example.com") == "101 103 104 105 107");
    CHECK(world.web.value("SELECT string_agg(slack_user, ' ' ORDER BY thread_id) FILTER (WHERE slack_user = 'U9') FROM "
                          "thread_askers_view") == "U9 U9");
    CHECK(world.web.value("SELECT count(DISTINCT user_id) FROM thread_askers_view") == "3");
    CHECK(world.web.value("SELECT count(*) FROM genie_app.dead_letters") == "0");
}

TEST_CASE("two people whom an earlier version took for one part", "[chainlit][postgres]") {
    World world;
    ask_as(world, "U1", "ana@example.com", "101");
    ask_as(world, "U9", "other@example.com", "102");
    world.web.run(
        "UPDATE threads SET \"userIdentifier\" = 'ana@example.com', \"userId\" = (SELECT user_id FROM "
        "genie_app.people WHERE slack_user = 'U1'); UPDATE genie_app.people SET user_id = (SELECT user_id FROM "
        "genie_app.people WHERE slack_user = 'U1'); DELETE FROM users WHERE identifier = 'other@example.com'");
    REQUIRE(found_by(world, "ana@example.com") == "101 102");
    SECTION("when the one who has the address asks") {
        ask_as(world, "U9", "ana@example.com", "103");
        CHECK(found_by(world, "ana@example.com") == "102 103");
        ask_as(world, "U1", "ana.new@example.com", "104");
    }
    SECTION("when the one who had it asks") {
        ask_as(world, "U1", "ana.new@example.com", "104");
        CHECK(found_by(world, "ana.new@example.com") == "101 104");
        CHECK(found_by(world, "ana@example.com").empty());
        ask_as(world, "U9", "ana@example.com", "103");
    }
    CHECK(found_by(world, "ana@example.com") == "102 103");
    CHECK(found_by(world, "ana.new@example.com") == "101 104");
    CHECK(world.web.value("SELECT count(*) FROM users") == "2");
    // The row of a login takes its place as with everybody.
    world.web.create_user("0b0e7dca-9c5f-4d5e-8f30-0123456789ab", "ANA@example.com");
    ask_as(world, "U9", "ana@example.com", "105");
    CHECK(found_by(world, "ANA@example.com") == "102 103 105");
    CHECK(world.web.value("SELECT count(*) FROM users") == "2");
    CHECK(world.web.value("SELECT count(*) FROM genie_app.dead_letters") == "0");
}

TEST_CASE("who is in two workspaces is one person while the address is the same", "[chainlit][postgres]") {
    World world;
    ask_as(world, "U1", "bob@example.com", "101");
    ask_as(world, "U7", "bob@example.com", "201", "T2");
    CHECK(found_by(world, "bob@example.com") == "101 201");
    const bool is_first = GENERATE(true, false);
    ask_as(world, is_first ? "U1" : "U7", "new@example.com", "301", is_first ? "T1" : "T2");
    CHECK(found_by(world, "new@example.com") == (is_first ? "101 301" : "201 301"));
    ask_as(world, is_first ? "U7" : "U1", "bob@example.com", "302", is_first ? "T2" : "T1");
    CHECK(found_by(world, "bob@example.com") == (is_first ? "201 302" : "101 302"));
    ask_as(world, is_first ? "U7" : "U1", "new@example.com", "303", is_first ? "T2" : "T1");
    CHECK(found_by(world, "new@example.com") == "101 201 301 302 303");
    CHECK(world.web.value("SELECT count(*) FROM users") == "1");
}

TEST_CASE("who asked in a thread of somebody else finds it by the view", "[chainlit][postgres]") {
    World world;
    world.bot.ask("101.000001", person("Ann", "ann@example.com"));
    world.bot.ask("102.000001", person("Bob", "bob@example.com"), "U2");
    world.bot.ask("103.000001", person("Bob", "bob@example.com"), "U2");
    world.bot.ask("201.000001", person("Cem", "cem@example.com"), "U3", test::make_thread("C2", "201.000001"));
    const std::string bob = world.web.get_user("bob@example.com");
    CHECK(world.web.run("SELECT thread_id, slack_user FROM thread_askers_view WHERE user_id = '" + bob + "'") ==
          Rows{{world.thread, "U2"}});
    CHECK(world.web.run("SELECT user_identifier FROM thread_askers_view WHERE thread_id = '" + world.thread +
                        "' ORDER BY 1") == Rows{{"ann@example.com"}, {"bob@example.com"}});
    // Where the web login takes his place, it is his.
    const std::string web_user = "0b0e7dca-9c5f-4d5e-8f30-0123456789ab";
    world.web.create_user(web_user, "Bob@example.com");
    world.bot.ask("104.000001", person("Bob", "bob@example.com"), "U2");
    CHECK(world.web.run("SELECT thread_id FROM thread_askers_view WHERE user_id = '" + web_user + "'") ==
          Rows{{world.thread}});
    // His name stands at what he asked.
    CHECK(world.web.value("SELECT string_agg(DISTINCT name, ' ') FROM steps WHERE \"threadId\" = '" + world.thread +
                          "' AND type = 'user_message'") == "Ann Bob");
}

TEST_CASE("people of two workspaces with the same Slack id stay two people", "[chainlit][postgres]") {
    World world;
    const ThreadKey elsewhere = test::make_thread("C1", "100.000001", "T2");
    world.bot.ask("101.000001", {}, "U1");
    world.bot.ask("101.000001", {}, "U1", elsewhere);
    CHECK(world.web.value("SELECT count(*) FROM users") == "2");
    CHECK(world.web.value("SELECT count(DISTINCT \"userId\") FROM threads") == "2");
    world.bot.ask("102.000001", person("Bob", "bob@example.com"), "U1", elsewhere);
    CHECK(world.web.get_thread_author(thread_id(elsewhere)) == "bob@example.com");
    CHECK(world.web.get_thread_author(world.thread) == "U1");
    // The same person in both is one person.
    world.bot.ask("103.000001", person("Bob", "bob@example.com"), "U1");
    CHECK(world.web.value("SELECT count(*) FROM users") == "1");
    CHECK(world.web.list_threads(world.web.get_user("bob@example.com")).size() == 2);
}

TEST_CASE("Chainlit's own writes work beside ours", "[chainlit][postgres]") {
    World world;
    const Turn turn = world.bot.ask("101.000001", person("Ann", "ann@example.com"));
    const std::string ann = world.web.get_user("ann@example.com");
    world.web.run("UPDATE users SET \"metadata\" = '{\"role\": \"admin\"}' WHERE \"identifier\" = 'ann@example.com'");

    // Renamed, as update_thread does.
    const std::string metadata =
        world.web.value("SELECT \"metadata\" FROM threads WHERE \"id\" = '" + world.thread + "'");
    world.web.run(
        "INSERT INTO threads (\"id\", \"name\", \"userId\", \"metadata\") VALUES ('" + world.thread +
        "', 'My own name', '" + ann + "', " + quote_text(metadata) +
        ") ON CONFLICT (\"id\") DO UPDATE SET \"name\" = EXCLUDED.\"name\", \"userId\" = EXCLUDED.\"userId\", "
        "\"metadata\" = EXCLUDED.\"metadata\"");
    // A run, with everything that today's Chainlit writes for one, and a message with modes.
    const std::string run = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
    for (int again = 0; again < 2; ++again)
        world.web.run(
            "INSERT INTO steps (\"name\", \"type\", \"id\", \"threadId\", \"parentId\", \"streaming\", \"metadata\", "
            "\"tags\", \"input\", \"isError\", \"output\", \"createdAt\", \"start\", \"end\", \"generation\", "
            "\"showInput\", \"defaultOpen\", \"autoCollapse\", \"modes\", \"command\", \"waitForAnswer\") VALUES "
            "('on_message', 'run', '" +
            run + "', '" + world.thread +
            "', NULL, false, '{}', ARRAY['a', 'b'], '', false, 'text', '2026-02-01T00:00:00.000000Z', "
            "'2026-02-01T00:00:00.000000Z', '2026-02-01T00:00:01.000000Z', 'null', 'json', false, false, "
            "'{\"model\": \"x\"}', NULL, false) ON CONFLICT (id) DO UPDATE SET \"name\" = 'on_message', \"output\" = "
            "'again', \"autoCollapse\" = true, \"modes\" = '{\"model\": \"y\"}'");
    CHECK(world.web.value("SELECT output FROM steps WHERE id = '" + run + "'") == "again");
    const std::string rating = "16fd2706-8baf-433b-82eb-8c7fada847da";
    world.web.run("INSERT INTO feedbacks (\"id\", \"forId\", \"threadId\", \"value\", \"comment\") VALUES ('" + rating +
                  "', '" + run + "', '" + world.thread +
                  "', 1, 'good') ON CONFLICT (id) DO UPDATE SET \"value\" = 1, \"comment\" = 'good'");
    world.web.run(
        "INSERT INTO elements (\"id\", \"threadId\", \"type\", \"url\", \"name\", \"display\", \"forId\", "
        "\"mime\", \"props\", \"autoPlay\", \"playerConfig\") VALUES ('6fa459ea-ee8a-4ca4-894e-db77e160355e', '" +
        world.thread + "', 'audio', 'https://files.example.com/a', 'a.mp3', 'inline', '" + run +
        "', 'audio/mpeg', '{}', true, '{\"volume\": 1}') ON CONFLICT (id) DO UPDATE SET \"name\" = 'a.mp3'");

    // The next question in Slack leaves all of that as it is.
    world.bot.ask("102.000001", person("Ann", "ann@example.com"));
    CHECK(world.web.list_threads(ann).at(0)[1] == "My own name");
    CHECK(world.web.value("SELECT metadata->>'role' FROM users") == "admin");
    CHECK(world.web.get_steps(world.thread).size() == 9);
    CHECK(world.bot.session.get_feedbacks(world.thread).size() == 1);
    CHECK(world.bot.session.delete_feedback(rating));

    // A thumb in the web, another one in Slack: still one row for each step.
    world.web.run("INSERT INTO feedbacks (\"id\", \"forId\", \"threadId\", \"value\", \"comment\") VALUES ('" + rating +
                  "', '" + step_id(turn.id, "run") + "', '" + world.thread +
                  "', 0, NULL) ON CONFLICT (id) DO UPDATE SET \"value\" = 0");
    world.bot.rate(turn, "U1", 1);
    CHECK(world.web.get_steps(world.thread).size() == 9);
    CHECK(world.web.run("SELECT FROM feedbacks").size() == 2);

    world.web.delete_thread(world.thread);
    CHECK(world.web.list_threads(ann).empty());
    for (const char* table : {"steps", "elements", "feedbacks", "threads"})
        CHECK(world.web.value(std::string("SELECT count(*) FROM ") + table) == "0");
    // Slack's thread goes on, as a new conversation.
    world.bot.ask("103.000001", person("Ann", "ann@example.com"));
    CHECK(world.web.list_threads(ann).size() == 1);
    CHECK(world.web.get_steps(world.thread).size() == 4);
}

TEST_CASE("a rating that was changed in Chainlit is another one than Genie knows", "[chainlit][postgres]") {
    World world;
    const Turn turn = world.bot.ask("101.000001", person("Ann", "ann@example.com"));
    CHECK(world.bot.rate(turn, "U1", 0) == std::nullopt);
    const std::string rating = feedback_id(turn.id, "U1");
    const auto change = [&](const char* value) {
        world.web.run("INSERT INTO feedbacks (\"id\", \"forId\", \"threadId\", \"value\", \"comment\") VALUES ('" +
                      rating + "', '" + step_id(turn.id, "run") + "', '" + world.thread + "', " + value +
                      ", NULL) ON CONFLICT (id) DO UPDATE SET \"value\" = " + value);
    };
    change("1");
    // Up in Slack as well: Genie still has the thumb down.
    CHECK(world.bot.rate(turn, "U1", 1) == 0);
    CHECK(world.bot.rate(turn, "U1", 1) == 1);
    world.web.run("DELETE FROM feedbacks WHERE id = '" + rating + "'");
    CHECK(world.bot.rate(turn, "U1", 1) == 1);
    CHECK(world.web.value("SELECT value FROM feedbacks") == "1");
}

TEST_CASE("ratings that were given, changed or taken back in Chainlit are told once", "[chainlit][postgres]") {
    World world;
    const Turn first = world.bot.ask("101.000001", person("Ann", "ann@example.com"));
    const Turn second = world.bot.ask("102.000001", person("Ann", "ann@example.com"));
    world.bot.rate(first, "U1", 0);
    CHECK(world.bot.session.changed_ratings().empty());

    const std::string given = "16fd2706-8baf-433b-82eb-8c7fada847da";
    const auto rate = [&](const std::string& id, const Turn& turn, const std::string& value) {
        world.web.run("INSERT INTO feedbacks (\"id\", \"forId\", \"threadId\", \"value\", \"comment\") VALUES ('" + id +
                      "', '" + step_id(turn.id, "run") + "', '" + world.thread + "', " + value +
                      ", 'so') ON CONFLICT (id) DO UPDATE SET \"value\" = " + value + ", \"comment\" = 'so'");
    };
    const auto told = [&](const std::string& turn_id) {
        std::string text;
        for (const ChangedRating& rating : world.bot.session.changed_ratings()) {
            if (rating.turn_id == turn_id)
                text += (rating.value ? std::to_string(*rating.value) : "none") + rating.comment + " ";
            // Until then it is to be told.
            CHECK(world.bot.session.changed_ratings().size() == 1);
            world.bot.session.note_told(rating);
        }
        CHECK(world.bot.session.changed_ratings().empty());
        return text;
    };
    rate(feedback_id(first.id, "U1"), first, "1");
    CHECK(told(first.id) == "1 ");
    rate(given, second, "0");
    CHECK(told(second.id) == "0so ");
    rate(given, second, "1");
    CHECK(told(second.id) == "1 ");
    world.web.run("DELETE FROM feedbacks WHERE id = '" + given + "'");
    CHECK(told(second.id) == "none ");
    // What Genie knows by now is no change in Slack.
    CHECK(world.bot.rate(first, "U1", 1) == 1);

    // Somebody else's chats, and a thread that was deleted, are no opinions of Genie's answers.
    world.web.run("UPDATE steps SET metadata = '{}' WHERE id = '" + step_id(second.id, "run") + "'");
    rate(given, second, "1");
    CHECK(world.bot.session.changed_ratings().empty());
    world.web.delete_thread(world.thread);
    CHECK(world.bot.session.changed_ratings().empty());
}

TEST_CASE("rating an answer whose thread was deleted in Chainlit leaves nothing behind", "[chainlit][postgres]") {
    World world;
    const Turn turn = world.bot.ask("101.000001", person("Ann", "ann@example.com"));
    world.bot.rate(turn, "U1", 0);
    world.web.delete_thread(world.thread);
    CHECK(world.bot.rate(turn, "U2", 1) == std::nullopt);
    world.bot.rate(turn, "U1", 1);
    CHECK_FALSE(world.bot.session.delete_feedback(feedback_id(turn.id, "U2")));
    for (const char* table : {"genie_app.dead_letters", "feedbacks", "threads"})
        CHECK(world.web.value(std::string("SELECT count(*) FROM ") + table) == "0");
}

TEST_CASE("a conversation that is deleted in Chainlit while its question is answered stays deleted",
          "[chainlit][postgres]") {
    World world;
    const Turn turn = world.bot.accept("101.000001", person("Ann", "ann@example.com"));
    const auto neighbour = test::make_thread("C2");
    const Turn other = world.bot.accept("101.000001", person("Ann", "ann@example.com"), "U1", neighbour);
    world.web.delete_thread(world.thread);
    world.bot.answer(turn.id);
    world.bot.answer(other.id);
    CHECK(world.bot.session.get_turn(turn.id)->state == TurnState::delivered);
    CHECK(world.web.get_steps(world.thread).empty());
    CHECK(world.web.get_steps(thread_id(neighbour)).size() == 4);
    CHECK(world.web.value("SELECT count(*) FROM genie_app.dead_letters") == "0");
    // Nobody waits behind it.
    world.bot.ask("102.000001", person("Ann", "ann@example.com"));
    CHECK(world.web.get_steps(world.thread).size() == 4);
}

TEST_CASE("a deleted conversation stays deleted though its person is known only when it is answered",
          "[chainlit][postgres]") {
    World world;
    const Turn asked = world.bot.accept("101.000001", {});
    world.web.delete_thread(world.thread);
    const auto claim = world.bot.session.claim(asked.id);
    REQUIRE(claim);
    Turn turn = claim->turn;
    turn.state = TurnState::delivered;
    relay::Outcome outcome;
    outcome.markdown = "EMEA leads";
    auto rows = relay::answer_rows(turn, outcome);
    auto question = relay::question_rows(turn, person("Ann", "ann@example.com"));
    rows.users = question.users;
    rows.threads = question.threads;
    rows.steps.insert(rows.steps.begin(), question.steps.begin(), question.steps.end());
    CHECK(world.bot.session.finish(claim->lease, turn, rows));
    CHECK(world.web.value("SELECT count(*) FROM threads") == "0");
    CHECK(world.web.value("SELECT count(*) FROM steps") == "0");
    CHECK(world.web.value("SELECT count(*) FROM genie_app.dead_letters") == "0");
}

}  // namespace chainlit_test
