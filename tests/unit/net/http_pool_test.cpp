// Who gets the next connection.
#include "core/net/http_pool.hpp"

#include "core/task_group.hpp"
#include "tests/catch.hpp"
#include "tests/support/run.hpp"

#include <functional>
#include <memory>
#include <string>

namespace http_pool_test {

using namespace genie_slack;
using namespace std::chrono_literals;
namespace asio = boost::asio;

struct PoolWorld {
    // Calls with a connection for a second each; `name` is noted when it gets it.
    asio::awaitable<void> call(std::string name, int times) {
        for (int i = 0; i < times; ++i) {
            auto lease = co_await pool->acquire("https://slack.com", false);
            got += name;
            co_await sleep_for(1s);
        }
    }

    asio::awaitable<void> hold_both(Duration duration, std::function<void()> then) {
        {
            const auto first = co_await pool->acquire("https://slack.com", false);
            const auto second = co_await pool->acquire("https://slack.com", false);
            co_await sleep_for(duration);
        }
        then();
    }

    VirtualTime time;
    asio::io_context context;
    std::shared_ptr<net::HttpPool> pool = std::make_shared<net::HttpPool>(context.get_executor(), 8, 2, 1min);
    std::string got;
};

TEST_CASE("whoever waits longest for a connection gets the next one, before who comes back for another", "[net]") {
    PoolWorld world;
    TaskGroup callers(world.context.get_executor(), "callers");
    for (const char* name : {"a", "b", "c", "d", "e"})
        callers.spawn(name, world.call(name, 2));
    world.time.run_for(world.context, 20s);
    CHECK(world.got == "abcdeabcde");
}

TEST_CASE("a place that was given to somebody who does not want it any more goes to the next", "[net]") {
    PoolWorld world;
    TaskGroup callers(world.context.get_executor(), "callers");
    callers.spawn("a", world.call("a", 1));
    callers.spawn("b", world.call("b", 1));
    world.time.run_for(world.context, 100ms);
    auto impatient = std::make_unique<TaskGroup>(world.context.get_executor(), "impatient");
    impatient->spawn("c", world.call("c", 1));
    callers.spawn("d", world.call("d", 1));
    world.time.run_for(world.context, 100ms);
    impatient->cancel();
    world.time.run_for(world.context, 5s);
    CHECK(world.got == "abd");
    callers.spawn("e", world.call("ef", 1));
    callers.spawn("e", world.call("ef", 1));
    world.time.run_for(world.context, 100ms);
    CHECK(world.got == "abdefef");
}

TEST_CASE("a free place is taken, although somebody else was just given one", "[net]") {
    PoolWorld world;
    TaskGroup callers(world.context.get_executor(), "callers");
    // Both places are given back in one moment, before "a" has gone on with the first; then "b" comes.
    callers.spawn("holder", world.hold_both(100ms, [&] { callers.spawn("b", world.call("b", 1)); }));
    world.time.run_for(world.context, 10ms);
    callers.spawn("a", world.call("a", 1));
    world.time.run_for(world.context, 200ms);
    CHECK(world.got.size() == 2);
}

}  // namespace http_pool_test
