#include "sandbox/genie/question_sql.hpp"

namespace genie_slack::sandbox::databricks {

namespace question_sql_detail {

// A value of the data, never a text of the person who asks.
std::string quoted(const std::string& text) {
    std::string result = "'";
    for (const char c : text)
        result += c == '\'' ? std::string("''") : std::string(1, c);
    return result + "'";
}

std::string one_of(const std::string& column, const std::vector<std::string>& values, bool without) {
    if (values.size() == 1)
        return column + (without ? " <> " : " = ") + quoted(values.front());
    std::string list;
    for (const std::string& value : values)
        list += (list.empty() ? "" : ", ") + quoted(value);
    return column + (without ? " NOT IN (" : " IN (") + list + ")";
}

std::string in_periods(const std::string& column, const std::vector<Period>& periods) {
    std::string text;
    for (const Period& period : periods) {
        const std::string one =
            column + " >= " + quoted(day_text(period.from)) + " AND " + column + " < " + quoted(day_text(period.to));
        text += (text.empty() ? "" : " OR ") + (periods.size() == 1 ? one : "(" + one + ")");
    }
    return periods.size() == 1 ? text : "(" + text + ")";
}

// What follows the table, or the condition behind it.
std::string filters(const QuestionMatch& match, std::vector<SqlParameter>& parameters) {
    const AskedFor& asked = match.asked;
    std::string text;
    for (const auto& [column, values] : asked.filters)
        text += "\n  AND " + one_of(column, values, false);
    for (const auto& [column, values] : asked.without)
        text += "\n  AND " + one_of(column, values, true);
    if (!asked.periods.empty())
        text += "\n  AND " + in_periods(match.question->date, asked.periods);
    if (!asked.above.empty()) {
        text += "\n  AND " + match.question->amount + " > :min_amount";
        parameters.emplace_back("min_amount", "DECIMAL", asked.above);
    }
    if (!asked.below.empty()) {
        text += "\n  AND " + match.question->amount + " < :max_amount";
        parameters.emplace_back("max_amount", "DECIMAL", asked.below);
    }
    const std::string& sql = match.question->sql;
    const std::size_t from = sql.rfind("FROM", sql.find("{filters}"));
    if (!text.empty() && sql.find("WHERE", from) > sql.find("{filters}"))
        text.replace(0, 7, "\nWHERE ");
    return text;
}

std::string first_day(const std::string& grain, const std::string& date) {
    if (grain == "day")
        return "date(" + date + ")";
    const char* unit = grain == "month" ? "MM" : grain == "quarter" ? "Q" : grain == "week" ? "WEEK" : "YEAR";
    return "trunc(" + date + ", '" + unit + "')";
}

std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& part : parts)
        text += (text.empty() ? "" : ", ") + part;
    return text;
}

}  // namespace question_sql_detail

using namespace question_sql_detail;

void replace_placeholder(std::string& text, const std::string& name, const std::string& value) {
    const std::string placeholder = "{" + name + "}";
    for (std::size_t at = text.find(placeholder); at != std::string::npos;
         at = text.find(placeholder, at + value.size()))
        text.replace(at, placeholder.size(), value);
}

QuestionSql write_question_sql(const QuestionMatch& match) {
    const BookQuestion& question = *match.question;
    const AskedFor& asked = match.asked;
    QuestionSql written;
    const std::string top = asked.top ? std::to_string(*asked.top) : "";
    const std::pair<const char*, std::string> values[] = {
        {"by", joined(asked.by)},
        {"by.1", asked.by.empty() ? "" : asked.by.front()},
        {"by.2", asked.by.size() < 2 ? "" : asked.by[1]},
        {"grain", asked.grain},
        {"first_day", first_day(asked.grain, question.date)},
        {"filters", filters(match, written.parameters)},
        {"order", asked.lowest.value_or(false) ? "ASC" : "DESC"},
        {"top", top},
        {"limit", top.empty() ? "" : "\nLIMIT " + top},
    };
    written.sql = question.sql;
    for (const auto& [name, value] : values)
        replace_placeholder(written.sql, name, value);

    if (question.sql_has("{by"))
        written.types.assign(asked.by.size(), SqlType::of("STRING"));
    if (question.sql_has("{grain}"))
        written.types.push_back(SqlType::of("DATE"));
    for (const std::string& type : question.types)
        written.types.push_back(SqlType::of(type));
    return written;
}

}  // namespace genie_slack::sandbox::databricks
