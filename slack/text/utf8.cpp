#include "slack/text/utf8.hpp"

#include <algorithm>
#include <iterator>

namespace genie_slack::slack::utf8 {

Character at(std::string_view text, std::size_t position) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[position + i]); };
    const unsigned char first = byte(0);
    if (first < 0x80)
        return Character{1, first, true};
    std::size_t length = 0;
    char32_t smallest = 0;
    char32_t code_point = 0;
    if ((first & 0xE0) == 0xC0) {
        length = 2;
        smallest = 0x80;
        code_point = first & 0x1Fu;
    } else if ((first & 0xF0) == 0xE0) {
        length = 3;
        smallest = 0x800;
        code_point = first & 0x0Fu;
    } else if ((first & 0xF8) == 0xF0) {
        length = 4;
        smallest = 0x10000;
        code_point = first & 0x07u;
    } else {
        return {};
    }
    if (text.size() - position < length)
        return {};
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80)
            return {};
        code_point = (code_point << 6) | (byte(i) & 0x3Fu);
    }
    if (code_point < smallest || code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
        return {};
    return Character{length, code_point, true};
}

void append(std::string& out, char32_t code_point) {
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
        code_point = 0xFFFD;
    const auto tail = [&](int shift) { out += static_cast<char>(0x80u | ((code_point >> shift) & 0x3Fu)); };
    if (code_point < 0x80) {
        out += static_cast<char>(code_point);
    } else if (code_point < 0x800) {
        out += static_cast<char>(0xC0u | (code_point >> 6));
        tail(0);
    } else if (code_point < 0x10000) {
        out += static_cast<char>(0xE0u | (code_point >> 12));
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xF0u | (code_point >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
}

std::string sanitize(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const Character character = at(text, i);
        if (character.valid)
            out.append(text, i, character.length);
        else
            append(out, 0xFFFD);
        i += character.length;
    }
    return out;
}

int columns(char32_t code_point) {
    struct Range {
        char32_t first, last;
    };
    static constexpr Range kZero[] = {
        {0x0000, 0x001F}, {0x007F, 0x009F}, {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD},  {0x0610, 0x061A},
        {0x064B, 0x065F}, {0x0E34, 0x0E3A}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200F},  {0x202A, 0x202E},
        {0x2060, 0x2064}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xE0100, 0xE01EF}};
    static constexpr Range kWide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},
                                      {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
                                      {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F},
                                      {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF}, {0x1FA70, 0x1FAFF}, {0x20000, 0x3FFFD}};
    const auto inside = [code_point](const Range& range) {
        return code_point >= range.first && code_point <= range.last;
    };
    if (std::any_of(std::begin(kZero), std::end(kZero), inside))
        return 0;
    return std::any_of(std::begin(kWide), std::end(kWide), inside) ? 2 : 1;
}

}  // namespace genie_slack::slack::utf8
