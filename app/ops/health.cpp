#include "app/ops/health.hpp"

#include "core/log.hpp"
#include "core/metrics.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace genie_slack::ops {

namespace asio = boost::asio;

namespace {

// What a stranger may read about a part that is not ready.
std::string told(const Reason& reason) {
    if (reason.part == "storage")
        return "no working connection to the database; the log says why";
    if (reason.part == "schema")
        return "the database lacks a table, column or function that this version needs; the log says which";
    if (reason.part == "migration")
        return "the database is not ready for this version; the log says why";
    if (reason.part == "slack")
        return "no connection to Slack; the log says why";
    return "not ready; the log says why";
}

// Probes come every few seconds: the log has a line when something changed.
void log_reasons(const std::vector<Reason>& reasons, std::string& logged) {
    std::string text;
    for (const Reason& reason : reasons)
        text += (text.empty() ? "" : "; ") + reason.part + ": " + reason.text;
    if (text != logged && !text.empty())
        log::warn("health.not_ready", {{"reasons", text}});
    logged = text;
}

bool is_ours(std::string_view path) {
    return path == "/" || path == "/healthz" || path == "/readyz" || path == "/metrics";
}

net::ServerReply page_reply(std::string html) {
    net::ServerReply reply(200, "text/html; charset=utf-8", std::move(html));
    reply.headers.emplace_back("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
    reply.headers.emplace_back("Cache-Control", "no-store");
    return reply;
}

asio::awaitable<net::ServerReply> answer_probe(net::ServerRequest request, ReadyCheck ready, Views views,
                                               std::shared_ptr<std::string> logged) {
    if (!is_ours(request.path()))
        co_return net::ServerReply::json(404, R"({"error":"not found: use /healthz, /readyz or /metrics"})");
    if (request.method != "GET" && request.method != "HEAD")
        co_return net::ServerReply::json(405, R"({"error":"use GET"})");
    if (request.path() == "/healthz")
        co_return net::ServerReply::json(200, R"({"alive":true})");
    if (request.path() == "/metrics")
        co_return net::ServerReply(200, metrics::kContentType, views.metrics());
    if (request.path() == "/")
        co_return page_reply(views.page());
    const std::vector<Reason> reasons = co_await ready();
    log_reasons(reasons, *logged);
    co_return net::ServerReply::json(reasons.empty() ? 200 : 503, readiness_body(reasons));
}

}  // namespace

std::string readiness_body(const std::vector<Reason>& reasons) {
    boost::json::object body;
    body["ready"] = reasons.empty();
    if (!reasons.empty()) {
        boost::json::array list;
        for (const Reason& reason : reasons) {
            boost::json::object entry;
            entry["part"] = reason.part;
            entry["reason"] = told(reason);
            list.push_back(std::move(entry));
        }
        body["reasons"] = std::move(list);
    }
    return boost::json::serialize(body);
}

std::unique_ptr<net::HttpServer> create_health_server(asio::any_io_executor executor, std::uint16_t port,
                                                      ReadyCheck ready, Views views, std::string address) {
    net::HttpServerOptions options;
    options.address = std::move(address);
    options.port = port;
    options.max_body_bytes = 1 << 10;
    options.max_connections = 64;
    return net::create_http_server(
        std::move(executor), options,
        [ready = std::move(ready), views = std::move(views), logged = std::make_shared<std::string>()](
            net::ServerRequest request) { return answer_probe(std::move(request), ready, views, logged); });
}

}  // namespace genie_slack::ops
