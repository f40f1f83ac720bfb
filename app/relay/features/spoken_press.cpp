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
constexpr const char* kSaidAction = "said/";
constexpr const char* kDone = "done";
// As long as the same words may be delivered again while nobody knows what became of them.
constexpr Duration kHoldTime = std::chrono::minutes(10);

bool needs_rows(What what) {
    return what == What::chart || what == What::file;
}

bool needs_query(What what) {
    return needs_rows(what) || what == What::sql || what == What::check || what == What::again;
}

// Also in the thread that asked for a private answer, of which its asker alone shares.
bool is_answer_for(const storage::Turn& turn, const storage::Turn& spoken, What what) {
    if (turn.state != storage::TurnState::delivered || turn.message_id.empty() || turn.progress_ts.empty())
        return false;
    const bool is_own_private = turn.audience == storage::Audience::person && turn.user == spoken.user;
    return turn.answer_channel.empty() || (what == What::share && is_own_private);
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
            answers.push_back({answer->parent_id, ts, turn_of(*answer)});
    }
    return answers;
}

asio::awaitable<Said> SpokenPress::take(storage::Turn spoken, Visit visit, bool is_told_twice) {
    using namespace spoken_press_detail;
    auto request = button_request(spoken.question);
    if (!request)
        co_return Said::nothing;
    const Deadline deadline = options_.ack_deadline();
    const bool may_retry = request->what == What::again || request->what == What::ask_again;
    storage::StorageResult<bool> is_retried(false);
    if (may_retry)
        is_retried = co_await was_retried(spoken, deadline);
    if (!is_retried)
        co_return Said::unknown;
    if (*is_retried)
        co_return Said::done;
    auto turn = co_await find_answer(spoken, request->what, deadline);
    if (turn && !*turn && request->what == What::again) {
        // What the button below it does.
        request->what = What::ask_again;
        turn = co_await find_answer(spoken, request->what, deadline);
        if (turn && *turn && (*turn)->state != storage::TurnState::failed)
            turn = std::optional<storage::Turn>();
    }
    if (!turn)
        co_return Said::unknown;
    if (*turn)
        co_return co_await press_once(spoken, **turn, std::move(visit), *request);
    auto why_not = co_await why_not_here(spoken, deadline);
    if (!why_not)
        co_return Said::unknown;
    if (!*why_not)
        co_return Said::nothing;
    if (!is_told_twice && told_.first({spoken.thread.channel, spoken.message_ts}))
        tell(spoken, **why_not);
    co_return Said::done;
}

asio::awaitable<storage::StorageResult<bool>> SpokenPress::was_retried(const storage::Turn& spoken, Deadline deadline) {
    auto retry = co_await storage_.get_turn(storage::turn_id(spoken.thread, spoken_retry(spoken.message_ts)), deadline);
    if (!retry)
        co_return retry.error();
    co_return retry->has_value();
}

asio::awaitable<storage::StorageResult<std::optional<words::Word>>> SpokenPress::why_not_here(storage::Turn spoken,
                                                                                              Deadline deadline) {
    auto newest = co_await storage_.newest_turn(spoken.thread, deadline);
    if (!newest)
        co_return newest.error();
    std::optional<words::Word> why;
    if (*newest) {
        why = why_not_with(spoken, **newest);
        co_return why;
    }
    // The first words of a thread can mean no answer of it; nor can those in a thread that nobody has asked in. What
    // people say to each other there is none of ours.
    if (spoken.message_ts == spoken.thread.thread_ts) {
        why = words::Word::say_it_there;
    } else if (spoken.origin != storage::Origin::thread_reply) {
        auto served = co_await storage_.is_served(spoken.thread, deadline);
        if (!served)
            co_return served.error();
        if (!*served)
            why = words::Word::say_it_there;
    }
    co_return why;
}

std::optional<words::Word> SpokenPress::why_not_with(const storage::Turn& spoken, const storage::Turn& newest) {
    const bool is_its_own = newest.message_ts == spoken.message_ts;
    // It is a question already, and comes again.
    if (is_its_own && newest.question == spoken.question)
        return std::nullopt;
    if (newest.audience == storage::Audience::person || (is_its_own && spoken.message_ts == spoken.thread.thread_ts))
        return words::Word::say_it_there;
    // Said of an answer that is not there yet.
    if (!is_its_own && !storage::is_final(newest.state))
        return words::Word::answer_comes_first;
    if (is_its_own || newest.state == storage::TurnState::failed)
        return words::Word::no_answer_here;
    return std::nullopt;
}

SpokenPress::Look SpokenPress::find_answer(const storage::Turn& spoken, What what, Deadline deadline) {
    using namespace spoken_press_detail;
    // Without data in Slack nobody counts rows: the note that there is none is for every answer with a query.
    const What looked_for = options_.links_only && needs_rows(what) ? What::sql : what;
    // What has failed is asked again as well, and only the last question can be.
    const bool is_last = what == What::ask_again;
    // It is recorded only with its file.
    auto running = runner_.making_file(spoken.thread);
    storage::StorageResult<std::optional<storage::Turn>> found(std::optional<storage::Turn>{});
    if (running && running->answer_channel.empty())
        found = std::move(running);
    else if (is_last)
        found = co_await last_ended(spoken, deadline);
    else
        found = co_await last_answer(spoken, looked_for, deadline);
    if (found && !*found)
        found = co_await private_answer(spoken, looked_for, deadline);
    co_return found;
}

SpokenPress::Look SpokenPress::last_ended(const storage::Turn& spoken, Deadline deadline) {
    auto newest = co_await storage_.newest_turn(spoken.thread, deadline);
    const bool is_ended = newest && *newest && storage::is_final((*newest)->state) && !(*newest)->progress_ts.empty() &&
                          (*newest)->answer_channel.empty();
    if (newest && !is_ended)
        newest = std::optional<storage::Turn>();
    co_return newest;
}

// What a query brought is told with its step.
SpokenPress::Look SpokenPress::last_answer(const storage::Turn& spoken, What what, Deadline deadline) {
    using namespace spoken_press_detail;
    std::optional<storage::Turn> none;
    auto steps = co_await storage_.get_steps(storage::thread_id(spoken.thread), kLastSteps, deadline);
    if (!steps)
        co_return steps.error();
    std::size_t looks = 0;
    for (const RecordedAnswer& answer : answers_with(*steps, what)) {
        if (looks++ == kMostLooks)
            break;
        auto turn = co_await turn_of_answer(spoken, answer, deadline);
        if (!turn || (*turn && is_answer_for(**turn, spoken, what)))
            co_return turn;
    }
    co_return none;
}

SpokenPress::Look SpokenPress::turn_of_answer(const storage::Turn& spoken, const RecordedAnswer& answer,
                                              Deadline deadline) {
    std::string channel = spoken.thread.channel;
    std::string ts = answer.ts;
    if (!answer.turn_id.empty()) {
        auto turn = co_await storage_.get_turn(answer.turn_id, deadline);
        if (!turn || !*turn)
            co_return turn;
        channel = storage::answer_channel(**turn);
        ts = (*turn)->progress_ts;
    }
    // An edited question may have taken the message over.
    auto owner = co_await storage_.find_turn_by_answer(spoken.thread.team, std::move(channel), std::move(ts), deadline);
    if (owner && *owner && storage::step_id((*owner)->id, storage::kRunStep) != answer.run_id)
        owner = std::optional<storage::Turn>();
    co_return owner;
}

SpokenPress::Look SpokenPress::private_answer(const storage::Turn& spoken, What what, Deadline deadline) {
    using namespace spoken_press_detail;
    std::optional<storage::Turn> none;
    const storage::ThreadKey& thread = spoken.thread;
    if (!is_asked_directly(spoken) || spoken.message_ts == thread.thread_ts)
        co_return none;
    auto root = co_await storage_.find_turn_by_answer(thread.team, thread.channel, thread.thread_ts, deadline);
    if (!root)
        co_return root;
    const bool is_own = *root && (*root)->audience == storage::Audience::person && (*root)->user == spoken.user;
    if (!is_own || !storage::is_final((*root)->state))
        co_return none;
    if (what == What::ask_again)
        co_return root;
    auto steps = co_await storage_.get_steps(storage::thread_id((*root)->thread), kLastSteps, deadline);
    if (!steps)
        co_return steps.error();
    const std::string run_id = storage::step_id((*root)->id, storage::kRunStep);
    for (const RecordedAnswer& answer : answers_with(*steps, what))
        if (answer.run_id == run_id)
            co_return root;
    co_return none;
}

void SpokenPress::tell(const storage::Turn& spoken, words::Word word, std::initializer_list<words::Value> values) {
    notes_.tell(spoken.user, note_place(spoken),
                words::say(people_.language_of(spoken.thread.team, spoken.user), word, values));
}

// Each message comes as two events, perhaps to two processes, and again when its ack is lost.
asio::awaitable<Said> SpokenPress::press_once(const storage::Turn& spoken, const storage::Turn& turn, Visit visit,
                                              ButtonRequest request) {
    using namespace spoken_press_detail;
    // An edit may wish something else.
    const std::string action = kSaidAction + spoken.message_ts + '/' + name_uuid(spoken.question);
    const std::string owner = random_.uuid();
    auto begun = co_await storage_.begin_action(turn.id, action, owner, kHoldTime, options_.ack_deadline());
    if (!begun)
        co_return Said::unknown;
    if (!begun->granted || !begun->result.empty())
        co_return Said::done;
    const slack::Ack ack = co_await press(spoken, turn, std::move(visit), request);
    if (ack.send)
        co_await storage_.keep_result(turn.id, action, owner, kDone, options_.ack_deadline());
    else
        co_await storage_.end_action(turn.id, action, owner, options_.ack_deadline());
    co_return ack.send ? Said::done : Said::unknown;
}

asio::awaitable<slack::Ack> SpokenPress::share(const storage::Turn& spoken, const storage::Turn& turn, Press press) {
    if (turn.audience == storage::Audience::person) {
        // As if it had been pressed below the answer itself.
        if (press.visit.channel != press.actions.channel)
            press.visit.is_ext_shared.reset();
        press.visit.channel = press.actions.channel;
        press.visit.is_im = true;
        co_return co_await actions_.press_share(press);
    }
    const std::string link = answer_link(self_.url, turn);
    tell(spoken, is_direct(turn) ? words::Word::share_elsewhere : words::Word::nothing_to_share,
         {{"link", slack::escape(link)}});
    co_return slack::Ack::plain();
}

asio::awaitable<slack::Ack> SpokenPress::press(const storage::Turn& spoken, const storage::Turn& turn, Visit visit,
                                               ButtonRequest request) {
    const bool can_wait = request.what == What::chart || request.what == What::sql || request.what == What::check;
    if (!can_wait && !storage::is_final(turn.state)) {
        tell(spoken, words::Word::file_is_being_made);
        co_return slack::Ack::plain();
    }
    slack::BlockActions actions;
    actions.team = spoken.thread.team;
    actions.user = spoken.user;
    actions.channel = storage::answer_channel(turn);
    actions.message_ts = turn.progress_ts;
    actions.thread_ts = spoken.thread.thread_ts;
    slack::Action action;
    action.value = turn.id;
    Press press{actions,           action,        std::move(visit), spoken.thread, note_place(spoken), true,
                spoken.message_ts, request.format};
    switch (request.what) {
        case What::chart:
            action.value = answer::chart_value({request.chart, turn.id});
            co_return co_await actions_.press_chart(press);
        case What::sql:
            co_return co_await actions_.press_explain(press);
        case What::check:
            co_return co_await actions_.press_check(press);
        case What::file:
            action.value = answer::more_value({answer::MoreChoice::csv, turn.id});
            co_return co_await actions_.press_more(press);
        case What::again:
            action.value = answer::more_value({answer::MoreChoice::again, turn.id});
            co_return co_await actions_.press_more(press);
        case What::space:
            action.value = answer::more_value({answer::MoreChoice::space, turn.id});
            co_return co_await actions_.press_more(press);
        case What::ask_again:
            co_return co_await follow_up_.ask_again(press);
        case What::good:
        case What::bad:
            action.value = answer::rating_value({request.what == What::good, turn.id});
            co_return co_await rating_.press(press);
        case What::share:
            co_return co_await share(spoken, turn, std::move(press));
    }
    co_return slack::Ack::plain();
}

}  // namespace genie_slack::relay
