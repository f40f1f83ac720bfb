#include "app/answer/actions.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace genie_slack::answer {

namespace json = boost::json;

namespace actions_detail {

constexpr std::string_view kUp = "up";
constexpr std::string_view kDown = "down";
constexpr std::string_view kChooseBlock = "choose_space_for";
constexpr std::string_view kChangeBlock = "change_space_for";
constexpr std::array<std::pair<MoreChoice, std::string_view>, 3> kMoreChoices = {
    {{MoreChoice::csv, "csv"}, {MoreChoice::again, "again"}, {MoreChoice::space, "space"}}};

std::string joined(std::string_view word, std::string_view rest) {
    std::string text(word);
    text += ':';
    text += rest;
    return text;
}

// "WORD:REST", both not empty; the first colon counts.
std::optional<std::pair<std::string_view, std::string>> split(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size())
        return std::nullopt;
    return std::pair(text.substr(0, colon), std::string(text.substr(colon + 1)));
}

std::string text_at(const json::object& object, std::string_view key) {
    const json::value* member = object.if_contains(key);
    return member && member->is_string() ? std::string(member->get_string()) : std::string();
}

}  // namespace actions_detail

using actions_detail::joined;
using actions_detail::split;

std::string numbered(std::string_view action_id, std::size_t number) {
    return joined(action_id, std::to_string(number));
}

bool is_numbered(std::string_view action_id, std::string_view plain) {
    if (!action_id.starts_with(plain))
        return false;
    const std::string_view rest = action_id.substr(plain.size());
    return rest.empty() || (rest.size() > 1 && rest.front() == ':' &&
                            rest.find_first_not_of("0123456789", 1) == std::string_view::npos);
}

std::string rating_value(const RatingPress& rating) {
    return joined(rating.positive ? actions_detail::kUp : actions_detail::kDown, rating.turn_id);
}

std::optional<RatingPress> parse_rating(std::string_view value) {
    auto parts = split(value);
    if (!parts || (parts->first != actions_detail::kUp && parts->first != actions_detail::kDown))
        return std::nullopt;
    return RatingPress{parts->first == actions_detail::kUp, std::move(parts->second)};
}

std::string chart_value(const ChartPress& press) {
    return joined(press.chart, press.turn_id);
}

std::optional<ChartPress> parse_chart(std::string_view value) {
    auto parts = split(value);
    if (!parts)
        return std::nullopt;
    return ChartPress{std::string(parts->first), std::move(parts->second)};
}

std::string more_value(const MorePress& press) {
    for (const auto& [choice, word] : actions_detail::kMoreChoices)
        if (choice == press.choice)
            return joined(word, press.turn_id);
    return "";
}

std::optional<MorePress> parse_more(std::string_view value) {
    auto parts = split(value);
    if (!parts)
        return std::nullopt;
    for (const auto& [choice, word] : actions_detail::kMoreChoices)
        if (word == parts->first)
            return MorePress{choice, std::move(parts->second)};
    return std::nullopt;
}

std::string line_value(const LinePress& press) {
    return joined(press.thread_ts, press.message_ts);
}

std::optional<LinePress> parse_line(std::string_view value) {
    auto parts = split(value);
    if (!parts)
        return std::nullopt;
    return LinePress{std::string(parts->first), std::move(parts->second)};
}

std::string picker_block(const PickerBlock& block) {
    return joined(block.is_change ? actions_detail::kChangeBlock : actions_detail::kChooseBlock, block.turn_id);
}

std::optional<PickerBlock> parse_picker(std::string_view block_id) {
    auto parts = split(block_id);
    if (!parts || (parts->first != actions_detail::kChooseBlock && parts->first != actions_detail::kChangeBlock))
        return std::nullopt;
    return PickerBlock{parts->first == actions_detail::kChangeBlock, std::move(parts->second)};
}

std::string shortcut_metadata(const ShortcutTarget& target) {
    json::object object;
    object["channel"] = target.channel;
    object["message_ts"] = target.message_ts;
    object["thread_ts"] = target.thread_ts;
    if (target.is_private)
        object["private"] = true;
    return json::serialize(object);
}

std::optional<ShortcutTarget> parse_shortcut(const std::string& metadata) {
    boost::system::error_code failure;
    const json::value value = json::parse(metadata, failure);
    const json::object* object = failure ? nullptr : value.if_object();
    if (!object)
        return std::nullopt;
    ShortcutTarget target;
    target.channel = actions_detail::text_at(*object, "channel");
    target.message_ts = actions_detail::text_at(*object, "message_ts");
    target.thread_ts = actions_detail::text_at(*object, "thread_ts");
    const json::value* is_private = object->if_contains("private");
    target.is_private = is_private && is_private->is_bool() && is_private->get_bool();
    if (target.channel.empty() || target.message_ts.empty())
        return std::nullopt;
    return target;
}

}  // namespace genie_slack::answer
