// What the relay's features are told by the configuration.
#pragma once

#include "app/relay/manners/manners.hpp"
#include "core/clock.hpp"

#include <cstddef>
#include <set>
#include <string>

namespace genie_slack::relay {

struct RelayOptions {
    Duration accept_time = std::chrono::milliseconds(1500);  // of one storage call before an ack
    Duration look_time = std::chrono::milliseconds(700);     // of what else is asked before an ack
    Duration storage_time = std::chrono::seconds(10);
    Duration recovery_interval = std::chrono::seconds(5);  // about how often turns without an owner are looked for
    bool hand_over = false;  // storage outlives the process: what is cut off goes on in another one
    std::size_t recovered_at_once = 100;
    ThreadReplies thread_replies = ThreadReplies::automatic;  // THREAD_REPLIES
    bool private_answers = false;                             // ANSWERS_IN_CHANNELS=private
    bool links_only = false;                                  // LINKS_ONLY: nothing of the data is shown in Slack
    std::set<std::string> admins;                             // ADMIN_USERS

    // For a storage call on whose result an ack waits.
    Deadline ack_deadline() const { return Deadline::after(accept_time); }
    // For what Slack or storage is asked before an ack about a person, a channel or a thread. A form has to be opened
    // within the 3 s that its trigger lives, and an ack is due as soon.
    Deadline look_deadline() const { return Deadline::after(look_time); }
};

}  // namespace genie_slack::relay
