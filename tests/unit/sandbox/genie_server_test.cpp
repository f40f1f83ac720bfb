// The server around the workspace, over real sockets: faults on the way.
#include "sandbox/genie/genie_server.hpp"
#include "core/net/http_client.hpp"
#include "core/net/resolver.hpp"
#include "core/net/tls.hpp"
#include "core/task_group.hpp"
#include "tests/catch.hpp"
#include "tests/support/run.hpp"

#include <boost/json.hpp>

namespace genie_server_test {

using namespace genie_slack;
using namespace genie_slack::sandbox;
using namespace std::chrono_literals;
namespace asio = boost::asio;

class Bench {
 public:
    Bench()
        : server(create_genie_server(context.get_executor(), options())),
          resolver(context.get_executor()),
          client(net::create_http_client(context.get_executor(), net::create_tls_context(), resolver)),
          tasks(context.get_executor(), "test") {
        tasks.spawn("server", server->run());
    }
    ~Bench() {
        tasks.cancel();
        test::run(context, tasks.join(Deadline::after(10s)));
    }

    static GenieOptions options() {
        GenieOptions options;
        options.status_time = Duration::zero();
        return options;
    }

    net::NetResult<net::HttpResponse> send(const std::string& method, const std::string& path,
                                           const std::string& body = "", Duration limit = 20s) {
        net::HttpRequest request(method, server->host() + path);
        request.headers.emplace_back("Authorization", "Bearer dapi-sandbox-token");
        request.headers.emplace_back("Content-Type", "application/json");
        request.body = body;
        return test::run(context, client->send(std::move(request), Deadline::after(limit)), limit + 10s);
    }
    net::NetResult<net::HttpResponse> ask() {
        return send("POST", "/api/2.0/genie/spaces/" + server->space_ids()[0] + "/start-conversation",
                    "{\"content\":\"Revenue by region\"}");
    }
    void fault(GenieFaults::CallFault fault) { server->faults().calls.push_back(std::move(fault)); }

    asio::io_context context;
    std::unique_ptr<GenieServer> server;
    net::Resolver resolver;
    std::unique_ptr<net::HttpClient> client;
    TaskGroup tasks;
};

GenieFaults::CallFault on(const std::string& path) {
    GenieFaults::CallFault fault;
    fault.path = path;
    return fault;
}

const std::string kSpaces = "/api/2.0/genie/spaces";

TEST_CASE("the local Databricks answers over HTTP and remembers its calls", "[genie_server]") {
    Bench bench;
    CHECK(bench.send("GET", kSpaces + "?page_size=5").value().status == 200);
    REQUIRE(bench.ask().value().status == 200);
    REQUIRE(bench.server->calls().size() == 2);
    CHECK(bench.server->calls()[0].path == kSpaces);
    CHECK(bench.server->calls()[0].query == "page_size=5");
    CHECK(bench.server->calls()[1].body.at("content").as_string() == "Revenue by region");
    CHECK(bench.server->calls()[1].status == 200);
    REQUIRE(bench.server->questions().size() == 1);
    CHECK(bench.server->questions()[0].content == "Revenue by region");
    CHECK(bench.server->questions()[0].status == "COMPLETED");
}

TEST_CASE("a call fault answers its calls only, as often as it says", "[genie_server]") {
    Bench bench;
    GenieFaults::CallFault limited = on("GET " + kSpaces);
    limited.http_status = 429;
    limited.retry_after = 7;
    limited.times = 2;
    bench.fault(limited);
    for (int i = 0; i < 2; ++i) {
        const auto response = bench.send("GET", kSpaces).value();
        CHECK(response.status == 429);
        CHECK(response.header("Retry-After") == "7");
        CHECK_THAT(response.body, test::contains("REQUEST_LIMIT_EXCEEDED"));
        CHECK_FALSE(response.header("x-request-id").empty());
    }
    CHECK(bench.send("GET", kSpaces).value().status == 200);
    CHECK(bench.server->faults().calls.empty());
}

TEST_CASE("a fault may answer with a page or with nothing", "[genie_server]") {
    Bench bench;
    GenieFaults::CallFault page = on(kSpaces);
    page.http_status = 502;
    page.raw_body = "<html>Bad gateway</html>";
    page.content_type = "text/html";
    bench.fault(page);
    const auto response = bench.send("GET", kSpaces).value();
    CHECK(response.status == 502);
    CHECK(response.header("Content-Type") == "text/html");
    CHECK(response.body == page.raw_body);
    GenieFaults::CallFault html = page;
    html.http_status = 0;  // a login page instead of the answer, with its status
    bench.fault(html);
    CHECK(bench.send("GET", kSpaces).value().status == 200);
    page.raw_body.clear();
    page.content_type.clear();
    bench.fault(page);
    CHECK(bench.send("GET", kSpaces).value().body.empty());
}

TEST_CASE("a reset before the call leaves no trace, one after it leaves the question", "[genie_server]") {
    Bench bench;
    GenieFaults::CallFault reset = on("start-conversation");
    reset.reset_before = true;
    bench.fault(reset);
    const auto before = bench.ask();
    REQUIRE(before.has_error());
    CHECK(before.error().fault == net::NetFault::io);
    CHECK(bench.server->questions().empty());
    reset.reset_before = false;
    reset.reset_after = true;
    bench.fault(reset);
    const auto after = bench.ask();
    REQUIRE(after.has_error());
    CHECK(after.error().sent);
    CHECK(bench.server->questions().size() == 1);
    CHECK(bench.server->calls().back().status == 0);
}

TEST_CASE("an answer may come late or byte by byte", "[genie_server]") {
    Bench bench;
    GenieFaults::CallFault late = on(kSpaces);
    late.delay = 200ms;
    bench.fault(late);
    auto start = Clock::now();
    CHECK(bench.send("GET", kSpaces).value().status == 200);
    CHECK(Clock::now() - start >= 200ms);

    late.slow_body = true;
    bench.fault(late);
    start = Clock::now();
    const auto slow = bench.send("GET", kSpaces);
    REQUIRE(slow.has_value());
    CHECK(boost::json::parse(slow->body).at("spaces").as_array().size() == 1);
    CHECK(Clock::now() - start >= 190ms);

    late.delay = 5min;
    bench.fault(late);
    const auto stuck = bench.send("GET", kSpaces, "", 300ms);
    REQUIRE(stuck.has_error());
    CHECK(stuck.error().fault == net::NetFault::timeout);
}

TEST_CASE("the token endpoint is recorded without its secret", "[genie_server]") {
    Bench bench;
    net::HttpRequest request("POST", bench.server->host() + "/oidc/v1/token");
    request.headers.emplace_back("Authorization", "Basic c2FuZGJveC1jbGllbnQ6c2FuZGJveC1zZWNyZXQ=");
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    request.body = "grant_type=client_credentials&scope=all-apis&client_secret=hidden";
    const auto response = test::run(bench.context, bench.client->send(std::move(request), Deadline::after(20s)));
    CHECK(response.value().status == 200);
    CHECK(bench.server->tokens_minted() == 1);
    CHECK(boost::json::serialize(bench.server->calls().back().body).find("hidden") == std::string::npos);
    CHECK(bench.server->calls().back().body.at("scope").as_string() == "all-apis");
}

}  // namespace genie_server_test
