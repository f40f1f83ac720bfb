#include "sandbox/genie/sql_writer.hpp"

#include <algorithm>
#include <array>

namespace genie_slack::sandbox::databricks {

namespace sql_writer_detail {

std::string quoted(const std::string& text) {
    std::string result = "'";
    for (const char c : text)
        result += c == '\'' ? std::string("''") : std::string(1, c);
    return result + "'";
}

// Whether an expression speaks of the alias: "c." not preceded by a letter.
bool mentions(const std::string& sql, const std::string& alias) {
    const std::string dotted = alias + ".";
    for (std::size_t at = sql.find(dotted); at != std::string::npos; at = sql.find(dotted, at + 1)) {
        const char before = at == 0 ? ' ' : sql[at - 1];
        const bool word = (before >= 'a' && before <= 'z') || (before >= 'A' && before <= 'Z') || before == '_';
        if (!word)
            return true;
    }
    return false;
}

std::string grain_sql(const Topic& topic, const std::string& grain) {
    if (grain == "day")
        return topic.has_time_of_day ? "substr(" + topic.date + ", 1, 10)" : topic.date;
    const std::string unit = grain == "month" ? "MM" : grain == "quarter" ? "Q" : grain == "week" ? "WEEK" : "YEAR";
    return "trunc(" + topic.date + ", '" + unit + "')";
}

class Writer {
 public:
    explicit Writer(const Request& request) : request_(request), topic_(*find_topic(request.topic)) {}

    WrittenSql write() {
        if (request_.kind == Kind::listing)
            listing();
        else
            aggregate();
        return std::move(written_);
    }

 private:
    void column(const std::string& type) { written_.types.push_back(SqlType::of(type)); }

    std::vector<std::string> conditions(bool of_measures) {
        std::vector<std::string> list;
        if ((of_measures || topic_.filters_rows) && !topic_.filter.empty() && !filtered("status"))
            list.push_back(topic_.filter);
        for (const ValueFilter& filter : request_.filters) {
            const Dimension* dimension = find_dimension(topic_, filter.dimension);
            if (!dimension)
                continue;
            std::string values;
            for (const std::string& value : filter.values)
                values += (values.empty() ? "" : ", ") + quoted(value);
            if (filter.values.size() == 1)
                list.push_back(dimension->sql + (filter.exclude ? " <> " : " = ") + values);
            else
                list.push_back(dimension->sql + (filter.exclude ? " NOT IN (" : " IN (") + values + ")");
        }
        if (!request_.periods.empty() && !topic_.date.empty())
            list.push_back(periods());
        if (request_.above) {
            list.push_back(topic_.amount + " > :min_amount");
            written_.parameters.emplace_back("min_amount", "DECIMAL", *request_.above);
        }
        if (request_.below) {
            list.push_back(topic_.amount + " < :max_amount");
            written_.parameters.emplace_back("max_amount", "DECIMAL", *request_.below);
        }
        return list;
    }

    bool filtered(const std::string& dimension) const {
        return std::any_of(request_.filters.begin(), request_.filters.end(),
                           [&](const ValueFilter& filter) { return filter.dimension == dimension; }) ||
               std::find(request_.dimensions.begin(), request_.dimensions.end(), dimension) !=
                   request_.dimensions.end();
    }

    std::string periods() const {
        std::string text;
        for (const Period& period : request_.periods) {
            const std::string one = topic_.date + " >= '" + day_text(period.from) + "' AND " + topic_.date + " < '" +
                                    day_text(period.to) + "'";
            if (request_.periods.size() == 1)
                return one;
            text += (text.empty() ? "(" : " OR ") + ("(" + one + ")");
        }
        return text + ")";
    }

    std::string from_clause(const std::string& used) const {
        std::vector<bool> needed(topic_.joins.size(), false);
        std::string all = used;
        // From the last to the first: a join may need another one before it.
        for (std::size_t i = topic_.joins.size(); i-- > 0;) {
            needed[i] = mentions(all, topic_.joins[i].first);
            if (needed[i])
                all += " " + topic_.joins[i].second;
        }
        std::string text = "\nFROM " + topic_.from;
        for (std::size_t i = 0; i < needed.size(); ++i)
            if (needed[i])
                text += "\n" + topic_.joins[i].second;
        return text;
    }

    static std::string where_clause(const std::vector<std::string>& list) {
        std::string text;
        for (const std::string& condition : list)
            text += (text.empty() ? "\nWHERE " : "\n  AND ") + condition;
        return text;
    }

    void listing() {
        std::string select = "SELECT";
        std::string used;
        for (const ListColumn& entry : topic_.columns) {
            const bool same = entry.sql.ends_with("." + entry.name);
            select += (used.empty() ? "\n  " : ",\n  ") + entry.sql + (same ? "" : " AS " + entry.name);
            used += " " + entry.sql;
            column(entry.type);
        }
        const std::vector<std::string> list = conditions(false);
        for (const std::string& condition : list)
            used += " " + condition;
        const std::string order =
            request_.by_amount ? topic_.amount + (request_.ascending ? " ASC" : " DESC") : topic_.list_order;
        written_.sql = select + from_clause(used) + where_clause(list) + "\nORDER BY " + order;
        if (request_.top)
            written_.sql += "\nLIMIT " + std::to_string(*request_.top);
    }

    void aggregate() {
        std::vector<std::pair<std::string, std::string>> keys;  // column name, expression
        for (const std::string& id : request_.dimensions) {
            keys.emplace_back(id, find_dimension(topic_, id)->sql);
            column("STRING");
        }
        if (!request_.grain.empty()) {
            keys.emplace_back(request_.grain, grain_sql(topic_, request_.grain));
            column("DATE");
        }
        std::string select = "SELECT";
        std::string used;
        std::string group;
        for (const auto& [name, sql] : keys) {
            select += (used.empty() ? "\n  " : ",\n  ") + sql + " AS " + name;
            group += (group.empty() ? "\nGROUP BY " : ", ") + sql;
            used += " " + sql;
        }
        for (const std::string& id : request_.metrics) {
            const Metric& metric = *find_metric(topic_, id);
            select += (used.empty() ? "\n  " : ",\n  ") + metric.sql + " AS " + id;
            used += " " + metric.sql;
            column(metric.type);
        }
        const std::vector<std::string> list = conditions(true);
        for (const std::string& condition : list)
            used += " " + condition;
        std::string sql = select + from_clause(used) + where_clause(list) + group;
        const std::string& measure = request_.metrics.front();
        // "Top 3 products per region" are three in each region.
        const bool in_each = request_.top && request_.dimensions.size() == 2 && request_.grain.empty();
        if (in_each)
            sql = best_in_each(sql, measure);
        else if (request_.change && !request_.grain.empty())
            sql = with_change(sql, measure);
        else if (request_.share && !keys.empty())
            sql = with_share(sql, measure);
        if (!keys.empty())
            sql += in_each ? "\nORDER BY " + request_.dimensions[1] + ", place" : order_clause(measure);
        if (request_.top && !keys.empty() && !in_each)
            sql += "\nLIMIT " + std::to_string(*request_.top);
        written_.sql = std::move(sql);
    }

    std::string order_clause(const std::string& measure) const {
        if (request_.grain.empty() || request_.by_metric) {
            std::string tie = request_.dimensions.empty() ? request_.grain : request_.dimensions.front();
            return "\nORDER BY " + measure + (request_.ascending ? " ASC" : " DESC") + ", " + tie;
        }
        std::string text = "\nORDER BY " + request_.grain;
        for (const std::string& id : request_.dimensions)
            text += ", " + id;
        return text;
    }

    static std::string indented(const std::string& sql) {
        std::string text = "  ";
        for (const char c : sql)
            text += c == '\n' ? std::string("\n  ") : std::string(1, c);
        return text;
    }

    std::string with_change(const std::string& inner, const std::string& measure) {
        std::string window = "(";
        for (const std::string& id : request_.dimensions)
            window += (window.size() == 1 ? "PARTITION BY " : ", ") + id;
        window += (window.size() == 1 ? "ORDER BY " : " ORDER BY ") + request_.grain + ")";
        const std::string before = "LAG(" + measure + ") OVER " + window;
        column("DECIMAL(9,1)");
        return "SELECT\n  *,\n  ROUND(100.0 * (" + measure + " - " + before + ") / NULLIF(" + before +
               ", 0), 1) AS change_percent\nFROM (\n" + indented(inner) + "\n) AS periods";
    }

    std::string best_in_each(const std::string& inner, const std::string& measure) {
        column("INT");
        return "SELECT *\nFROM (\n  SELECT\n    *,\n    ROW_NUMBER() OVER (PARTITION BY " + request_.dimensions[1] +
               " ORDER BY " + measure + (request_.ascending ? " ASC" : " DESC") + ", " + request_.dimensions[0] +
               ") AS place\n  FROM (\n" + indented(indented(inner)) +
               "\n  ) AS groups\n) AS ranked\nWHERE place <= " + std::to_string(*request_.top);
    }

    std::string with_share(const std::string& inner, const std::string& measure) {
        column("DECIMAL(5,1)");
        return "SELECT\n  *,\n  ROUND(100.0 * " + measure + " / NULLIF(SUM(" + measure +
               ") OVER (), 0), 1) AS share_percent\nFROM (\n" + indented(inner) + "\n) AS parts";
    }

    const Request& request_;
    const Topic& topic_;
    WrittenSql written_;
};

}  // namespace sql_writer_detail

WrittenSql write_sql(const Request& request) {
    return sql_writer_detail::Writer(request).write();
}

std::string period_name(const std::string& grain, const std::string& day) {
    static constexpr std::array<const char*, 12> kMonths = {"January",   "February", "March",    "April",
                                                            "May",       "June",     "July",     "August",
                                                            "September", "October",  "November", "December"};
    if (day.size() < 7)
        return day;
    const std::string year = day.substr(0, 4);
    const int month = (day[5] - '0') * 10 + (day[6] - '0');
    if (month < 1 || month > 12)
        return day;
    if (grain == "month")
        return std::string(kMonths[static_cast<std::size_t>(month - 1)]) + " " + year;
    if (grain == "quarter")
        return "Q" + std::to_string((month + 2) / 3) + " " + year;
    return grain == "year" ? year : day;
}

}  // namespace genie_slack::sandbox::databricks
