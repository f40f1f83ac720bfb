#include "sandbox/genie/answer_writer.hpp"

#include "sandbox/genie/sql_writer.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <set>

namespace genie_slack::sandbox::databricks {

namespace answer_writer_detail {

std::string capitalized(std::string text) {
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

std::string joined(const std::vector<std::string>& parts, const std::string& last = " and ") {
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i)
        text += (i == 0 ? "" : i + 1 == parts.size() ? last : ", ") + parts[i];
    return text;
}

std::string bold(const std::string& text) {
    return "**" + text + "**";
}

std::string with_unit(const Metric& metric, const Cell& cell) {
    if (!cell)
        return "no value";
    std::string number = with_thousands(*cell);
    switch (metric.unit) {
        case Unit::money:
            return number + " EUR";
        case Unit::percent:
            return number + " %";
        case Unit::days:
            return number + " days";
        case Unit::minutes:
            return number + " minutes";
        default:
            return number;
    }
}

std::string filters_text(const Request& request) {
    std::string text;
    // Values that speak for themselves, and others that need their dimension's name: "for EMEA", "with status open".
    static const std::set<std::string_view> kNamed = {"priority", "status", "level", "channel", "kind", "segment"};
    const Topic& topic = *find_topic(request.topic);
    bool with = false;
    for (const ValueFilter& filter : request.filters)
        if (!kNamed.contains(filter.dimension))
            text += (filter.exclude ? " without " : " for ") + joined(filter.values);
    for (const ValueFilter& filter : request.filters)
        if (kNamed.contains(filter.dimension)) {
            text += (filter.exclude ? " without "
                     : with         ? " and "
                                    : " with ") +
                    find_dimension(topic, filter.dimension)->label + " " + joined(filter.values, " or ");
            with = with || !filter.exclude;
        }
    if (request.above)
        text += " above " + with_thousands(*request.above);
    if (request.below)
        text += " below " + with_thousands(*request.below);
    if (!request.periods.empty()) {
        std::vector<std::string> labels;
        for (const Period& period : request.periods)
            labels.push_back(period.label);
        text += " " + joined(labels);
    }
    return text;
}

std::vector<std::string> split_labels(const Request& request) {
    const Topic& topic = *find_topic(request.topic);
    std::vector<std::string> labels;
    for (const std::string& id : request.dimensions)
        labels.push_back(find_dimension(topic, id)->label);
    if (!request.grain.empty())
        labels.push_back(request.grain);
    return labels;
}

std::vector<std::string> metric_labels(const Request& request) {
    const Topic& topic = *find_topic(request.topic);
    std::vector<std::string> labels;
    for (const std::string& id : request.metrics)
        labels.push_back(find_metric(topic, id)->label);
    return labels;
}

double number_of(const Cell& cell) {
    return cell ? std::strtod(cell->c_str(), nullptr) : 0;
}

std::string fixed(double value, int scale) {
    std::array<char, 400> buffer{};
    const int size = std::snprintf(buffer.data(), buffer.size(), "%.*f", scale, value);
    return {buffer.data(), static_cast<std::size_t>(size)};
}

// The rows of a listing: "latest orders for EMEA".
std::string rows_text(const Request& request, const std::string& count, bool single) {
    const Topic& topic = *find_topic(request.topic);
    std::string text = count;
    if (request.latest && !request.by_amount && !topic.date.empty())
        text += "latest ";
    text += single ? topic.noun : topic.plural;
    if (request.by_amount) {
        std::string amount = topic.amount.substr(topic.amount.find('.') + 1);
        std::replace(amount.begin(), amount.end(), '_', ' ');
        text += (request.ascending ? " with the lowest " : " with the highest ") + amount;
    }
    return text + filters_text(request);
}

class TextWriter {
 public:
    TextWriter(const Request& request, const Table& table)
        : request_(request), topic_(*find_topic(request.topic)), table_(table) {}

    std::string write() const {
        if (request_.kind == Kind::listing)
            return listing();
        if (request_.dimensions.empty() && request_.grain.empty())
            return totals();
        if (table_.rows.empty())
            return "There is nothing to show" + filters() + ": no " + topic_.plural + " match.";
        if (request_.dimensions.empty())
            return over_time();
        return by_dimension();
    }

 private:
    std::size_t keys() const { return request_.dimensions.size() + (request_.grain.empty() ? 0 : 1); }
    const Metric& metric(std::size_t position = 0) const { return *find_metric(topic_, request_.metrics[position]); }
    std::string filters() const { return escape_markdown(filters_text(request_)); }

    std::string listing() const {
        const std::size_t count = table_.rows.size();
        if (count == 0)
            return "There are no " + topic_.plural + filters() + ".";
        const std::string rows = escape_markdown(rows_text(request_, "", count == 1));
        const std::string number = bold(with_thousands(std::to_string(count)));
        if (table_.truncated)
            return "Here are the first " + number + " " + rows +
                   "; there are more, but a result holds no more rows than that.";
        return std::string(count == 1 ? "Here is " : "Here are ") + number + " " + rows + ".";
    }

    std::string totals() const {
        bool all_empty = true;
        std::string text;
        for (std::size_t i = 0; i < request_.metrics.size(); ++i) {
            const Cell cell = table_.rows.empty() ? Cell() : table_.rows[0][i];
            all_empty = all_empty && !cell;
            text += (i == 0 ? "" : "\n") + capitalized(metric(i).label) + filters() + ": " +
                    bold(with_unit(metric(i), cell)) + ".";
        }
        if (all_empty)
            return "There is no value for the " + joined(metric_labels(request_)) + filters() + ": no " +
                   topic_.plural + " match.";
        return text;
    }

    std::string name(const std::vector<Cell>& row) const {
        std::vector<std::string> parts;
        for (std::size_t i = 0; i < keys(); ++i) {
            const Cell& cell = row[i];
            const bool time = i >= request_.dimensions.size();
            parts.push_back(!cell ? "(none)" : time ? period_name(request_.grain, *cell) : escape_markdown(*cell));
        }
        return joined(parts, ", ");
    }
    std::string moment(const std::vector<Cell>& row) const {
        const char* preposition = request_.grain == "day"    ? "on "
                                  : request_.grain == "week" ? "in the week of "
                                                             : "in ";
        return preposition + name(row);
    }
    const Cell& measure(const std::vector<Cell>& row) const { return row[keys()]; }

    const std::vector<Cell>& extreme(bool highest) const {
        return *std::max_element(table_.rows.begin(), table_.rows.end(), [&](const auto& a, const auto& b) {
            const double left = number_of(measure(a));
            const double right = number_of(measure(b));
            return highest ? left < right : left > right;
        });
    }

    bool filters_by_dimension() const {
        return std::any_of(request_.filters.begin(), request_.filters.end(), [this](const ValueFilter& filter) {
            return request_.dimensions.size() == 1 && filter.dimension == request_.dimensions[0] && !filter.exclude;
        });
    }

    std::string total_sentence() const {
        if (!metric().additive || table_.rows.size() < 2 || request_.top)
            return {};
        double total = 0;
        for (const auto& row : table_.rows)
            total += number_of(measure(row));
        const int scale = SqlType::of(metric().type).scale;
        return " In total: " + with_unit(metric(), fixed(total, scale)) + ".";
    }

    std::string over_time() const {
        const auto& first = table_.rows.front();
        const auto& last = table_.rows.back();
        if (table_.rows.size() == 1)
            return "Only " + name(first) + " has data" + filters() + ": " + bold(with_unit(metric(), measure(first))) +
                   ".";
        if (request_.by_metric)
            return by_dimension();
        const double from = number_of(measure(first));
        const double to = number_of(measure(last));
        std::string text = capitalized(metric().label) +
                           (to > from   ? " rose"
                            : to < from ? " fell"
                                        : " stayed") +
                           " from " + with_unit(metric(), measure(first)) + " (" + name(first) + ") to " +
                           bold(with_unit(metric(), measure(last))) + " (" + name(last) + ")";
        if (from > 0 && to != from)
            text += ", " + std::string(to > from ? "+" : "") + fixed(100 * (to - from) / from, 1) + " %";
        const auto& best = extreme(true);
        text += ". The highest value is " + with_unit(metric(), measure(best)) + " " + moment(best) + ".";
        return text + total_sentence();
    }

    std::string by_dimension() const {
        const bool lowest = request_.ascending;
        const auto& leader = lowest ? extreme(false) : extreme(true);
        if (table_.rows.size() == 1 && filters_by_dimension())
            return capitalized(metric().label) + filters() + ": " + bold(with_unit(metric(), measure(leader))) + ".";
        if (table_.rows.size() == 1)
            return capitalized(metric().label) + filters() + ": only " + bold(name(leader)) + " has a value, " +
                   bold(with_unit(metric(), measure(leader))) + ".";
        std::string text = bold(name(leader)) + (lowest ? " has the lowest " : " has the highest ") + metric().label +
                           filters() + ": " + bold(with_unit(metric(), measure(leader)));
        // With a grain the rows are in order of time, and a runner-up says little.
        if (table_.rows.size() > 1 && (request_.grain.empty() || request_.by_metric)) {
            const auto& second = &leader == &table_.rows.front() ? table_.rows[1] : table_.rows.front();
            text += ", followed by " + name(second) + " with " + with_unit(metric(), measure(second));
        }
        return text + "." + total_sentence();
    }

    const Request& request_;
    const Topic& topic_;
    const Table& table_;
};

}  // namespace answer_writer_detail

using namespace answer_writer_detail;

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

std::string title_of(const Request& request) {
    if (request.kind == Kind::listing)
        return capitalized(rows_text(request, "", false));
    std::string text = capitalized(joined(metric_labels(request)));
    if (const auto labels = split_labels(request); !labels.empty())
        text += " by " + joined(labels);
    return text + filters_text(request);
}

std::string description_of(const Request& request) {
    const Topic& topic = *find_topic(request.topic);
    if (request.kind == Kind::listing)
        return "Lists the " + rows_text(request, "", false) +
               (request.top ? ", at most " + std::to_string(*request.top) : "") + ".";
    std::string text = "Shows the " + joined(metric_labels(request));
    if (const auto labels = split_labels(request); !labels.empty())
        text += ", one row per " + joined(labels);
    text += filters_text(request);
    if (request.top && !split_labels(request).empty())
        text += ", limited to the " + std::string(request.ascending ? "lowest " : "highest ") +
                std::to_string(*request.top);
    text += ".";
    if (topic.id == "orders" && !topic.filter.empty())
        text += " Cancelled orders do not count.";
    if (!request.periods.empty())
        text += " The sample data ends on 31 December 2025, which counts as today.";
    return text;
}

std::vector<Thought> thoughts_of(const Request& request, const std::string& question) {
    const Topic& topic = *find_topic(request.topic);
    std::vector<Thought> thoughts;
    thoughts.emplace_back("THOUGHT_TYPE_DESCRIPTION", description_of(request));
    thoughts.emplace_back("THOUGHT_TYPE_UNDERSTANDING", "You asked: " + escape_markdown(question));
    thoughts.emplace_back("THOUGHT_TYPE_DATA_SOURCING",
                          "The rows come from `" + topic.from.substr(0, topic.from.find(' ')) + "`.");
    std::string steps = "1. Take the " + topic.plural + escape_markdown(filters_text(request)) + ".";
    if (request.kind == Kind::aggregate) {
        const auto labels = split_labels(request);
        steps += "\n2. Calculate the " + joined(metric_labels(request)) +
                 (labels.empty() ? "" : " for each " + joined(labels)) + ".";
    }
    thoughts.emplace_back("THOUGHT_TYPE_STEPS", steps);
    return thoughts;
}

std::string text_of(const Request& request, const Table& table) {
    return TextWriter(request, table).write();
}

std::vector<std::string> suggestions_of(const Request& request, const Table& table) {
    const Topic& topic = *find_topic(request.topic);
    std::vector<std::string> list;
    const auto splits_by = [&](const std::string& id) {
        return std::find(request.dimensions.begin(), request.dimensions.end(), id) != request.dimensions.end();
    };
    const auto filtered = [&](const std::string& id) {
        return std::any_of(request.filters.begin(), request.filters.end(),
                           [&](const ValueFilter& filter) { return filter.dimension == id; });
    };
    if (request.kind == Kind::listing) {
        if (!topic.date.empty())
            list.push_back("How many " + topic.plural + " by month?");
        list.push_back("Show the " + topic.plural + " by " + topic.dimensions.front().label);
        return list;
    }
    if (request.grain.empty() && !topic.date.empty())
        list.emplace_back("And by month?");
    for (const Dimension& dimension : topic.dimensions) {
        if (list.size() >= 2 || splits_by(dimension.id) || filtered(dimension.id) || dimension.id == "organic")
            continue;
        list.push_back("And by " + dimension.label + "?");
        break;
    }
    if (request.dimensions.size() == 1 && !filtered(request.dimensions[0]) && !table.rows.empty() && table.rows[0][0] &&
        table.rows.size() > 1) {
        const std::string& value = *table.rows[0][0];
        if (normalize_words(value) == normalize_words(escape_markdown(value)) && value.size() < 40)
            list.push_back("Only " + value);
    }
    if (request.periods.empty() && !topic.date.empty())
        list.emplace_back("And last quarter?");
    for (const Metric& metric : topic.metrics) {
        if (list.size() >= 4)
            break;
        if (std::find(request.metrics.begin(), request.metrics.end(), metric.id) == request.metrics.end()) {
            list.push_back("And the " + metric.phrases.front() + "?");
            break;
        }
    }
    return list;
}

}  // namespace genie_slack::sandbox::databricks
