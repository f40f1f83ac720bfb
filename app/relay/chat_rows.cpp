#include "app/relay/chat_rows.hpp"

#include "slack/markup.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace {

constexpr std::size_t kThreadNameCharacters = 100;

// Each step of a turn has its own microsecond, so that order by text is order of the chat.
std::string time_of(const storage::Turn& turn, int position) {
    return format_utc(turn.received_at + std::chrono::microseconds(position));
}

boost::json::object slack_metadata(const storage::Turn& turn) {
    boost::json::object slack;
    slack["team"] = turn.thread.team;
    slack["channel"] = turn.thread.channel;
    slack["thread_ts"] = turn.thread.thread_ts;
    slack["ts"] = turn.question_ts;
    slack["user"] = turn.user;
    return slack;
}

storage::Step make_step(const storage::Turn& turn, const std::string& role, const std::string& parent, int position) {
    storage::Step step;
    step.id = storage::step_id(turn.id, role);
    step.type = role;
    step.thread_id = storage::thread_id(turn.thread);
    if (!parent.empty())
        step.parent_id = storage::step_id(turn.id, parent);
    step.created_at = time_of(turn, position);
    step.start = step.created_at;
    return step;
}

}  // namespace

storage::ChatRows question_rows(const storage::Turn& turn) {
    storage::ChatRows rows;
    storage::User user;
    user.id = storage::user_id(turn.thread.team, turn.user);
    user.identifier = turn.user;
    user.metadata["slack"] = boost::json::object{{"team", turn.thread.team}, {"user", turn.user}};
    user.created_at = time_of(turn, 0);

    storage::Thread thread;
    thread.id = storage::thread_id(turn.thread);
    thread.created_at = time_of(turn, 0);
    thread.name = slack::truncate(turn.question, kThreadNameCharacters);
    thread.user_id = user.id;
    thread.user_identifier = user.identifier;
    thread.metadata["client_type"] = "slack";
    thread.metadata["slack"] = slack_metadata(turn);

    storage::Step question = make_step(turn, "user_message", "", 0);
    question.name = turn.user;
    question.output = turn.question;
    question.end = question.created_at;
    question.metadata["slack"] = slack_metadata(turn);

    rows.users.push_back(std::move(user));
    rows.threads.push_back(std::move(thread));
    rows.steps.push_back(std::move(question));
    return rows;
}

storage::ChatRows answer_rows(const storage::Turn& turn, const Outcome& outcome) {
    storage::ChatRows rows;
    const WallTime last = std::max(outcome.finished_at, turn.received_at + std::chrono::microseconds(3));
    const auto latency = std::chrono::duration_cast<std::chrono::milliseconds>(last - turn.received_at).count();
    boost::json::object genie;
    genie["space_id"] = turn.space_id;
    genie["conversation_id"] = turn.conversation_id;
    genie["message_id"] = turn.message_id;

    // Chainlit shows rating buttons only with a run of exactly this name.
    storage::Step run = make_step(turn, "run", "user_message", 1);
    run.name = "on_message";
    run.input = turn.question;
    run.show_input = "json";
    run.end = format_utc(last);
    run.is_error = outcome.is_error;
    run.metadata["latency_ms"] = latency;
    run.metadata["genie"] = genie;
    if (!outcome.error_code.empty())
        run.metadata["error"] = outcome.error_code;
    rows.steps.push_back(std::move(run));

    if (outcome.query) {
        storage::Step tool = make_step(turn, "tool", "run", 2);
        tool.name = "Genie";
        tool.input = turn.question;
        tool.output = outcome.query->sql;
        tool.language = "sql";
        tool.end = format_utc(last);
        tool.metadata["genie"] = genie;
        if (outcome.result_rows)
            tool.metadata["rows"] = *outcome.result_rows;
        rows.steps.push_back(std::move(tool));
    }

    storage::Step answer = make_step(turn, "assistant_message", "run", 3);
    answer.name = "Genie";
    answer.output = outcome.text;
    answer.is_error = outcome.is_error;
    answer.created_at = format_utc(last);
    answer.start = answer.end = answer.created_at;
    answer.metadata["latency_ms"] = latency;
    answer.metadata["genie"] = std::move(genie);
    answer.metadata["slack"] = boost::json::object{{"channel", turn.thread.channel}, {"ts", turn.progress_ts}};
    rows.steps.push_back(std::move(answer));
    return rows;
}

}  // namespace genie_slack::relay
