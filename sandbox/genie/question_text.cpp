#include "sandbox/genie/question_text.hpp"

#include "sandbox/genie/german.hpp"
#include "sandbox/genie/question_sql.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>

namespace genie_slack::sandbox::databricks {

namespace question_text_detail {

std::string listed(const std::vector<std::string>& parts, const std::string& last = " and ") {
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i)
        text += (i == 0 ? "" : i + 1 == parts.size() ? last : ", ") + parts[i];
    return text;
}

// What "for EMEA with status open above 100" is made of.
struct GivenWords {
    const char* before_values;
    const char* with;
    const char* also;
    const char* either;
    const char* above;
    const char* below;
    const char* without;
};
constexpr GivenWords kGivenEnglish{" for ", " with ", " and ", " or ", " above ", " below ", " without "};
constexpr GivenWords kGivenGerman{" für ", " mit ", " und ", " oder ", " über ", " unter ", " ohne "};

// " since January 2024" for 2024-01-01.
std::string since_text(const std::string& day, bool german) {
    if (day.empty())
        return {};
    return german ? " seit " + german_period_name("month", day) : " since " + period_name("month", day);
}

// Without the values that the only row names itself.
AskedFor besides_rows(AskedFor asked) {
    std::erase_if(asked.filters,
                  [&](const auto& one) { return one.second.size() == 1 && is_among(asked.by, one.first); });
    return asked;
}

// What is said of the first of several rows ("**EMEA** has the highest revenue: **12 EUR**, followed by …") says
// nothing where there is one: "**EMEA**{besides}{when}: **12 EUR**."
std::string of_the_only_row(const std::string& text) {
    constexpr std::string_view kKey = "**{first.key}**";
    const std::size_t start = text.find(": **");
    const std::size_t end = start == std::string::npos ? start : text.find("**", start + 4);
    if (!text.starts_with(kKey) || end == std::string::npos)
        return text;
    return std::string(kKey) + "{besides}{when}{ever}" + text.substr(start, end + 2 - start) + ".";
}

// "Revenue{for} went from 12 EUR (May 2025) to …" says nothing where there is one: "Revenue{for}: **12 EUR**."
std::string of_the_only_period(const std::string& text, bool named) {
    for (const std::string_view went : {" went from ", " ging von "}) {
        const std::size_t at = text.find(went);
        const std::size_t key = at == std::string::npos ? at : text.find(" ({first.key})", at);
        if (key != std::string::npos)
            return text.substr(0, at) + (named ? "" : " ({first.key})") + ": **" +
                   text.substr(at + went.size(), key - at - went.size()) + "**.";
    }
    return text;
}

// Whether the rows are the periods that were asked for, and name them: "2024 and 2025" by year.
bool rows_are_periods(const AskedFor& asked) {
    return asked.periods.size() > 1 && std::all_of(asked.periods.begin(), asked.periods.end(),
                                                   [&](const Period& one) { return one.unit == asked.grain; });
}

double number_of(const Cell& cell) {
    return cell ? std::strtod(cell->c_str(), nullptr) : 0;
}

std::string fixed(double value, int scale) {
    std::array<char, 400> buffer{};
    const int size = std::snprintf(buffer.data(), buffer.size(), "%.*f", scale, value);
    return {buffer.data(), static_cast<std::size_t>(size)};
}

}  // namespace question_text_detail

using namespace question_text_detail;

std::string filters_text(const AskedFor& asked, const std::set<std::string>& named, bool german) {
    const GivenWords& words = german ? kGivenGerman : kGivenEnglish;
    const auto amount = [&](const std::string& plain) {
        return german ? german_number(with_thousands(plain)) : with_thousands(plain);
    };
    std::string text;
    for (const auto& [column, values] : asked.filters)
        if (!named.contains(column))
            text += words.before_values + listed(values, words.also);
    std::string with;
    for (const auto& [column, values] : asked.filters)
        if (named.contains(column))
            with += (with.empty() ? words.with : words.also) + (german ? german_name(column) : column) + " " +
                    listed(values, words.either);
    text += with;
    std::vector<std::string> left_out;
    for (const auto& [column, values] : asked.without)
        left_out.push_back((named.contains(column) ? (german ? german_name(column) : column) + " " : "") +
                           listed(values, words.also));
    if (!left_out.empty())
        text += words.without + listed(left_out, words.also);
    if (!asked.above.empty())
        text += words.above + amount(asked.above);
    if (!asked.below.empty())
        text += words.below + amount(asked.below);
    return text;
}

std::string periods_text(const AskedFor& asked, bool german) {
    std::vector<std::string> periods;
    std::vector<Period> in_order = asked.periods;
    std::sort(in_order.begin(), in_order.end(), [](const Period& a, const Period& b) { return a.from < b.from; });
    for (const Period& period : in_order)
        periods.push_back(german ? german_label(period) : period.label);
    return periods.empty() ? "" : " " + listed(periods, german ? kGivenGerman.also : kGivenEnglish.also);
}

std::string with_thousands(const std::string& number) {
    const std::size_t start = number.starts_with('-') ? 1 : 0;
    const std::size_t point = std::min(number.find('.'), number.size());
    if (number.find_first_not_of("-0123456789.") != std::string::npos)
        return number;
    std::string text = number.substr(0, start);
    for (std::size_t i = start; i < point; ++i) {
        if (i > start && (point - i) % 3 == 0)
            text += ',';
        text += number[i];
    }
    return text + number.substr(point);
}

std::string escape_markdown(const std::string& text) {
    std::string result;
    for (const char c : text) {
        if (std::string_view("\\`*_{}[]<>#|~").find(c) != std::string_view::npos)
            result += '\\';
        result += c;
    }
    return result;
}

std::string bullets(const std::vector<std::string>& lines, const std::string& mark) {
    std::string text;
    for (const std::string& line : lines)
        text += (text.empty() ? "- " : "\n- ") + mark + line + mark;
    return text;
}

QuestionText::QuestionText(const QuestionMatch& match, const Table& table, const std::set<std::string>& named,
                           std::chrono::sys_days today, bool german)
    : match_(match),
      table_(table),
      german_(german && !match.question->german.text.empty()),
      of_(filters_text(match.asked, named, german_)),
      besides_(filters_text(besides_rows(match.asked), named, german_)),
      when_(periods_text(match.asked, german_)),
      ever_(match.asked.periods.empty() ? since_text(match.question->since, german_) : ""),
      given_(of_ + when_),
      today_(today) {
    if (match.question->sql_has("{by"))
        keys_ += match.asked.by.size();
    if (match.question->sql_has("{grain}"))
        ++keys_;
}

std::string QuestionText::title() const {
    return fill(words(match_.question->title, match_.question->german.title), false);
}

std::string QuestionText::about() const {
    const AskedFor& asked = match_.asked;
    std::string text = fill(words(match_.question->about, match_.question->german.about), false);
    if (std::any_of(asked.periods.begin(), asked.periods.end(), [](const Period& one) { return one.from_today; }))
        text +=
            german_ ? " Der " + german_day(today_) + " gilt als heute." : " " + day_name(today_) + " counts as today.";
    return text;
}

std::string QuestionText::text() const {
    const BookQuestion& question = *match_.question;
    const bool empty = table_.rows.empty() ||
                       (keys_ < table_.columns.size() && keys_ == 0 && table_.rows.size() == 1 && !table_.rows[0][0]);
    if (question.has_query() && empty)
        return fill(none(), true);
    std::string told = words(question.text, question.german.text);
    if (rows_are_periods(match_.asked))
        replace_placeholder(told, "for", "{of}");
    if (table_.rows.size() == 1 && keys_ > 0)
        told = of_the_only_period(of_the_only_row(told), match_.asked.periods.size() == 1);
    return fill(told, true);
}

std::string QuestionText::none() const {
    const std::string own = words(match_.question->none, match_.question->german.none);
    if (!own.empty())
        return own;
    return german_ ? "Dafür gibt es keinen Wert{for}: keine Zeile passt."
                   : "There is no value to show{for}: no rows match.";
}

// "2025 gab es", in German alone.
std::string QuestionText::there_were() const {
    if (when_.empty())
        return "Es gibt";
    std::string text = when_.substr(1) + " gab es";
    if (text[0] >= 'a' && text[0] <= 'z')
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

std::string QuestionText::number(const std::string& plain) const {
    return german_ ? german_number(with_thousands(plain)) : with_thousands(plain);
}

std::string QuestionText::name(const std::string& column) const {
    return german_ ? german_name(column) : column;
}

std::string QuestionText::listed_names(const std::vector<std::string>& columns) const {
    std::vector<std::string> names;
    for (const std::string& column : columns)
        names.push_back(name(column));
    return listed(names, german_ ? " und " : " and ");
}

std::vector<std::string> QuestionText::next() const {
    std::vector<std::string> list;
    for (const std::string& question : german_ ? match_.question->german.next : match_.question->next) {
        if (question.find('{') == std::string::npos) {
            list.push_back(question);
            continue;
        }
        // "Only EMEA" makes sense where there is something beside EMEA, and is pressed as it is shown.
        const std::string filled = fill(question, false);
        if (table_.rows.size() > 1 && filled.size() < 60 && filled.find('{') == std::string::npos &&
            escape_markdown(filled) == filled)
            list.push_back(filled);
    }
    return list;
}

std::string QuestionText::fill(const std::string& text, bool markdown) const {
    std::string result;
    std::size_t bracket = std::string::npos;  // where the open one begins in the result
    bool complete = true;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::size_t end = text[i] == '{' ? text.find('}', i) : std::string::npos;
        if (text[i] == '[') {
            bracket = result.size();
            complete = true;
        } else if (text[i] == ']' && bracket != std::string::npos) {
            if (!complete)
                result.erase(bracket);
            bracket = std::string::npos;
        } else if (end != std::string::npos) {
            const auto found = value(text.substr(i + 1, end - i - 1), markdown);
            result += found ? *found : text.substr(i, end - i + 1);
            complete = complete && found;
            i = end;
        } else {
            result += text[i];
        }
    }
    return result;
}

std::optional<std::string> QuestionText::value(const std::string& name, bool markdown) const {
    const AskedFor& asked = match_.asked;
    const auto escaped = [&](const std::string& text) { return markdown ? escape_markdown(text) : text; };
    if (name == "for")
        return escaped(given_);
    if (name == "of" || name == "when")
        return escaped(name == "of" ? of_ : when_);
    if (name == "ever")
        return ever_;
    if (name == "besides")
        return escaped(besides_);
    if (name == "there_were")
        return there_were();
    if (name == "total")
        return words(asked.top ? "Together" : "In total", "Zusammen");
    if (name == "by")
        return listed_names(asked.by);
    if (name == "by.1" || name == "by.2")
        return asked.by.size() < 2 ? std::optional<std::string>() : this->name(asked.by[name == "by.1" ? 0 : 1]);
    if (name == "grain")
        return this->name(asked.grain);
    if (name == "order" && german_)
        return asked.lowest.value_or(false) ? "niedrigst" : "höchst";
    if (name == "order")
        return asked.lowest.value_or(false) ? "lowest" : "highest";
    if (name == "top")
        return asked.top ? std::optional<std::string>(std::to_string(*asked.top)) : std::nullopt;
    if (name == "rows")
        return number(std::to_string(table_.rows.size()));
    const std::size_t point = name.find('.');
    if (point == std::string::npos)
        return {};
    return row_value(name.substr(0, point), name.substr(point + 1), markdown);
}

std::optional<std::string> QuestionText::row_value(const std::string& which, const std::string& name,
                                                   bool markdown) const {
    const auto column = column_of(name);
    if (which == "sum" || which == "change") {
        if (!column || table_.rows.size() < 2)
            return {};
        const double first = number_of(table_.rows.front()[*column]);
        const double last = number_of(table_.rows.back()[*column]);
        double sum = 0;
        for (const auto& line : table_.rows)
            sum += number_of(line[*column]);
        // Nobody adds up what is compared.
        if (which == "sum" && match_.asked.periods.size() > 1)
            return {};
        if (which == "sum")
            return number(fixed(sum, table_.columns[*column].type.scale));
        if (first <= 0 || first == last)
            return {};
        return (last > first ? "+" : "") + number(fixed(100 * (last - first) / first, 1)) + words("%", " %");
    }
    const std::vector<Cell>* line = row(which);
    if (!line)
        return {};
    if (name == "peak")
        return table_.rows.size() > 2 && is_peak(*line)
                   ? std::optional(words("which is also the highest", "was auch der höchste Wert ist"))
                   : std::nullopt;
    if (name == "key") {
        std::vector<std::string> parts;
        for (std::size_t i = 0; i < keys_; ++i)
            parts.push_back(shown((*line)[i], i, markdown));
        return listed(parts, ", ");
    }
    return column ? std::optional<std::string>(shown((*line)[*column], *column, markdown)) : std::nullopt;
}

std::string QuestionText::shown(const Cell& cell, std::size_t column, bool markdown) const {
    if (!cell)
        return words("no value", "kein Wert");
    const std::string& type = table_.columns[column].type.name;
    if (type == "DATE" && table_.columns[column].name == match_.asked.grain)
        return german_ ? german_period_name(match_.asked.grain, *cell) : period_name(match_.asked.grain, *cell);
    if (type == "STRING")
        return markdown ? escape_markdown(*cell) : *cell;
    return number(*cell);
}

std::optional<std::size_t> QuestionText::column_of(const std::string& name) const {
    for (std::size_t i = 0; i < table_.columns.size(); ++i)
        if (table_.columns[i].name == name)
            return i;
    return {};
}

const std::vector<Cell>* QuestionText::row(const std::string& which) const {
    const auto& rows = table_.rows;
    if (rows.empty())
        return nullptr;
    if (which == "first")
        return &rows.front();
    if (which == "second" || which == "last")
        return rows.size() < 2 ? nullptr : which == "second" ? &rows[1] : &rows.back();
    if ((which != "max" && which != "min" && which != "peak") || keys_ >= table_.columns.size())
        return nullptr;
    if (which == "peak" && (rows.size() < 3 || is_peak(rows.front()) || is_peak(rows.back())))
        return nullptr;
    return &*std::max_element(rows.begin(), rows.end(), [&](const auto& a, const auto& b) {
        const double left = number_of(a[keys_]);
        const double right = number_of(b[keys_]);
        return which == "min" ? left > right : left < right;
    });
}

bool QuestionText::is_peak(const std::vector<Cell>& line) const {
    const std::vector<Cell>* const highest = row("max");
    return highest && number_of((*highest)[keys_]) == number_of(line[keys_]);
}

}  // namespace genie_slack::sandbox::databricks
