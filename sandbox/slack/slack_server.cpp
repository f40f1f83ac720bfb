#include "sandbox/slack/slack_server.hpp"

#include "sandbox/slack/event_payloads.hpp"
#include "sandbox/slack/json_members.hpp"
#include "sandbox/slack/slack_server_impl.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace genie_slack::sandbox {

namespace asio = boost::asio;
namespace json = boost::json;

namespace slack_server_detail {

constexpr std::size_t kRememberedCalls = 20000;
constexpr Duration kTicketLife = std::chrono::seconds(60);

asio::awaitable<void> reset_connection(asio::ip::tcp::socket socket, std::string) {
    boost::system::error_code ignored;
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
    socket.close(ignored);
    co_return;
}

net::ServerReply reset_reply() {
    net::ServerReply reply;
    reply.take_over = &reset_connection;
    return reply;
}

net::ServerReply plain(int status, std::string text) {
    return net::ServerReply(status, "text/plain", std::move(text));
}

std::string query_value(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query = pair.size() == query.size() ? std::string_view() : query.substr(pair.size() + 1);
        const std::size_t equals = pair.find('=');
        if (pair.substr(0, equals) == name && equals != std::string_view::npos)
            return decode_form_text(pair.substr(equals + 1));
    }
    return "";
}

bool has_token(std::string_view header, std::string_view token) {
    return std::search(header.begin(), header.end(), token.begin(), token.end(),
                       [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; }) != header.end();
}

}  // namespace slack_server_detail

SlackServerImpl::SlackServerImpl(asio::any_io_executor executor, SlackOptions options)
    : executor_(executor),
      options_(std::move(options)),
      random_(options_.seed),
      workspace_(options_, random_),
      api_(workspace_, faults_),
      hub_(executor, options_, faults_, random_),
      tasks_(executor, "slack.sandbox") {
    net::HttpServerOptions http;
    http.address = options_.address;
    http.port = options_.port;
    http_ = net::create_http_server(executor, http,
                                    [this](net::ServerRequest request) { return handle(std::move(request)); });
    const bool is_v6 = options_.address.find(':') != std::string::npos;
    const std::string host = is_v6 ? "[" + options_.address + "]" : options_.address;
    workspace_.base_url = "http://" + host + ":" + std::to_string(http_->port());
    workspace_.emit = [this](json::object event, const std::string& channel) { emit(std::move(event), channel); };
    workspace_.changed = [this](json::object change) { tell(std::move(change)); };
    api_.new_socket_url = [this] { return new_socket_url(); };
    hub_.on_count_change([this] { tell({{"type", "connections"}, {"open", hub_.open_connections()}}); });
}

asio::awaitable<void> SlackServerImpl::run() {
    co_await asio::this_coro::throw_if_cancelled(false);
    tasks_.spawn("housekeeping", housekeep());
    std::exception_ptr failure;
    try {
        co_await http_->run();
    } catch (...) {
        failure = std::current_exception();
    }
    co_await asio::this_coro::reset_cancellation_state();
    tasks_.cancel();
    co_await tasks_.join(Deadline::after(std::chrono::seconds(10)));
    co_await hub_.stop();
    if (failure)
        std::rethrow_exception(failure);
}

// Statuses and streams end by themselves after a while.
asio::awaitable<void> SlackServerImpl::housekeep() {
    for (;;) {
        co_await sleep_for(std::chrono::milliseconds(500));
        std::vector<MessageKey> over;
        for (const auto& [key, status] : workspace_.statuses)
            if (status.ends <= Clock::now())
                over.push_back(key);
        for (const auto& [channel, thread_ts] : over)
            workspace_.set_status(channel, thread_ts, "", {});
        for (const auto& [key, stream] : workspace_.streams) {
            auto* message = workspace_.message(key.first, key.second);
            if (!message || !message->streaming || stream.ends > Clock::now())
                continue;
            const SlackMessage before = *message;
            message->streaming = false;
            workspace_.tell_edit(*message, before);
        }
    }
}

asio::awaitable<net::ServerReply> SlackServerImpl::handle(net::ServerRequest request) {
    const std::string path(request.path());
    // Any prefix before /api/ will do, as behind a proxy.
    if (const std::size_t at = path.rfind("/api/"); at != std::string::npos) {
        auto call = handle_api(std::move(request), path.substr(at + 5));
        auto reply = co_await std::move(call);
        co_return reply;
    }
    if (path.starts_with("/link/"))
        co_return handle_upgrade(request);
    if (path.starts_with("/commands/") || path.starts_with("/actions/")) {
        auto call = handle_response_url(std::move(request));
        auto reply = co_await std::move(call);
        co_return reply;
    }
    if (path.starts_with("/upload/v1/")) {
        auto call = handle_upload(std::move(request), path.substr(11));
        auto reply = co_await std::move(call);
        co_return reply;
    }
    if (path.starts_with("/files/"))
        co_return handle_file(request);
    co_return slack_server_detail::plain(404, "not found\n");
}

std::optional<SlackFaults::CallFault> SlackServerImpl::take_fault(const std::string& method) {
    for (auto fault = faults_.calls.begin(); fault != faults_.calls.end(); ++fault) {
        if (fault->method != "*" && fault->method != method)
            continue;
        SlackFaults::CallFault taken = *fault;
        if (--fault->times <= 0)
            faults_.calls.erase(fault);
        return taken;
    }
    return std::nullopt;
}

WebReply SlackServerImpl::open_fault(bool& taken) {
    WebReply answer;
    taken = true;
    if (faults_.open_http_500 > 0) {
        --faults_.open_http_500;
        answer.status = 500;
        answer.body = failed("internal_error");
    } else if (faults_.open_rate_limited > 0) {
        --faults_.open_rate_limited;
        answer.status = 429;
        answer.retry_after = faults_.open_retry_after;
        answer.body = failed("ratelimited");
    } else if (!faults_.open_error.empty()) {
        answer.body = failed(faults_.open_error);
    } else {
        taken = false;
    }
    return answer;
}

void SlackServerImpl::record(SlackCall call) {
    if (calls_.size() >= slack_server_detail::kRememberedCalls)
        calls_.erase(calls_.begin(), calls_.begin() + static_cast<std::ptrdiff_t>(calls_.size() / 2));
    calls_.push_back(std::move(call));
}

net::ServerReply SlackServerImpl::api_reply(const WebReply& answer) const {
    net::ServerReply reply = net::ServerReply::json(answer.status, serialize_as_slack(answer.body));
    if (answer.retry_after)
        reply.headers.emplace_back("Retry-After", std::to_string(*answer.retry_after));
    reply.headers.emplace_back("x-slack-req-id", "sandbox-" + std::to_string(calls_.size()));
    std::string scopes;
    for (const auto& scope : options_.bot_scopes)
        scopes += (scopes.empty() ? "" : ",") + scope;
    reply.headers.emplace_back("x-oauth-scopes", scopes);
    const WallTime told = wall_now() - std::chrono::seconds(faults_.clock_behind_seconds);
    reply.headers.emplace_back("Date", net::http_date(told));
    if (!answer.needed_scope.empty())
        reply.headers.emplace_back("x-accepted-oauth-scopes", answer.needed_scope);
    return reply;
}

asio::awaitable<net::ServerReply> SlackServerImpl::handle_api(net::ServerRequest request, std::string method) {
    const WebRequest decoded = decode_web_request(request, method);
    SlackCall call;
    call.method = method;
    call.arguments = decoded.arguments;
    call.at = Clock::now();
    call.content_type = decoded.content_type;
    const auto fault = take_fault(method);
    if (fault && fault->reset_before) {
        call.error = "reset_before";
        call.http_status = 0;
        record(std::move(call));
        co_return slack_server_detail::reset_reply();
    }
    WebReply answer;
    bool taken = false;
    if (fault && (fault->http_status != 0 || !fault->error.empty())) {
        taken = true;
        answer.status = fault->http_status == 0 ? 200 : fault->http_status;
        answer.retry_after = fault->retry_after;
        answer.body = failed(!fault->error.empty()  ? fault->error
                             : answer.status == 429 ? "ratelimited"
                             : answer.status >= 500 ? "internal_error"
                                                    : "request_timeout");
    } else if (method == "apps.connections.open") {
        answer = open_fault(taken);
    }
    if (!taken)
        answer = api_.call(decoded);
    call.ok = answer.status == 200 && answer.body.at("ok").as_bool();
    if (const auto* error = answer.body.if_contains("error"); error && error->is_string())
        call.error = std::string(std::string_view(error->get_string()));
    call.http_status = answer.status;
    record(std::move(call));
    if (fault && fault->delay > Duration::zero())
        co_await sleep_for(fault->delay);
    if (fault && fault->reset_after)
        co_return slack_server_detail::reset_reply();
    // Failures of the servers in front of Slack are no JSON.
    if (answer.status >= 500)
        co_return net::ServerReply(answer.status, "text/html", "<html><body>Server error</body></html>");
    co_return api_reply(answer);
}

asio::awaitable<net::ServerReply> SlackServerImpl::handle_response_url(net::ServerRequest request) {
    SlackCall call;
    call.method = "response_url";
    call.at = Clock::now();
    call.content_type = std::string(request.header("Content-Type"));
    boost::system::error_code bad_json;
    json::value parsed = json::parse(request.body, bad_json);
    if (!bad_json && parsed.is_object())
        call.arguments = parsed.get_object();
    const auto fault = take_fault("response_url");
    if (fault && fault->reset_before) {
        call.http_status = 0;
        record(std::move(call));
        co_return slack_server_detail::reset_reply();
    }
    WebReply answer;
    if (fault && fault->http_status != 0) {
        answer.status = fault->http_status;
        answer.retry_after = fault->retry_after;
        answer.body = failed("service_unavailable");
    } else if (request.method != "POST" || bad_json || !parsed.is_object()) {
        answer.status = 400;
        answer.body = failed("invalid_payload");
    } else {
        answer = api_.respond(std::string(request.path()), parsed.get_object());
    }
    call.http_status = answer.status;
    call.ok = answer.status == 200 && answer.body.at("ok").as_bool();
    call.error = text_member(answer.body, "error");
    record(std::move(call));
    if (fault && fault->delay > Duration::zero())
        co_await sleep_for(fault->delay);
    if (fault && fault->reset_after)
        co_return slack_server_detail::reset_reply();
    net::ServerReply reply = api_reply(answer);
    // A response_url says "ok" as plain text.
    if (answer.status == 200 && answer.body.at("ok").as_bool())
        reply.body = "ok";
    co_return reply;
}

asio::awaitable<net::ServerReply> SlackServerImpl::handle_upload(net::ServerRequest request, std::string token) {
    SlackCall call;
    call.method = "upload";
    call.at = Clock::now();
    call.content_type = std::string(request.header("Content-Type"));
    call.arguments["bytes"] = request.body.size();
    const auto fault = take_fault("upload");
    if (fault && fault->reset_before) {
        call.http_status = 0;
        record(std::move(call));
        co_return slack_server_detail::reset_reply();
    }
    std::pair<int, std::string> answer{405, "POST only"};
    if (fault && fault->http_status != 0)
        answer = {fault->http_status, "fault"};
    else if (request.method == "POST")
        answer = api_.upload(token, std::move(request.body), call.content_type);
    call.http_status = answer.first;
    call.ok = answer.first == 200;
    record(std::move(call));
    if (fault && fault->delay > Duration::zero())
        co_await sleep_for(fault->delay);
    if (fault && fault->reset_after)
        co_return slack_server_detail::reset_reply();
    co_return slack_server_detail::plain(answer.first, answer.second);
}

net::ServerReply SlackServerImpl::handle_file(const net::ServerRequest& request) const {
    const std::string path(request.path().substr(7));
    const auto* file = api_.file(path.substr(0, path.find('/')));
    if (!file || !file->uploaded)
        return slack_server_detail::plain(404, "not found\n");
    net::ServerReply reply(200, file->mimetype, file->content);
    reply.headers.emplace_back("Content-Disposition", "attachment");
    reply.headers.emplace_back("X-Content-Type-Options", "nosniff");
    return reply;
}

std::string SlackServerImpl::new_socket_url() {
    std::erase_if(tickets_, [](const auto& ticket) { return ticket.second <= Clock::now(); });
    // Characters that a careless client would decode, encode or reorder.
    const std::string target =
        "/link/?ticket=" + random_.uuid() + "%2B%2F%3D~._-&app_id=" + options_.app_id + "&x=%20%C3%A9";
    tickets_[target] = Clock::now() + slack_server_detail::kTicketLife;
    return "ws" + workspace_.base_url.substr(4) + target;
}

net::ServerReply SlackServerImpl::handle_upgrade(const net::ServerRequest& request) {
    using slack_server_detail::has_token;
    using slack_server_detail::plain;
    // The ticket is what counts. That the rest of the line came back another way is worth telling, but the aiohttp
    // client of Slack's own SDK does that too.
    const std::string ticket_text = slack_server_detail::query_value(request.query(), "ticket");
    const auto ticket = std::find_if(tickets_.begin(), tickets_.end(), [&](const auto& entry) {
        const std::string_view target = entry.first;
        return slack_server_detail::query_value(target.substr(target.find('?') + 1), "ticket") == ticket_text;
    });
    if (ticket == tickets_.end() || ticket->second <= Clock::now()) {
        // Without the ticket itself: it is a secret.
        hub_.violations().push_back("upgrade with an unknown or used ticket");
        return plain(404, "unknown ticket\n");
    }
    if (ticket->first != request.target)
        hub_.violations().push_back("the socket URL's path or query was changed");
    // Single use, also when the upgrade fails.
    tickets_.erase(ticket);
    if (faults_.upgrade_failures > 0 && faults_.upgrade_status != 0) {
        --faults_.upgrade_failures;
        return plain(faults_.upgrade_status, "upgrade refused\n");
    }
    const std::string key(request.header("Sec-WebSocket-Key"));
    if (request.method != "GET" || key.size() != 24 || !has_token(request.header("Upgrade"), "websocket") ||
        !has_token(request.header("Connection"), "upgrade") || request.header("Sec-WebSocket-Version") != "13") {
        hub_.violations().push_back("malformed WebSocket upgrade");
        return plain(400, "not a WebSocket upgrade\n");
    }
    net::ServerReply reply;
    std::string accept_key = ws_accept_key(key);
    reply.take_over = [this, accept_key](asio::ip::tcp::socket socket, std::string early) {
        return hub_.serve(std::move(socket), std::move(early), accept_key);
    };
    return reply;
}

std::unique_ptr<SlackServer> create_slack_server(asio::any_io_executor executor, SlackOptions options) {
    return std::make_unique<SlackServerImpl>(std::move(executor), std::move(options));
}

}  // namespace genie_slack::sandbox
