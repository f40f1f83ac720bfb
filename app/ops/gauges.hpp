// What /metrics shows of things that count already: it is read at the moment when somebody asks.
#pragma once

#include "app/relay/relay.hpp"
#include "app/relay/turn/turn_runner.hpp"
#include "genie/rate_limit.hpp"
#include "slack/api/web_api.hpp"
#include "slack/socket/socket_mode.hpp"

#include <string>

namespace genie_slack::ops {

// Nothing where it is not there yet.
struct Watched {
    const slack::WebApi* slack = nullptr;
    const slack::SocketMode* socket = nullptr;
    const relay::Relay* relay = nullptr;
    const relay::TurnRunner* runner = nullptr;
    const genie::QuestionLimiter* limiter = nullptr;
};

// Brings the series of these things and of the process up to date; asks nobody and waits for nothing.
void read_gauges(const Watched& watched);

// Once, at the start.
void tell_version(const std::string& version);

}  // namespace genie_slack::ops
