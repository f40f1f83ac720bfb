// What a thread's messages and its record tell of the facts by which the bot speaks (manners.hpp). Pure.
#pragma once

#include "app/relay/manners/manners.hpp"
#include "app/relay/self.hpp"
#include "slack/api/web_api.hpp"
#include "storage/types.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace genie_slack::relay {

// How many lines people wrote to each other since the bot's last message, before the turn's own.
std::size_t talk_in(const std::vector<slack::ThreadMessage>& messages, const storage::Turn& turn, ThreadFacts facts,
                    ThreadReplies mode, const Self& self);
// What the thread's last steps tell of who asked, and of what the bot said last.
void learn_from(const std::vector<storage::Step>& steps, const std::string& user, ThreadFacts& facts);

}  // namespace genie_slack::relay
