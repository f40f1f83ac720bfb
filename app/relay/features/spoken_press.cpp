#include "app/relay/features/spoken_press.hpp"

#include "app/answer/actions.hpp"
#include "app/relay/visits.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace asio = boost::asio;
using What = ButtonRequest::What;

namespace spoken_press_detail {

constexpr Duration kLookTime = std::chrono::milliseconds(700);  // an ack waits for it
constexpr std::size_t kLastSteps = 40;                          // of the thread's record
constexpr std::size_t kMostLooks = 3;                           // for answers that are gone, or stand elsewhere
constexpr std::size_t kRemembered = 1'000;

bool has_rows(const storage::Step& tool) {
    const auto* result = tool.metadata.if_contains("result");
    const auto* rows = result && result->is_object() ? result->get_object().if_contains("row_count") : nullptr;
    return rows && rows->is_number() && rows->to_number<std::int64_t>() > 0;
}

std::string message_of(const storage::Step& answer) {
    const auto* slack = answer.metadata.if_contains("slack");
    const auto* ts = slack && slack->is_object() ? slack->get_object().if_contains("ts") : nullptr;
    return ts && ts->is_string() ? std::string(ts->get_string()) : std::string();
}

bool stands_here(const storage::Turn& turn) {
    return turn.state == storage::TurnState::delivered && !turn.message_id.empty() && !turn.progress_ts.empty() &&
           turn.answer_channel.empty();
}

}  // namespace spoken_press_detail

std::vector<RecordedAnswer> answers_with(const std::vector<storage::Step>& steps, What what) {
    using namespace spoken_press_detail;
    std::vector<RecordedAnswer> answers;
    for (auto answer = steps.rbegin(); answer != steps.rend(); ++answer) {
        if (answer->type != "assistant_message" || answer->is_error)
            continue;
        const auto tool = std::find_if(steps.begin(), steps.end(), [&answer](const storage::Step& step) {
            return step.type == "tool" && step.parent_id == answer->parent_id;
        });
        const std::string ts = message_of(*answer);
        if (tool != steps.end() && !ts.empty() && (what == What::sql || has_rows(*tool)))
            answers.push_back({tool->id, ts});
    }
    return answers;
}

asio::awaitable<bool> SpokenPress::take(storage::Turn spoken, Visit visit) {
    using namespace spoken_press_detail;
    const auto request = button_request(spoken.question);
    if (!request)
        co_return false;
    auto turn = co_await last_answer(spoken.thread, request->what);
    if (done_.size() >= kRemembered)
        done_.clear();
    if (!turn) {
        auto newest = co_await storage_.newest_turn(spoken.thread, Deadline::after(kLookTime));
        if (!newest || !*newest || storage::is_final((*newest)->state) ||
            (*newest)->audience == storage::Audience::person)
            co_return false;
        // Said of an answer that is not there yet.
        if (done_.emplace(spoken.thread.channel, spoken.message_ts).second)
            notes_.tell(
                spoken.user, note_place(spoken),
                words::say(people_.language_of(spoken.thread.team, spoken.user), words::Word::answer_comes_first));
        co_return true;
    }
    if (done_.emplace(spoken.thread.channel, spoken.message_ts).second)
        co_await press(spoken, *turn, std::move(visit), *request);
    co_return true;
}

// By the thread's record: what a query brought is told with its step.
asio::awaitable<std::optional<storage::Turn>> SpokenPress::last_answer(storage::ThreadKey thread, What what) {
    using namespace spoken_press_detail;
    // It is recorded only with its file.
    auto running = runner_.making_file(thread);
    if (running && running->answer_channel.empty())
        co_return running;
    const Deadline deadline = Deadline::after(kLookTime);
    auto steps = co_await storage_.get_steps(storage::thread_id(thread), kLastSteps, deadline);
    if (!steps)
        co_return std::nullopt;
    std::size_t looks = 0;
    for (const RecordedAnswer& answer : answers_with(*steps, what)) {
        if (looks++ == kMostLooks)
            break;
        auto turn = co_await storage_.find_turn_by_answer(thread.team, thread.channel, answer.ts, deadline);
        if (!turn)
            break;
        // An edited question may have taken the message over.
        if (*turn && stands_here(**turn) && storage::step_id((*turn)->id, "tool") == answer.tool_id)
            co_return **turn;
    }
    co_return std::nullopt;
}

void SpokenPress::tell_where_sql_is(const storage::Turn& spoken, const storage::Turn& turn) {
    const auto language = people_.language_of(spoken.thread.team, spoken.user);
    const Place place = place_of(turn);
    const std::string link = message_link(self_.url, place.channel, turn.progress_ts, place.thread_ts);
    notes_.tell(spoken.user, note_place(spoken),
                words::say(language, words::Word::sql_is_there,
                           {{"button", words::say(language, words::Word::sql_button)}, {"link", slack::escape(link)}}));
}

asio::awaitable<void> SpokenPress::press(const storage::Turn& spoken, const storage::Turn& turn, Visit visit,
                                         ButtonRequest request) {
    if (request.what == What::sql) {
        tell_where_sql_is(spoken, turn);
        co_return;
    }
    if (request.what == What::file && !storage::is_final(turn.state)) {
        notes_.tell(spoken.user, note_place(spoken),
                    words::say(people_.language_of(spoken.thread.team, spoken.user), words::Word::file_is_being_made));
        co_return;
    }
    slack::BlockActions actions;
    actions.team = spoken.thread.team;
    actions.user = spoken.user;
    actions.channel = storage::answer_channel(turn);
    actions.message_ts = turn.progress_ts;
    actions.thread_ts = spoken.thread.thread_ts;
    slack::Action action;
    const bool is_chart = request.what == What::chart;
    action.value = is_chart ? answer::chart_value({request.chart, turn.id})
                            : answer::more_value({answer::MoreChoice::csv, turn.id});
    Press press{actions, action, std::move(visit), spoken.thread, note_place(spoken), true};
    if (is_chart)
        co_await actions_.press_chart(press);
    else
        co_await actions_.press_more(press);
}

}  // namespace genie_slack::relay
