#include "app/answer/result/csv.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

namespace genie_slack::answer {

namespace csv_detail {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kLineEnd = "\r\n";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::size_t take_digits(std::string_view& text) {
    std::size_t count = 0;
    while (count < text.size() && is_digit(text[count]))
        ++count;
    text.remove_prefix(count);
    return count;
}

void take_sign(std::string_view& text) {
    if (text.starts_with('-') || text.starts_with('+'))
        text.remove_prefix(1);
}

// Whether the text is a number such as "-12", "+0.5", "-1.5E-10".
bool is_plain_number(std::string_view text) {
    take_sign(text);
    std::size_t digits = take_digits(text);
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        digits += take_digits(text);
    }
    if (digits == 0)
        return false;
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        take_sign(text);
        if (take_digits(text) == 0)
            return false;
    }
    return text.empty();
}

// "inf", "NaN": how SQL writes what is no number.
bool is_no_finite_number(std::string_view text) {
    for (const std::string_view name : {"inf", "infinity", "nan"})
        if (text.size() == name.size() && std::equal(text.begin(), text.end(), name.begin(), [](char a, char b) {
                return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
            }))
            return true;
    return false;
}

// What calls a function, another program or another file: "SUM(", "cmd|' /C calc'!A0". Without it a cell can at most
// show something else than was written.
bool reaches_out(std::string_view text) {
    if (text.find_first_of("|!=[{@") != std::string_view::npos)
        return true;
    for (std::size_t open = text.find('('); open != std::string_view::npos; open = text.find('(', open + 1)) {
        const std::size_t before = text.find_last_not_of(' ', open == 0 ? std::string_view::npos : open - 1);
        if (open > 0 && before != std::string_view::npos && before < open &&
            (is_letter(text[before]) || static_cast<unsigned char>(text[before]) >= 0x80))
            return true;
    }
    return false;
}

// Digits in groups, as people write them: "49 170 1234567", "1-800-555-0100", "49 (0)170/123".
bool is_phone_number(std::string_view text) {
    const auto digits = std::count_if(text.begin(), text.end(), is_digit);
    return text.find_first_not_of("0123456789 -./()") == std::string_view::npos && digits >= 7 && digits <= 15;
}

// "5 %", "5,3", "2 03:04:05", "10 °C": begins with a figure, and there is nothing to calculate.
bool is_quantity(std::string_view text) {
    for (const std::string_view sign : {"$", "\xE2\x82\xAC", "\xC2\xA3", "\xC2\xA5"})
        if (text.starts_with(sign)) {
            text.remove_prefix(sign.size());
            break;
        }
    while (text.starts_with(' ') || text.starts_with('.') || text.starts_with(','))
        text.remove_prefix(1);
    return !text.empty() && is_digit(text.front()) && text.find_first_of("+-*/^&<>") == std::string_view::npos;
}

// What stands behind a leading "+" or "-".
bool is_harmless_behind_sign(char sign, std::string_view text) {
    if (text.find_first_not_of("+-. ") == std::string_view::npos || is_no_finite_number(text))
        return true;
    if (reaches_out(text))
        return false;
    if ((sign == '+' && is_phone_number(text)) || is_quantity(text))
        return true;
    // "- item" is a line of a list; "-item" and "-A1" could be names.
    const std::string_view words = text.substr(std::min(text.find_first_not_of(' '), text.size()));
    return words.size() < text.size() && !words.empty() && !is_digit(words.front()) &&
           std::string_view("+-*/").find(words.front()) == std::string_view::npos;
}

bool is_harmless_behind_at(std::string_view text) {
    if (text.empty())
        return true;
    const auto first = static_cast<unsigned char>(text.front());
    const bool is_name = is_letter(text.front()) || is_digit(text.front()) || first == '_' || first >= 0x80;
    return is_name && text.find_first_of("(+*/^&<>") == std::string_view::npos && !reaches_out(text);
}

// The character that makes a spreadsheet think of a formula, "\0" for none, and what stands behind it. Programs of East
// Asia take the wide forms too.
char first_sign(std::string_view& text) {
    struct Form {
        std::string_view text;
        char sign;
    };
    static constexpr Form kForms[] = {{"=", '='},
                                      {"+", '+'},
                                      {"-", '-'},
                                      {"@", '@'},
                                      {"\xEF\xBC\x9D", '='},
                                      {"\xEF\xBC\x8B", '+'},
                                      {"\xEF\xBC\x8D", '-'},
                                      {"\xEF\xBC\xA0", '@'}};
    for (const Form& form : kForms)
        if (text.starts_with(form.text)) {
            text.remove_prefix(form.text.size());
            return form.sign;
        }
    return '\0';
}

// After OWASP's page on CSV injection, except for values that no program runs: phone numbers, dashes, handles.
bool runs_as_formula(std::string_view text) {
    if (text.empty() || is_plain_number(text))
        return false;
    // Some programs drop what cannot be seen, and a formula comes to light.
    const auto byte = static_cast<unsigned char>(text.front());
    if (byte < 0x20 || byte == 0x7F)
        return true;
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    const char sign = first_sign(text);
    switch (sign) {
        case '=':
            return true;
        case '+':
        case '-':
            return !is_harmless_behind_sign(sign, text);
        case '@':
            return !is_harmless_behind_at(text);
        default:
            return false;
    }
}

void append_field(std::string& out, std::string_view text, char separator) {
    const bool formula = runs_as_formula(text);
    const char special[] = {'"', '\r', '\n', separator};
    // Some programs drop outer spaces of a field that is not quoted.
    const bool quoted = text.empty() ||
                        text.find_first_of(std::string_view(special, sizeof special)) != std::string_view::npos ||
                        text.front() == ' ' || text.back() == ' ';
    if (quoted)
        out += '"';
    if (formula)
        out += '\'';
    for (const char c : text) {
        if (c == '"')
            out += '"';
        out += c;
    }
    if (quoted)
        out += '"';
}

// "1234.5" as "1234,5", for numbers of columns that hold numbers.
void append_value(std::string& out, const std::string& text, bool with_comma, char separator) {
    if (!with_comma || !is_plain_number(text)) {
        append_field(out, text, separator);
        return;
    }
    std::string number = text;
    std::replace(number.begin(), number.end(), '.', ',');
    out += number;
}

bool has_fractions(const genie::Column& column) {
    const std::string type = column.type_name.substr(0, column.type_name.find('('));
    for (const std::string_view name : {"DECIMAL", "DOUBLE", "FLOAT"})
        if (type.size() == name.size() && std::equal(type.begin(), type.end(), name.begin(), [](char a, char b) {
                return (a >= 'a' && a <= 'z' ? static_cast<char>(a - 'a' + 'A') : a) == b;
            }))
            return true;
    return false;
}

// Languages whose spreadsheets write "1.234,5" and separate by semicolons, by CLDR; and places that differ from their
// language.
constexpr std::string_view kCommaLanguages[] = {"de", "fr", "it", "es", "pt", "nl", "pl", "ru", "uk", "tr", "sv",
                                                "da", "nb", "nn", "no", "fi", "cs", "sk", "sl", "hr", "sr", "hu",
                                                "ro", "bg", "el", "et", "lv", "lt", "id", "vi", "ca"};
constexpr std::string_view kPointPlaces[] = {"es-MX", "es-US", "es-LA", "es-419", "es-PR", "es-DO",
                                             "es-GT", "es-HN", "es-NI", "es-PA",  "es-PE", "es-SV"};

}  // namespace csv_detail

CsvDialect csv_dialect(CsvForm form, std::string_view locale) {
    using namespace csv_detail;
    const CsvDialect comma;
    CsvDialect semicolon;
    semicolon.separator = ';';
    semicolon.decimal_comma = true;
    if (form != CsvForm::of_reader)
        return form == CsvForm::semicolon ? semicolon : comma;
    std::string tag(locale.substr(0, 20));
    std::replace(tag.begin(), tag.end(), '_', '-');
    const std::string language = tag.substr(0, tag.find('-'));
    const auto is_tag = [&tag](std::string_view place) { return tag == place; };
    if (std::any_of(std::begin(kPointPlaces), std::end(kPointPlaces), is_tag) ||
        std::find(std::begin(kCommaLanguages), std::end(kCommaLanguages), language) == std::end(kCommaLanguages))
        return comma;
    // Switzerland and Liechtenstein separate by semicolons and have a decimal point.
    if (tag.ends_with("-CH") || tag.ends_with("-LI"))
        semicolon.decimal_comma = false;
    return semicolon;
}

std::optional<std::string> write_csv(const genie::ResultTable& table, std::size_t max_bytes, CsvDialect dialect) {
    using namespace csv_detail;
    const std::size_t columns = table.columns.size();
    std::vector<bool> with_comma;
    std::string out(kByteOrderMark);
    for (std::size_t column = 0; column < columns; ++column) {
        if (column > 0)
            out += dialect.separator;
        append_field(out, table.columns[column].name, dialect.separator);
        with_comma.push_back(dialect.decimal_comma && has_fractions(table.columns[column]));
    }
    out += kLineEnd;
    for (const auto& row : table.rows) {
        for (std::size_t column = 0; column < columns; ++column) {
            if (column > 0)
                out += dialect.separator;
            if (column < row.size() && row[column])
                append_value(out, *row[column], with_comma[column], dialect.separator);
            else if (columns == 1)
                // An empty line is no row to many readers.
                append_field(out, "", dialect.separator);
        }
        out += kLineEnd;
        if (out.size() > max_bytes)
            return std::nullopt;
    }
    if (out.size() > max_bytes)
        return std::nullopt;
    return out;
}

}  // namespace genie_slack::answer
