#include "app/relay/features/spoken_press.hpp"

#include "app/answer/actions.hpp"
#include "app/relay/record/chat_rows.hpp"
#include "app/relay/turn_facts.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace asio = boost::asio;
using What = ButtonRequest::What;

namespace spoken_press_detail {

constexpr std::size_t kLastSteps = 40;  // of the thread's record
constexpr std::size_t kMostLooks = 3;   // for answers that are gone, or stand elsewhere

bool needs_rows(What what) {
    return what == What::chart || what == What::file;
}

bool needs_query(What what) {
    return needs_rows(what) || what == What::sql || what == What::again;
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
        if (answer->type != storage::kAnswerStep || answer->is_error)
            continue;
        const auto tool = std::find_if(steps.begin(), steps.end(), [&answer](const storage::Step& step) {
            return step.type == storage::kToolStep && step.parent_id == answer->parent_id;
        });
        const std::string ts = message_of(*answer);
        const bool has_query = tool != steps.end();
        if (!ts.empty() && (has_query || !needs_query(what)) &&
            (!needs_rows(what) || (has_query && row_count(*tool) > 0)))
            answers.push_back({answer->parent_id, ts});
    }
    return answers;
}

asio::awaitable<bool> SpokenPress::take(storage::Turn spoken, Visit visit) {
    using namespace spoken_press_detail;
    const auto request = button_request(spoken.question);
    if (!request)
        co_return false;
    auto turn = co_await last_answer(spoken.thread, request->what);
    std::optional<words::Word> why_not;
    if (!turn) {
        why_not = co_await why_not_here(spoken);
        if (!why_not)
            co_return false;
    }
    if (!done_.first({spoken.thread.channel, spoken.message_ts}))
        co_return true;
    if (turn)
        co_await press(spoken, *turn, std::move(visit), *request);
    else
        tell(spoken, *why_not);
    co_return true;
}

asio::awaitable<std::optional<words::Word>> SpokenPress::why_not_here(storage::Turn spoken) {
    const Deadline deadline = options_.look_deadline();
    auto newest = co_await storage_.newest_turn(spoken.thread, deadline);
    std::optional<words::Word> why;
    if (!newest)
        co_return why;
    if (*newest) {
        // Said of an answer that is not there yet.
        const bool is_awaited =
            !storage::is_final((*newest)->state) && (*newest)->audience != storage::Audience::person;
        if (is_awaited && (*newest)->message_ts != spoken.message_ts)
            why = words::Word::answer_comes_first;
        co_return why;
    }
    // The first words of a thread can mean no answer of it; nor can those in a thread that nobody has asked in. What
    // people say to each other there is none of ours.
    if (spoken.message_ts == spoken.thread.thread_ts) {
        why = words::Word::say_it_there;
    } else if (spoken.origin != storage::Origin::thread_reply) {
        auto served = co_await storage_.is_served(spoken.thread, deadline);
        if (served && !*served)
            why = words::Word::say_it_there;
    }
    co_return why;
}

// By the thread's record: what a query brought is told with its step.
asio::awaitable<std::optional<storage::Turn>> SpokenPress::last_answer(storage::ThreadKey thread, What what) {
    using namespace spoken_press_detail;
    // It is recorded only with its file.
    auto running = runner_.making_file(thread);
    if (running && running->answer_channel.empty())
        co_return running;
    const Deadline deadline = options_.look_deadline();
    if (what == What::ask_again) {
        // What has failed is asked again as well, and only the last question can be.
        auto newest = co_await storage_.newest_turn(thread, deadline);
        std::optional<storage::Turn> ended;
        if (newest && *newest && storage::is_final((*newest)->state) && !(*newest)->progress_ts.empty() &&
            (*newest)->answer_channel.empty())
            ended = **newest;
        co_return ended;
    }
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
        if (*turn && stands_here(**turn) && storage::step_id((*turn)->id, storage::kRunStep) == answer.run_id)
            co_return **turn;
    }
    co_return std::nullopt;
}

void SpokenPress::tell(const storage::Turn& spoken, words::Word word, std::initializer_list<words::Value> values) {
    notes_.tell(spoken.user, note_place(spoken),
                words::say(people_.language_of(spoken.thread.team, spoken.user), word, values));
}

asio::awaitable<void> SpokenPress::press(const storage::Turn& spoken, const storage::Turn& turn, Visit visit,
                                         ButtonRequest request) {
    const bool can_wait = request.what == What::chart || request.what == What::sql;
    if (!can_wait && !storage::is_final(turn.state)) {
        tell(spoken, words::Word::file_is_being_made);
        co_return;
    }
    if (request.what == What::share) {
        const Place place = place_of(turn);
        const std::string link = message_link(self_.url, place.channel, turn.progress_ts, place.thread_ts);
        tell(spoken, words::Word::nothing_to_share, {{"link", slack::escape(link)}});
        co_return;
    }
    slack::BlockActions actions;
    actions.team = spoken.thread.team;
    actions.user = spoken.user;
    actions.channel = storage::answer_channel(turn);
    actions.message_ts = turn.progress_ts;
    actions.thread_ts = spoken.thread.thread_ts;
    slack::Action action;
    Press press{actions, action, std::move(visit), spoken.thread, note_place(spoken), true, request.format};
    switch (request.what) {
        case What::chart:
            action.value = answer::chart_value({request.chart, turn.id});
            co_await actions_.press_chart(press);
            break;
        case What::sql:
            action.value = turn.id;
            co_await actions_.press_explain(press);
            break;
        case What::file:
            action.value = answer::more_value({answer::MoreChoice::csv, turn.id});
            co_await actions_.press_more(press);
            break;
        case What::again:
            action.value = answer::more_value({answer::MoreChoice::again, turn.id});
            co_await actions_.press_more(press);
            break;
        case What::space:
            action.value = answer::more_value({answer::MoreChoice::space, turn.id});
            co_await actions_.press_more(press);
            break;
        case What::ask_again:
            action.value = turn.id;
            co_await follow_up_.ask_again(press);
            break;
        case What::good:
        case What::bad:
            action.value = answer::rating_value({request.what == What::good, turn.id});
            co_await rating_.press(press);
            break;
        case What::share:
            break;
    }
}

}  // namespace genie_slack::relay
