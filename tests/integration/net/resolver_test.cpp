#include "core/net/resolver.hpp"

#include "core/task_group.hpp"
#include "tests/catch.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/io_context.hpp>

#include <condition_variable>
#include <mutex>

namespace genie_slack::resolver_test {

using namespace std::chrono_literals;
using net::NetFault;
namespace asio = boost::asio;

const asio::ip::tcp::endpoint kAnswer(asio::ip::make_address("192.0.2.1"), 443);

// A name service whose look-ups hang until they are let go. Shared with the threads, which may outlive the test.
struct Gate {
    std::mutex mutex;
    std::condition_variable changed;
    bool open = false;
    int calls = 0;
    int ended = 0;
    bool fails = false;

    net::NetResult<net::Endpoints> look_up(const std::string& host, std::uint16_t port) {
        std::unique_lock lock(mutex);
        ++calls;
        if (host.starts_with("slow"))
            changed.wait(lock, [this] { return open; });
        ++ended;
        changed.notify_all();
        if (fails || host.starts_with("bad"))
            return net::NetError(NetFault::resolve, "no such name");
        return net::Endpoints{asio::ip::tcp::endpoint(kAnswer.address(), port)};
    }
    void release() {
        const std::lock_guard lock(mutex);
        open = true;
        changed.notify_all();
    }
    void set_failing(bool failing) {
        const std::lock_guard lock(mutex);
        fails = failing;
    }
    int count() {
        const std::lock_guard lock(mutex);
        return calls;
    }
    bool wait_for_end(int number) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, 10s, [&] { return ended >= number; });
    }
};

struct Fixture {
    ~Fixture() {
        resolver.reset();
        gate->release();
        // The threads must be gone before the process's end for the sanitizers to see all they did.
        CHECK(gate->wait_for_end(gate->count()));
    }
    net::NetResult<net::Endpoints> resolve(const std::string& host, Duration time = 10s) {
        return test::run(context, resolver->resolve(host, 443, Deadline::after(time)), time + 10s);
    }

    std::shared_ptr<Gate> gate = std::make_shared<Gate>();
    asio::io_context context{1};
    std::unique_ptr<net::Resolver> resolver = std::make_unique<net::Resolver>(
        context.get_executor(),
        [gate = gate](const std::string& host, std::uint16_t port) { return gate->look_up(host, port); });
};

asio::awaitable<void> keep(net::Resolver& resolver, std::string host,
                           std::optional<net::NetResult<net::Endpoints>>& out, Duration time = 1h) {
    out = co_await resolver.resolve(std::move(host), 443, Deadline::after(time));
}

TEST_CASE("literal addresses and loopback names need no look-up", "[resolver]") {
    Fixture f;
    CHECK(f.resolve("192.0.2.7")->at(0) == asio::ip::tcp::endpoint(asio::ip::make_address("192.0.2.7"), 443));
    CHECK(f.resolve("2001:db8::1")->at(0).address() == asio::ip::make_address("2001:db8::1"));
    CHECK(f.resolve("localhost")->at(0).address().is_loopback());
    CHECK(f.resolve("a.localhost")->size() == 2);
    CHECK(f.gate->count() == 0);
}

TEST_CASE("an answer is kept and serves every port", "[resolver]") {
    Fixture f;
    CHECK(f.resolve("good")->at(0) == kAnswer);
    const auto other_port = test::run(f.context, f.resolver->resolve("good", 80, Deadline::after(10s)));
    CHECK(other_port->at(0).port() == 80);
    CHECK(f.gate->count() == 1);
}

TEST_CASE("a name without address is an error that names it", "[resolver]") {
    Fixture f;
    const auto answer = f.resolve("bad.example");
    REQUIRE_FALSE(answer);
    CHECK(answer.error().fault == NetFault::resolve);
    CHECK_THAT(answer.error().message, test::contains("bad.example"));
    CHECK_FALSE(f.resolve("bad.example"));
    CHECK(f.gate->count() == 2);
}

TEST_CASE("a hung look-up ends at its deadline and delays no other", "[resolver]") {
    Fixture f;
    std::optional<net::NetResult<net::Endpoints>> slow;
    TaskGroup tasks(f.context.get_executor(), "test");
    tasks.spawn("slow", keep(*f.resolver, "slow.example", slow, 1s));
    CHECK(f.resolve("good"));
    CHECK_FALSE(slow);
    CHECK(test::run(f.context, tasks.join(Deadline::after(10s))));
    REQUIRE(slow);
    REQUIRE_FALSE(*slow);
    CHECK(slow->error().fault == NetFault::timeout);
}

TEST_CASE("look-ups of one name share one flight", "[resolver]") {
    Fixture f;
    std::vector<std::optional<net::NetResult<net::Endpoints>>> answers(20);
    TaskGroup tasks(f.context.get_executor(), "test");
    for (auto& answer : answers)
        tasks.spawn("slow", keep(*f.resolver, "slow.example", answer));
    REQUIRE(test::run_until(f.context, [&] { return f.gate->count() == 1; }));
    f.gate->release();
    CHECK(test::run(f.context, tasks.join(Deadline::after(10s))));
    for (const auto& answer : answers)
        CHECK((answer && *answer));
    CHECK(f.gate->count() == 1);
}

TEST_CASE("a look-up that was given up makes room for a new one of the same name", "[resolver]") {
    Fixture f;
    CHECK(f.resolve("slow.example", 20ms).error().fault == NetFault::timeout);
    std::optional<net::NetResult<net::Endpoints>> second;
    TaskGroup tasks(f.context.get_executor(), "test");
    tasks.spawn("slow", keep(*f.resolver, "slow.example", second));
    REQUIRE(test::run_until(f.context, [&] { return f.gate->count() == 2; }));
    f.gate->release();
    CHECK(test::run(f.context, tasks.join(Deadline::after(10s))));
    CHECK((second && *second));
}

TEST_CASE("only a few look-ups hang at once, further names wait until their deadline", "[resolver]") {
    Fixture f;
    std::vector<std::optional<net::NetResult<net::Endpoints>>> answers(12);
    TaskGroup tasks(f.context.get_executor(), "test");
    for (std::size_t i = 0; i < answers.size(); ++i)
        tasks.spawn("slow", keep(*f.resolver, "slow" + std::to_string(i), answers[i]));
    REQUIRE(test::run_until(f.context, [&] { return f.gate->count() == 8; }));
    CHECK(f.resolve("queued", 50ms).error().fault == NetFault::timeout);
    CHECK(f.gate->count() == 8);
    CHECK(f.resolve("192.0.2.9"));
    f.gate->release();
    CHECK(test::run(f.context, tasks.join(Deadline::after(10s))));
    for (const auto& answer : answers)
        CHECK((answer && *answer));
}

TEST_CASE("the last good answer serves when the name service fails later", "[resolver]") {
    auto gate = std::make_shared<Gate>();
    VirtualTime time;
    asio::io_context context{1};
    net::Resolver resolver(context.get_executor(),
                           [gate](const std::string& host, std::uint16_t port) { return gate->look_up(host, port); });
    std::optional<net::NetResult<net::Endpoints>> answer;
    TaskGroup tasks(context.get_executor(), "test");
    // Virtual time would jump over the thread's work: the loop turns without moving the clock until it is done.
    const auto ask = [&] {
        answer.reset();
        tasks.spawn("ask", keep(resolver, "name", answer));
        const auto limit = std::chrono::steady_clock::now() + 10s;
        while (!answer && std::chrono::steady_clock::now() < limit) {
            context.restart();
            context.poll();
        }
    };
    ask();
    REQUIRE((answer && *answer));
    gate->set_failing(true);
    ask();
    CHECK(gate->count() == 1);
    time.run_for(context, 31s);
    ask();
    CHECK(gate->count() == 2);
    REQUIRE((answer && *answer));
    CHECK((*answer)->at(0) == kAnswer);
}

TEST_CASE("cancelling a caller and destroying the resolver wait for no look-up", "[resolver]") {
    auto gate = std::make_shared<Gate>();
    {
        asio::io_context context{1};
        auto resolver = std::make_unique<net::Resolver>(
            context.get_executor(),
            [gate](const std::string& host, std::uint16_t port) { return gate->look_up(host, port); });
        std::optional<net::NetResult<net::Endpoints>> answer;
        TaskGroup tasks(context.get_executor(), "test");
        tasks.spawn("slow", keep(*resolver, "slow", answer));
        REQUIRE(test::run_until(context, [&] { return gate->count() == 1; }));
        tasks.cancel();
        CHECK(test::run(context, tasks.join(Deadline::after(10s))));
        REQUIRE(answer);
        CHECK(answer->error().fault == NetFault::cancelled);
        tasks.spawn("slow", keep(*resolver, "slow", answer));
        resolver.reset();
    }
    // The look-up comes back when neither the resolver nor its loop exist any more.
    gate->release();
    CHECK(gate->wait_for_end(1));
}

TEST_CASE("the system's own look-up knows this machine", "[resolver]") {
    asio::io_context context{1};
    net::Resolver resolver(context.get_executor());
    const auto answer =
        test::run(context, resolver.resolve("ip6-localhost-or-nothing.invalid", 1, Deadline::after(10s)));
    CHECK_FALSE(answer);
}

}  // namespace genie_slack::resolver_test
