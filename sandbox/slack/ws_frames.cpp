#include "sandbox/slack/ws_frames.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>

namespace genie_slack::sandbox {

namespace ws_frames_detail {

std::uint64_t big_endian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char byte : bytes)
        value = (value << 8) | static_cast<unsigned char>(byte);
    return value;
}

void append_big_endian(std::string& out, std::uint64_t value, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        out += static_cast<char>((value >> shift) & 0xFF);
}

}  // namespace ws_frames_detail

std::string ws_accept_key(std::string_view key) {
    // The fixed GUID of RFC 6455 section 1.3.
    const std::string joined = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char digest[SHA_DIGEST_LENGTH];
    SHA1(reinterpret_cast<const unsigned char*>(joined.data()), joined.size(), digest);
    unsigned char text[4 * ((SHA_DIGEST_LENGTH + 2) / 3) + 1];
    const int length = EVP_EncodeBlock(text, digest, SHA_DIGEST_LENGTH);
    return std::string(reinterpret_cast<const char*>(text), static_cast<std::size_t>(length));
}

std::string ws_frame(WsOpcode opcode, std::string_view payload, bool final) {
    std::string frame;
    frame += static_cast<char>((final ? 0x80 : 0) | static_cast<int>(opcode));
    if (payload.size() < 126) {
        frame += static_cast<char>(payload.size());
    } else if (payload.size() <= 0xFFFF) {
        frame += static_cast<char>(126);
        ws_frames_detail::append_big_endian(frame, payload.size(), 2);
    } else {
        frame += static_cast<char>(127);
        ws_frames_detail::append_big_endian(frame, payload.size(), 8);
    }
    frame += payload;
    return frame;
}

std::string ws_close_payload(std::uint16_t code, std::string_view reason) {
    std::string payload;
    ws_frames_detail::append_big_endian(payload, code, 2);
    // A control frame carries at most 125 bytes.
    payload += reason.substr(0, 123);
    return payload;
}

std::uint16_t WsFrame::close_code() const {
    if (payload.size() < 2)
        return 1005;
    return static_cast<std::uint16_t>(ws_frames_detail::big_endian(std::string_view(payload).substr(0, 2)));
}

std::optional<WsFrame> WsFrameReader::next() {
    if (skip_ > 0) {
        const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, buffer_.size()));
        buffer_.erase(0, step);
        skip_ -= step;
    }
    if (buffer_.size() < 2)
        return std::nullopt;
    const auto first = static_cast<unsigned char>(buffer_[0]);
    const auto second = static_cast<unsigned char>(buffer_[1]);
    WsFrame frame;
    frame.final = (first & 0x80) != 0;
    frame.reserved_bits = (first & 0x70) != 0;
    frame.opcode = static_cast<WsOpcode>(first & 0x0F);
    frame.masked = (second & 0x80) != 0;

    std::size_t header = 2;
    std::uint64_t length = second & 0x7F;
    const std::size_t extra = length == 126 ? 2 : length == 127 ? 8 : 0;
    if (buffer_.size() < header + extra)
        return std::nullopt;
    if (extra > 0)
        length = ws_frames_detail::big_endian(std::string_view(buffer_).substr(header, extra));
    header += extra;
    if (length >= limit_) {
        oversize_ = length;
        skip_ = header + (frame.masked ? 4 : 0) + length;
        return next();
    }
    const std::size_t mask = header;
    if (frame.masked)
        header += 4;
    if (buffer_.size() < header + length)
        return std::nullopt;
    frame.payload = buffer_.substr(header, static_cast<std::size_t>(length));
    if (frame.masked)
        for (std::size_t at = 0; at < frame.payload.size(); ++at)
            frame.payload[at] = static_cast<char>(frame.payload[at] ^ buffer_[mask + at % 4]);
    buffer_.erase(0, header + static_cast<std::size_t>(length));
    return frame;
}

}  // namespace genie_slack::sandbox
