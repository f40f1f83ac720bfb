// Notes that only one person sees ("Only visible to you").
#pragma once

#include "app/answer/message/answer.hpp"
#include "app/relay/turn_facts.hpp"
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
Place note_place(const slack::MessageEvent& message);
Place note_place(const slack::BlockActions& actions);
Place note_place(const slack::Shortcut& shortcut);
// About the turn's question, where it was asked.
Place note_place(const storage::Turn& turn);
// About the turn's answer, where that stands.
Place note_place_at_answer(const storage::Turn& turn);

class Notes {
 public:
    // Both must outlive it.
    Notes(slack::WebApi& slack, TaskGroup& background) : slack_(slack), background_(background) {}

    // In the background; what Slack refuses is logged.
    void tell(const std::string& user, const Place& place, std::string text);
    boost::asio::awaitable<slack::ApiResult<void>> show(std::string user, Place place, answer::Rendered note,
                                                        Deadline deadline);

 private:
    boost::asio::awaitable<void> say(std::string user, Place place, std::string text);

    slack::WebApi& slack_;
    TaskGroup& background_;
};

}  // namespace genie_slack::relay
