#include "app/answer/chart/chart_values.hpp"

#include "app/answer/result/cell.hpp"
#include "slack/text/markup.hpp"
#include "slack/text/utf8.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>

namespace genie_slack::answer {

namespace chart_values_detail {

// Beyond these a number has more digits than anyone counts.
constexpr double kLargest = 1e15;
constexpr double kSmallest = 1e-4;
// The largest value's decimals would leave nothing of values that are this much smaller.
constexpr double kTellingPart = 1000;

std::vector<std::string> split_characters(const std::string& text) {
    std::vector<std::string> characters;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = slack::utf8::at(text, i).length;
        characters.push_back(text.substr(i, length));
        i += length;
    }
    return characters;
}

// "North America total" -> "North A…ica total"
std::string keep_both_ends(const std::string& text, std::size_t characters) {
    const std::vector<std::string> all = split_characters(text);
    if (all.size() <= characters)
        return text;
    const std::size_t tail = (characters - 1) / 2;
    const std::size_t head = characters - 1 - tail;
    std::string out;
    for (std::size_t i = 0; i < head; ++i)
        out += all[i];
    out += "…";
    for (std::size_t i = all.size() - tail; i < all.size(); ++i)
        out += all[i];
    return out;
}

template <class Shorten>
std::vector<std::string> shorten_each(const std::vector<std::string>& texts, Shorten shorten) {
    std::vector<std::string> out;
    for (const std::string& text : texts)
        out.push_back(shorten(text));
    return out;
}

bool all_differ(const std::vector<std::string>& texts) {
    return std::set<std::string>(texts.begin(), texts.end()).size() == texts.size();
}

// Small numbers get four significant digits; others two decimals, as long as these are few digits in all.
int decimals_of(double value) {
    const double size = std::abs(value);
    const int magnitude = size == 0 ? 0 : static_cast<int>(std::floor(std::log10(size)));
    return magnitude < 0 ? std::min(3 - magnitude, 7) : std::clamp(5 - magnitude, 0, 2);
}

}  // namespace chart_values_detail

std::vector<std::string> shorten_uniquely(const std::vector<std::string>& texts, std::size_t characters) {
    using namespace chart_values_detail;
    const std::vector<std::string> lines = shorten_each(texts, [](const std::string& text) {
        std::string line = one_line(text);
        return line.empty() ? std::string(kEmptyCell) : line;
    });
    std::vector<std::string> out =
        shorten_each(lines, [&](const std::string& text) { return slack::truncate(text, characters); });
    if (all_differ(out))
        return out;
    out = shorten_each(lines, [&](const std::string& text) { return keep_both_ends(text, characters); });
    if (all_differ(out))
        return out;
    std::set<std::string> taken;
    for (std::size_t i = 0; i < out.size(); ++i) {
        std::string candidate = out[i];
        for (int number = 2; !taken.insert(candidate).second; ++number) {
            const std::string suffix = " (" + std::to_string(number) + ")";
            candidate = slack::truncate(lines[i], characters - suffix.size()) + suffix;
        }
        out[i] = candidate;
    }
    return out;
}

std::string format_decimals(words::Language language, double value, int decimals) {
    std::array<char, 400> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals, value);
    std::string text(buffer.data(), static_cast<std::size_t>(std::max(length, 0)));
    if (text.find_first_not_of("-0.") == std::string::npos && text.front() == '-')
        text.erase(0, 1);
    const auto [thousands, decimal] = words::separators_of(language);
    const std::size_t point = std::min(text.find('.'), text.size());
    if (point < text.size())
        text[point] = decimal;
    const std::size_t first = text.front() == '-' ? 1 : 0;
    for (std::size_t end = point; end > first + 3;)
        text.insert(end -= 3, thousands);
    return text;
}

std::string format_value(words::Language language, double value) {
    return format_value(language, value, value);
}

std::string format_value(words::Language language, double value, double largest) {
    using namespace chart_values_detail;
    const double size = std::abs(value);
    if (size != 0 && (size >= kLargest || size < kSmallest)) {
        std::array<char, 40> buffer{};
        const int length = std::snprintf(buffer.data(), buffer.size(), "%.3g", value);
        std::string text(buffer.data(), static_cast<std::size_t>(std::max(length, 0)));
        std::replace(text.begin(), text.end(), '.', words::separators_of(language).decimal);
        return text;
    }
    const int decimals = size * kTellingPart >= std::abs(largest) ? decimals_of(largest) : decimals_of(value);
    std::string text = format_decimals(language, value, decimals);
    const char decimal = words::separators_of(language).decimal;
    if (text.find(decimal) != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
        if (text.back() == decimal)
            text.pop_back();
    }
    return text;
}

}  // namespace genie_slack::answer
