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

// What stands above a line in its thread.
struct TalkAbove {
    std::size_t talk = 0;            // lines that people wrote to each other since the bot's last message
    bool follows_colleague = false;  // the newest line is somebody else's
    std::string newest_line;         // the ts of the newest line of a person, "" for none
    bool has_others = false;         // somebody else than the writer of the line wrote there
};
// By the thread's `messages`, before the turn's own. Who is alone with the bot talks with nobody.
TalkAbove talk_above(const std::vector<slack::ThreadMessage>& messages, const storage::Turn& turn, ThreadFacts facts,
                     ThreadReplies mode, const Self& self);
// What the thread's last steps tell of who asked, and of what the bot said last.
void learn_from(const std::vector<storage::Step>& steps, const std::string& user, ThreadFacts& facts);
// Whether others than `user` asked one of them.
bool have_others_asked(const std::vector<storage::Step>& steps, const std::string& user);

}  // namespace genie_slack::relay
