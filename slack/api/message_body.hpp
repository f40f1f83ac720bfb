// The JSON of the chat methods, and the check of their limits before anything is sent.
#pragma once

#include "slack/api/web_api.hpp"
#include "slack/blocks/limits.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::slack {

boost::json::object post_body(const OutgoingMessage& message);
boost::json::object update_body(const std::string& ts, const OutgoingMessage& message);
boost::json::object start_stream_body(StreamStart stream);
boost::json::object stop_stream_body(StreamStop stream);

// ApiFault::payload with code "local_limit" and one detail per violation; nullopt when there is none.
std::optional<ApiError> limit_error(std::string_view method, const std::vector<limits::Violation>& violations);
std::optional<ApiError> check_outgoing(std::string_view method, const OutgoingMessage& message, bool update = false);
std::optional<ApiError> check_stream(std::string_view method, const boost::json::array& chunks,
                                     const boost::json::object& metadata_payload = {});

}  // namespace genie_slack::slack
