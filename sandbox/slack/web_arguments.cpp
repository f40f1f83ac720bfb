#include "sandbox/slack/web_arguments.hpp"

#include "sandbox/slack/json_members.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace genie_slack::sandbox {

namespace json = boost::json;

namespace web_arguments_detail {

// Sent as JSON text inside a form.
constexpr std::array<std::string_view, 9> kComplex{"blocks",  "attachments", "metadata",         "view",   "chunks",
                                                   "prompts", "files",       "loading_messages", "sources"};

int hex_digit(char digit) {
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    const char lower = static_cast<char>(std::tolower(static_cast<unsigned char>(digit)));
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string lower_case(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    return result;
}

void read_form(std::string_view form, json::object& arguments) {
    while (!form.empty()) {
        const std::size_t end = form.find('&');
        const std::string_view pair = form.substr(0, end);
        form = end == std::string_view::npos ? std::string_view() : form.substr(end + 1);
        if (pair.empty())
            continue;
        const std::size_t equals = pair.find('=');
        const std::string name = decode_form_text(pair.substr(0, equals));
        const std::string text = equals == std::string_view::npos ? "" : decode_form_text(pair.substr(equals + 1));
        json::value value = json::string(text);
        if (std::find(kComplex.begin(), kComplex.end(), name) != kComplex.end()) {
            boost::system::error_code failure;
            json::value parsed = json::parse(text, failure);
            if (!failure && (parsed.is_array() || parsed.is_object()))
                value = std::move(parsed);
        }
        arguments[name] = std::move(value);
    }
}

}  // namespace web_arguments_detail

std::string decode_form_text(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '%' && at + 2 < text.size() && web_arguments_detail::hex_digit(text[at + 1]) >= 0 &&
            web_arguments_detail::hex_digit(text[at + 2]) >= 0) {
            result += static_cast<char>(web_arguments_detail::hex_digit(text[at + 1]) * 16 +
                                        web_arguments_detail::hex_digit(text[at + 2]));
            at += 2;
        } else {
            result += text[at] == '+' ? ' ' : text[at];
        }
    }
    return result;
}

WebRequest decode_web_request(const net::ServerRequest& request, std::string method) {
    WebRequest result;
    result.method = std::move(method);
    result.content_type = std::string(request.header("Content-Type"));
    const std::string type = web_arguments_detail::lower_case(result.content_type);
    web_arguments_detail::read_form(request.query(), result.arguments);
    if (type.starts_with("application/json")) {
        result.is_json = true;
        result.missing_charset = type.find("charset") == std::string::npos;
        if (!request.body.empty()) {
            boost::system::error_code failure;
            json::value parsed = json::parse(request.body, failure);
            if (failure)
                result.error = "invalid_json";
            else if (!parsed.is_object())
                result.error = "json_not_object";
            else
                result.arguments = std::move(parsed.get_object());
        }
    } else if (type.starts_with("application/x-www-form-urlencoded") || request.body.empty()) {
        web_arguments_detail::read_form(request.body, result.arguments);
    } else {
        result.error = "invalid_post_type";
    }
    const std::string authorization(request.header("Authorization"));
    if (web_arguments_detail::lower_case(authorization).starts_with("bearer ")) {
        result.token = authorization.substr(7);
        result.token_in_header = true;
    } else if (!result.is_json) {
        result.token = text_member(result.arguments, "token");
    }
    result.arguments.erase("token");
    return result;
}

std::string text_argument(const json::object& arguments, std::string_view name) {
    return text_member(arguments, name);
}

std::optional<bool> bool_argument(const json::object& arguments, std::string_view name) {
    const auto* value = arguments.if_contains(name);
    if (!value)
        return std::nullopt;
    if (const auto* flag = value->if_bool())
        return *flag;
    if (const auto* number = value->if_int64())
        return *number != 0;
    if (const auto* text = value->if_string())
        return *text == "1" || *text == "true";
    return std::nullopt;
}

std::optional<std::int64_t> int_argument(const json::object& arguments, std::string_view name) {
    const auto* value = arguments.if_contains(name);
    if (!value)
        return std::nullopt;
    if (const auto* number = value->if_int64())
        return *number;
    const auto* text = value->if_string();
    std::int64_t number = 0;
    if (!text || text->empty())
        return std::nullopt;
    const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (failure != std::errc() || end != text->data() + text->size())
        return std::nullopt;
    return number;
}

}  // namespace genie_slack::sandbox
