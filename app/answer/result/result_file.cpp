#include "app/answer/result/result_file.hpp"

#include "app/answer/result/cell.hpp"
#include "app/answer/result/columns.hpp"
#include "app/answer/result/sheet_cells.hpp"
#include "slack/text/markup.hpp"
#include "slack/text/utf8.hpp"

#include <algorithm>
#include <array>

namespace genie_slack::answer {

namespace result_file_detail {

constexpr std::size_t kNameCharacters = 60;
constexpr std::size_t kTitleCharacters = 120;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// "1-2", "3/4", "1.10", "1/2/2025": a day, a month or a shorter number to a spreadsheet. What starts with a year is
// read as what it is.
bool looks_like_date(std::string_view text) {
    std::size_t groups = 0;
    for (;;) {
        std::size_t digits = 0;
        while (digits < text.size() && is_digit(text[digits]))
            ++digits;
        if (digits == 0 || digits == 3 || digits > (groups == 0 ? 2u : 4u))
            return false;
        if (++groups > 3)
            return false;
        text.remove_prefix(digits);
        if (text.empty())
            return groups > 1;
        if (text.front() != '-' && text.front() != '/' && text.front() != '.')
            return false;
        text.remove_prefix(1);
    }
}

bool is_month(std::string_view word) {
    static constexpr std::array<std::string_view, 12> kMonths = {"january",   "february", "march",    "april",
                                                                 "may",       "june",     "july",     "august",
                                                                 "september", "october",  "november", "december"};
    std::string lower(word);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return std::any_of(kMonths.begin(), kMonths.end(), [&](std::string_view month) {
        return lower == month || lower == month.substr(0, 3) || (lower == "sept" && month == "september");
    });
}

// "MAR7", "1-Dec", "Sept 2", "2 May 2025": a day or a month to a spreadsheet. (Names of genes are famous for it.)
bool looks_like_named_date(std::string_view text) {
    std::size_t months = 0;
    std::size_t numbers = 0;
    while (!text.empty()) {
        const bool is_word = is_letter(text.front());
        std::size_t length = 0;
        while (length < text.size() && (is_word ? is_letter(text[length]) : is_digit(text[length])))
            ++length;
        if (length == 0 || (is_word ? !is_month(text.substr(0, length)) : length > 4))
            return false;
        ++(is_word ? months : numbers);
        text.remove_prefix(length);
        if (!text.empty() && std::string_view("-/. ").find(text.front()) != std::string_view::npos) {
            text.remove_prefix(1);
            if (text.empty())
                return false;
        }
    }
    return months == 1 && (numbers == 1 || numbers == 2);
}

// Whether a spreadsheet makes another value of this text.
bool is_changed_text(std::string_view text) {
    const std::string_view unsigned_text = text.starts_with('+') ? text.substr(1) : text;
    if (!unsigned_text.empty() && std::all_of(unsigned_text.begin(), unsigned_text.end(), is_digit))
        return unsigned_text.size() != text.size() || has_leading_zero(text) || !exact_double(text);
    const bool is_scientific = text.find_first_of("eE") != std::string_view::npos && facts_of(text);
    return is_scientific || looks_like_date(text) || looks_like_named_date(text);
}

// Whether a program that opens a CSV file changes a value of the column.
bool is_changed(const genie::ResultTable& table, std::size_t column) {
    const genie::Column& described = table.columns[column];
    const bool is_number = is_numeric(described);
    if (is_floating(described))
        return false;
    return std::any_of(table.rows.begin(), table.rows.end(), [&](const auto& row) {
        return column < row.size() && row[column] &&
               (is_number ? loses_digits(*row[column]) : is_changed_text(*row[column]));
    });
}

// Whether a spreadsheet would cut a value, which CSV has whole.
bool is_cut_in_sheet(const genie::ResultTable& table) {
    return std::any_of(table.rows.begin(), table.rows.end(), [](const auto& row) {
        return std::any_of(row.begin(), row.end(), [](const auto& cell) { return cell && outgrows_cell(*cell); });
    });
}

}  // namespace result_file_detail

bool wants_xlsx(FileFormat format, const genie::ResultTable& table) {
    using namespace result_file_detail;
    if (format != FileFormat::automatic)
        return format == FileFormat::xlsx;
    for (std::size_t column = 0; column < table.columns.size(); ++column)
        if (is_changed(table, column))
            return !is_cut_in_sheet(table);
    return false;
}

std::string file_name(std::string_view title, std::string_view extension) {
    using namespace result_file_detail;
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
    return (name.empty() ? "result" : name).append(extension);
}

std::string file_title(words::Language language, std::string_view title, const genie::ResultTable& table) {
    using words::Word;
    const std::string line = slack::truncate(one_line(title), result_file_detail::kTitleCharacters);
    const auto rows = static_cast<std::int64_t>(table.rows.size());
    const bool more = table.truncated || table.total_rows > rows;
    std::string text = (line.empty() ? words::say(language, Word::result_title) : line) + " · " +
                       words::say(language, more ? Word::first_rows : Word::all_rows, {{"rows", rows}});
    if (table.left_out_columns > 0)
        text += ", " + words::say(language, Word::first_columns,
                                  {{"columns", table.columns.size()},
                                   {"all_columns", table.columns.size() + table.left_out_columns}});
    return text;
}

}  // namespace genie_slack::answer
