// Remarks that look like a continuation and ask nothing: amazement ("wow, December"), a plan ("I will tell the team"),
// a link with a word beside it, an answer to what a colleague has just said ("yes, mostly the Germany deals"). Pure.
#pragma once

#include "app/relay/manners/line.hpp"

namespace genie_slack::relay {

// What stands right before a line.
enum class LineBefore {
    bots_question,  // the bot asked back, and the line may answer it
    bots_answer,
    colleagues,  // somebody else's line
};

// Whether `line` is nothing else, by English, German, Spanish and French words. In doubt it is none: silence to who
// asks is the worse fault.
bool is_remark(const Line& line, LineBefore before);

// Whether a line only takes back what was asked: "never mind", "vergiss es, danke".
bool takes_back(const Line& line);

}  // namespace genie_slack::relay
