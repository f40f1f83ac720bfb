#include "sandbox/slack/json_members.hpp"

#include <boost/json/serialize.hpp>

namespace genie_slack::sandbox {

std::string text_member(const boost::json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (!value || !value->is_string())
        return {};
    return std::string(std::string_view(value->get_string()));
}

const boost::json::object* object_member(const boost::json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value ? value->if_object() : nullptr;
}

const boost::json::array* array_member(const boost::json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value ? value->if_array() : nullptr;
}

bool has_content(const boost::json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (!value || value->is_null())
        return false;
    if (const auto* text = value->if_string())
        return !text->empty();
    if (const auto* list = value->if_array())
        return !list->empty();
    if (const auto* members = value->if_object())
        return !members->empty();
    return true;
}

std::size_t count_characters(std::string_view text) {
    std::size_t count = 0;
    for (const char byte : text)
        if ((static_cast<unsigned char>(byte) & 0xC0) != 0x80)
            ++count;
    return count;
}

std::string first_characters(std::string_view text, std::size_t count) {
    std::size_t seen = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)
            continue;
        if (seen++ == count)
            return std::string(text.substr(0, at));
    }
    return std::string(text);
}

std::string serialize_as_slack(const boost::json::object& object) {
    const std::string plain = boost::json::serialize(object);
    std::string result;
    result.reserve(plain.size() + plain.size() / 16);
    for (const char byte : plain) {
        if (byte == '/')
            result += '\\';
        result += byte;
    }
    return result;
}

}  // namespace genie_slack::sandbox
