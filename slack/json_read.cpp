#include "slack/json_read.hpp"

#include "core/json_surrogates.hpp"

#include <boost/json/parse.hpp>

#include <optional>

namespace json = boost::json;

namespace genie_slack::slack {

json::value parse_json(std::string_view text, boost::system::error_code& failure, json::storage_ptr storage,
                       const json::parse_options& options) {
    json::value value = json::parse(text, failure, storage, options);
    if (!failure)
        return value;
    const std::optional<std::string> mended = mend_surrogates(text);
    return mended ? json::parse(*mended, failure, storage, options) : value;
}

const json::object& object_at(const json::object& parent, std::string_view key) {
    static const json::object kEmpty;
    const json::value* found = parent.if_contains(key);
    return found && found->is_object() ? found->get_object() : kEmpty;
}

const json::array& array_at(const json::object& parent, std::string_view key) {
    static const json::array kEmpty;
    const json::value* found = parent.if_contains(key);
    return found && found->is_array() ? found->get_array() : kEmpty;
}

std::string string_at(const json::object& parent, std::string_view key, std::size_t max_bytes) {
    const json::value* found = parent.if_contains(key);
    if (!found || !found->is_string() || found->get_string().size() > max_bytes)
        return {};
    return std::string(found->get_string().data(), found->get_string().size());
}

std::string text_at(const json::object& parent, std::string_view key, std::size_t max_bytes) {
    const json::value* found = parent.if_contains(key);
    if (!found || !found->is_string())
        return {};
    std::string_view text(found->get_string().data(), found->get_string().size());
    if (text.size() > max_bytes) {
        std::size_t end = max_bytes;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
            --end;
        text = text.substr(0, end);
    }
    return std::string(text);
}

bool bool_at(const json::object& parent, std::string_view key) {
    const json::value* found = parent.if_contains(key);
    if (!found)
        return false;
    if (found->is_bool())
        return found->get_bool();
    return found->is_string() && std::string_view(found->get_string()) == "true";
}

std::int64_t integer_at(const json::object& parent, std::string_view key) {
    const json::value* found = parent.if_contains(key);
    if (!found)
        return 0;
    if (found->is_int64())
        return found->get_int64();
    if (found->is_uint64())
        return 0;  // a number beyond int64 is nonsense
    if (found->is_double() && found->get_double() > -9e15 && found->get_double() < 9e15)
        return static_cast<std::int64_t>(found->get_double());
    return 0;
}

}  // namespace genie_slack::slack
