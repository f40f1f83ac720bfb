// What arrives on a Socket Mode connection, and the ack that goes back (slack.md 1.2 to 1.5).
#pragma once

#include "core/clock.hpp"
#include "slack/events/events.hpp"

#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace genie_slack::slack {

// A frame that is tolerated and dropped: it neither closes the connection nor gets an ack.
struct OddFrame {
    const char* why = "";  // for the log: never any content
};

struct Hello {
    int num_connections = 0;     // all sockets of the app, of other processes too; 0 when Slack did not say
    Duration connection_time{};  // how long the connection may live; zero when Slack did not say
    std::string app_id;
};

enum class DisconnectReason {
    warning,
    refresh_requested,
    link_disabled,
    too_many_websockets,
    unknown,
};

struct Disconnect {
    DisconnectReason reason = DisconnectReason::unknown;
};

const char* to_string(DisconnectReason reason);

struct Envelope {
    std::string id;
    bool known_type = true;          // events_api, interactive or slash_commands
    std::optional<Payload> payload;  // none: there is nothing to handle, an ack is all that is due
};

using Frame = std::variant<OddFrame, Hello, Disconnect, Envelope>;

// Every text gives a Frame. A payload that came as a JSON string is read as the JSON in it, or else as
// {"text": string}.
Frame parse_frame(std::string_view text);

// Slack drops a client frame of 20,480 bytes or more, or closes the connection with 1009 (slack.md 1.5).
constexpr std::size_t kMaxAckBytes = 20479;

struct AckFrame {
    std::string text;
    bool payload_dropped = false;  // it would have been too large, so the ack went plain
};

AckFrame serialize_ack(std::string_view envelope_id, const std::optional<boost::json::value>& payload);

}  // namespace genie_slack::slack
