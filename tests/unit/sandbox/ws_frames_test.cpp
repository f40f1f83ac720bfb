#include "sandbox/slack/ws_frames.hpp"
#include "tests/catch.hpp"

namespace ws_frames_test {

using namespace genie_slack::sandbox;

TEST_CASE("the accept key is the one of RFC 6455") {
    CHECK(ws_accept_key("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST_CASE("frames of every length class survive any cutting of the stream") {
    const auto size = GENERATE(std::size_t(0), std::size_t(1), std::size_t(125), std::size_t(126), std::size_t(65535),
                               std::size_t(65536));
    const std::string payload(size, 'x');
    const std::string bytes = ws_frame(WsOpcode::text, payload) + ws_frame(WsOpcode::ping, "p", true);
    const auto step = GENERATE(std::size_t(1), std::size_t(7), std::size_t(100000));
    WsFrameReader reader(1u << 20);
    std::vector<WsFrame> frames;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        reader.feed(std::string_view(bytes).substr(at, step));
        while (auto frame = reader.next())
            frames.push_back(std::move(*frame));
    }
    REQUIRE(frames.size() == 2);
    CHECK(frames[0].payload == payload);
    CHECK(frames[0].final);
    CHECK_FALSE(frames[0].masked);
    CHECK(frames[1].opcode == WsOpcode::ping);
}

TEST_CASE("a masked frame is unmasked and says so") {
    // "Hello" of RFC 6455 section 5.7.
    WsFrameReader reader(100);
    reader.feed(std::string("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", 11));
    const auto frame = reader.next();
    REQUIRE(frame);
    CHECK(frame->masked);
    CHECK(frame->payload == "Hello");
}

TEST_CASE("a frame over the limit is announced and skipped, the next one is read") {
    WsFrameReader reader(20480);
    reader.feed(ws_frame(WsOpcode::text, std::string(20480, 'a')) + ws_frame(WsOpcode::text, std::string(20479, 'b')));
    const auto frame = reader.next();
    REQUIRE(frame);
    CHECK(frame->payload.front() == 'b');
    CHECK(reader.take_oversize() == 20480u);
    CHECK_FALSE(reader.take_oversize());
}

TEST_CASE("a close frame without a code reads as 1005") {
    WsFrameReader reader(100);
    reader.feed(ws_frame(WsOpcode::close, "") + ws_frame(WsOpcode::close, ws_close_payload(1009, "too big")));
    CHECK(reader.next()->close_code() == 1005);
    CHECK(reader.next()->close_code() == 1009);
}

}  // namespace ws_frames_test
