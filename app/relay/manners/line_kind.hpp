// What kind of thing a line says, by its form alone: English and German words and the order they stand in. Of
// Spanish and French it knows what wants no answer, and the words that most lines begin with.
#pragma once

#include "app/relay/manners/line.hpp"

namespace genie_slack::relay {

// In the order in which one sentence of a line outweighs the others.
enum class LineKind {
    nothing,    // no words: a link alone, a file alone
    courtesy,   // thanks, laughter, emoji: nobody expects an answer
    agreement,  // yes, no, ok: an answer where something was asked, else courtesy
    fragment,   // "only EMEA", "by month": goes on with what was said before
    statement,  // "looks right to me"
    personal,   // a question, but perhaps to a person: "can you split that?", "why?"
    request,    // "show me the orders"
    question,   // a question by its form, to nobody in person
    to_people,  // "Anna, can you check?", "shall we meet?"
};

LineKind kind_of(const Line& line);

}  // namespace genie_slack::relay
