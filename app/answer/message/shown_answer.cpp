#include "app/answer/message/shown_answer.hpp"

#include "app/answer/actions.hpp"
#include "app/answer/chart/chart_names.hpp"
#include "app/answer/message/answer.hpp"
#include "slack/json_read.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <charconv>
#include <vector>

namespace genie_slack::answer {

namespace json = boost::json;

namespace shown_answer_detail {

constexpr std::string_view kDate = "<!date^";

std::string_view text_in(const json::object& object, const char* key) {
    const json::value* value = object.if_contains(key);
    const json::string* text = value ? value->if_string() : nullptr;
    return text ? std::string_view(text->data(), text->size()) : std::string_view();
}

std::int64_t seconds_of(WallTime time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::vector<WallTime> times_in(std::string_view text) {
    std::vector<WallTime> times;
    for (std::size_t at = text.find(kDate); at != std::string_view::npos; at = text.find(kDate, at + 1)) {
        const std::string_view digits = text.substr(at + kDate.size(), 12);
        std::int64_t seconds = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
        if (error == std::errc() && end != digits.data())
            times.emplace_back(std::chrono::seconds(seconds));
    }
    return times;
}

// The footer tells one time, the line about older words two. What Genie says stands in no context block.
void read_context(const json::array& elements, ShownAnswer& shown) {
    for (const json::value& element : elements) {
        if (!element.is_object())
            continue;
        const auto times = times_in(text_in(element.as_object(), "text"));
        if (times.size() == 2)
            shown.text_at = times[0];
        if (!times.empty())
            shown.data_at = times.back();
    }
}

void read_controls(const json::array& elements, ShownAnswer& shown) {
    for (const json::value& element : elements) {
        const json::object* control = element.if_object();
        if (!control)
            continue;
        // It offers what is not shown: a kind of chart, or to go without one.
        if (text_in(*control, "action_id") == kViewAction) {
            const auto other = parse_chart(text_in(*control, "value"));
            if (other && other->chart != kNoChart) {
                shown.chart = kNoChart;
                shown.chart_before = other->chart;
            }
        }
        if (text_in(*control, "action_id") != kChartAction)
            continue;
        const json::value* chosen = control->if_contains("initial_option");
        if (!chosen || !chosen->is_object())
            continue;
        if (const auto press = parse_chart(text_in(chosen->as_object(), "value")))
            shown.chart = press->chart;
    }
}

}  // namespace shown_answer_detail

ShownAnswer read_shown_answer(const json::object& message) {
    using namespace shown_answer_detail;
    ShownAnswer shown;
    const json::value* blocks = message.if_contains("blocks");
    if (!blocks || !blocks->is_array())
        return shown;
    for (const json::value& block : blocks->as_array()) {
        const json::object* object = block.if_object();
        const json::value* chart = object ? object->if_contains("chart") : nullptr;
        if (chart && chart->is_object())
            shown.chart = text_in(chart->as_object(), "type");
        const std::string_view block_id = object ? text_in(*object, "block_id") : std::string_view();
        if (block_id.starts_with(kChartBlock))
            shown.chart = block_id.substr(std::string_view(kChartBlock).size());
        const json::value* elements = object ? object->if_contains("elements") : nullptr;
        if (!elements || !elements->is_array())
            continue;
        if (text_in(*object, "type") == "context")
            read_context(elements->as_array(), shown);
        else if (text_in(*object, "type") == "actions")
            read_controls(elements->as_array(), shown);
    }
    return shown;
}

std::string shown_kind(const json::array& blocks) {
    using namespace shown_answer_detail;
    json::object message;
    message["blocks"] = blocks;
    bool has_chart = false;
    bool has_table = false;
    for (const json::value& block : blocks) {
        if (!block.is_object())
            continue;
        const std::string_view type = text_in(block.as_object(), "type");
        has_chart = has_chart || block.as_object().contains("chart") ||
                    text_in(block.as_object(), "block_id").starts_with(kChartBlock);
        has_table = has_table || type == "data_table" || type == "table";
    }
    if (has_chart)
        return read_shown_answer(message).chart;
    return has_table ? kNoChart : "";
}

void choose_chart(ShownAnswer& shown, std::string chart) {
    const std::string& last = chart == kNoChart ? shown.chart : chart;
    if (!last.empty() && last != kNoChart)
        shown.chart_before = last;
    shown.chart = std::move(chart);
}

std::string kept_choice(const ShownAnswer& shown) {
    json::object kept;
    kept["chart"] = shown.chart;
    kept["chart_before"] = shown.chart_before;
    kept["data_at"] = shown_answer_detail::seconds_of(shown.data_at);
    kept["text_at"] = shown_answer_detail::seconds_of(shown.text_at);
    return json::serialize(kept);
}

std::optional<ShownAnswer> parse_kept_choice(std::string_view text) {
    boost::system::error_code failure;
    const json::value value = slack::parse_json(text, failure);
    if (failure || !value.is_object())
        return std::nullopt;
    const json::object& kept = value.get_object();
    ShownAnswer shown;
    shown.chart = slack::string_at(kept, "chart");
    shown.chart_before = slack::string_at(kept, "chart_before");
    shown.data_at = WallTime(std::chrono::seconds(slack::integer_at(kept, "data_at")));
    shown.text_at = WallTime(std::chrono::seconds(slack::integer_at(kept, "text_at")));
    return shown;
}

}  // namespace genie_slack::answer
