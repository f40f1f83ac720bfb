// One short friendly text for whoever does not know yet what to do here.
#pragma once

#include "app/answer/message/answer.hpp"
#include "app/words/words.hpp"

#include <string>
#include <vector>

namespace genie_slack::answer {

enum class HelpReason {
    asked,            // for help
    hello,            // a greeting: nothing that data could answer
    empty,            // no question
    unknown_command,  // a word behind the slash command that is none
    joined,           // the bot came into a channel
};

struct HelpInput {
    words::Language language = words::Language::english;
    HelpReason reason = HelpReason::asked;
    std::string bot_user;                                // Slack id of the bot
    words::Word heard = words::Word::heard_by_question;  // whom the bot hears in a thread
    std::string command;                                 // the word that is no command
    std::string space_title;                             // whose examples these are, "" when nobody knows
    std::vector<std::string> examples;
};

Rendered render_help(const HelpInput& input);
// Whom the bot, whose mention is `bot`, hears in a thread.
std::string say_who_is_heard(words::Language language, words::Word heard, const std::string& bot);

// Whether a text is a greeting, or the word "help", in any language spoken here, and nothing else.
bool is_greeting(std::string_view text);
bool is_call_for_help(std::string_view text);

// A short form in which a person looks over a question before it is asked.
struct QuestionView {
    words::Language language = words::Language::english;
    std::string callback_id;  // both come back with the form
    std::string private_metadata;
    std::string question;            // to begin with
    bool answers_privately = false;  // in the direct message, not in the thread
};
boost::json::object render_question_view(const QuestionView& form);

}  // namespace genie_slack::answer
