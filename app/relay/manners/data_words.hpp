// Words by which a line speaks of data rather than of people's own affairs: "revenue", "Q3", "top", "by region". Pure.
#pragma once

#include "app/relay/manners/line_phrases.hpp"

namespace genie_slack::relay::phrases {

// What a company measures: "orders", "Umsatz".
bool names_measure(const Words& words);
// Also periods, places, order and number, and what narrows an answer down. "The weekly" is none of them.
bool names_data(const Words& words);

}  // namespace genie_slack::relay::phrases
