#include "tests/support/websocket_peer.hpp"

#include <openssl/evp.h>

#include <vector>

namespace genie_slack::test {

namespace asio = boost::asio;

std::string websocket_accept_key(const std::string& request) {
    const std::string name = "Sec-WebSocket-Key: ";
    const auto begin = request.find(name) + name.size();
    const std::string text =
        request.substr(begin, request.find("\r\n", begin) - begin) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr);
    std::string key(64, '\0');
    key.resize(static_cast<std::size_t>(
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(key.data()), digest, static_cast<int>(size))));
    return key;
}

asio::awaitable<std::string> accept_websocket(Peer& peer) {
    std::string request = co_await peer.read_request();
    std::string reply = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
    reply += "Sec-WebSocket-Accept: " + websocket_accept_key(request) + "\r\n\r\n";
    co_await peer.write(std::move(reply));
    co_return request;
}

asio::awaitable<RawFrame> read_frame(Peer& peer) {
    RawFrame frame;
    std::string head = co_await peer.read_exactly(2);
    if (head.size() < 2)
        co_return frame;
    const auto byte = [](const std::string& text, std::size_t at) {
        return static_cast<unsigned>(static_cast<unsigned char>(text[at]));
    };
    frame.final = (byte(head, 0) & 0x80u) != 0;
    frame.opcode = static_cast<int>(byte(head, 0) & 0x0fu);
    frame.masked = (byte(head, 1) & 0x80u) != 0;
    std::uint64_t size = byte(head, 1) & 0x7fu;
    if (size >= 126) {
        const std::string more = co_await peer.read_exactly(size == 126 ? 2 : 8);
        size = 0;
        for (std::size_t i = 0; i < more.size(); ++i)
            size = size << 8 | byte(more, i);
    }
    std::string key;
    if (frame.masked)
        key = co_await peer.read_exactly(4);
    frame.payload = co_await peer.read_exactly(size);
    if (frame.masked)
        for (std::size_t i = 0; i < frame.payload.size(); ++i)
            frame.payload[i] = static_cast<char>(frame.payload[i] ^ key[i % 4]);
    co_return frame;
}

std::string encode_frame(int opcode, const std::string& payload, bool final) {
    std::string text;
    text += static_cast<char>((final ? 0x80 : 0) | opcode);
    if (payload.size() < 126) {
        text += static_cast<char>(payload.size());
    } else {
        const bool is_short = payload.size() < 65536;
        text += static_cast<char>(is_short ? 126 : 127);
        for (int shift = is_short ? 8 : 56; shift >= 0; shift -= 8)
            text += static_cast<char>(static_cast<std::uint64_t>(payload.size()) >> shift & 0xffu);
    }
    return text + payload;
}

asio::awaitable<void> write_frame(Peer& peer, int opcode, std::string payload, bool final) {
    std::string text = encode_frame(opcode, payload, final);
    co_await peer.write(std::move(text));
}

std::string close_payload(std::uint16_t code, const std::string& reason) {
    std::string text;
    text += static_cast<char>(code >> 8);
    text += static_cast<char>(code & 0xff);
    return text + reason;
}

}  // namespace genie_slack::test
