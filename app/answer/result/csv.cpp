#include "app/answer/result/csv.hpp"

#include "app/answer/result/cell.hpp"
#include "slack/text/markup.hpp"
#include "slack/text/utf8.hpp"

namespace genie_slack::answer {

namespace csv_detail {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kNameCharacters = 60;
constexpr std::size_t kTitleCharacters = 120;

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

bool runs_as_formula(std::string_view text) {
    return !text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos &&
           !is_plain_number(text);
}

void append_field(std::string& out, std::string_view text) {
    const bool formula = runs_as_formula(text);
    // Some programs drop outer spaces of a field that is not quoted.
    const bool quoted = text.empty() || text.find_first_of("\",\r\n") != std::string_view::npos ||
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

}  // namespace csv_detail

std::optional<std::string> write_csv(const genie::ResultTable& table, std::size_t max_bytes) {
    using namespace csv_detail;
    const std::size_t columns = table.columns.size();
    std::string out(kByteOrderMark);
    for (std::size_t column = 0; column < columns; ++column) {
        if (column > 0)
            out += ',';
        append_field(out, table.columns[column].name);
    }
    out += kLineEnd;
    for (const auto& row : table.rows) {
        for (std::size_t column = 0; column < columns; ++column) {
            if (column > 0)
                out += ',';
            if (column < row.size() && row[column])
                append_field(out, *row[column]);
            else if (columns == 1)
                // An empty line is no row to many readers.
                append_field(out, "");
        }
        out += kLineEnd;
        if (out.size() > max_bytes)
            return std::nullopt;
    }
    if (out.size() > max_bytes)
        return std::nullopt;
    return out;
}

std::string csv_name(std::string_view title) {
    using namespace csv_detail;
    // The name is made valid, and loses what cannot be seen.
    const std::string line = one_line(title);
    std::string name;
    std::size_t characters = 0;
    for (std::size_t i = 0; i < line.size() && characters < kNameCharacters;) {
        const std::size_t length = slack::utf8::at(line, i).length;
        const char c = line[i];
        const bool kept = length > 1 || is_digit(c) || is_letter(c) || (c == '-' && !name.empty());
        if (kept)
            name.append(line, i, length);
        else if (!name.empty() && name.back() != '_')
            name += '_';
        i += length;
        characters = slack::count_characters(name);
    }
    name.erase(name.find_last_not_of("_-") + 1);
    return (name.empty() ? "result" : name) + ".csv";
}

std::string csv_title(words::Language language, std::string_view title, const genie::ResultTable& table) {
    using words::Word;
    const std::string line = slack::truncate(one_line(title), csv_detail::kTitleCharacters);
    const auto rows = static_cast<std::int64_t>(table.rows.size());
    const bool more = table.truncated || table.total_rows > rows;
    return (line.empty() ? words::say(language, Word::result_title) : line) + " · " +
           words::say(language, more ? Word::first_rows : Word::all_rows, {{"rows", rows}});
}

}  // namespace genie_slack::answer
