// What is said before, or in place of, what a sentence wants: thanks, agreement, corrections of oneself, wishes.
#pragma once

#include "app/relay/manners/line_phrases.hpp"

#include <cstddef>

namespace genie_slack::relay::phrases {

// Nothing but courtesy, "great, thanks", or agreement, "ok yes".
bool is_all_courtesy(const Words& words);
bool is_all_agreement(const Words& words);
// Length of the thanks or praise at the beginning, with what it is for: "danke für die Zahlen", "thanks Ben". 0 when
// there is none, or when what follows may be said to the bot: "thanks, EMEA only".
std::size_t thanks_for(const Words& words);
// "I need", "we only need", "ich hätte das gern", also without its "I": "meinte 2025".
bool is_wish_at(const Words& words, std::size_t at);
// "by week would be great", "would be nice to have it by country".
bool is_mild_wish(const Words& words);
// A wish, or a question by its order of words: "can you", "ist der".
bool begins_clause_at(const Words& words, std::size_t at);
// "thanks, now by month" without its first word. Words that a comma sets apart go, and thanks without one. Something is
// left of every sentence that is not all courtesy.
Words without_greeting(Words words);

}  // namespace genie_slack::relay::phrases
