#include "core/clock.hpp"

#include "core/race.hpp"
#include "core/task_group.hpp"
#include "tests/catch.hpp"
#include "tests/support/run.hpp"

namespace clock_test {

using namespace genie_slack;
using namespace std::chrono_literals;
namespace asio = boost::asio;

TEST_CASE("virtual time jumps to the next timer without waiting", "[clock]") {
    VirtualTime time;
    asio::io_context context;
    const TimePoint start = Clock::now();
    const auto wall_start = wall_now();
    const auto real_start = std::chrono::steady_clock::now();

    test::run(time, context, sleep_for(2h));

    CHECK(Clock::now() - start == 2h);
    CHECK(wall_now() - wall_start == 2h);
    CHECK(std::chrono::steady_clock::now() - real_start < 5s);
}

asio::awaitable<int> value_after(Duration duration) {
    co_await sleep_for(duration);
    co_return 7;
}
asio::awaitable<int> fail_after(Duration duration) {
    co_await sleep_for(duration);
    throw std::runtime_error("broken");
}
asio::awaitable<void> note(int& count, Duration duration) {
    co_await sleep_for(duration);
    ++count;
}

TEST_CASE("an operation that is in time gives its value, a late one nothing", "[clock]") {
    VirtualTime time;
    asio::io_context context;
    const TimePoint start = Clock::now();

    CHECK(test::run(time, context, with_deadline(clock_test::value_after(1s), Deadline::after(2s))) == 7);
    CHECK_FALSE(test::run(time, context, with_deadline(clock_test::value_after(5s), Deadline::after(2s))).has_value());
    CHECK(Clock::now() - start == 3s);
    CHECK_THROWS_AS(test::run(time, context, with_deadline(clock_test::fail_after(1s), Deadline::after(2s))),
                    std::runtime_error);
    CHECK_FALSE(test::run(time, context, with_deadline(sleep_for(3s), Deadline::after(2s))));
    CHECK(test::run(time, context, with_deadline(sleep_for(1s), Deadline::after(2s))));
}

// Needs a few more turns of the loop to end than the timer beside it.
asio::awaitable<int> end_slowly() {
    try {
        co_await sleep_for(1h);
    } catch (const boost::system::system_error&) {
    }
    co_await asio::this_coro::reset_cancellation_state();
    for (int i = 0; i < 5; ++i)
        co_await asio::post(asio::use_awaitable);
    throw boost::system::system_error(asio::error::operation_aborted);
}

asio::awaitable<void> wait_for_result(bool& timed_out, bool& cancelled) {
    try {
        auto value = co_await with_deadline(end_slowly(), Deadline::after(2h));
        timed_out = !value.has_value();
    } catch (const boost::system::system_error& error) {
        cancelled = error.code() == asio::error::operation_aborted;
    }
}

TEST_CASE("an operation whose caller is cancelled did not run out of time", "[clock]") {
    VirtualTime time;
    asio::io_context context;
    TaskGroup group(context.get_executor(), "test");
    bool timed_out = false;
    bool cancelled = false;
    group.spawn("waiter", clock_test::wait_for_result(timed_out, cancelled));
    time.run_for(context, 1s);
    group.cancel();
    CHECK(test::run(time, context, group.join(Deadline::after(2s))));
    CHECK(cancelled);
    CHECK_FALSE(timed_out);
}

TEST_CASE("a task group joins its tasks and ends them when cancelled", "[task_group]") {
    VirtualTime time;
    asio::io_context context;
    TaskGroup group(context.get_executor(), "test");
    int ended = 0;
    group.spawn("short", clock_test::note(ended, 1s));
    group.spawn("long", clock_test::note(ended, 1h));

    CHECK_FALSE(test::run(time, context, group.join(Deadline::after(2s))));
    CHECK(ended == 1);
    CHECK(group.size() == 1);

    group.cancel();
    CHECK(test::run(time, context, group.join(Deadline::after(2s))));
    CHECK(ended == 1);
    CHECK(group.size() == 0);
}

TEST_CASE("a task that is spawned after the cancellation ends at once", "[task_group]") {
    VirtualTime time;
    asio::io_context context;
    TaskGroup group(context.get_executor(), "test");
    group.cancel();
    int ended = 0;
    group.spawn("late", clock_test::note(ended, 1h));
    const TimePoint start = Clock::now();

    CHECK(test::run(time, context, group.join(Deadline::after(2h))));
    CHECK(ended == 0);
    CHECK(Clock::now() - start < 1h);
}

TEST_CASE("a task that is cancelled before it ran never runs", "[task_group]") {
    VirtualTime time;
    asio::io_context context;
    TaskGroup group(context.get_executor(), "test");
    int ended = 0;
    group.spawn("early", clock_test::note(ended, 0s));
    group.cancel();

    CHECK(test::run(time, context, group.join(Deadline::after(1s))));
    CHECK(ended == 0);
}

TEST_CASE("times are written with six fraction digits in UTC", "[clock]") {
    CHECK(format_utc(WallTime(std::chrono::seconds(1767225600))) == "2026-01-01T00:00:00.000000Z");
    CHECK(format_utc(WallTime(std::chrono::microseconds(1767225600000042))) == "2026-01-01T00:00:00.000042Z");
}

TEST_CASE("the clock goes on while the machine is suspended", "[clock]") {
    timespec boot{};
    REQUIRE(clock_gettime(CLOCK_BOOTTIME, &boot) == 0);
    const auto since_boot = std::chrono::seconds(boot.tv_sec) + std::chrono::nanoseconds(boot.tv_nsec);
    const auto difference = Clock::now().time_since_epoch() - since_boot;
    CHECK(difference >= 0s);
    CHECK(difference < 5s);
}

}  // namespace clock_test
