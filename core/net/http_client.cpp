#include "core/net/http_client.hpp"

#include "core/net/http_pool.hpp"
#include "core/net/resolver.hpp"
#include "core/net/url.hpp"
#include "core/race.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>

namespace genie_slack::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

std::string_view find_header(const Headers& headers, std::string_view name) {
    for (const auto& header : headers)
        if (beast::iequals(header.name, name))
            return header.value;
    return {};
}

namespace http_client_detail {

constexpr std::uint32_t kMaxHeaderBytes = 64u << 10;
constexpr std::size_t kReadChunk = 16u << 10;
// A server that sends more interim (1xx) responses than this does not mean to answer.
constexpr int kMaxInterim = 16;

using Parser = http::response_parser<http::string_body>;

bool is_token(std::string_view text) {
    constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               kOthers.find(c) != std::string_view::npos;
    });
}

bool is_header_value(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](unsigned char c) { return (c >= 0x20 && c != 0x7f) || c == '\t'; });
}

bool is_ours(std::string_view name) {
    for (const std::string_view ours : {"Host", "Content-Length", "Connection", "User-Agent", "Transfer-Encoding"})
        if (beast::iequals(name, ours))
            return true;
    return false;
}

// Writes the request as it goes over the wire, and refuses what would break out of its line.
NetResult<std::string> serialize(const HttpRequest& request, const Url& url, const std::string& user_agent) {
    if (!is_token(request.method))
        return NetError(NetFault::not_allowed, "the request's method is malformed");
    std::string text = request.method + " " + url.target + " HTTP/1.1\r\n";
    const auto add = [&text](std::string_view name, std::string_view value) {
        text.append(name).append(": ").append(value).append("\r\n");
    };
    add("Host", url.authority());
    const auto own_agent = find_header(request.headers, "User-Agent");
    add("User-Agent", own_agent.empty() || !is_header_value(own_agent) ? std::string_view(user_agent) : own_agent);
    add("Connection", "keep-alive");
    for (const auto& header : request.headers) {
        if (!is_token(header.name) || !is_header_value(header.value))
            return NetError(NetFault::not_allowed, "a request header is malformed");
        if (!is_ours(header.name))
            add(header.name, header.value);
    }
    if (!request.body.empty() || (request.method != "GET" && request.method != "HEAD" && request.method != "DELETE"))
        add("Content-Length", std::to_string(request.body.size()));
    text += "\r\n";
    text += request.body;
    return text;
}

int retry_after_seconds(std::string_view value) {
    int seconds = 0;
    for (const char c : value) {
        if (c < '0' || c > '9')
            return 0;
        seconds = std::min(seconds * 10 + (c - '0'), 86400);
    }
    return seconds;
}

// How one attempt on one connection went.
struct Attempt {
    bool wrote = false;     // a byte of the request may have reached the peer
    bool received = false;  // a byte of the answer came
    bool reusable = false;  // the connection can take another request
};

NetError read_failure(const error_code& error, const std::string& origin, const Parser& parser,
                      const HttpRequest& request) {
    const std::string where = origin + ": ";
    if (error == http::error::body_limit) {
        NetError failure(NetFault::too_large, where + "the response is larger than " +
                                                  std::to_string(request.max_response_bytes) + " bytes");
        failure.http_status = static_cast<int>(parser.get().result_int());
        return failure;
    }
    if (error == http::error::header_limit)
        return NetError(NetFault::too_large, where + "the response's header is too large");
    if (error.category() == make_error_code(http::error::bad_version).category() &&
        error != http::error::end_of_stream && error != http::error::partial_message)
        return NetError(NetFault::protocol, where + "malformed response: " + error.message());
    return NetError(NetFault::io, where + "the connection ended within the response: " + error.message());
}

// Feeds the parser until the response is complete.
asio::awaitable<error_code> read_response(Stream& stream, beast::flat_buffer& buffer, Parser& parser,
                                          Attempt& attempt) {
    parser.eager(true);
    while (!parser.is_done()) {
        if (buffer.size() > 0) {
            error_code error;
            const std::size_t used = parser.put(buffer.data(), error);
            buffer.consume(used);
            if (error && error != http::error::need_more)
                co_return error;
            if (!error && used > 0)
                continue;
        }
        auto [error, size] = co_await stream.async_read_some(buffer.prepare(kReadChunk), kAsTuple);
        buffer.commit(size);
        attempt.received = attempt.received || size > 0;
        throw_if_aborted(error);
        if (error == asio::error::eof && parser.got_some()) {
            error_code at_end;
            parser.put_eof(at_end);
            if (at_end)
                co_return at_end;
        } else if (error) {
            co_return error;
        }
    }
    co_return error_code();
}

// One request and its response on one connection.
asio::awaitable<NetResult<HttpResponse>> exchange(Stream& stream, const HttpRequest& request, const std::string& text,
                                                  const std::string& origin, Attempt& attempt) {
    attempt.wrote = true;
    auto [write_error, written] = co_await asio::async_write(stream, asio::buffer(text), kAsTuple);
    throw_if_aborted(write_error);
    // A peer may answer and close before it has read everything; its answer counts more than our broken pipe.
    if (write_error && written == 0) {
        attempt.wrote = false;
        co_return NetError(NetFault::io,
                           origin + ": the connection broke before the request was sent: " + write_error.message());
    }

    beast::flat_buffer buffer;
    for (int interim = 0; interim <= kMaxInterim; ++interim) {
        Parser parser;
        parser.header_limit(kMaxHeaderBytes);
        parser.body_limit(request.max_response_bytes);
        parser.skip(request.method == "HEAD");
        const error_code error = co_await read_response(stream, buffer, parser, attempt);
        if (error)
            co_return read_failure(error, origin, parser, request);
        const int status = static_cast<int>(parser.get().result_int());
        if (status == 101)
            co_return NetError(NetFault::protocol, origin + ": unasked switch of protocols");
        if (status < 200)
            continue;

        attempt.reusable = !write_error && parser.keep_alive() && buffer.size() == 0;
        auto message = parser.release();
        HttpResponse response;
        response.status = status;
        for (const auto& field : message)
            response.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
        response.body = std::move(message.body());
        co_return response;
    }
    co_return NetError(NetFault::protocol, origin + ": too many interim responses");
}

NetResult<HttpResponse> judge(HttpResponse response, const std::string& origin) {
    if (response.status < 300 || response.status > 399 || response.status == 304)
        return response;
    NetError failure(NetFault::redirect,
                     origin + ": answered with a redirect (status " + std::to_string(response.status) +
                         "), which is not followed; the address in the configuration has to be the final one");
    failure.http_status = response.status;
    failure.retry_after_seconds = retry_after_seconds(response.header("Retry-After"));
    return failure;
}

// What send() knows about a request when its time is up or it is cancelled.
struct Progress {
    bool sent = false;
    ConnectStage stage;
};

class Client final : public HttpClient {
 public:
    Client(asio::any_io_executor executor, std::shared_ptr<asio::ssl::context> tls, Resolver& resolver,
           HttpClientOptions options)
        : tls_(std::move(tls)),
          resolver_(resolver),
          options_(std::move(options)),
          pool_(std::make_shared<HttpPool>(executor, options_.max_idle_per_host, options_.max_connections_per_host,
                                           options_.idle_timeout)) {}

    ~Client() override { pool_->close_idle(); }

    void close_idle() override { pool_->close_idle(); }

    asio::awaitable<NetResult<HttpResponse>> send(HttpRequest request, Deadline deadline) override {
        auto url = parse_url(request.url);
        if (!url)
            co_return url.error();
        if (url->scheme != "https" && url->scheme != "http")
            co_return NetError(NetFault::not_allowed,
                               "HTTP requests go to https:// or http://, not to " + url->scheme + "://");
        auto text = serialize(request, *url, options_.user_agent);
        if (!text)
            co_return text.error();

        const std::string origin = url->origin();
        Progress progress;
        auto work = transact(request, *url, *text, deadline, progress);
        try {
            auto result = co_await with_deadline(std::move(work), deadline);
            if (result) {
                if (!*result) {
                    NetError failure = result->error();
                    failure.sent = progress.sent;
                    co_return failure;
                }
                co_return std::move(*result);
            }
        } catch (const boost::system::system_error& error) {
            if (error.code() != asio::error::operation_aborted)
                co_return NetError(NetFault::io, origin + ": " + error.code().message(), progress.sent);
            co_return NetError(NetFault::cancelled, origin + ": the request was cancelled", progress.sent);
        }
        co_return NetError(NetFault::timeout, origin + ": out of time while " + progress.stage.doing, progress.sent);
    }

 private:
    // Runs inside send(), whose locals outlive it.
    asio::awaitable<NetResult<HttpResponse>> transact(const HttpRequest& request, const Url& url,
                                                      const std::string& text, Deadline deadline, Progress& progress) {
        const std::string origin = url.origin();
        const std::string proxy = proxy_for(options_.proxy, url.host);
        for (bool fresh = false;; fresh = true) {
            progress.stage.doing = "waiting for a free connection";
            auto lease = co_await pool_->acquire(origin, fresh);
            const bool reused = lease.stream() != nullptr;
            if (!reused) {
                auto opening =
                    open_stream(tls_, resolver_, url, proxy, deadline.sooner(options_.connect_timeout), progress.stage);
                auto opened = co_await with_deadline(std::move(opening), deadline.sooner(options_.connect_timeout));
                if (!opened)
                    co_return NetError(NetFault::timeout, origin + ": out of time while " + progress.stage.doing);
                if (!*opened)
                    co_return opened->error();
                lease.adopt(std::move(**opened));
            }

            progress.stage.doing = "waiting for the response";
            const bool sent_before = progress.sent;
            // This holds until the write says otherwise: a cancellation leaves no chance to ask.
            progress.sent = true;
            Attempt attempt;
            auto result = co_await exchange(*lease.stream(), request, text, origin, attempt);
            progress.sent = sent_before || attempt.wrote;
            if (result) {
                if (attempt.reusable)
                    lease.keep();
                co_return judge(std::move(*result), origin);
            }
            const bool stale = reused && !attempt.received && result.error().fault == NetFault::io;
            const bool repeatable = request.method == "GET" || request.method == "HEAD" || !attempt.wrote;
            if (!stale || !repeatable)
                co_return result;
        }
    }

    std::shared_ptr<asio::ssl::context> tls_;
    Resolver& resolver_;
    HttpClientOptions options_;
    std::shared_ptr<HttpPool> pool_;
};

}  // namespace http_client_detail

std::unique_ptr<HttpClient> create_http_client(asio::any_io_executor executor, std::shared_ptr<asio::ssl::context> tls,
                                               Resolver& resolver, HttpClientOptions options) {
    return std::make_unique<http_client_detail::Client>(std::move(executor), std::move(tls), resolver,
                                                        std::move(options));
}

}  // namespace genie_slack::net
