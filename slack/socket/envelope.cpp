#include "slack/socket/envelope.hpp"

#include "slack/json_read.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include <algorithm>
#include <cmath>

namespace genie_slack::slack {

namespace json = boost::json;

namespace envelope_detail {

// Block Kit stays far below this depth; a hostile text must not exhaust the stack of whoever walks the value.
constexpr std::size_t kMaxDepth = 64;
// An id goes back in the ack, which has a maximum size. Slack's are UUIDs.
constexpr std::size_t kMaxIdBytes = 256;
// The largest connection time that is believed.
constexpr double kMaxConnectionSeconds = 7.0 * 24 * 3600;

json::parse_options parse_limits() {
    json::parse_options options;
    options.max_depth = kMaxDepth;
    return options;
}

const json::value* member(const json::object& object, std::string_view key) {
    return object.if_contains(key);
}

const json::object* object_member(const json::object& object, std::string_view key) {
    const json::value* value = member(object, key);
    return value ? value->if_object() : nullptr;
}

std::string_view text_member(const json::object& object, std::string_view key) {
    const json::value* value = member(object, key);
    const json::string* text = value ? value->if_string() : nullptr;
    return text ? std::string_view(text->data(), text->size()) : std::string_view();
}

double number_member(const json::object& object, std::string_view key) {
    const json::value* value = member(object, key);
    if (!value || !value->is_number())
        return 0;
    boost::system::error_code error;
    const double number = value->to_number<double>(error);
    return error || !std::isfinite(number) ? 0 : number;
}

int count_member(const json::object& object, std::string_view key) {
    return static_cast<int>(std::clamp(number_member(object, key), 0.0, 1000000.0));
}

Hello read_hello(const json::object& frame) {
    Hello hello;
    hello.num_connections = count_member(frame, "num_connections");
    if (const json::object* debug = object_member(frame, "debug_info")) {
        const double seconds =
            std::clamp(number_member(*debug, "approximate_connection_time"), 0.0, kMaxConnectionSeconds);
        hello.connection_time = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
    }
    if (const json::object* info = object_member(frame, "connection_info"))
        hello.app_id = text_member(*info, "app_id");
    return hello;
}

Disconnect read_disconnect(const json::object& frame) {
    const std::string_view reason = text_member(frame, "reason");
    Disconnect disconnect;
    for (const DisconnectReason known : {DisconnectReason::warning, DisconnectReason::refresh_requested,
                                         DisconnectReason::link_disabled, DisconnectReason::too_many_websockets})
        if (reason == to_string(known))
            disconnect.reason = known;
    return disconnect;
}

enum class EnvelopeType { events_api, interactive, slash_commands, unknown };

EnvelopeType envelope_type(std::string_view text) {
    if (text == "events_api")
        return EnvelopeType::events_api;
    if (text == "interactive")
        return EnvelopeType::interactive;
    if (text == "slash_commands")
        return EnvelopeType::slash_commands;
    return EnvelopeType::unknown;
}

std::optional<Payload> read_payload(EnvelopeType type, const json::object& frame, const json::object& payload) {
    switch (type) {
        case EnvelopeType::events_api:
            return Payload(
                parse_event(payload, count_member(frame, "retry_attempt"), text_member(frame, "retry_reason")));
        case EnvelopeType::interactive:
            return Payload(parse_interaction(payload));
        case EnvelopeType::slash_commands:
            return Payload(parse_slash_command(payload));
        case EnvelopeType::unknown:
            break;
    }
    return std::nullopt;
}

json::object payload_from_text(const json::string& text, json::storage_ptr storage) {
    boost::system::error_code error;
    json::value inner = parse_json(text, error, storage, parse_limits());
    if (!error && inner.is_object())
        return std::move(inner.as_object());
    json::object wrapped(storage);
    wrapped["text"] = text;
    return wrapped;
}

Frame read_envelope(const json::object& frame, json::storage_ptr storage) {
    const std::string_view id = text_member(frame, "envelope_id");
    if (id.empty())
        return OddFrame{"neither a known message nor an envelope"};
    if (id.size() > kMaxIdBytes)
        return OddFrame{"the envelope id is too long"};
    Envelope envelope;
    envelope.id = id;
    const EnvelopeType type = envelope_type(text_member(frame, "type"));
    envelope.known_type = type != EnvelopeType::unknown;
    const json::value* payload = member(frame, "payload");
    if (!envelope.known_type || !payload)
        return envelope;
    try {
        if (const json::object* object = payload->if_object())
            envelope.payload = read_payload(type, frame, *object);
        else if (const json::string* text = payload->if_string())
            envelope.payload = read_payload(type, frame, payload_from_text(*text, std::move(storage)));
    } catch (const std::exception&) {
        // The id is good, so the ack is due; without it Slack would send the same again and again.
        envelope.payload.reset();
    }
    return envelope;
}

}  // namespace envelope_detail

const char* to_string(DisconnectReason reason) {
    switch (reason) {
        case DisconnectReason::warning:
            return "warning";
        case DisconnectReason::refresh_requested:
            return "refresh_requested";
        case DisconnectReason::link_disabled:
            return "link_disabled";
        case DisconnectReason::too_many_websockets:
            return "too_many_websockets";
        case DisconnectReason::unknown:
            break;
    }
    return "unknown";
}

Frame parse_frame(std::string_view text) {
    namespace detail = envelope_detail;
    if (text.empty())
        return OddFrame{"empty"};
    // Typed payloads copy what they keep, so the JSON value may live in a buffer that goes away here. One event fits.
    unsigned char buffer[16384];
    json::monotonic_resource memory(buffer, sizeof buffer);
    boost::system::error_code error;
    const json::value value = parse_json(text, error, &memory, detail::parse_limits());
    if (error)
        return OddFrame{"not JSON"};
    const json::object* frame = value.if_object();
    if (!frame)
        return OddFrame{"not a JSON object"};
    const std::string_view type = detail::text_member(*frame, "type");
    if (type == "hello")
        return detail::read_hello(*frame);
    if (type == "disconnect")
        return detail::read_disconnect(*frame);
    return detail::read_envelope(*frame, &memory);
}

AckFrame serialize_ack(std::string_view envelope_id, const std::optional<boost::json::value>& payload) {
    AckFrame ack;
    const auto is_plain = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
    };
    // Slack's ids are UUIDs, of which nothing has to be escaped.
    std::string head = "{\"envelope_id\":";
    if (std::all_of(envelope_id.begin(), envelope_id.end(), is_plain))
        head.append(1, '"').append(envelope_id).append(1, '"');
    else
        head += json::serialize(json::string(envelope_id));
    if (payload) {
        ack.text = head + ",\"payload\":" + json::serialize(*payload) + "}";
        ack.payload_dropped = ack.text.size() > kMaxAckBytes;
    }
    if (!payload || ack.payload_dropped)
        ack.text = head + "}";
    return ack;
}

}  // namespace genie_slack::slack
