#include "app/answer/cell.hpp"

#include "slack/utf8.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

namespace genie_slack::answer {

namespace cell_detail {

// Longer numbers are easier to read in scientific notation.
constexpr long kLongestExpansion = 40;

constexpr std::string_view kNumericTypes[] = {"BYTE",    "SHORT",  "INT",     "LONG",     "FLOAT", "DOUBLE",
                                              "DECIMAL", "BIGINT", "TINYINT", "SMALLINT", "REAL"};
constexpr std::string_view kLabelWords[] = {"id", "ids", "uuid", "key",     "keys",     "code",   "year",  "years",
                                            "yr", "fy",  "zip",  "zipcode", "postcode", "postal", "phone", "sku"};

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
    number.whole.erase(0, std::min(number.whole.find_first_not_of('0'), number.whole.size()));
    if (number.whole.empty())
        number.whole = "0";
    number.fraction.erase(number.fraction.find_last_not_of('0') + 1);
    return true;
}

std::string group_thousands(std::string digits, char separator) {
    for (std::size_t position = digits.size(); position > 3;) {
        position -= 3;
        digits.insert(position, 1, separator);
    }
    return digits;
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

bool is_override(char32_t c) {
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}
bool is_control(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}

}  // namespace cell_detail

bool is_numeric(const genie::Column& column) {
    std::string type = column.type_name;
    std::transform(type.begin(), type.end(), type.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return std::find(std::begin(cell_detail::kNumericTypes), std::end(cell_detail::kNumericTypes), type) !=
           std::end(cell_detail::kNumericTypes);
}

bool is_label_number(std::string_view column_name) {
    const auto is_label = [](const std::string& word) {
        return std::find(std::begin(cell_detail::kLabelWords), std::end(cell_detail::kLabelWords), word) !=
               std::end(cell_detail::kLabelWords);
    };
    std::string word;
    char previous = ' ';
    for (const char c : column_name) {
        const bool starts_word =
            std::isupper(static_cast<unsigned char>(c)) && std::islower(static_cast<unsigned char>(previous));
        if (!std::isalnum(static_cast<unsigned char>(c)) || starts_word) {
            if (is_label(cell_detail::lower(word)))
                return true;
            word.clear();
        }
        if (std::isalpha(static_cast<unsigned char>(c)))
            word += c;
        previous = c;
    }
    return is_label(cell_detail::lower(word));
}

std::string format_number(words::Language language, std::string_view text, bool grouped) {
    auto number = cell_detail::parse_number(text);
    if (!number || (number->scientific && !cell_detail::expand(*number)))
        return std::string(text);
    const bool padded = number->whole.size() > 1 && number->whole.front() == '0';
    std::string out = number->negative ? "-" : "";
    const words::Separators separators = words::separators_of(language);
    out += grouped && !padded ? cell_detail::group_thousands(number->whole, separators.thousands) : number->whole;
    if (!number->fraction.empty())
        out += separators.decimal + number->fraction;
    return out;
}

std::string one_line(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    bool gap = false;
    for (std::size_t i = 0; i < text.size();) {
        const slack::utf8::Character character = slack::utf8::at(text, i);
        i += character.length;
        const char32_t c = character.code_point;
        if (c == ' ' || c == 0xA0 || cell_detail::is_control(c)) {
            gap = true;
            continue;
        }
        if (cell_detail::is_override(c))
            continue;
        if (gap && !out.empty())
            out += ' ';
        gap = false;
        slack::utf8::append(out, c);
    }
    return out;
}

std::string format_cell(words::Language language, const std::optional<std::string>& value, bool numeric, bool grouped) {
    if (!value)
        return std::string(kEmptyCell);
    std::string text = one_line(*value);
    if (text.empty())
        return std::string(kEmptyCell);
    return numeric ? format_number(language, text, grouped) : text;
}

}  // namespace genie_slack::answer
