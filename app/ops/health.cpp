#include "app/ops/health.hpp"

#include "core/secret.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace genie_slack::ops {

namespace asio = boost::asio;

namespace {

asio::awaitable<net::ServerReply> answer_probe(net::ServerRequest request, ReadyCheck ready) {
    if (request.path() != "/healthz" && request.path() != "/readyz")
        co_return net::ServerReply::json(404, R"({"error":"not found: use /healthz or /readyz"})");
    if (request.method != "GET" && request.method != "HEAD")
        co_return net::ServerReply::json(405, R"({"error":"use GET"})");
    if (request.path() == "/healthz")
        co_return net::ServerReply::json(200, R"({"alive":true})");
    const std::vector<Reason> reasons = co_await ready();
    boost::json::object body;
    body["ready"] = reasons.empty();
    if (!reasons.empty()) {
        boost::json::array list;
        for (const Reason& reason : reasons) {
            boost::json::object entry;
            entry["part"] = reason.part;
            entry["reason"] = redact(reason.text);
            list.push_back(std::move(entry));
        }
        body["reasons"] = std::move(list);
    }
    co_return net::ServerReply::json(reasons.empty() ? 200 : 503, boost::json::serialize(body));
}

}  // namespace

std::unique_ptr<net::HttpServer> create_health_server(asio::any_io_executor executor, std::uint16_t port,
                                                      ReadyCheck ready, std::string address) {
    net::HttpServerOptions options;
    options.address = std::move(address);
    options.port = port;
    options.max_body_bytes = 1 << 10;
    options.max_connections = 64;
    return net::create_http_server(
        std::move(executor), options,
        [ready = std::move(ready)](net::ServerRequest request) { return answer_probe(std::move(request), ready); });
}

}  // namespace genie_slack::ops
