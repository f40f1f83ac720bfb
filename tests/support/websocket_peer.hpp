// The server's side of a WebSocket, frame by frame, for tests that care about frames.
#pragma once

#include "tests/support/scripted_server.hpp"

#include <cstdint>
#include <string>

namespace genie_slack::test {

struct RawFrame {
    bool final = false;
    bool masked = false;
    int opcode = -1;  // -1: the client closed the TCP connection
    std::string payload;
};

inline constexpr int kTextFrame = 1;
inline constexpr int kBinaryFrame = 2;
inline constexpr int kCloseFrame = 8;
inline constexpr int kPingFrame = 9;
inline constexpr int kPongFrame = 10;

// Reads the upgrade request, accepts it, and gives the request back.
boost::asio::awaitable<std::string> accept_websocket(Peer& peer);
// The value of Sec-WebSocket-Accept for a request.
std::string websocket_accept_key(const std::string& request);
boost::asio::awaitable<RawFrame> read_frame(Peer& peer);
std::string encode_frame(int opcode, const std::string& payload, bool final = true);
boost::asio::awaitable<void> write_frame(Peer& peer, int opcode, std::string payload, bool final = true);
// Payload of a close frame.
std::string close_payload(std::uint16_t code, const std::string& reason = "");

}  // namespace genie_slack::test
