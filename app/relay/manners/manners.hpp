// When the bot speaks: whether a line in a thread that it serves is for it. Pure. In doubt it is silent towards people
// who have not asked it, and serves those who have.
#pragma once

#include "app/words/words.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace genie_slack::relay {

// THREAD_REPLIES: which replies without a mention are taken up.
enum class ThreadReplies {
    automatic,  // what continues, by who has asked; else what is a question and addresses nobody
    mention,    // none
    all,        // all but thanks and words to others
};

// What is known of a thread when the line comes.
struct ThreadFacts {
    bool is_direct = false;   // a direct message with the bot, or one that names it
    bool has_asked = false;   // the writer of the line asked the bot in this thread
    bool asked_back = false;  // the bot's last word here is a question
    // The newest questions in a row of which nobody but who wrote them read that they were not understood: they were
    // perhaps said to people.
    std::size_t misunderstood = 0;
    bool is_alone = false;              // nobody else writes here: there are no people to talk to
    bool follows_colleague = false;     // somebody else's line stands right before it
    std::optional<std::size_t> talk{};  // lines that people wrote to each other since; nothing: nobody knows
};

enum class Manner {
    take_up,   // it is a question for the bot
    courtesy,  // it wants no answer, and changes nothing
    leave,     // people talk with each other
};

// Whom the bot hears in a thread, as help says it.
words::Word heard_in_threads(ThreadReplies mode);

// What the writer of a line that is for the bot, and courtesy, reads where nothing was asked back: "yes please" answers
// nothing. Nothing for thanks and the like, which want no answer.
std::optional<words::Word> word_for_idle(std::string_view line);

// After so many lines among people only a mention brings the bot back.
inline constexpr std::size_t kTalkAmongPeople = 2;
// So many stand for the wish that it keeps out: then it says nothing, to nobody.
inline constexpr std::size_t kAskedToBeQuiet = 1'000'000;

// `line` is mrkdwn as Slack escaped it, `bot_user` the bot's id.
Manner manner_for(std::string_view line, const ThreadFacts& facts, ThreadReplies mode, std::string_view bot_user);

// Whether somebody plainly asks or wishes for something, and the bot keeps out of it because people talk among
// themselves, or because the writer, who has not asked here, may mean a colleague.
bool is_held_back(std::string_view line, const ThreadFacts& facts, ThreadReplies mode, std::string_view bot_user);

// Whether the bot speaks in spite of that talk where `line` is the first one below its answer, soon behind it, by whom
// that answer is for.
bool may_follow_answer(std::string_view line, const ThreadFacts& facts, ThreadReplies mode, std::string_view bot_user);

}  // namespace genie_slack::relay
