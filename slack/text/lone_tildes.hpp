// A single "~" is no strike-through in what a language model writes: "~12M in EMEA and ~51M in APAC". md4c takes it for
// one, so it reads a stand-in instead; only "~~" strikes.
#pragma once

#include <string>
#include <string_view>

namespace genie_slack::slack {

// `markdown` with each "~" that stands alone replaced by a private character, in an address by letters.
std::string lone_tildes_hidden(std::string markdown);
// The other way.
std::string lone_tildes_shown(std::string_view text);

}  // namespace genie_slack::slack
