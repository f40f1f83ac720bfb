#include "genie/json_text.hpp"

#include "core/json_surrogates.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_stack.hpp>

#include <charconv>
#include <limits>

namespace genie_slack::genie {

namespace json = boost::json;

namespace json_text_detail {

// Builds a value like json::parser does, but keeps the text of numbers that only a double could hold.
class Handler {
 public:
    static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
    static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();
    using Code = boost::system::error_code;

    json::value take() { return stack_.release(); }

    bool on_document_begin(Code&) {
        stack_.reset();
        return true;
    }
    bool on_document_end(Code&) { return true; }
    bool on_object_begin(Code&) { return true; }
    bool on_object_end(std::size_t count, Code&) {
        stack_.push_object(count);
        return true;
    }
    bool on_array_begin(Code&) { return true; }
    bool on_array_end(std::size_t count, Code&) {
        stack_.push_array(count);
        return true;
    }
    bool on_key_part(json::string_view text, std::size_t, Code&) {
        stack_.push_chars(text);
        return true;
    }
    bool on_key(json::string_view text, std::size_t, Code&) {
        stack_.push_key(text);
        return true;
    }
    bool on_string_part(json::string_view text, std::size_t, Code&) {
        stack_.push_chars(text);
        return true;
    }
    bool on_string(json::string_view text, std::size_t, Code&) {
        stack_.push_string(text);
        return true;
    }
    bool on_number_part(json::string_view text, Code&) {
        number_.append(text.data(), text.size());
        return true;
    }
    bool on_int64(std::int64_t value, json::string_view, Code&) {
        number_.clear();
        stack_.push_int64(value);
        return true;
    }
    bool on_uint64(std::uint64_t value, json::string_view, Code&) {
        number_.clear();
        stack_.push_uint64(value);
        return true;
    }
    bool on_double(double, json::string_view text, Code&) {
        number_.append(text.data(), text.size());
        stack_.push_string(number_);
        number_.clear();
        return true;
    }
    bool on_bool(bool value, Code&) {
        stack_.push_bool(value);
        return true;
    }
    bool on_null(Code&) {
        stack_.push_null();
        return true;
    }
    bool on_comment_part(json::string_view, Code&) { return true; }
    bool on_comment(json::string_view, Code&) { return true; }

 private:
    json::value_stack stack_;
    std::string number_;
};

}  // namespace json_text_detail

namespace json_text_detail {

boost::system::result<json::value> parse_as_it_is(std::string_view text) {
    try {
        json::basic_parser<Handler> parser{json::parse_options()};
        boost::system::error_code code;
        const std::size_t read = parser.write_some(false, text.data(), text.size(), code);
        if (code)
            return code;
        if (read != text.size())
            return make_error_code(json::error::extra_data);
        return parser.handler().take();
    } catch (const boost::system::system_error& error) {
        return error.code();
    } catch (const std::exception&) {
        return make_error_code(json::error::exception);
    }
}

}  // namespace json_text_detail

boost::system::result<json::value> parse_json(std::string_view text) {
    auto parsed = json_text_detail::parse_as_it_is(text);
    if (parsed)
        return parsed;
    const std::optional<std::string> mended = mend_surrogates(text);
    return mended ? json_text_detail::parse_as_it_is(*mended) : parsed;
}

const json::value* find_member(const json::value& value, std::string_view key) {
    const json::object* object = value.if_object();
    if (!object)
        return nullptr;
    const json::value* found = object->if_contains(key);
    return found && !found->is_null() ? found : nullptr;
}

std::string member_text(const json::value& value, std::string_view key) {
    const json::value* found = find_member(value, key);
    if (!found)
        return "";
    if (const json::string* text = found->if_string())
        return std::string(text->data(), text->size());
    if (found->is_int64() || found->is_uint64() || found->is_bool())
        return json::serialize(*found);
    return "";
}

std::optional<std::int64_t> member_integer(const json::value& value, std::string_view key) {
    const json::value* found = find_member(value, key);
    if (!found)
        return std::nullopt;
    if (const std::int64_t* number = found->if_int64())
        return *number;
    if (const std::uint64_t* number = found->if_uint64())
        return *number <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())
                   ? std::optional<std::int64_t>(static_cast<std::int64_t>(*number))
                   : std::nullopt;
    if (const json::string* text = found->if_string()) {
        std::int64_t number = 0;
        const char* end = text->data() + text->size();
        const auto [rest, code] = std::from_chars(text->data(), end, number);
        if (code == std::errc() && (rest == end || *rest == '.'))
            return number;
    }
    return std::nullopt;
}

bool member_flag(const json::value& value, std::string_view key) {
    const json::value* found = find_member(value, key);
    if (!found)
        return false;
    if (const bool* flag = found->if_bool())
        return *flag;
    const json::string* text = found->if_string();
    return text && *text == "true";
}

const json::array* member_array(const json::value& value, std::string_view key) {
    const json::value* found = find_member(value, key);
    return found ? found->if_array() : nullptr;
}

}  // namespace genie_slack::genie
