#include "slack/socket/socket_supervisor.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace socket_supervisor_test {

using namespace genie_slack;
using namespace genie_slack::slack;
using namespace std::chrono_literals;
using Kind = SocketSupervisor::Step::Kind;
using Leave = SocketSupervisor::Leave;

const TimePoint kStart{Duration(1000h)};

SupervisorLimits limits_for(int connections) {
    SupervisorLimits limits;
    limits.connections = connections;
    return limits;
}

// A supervisor with a clock beside it.
struct Bench {
    explicit Bench(int connections, std::uint64_t seed = 1)
        : random(seed), supervisor(limits_for(connections), random) {}

    // Waits until the next attempt is due, starts it, and returns its id; the wait is in `waited`. 0: none will come.
    int open() {
        waited = 0s;
        const TimePoint due = supervisor.next_time();
        if (due == TimePoint::max())
            return 0;
        waited = std::max(Duration::zero(), due - now);
        now += waited;
        const auto step = supervisor.step(now);
        REQUIRE(step.kind == Kind::open);
        return step.id;
    }
    int connect() {
        const int id = open();
        REQUIRE(id != 0);
        replaced = supervisor.on_hello(id, now);
        return id;
    }
    void fail(int id, Duration retry_after = 0s) { supervisor.on_end(id, now, retry_after); }
    // All connections up, and healthy for a day.
    std::vector<int> settled() {
        std::vector<int> ids;
        while (supervisor.serving() < supervisor.wanted())
            ids.push_back(connect());
        now += 24h;
        REQUIRE(supervisor.step(now).kind == Kind::none);
        return ids;
    }

    Random random;
    SocketSupervisor supervisor;
    TimePoint now = kStart;
    Duration waited{};
    std::optional<int> replaced;
};

TEST_CASE("connections start one after another, without waiting in between", "[socket_supervisor]") {
    Bench bench(3);
    const int first = bench.open();
    CHECK(bench.waited == 0s);
    CHECK(bench.open() == 0);  // the first has no hello yet
    bench.supervisor.on_hello(first, bench.now);
    CHECK(bench.connect() != first);
    CHECK(bench.waited == 0s);
    bench.connect();
    CHECK(bench.open() == 0);
    CHECK(bench.supervisor.serving() == 3);
    CHECK(bench.supervisor.sockets() == 3);
}

TEST_CASE("the number of connections stays between one and Slack's limit", "[socket_supervisor]") {
    CHECK(Bench(0).supervisor.wanted() == 1);
    CHECK(Bench(25).supervisor.wanted() == 10);
}

TEST_CASE("failed attempts make one chain with growing, bounded waits", "[socket_supervisor]") {
    Bench bench(2);
    Duration step = 1s;
    for (int i = 0; i < 30; ++i) {
        const int id = bench.open();
        REQUIRE(id != 0);
        if (i > 0) {
            CHECK(bench.waited >= step / 10);
            CHECK(bench.waited <= step);
            step = std::min<Duration>(step * 2, 60s);
        }
        CHECK(bench.open() == 0);
        bench.fail(id);
    }
}

TEST_CASE("hello alone does not reset the backoff, a minute of health does", "[socket_supervisor]") {
    Bench bench(1);
    Duration longest{};
    for (int i = 0; i < 40; ++i) {
        const int id = bench.connect();
        longest = std::max(longest, bench.waited);
        bench.now += 10s;
        bench.fail(id);
    }
    CHECK(longest > 10s);

    const int id = bench.connect();
    bench.now += 60s;
    bench.fail(id);
    bench.fail(bench.open());
    CHECK(bench.waited <= 1s);
    bench.open();
    CHECK(bench.waited <= 1s);
}

TEST_CASE("a healthy neighbour does not make a flapping connection hot", "[socket_supervisor]") {
    Bench bench(2);
    bench.connect();
    int flapping = bench.connect();
    int attempts = 0;
    while (bench.now < kStart + 1h) {
        bench.now += 1s;
        bench.fail(flapping);
        flapping = bench.connect();
        ++attempts;
    }
    // Waits average over half a minute once they have grown.
    CHECK(attempts < 160);
}

TEST_CASE("a healthy connection that breaks is replaced within a second", "[socket_supervisor]") {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        Bench bench(2, seed);
        const auto ids = bench.settled();
        bench.fail(ids[0]);
        bench.open();
        CHECK(bench.waited > 0s);
        CHECK(bench.waited < 1s);
    }
}

TEST_CASE("Retry-After is honoured by every attempt", "[socket_supervisor]") {
    Bench bench(2);
    const auto ids = bench.settled();
    bench.fail(ids[0]);
    bench.fail(bench.open(), 30s);
    const TimePoint refused = bench.now;
    // Not even a refresh of the other one may ask earlier.
    CHECK(bench.supervisor.on_disconnect(ids[1], DisconnectReason::warning, bench.now) == Leave::stay);
    bench.open();
    CHECK(bench.now - refused >= 30s);
    CHECK(bench.now - refused <= 33s);
}

TEST_CASE("a refresh opens the replacement at once and retires the old one only after its hello",
          "[socket_supervisor]") {
    for (const auto reason : {DisconnectReason::warning, DisconnectReason::refresh_requested}) {
        Bench bench(2);
        const auto ids = bench.settled();
        CHECK(bench.supervisor.on_disconnect(ids[0], reason, bench.now) == Leave::stay);
        CHECK(bench.supervisor.serving() == 2);
        const int replacement = bench.open();
        CHECK(bench.waited == 0s);
        CHECK(bench.supervisor.serving() == 2);
        bench.now += 300ms;
        CHECK(bench.supervisor.on_hello(replacement, bench.now) == ids[0]);
        CHECK(bench.supervisor.serving() == 2);
        CHECK(bench.supervisor.sockets() == 3);
        CHECK(bench.open() == 0);
        // The old one's end is no loss.
        bench.fail(ids[0]);
        CHECK(bench.open() == 0);
        CHECK(bench.supervisor.sockets() == 2);
    }
}

TEST_CASE("a second disconnect message asks for nothing more", "[socket_supervisor]") {
    Bench bench(2);
    const auto ids = bench.settled();
    bench.supervisor.on_disconnect(ids[0], DisconnectReason::warning, bench.now);
    bench.supervisor.on_disconnect(ids[0], DisconnectReason::refresh_requested, bench.now);
    bench.connect();
    bench.supervisor.on_disconnect(ids[0], DisconnectReason::warning, bench.now);
    CHECK(bench.open() == 0);
    CHECK(bench.supervisor.sockets() == 3);
}

TEST_CASE("connections that are asked to go together are replaced one after another without waiting",
          "[socket_supervisor]") {
    Bench bench(3);
    const auto ids = bench.settled();
    for (const int id : ids)
        bench.supervisor.on_disconnect(id, DisconnectReason::refresh_requested, bench.now);
    std::set<int> replaced;
    for (int i = 0; i < 3; ++i) {
        bench.connect();
        CHECK(bench.waited == 0s);
        REQUIRE(bench.replaced);
        replaced.insert(*bench.replaced);
    }
    CHECK(replaced == std::set<int>(ids.begin(), ids.end()));
    CHECK(bench.open() == 0);
}

TEST_CASE("a refresh passes by the backoff of another connection", "[socket_supervisor]") {
    Bench bench(2);
    const auto ids = bench.settled();
    bench.fail(ids[1]);
    for (int i = 0; i < 12; ++i)
        bench.fail(bench.open());
    REQUIRE(bench.supervisor.next_time() > bench.now + 3s);
    bench.supervisor.on_disconnect(ids[0], DisconnectReason::warning, bench.now);
    bench.connect();
    CHECK(bench.waited == 0s);
    CHECK(bench.replaced == ids[0]);
    // The other one still waits for its turn.
    CHECK(bench.supervisor.next_time() > bench.now + 3s);
}

TEST_CASE("young connections may be refreshed at once, but not over and over", "[socket_supervisor]") {
    Bench bench(2);
    int first = bench.connect();
    const int second = bench.connect();
    bench.supervisor.on_disconnect(first, DisconnectReason::warning, bench.now);
    first = bench.connect();
    CHECK(bench.waited == 0s);
    bench.supervisor.on_disconnect(second, DisconnectReason::warning, bench.now);
    bench.connect();
    CHECK(bench.waited == 0s);

    int attempts = 0;
    int at_once = 0;
    while (bench.now < kStart + 1h) {
        bench.supervisor.on_disconnect(first, DisconnectReason::warning, bench.now);
        bench.now += 10ms;
        const int old = first;
        first = bench.connect();
        at_once += bench.waited == 0s;
        bench.fail(old);
        ++attempts;
    }
    // Waits average over half a minute once they have grown. The other connection proves healthy once meanwhile.
    CHECK(attempts < 160);
    CHECK(at_once <= 2);
}

TEST_CASE("an unknown reason is a refresh with backoff", "[socket_supervisor]") {
    Bench bench(2);
    const auto ids = bench.settled();
    CHECK(bench.supervisor.on_disconnect(ids[0], DisconnectReason::unknown, bench.now) == Leave::stay);
    bench.connect();
    CHECK(bench.waited >= 100ms);
    CHECK(bench.waited <= 1s);
    CHECK(bench.replaced == ids[0]);
}

TEST_CASE("link_disabled is tried again slowly", "[socket_supervisor]") {
    Bench bench(2);
    const auto ids = bench.settled();
    CHECK(bench.supervisor.on_disconnect(ids[0], DisconnectReason::link_disabled, bench.now) == Leave::drain);
    CHECK(bench.supervisor.on_disconnect(ids[1], DisconnectReason::link_disabled, bench.now) == Leave::drain);
    CHECK(bench.supervisor.serving() == 0);
    bench.fail(ids[0]);
    bench.fail(ids[1]);
    for (int i = 0; i < 5; ++i) {
        const int id = bench.open();
        CHECK(bench.waited >= 120s);
        CHECK(bench.waited <= 140s);
        CHECK(bench.supervisor.on_disconnect(id, DisconnectReason::link_disabled, bench.now) == Leave::close);
        bench.fail(id);
    }
}

TEST_CASE("too many sockets: the extra one waits long while others serve", "[socket_supervisor]") {
    Bench bench(2);
    const auto ids = bench.settled();
    CHECK(bench.supervisor.on_disconnect(ids[1], DisconnectReason::too_many_websockets, bench.now) == Leave::close);
    bench.fail(ids[1]);
    const TimePoint refused = bench.now;
    CHECK(bench.supervisor.next_time() >= refused + 120s);

    SECTION("then it is tried again") {
        bench.open();
        CHECK(bench.waited <= 140s);
    }
    SECTION("the other one's refresh does not wait for it") {
        bench.supervisor.on_disconnect(ids[0], DisconnectReason::warning, bench.now);
        bench.connect();
        CHECK(bench.waited == 0s);
        CHECK(bench.supervisor.next_time() >= refused + 120s);
    }
}

TEST_CASE("too many sockets with none of ours: waits grow to the slow retry", "[socket_supervisor]") {
    Bench bench(1);
    Duration longest{};
    for (int i = 0; i < 40; ++i) {
        const int id = bench.open();
        if (i > 0)
            CHECK(bench.waited >= 100ms);
        longest = std::max(longest, bench.waited);
        CHECK(bench.supervisor.on_disconnect(id, DisconnectReason::too_many_websockets, bench.now) == Leave::close);
        bench.fail(id);
    }
    CHECK(longest > 60s);
    CHECK(longest <= 120s);
}

TEST_CASE("a disconnect before hello is a failed attempt", "[socket_supervisor]") {
    Bench bench(1);
    const int id = bench.open();
    CHECK(bench.supervisor.on_disconnect(id, DisconnectReason::refresh_requested, bench.now) == Leave::close);
    CHECK_FALSE(bench.supervisor.on_hello(id, bench.now));
    CHECK(bench.supervisor.serving() == 0);
    bench.open();
    CHECK(bench.waited >= 100ms);
}

TEST_CASE("at Slack's limit the old socket goes before its replacement comes", "[socket_supervisor]") {
    Bench bench(10);
    const auto ids = bench.settled();
    bench.supervisor.on_disconnect(ids[3], DisconnectReason::warning, bench.now);
    const auto step = bench.supervisor.step(bench.now);
    CHECK(step.kind == Kind::close);
    CHECK(step.id == ids[3]);
    CHECK(bench.supervisor.step(bench.now).kind == Kind::none);
    CHECK(bench.supervisor.next_time() == TimePoint::max());
    bench.fail(ids[3]);
    bench.connect();
    CHECK(bench.waited == 0s);
    CHECK(bench.supervisor.sockets() == 10);
}

TEST_CASE("a draining socket makes room before one that serves does", "[socket_supervisor]") {
    Bench bench(9);
    const auto ids = bench.settled();
    bench.supervisor.on_disconnect(ids[0], DisconnectReason::warning, bench.now);
    bench.connect();
    bench.supervisor.on_disconnect(ids[1], DisconnectReason::warning, bench.now);
    const auto step = bench.supervisor.step(bench.now);
    CHECK(step.kind == Kind::close);
    CHECK(step.id == ids[0]);
}

TEST_CASE("a stopped supervisor opens nothing", "[socket_supervisor]") {
    Bench bench(2);
    bench.supervisor.stop();
    CHECK(bench.open() == 0);
    CHECK(bench.supervisor.step(bench.now + 1h).kind == Kind::none);
}

TEST_CASE("events of unknown connections are harmless", "[socket_supervisor]") {
    Bench bench(2);
    bench.supervisor.on_end(77, bench.now);
    bench.supervisor.on_disconnect(77, DisconnectReason::link_disabled, bench.now);
    CHECK_FALSE(bench.supervisor.on_hello(77, bench.now));
    bench.open();
    CHECK(bench.waited == 0s);
}

TEST_CASE("only the codes that no retry can mend are fatal, and say what to do", "[socket_supervisor]") {
    for (const char* code : {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired",
                             "not_allowed_token_type", "missing_scope", "user_removed_from_team", "team_disabled"}) {
        const std::string text = fatal_open_error(code);
        CHECK_THAT(text, test::contains("Slack refused SLACK_APP_TOKEN (" + std::string(code) + "): "));
        CHECK(text.find('\n') == std::string::npos);
    }
    for (const char* code : {"", "internal_error", "fatal_error", "ratelimited", "service_unavailable", "http_503",
                             "timeout", "something_new", "invalid_auth2"})
        CHECK(fatal_open_error(code).empty());
}

// Plays Slack at random against a supervisor and keeps its own book of what every connection is.
class Fuzz {
 public:
    Fuzz(int connections, std::uint64_t seed)
        : dice_(seed), random_(seed + 1), connections_(connections), supervisor_(limits_for(connections), random_) {}

    void run(int events) {
        for (int i = 0; i < events; ++i) {
            drive();
            happen();
            check();
        }
        // Left in peace, it always gets back to full strength.
        const TimePoint end = now_ + 2h;
        while (static_cast<int>(usable_.size()) < connections_ && now_ < end) {
            for (const int id : std::set<int>(alive_))
                if (usable_.count(id) == 0 && leaving_.count(id) == 0 && starting_ != id)
                    this->end(id);
            drive();
            if (starting_)
                hello();
            else
                now_ = std::max(now_ + 1ms, std::min(supervisor_.next_time(), end));
        }
        CHECK(supervisor_.serving() == connections_);
        CHECK(supervisor_.next_time() == TimePoint::max());
    }

    int opened() const { return opened_; }
    Duration elapsed() const { return now_ - kStart; }

 private:
    void drive() {
        for (int guard = 0;; ++guard) {
            REQUIRE(guard < 30);
            const auto step = supervisor_.step(now_);
            if (step.kind == Kind::none)
                break;
            if (step.kind == Kind::open) {
                REQUIRE_FALSE(starting_);
                starting_ = step.id;
                alive_.insert(step.id);
                usable_.erase(step.id);
                ++opened_;
            } else {
                REQUIRE(alive_.count(step.id) == 1);
                end(step.id);
            }
        }
        // No busy waiting: with nothing to do now, the next time is later.
        REQUIRE(supervisor_.next_time() > now_);
    }

    void happen() {
        const auto roll = dice_.between(0, 99);
        if (roll < 30)
            now_ += std::chrono::milliseconds(dice_.between(0, 120000));
        else if (roll < 40 && supervisor_.next_time() != TimePoint::max())
            now_ = supervisor_.next_time();
        else if (roll < 65 && starting_)
            hello();
        else if (roll < 75 && starting_)
            end(*starting_, dice_.between(0, 3) == 0 ? Duration(std::chrono::seconds(dice_.between(1, 60))) : 0s);
        else if (!alive_.empty() && roll < 88)
            disconnect(any());
        else if (!alive_.empty())
            end(any());
    }

    void hello() {
        const auto replaced = supervisor_.on_hello(*starting_, now_);
        if (refused_.count(*starting_) == 0)
            usable_.insert(*starting_);
        else
            CHECK_FALSE(replaced);
        if (replaced) {
            CHECK(alive_.count(*replaced) == 1);
            CHECK(leaving_.count(*replaced) == 1);
            leaving_.erase(*replaced);
        }
        starting_.reset();
    }

    void disconnect(int id) {
        static constexpr DisconnectReason kReasons[] = {
            DisconnectReason::warning, DisconnectReason::refresh_requested, DisconnectReason::link_disabled,
            DisconnectReason::too_many_websockets, DisconnectReason::unknown};
        const DisconnectReason reason = kReasons[dice_.between(0, 4)];
        const Leave leave = supervisor_.on_disconnect(id, reason, now_);
        if (leave == Leave::stay && usable_.erase(id) == 1)
            leaving_.insert(id);
        if (leave != Leave::stay) {
            usable_.erase(id);
            leaving_.erase(id);
            refused_.insert(id);
        }
        if (leave == Leave::close) {
            if (starting_ == id)
                starting_.reset();
            if (dice_.between(0, 1) == 0)
                end(id);
        }
    }

    void end(int id, Duration retry_after = 0s) {
        supervisor_.on_end(id, now_, retry_after);
        alive_.erase(id);
        usable_.erase(id);
        leaving_.erase(id);
        if (starting_ == id)
            starting_.reset();
    }

    int any() {
        auto position = alive_.begin();
        std::advance(position, static_cast<long>(dice_.between(0, alive_.size() - 1)));
        return *position;
    }

    void check() {
        REQUIRE(supervisor_.sockets() == static_cast<int>(alive_.size()));
        REQUIRE(supervisor_.sockets() <= kMaxSockets);
        REQUIRE(supervisor_.serving() == static_cast<int>(usable_.size() + leaving_.size()));
        REQUIRE(static_cast<int>(usable_.size()) + (starting_ ? 1 : 0) <= connections_);
    }

    Random dice_;
    Random random_;
    int connections_;
    SocketSupervisor supervisor_;
    TimePoint now_ = kStart;
    int opened_ = 0;
    std::optional<int> starting_;
    std::set<int> alive_;
    std::set<int> usable_;
    std::set<int> leaving_;
    std::set<int> refused_;  // closed or draining without replacement
};

TEST_CASE("no sequence of events breaks the supervisor's promises", "[socket_supervisor]") {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        INFO("seed " << seed);
        Fuzz fuzz(1 + static_cast<int>(seed % 10), seed);
        fuzz.run(400);
    }
}

TEST_CASE("a service that refuses everything is asked a bounded number of times an hour", "[socket_supervisor]") {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        Bench bench(10, seed);
        int attempts = 0;
        while (bench.now < kStart + 1h) {
            bench.fail(bench.open());
            ++attempts;
        }
        CHECK(attempts < 170);
    }
}

TEST_CASE("short-lived connections that carried events are replaced at once, however often", "[socket_supervisor]") {
    Bench bench(2);
    int one = bench.connect();
    bench.connect();
    for (int i = 0; i < 10; ++i) {
        bench.supervisor.on_acked(one);
        bench.now += 36s;
        bench.supervisor.on_disconnect(one, DisconnectReason::warning, bench.now);
        bench.supervisor.on_disconnect(one, DisconnectReason::refresh_requested, bench.now);
        const int next = bench.connect();
        INFO(i);
        CHECK(bench.waited == 0s);
        bench.supervisor.on_end(one, bench.now);
        one = next;
    }
}

}  // namespace socket_supervisor_test
