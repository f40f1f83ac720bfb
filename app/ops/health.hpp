// /healthz, /readyz, /metrics and a page for whoever runs the process.
#pragma once

#include "core/net/http_server.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace genie_slack::ops {

// What is not ready and why, e.g. {"slack", "no connection: ..."}.
struct Reason {
    Reason(std::string part_, std::string text_) : part(std::move(part_)), text(std::move(text_)) {}
    std::string part;
    std::string text;
};

// Asked for every /readyz; empty when ready. Must end within a few seconds.
using ReadyCheck = std::function<boost::asio::awaitable<std::vector<Reason>>()>;

// Asked for every request; both wait for nothing.
struct Views {
    std::function<std::string()> metrics;  // the text of all series
    std::function<std::string()> page;     // status_page()
};

// What /readyz answers: {"ready":true}, or {"ready":false,"reasons":[{"part":"storage","reason":"..."}]}. The texts of
// `reasons` are not in it: they name roles, hosts and ports, and whoever reaches the port may ask.
std::string readiness_body(const std::vector<Reason>& reasons);

// GET /healthz: 200 while the process lives. GET /readyz: 200, or 503 with the parts that are not ready; why is in the
// log (`health.not_ready`). GET /metrics: docs/metrics.md. GET /: a page for people. Anything else: 404, 405. Listens
// on all interfaces: platforms ask from outside. Throws when the port cannot be bound.
std::unique_ptr<net::HttpServer> create_health_server(boost::asio::any_io_executor executor, std::uint16_t port,
                                                      ReadyCheck ready, Views views, std::string address = "0.0.0.0");

}  // namespace genie_slack::ops
