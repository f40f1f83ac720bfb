// Questions that lean on what was asked before them ("And by month?"), and how they are asked where something else came
// between.
#pragma once

#include "storage/types.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::relay {

// Whether plain words say little without the question before them. In doubt they do not: most of what people ask is no
// whole sentence. What with_context() made needs no more.
bool leans_on_context(std::string_view question);

// Whether plain words begin as what goes on with others, or are no question at all: "und 2024?", "thanks".
bool is_mere_continuation(std::string_view question);

// "And by month? (revenue by region)": what it belongs to in parentheses; `question` alone where that is "".
std::string with_context(const std::string& question, const std::string& before);

// The question of `turn` with those before it that it leans on, as far as the thread's `steps` tell them.
std::string asked_in_full(const storage::Turn& turn, const std::vector<storage::Step>& steps);

}  // namespace genie_slack::relay
