#include "app/relay/notes.hpp"

#include "core/log.hpp"

#include <utility>

namespace genie_slack::relay {

namespace asio = boost::asio;

namespace notes_detail {

constexpr Duration kTellTime = std::chrono::seconds(20);

// Of a message `ts` in the thread `thread_ts`, "" for a message outside of threads.
Place beside(const std::string& channel, const std::string& thread_ts, const std::string& ts) {
    Place place;
    place.channel = channel;
    if (thread_ts != ts)
        place.thread_ts = thread_ts;
    return place;
}

}  // namespace notes_detail

using notes_detail::beside;

Place note_place(const slack::MessageEvent& message) {
    return beside(message.channel, message.thread_ts, message.ts);
}

Place note_place(const slack::BlockActions& actions) {
    return beside(actions.channel, actions.thread_ts, actions.message_ts);
}

Place note_place(const slack::Shortcut& shortcut) {
    return beside(shortcut.channel, shortcut.thread_ts, shortcut.message_ts);
}

Place note_place(const storage::Turn& turn) {
    Place place;
    place.channel = turn.thread.channel;
    if (has_no_thread(turn))
        return place;
    const bool asked_in_reply = !turn.message_ts.empty() && turn.message_ts != turn.thread.thread_ts;
    const bool we_replied =
        turn.answer_channel.empty() && !turn.progress_ts.empty() && turn.progress_ts != turn.thread.thread_ts;
    if (asked_in_reply || we_replied)
        place.thread_ts = turn.thread.thread_ts;
    return place;
}

Place note_place_at_answer(const storage::Turn& turn) {
    return turn.answer_channel.empty() ? note_place(turn) : place_of(turn);
}

asio::awaitable<slack::ApiResult<void>> Notes::show(std::string user, Place place, answer::Rendered note,
                                                    Deadline deadline) {
    slack::OutgoingMessage message(std::move(place.channel), std::move(note.text));
    message.thread_ts = std::move(place.thread_ts);
    message.blocks = std::move(note.blocks);
    co_return co_await slack_.post_ephemeral(std::move(user), std::move(message), deadline);
}

asio::awaitable<void> Notes::say(std::string user, Place place, std::string text) {
    const std::string channel = place.channel;
    answer::Rendered note;
    note.text = std::move(text);
    auto sent =
        co_await show(std::move(user), std::move(place), std::move(note), Deadline::after(notes_detail::kTellTime));
    if (!sent)
        log::warn("tell.failed", {{"channel", channel}, {"error", sent.error().to_string()}});
}

void Notes::tell(const std::string& user, const Place& place, std::string text) {
    background_.spawn("tell", say(user, place, std::move(text)));
}

}  // namespace genie_slack::relay
