// Emoji in what people write, as characters and as Slack's names of them. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace genie_slack::slack {

// Length in bytes of the emoji that stands at `at`, 0 where none does: ":tada:", ":+1:", ":100:", a character, a
// keycap. What only changes the look of the one before it counts as one. The time 3:30:15 has none.
std::size_t emoji_at(std::string_view text, std::size_t at);

// With a space in place of each.
std::string without_emoji(std::string_view text);

}  // namespace genie_slack::slack
