// UTF-8, strictly: overlong forms, surrogates and what lies beyond U+10FFFF are invalid.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace genie_slack::slack::utf8 {

struct Character {
    std::size_t length = 1;  // bytes; 1 when invalid
    char32_t code_point = 0xFFFD;
    bool valid = false;
};

// The character at `position`, which must be inside `text`.
Character at(std::string_view text, std::size_t position);
void append(std::string& out, char32_t code_point);
// `text` with each invalid byte replaced by U+FFFD.
std::string sanitize(std::string_view text);
// Returns how many columns it takes in a fixed-width font: 0 for combining marks, 2 for wide ideographs and emoji.
int columns(char32_t code_point);

}  // namespace genie_slack::slack::utf8
