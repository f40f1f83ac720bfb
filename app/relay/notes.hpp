// Notes that only one person sees ("Only visible to you").
#pragma once

#include "app/answer/message/rendered.hpp"
#include "core/clock.hpp"
#include "core/task_group.hpp"
#include "slack/api/web_api.hpp"
#include "slack/events/events.hpp"
#include "storage/types.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace genie_slack::relay {

// Where a note to one person can be seen. Slack takes a note for a thread without replies and shows it to nobody
// (chat.postEphemeral: "only if there is already an active thread"), so a note goes into a thread only when we know of
// a reply there, ours or the one that is answered; else it goes to the channel.
struct NotePlace {
    std::string channel;
    std::string thread_ts;     // "": the channel
    std::string response_url;  // of what the person did, "" for none: a way to where we are no member
};
NotePlace note_place(const slack::MessageEvent& message);
NotePlace note_place(const slack::BlockActions& actions);
NotePlace note_place(const slack::Shortcut& shortcut);
// About the turn's question, where it was asked.
NotePlace note_place(const storage::Turn& turn);
// About the turn's answer, where that stands.
NotePlace note_place_at_answer(const storage::Turn& turn);

// Posts what is no answer: without its blocks when Slack refuses those or cannot draw them.
boost::asio::awaitable<slack::ApiResult<slack::Posted>> post_note(slack::WebApi& slack, slack::OutgoingMessage message,
                                                                  Deadline deadline);

// Posts `text` into the person's direct message with the bot; it begins with the channel that it is about, when that
// is another one ("" for none).
boost::asio::awaitable<slack::ApiResult<void>> tell_privately(slack::WebApi& slack, std::string user, std::string about,
                                                              std::string text, Deadline deadline);

class Notes {
 public:
    // Both must outlive it.
    Notes(slack::WebApi& slack, TaskGroup& background) : slack_(slack), background_(background) {}

    // In the background. Where Slack shows no note, the person reads it in the direct message.
    void tell(const std::string& user, const NotePlace& place, std::string text);
    // The same with blocks, which the direct message goes without.
    void tell(const std::string& user, const NotePlace& place, answer::Rendered note);
    // Takes the note away in which something was pressed, by the press's response_url; "": nothing is to be taken.
    void take_back(std::string response_url);
    // In the place, else by its response_url; the error is the place's own.
    boost::asio::awaitable<slack::ApiResult<void>> show(std::string user, NotePlace place, answer::Rendered note,
                                                        Deadline deadline);

 private:
    boost::asio::awaitable<void> say(std::string user, NotePlace place, answer::Rendered note);
    boost::asio::awaitable<void> remove(std::string response_url);
    boost::asio::awaitable<bool> respond(std::string response_url, std::string thread_ts, answer::Rendered note);

    slack::WebApi& slack_;
    TaskGroup& background_;
};

}  // namespace genie_slack::relay
