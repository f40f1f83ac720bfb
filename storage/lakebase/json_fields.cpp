#include "storage/lakebase/json_fields.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace genie_slack::storage::lakebase {

namespace json = boost::json;

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Length of the valid UTF-8 sequence at the start of `text`, 0 when there is none.
std::size_t sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80)
        return 1;
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < length)
        return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0) != 0x80)
            return 0;
    // Overlong forms, surrogates, beyond U+10FFFF.
    if ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F) || (first == 0xF0 && byte(1) < 0x90) ||
        (first == 0xF4 && byte(1) > 0x8F))
        return 0;
    return length;
}

// Reads digits off the front of `text`.
std::int64_t take_digits(std::string_view& text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || text.front() == '-')
        throw std::runtime_error("the database gave a time that cannot be read");
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

bool take(std::string_view& text, char c) {
    if (text.empty() || text.front() != c)
        return false;
    text.remove_prefix(1);
    return true;
}

std::chrono::microseconds take_fraction(std::string_view& text) {
    const std::size_t before = text.size();
    std::int64_t fraction = take_digits(text);
    for (std::size_t digits = before - text.size(); digits < 6; ++digits)
        fraction *= 10;
    return std::chrono::microseconds(fraction);
}

std::chrono::seconds take_time_of_day(std::string_view& text) {
    const std::chrono::hours hours(take_digits(text));
    std::chrono::seconds time = hours;
    if (take(text, ':'))
        time += std::chrono::minutes(take_digits(text));
    if (take(text, ':'))
        time += std::chrono::seconds(take_digits(text));
    return time;
}

}  // namespace

std::string storable(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = text.front() == '\0' ? 0 : sequence_length(text);
        if (length == 0)
            result += kReplacement;
        else
            result += text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(1, length));
    }
    return result;
}

json::value storable_value(const json::value& value) {
    if (const auto* text = value.if_string())
        return json::value(storable(std::string_view(text->data(), text->size())));
    if (const auto* array = value.if_array()) {
        json::array copy;
        for (const json::value& item : *array)
            copy.push_back(storable_value(item));
        return copy;
    }
    if (const auto* object = value.if_object()) {
        json::object copy;
        for (const auto& member : *object)
            copy[storable(std::string_view(member.key().data(), member.key().size()))] = storable_value(member.value());
        return copy;
    }
    return value;
}

json::value time_value(WallTime time) {
    return time == WallTime() ? json::value() : json::value(format_utc(time));
}

json::value text_or_null(std::string_view text) {
    return text.empty() ? json::value() : json::value(storable(text));
}

std::string text_of(const json::value& row, std::string_view key) {
    const json::value* value = row.as_object().if_contains(key);
    if (!value || value->is_null())
        return "";
    return std::string(value->as_string());
}

WallTime time_of(const json::value& row, std::string_view key) {
    const std::string text = text_of(row, key);
    return text.empty() ? WallTime() : parse_timestamp(text);
}

std::int64_t number_of(const json::value& row, std::string_view key) {
    const json::value* value = row.as_object().if_contains(key);
    return !value || value->is_null() ? 0 : value->to_number<std::int64_t>();
}

bool flag_of(const json::value& row, std::string_view key) {
    const json::value* value = row.as_object().if_contains(key);
    return value && !value->is_null() && value->as_bool();
}

WallTime parse_timestamp(const std::string& timestamp) {
    std::string_view text = timestamp;
    const std::chrono::year year(static_cast<int>(take_digits(text)));
    take(text, '-');
    const std::chrono::month month(static_cast<unsigned>(take_digits(text)));
    take(text, '-');
    const std::chrono::day day(static_cast<unsigned>(take_digits(text)));
    take(text, 'T');
    WallTime time = std::chrono::sys_days(year / month / day) + take_time_of_day(text);
    if (take(text, '.'))
        time += take_fraction(text);
    if (take(text, '+'))
        time -= take_time_of_day(text);
    else if (take(text, '-'))
        time += take_time_of_day(text);
    if (!text.empty() && text != "Z")
        throw std::runtime_error("the database gave a time that cannot be read");
    return time;
}

}  // namespace genie_slack::storage::lakebase
