#include "core/net/http_server.hpp"

#include "core/log.hpp"
#include "core/race.hpp"
#include "core/task_group.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>

#include <array>
#include <ctime>

namespace genie_slack::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;

std::string_view ServerRequest::path() const {
    const std::string_view text = target;
    return text.substr(0, text.find('?'));
}

std::string_view ServerRequest::query() const {
    const std::string_view text = target;
    const auto mark = text.find('?');
    return mark == std::string_view::npos ? std::string_view() : text.substr(mark + 1);
}

std::string http_date(WallTime time) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(time));
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    // Names of days and months are English whatever the locale, which this program never sets.
    std::array<char, 64> text{};
    return std::string(text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts));
}

ServerReply::ServerReply(int status_, std::string content_type, std::string body_)
    : status(status_), body(std::move(body_)) {
    headers.emplace_back("Content-Type", std::move(content_type));
}

ServerReply ServerReply::json(int status, std::string body) {
    return ServerReply(status, "application/json; charset=utf-8", std::move(body));
}

namespace http_server_detail {

constexpr auto kToken = asio::as_tuple(asio::use_awaitable);
using Parser = http::request_parser<http::string_body>;

// A peer that is still sending when it gets its refusal would see a reset instead of the answer; so what it sends is
// read and dropped for this long and this much.
constexpr auto kLingerTime = std::chrono::seconds(1);
constexpr std::size_t kLingerBytes = 4u << 20;

struct State {
    State(asio::any_io_executor executor, HttpServerOptions options_, ServerHandler handler_)
        : options(std::move(options_)),
          handler(std::move(handler_)),
          acceptor(executor),
          connections(executor, "http_server") {}

    HttpServerOptions options;
    ServerHandler handler;
    tcp::acceptor acceptor;
    TaskGroup connections;
};

asio::awaitable<error_code> wait_readable(tcp::socket& socket) {
    auto [error] = co_await socket.async_wait(tcp::socket::wait_read, kToken);
    co_return error;
}

asio::awaitable<error_code> write_all(tcp::socket& socket, const std::string& text) {
    auto [error, size] = co_await asio::async_write(socket, asio::buffer(text), kToken);
    co_return error;
}

asio::awaitable<error_code> read_request(tcp::socket& socket, beast::flat_buffer& buffer, Parser& parser) {
    auto [header_error, header_size] = co_await http::async_read_header(socket, buffer, parser, kToken);
    if (header_error || parser.is_done())
        co_return header_error;
    if (beast::iequals(parser.get()[http::field::expect], "100-continue") && parser.get().version() >= 11) {
        const std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        const error_code write_error = co_await write_all(socket, go_on);
        if (write_error)
            co_return write_error;
    }
    auto [body_error, body_size] = co_await http::async_read(socket, buffer, parser, kToken);
    co_return body_error;
}

asio::awaitable<void> drain(tcp::socket& socket) {
    std::array<char, 16384> scrap;
    for (std::size_t total = 0; total < kLingerBytes;) {
        auto [error, size] = co_await socket.async_read_some(asio::buffer(scrap), kToken);
        if (error)
            break;
        total += size;
    }
}

asio::awaitable<void> close_gently(tcp::socket& socket) {
    error_code ignored;
    socket.shutdown(tcp::socket::shutdown_send, ignored);
    co_await with_deadline(drain(socket), Deadline::after(kLingerTime));
}

ServerRequest to_request(Parser& parser, const tcp::endpoint& peer) {
    auto message = parser.release();
    ServerRequest request;
    request.method = std::string(message.method_string());
    request.target = std::string(message.target());
    for (const auto& field : message)
        request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    request.body = std::move(message.body());
    request.peer = peer;
    return request;
}

void append_line(std::string& text, std::string_view name, std::string_view value) {
    const auto append_clean = [&text](std::string_view part) {
        for (const char c : part)
            if (c != '\r' && c != '\n' && c != '\0')
                text += c;
    };
    append_clean(name);
    text += ": ";
    append_clean(value);
    text += "\r\n";
}

std::string serialize(const ServerReply& reply, bool head_only, bool keep_alive) {
    std::string text = "HTTP/1.1 " + std::to_string(reply.status) + " ";
    text += std::string(http::obsolete_reason(http::int_to_status(static_cast<unsigned>(reply.status))));
    text += "\r\n";
    for (const auto& header : reply.headers)
        append_line(text, header.name, header.value);
    if (find_header(reply.headers, "Date").empty())
        append_line(text, "Date", http_date(wall_now()));
    const bool no_body = reply.status == 204 || reply.status == 304 || reply.status < 200;
    if (!no_body)
        append_line(text, "Content-Length", std::to_string(reply.body.size()));
    append_line(text, "Connection", keep_alive ? "keep-alive" : "close");
    text += "\r\n";
    if (!no_body && !head_only)
        text += reply.body;
    return text;
}

ServerReply plain(int status, std::string text) {
    return ServerReply(status, "text/plain; charset=utf-8", std::move(text));
}

// Makes the answer to a request that could not be read; its status is 0 when there is nobody to tell.
ServerReply refusal(const error_code& error) {
    ServerReply reply = plain(0, "");
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
        reply = plain(431, "the request's header is too large\n");
    else if (error == http::error::body_limit)
        reply = plain(413, "the request's body is too large\n");
    else if (error == asio::error::operation_aborted)
        reply = plain(408, "the request took too long\n");
    else if (error.category() == make_error_code(http::error::bad_method).category() &&
             error != http::error::end_of_stream && error != http::error::partial_message)
        reply = plain(400, "malformed request\n");
    return reply;
}

asio::awaitable<ServerReply> answer(std::shared_ptr<State> state, ServerRequest request) {
    std::string failure;
    const std::string method = request.method;
    const std::string path(request.path().substr(0, 200));
    try {
        auto reply = co_await state->handler(std::move(request));
        co_return reply;
    } catch (const std::exception& error) {
        failure = error.what();
    }
    const auto cancellation = co_await asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != asio::cancellation_type::none)
        throw boost::system::system_error(asio::error::operation_aborted);
    log::warn("http_server.handler_failed", {{"method", method}, {"path", path}, {"error", failure}});
    co_return plain(500, "internal error\n");
}

// Whoever took a connection over may let its end through as an exception: that is no failure of the server.
asio::awaitable<void> run_taken(asio::awaitable<void> taken) {
    try {
        co_await std::move(taken);
    } catch (const boost::system::system_error& error) {
        log::debug("http_server.taken_ended", {{"error", error.code().message()}});
    }
}

asio::awaitable<void> serve(std::shared_ptr<State> state, tcp::socket socket) {
    const HttpServerOptions& options = state->options;
    error_code ignored;
    const auto peer = socket.remote_endpoint(ignored);
    socket.set_option(tcp::no_delay(true), ignored);
    beast::flat_buffer buffer;
    for (;;) {
        if (buffer.size() == 0) {
            const auto readable = co_await with_deadline(wait_readable(socket), Deadline::after(options.idle_timeout));
            if (!readable || *readable)
                co_return;
        }
        Parser parser;
        parser.header_limit(static_cast<std::uint32_t>(options.max_header_bytes));
        parser.body_limit(options.max_body_bytes);
        const auto read =
            co_await with_deadline(read_request(socket, buffer, parser), Deadline::after(options.request_timeout));
        const error_code read_error = read ? *read : make_error_code(asio::error::operation_aborted);
        if (read_error) {
            const auto reply = refusal(read_error);
            if (reply.status == 0)
                co_return;
            const std::string text = serialize(reply, false, false);
            co_await with_deadline(write_all(socket, text), Deadline::after(kLingerTime));
            co_await close_gently(socket);
            co_return;
        }

        const bool keep_alive = parser.get().keep_alive();
        const bool head_only = parser.get().method() == http::verb::head;
        auto request = to_request(parser, peer);
        auto reply = co_await answer(state, std::move(request));
        if (reply.take_over) {
            std::string early(static_cast<const char*>(buffer.data().data()), buffer.size());
            auto take_over = std::move(reply.take_over);
            auto taken = take_over(std::move(socket), std::move(early));
            co_await run_taken(std::move(taken));
            co_return;
        }
        const std::string text = serialize(reply, head_only, keep_alive);
        const auto written = co_await with_deadline(write_all(socket, text), Deadline::after(options.idle_timeout));
        if (!written || *written)
            co_return;
        if (!keep_alive) {
            co_await close_gently(socket);
            co_return;
        }
    }
}

// Beyond the limit a connection gets one non-blocking attempt at an answer.
void turn_away(tcp::socket socket) {
    error_code ignored;
    const std::string text = serialize(plain(503, "too many connections\n"), false, false);
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(text), ignored);
}

class Server final : public HttpServer {
 public:
    Server(asio::any_io_executor executor, HttpServerOptions options, ServerHandler handler)
        : state_(std::make_shared<State>(executor, std::move(options), std::move(handler))) {
        const tcp::endpoint endpoint(asio::ip::make_address(state_->options.address), state_->options.port);
        auto& acceptor = state_->acceptor;
        acceptor.open(endpoint.protocol());
        acceptor.set_option(tcp::acceptor::reuse_address(true));
        acceptor.bind(endpoint);
        acceptor.listen();
        port_ = acceptor.local_endpoint().port();
    }

    ~Server() override {
        error_code ignored;
        state_->acceptor.close(ignored);
    }

    std::uint16_t port() const override { return port_; }

    asio::awaitable<void> run() override { return accept_all(state_); }

 private:
    static asio::awaitable<void> accept_all(std::shared_ptr<State> state) {
        auto& acceptor = state->acceptor;
        co_await asio::this_coro::throw_if_cancelled(false);  // CONTRIBUTING, cancelled-cleanup
        while (acceptor.is_open()) {
            const auto cancellation = co_await asio::this_coro::cancellation_state;
            if (cancellation.cancelled() != asio::cancellation_type::none)
                break;
            auto accepted = co_await acceptor.async_accept(kToken);
            auto& [error, socket] = accepted;
            if (error == asio::error::operation_aborted)
                continue;
            if (error) {
                // Mostly the descriptors have run out, and waiting is all that helps.
                log::warn("http_server.accept_failed", {{"error", error.message()}});
                auto pause = sleep_for(std::chrono::milliseconds(100));
                try {
                    co_await std::move(pause);
                } catch (const boost::system::system_error&) {
                }
                continue;
            }
            if (state->connections.size() >= state->options.max_connections) {
                turn_away(std::move(socket));
                continue;
            }
            state->connections.spawn("connection", serve(state, std::move(socket)));
        }
        co_await asio::this_coro::reset_cancellation_state();
        error_code ignored;
        acceptor.close(ignored);
        state->connections.cancel();
        co_await state->connections.join(Deadline::never());
    }

    std::shared_ptr<State> state_;
    std::uint16_t port_ = 0;
};

}  // namespace http_server_detail

std::unique_ptr<HttpServer> create_http_server(asio::any_io_executor executor, HttpServerOptions options,
                                               ServerHandler handler) {
    return std::make_unique<http_server_detail::Server>(std::move(executor), std::move(options), std::move(handler));
}

}  // namespace genie_slack::net
