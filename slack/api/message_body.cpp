#include "slack/api/message_body.hpp"

#include <boost/json/serialize.hpp>

#include <utility>

namespace json = boost::json;

namespace genie_slack::slack {

namespace message_body_detail {
namespace {

void add_metadata(json::object& body, const std::string& type, const json::object& payload) {
    if (type.empty())
        return;
    json::object metadata;
    metadata["event_type"] = type;
    metadata["event_payload"] = payload;
    body["metadata"] = std::move(metadata);
}

void check_metadata(std::vector<limits::Violation>& violations, const json::object& payload) {
    if (!payload.empty() && json::serialize(payload).size() > limits::kMetadataBytes)
        violations.push_back({"/metadata", "has more than " + std::to_string(limits::kMetadataBytes) + " bytes"});
}

}  // namespace
}  // namespace message_body_detail

json::object post_body(const OutgoingMessage& message) {
    json::object body;
    body["channel"] = message.channel;
    if (!message.thread_ts.empty())
        body["thread_ts"] = message.thread_ts;
    body["text"] = message.text;
    if (!message.blocks.empty())
        body["blocks"] = message.blocks;
    message_body_detail::add_metadata(body, message.metadata_type, message.metadata_payload);
    return body;
}

json::object update_body(const std::string& ts, const OutgoingMessage& message) {
    json::object body;
    body["channel"] = message.channel;
    body["ts"] = ts;
    body["text"] = message.text;
    // The array is sent even when it is empty: only that surely takes away the blocks that the message had.
    body["blocks"] = message.blocks;
    message_body_detail::add_metadata(body, message.metadata_type, message.metadata_payload);
    return body;
}

json::object start_stream_body(StreamStart stream) {
    json::object body;
    body["channel"] = stream.channel;
    body["thread_ts"] = stream.thread_ts;
    body["recipient_user_id"] = stream.recipient_user;
    body["recipient_team_id"] = stream.recipient_team;
    if (!stream.task_display_mode.empty())
        body["task_display_mode"] = stream.task_display_mode;
    if (!stream.chunks.empty())
        body["chunks"] = std::move(stream.chunks);
    return body;
}

json::object stop_stream_body(StreamStop stream) {
    json::object body;
    body["channel"] = stream.channel;
    body["ts"] = stream.ts;
    if (!stream.chunks.empty())
        body["chunks"] = std::move(stream.chunks);
    message_body_detail::add_metadata(body, stream.metadata_type, stream.metadata_payload);
    return body;
}

std::optional<ApiError> limit_error(std::string_view method, const std::vector<limits::Violation>& violations) {
    if (violations.empty())
        return std::nullopt;
    ApiError error(ApiFault::payload, std::string(method), "local_limit");
    for (const limits::Violation& violation : violations)
        error.details.push_back((violation.pointer.empty() ? "/" : violation.pointer) + " " + violation.message);
    return error;
}

std::optional<ApiError> check_outgoing(std::string_view method, const OutgoingMessage& message, bool update) {
    std::vector<limits::Violation> violations = limits::check_message(message.text, message.blocks, update);
    message_body_detail::check_metadata(violations, message.metadata_payload);
    return limit_error(method, violations);
}

std::optional<ApiError> check_stream(std::string_view method, const json::array& chunks,
                                     const json::object& metadata_payload) {
    std::vector<limits::Violation> violations = limits::check_chunks(chunks);
    message_body_detail::check_metadata(violations, metadata_payload);
    return limit_error(method, violations);
}

}  // namespace genie_slack::slack
