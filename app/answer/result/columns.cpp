#include "app/answer/result/columns.hpp"

#include "app/answer/result/cell.hpp"
#include "app/answer/result/column_name.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

namespace genie_slack::answer {

namespace columns_detail {

constexpr std::string_view kNumericTypes[] = {"BYTE",    "SHORT",  "INT",     "LONG",     "FLOAT", "DOUBLE",
                                              "DECIMAL", "BIGINT", "TINYINT", "SMALLINT", "REAL"};
constexpr std::string_view kLabelWords[] = {"id", "ids", "uuid", "key",     "keys",     "code",   "year",  "years",
                                            "yr", "fy",  "zip",  "zipcode", "postcode", "postal", "phone", "sku"};
// These words name parts of a whole. "rate" is not among them: it may be a price, a speed or an exchange rate.
constexpr std::string_view kShareWords[] = {"share", "ratio", "fraction", "proportion"};
constexpr std::string_view kPercentWords[] = {"pct", "percent", "percentage"};
constexpr std::string_view kRateOf[] = {"conversion", "churn",  "retention", "error",    "failure", "success",
                                        "return",     "refund", "bounce",    "open",     "click",   "response",
                                        "approval",   "win",    "defect",    "attrition"};
constexpr std::string_view kCurrencies[] = {"usd", "eur", "gbp", "chf", "jpy", "cny", "inr", "cad",
                                            "aud", "nzd", "sek", "nok", "dkk", "pln", "czk", "huf",
                                            "brl", "mxn", "krw", "sgd", "hkd", "zar", "ils", "aed"};

template <std::size_t size>
bool is_among(const std::string_view (&words)[size], std::string_view word) {
    return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

template <std::size_t size>
bool has_one_of(const std::string_view (&wanted)[size], const std::vector<std::string>& words) {
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) { return is_among(wanted, word); });
}

std::string upper(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return out;
}

// "orderId", "order_id" and "Order ID" are the words "order" and "id".
std::vector<std::string> split_words(std::string_view name) {
    std::vector<std::string> words(1);
    char previous = ' ';
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        const bool starts_word = std::isupper(byte) && std::islower(static_cast<unsigned char>(previous));
        if ((!std::isalnum(byte) || starts_word) && !words.back().empty())
            words.emplace_back();
        if (std::isalpha(byte))
            words.back() += static_cast<char>(std::tolower(byte));
        previous = c;
    }
    if (words.back().empty())
        words.pop_back();
    return words;
}

// Visits every value that is there until `visit` says false. Returns whether there was one and it never did.
template <class Visit>
bool all_values(const genie::ResultTable& table, std::size_t column, Visit visit) {
    bool any = false;
    for (const auto& row : table.rows) {
        if (column >= row.size() || !row[column])
            continue;
        if (!visit(*row[column]))
            return false;
        any = true;
    }
    return any;
}

// Four digits between 1900 and 2099 in every row are years, whatever the column is called.
bool holds_years(const genie::ResultTable& table, std::size_t column) {
    return all_values(table, column, [](const std::string& value) {
        return value.size() == 4 && value.find_first_not_of("0123456789") == std::string::npos &&
               (value.compare(0, 2, "19") == 0 || value.compare(0, 2, "20") == 0);
    });
}

// A column holds percentages only where neither name nor values leave a doubt: 0.5 in a column "pct" could be either.
ValueKind kind_of_numbers(const genie::ResultTable& table, std::size_t column, const std::vector<std::string>& words) {
    bool above_one = false;
    bool all_whole = true;
    const bool plain = all_values(table, column, [&](const std::string& value) {
        const auto facts = facts_of(value);
        above_one = above_one || (facts && facts->above_one);
        all_whole = all_whole && facts && facts->whole;
        return facts.has_value();
    });
    if (!plain)
        return ValueKind::number;
    if (has_one_of(kPercentWords, words))
        return above_one ? ValueKind::percent : ValueKind::number;
    // "market_share" and "share_of_sales", but not "share_price".
    const bool is_share = !words.empty() && (is_among(kShareWords, words.back()) ||
                                             (words.size() > 1 && words[1] == "of" && is_among(kShareWords, words[0])));
    const bool is_rate = words.size() > 1 && words.back() == "rate" && is_among(kRateOf, words[words.size() - 2]);
    return (is_share || is_rate) && !above_one && !all_whole ? ValueKind::share : ValueKind::number;
}

bool is_all_zeros(std::string_view text) {
    return text.find_first_not_of('0') == std::string_view::npos;
}

// The day at the front of a date or a timestamp; nothing when there is none.
std::optional<std::string_view> day_of(std::string_view value) {
    constexpr std::string_view kForm = "0000-00-00";
    if (value.size() < kForm.size())
        return std::nullopt;
    for (std::size_t i = 0; i < kForm.size(); ++i)
        if (kForm[i] == '0' ? !std::isdigit(static_cast<unsigned char>(value[i])) : value[i] != '-')
            return std::nullopt;
    return value.substr(0, kForm.size());
}

// A column of days is read as one of months, quarters or years where they stand for such.
ColumnFormat read_days(const genie::ResultTable& table, std::size_t column) {
    std::vector<std::string_view> days;
    ColumnFormat format;
    const bool plain = all_values(table, column, [&](const std::string& value) {
        const auto day = day_of(value);
        days.push_back(day.value_or(std::string_view()));
        return day.has_value();
    });
    if (!plain)
        return format;
    format.kind = ValueKind::day;
    format.period = period_of(split_words(table.columns[column].name), days);
    return format;
}

ColumnFormat read_timestamps(const genie::ResultTable& table, std::size_t column) {
    bool midnight = true;
    bool utc = true;
    bool local = true;
    ColumnFormat format;
    const bool plain = all_values(table, column, [&](const std::string& value) {
        const auto parts = split_timestamp(value);
        if (!parts)
            return false;
        format.fractions = format.fractions || !is_all_zeros(parts->fraction);
        midnight = midnight && parts->time == "00:00:00";
        utc = utc && (parts->offset == "Z" || parts->offset == "+00:00");
        local = local && parts->offset.empty();
        return true;
    });
    if (!plain || (!utc && !local))
        return {};
    if (midnight && !format.fractions)
        return read_days(table, column);
    format.kind = ValueKind::timestamp;
    if (utc)
        format.unit = "UTC";
    return format;
}

std::string write_timestamp(const ColumnFormat& format, std::string_view value) {
    const auto parts = split_timestamp(value);
    if (!parts)
        return one_line(value);
    std::string out(parts->date);
    out += ' ';
    out += parts->time;
    if (format.fractions && !parts->fraction.empty()) {
        out += '.';
        out += parts->fraction;
    }
    return out;
}

}  // namespace columns_detail

bool is_numeric(const genie::Column& column) {
    return columns_detail::is_among(columns_detail::kNumericTypes, columns_detail::upper(column.type_name));
}

bool is_label_number(std::string_view column_name) {
    return columns_detail::has_one_of(columns_detail::kLabelWords, columns_detail::split_words(column_name));
}

ColumnFormat read_column(const genie::ResultTable& table, std::size_t column) {
    using namespace columns_detail;
    const genie::Column& described = table.columns[column];
    const std::string type = upper(described.type_name);
    ColumnFormat format;
    if (is_numeric(described)) {
        const auto words = split_words(described.name);
        format.right_aligned = true;
        format.grouped = !is_label_number(described.name) && !holds_years(table, column);
        format.kind = format.grouped ? kind_of_numbers(table, column, words) : ValueKind::number;
        if (words.size() > 1 && is_among(kCurrencies, words.back()) && format.kind == ValueKind::number)
            format.unit = upper(words.back());
    } else if (type == "TIMESTAMP" || type == "TIMESTAMP_NTZ") {
        format = read_timestamps(table, column);
    } else if (type == "DATE") {
        format = read_days(table, column);
    } else if (type == "BOOLEAN") {
        format.kind = ValueKind::truth;
    }
    return format;
}

std::string format_header(const genie::Column& column, const ColumnFormat& format) {
    std::string name = readable_name(column.name);
    if (format.unit.empty())
        return name;
    // What the name says itself is not repeated.
    const std::size_t size = format.unit.size();
    if (name.size() > size + 1 && columns_detail::upper(name.substr(name.size() - size)) == format.unit) {
        if (std::isalnum(static_cast<unsigned char>(name[name.size() - size - 1])))
            return name;
        name.erase(name.size() - size - 1);
    }
    return name + " (" + format.unit + ")";
}

std::string format_cell(words::Language language, const ColumnFormat& format, const std::optional<std::string>& value) {
    // A cell may hold megabytes, of which no view shows more than that.
    constexpr std::size_t kMostCharacters = 1'000;
    std::string text = value ? one_line(*value, kMostCharacters) : std::string();
    if (text.empty())
        return std::string(kEmptyCell);
    switch (format.kind) {
        case ValueKind::number:
            return format_number(language, text, format.grouped);
        case ValueKind::share:
            return format_share(language, text);
        case ValueKind::percent:
            return format_percent(language, text);
        case ValueKind::timestamp:
            return columns_detail::write_timestamp(format, text);
        case ValueKind::day:
            if (const auto day = columns_detail::day_of(text))
                return format_period(language, format.period, *day);
            return text;
        case ValueKind::truth:
            if (text == "true")
                return words::say(language, words::Word::yes);
            return text == "false" ? words::say(language, words::Word::no) : text;
        case ValueKind::text:
            break;
    }
    return text;
}

}  // namespace genie_slack::answer
