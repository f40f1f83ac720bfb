// WebSocket frames as the server side of RFC 6455 sees them, without I/O. Written apart from the product's client, so
// that both sides cannot share a mistake; it lets through what a proper library would hide: fragments, missing masks,
// sizes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace genie_slack::sandbox {

enum class WsOpcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

// Value of Sec-WebSocket-Accept for a client's Sec-WebSocket-Key.
std::string ws_accept_key(std::string_view key);

// An unmasked frame.
std::string ws_frame(WsOpcode opcode, std::string_view payload, bool final = true);
// A close frame's payload.
std::string ws_close_payload(std::uint16_t code, std::string_view reason);

struct WsFrame {
    bool final = true;
    bool masked = false;
    bool reserved_bits = false;
    WsOpcode opcode = WsOpcode::text;
    std::string payload;

    // The code of a close frame; 1005 when it has none.
    std::uint16_t close_code() const;
};

// Cuts a byte stream into frames.
class WsFrameReader {
 public:
    // Frames whose payload has `limit` bytes or more are not kept: their payload is skipped.
    explicit WsFrameReader(std::size_t limit) : limit_(limit) {}

    void feed(std::string_view bytes) { buffer_ += bytes; }
    // The next whole frame, if there is one.
    std::optional<WsFrame> next();
    // The announced length of a frame of `limit` bytes or more that began since the last call.
    std::optional<std::uint64_t> take_oversize() { return std::exchange(oversize_, std::nullopt); }

 private:
    std::size_t limit_;
    std::string buffer_;
    std::uint64_t skip_ = 0;
    std::optional<std::uint64_t> oversize_;
};

}  // namespace genie_slack::sandbox
