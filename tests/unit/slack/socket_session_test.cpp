#include "slack/socket/socket_session.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace socket_session_test {

using namespace genie_slack;
using namespace genie_slack::slack;
using namespace std::chrono_literals;
using Action = SocketSession::Action;

const TimePoint kStart{Duration(1000h)};

// The actions of a connection on which nothing happens from `from` on, with the time of each, until `end`.
struct Timeline {
    std::vector<Duration> pings;
    std::vector<std::pair<Duration, Action>> others;
};

Timeline run_silently(SocketSession& session, TimePoint end) {
    Timeline timeline;
    for (TimePoint now = session.next_time(); now <= end; now = session.next_time()) {
        const Action action = session.tick(now);
        REQUIRE(action != Action::none);
        if (action == Action::ping)
            timeline.pings.push_back(now - kStart);
        else
            timeline.others.emplace_back(now - kStart, action);
        if (action == Action::idle || action == Action::no_hello || action == Action::drained)
            session.close();
    }
    return timeline;
}

TEST_CASE("a connection without hello is dropped after the hello time", "[socket_session]") {
    SocketSession session(SessionLimits{}, kStart);
    CHECK(session.tick(kStart + 14s) == Action::none);
    CHECK(session.next_time() == kStart + 15s);
    CHECK(session.tick(kStart + 15s) == Action::no_hello);
}

TEST_CASE("frames other than hello do not extend the hello time", "[socket_session]") {
    SocketSession session(SessionLimits{}, kStart);
    for (int second = 1; second < 15; ++second)
        session.on_frame(kStart + second * 1s);
    CHECK(session.tick(kStart + 15s) == Action::no_hello);
}

TEST_CASE("only the first hello counts", "[socket_session]") {
    Random random(1);
    SocketSession session(SessionLimits{}, kStart);
    CHECK(session.on_hello(0s, random, kStart + 1s));
    CHECK_FALSE(session.on_hello(0s, random, kStart + 2s));
    CHECK(session.tick(kStart + 15s) == Action::none);
}

TEST_CASE("a silent peer is pinged and then given up within the idle limit", "[socket_session]") {
    Random random(1);
    SocketSession session(SessionLimits{}, kStart);
    session.on_hello(0s, random, kStart);

    const Timeline timeline = run_silently(session, kStart + 1h);

    CHECK(timeline.pings == std::vector<Duration>{20s, 40s, 60s});
    REQUIRE(timeline.others.size() == 1);
    CHECK(timeline.others[0] == std::pair<Duration, Action>(70s, Action::idle));
}

TEST_CASE("a peer that only pings every 30 seconds stays for ever", "[socket_session]") {
    Random random(1);
    SocketSession session(SessionLimits{}, kStart);
    session.on_hello(0s, random, kStart);
    for (int i = 1; i <= 1000; ++i) {
        for (TimePoint now = session.next_time(); now < kStart + i * 30s; now = session.next_time())
            REQUIRE(session.tick(now) == Action::ping);
        session.on_frame(kStart + i * 30s);
    }
}

TEST_CASE("no pings are sent while frames arrive", "[socket_session]") {
    Random random(1);
    SocketSession session(SessionLimits{}, kStart);
    session.on_hello(0s, random, kStart);
    for (int i = 1; i <= 100; ++i) {
        session.on_frame(kStart + i * 10s);
        REQUIRE(session.tick(kStart + i * 10s) == Action::none);
    }
}

TEST_CASE("a connection asks for its replacement a little before its time is over", "[socket_session]") {
    std::vector<Duration> times;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        Random random(seed);
        SocketSession session(SessionLimits{}, kStart);
        session.on_hello(360s, random, kStart);
        for (TimePoint now = session.next_time(); now <= kStart + 360s; now = session.next_time()) {
            const Action action = session.tick(now);
            session.on_frame(now);
            if (action == Action::refresh)
                times.push_back(now - kStart);
            else
                REQUIRE(action == Action::ping);
        }
    }
    REQUIRE(times.size() == 20);
    for (const Duration time : times) {
        CHECK(time >= 324s);
        CHECK(time <= 350s);
    }
    CHECK(*std::max_element(times.begin(), times.end()) - *std::min_element(times.begin(), times.end()) > 5s);
}

TEST_CASE("a life of a minute or less, or of unknown length, is not refreshed on our own", "[socket_session]") {
    for (const Duration life : {Duration(0s), Duration(10s), Duration(60s)}) {
        Random random(1);
        SocketSession session(SessionLimits{}, kStart);
        session.on_hello(life, random, kStart);
        for (int second = 1; second < 200; ++second) {
            session.on_frame(kStart + second * 1s);
            REQUIRE(session.tick(kStart + second * 1s) == Action::none);
        }
    }
}

TEST_CASE("a replaced connection is closed after the drain time, not earlier", "[socket_session]") {
    Random random(1);
    SocketSession session(SessionLimits{}, kStart);
    session.on_hello(0s, random, kStart);
    session.retire(kStart + 100s);
    session.on_frame(kStart + 114s);
    CHECK(session.tick(kStart + 114s) == Action::none);
    CHECK(session.next_time() == kStart + 115s);
    CHECK(session.tick(kStart + 115s) == Action::drained);
    session.close();
    CHECK(session.tick(kStart + 1h) == Action::none);
    CHECK(session.next_time() == TimePoint::max());
}

TEST_CASE("a second replacement does not prolong the drain", "[socket_session]") {
    SocketSession session(SessionLimits{}, kStart);
    session.retire(kStart);
    session.retire(kStart + 10s);
    CHECK(session.tick(kStart + 15s) == Action::drained);
}

TEST_CASE("a drained connection waits for the acks that are owed, but not for long", "[socket_session]") {
    SocketSession session(SessionLimits{}, kStart);
    session.ack_owed();
    session.ack_owed();
    session.retire(kStart);
    CHECK(session.tick(kStart + 15s) == Action::none);
    CHECK(session.next_time() == kStart + 17500ms);

    SECTION("settled in time") {
        CHECK_FALSE(session.ack_settled(kStart + 15500ms));
        CHECK(session.ack_settled(kStart + 16s));
        CHECK(session.tick(kStart + 16s) == Action::drained);
    }
    SECTION("never settled") {
        CHECK(session.tick(kStart + 17500ms) == Action::drained);
    }
}

TEST_CASE("an owed ack on a connection that serves wakes nobody", "[socket_session]") {
    SocketSession session(SessionLimits{}, kStart);
    session.ack_owed();
    CHECK_FALSE(session.ack_settled(kStart + 1s));
}

}  // namespace socket_session_test
