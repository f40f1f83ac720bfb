#include "app/relay/chat_rows.hpp"

#include "tests/catch.hpp"

using namespace genie_slack;

namespace chat_rows_test {
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
}  // namespace chat_rows_test
using namespace chat_rows_test;

TEST_CASE("a question is stored as a person, a thread and a user message", "[chat_rows]") {
    const auto rows = relay::question_rows(turn());
    REQUIRE(rows.users.size() == 1);
    REQUIRE(rows.threads.size() == 1);
    REQUIRE(rows.steps.size() == 1);
    CHECK(rows.threads[0].user_id == rows.users[0].id);
    CHECK(rows.threads[0].user_identifier == rows.users[0].identifier);
    CHECK(rows.steps[0].type == "user_message");
    CHECK(rows.steps[0].output == "revenue?");
    CHECK(rows.steps[0].parent_id.empty());
    CHECK(rows.steps[0].created_at == "2026-01-01T00:00:00.000000Z");
}

TEST_CASE("an answer is stored as Chainlit's canonical turn, parents first", "[chat_rows]") {
    relay::Outcome outcome;
    outcome.text = "EMEA leads";
    outcome.query.emplace();
    outcome.query->sql = "SELECT 1";
    outcome.result_rows = 3;
    outcome.finished_at = turn().received_at + std::chrono::milliseconds(1500);
    const auto question = relay::question_rows(turn());
    const auto rows = relay::answer_rows(turn(), outcome);

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
    CHECK(question.steps[0].created_at < run.created_at);
    CHECK(run.created_at < tool.created_at);
    CHECK(tool.created_at < answer.created_at);
    CHECK(answer.created_at == "2026-01-01T00:00:01.500000Z");
}

TEST_CASE("a failed question leaves a step that says so", "[chat_rows]") {
    relay::Outcome outcome;
    outcome.is_error = true;
    outcome.text = "Genie could not answer";
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
