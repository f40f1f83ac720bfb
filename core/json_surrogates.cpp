#include "core/json_surrogates.hpp"

#include <charconv>
#include <cstddef>

namespace genie_slack {

namespace json_surrogates_detail {
namespace {

constexpr std::size_t kEscapeBytes = 6;  // \uXXXX
constexpr std::string_view kEscapedReplacement = "\\ufffd";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// The UTF-16 unit of the escape at `at`, or -1.
int unit_at(std::string_view json, std::size_t at) {
    if (json.size() < at + kEscapeBytes || json[at] != '\\' || json[at + 1] != 'u')
        return -1;
    int unit = -1;
    const char* end = json.data() + at + kEscapeBytes;
    const auto [rest, failure] = std::from_chars(json.data() + at + 2, end, unit, 16);
    return failure == std::errc() && rest == end ? unit : -1;
}

bool is_leading(int unit) {
    return unit >= 0xD800 && unit <= 0xDBFF;
}

bool is_trailing(int unit) {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

// U+D800 to U+DFFF as three bytes, which is no UTF-8.
bool is_surrogate_bytes(std::string_view json, std::size_t at) {
    return json.size() >= at + 3 && json[at] == '\xED' && static_cast<unsigned char>(json[at + 1]) >= 0xA0 &&
           static_cast<unsigned char>(json[at + 1]) <= 0xBF &&
           (static_cast<unsigned char>(json[at + 2]) & 0xC0) == 0x80;
}

}  // namespace
}  // namespace json_surrogates_detail

// Both replacements are as long as what they replace, so that places stay the same in the copy.
std::optional<std::string> mend_surrogates(std::string_view json) {
    using namespace json_surrogates_detail;
    std::optional<std::string> mended;
    const auto replace = [&](std::size_t at, std::string_view by) {
        if (!mended)
            mended.emplace(json);
        mended->replace(at, by.size(), by);
    };
    for (std::size_t at = json.find_first_of("\\\xED"); at != std::string_view::npos;
         at = json.find_first_of("\\\xED", at)) {
        if (json[at] == '\xED') {
            const bool surrogate = is_surrogate_bytes(json, at);
            if (surrogate)
                replace(at, kReplacement);
            at += surrogate ? 3 : 1;
            continue;
        }
        const int unit = unit_at(json, at);
        if (is_leading(unit) && is_trailing(unit_at(json, at + kEscapeBytes))) {
            at += 2 * kEscapeBytes;
            continue;
        }
        if (is_leading(unit) || is_trailing(unit))
            replace(at, kEscapedReplacement);
        // An escaped backslash must not be taken for the start of the next escape.
        at += unit >= 0 ? kEscapeBytes : 2;
    }
    return mended;
}

}  // namespace genie_slack
