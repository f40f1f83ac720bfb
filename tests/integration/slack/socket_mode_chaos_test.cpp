// Slack on a bad day, over real sockets: whatever happens to the connections, no event is lost and none stays unacked.
#include "tests/catch.hpp"
#include "tests/integration/slack/socket_mode_rig.hpp"

#include <set>

namespace genie_slack::slack::socket_mode_test {

using namespace genie_slack;
using namespace genie_slack::slack;
using namespace std::chrono_literals;

class RealBadDay {
 public:
    explicit RealBadDay(std::uint64_t seed) : dice_(seed), rig_(options(seed), slack_options()) {
        rig_.start();
        REQUIRE(rig_.connected(kConnections));
    }

    void happen() {
        auto& slack = *rig_.slack;
        const auto ids = slack.connection_ids();
        const int victim = ids.empty() ? 0 : ids[dice_.between(0, ids.size() - 1)];
        switch (dice_.between(0, 9)) {
            case 0:
                slack.send_disconnect(victim, "warning");
                break;
            case 1:
                slack.send_disconnect(victim, "refresh_requested");
                break;
            case 2:
                slack.drop_connection(victim, dice_.between(0, 1) == 0);
                break;
            case 3:
                slack.close_connection(victim, dice_.between(0, 1) == 0 ? 1000 : 1011);
                break;
            case 4:
                slack.faults().open_http_500 = 1;
                break;
            case 5:
                slack.faults().upgrade_status = 409;
                slack.faults().upgrade_failures = 1;
                break;
            case 6:
                slack.send_raw_text(victim, "odd");
                break;
            default:
                for (int i = 0; i < 5; ++i)
                    say();
                break;
        }
        say();
        rig_.stays([] { return false; }, std::chrono::milliseconds(dice_.between(0, 60)));
    }

    // After the last fault everything that was said is heard, and the client is whole again.
    void check() {
        CHECK(rig_.until([this] { return heard() == said_; }));
        CHECK(rig_.connected(kConnections));
        CHECK(rig_.slack->violations() == std::vector<std::string>());
        rig_.stop(5s);
        CHECK(rig_.until([this] { return rig_.outcome.has_value(); }));
        CHECK(rig_.until([this] { return rig_.slack->open_connections() == 0; }));
    }

 private:
    static constexpr int kConnections = 2;

    static SocketModeOptions options(std::uint64_t seed) {
        SocketModeOptions options = quick(kConnections);
        // Half of the runs see connections as healthy from the start.
        options.healthy_after = seed % 2 == 0 ? Duration(50ms) : Duration(60s);
        options.backoff_first = 20ms;
        options.backoff_cap = 100ms;
        options.drain_time = 150ms;
        return options;
    }
    static sandbox::SlackOptions slack_options() {
        sandbox::SlackOptions options;
        options.ack_timeout = 400ms;
        options.retry_after.assign(20, 50ms);
        options.disconnect_grace = 100ms;
        return options;
    }

    void say() { rig_.say("event " + std::to_string(said_++)); }
    int heard() const { return static_cast<int>(std::set<std::string>(rig_.texts.begin(), rig_.texts.end()).size()); }

    Random dice_;
    Rig rig_;
    int said_ = 0;
};

TEST_CASE("no event is lost on a bad day", "[socket_mode][chaos]") {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        INFO("seed " << seed);
        RealBadDay day(seed);
        for (int i = 0; i < 15; ++i)
            day.happen();
        day.check();
    }
}

}  // namespace genie_slack::slack::socket_mode_test
