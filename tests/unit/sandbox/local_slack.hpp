// A local Slack on its own loop, and a bot that speaks Socket Mode byte by byte: nothing of the product's client is in
// it.
#pragma once

#include "core/task_group.hpp"
#include "sandbox/slack/json_members.hpp"
#include "sandbox/slack/slack_server.hpp"
#include "sandbox/slack/ws_frames.hpp"
#include "tests/support/raw_tcp.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace local_slack_test {

using namespace genie_slack;
using namespace genie_slack::sandbox;
namespace asio = boost::asio;
namespace json = boost::json;

struct Reply {
    int status = 0;
    std::string head;
    std::string text;
    json::object body;

    bool ok() const { return body.contains("ok") && body.at("ok").as_bool(); }
    std::string error() const { return text_member(body, "error"); }
    std::string member(const char* key) const { return text_member(body, key); }
};

class Local {
 public:
    explicit Local(SlackOptions options = {})
        : slack(create_slack_server(context.get_executor(), std::move(options))),
          tasks(context.get_executor(), "test") {
        tasks.spawn("slack", slack->run());
    }
    ~Local() {
        tasks.cancel();
        test::run_until(context, [this] { return tasks.size() == 0; });
    }

    Reply call(const std::string& method, json::object arguments, std::string token = "") {
        return raw("/api/" + method, "application/json; charset=utf-8", json::serialize(arguments),
                   token.empty() ? slack->options().bot_token : token);
    }
    Reply form(const std::string& method, const std::string& body, std::string token = "") {
        return raw("/api/" + method, "application/x-www-form-urlencoded", body,
                   token.empty() ? slack->options().bot_token : token);
    }
    Reply raw(std::string path, std::string type, std::string body, std::string token) {
        std::string request = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " +
                              std::to_string(body.size()) + "\r\n";
        if (!type.empty())
            request += "Content-Type: " + type + "\r\n";
        if (!token.empty())
            request += "Authorization: Bearer " + token + "\r\n";
        return test::run(context, exchange(request + "\r\n" + body));
    }
    Reply post_url(const std::string& url, const json::object& message) {
        return raw(url.substr(url.find('/', 8)), "application/json", json::serialize(message), "");
    }
    bool until(const std::function<bool()>& done) { return test::run_until(context, done); }
    void wait(Duration duration) { test::run(context, sleep_for(duration)); }

    asio::io_context context;
    std::unique_ptr<SlackServer> slack;
    TaskGroup tasks;

 private:
    asio::awaitable<Reply> exchange(std::string request) {
        test::RawClient client(context.get_executor());
        co_await client.connect(slack->port());
        co_await client.write(request);
        const std::string all = co_await client.read_to_end();
        Reply reply;
        const std::size_t end = all.find("\r\n\r\n");
        if (end == std::string::npos)
            co_return reply;
        reply.status = std::stoi(all.substr(9, 3));
        reply.head = all.substr(0, end);
        reply.text = all.substr(end + 4);
        boost::system::error_code failure;
        json::value body = json::parse(reply.text, failure);
        if (!failure && body.is_object())
            reply.body = body.get_object();
        co_return reply;
    }
};

class Bot {
 public:
    Bot(Local& local, bool auto_ack) : local_(local), socket_(local.context.get_executor()), auto_ack_(auto_ack) {}

    // "" when the upgrade was accepted, the status line otherwise.
    std::string upgrade(const std::string& target) { return test::run(local_.context, handshake(target)); }
    void start_reading(std::shared_ptr<Bot> self) { local_.tasks.spawn("bot", read_all(std::move(self))); }

    void send(WsOpcode opcode, std::string_view payload, bool masked = true, bool final = true) {
        std::string frame = ws_frame(opcode, payload, final);
        if (masked) {
            const std::size_t header = frame.size() - payload.size();
            frame[1] = static_cast<char>(frame[1] | static_cast<char>(0x80));
            const std::string mask = "\x11\x22\x33\x44";
            for (std::size_t at = 0; at < payload.size(); ++at)
                frame[header + at] = static_cast<char>(frame[header + at] ^ mask[at % 4]);
            frame.insert(header, mask);
        }
        test::run(local_.context, write(frame));
    }
    void ack(const std::string& envelope_id, const json::value& payload = nullptr) {
        json::object message{{"envelope_id", envelope_id}};
        if (!payload.is_null())
            message["payload"] = payload;
        send(WsOpcode::text, json::serialize(message));
    }
    // Messages with this type in order of arrival, hello among them.
    std::vector<json::object> messages(std::string_view type = "") const {
        std::vector<json::object> result;
        for (const auto& text : texts) {
            auto object = json::parse(text).get_object();
            if (type.empty() || text_member(object, "type") == type)
                result.push_back(std::move(object));
        }
        return result;
    }
    std::vector<json::object> events(std::string_view type) const {
        std::vector<json::object> result;
        for (const auto& envelope : messages("events_api"))
            if (const auto& event = envelope.at("payload").at("event").as_object(); text_member(event, "type") == type)
                result.push_back(event);
        return result;
    }
    std::vector<json::object> interactions(std::string_view type) const {
        std::vector<json::object> result;
        for (const auto& envelope : messages("interactive"))
            if (const auto& payload = envelope.at("payload").as_object(); text_member(payload, "type") == type)
                result.push_back(payload);
        return result;
    }

    std::vector<std::string> texts;
    std::vector<std::string> pings;
    std::vector<std::string> pongs;
    std::optional<std::uint16_t> close_code;
    bool ended = false;
    int fragments = 0;
    // What an ack carries, by the type of the interactive payload or "slash_commands".
    std::map<std::string, json::value> ack_payloads;

 private:
    asio::awaitable<void> write(std::string bytes) {
        boost::system::error_code ignored;
        co_await asio::async_write(socket_, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, ignored));
    }
    asio::awaitable<std::string> handshake(std::string target) {
        const asio::ip::tcp::endpoint endpoint(asio::ip::address_v4::loopback(), local_.slack->port());
        co_await socket_.async_connect(endpoint, asio::use_awaitable);
        const std::string request = "GET " + target +
                                    " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                    "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n";
        co_await write(request);
        std::string head;
        char byte = 0;
        while (head.find("\r\n\r\n") == std::string::npos) {
            co_await socket_.async_read_some(asio::buffer(&byte, 1), asio::use_awaitable);
            head += byte;
        }
        const bool good = head.starts_with("HTTP/1.1 101 ") &&
                          head.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") != std::string::npos &&
                          head.find("permessage") == std::string::npos;
        co_return good ? "" : head.substr(0, head.find('\r'));
    }
    asio::awaitable<void> read_all(std::shared_ptr<Bot> self) {
        WsFrameReader reader(64u << 20);
        std::string chunk(65536, '\0');
        std::string partial;
        for (;;) {
            while (auto frame = reader.next()) {
                if (frame->opcode == WsOpcode::text || frame->opcode == WsOpcode::continuation) {
                    partial += frame->payload;
                    fragments += frame->final ? 0 : 1;
                    if (frame->final)
                        take(std::exchange(partial, {}));
                } else if (frame->opcode == WsOpcode::ping) {
                    pings.push_back(frame->payload);
                } else if (frame->opcode == WsOpcode::pong) {
                    pongs.push_back(frame->payload);
                } else if (frame->opcode == WsOpcode::close) {
                    close_code = frame->close_code();
                }
            }
            boost::system::error_code failure;
            const std::size_t count = co_await socket_.async_read_some(
                asio::buffer(chunk), asio::redirect_error(asio::use_awaitable, failure));
            if (failure)
                break;
            reader.feed(std::string_view(chunk).substr(0, count));
        }
        ended = true;
        (void)self;
    }
    void take(std::string text) {
        texts.push_back(text);
        boost::system::error_code failure;
        const json::value message = json::parse(text, failure);
        if (!auto_ack_ || failure || !message.is_object() || !message.get_object().contains("envelope_id"))
            return;
        const auto& envelope = message.get_object();
        std::string kind = text_member(envelope, "type");
        if (kind == "interactive")
            kind = text_member(envelope.at("payload").as_object(), "type");
        json::object answer{{"envelope_id", envelope.at("envelope_id")}};
        if (const auto found = ack_payloads.find(kind); found != ack_payloads.end())
            answer["payload"] = found->second;
        pending_ = json::serialize(answer);
        std::string frame = ws_frame(WsOpcode::text, pending_);
        // A mask of zeros is a mask.
        frame[1] = static_cast<char>(frame[1] | static_cast<char>(0x80));
        frame.insert(frame.size() - pending_.size(), std::string(4, '\0'));
        boost::system::error_code ignored;
        asio::write(socket_, asio::buffer(frame), ignored);
    }

    Local& local_;
    asio::ip::tcp::socket socket_;
    bool auto_ack_;
    std::string pending_;
};

// The path and query of a fresh socket URL.
inline std::string socket_target(Local& local) {
    const Reply reply = local.form("apps.connections.open", "", local.slack->options().app_token);
    const std::string url = reply.member("url");
    return url.empty() ? "" : url.substr(url.find('/', 5));
}

inline std::shared_ptr<Bot> open_bot(Local& local, bool auto_ack = true, bool wait_for_hello = true) {
    auto bot = std::make_shared<Bot>(local, auto_ack);
    const std::string target = socket_target(local);
    if (target.empty() || !bot->upgrade(target).empty())
        return nullptr;
    bot->start_reading(bot);
    if (wait_for_hello)
        local.until([&] { return !bot->texts.empty(); });
    return bot;
}

}  // namespace local_slack_test
