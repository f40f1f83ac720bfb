#include "app/answer/result/sheet_cells.hpp"

#include "app/answer/result/cell.hpp"
#include "app/answer/result/columns.hpp"
#include "slack/text/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>

namespace genie_slack::answer {

namespace sheet_cells_detail {

constexpr std::size_t kMaxUnits = 32'767;  // of UTF-16, in a cell
constexpr std::size_t kWidest = 60;        // characters
constexpr std::size_t kNarrowest = 8;
constexpr std::size_t kMostDecimals = 6;
constexpr std::string_view kCutMark = "\xE2\x80\xA6";
constexpr std::string_view kEscape = "_x005F_";  // an underscore
constexpr const char* kDayFormat = "yyyy-mm-dd";
constexpr const char* kTimeFormat = "yyyy-mm-dd hh:mm:ss";
constexpr const char* kFractionFormat = "yyyy-mm-dd hh:mm:ss.000";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_hex(char c) {
    return is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}
// "decimal(10,2)" is the type DECIMAL.
std::string type_of(const genie::Column& column) {
    std::string type = column.type_name.substr(0, column.type_name.find('('));
    std::transform(type.begin(), type.end(), type.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return type;
}

// Visits every value that is there until `visit` says false; whether it never did.
template <class Visit>
bool all_values(const genie::ResultTable& table, std::size_t column, Visit visit) {
    for (const auto& row : table.rows)
        if (column < row.size() && row[column] && !visit(*row[column]))
            return false;
    return true;
}

std::size_t decimals_of(std::string_view text) {
    const std::size_t point = text.find('.');
    return point == std::string_view::npos ? 0 : text.size() - point - 1;
}

// Thousands in groups, and decimals where all values have as many.
std::string format_of_numbers(const genie::ResultTable& table, std::size_t column, const ColumnFormat& format) {
    if (format.kind == ValueKind::share)
        return "0.00%";
    std::optional<std::size_t> decimals;
    const bool even = all_values(table, column, [&](std::string_view text) {
        const std::size_t own = decimals_of(text);
        decimals = decimals.value_or(own);
        return text.find_first_of("eE") == std::string_view::npos && own == *decimals && own <= kMostDecimals;
    });
    if (!even || !decimals)
        return "";
    const std::string whole = format.grouped ? "#,##0" : "0";
    return *decimals == 0 ? whole : whole + '.' + std::string(*decimals, '0');
}

std::size_t width_of(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t i = 0; i < text.size() && width < kWidest && text[i] != '\n';) {
        const auto character = slack::utf8::at(text, i);
        width += static_cast<std::size_t>(slack::utf8::columns(character.code_point));
        i += character.length;
    }
    return width;
}

std::size_t width_of(const genie::ResultTable& table, std::size_t column, const ColumnPlan& plan) {
    std::size_t widest = 0;
    if (plan.kind == CellKind::moment)
        widest = plan.number_format.size();
    else
        all_values(table, column, [&widest](std::string_view text) {
            widest = std::max(widest, width_of(text));
            return widest < kWidest;
        });
    if (plan.kind == CellKind::number)
        widest += widest / 3;
    return std::clamp(std::max(widest, width_of(plan.header)) + 2, kNarrowest, kWidest);
}

// The digits of a text that was found to be a timestamp.
int digits_at(std::string_view text, std::size_t position, std::size_t count) {
    int value = 0;
    for (const char digit : text.substr(position, count))
        value = value * 10 + (digit - '0');
    return value;
}

struct CellText {
    std::string text;
    bool was_cut = false;
};

// "_x0041_" means "A" in a cell.
bool starts_escape(std::string_view text) {
    return text.size() >= 7 && text.starts_with("_x") && text[6] == '_' &&
           std::all_of(text.begin() + 2, text.begin() + 6, is_hex);
}

CellText fit_cell(std::string_view text) {
    const std::string clean = clean_lines(text);
    CellText cell;
    std::size_t units = 0;
    for (std::size_t i = 0; i < clean.size();) {
        const auto character = slack::utf8::at(clean, i);
        const std::string_view rest = std::string_view(clean).substr(i);
        i += character.length;
        // XML has no such characters.
        if (character.code_point == 0xFFFE || character.code_point == 0xFFFF)
            continue;
        const bool escaped = starts_escape(rest);
        const std::size_t needed = escaped ? kEscape.size() : character.code_point > 0xFFFF ? 2 : 1;
        const bool is_last = i >= clean.size();
        cell.was_cut = units + needed + (is_last ? 0 : 1) > kMaxUnits;
        if (cell.was_cut) {
            cell.text += kCutMark;
            return cell;
        }
        units += needed;
        cell.text += escaped ? kEscape : rest.substr(0, character.length);
    }
    return cell;
}

}  // namespace sheet_cells_detail

bool is_floating(const genie::Column& column) {
    const std::string type = sheet_cells_detail::type_of(column);
    return type == "DOUBLE" || type == "FLOAT" || type == "REAL";
}

bool has_leading_zero(std::string_view text) {
    using sheet_cells_detail::is_digit;
    if (text.starts_with('-'))
        text.remove_prefix(1);
    return text.size() > 1 && text[0] == '0' && is_digit(text[1]);
}

bool loses_digits(std::string_view text) {
    return has_leading_zero(text) || (facts_of(text) && !exact_double(text));
}

ColumnPlan plan_column(const genie::ResultTable& table, std::size_t column) {
    using namespace sheet_cells_detail;
    const genie::Column& described = table.columns[column];
    const ColumnFormat format = read_column(table, column);
    const std::string type = type_of(described);
    ColumnPlan plan;
    plan.header = described.name;
    if (is_numeric(described)) {
        plan.floating = is_floating(described);
        const bool exact =
            plan.floating || all_values(table, column, [](std::string_view text) { return !loses_digits(text); });
        // A sum over half of a column would be wrong: it is text as a whole.
        if (exact) {
            plan.kind = CellKind::number;
            plan.number_format = format_of_numbers(table, column, format);
        }
    } else if (type == "DATE" || format.kind == ValueKind::day) {
        plan.kind = CellKind::moment;
        plan.number_format = kDayFormat;
    } else if (format.kind == ValueKind::timestamp) {
        plan.kind = CellKind::moment;
        plan.number_format = format.fractions ? kFractionFormat : kTimeFormat;
        if (!format.unit.empty())
            plan.header += " (" + format.unit + ")";
    } else if (format.kind == ValueKind::truth) {
        plan.kind = CellKind::truth;
    }
    plan.width = width_of(table, column, plan);
    return plan;
}

std::optional<double> number_of(const std::string& text, bool floating) {
    if (!floating)
        return exact_double(text);
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc() && stop == end && std::isfinite(value) ? std::optional<double>(value) : std::nullopt;
}

std::optional<double> serial_of(const std::string& text) {
    using sheet_cells_detail::digits_at;
    using namespace std::chrono;
    const std::string full = text.size() == 10 ? text + " 00:00:00" : text;
    const auto parts = split_timestamp(full);
    if (!parts)
        return std::nullopt;
    const year_month_day date(year(digits_at(parts->date, 0, 4)),
                              month(static_cast<unsigned>(digits_at(parts->date, 5, 2))),
                              day(static_cast<unsigned>(digits_at(parts->date, 8, 2))));
    const int hours = digits_at(parts->time, 0, 2);
    const int minutes = digits_at(parts->time, 3, 2);
    const int seconds = digits_at(parts->time, 6, 2);
    if (!date.ok() || date < year(1900) / 3 / 1 || hours > 23 || minutes > 59 || seconds > 59)
        return std::nullopt;
    double fraction = 0;
    double weight = 0.1;
    for (const char digit : parts->fraction) {
        fraction += weight * (digit - '0');
        weight /= 10;
    }
    const auto days = (sys_days(date) - sys_days(year(1899) / 12 / 30)).count();
    return static_cast<double>(days) + (hours * 3600 + minutes * 60 + seconds + fraction) / 86'400;
}

std::string cell_text(std::string_view text) {
    return sheet_cells_detail::fit_cell(text).text;
}

bool outgrows_cell(std::string_view text) {
    using namespace sheet_cells_detail;
    // No byte needs more than an escape.
    return text.size() > kMaxUnits / kEscape.size() && fit_cell(text).was_cut;
}

}  // namespace genie_slack::answer
