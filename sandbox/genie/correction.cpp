#include "sandbox/genie/correction.hpp"

#include "sandbox/genie/question_tokens.hpp"

#include <algorithm>
#include <cstddef>

namespace genie_slack::sandbox::databricks {

namespace correction_detail {

constexpr std::string_view kSpaces = " \t\n";
constexpr std::size_t kLongestMeant = 4;  // words

// Where the first `count` words end.
std::size_t end_of(std::string_view text, std::size_t count) {
    std::size_t end = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t start = std::min(text.find_first_not_of(kSpaces, end), text.size());
        end = std::min(text.find_first_of(kSpaces, start), text.size());
    }
    return end;
}

// The text behind the longest phrase that it begins with; all of it where it begins with none.
std::string_view behind(std::string_view text, const std::set<std::string>& phrases) {
    for (std::size_t count = kLongestMeant; count > 0; --count) {
        const std::size_t end = end_of(text, count);
        if (phrases.contains(normalize_question(text.substr(0, end))))
            return text.substr(end);
    }
    return text;
}

// "No," or "no -".
bool has_mark(std::string_view text) {
    const std::string_view first = text.substr(0, end_of(text, 1));
    const std::string_view second = text.substr(first.size(), end_of(text, 2) - first.size());
    const std::size_t start = std::min(first.find_first_not_of(kSpaces), first.size());
    return normalize_question(first).size() < first.size() - start || normalize_question(second).empty();
}

}  // namespace correction_detail

std::string_view without_correction(std::string_view text, const std::set<std::string>& denials,
                                    const std::set<std::string>& meant) {
    using namespace correction_detail;
    std::string_view rest = text;
    if (denials.contains(normalize_question(text.substr(0, end_of(text, 1))))) {
        const std::string_view denied = text.substr(end_of(text, 1));
        if (has_mark(text) || behind(denied, meant).size() < denied.size())
            rest = denied;
    }
    rest = behind(rest, meant);
    return normalize_question(rest).empty() ? text : rest;
}

}  // namespace genie_slack::sandbox::databricks
