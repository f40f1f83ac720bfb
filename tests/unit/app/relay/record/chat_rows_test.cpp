#include "app/relay/record/chat_rows.hpp"

#include "tests/catch.hpp"

namespace chat_rows_test {

using namespace genie_slack;

storage::Turn turn() {
    storage::Turn made;
    made.thread = storage::ThreadKey("T1", "C1", "100.000200");
    made.question_ts = "100.000200";
    made.id = storage::turn_id(made.thread, made.question_ts);
    made.user = "U1";
    made.question = "revenue?";
    made.received_at = WallTime(std::chrono::seconds(1767225600));
    made.progress_ts = "101.000300";
    return made;
}

TEST_CASE("a question is stored as a person, a thread and a user message", "[chat_rows]") {
    const auto rows = relay::question_rows(turn());
    REQUIRE(rows.users.size() == 1);
    REQUIRE(rows.threads.size() == 1);
    REQUIRE(rows.steps.size() == 1);
    CHECK(rows.threads[0].user_id == rows.users[0].id);
    CHECK(rows.steps[0].type == "user_message");
    CHECK(rows.steps[0].output == "revenue?");
    CHECK(rows.steps[0].parent_id.empty());
    CHECK(rows.steps[0].created_at == "2026-01-01T00:00:00.000000Z");
}

TEST_CASE("an answer is stored as Chainlit's canonical turn, parents first", "[chat_rows]") {
    relay::Outcome outcome;
    outcome.markdown = "EMEA leads";
    outcome.query.emplace();
    outcome.query->sql = "SELECT 1";
    outcome.query->title = "Revenue";
    outcome.query->statement_id = "st-1";
    outcome.result.emplace();
    outcome.result->rows = 3;
    outcome.result->truncated = true;
    genie::Column column;
    column.name = "region";
    column.type_name = "STRING";
    outcome.result->columns.push_back(column);
    outcome.genie_answered_at = turn().received_at + std::chrono::milliseconds(1200);
    outcome.result_read_at = turn().received_at + std::chrono::milliseconds(1300);
    outcome.finished_at = turn().received_at + std::chrono::milliseconds(1500);
    const auto question = relay::question_rows(turn());
    storage::Turn asked = turn();
    asked.asked_at = asked.received_at + std::chrono::milliseconds(200);
    asked.space_id = "s1";
    asked.conversation_id = "c1";
    asked.message_id = "m1";
    const auto rows = relay::answer_rows(asked, outcome);

    REQUIRE(rows.steps.size() == 3);
    const auto& run = rows.steps[0];
    const auto& tool = rows.steps[1];
    const auto& answer = rows.steps[2];
    CHECK(run.type == "run");
    CHECK(run.name == "on_message");
    CHECK(run.parent_id == question.steps[0].id);
    CHECK(tool.type == "tool");
    CHECK(tool.parent_id == run.id);
    CHECK(tool.output == "SELECT 1");
    CHECK(tool.language == "sql");
    CHECK(answer.type == "assistant_message");
    CHECK(answer.parent_id == run.id);
    CHECK(answer.output == "EMEA leads");
    CHECK(answer.metadata.at("latency_ms") == 1500);
    CHECK(run.metadata.at("latency_ms") == 1500);
    CHECK(run.input == "revenue?");
    CHECK(tool.input == "revenue?");
    for (const auto* step : {&run, &tool, &answer}) {
        const auto& genie = step->metadata.at("genie").as_object();
        CHECK(genie.at("space_id") == "s1");
        CHECK(genie.at("conversation_id") == "c1");
        CHECK(genie.at("message_id") == "m1");
    }
    const auto& times = tool.metadata.at("timings").as_object();
    CHECK(times.at("waiting_ms") == 200);
    CHECK(times.at("genie_ms") == 1000);
    CHECK(times.at("result_ms") == 100);
    CHECK(run.metadata.at("timings") == tool.metadata.at("timings"));
    const auto& result = tool.metadata.at("result").as_object();
    CHECK(result.at("row_count") == 3);
    CHECK(result.at("column_count") == 1);
    CHECK(result.at("truncated") == true);
    CHECK(result.at("columns").as_array().at(0).at("name") == "region");
    CHECK(result.at("columns").as_array().at(0).at("type") == "STRING");
    CHECK(question.steps[0].created_at < run.created_at);
    CHECK(run.created_at < tool.created_at);
    CHECK(tool.created_at < answer.created_at);
    CHECK(answer.created_at == "2026-01-01T00:00:01.500005Z");
}

TEST_CASE("a failed question leaves a step that says so", "[chat_rows]") {
    relay::Outcome outcome;
    outcome.is_error = true;
    outcome.markdown = "Genie could not answer";
    outcome.error_code = "genie_failed";
    const auto rows = relay::answer_rows(turn(), outcome);
    REQUIRE(rows.steps.size() == 2);
    CHECK(rows.steps[0].is_error);
    CHECK(rows.steps[0].metadata.at("error") == "genie_failed");
    CHECK(rows.steps[1].is_error);
    // Even when it ended in the same instant, the answer comes after the question.
    CHECK(rows.steps[1].created_at > rows.steps[0].created_at);
}

TEST_CASE("storing the same turn twice makes the same ids", "[chat_rows]") {
    CHECK(relay::question_rows(turn()).steps[0].id == relay::question_rows(turn()).steps[0].id);
    CHECK(relay::answer_rows(turn(), {}).steps[0].id == relay::answer_rows(turn(), {}).steps[0].id);
}

TEST_CASE("a person who is known is stored as a web login would find them", "[chat_rows]") {
    relay::Person person;
    person.name = "Ada Lovelace";
    person.email = "ada@example.com";
    const auto rows = relay::question_rows(turn(), person);
    CHECK(rows.users[0].id == relay::question_rows(turn()).users[0].id);
    CHECK(rows.users[0].identifier == "ada@example.com");
    CHECK(rows.users[0].metadata.at("email") == "ada@example.com");
    CHECK(rows.users[0].metadata.at("name") == "Ada Lovelace");
    CHECK(rows.users[0].metadata.at("slack").at("user") == "U1");
    CHECK(rows.steps[0].name == "Ada Lovelace");

    person.email.clear();
    const auto without = relay::question_rows(turn(), person);
    CHECK(without.users[0].identifier == "U1");
    CHECK_FALSE(without.users[0].metadata.contains("email"));
    CHECK(without.steps[0].name == "Ada Lovelace");
    CHECK(relay::question_rows(turn()).steps[0].name == "U1");
}

TEST_CASE("a thread's metadata is the same for every question of a person in it", "[chat_rows]") {
    storage::Turn second = turn();
    second.question_ts = second.message_ts = "105.000000";
    CHECK(relay::question_rows(second).threads[0].metadata == relay::question_rows(turn()).threads[0].metadata);
    CHECK(relay::question_rows(second).threads[0].metadata.at("client_type") == "slack");
    CHECK(relay::question_rows(second).steps[0].metadata.at("slack").at("ts") == "105.000000");
}

TEST_CASE("a question names its message in Slack where it has one", "[chat_rows]") {
    const auto ts_of = [](const storage::Turn& turn) {
        const auto rows = relay::question_rows(turn);
        const auto* ts = rows.steps[0].metadata.at("slack").as_object().if_contains("ts");
        return ts ? std::string(ts->as_string()) : std::string();
    };
    storage::Turn edited = turn();
    edited.message_ts = "105.000000";
    edited.question_ts = "105.000000/edit/Ev1";
    edited.origin = storage::Origin::edit;
    CHECK(ts_of(edited) == "105.000000");

    storage::Turn command = turn();
    command.message_ts.clear();
    command.question_ts = "slash/1.2.3";
    command.origin = storage::Origin::command;
    CHECK(ts_of(command).empty());
}

TEST_CASE("times of steps never collide in a thread", "[chat_rows]") {
    using std::chrono::microseconds;
    const WallTime base = turn().received_at;
    CHECK(relay::step_time(base) == base);
    CHECK(relay::step_time(base + microseconds(1)) == base + microseconds(10));
    CHECK(relay::step_time(base + microseconds(10)) == base + microseconds(10));

    // Two questions as near as can be, answered at any time around them.
    std::vector<std::string> times;
    storage::Turn first = turn();
    storage::Turn second = turn();
    second.received_at = relay::step_time(first.received_at + microseconds(1));
    for (const auto& question : {first, second})
        for (int finished = 0; finished < 30; ++finished) {
            relay::Outcome outcome;
            outcome.query.emplace();
            outcome.finished_at = base + microseconds(finished);
            const auto rows = relay::answer_rows(question, outcome);
            CHECK(rows.steps[0].created_at < rows.steps[1].created_at);
            CHECK(rows.steps[1].created_at < rows.steps[2].created_at);
            CHECK(rows.steps[2].created_at.size() == 27);
            const char last = rows.steps[2].created_at[25];
            CHECK(last == '5');
        }
    CHECK(relay::question_rows(first).steps[0].created_at < relay::question_rows(second).steps[0].created_at);
    CHECK(relay::answer_rows(first, {}).steps[0].created_at < relay::question_rows(second).steps[0].created_at);
}

TEST_CASE("the file of an answer is an element of its last step", "[chat_rows][csv]") {
    relay::Outcome outcome;
    CHECK(relay::answer_rows(turn(), outcome).elements.empty());
    outcome.file.emplace();
    outcome.file->name = "Revenue.csv";
    outcome.file->permalink = "https://example.slack.com/files/F1";
    outcome.file->rows = 1284;
    outcome.file->columns = 3;
    const auto rows = relay::answer_rows(turn(), outcome);
    REQUIRE(rows.elements.size() == 1);
    const auto& element = rows.elements[0];
    CHECK(element.id == storage::step_id(turn().id, "csv"));
    CHECK(element.thread_id == storage::thread_id(turn().thread));
    CHECK(element.for_id == rows.steps.back().id);
    CHECK(element.type == "file");
    CHECK(element.mime == "text/csv");
    CHECK(element.display == "inline");
    CHECK(element.name == "Revenue.csv");
    CHECK(element.url == "https://example.slack.com/files/F1");
    CHECK(element.props == boost::json::object{{"rows", 1284}, {"columns", 3}});

    outcome.file->name = "Revenue.xlsx";
    CHECK(relay::answer_rows(turn(), outcome).elements.at(0).mime ==
          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");

    outcome.file->permalink.clear();
    CHECK(relay::answer_rows(turn(), outcome).elements.empty());
}

TEST_CASE("of a wide result only so many columns are described", "[chat_rows]") {
    relay::Outcome outcome;
    outcome.query.emplace();
    outcome.result.emplace();
    outcome.result->columns.resize(5000);
    const auto rows = relay::answer_rows(turn(), outcome);
    const auto& result = rows.steps[1].metadata.at("result").as_object();
    CHECK(result.at("column_count") == 5000);
    CHECK(result.at("columns").as_array().size() == 100);
}

TEST_CASE("what the rows of a turn say is read back from its stored steps", "[chat_rows]") {
    storage::Turn mine = turn();
    mine.audience = storage::Audience::person;
    relay::Outcome outcome;
    outcome.asks_back = true;
    outcome.offered = "by region";
    outcome.query.emplace();
    outcome.result.emplace();
    outcome.result->rows = 3;
    const auto question = relay::question_rows(mine).steps.front();
    const auto steps = relay::answer_rows(mine, outcome).steps;
    REQUIRE(steps.size() == 3);
    CHECK(question.type == storage::kQuestionStep);
    CHECK(relay::is_asked_by(question, "U1"));
    CHECK_FALSE(relay::is_asked_by(question, "U2"));
    CHECK(relay::is_private(question));
    CHECK_FALSE(relay::is_private(relay::question_rows(turn()).steps.front()));
    CHECK(steps[0].type == storage::kRunStep);
    CHECK(steps[1].type == storage::kToolStep);
    CHECK(relay::row_count(steps[1]) == 3);
    CHECK(relay::row_count(steps[0]) == 0);
    CHECK(steps[2].type == storage::kAnswerStep);
    CHECK(relay::message_of(steps[2]) == "101.000300");
    CHECK(relay::message_of(steps[0]).empty());
    CHECK(relay::asks_back(steps[2]));
    CHECK(relay::offered_with(steps[2]) == "by region");
}

}  // namespace chat_rows_test
