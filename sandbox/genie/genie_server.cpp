#include "sandbox/genie/genie_server.hpp"

#include "core/net/http_server.hpp"
#include "sandbox/genie/text_coding.hpp"
#include "sandbox/genie/workspace.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>

#include <algorithm>

namespace genie_slack::sandbox {

namespace asio = boost::asio;
using databricks::Workspace;
using Socket = asio::ip::tcp::socket;

namespace genie_server_detail {

constexpr std::size_t kMaxCalls = 20'000;
constexpr Duration kMaxDelay = std::chrono::minutes(10);

// RST instead of FIN: the client sees a broken connection, not an end.
asio::awaitable<void> reset_connection(Socket socket, std::string) {
    boost::system::error_code ignored;
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
    socket.close(ignored);
    co_return;
}

// One byte after the other, so that the last arrives after `time`.
asio::awaitable<void> write_slowly(Socket socket, std::string head, std::string body, Duration time) {
    co_await asio::async_write(socket, asio::buffer(head), asio::use_awaitable);
    const Duration pause = body.empty() ? time : time / static_cast<std::int64_t>(body.size());
    for (const char& byte : body) {
        co_await sleep_for(pause);
        co_await asio::async_write(socket, asio::buffer(&byte, 1), asio::use_awaitable);
    }
    boost::system::error_code ignored;
    socket.shutdown(Socket::shutdown_send, ignored);
}

std::string head_of(const net::ServerReply& reply) {
    std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " Slow\r\n";
    for (const net::Header& header : reply.headers)
        head += header.name + ": " + header.value + "\r\n";
    return head + "Content-Length: " + std::to_string(reply.body.size()) + "\r\nConnection: close\r\n\r\n";
}

net::ServerReply make_slow(net::ServerReply reply, Duration time) {
    net::ServerReply slow;
    slow.take_over = [head = head_of(reply), body = std::move(reply.body), time](Socket socket, std::string) {
        return write_slowly(std::move(socket), head, body, time);
    };
    return slow;
}

net::ServerReply make_reset() {
    net::ServerReply reply;
    reply.take_over = [](Socket socket, std::string early) {
        return reset_connection(std::move(socket), std::move(early));
    };
    return reply;
}

net::ServerReply fault_reply(const GenieFaults::CallFault& fault, const std::string& request_id) {
    net::ServerReply reply;
    if (fault.raw_body.empty() && fault.content_type == "application/json") {
        databricks::ApiError error;
        error.status = fault.http_status;
        error.code = fault.error_code.empty() ? databricks::usual_error_code(fault.http_status) : fault.error_code;
        error.message = "This is a fault that was asked for.";
        reply = databricks::error_reply(error, request_id);
    } else {
        reply = net::ServerReply(fault.http_status, fault.content_type, fault.raw_body);
    }
    if (fault.retry_after)
        reply.headers.emplace_back("Retry-After", std::to_string(*fault.retry_after));
    reply.headers.emplace_back("x-request-id", request_id);
    return reply;
}

boost::json::object recorded_body(const net::ServerRequest& request) {
    if (request.path() == "/oidc/v1/token") {
        boost::json::object body;
        for (const auto& [name, value] : databricks::parse_form(request.body))
            if (name == "grant_type" || name == "scope")
                body[name] = value;
        return body;
    }
    boost::system::error_code problem;
    boost::json::value body = boost::json::parse(request.body, problem);
    return !problem && body.is_object() ? std::move(body.as_object()) : boost::json::object();
}

class Server final : public GenieServer {
 public:
    Server(asio::any_io_executor executor, GenieOptions options)
        : options_(std::move(options)), workspace_(options_, faults_) {
        net::HttpServerOptions http;
        http.port = options_.port;
        http_ = net::create_http_server(std::move(executor), http,
                                        [this](net::ServerRequest request) { return serve(std::move(request)); });
    }

    std::uint16_t port() const override { return http_->port(); }
    std::string host() const override { return "http://127.0.0.1:" + std::to_string(port()); }
    asio::awaitable<void> run() override { return http_->run(); }
    const GenieOptions& options() const override { return options_; }
    GenieFaults& faults() override { return faults_; }
    const std::vector<GenieCall>& calls() const override { return calls_; }
    void finish_questions() override { workspace_.finish_questions(); }
    std::size_t tokens_minted() const override { return workspace_.oidc().minted_count(); }
    const std::vector<DatabaseGrant>& database_grants() const override { return workspace_.lakebase().grants(); }

    std::vector<std::string> space_ids() const override {
        std::vector<std::string> ids;
        for (const databricks::SpaceInfo& space : workspace_.spaces())
            ids.push_back(space.id);
        return ids;
    }

    std::vector<GenieQuestion> questions() const override {
        std::vector<GenieQuestion> list;
        for (const auto& message : workspace_.store().all_messages()) {
            GenieQuestion question;
            question.space_id = message->space_id;
            question.conversation_id = message->conversation_id;
            question.message_id = message->id;
            question.content = message->content;
            question.status = message->deleted ? "DELETED" : message->position(Clock::now()).status;
            question.rating = message->rating;
            question.comment = message->feedback_comment;
            list.push_back(std::move(question));
        }
        return list;
    }

 private:
    asio::awaitable<net::ServerReply> serve(net::ServerRequest request) {
        const std::size_t number = record(request);
        const std::optional<GenieFaults::CallFault> fault = take_fault(request);
        if (!fault) {
            net::ServerReply reply = workspace_.handle(request, base_of(request));
            note_status(number, reply.status);
            co_return reply;
        }
        const Duration delay = std::min(fault->delay, kMaxDelay);
        if (fault->reset_before)
            co_return make_reset();
        net::ServerReply reply;
        // A fault that is no answer of its own is a fault on the way back: the call itself is carried out.
        if (fault->http_status == 0)
            reply = workspace_.handle(request, base_of(request));
        else
            reply = fault_reply(*fault, workspace_.new_request_id());
        if (fault->http_status == 0 && !fault->raw_body.empty()) {
            reply.body = fault->raw_body;
            std::erase_if(reply.headers, [](const net::Header& header) { return header.name == "Content-Type"; });
            reply.headers.emplace_back("Content-Type", fault->content_type);
        }
        if (!fault->slow_body && delay > Duration::zero())
            co_await sleep_for(delay);
        if (fault->reset_after)
            co_return make_reset();
        note_status(number, reply.status);
        if (fault->slow_body)
            reply = make_slow(std::move(reply), delay);
        co_return reply;
    }

    std::string base_of(const net::ServerRequest& request) const {
        const std::string_view name = request.header("Host");
        return name.empty() ? host() : "http://" + std::string(name);
    }

    std::size_t record(const net::ServerRequest& request) {
        if (calls_.size() >= kMaxCalls) {
            calls_.erase(calls_.begin(), calls_.begin() + kMaxCalls / 2);
            forgotten_ += kMaxCalls / 2;
        }
        GenieCall call;
        call.method = request.method;
        call.path = std::string(request.path());
        call.query = std::string(request.query());
        call.body = recorded_body(request);
        call.user_agent = std::string(request.header("User-Agent"));
        call.at = Clock::now();
        calls_.push_back(std::move(call));
        return forgotten_ + calls_.size() - 1;
    }

    void note_status(std::size_t number, int status) {
        if (number >= forgotten_)
            calls_[number - forgotten_].status = status;
    }

    std::optional<GenieFaults::CallFault> take_fault(const net::ServerRequest& request) {
        const std::string text = request.method + " " + request.target;
        for (auto fault = faults_.calls.begin(); fault != faults_.calls.end(); ++fault) {
            if (text.find(fault->path) == std::string::npos)
                continue;
            GenieFaults::CallFault taken = *fault;
            if (--fault->times <= 0)
                faults_.calls.erase(fault);
            return taken;
        }
        return {};
    }

    GenieOptions options_;
    GenieFaults faults_;
    Workspace workspace_;
    std::vector<GenieCall> calls_;
    std::size_t forgotten_ = 0;
    std::unique_ptr<net::HttpServer> http_;
};

}  // namespace genie_server_detail

std::unique_ptr<GenieServer> create_genie_server(asio::any_io_executor executor, GenieOptions options) {
    return std::make_unique<genie_server_detail::Server>(std::move(executor), std::move(options));
}

}  // namespace genie_slack::sandbox
