// A Web API request's arguments, whichever way they were sent (slack.md 2.1, 7.3).
#pragma once

#include "core/net/http_server.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace genie_slack::sandbox {

struct WebRequest {
    std::string method;
    boost::json::object arguments;  // without the token; known complex arguments of a form are parsed
    std::string token;
    bool token_in_header = false;
    std::string content_type;
    bool is_json = false;
    bool missing_charset = false;
    std::string error;  // the body could not be understood: "invalid_json", ...
};

WebRequest decode_web_request(const net::ServerRequest& request, std::string method);

// %XX and + of a form or query.
std::string decode_form_text(std::string_view text);

// Readers of arguments, tolerant of form texts.
std::string text_argument(const boost::json::object& arguments, std::string_view name);
std::optional<bool> bool_argument(const boost::json::object& arguments, std::string_view name);
std::optional<std::int64_t> int_argument(const boost::json::object& arguments, std::string_view name);

}  // namespace genie_slack::sandbox
