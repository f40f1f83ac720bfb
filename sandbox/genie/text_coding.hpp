// The few encodings that the look-alike reads and writes.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::sandbox::databricks {

// "+" is left alone: it means itself in a path.
std::string percent_decode(std::string_view text);
// Decoded path segments; a slash that was percent-encoded stays inside its segment.
std::vector<std::string> split_path(std::string_view path);
// A query string or a form body; of repeated keys the last one counts.
std::map<std::string, std::string> parse_form(std::string_view text);
std::optional<std::string> base64_decode(std::string_view text);
// URL-safe, without padding, as in a JWT.
std::string base64url_encode(std::string_view bytes);
std::optional<std::string> base64url_decode(std::string_view text);
std::string html_escape(std::string_view text);

}  // namespace genie_slack::sandbox::databricks
