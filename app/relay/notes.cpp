#include "app/relay/notes.hpp"

#include "app/relay/delivery/refusal_codes.hpp"
#include "app/relay/delivery/turn_message.hpp"
#include "app/relay/turn_facts.hpp"
#include "core/log.hpp"

#include <utility>

namespace genie_slack::relay {

namespace asio = boost::asio;

namespace notes_detail {

constexpr Duration kTellTime = std::chrono::seconds(20);

// Where a note stands about message `ts` in the thread `thread_ts`, which is "" for a message outside of threads.
NotePlace beside(const std::string& channel, const std::string& thread_ts, const std::string& ts) {
    NotePlace place;
    place.channel = channel;
    if (thread_ts != ts)
        place.thread_ts = thread_ts;
    return place;
}

// Whether Slack surely showed nothing, and the words were not what it minded.
bool is_other_way_open(const slack::ApiError& error) {
    switch (error.fault) {
        case slack::ApiFault::cancelled:
        case slack::ApiFault::ambiguous:
        case slack::ApiFault::payload:
            return false;
        case slack::ApiFault::rate:
        case slack::ApiFault::transient:
        case slack::ApiFault::auth:
        case slack::ApiFault::not_permitted:
        case slack::ApiFault::expired:
        case slack::ApiFault::streaming:
            return true;
    }
    return true;
}

}  // namespace notes_detail

using notes_detail::beside;

NotePlace note_place(const slack::MessageEvent& message) {
    return beside(message.channel, message.thread_ts, message.ts);
}

NotePlace note_place(const slack::BlockActions& actions) {
    NotePlace place = beside(actions.channel, actions.thread_ts, actions.message_ts);
    place.response_url = actions.response_url;
    return place;
}

NotePlace note_place(const slack::Shortcut& shortcut) {
    NotePlace place = beside(shortcut.channel, shortcut.thread_ts, shortcut.message_ts);
    place.response_url = shortcut.response_url;
    return place;
}

NotePlace note_place(const storage::Turn& turn) {
    NotePlace place;
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

NotePlace note_place_at_answer(const storage::Turn& turn) {
    if (turn.answer_channel.empty())
        return note_place(turn);
    const Place answer = place_of(turn);
    NotePlace place;
    place.channel = answer.channel;
    place.thread_ts = answer.thread_ts;
    return place;
}

asio::awaitable<slack::ApiResult<void>> tell_privately(slack::WebApi& slack, std::string user, std::string about,
                                                       std::string text, Deadline deadline) {
    auto channel = co_await slack.conversation_open(std::move(user), deadline);
    if (!channel)
        co_return channel.error();
    if (!about.empty() && !slack::is_direct_channel(about))
        text = "<#" + about + ">: " + text;
    slack::OutgoingMessage message(*channel, std::move(text));
    message.metadata_type = kNoteMetadata;
    auto posted = co_await slack.post_message(std::move(message), deadline);
    if (!posted)
        co_return posted.error();
    co_return slack::ApiResult<void>();
}

asio::awaitable<slack::ApiResult<slack::Posted>> post_note(slack::WebApi& slack, slack::OutgoingMessage message,
                                                           Deadline deadline) {
    auto posted = co_await slack.post_message(message, deadline);
    const bool minds_blocks =
        !posted && (posted.error().fault == slack::ApiFault::payload || is_indigestible(posted.error()));
    if (!minds_blocks || message.blocks.empty())
        co_return posted;
    log::info("note.without_blocks", {{"channel", message.channel}, {"error", posted.error().to_string()}});
    message.blocks.clear();
    co_return co_await slack.post_message(std::move(message), deadline);
}

asio::awaitable<slack::ApiResult<void>> Notes::show(std::string user, NotePlace place, answer::Rendered note,
                                                    Deadline deadline) {
    slack::OutgoingMessage message(place.channel, note.text);
    message.thread_ts = place.thread_ts;
    message.blocks = note.blocks;
    auto shown = co_await slack_.post_ephemeral(std::move(user), std::move(message), deadline);
    if (shown || place.response_url.empty() || !notes_detail::is_other_way_open(shown.error()))
        co_return shown;
    log::info("note.refused", {{"channel", place.channel}, {"error", shown.error().to_string()}});
    const bool responded = co_await respond(std::move(place.response_url), std::move(place.thread_ts), std::move(note));
    if (responded)
        co_return slack::ApiResult<void>();
    co_return shown;
}

asio::awaitable<bool> Notes::respond(std::string response_url, std::string thread_ts, answer::Rendered note) {
    slack::WebApi::UrlResponse response;
    response.text = std::move(note.text);
    response.blocks = std::move(note.blocks);
    response.thread_ts = std::move(thread_ts);
    auto responded =
        co_await slack_.respond(std::move(response_url), std::move(response), Deadline::after(notes_detail::kTellTime));
    if (!responded)
        log::info("note.not_responded", {{"error", responded.error().to_string()}});
    co_return responded.has_value();
}

asio::awaitable<void> Notes::remove(std::string response_url) {
    slack::WebApi::UrlResponse response;
    response.delete_original = true;
    auto removed =
        co_await slack_.respond(std::move(response_url), std::move(response), Deadline::after(notes_detail::kTellTime));
    if (!removed)
        log::debug("note.not_removed", {{"error", removed.error().to_string()}});
}

void Notes::take_back(std::string response_url) {
    if (!response_url.empty())
        background_.spawn("take back", remove(std::move(response_url)));
}

asio::awaitable<void> Notes::say(std::string user, NotePlace place, answer::Rendered note) {
    const std::string channel = place.channel;
    std::string text = note.text;
    auto sent = co_await show(user, std::move(place), std::move(note), Deadline::after(notes_detail::kTellTime));
    if (sent || !notes_detail::is_other_way_open(sent.error())) {
        if (!sent)
            log::warn("tell.failed", {{"channel", channel}, {"error", sent.error().to_string()}});
        co_return;
    }
    auto told = co_await tell_privately(slack_, std::move(user), channel, std::move(text),
                                        Deadline::after(notes_detail::kTellTime));
    if (!told)
        log::warn("tell.failed", {{"channel", channel}, {"error", told.error().to_string()}});
}

void Notes::tell(const std::string& user, const NotePlace& place, std::string text) {
    answer::Rendered note;
    note.text = std::move(text);
    tell(user, place, std::move(note));
}

void Notes::tell(const std::string& user, const NotePlace& place, answer::Rendered note) {
    background_.spawn("tell", say(user, place, std::move(note)));
}

}  // namespace genie_slack::relay
