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
constexpr std::size_t kRemembered = 1'000;

}  // namespace spoken_press_detail

asio::awaitable<bool> SpokenPress::take(storage::Turn spoken, Visit visit) {
    using namespace spoken_press_detail;
    const auto request = button_request(spoken.question);
    if (!request)
        co_return false;
    auto newest = co_await storage_.newest_turn(spoken.thread, Deadline::after(kLookTime));
    if (!newest || !*newest)
        co_return false;
    const storage::Turn& turn = **newest;
    const bool is_there = turn.state == storage::TurnState::delivered && !turn.message_id.empty() &&
                          !turn.progress_ts.empty() && turn.answer_channel.empty();
    if (!is_there)
        co_return false;
    const bool has_it = co_await has_result(turn, request->what);
    if (!has_it)
        co_return false;
    if (done_.size() >= kRemembered)
        done_.clear();
    if (done_.emplace(spoken.thread.channel, spoken.message_ts).second)
        co_await press(spoken, turn, std::move(visit), *request);
    co_return true;
}

// By its record: what a query brought is told with its step.
asio::awaitable<bool> SpokenPress::has_result(const storage::Turn& turn, What what) {
    using namespace spoken_press_detail;
    auto steps = co_await storage_.get_steps(storage::thread_id(turn.thread), kLastSteps, Deadline::after(kLookTime));
    if (!steps)
        co_return false;
    const std::string id = storage::step_id(turn.id, "tool");
    const auto tool =
        std::find_if(steps->begin(), steps->end(), [&id](const storage::Step& step) { return step.id == id; });
    if (tool == steps->end())
        co_return false;
    const auto* result = tool->metadata.if_contains("result");
    const auto* rows = result && result->is_object() ? result->get_object().if_contains("row_count") : nullptr;
    co_return what == What::sql || (rows && rows->is_number() && rows->to_number<std::int64_t>() > 0);
}

asio::awaitable<void> SpokenPress::press(const storage::Turn& spoken, const storage::Turn& turn, Visit visit,
                                         ButtonRequest request) {
    if (request.what == What::sql) {
        const auto language = people_.language_of(spoken.thread.team, spoken.user);
        const Place place = place_of(turn);
        const std::string link = message_link(self_.url, place.channel, turn.progress_ts, place.thread_ts);
        notes_.tell(
            spoken.user, note_place(spoken),
            words::say(language, words::Word::sql_is_there,
                       {{"button", words::say(language, words::Word::sql_button)}, {"link", slack::escape(link)}}));
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
