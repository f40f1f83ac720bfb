// Where a turn's message stands, who may have it there, and the first sign of life.
#include "app/relay/notes.hpp"
#include "app/relay/turn/turn_runner.hpp"
#include "app/relay/turn/turn_runner_parts.hpp"

#include "core/log.hpp"
#include "slack/text/markup.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;
using answer::Failure;
using words::Word;

namespace turn_place_detail {

constexpr Duration kPlaceTime = std::chrono::seconds(15);
constexpr Duration kFirstGateTime = std::chrono::milliseconds(700);  // the first sign should not wait longer
constexpr Duration kGateTime = std::chrono::seconds(10);

}  // namespace turn_place_detail

// An edited question is answered where the one before it was.
asio::awaitable<void> TurnRunner::take_over_message(WorkPtr work) {
    storage::Turn& turn = work->turn;
    if (turn.replaces.empty() || !turn.progress_ts.empty())
        co_return;
    auto replaced = co_await storage_.get_turn(turn.replaces, Deadline::after(options_.storage_time));
    if (!replaced || !*replaced)
        co_return;
    turn.progress_ts = (*replaced)->progress_ts;
    turn.answer_channel = (*replaced)->answer_channel;
    turn.answer_thread = (*replaced)->answer_thread;
}

// False when there is no place for the answer: the turn has ended.
asio::awaitable<bool> TurnRunner::choose_place(WorkPtr work) {
    using namespace turn_place_detail;
    storage::Turn& turn = work->turn;
    if (turn.audience != storage::Audience::person || !turn.answer_channel.empty())
        co_return true;
    auto direct = co_await slack_.conversation_open(turn.user, work->deadline.sooner(kPlaceTime));
    if (direct) {
        turn.answer_channel = *direct;
        co_return true;
    }
    log::error("turn.no_place", {{"turn", turn.id}, {"error", direct.error().to_string()}});
    if (direct.error().error_class == slack::ErrorClass::cancelled)
        leave();
    Outcome outcome;
    outcome.is_error = true;
    outcome.text = words::say(language_of(turn), Word::no_direct_message);
    outcome.error_code = answer::to_string(Failure::cannot_deliver);
    co_await tell_in_thread(work, outcome.text, Deadline::after(kPlaceTime));
    co_await finish(work, std::move(outcome));
    co_return false;
}

// False when the person may not ask here: the turn has ended.
asio::awaitable<bool> TurnRunner::pass_gate(WorkPtr work) {
    using namespace turn_place_detail;
    storage::Turn& turn = work->turn;
    Visit visit;
    visit.team = turn.thread.team;
    visit.user = turn.user;
    visit.channel = turn.thread.channel;
    visit.is_im = turn.channel_type == "im";
    const bool shows_already = !turn.progress_ts.empty();
    const auto refusal = co_await gate_.check(visit, Deadline::after(shows_already ? kGateTime : kFirstGateTime));
    if (!refusal)
        co_return true;
    log::info("question.refused", {{"turn", turn.id}, {"user", turn.user}, {"why", to_string(*refusal)}});
    const std::string text = words::say(language_of(turn), word_for(*refusal));
    Outcome outcome;
    outcome.is_error = true;
    outcome.text = text;
    outcome.error_code = std::string("refused:") + to_string(*refusal);
    if (shows_already) {
        std::vector<answer::Rendered> ladder(1);
        ladder.front().text = text;
        co_await deliver(work, std::move(ladder), Deadline::after(options_.delivery_time));
    } else {
        co_await tell_in_thread(work, text, Deadline::after(kPlaceTime));
    }
    co_await finish(work, std::move(outcome));
    co_return false;
}

asio::awaitable<void> TurnRunner::tell_in_thread(WorkPtr work, std::string text, Deadline deadline) {
    const storage::Turn& turn = work->turn;
    slack::OutgoingMessage message(turn.thread.channel, std::move(text));
    message.thread_ts = note_place(turn).thread_ts;
    auto told = co_await slack_.post_ephemeral(turn.user, std::move(message), deadline);
    if (!told)
        log::warn("tell.failed", {{"turn", turn.id}, {"error", told.error().to_string()}});
}

// The message that will grow into the answer. False when nothing can be shown in this channel at all: the turn has
// ended.
asio::awaitable<bool> TurnRunner::show_first_sign(WorkPtr work) {
    storage::Turn& turn = work->turn;
    if (!turn.progress_ts.empty()) {
        show_progress(*work);
        co_return true;
    }
    auto posted = co_await work->live.begin(turn, work->lease, progress_of(*work), Deadline::after(kFirstSignTime));
    if (posted) {
        turn.progress_ts = posted->ts;
        storage::ChatRows none;
        const bool kept = co_await record(work, std::move(none));
        const bool is_news = kept && !turn.answer_channel.empty() && !has_no_thread(turn);
        if (is_news) {
            const std::string link = message_link(workspace_url_, turn.answer_channel, turn.progress_ts);
            std::string text = words::say(language_of(turn), Word::answering_privately, {{"link", link}});
            co_await tell_in_thread(work, std::move(text), Deadline::after(turn_place_detail::kPlaceTime));
        }
        co_return kept;
    }
    const slack::ApiError& error = posted.error();
    if (error.error_class == slack::ErrorClass::cancelled)
        leave();
    if (error.error_class != slack::ErrorClass::config) {
        // Slack is out of reach; the answer may still get through later.
        log::warn("turn.no_first_sign", {{"turn", turn.id}, {"error", error.to_string()}});
        co_return true;
    }
    log::warn("turn.channel_closed",
              {{"turn", turn.id}, {"channel", turn.thread.channel}, {"error", error.to_string()}});
    std::string text = words::say(language_of(turn), Word::channel_closed,
                                  {{"channel", "<#" + turn.thread.channel + ">"}, {"error", error.code}});
    auto told = co_await messenger_.tell_privately(turn.user, text, Deadline::after(kFirstSignTime));
    if (!told)
        log::error("turn.cannot_tell", {{"turn", turn.id}, {"error", told.error().to_string()}});
    Outcome outcome;
    outcome.is_error = true;
    outcome.text = std::move(text);
    outcome.error_code = answer::to_string(Failure::cannot_deliver);
    co_await finish(work, std::move(outcome));
    co_return false;
}

}  // namespace genie_slack::relay
