// Writes numbers as text: grouped, written out, as percentages. Digits are moved, never calculated.
#include "app/answer/result/cell.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace genie_slack::answer {

using words::Language;

namespace number_detail {

// Longer numbers are easier to read in scientific notation.
constexpr long kLongestExpansion = 40;
// So many decimal digits always survive a double.
constexpr std::size_t kDoubleDigits = 15;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

struct Number {
    bool negative = false;
    std::string whole;
    std::string fraction;
    bool scientific = false;
    long exponent = 0;
};

std::string_view take_digits(std::string_view& text) {
    std::size_t count = 0;
    while (count < text.size() && is_digit(text[count]))
        ++count;
    const std::string_view digits = text.substr(0, count);
    text.remove_prefix(count);
    return digits;
}

std::optional<Number> parse_number(std::string_view text) {
    Number number;
    if (!text.empty() && text.front() == '-') {
        number.negative = true;
        text.remove_prefix(1);
    }
    number.whole = take_digits(text);
    if (number.whole.empty())
        return std::nullopt;
    if (!text.empty() && text.front() == '.') {
        text.remove_prefix(1);
        number.fraction = take_digits(text);
        if (number.fraction.empty())
            return std::nullopt;
    }
    if (!text.empty() && (text.front() == 'e' || text.front() == 'E')) {
        text.remove_prefix(1);
        number.scientific = true;
        const bool negative = !text.empty() && text.front() == '-';
        if (!text.empty() && (text.front() == '-' || text.front() == '+'))
            text.remove_prefix(1);
        const std::string_view digits = take_digits(text);
        if (digits.empty() || digits.size() > 4)
            return std::nullopt;
        for (const char digit : digits)
            number.exponent = number.exponent * 10 + (digit - '0');
        if (negative)
            number.exponent = -number.exponent;
    }
    return text.empty() ? std::optional<Number>(number) : std::nullopt;
}

void strip_leading_zeros(std::string& whole) {
    whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
    if (whole.empty())
        whole = "0";
}

// Moves the point by the exponent; false when the result would be too long.
bool expand(Number& number) {
    const long before = static_cast<long>(number.whole.size()) + number.exponent;
    const long after = static_cast<long>(number.fraction.size()) - number.exponent;
    if (before > kLongestExpansion || after > kLongestExpansion)
        return false;
    std::string digits = number.whole + number.fraction;
    if (before < 0)
        digits.insert(0, static_cast<std::size_t>(-before), '0');
    const auto point = static_cast<std::size_t>(std::max(before, 0L));
    if (digits.size() < point)
        digits.append(point - digits.size(), '0');
    number.whole = digits.substr(0, point);
    number.fraction = digits.substr(point);
    strip_leading_zeros(number.whole);
    number.fraction.erase(number.fraction.find_last_not_of('0') + 1);
    return true;
}

// Writes a number out; nothing for what is no plain number or too long for it.
std::optional<Number> read_plain(std::string_view text) {
    auto number = parse_number(text);
    if (number && number->scientific && !expand(*number))
        return std::nullopt;
    return number;
}

std::string group_thousands(std::string digits, std::string_view separator) {
    for (std::size_t position = digits.size(); position > 3;) {
        position -= 3;
        digits.insert(position, separator);
    }
    return digits;
}

std::string write(Language language, const Number& number, bool grouped) {
    const words::Separators separators = words::separators_of(language);
    const bool padded = number.whole.size() > 1 && number.whole.front() == '0';
    std::string out = number.negative ? "-" : "";
    out += grouped && !padded ? group_thousands(number.whole, separators.thousands) : number.whole;
    if (!number.fraction.empty()) {
        out += separators.decimal;
        out += number.fraction;
    }
    return out;
}

std::string with_percent_sign(Language language, std::string number) {
    return number.append(words::percent_sign(language));
}

}  // namespace number_detail

std::string format_number(Language language, std::string_view text, bool grouped) {
    const auto number = number_detail::read_plain(text);
    return number ? number_detail::write(language, *number, grouped) : std::string(text);
}

std::string format_share(Language language, std::string_view text) {
    auto number = number_detail::read_plain(text);
    if (!number)
        return std::string(text);
    number->fraction.resize(std::max<std::size_t>(number->fraction.size(), 2), '0');
    number->whole += number->fraction.substr(0, 2);
    number->fraction.erase(0, 2);
    number_detail::strip_leading_zeros(number->whole);
    return number_detail::with_percent_sign(language, number_detail::write(language, *number, true));
}

std::string format_percent(Language language, std::string_view text) {
    const auto number = number_detail::read_plain(text);
    return number ? number_detail::with_percent_sign(language, number_detail::write(language, *number, true))
                  : std::string(text);
}

std::optional<NumberFacts> facts_of(std::string_view text) {
    auto number = number_detail::read_plain(text);
    if (!number)
        return std::nullopt;
    number_detail::strip_leading_zeros(number->whole);
    number->fraction.erase(number->fraction.find_last_not_of('0') + 1);
    NumberFacts facts;
    facts.whole = number->fraction.empty();
    facts.above_one = number->whole != "0" && (number->whole != "1" || !facts.whole);
    const std::string digits = (number->whole == "0" ? "" : number->whole) + number->fraction;
    const std::size_t first = digits.find_first_not_of('0');
    const std::size_t last = digits.find_last_not_of('0');
    facts.digits = first == std::string::npos ? 1 : last - first + 1;
    return facts;
}

std::optional<double> exact_double(std::string_view text) {
    const auto facts = facts_of(text);
    if (!facts || facts->digits > number_detail::kDoubleDigits)
        return std::nullopt;
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

}  // namespace genie_slack::answer
