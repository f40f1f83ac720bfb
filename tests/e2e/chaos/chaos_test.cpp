// Promise 1 of the design: whatever dies, a question ends in one answer. GENIE_SLACK_CHAOS=long runs the long form.
#include "tests/e2e/chaos/chaos_world.hpp"

namespace chaos_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using test::chaos_seed;
using test::chaos_strikes;
using test::ChaosOptions;
using test::ChaosWorld;

// One thing that goes wrong between us and Slack or Genie, at random.
void break_something(ChaosWorld& chaos) {
    auto& slack = chaos.world().slack();
    auto& slack_calls = slack.faults().calls;
    auto& genie_calls = chaos.world().genie().faults().calls;
    // Faults that wait for their calls must not pile up: else no question is asked without one any more.
    if (slack_calls.size() + genie_calls.size() >= 4)
        return;
    sandbox::SlackFaults::CallFault slack_fault;
    slack_fault.method = chaos.random().between(0, 1) == 0 ? "chat.postMessage" : "chat.update";
    sandbox::GenieFaults::CallFault genie_fault;
    genie_fault.path = chaos.random().between(0, 1) == 0 ? "POST /api/2.0/genie" : "GET /api/2.0/genie";
    const auto connections = slack.connection_ids();
    const int connection = connections.empty() ? 0 : connections[chaos.random().between(0, connections.size() - 1)];
    switch (chaos.random().between(0, 10)) {
        case 0:
            slack_fault.http_status = 429;
            slack_fault.retry_after = 1;
            return slack_calls.push_back(slack_fault);
        case 1:
            slack_fault.http_status = 500;
            return slack_calls.push_back(slack_fault);
        case 2:
            slack_fault.reset_before = true;
            return slack_calls.push_back(slack_fault);
        case 3:
            slack_fault.reset_after = true;
            return slack_calls.push_back(slack_fault);
        case 4:
            genie_fault.http_status = 429;
            genie_fault.retry_after = 1;
            return genie_calls.push_back(genie_fault);
        case 5:
            genie_fault.http_status = 503;
            return genie_calls.push_back(genie_fault);
        case 6:
            genie_fault.reset_before = true;
            return genie_calls.push_back(genie_fault);
        case 7:
            genie_fault.reset_after = true;
            return genie_calls.push_back(genie_fault);
        case 8:
            genie_fault.slow_body = true;
            genie_fault.delay = 700ms;
            return genie_calls.push_back(genie_fault);
        case 9:
            if (connection != 0)
                slack.drop_connection(connection, chaos.random().between(0, 1) == 0);
            return;
        default:
            if (connection != 0)
                slack.send_disconnect(connection, "refresh_requested");
            return;
    }
}

TEST_CASE("chaos: one process is killed at random moments, and nothing is lost or answered twice", "[chaos]") {
    ChaosOptions options;
    options.seed = chaos_seed(1);
    ChaosWorld chaos(options);
    test::run_chaos(chaos, chaos_strikes(6, 300), [&](int) {
        chaos.kill_process(0);
        chaos.pass(std::chrono::milliseconds(chaos.random().between(0, 300)));
        chaos.start_process(0);
    });
}

TEST_CASE("chaos: one of three processes is killed at random moments", "[chaos]") {
    ChaosOptions options;
    options.seed = chaos_seed(2);
    options.processes = 3;
    options.max_open = 9;
    ChaosWorld chaos(options);
    test::run_chaos(chaos, chaos_strikes(5, 100), [&](int) {
        const int victim = static_cast<int>(chaos.random().between(0, 2));
        chaos.kill_process(victim);
        chaos.pass(std::chrono::milliseconds(chaos.random().between(0, 1000)));
        chaos.start_process(victim);
    });
}

TEST_CASE("chaos: one of two processes is killed behind a pooler, where leases run out", "[chaos]") {
    ChaosOptions options;
    options.seed = chaos_seed(8);
    options.processes = 2;
    options.pooled = true;
    ChaosWorld chaos(options);
    test::run_chaos(chaos, chaos_strikes(3, 60), [&](int i) {
        chaos.kill_process(i % 2);
        chaos.pass(std::chrono::milliseconds(chaos.random().between(0, 1000)));
        chaos.start_process(i % 2);
    });
}

TEST_CASE("chaos: PostgreSQL restarts while questions are asked", "[chaos]") {
    ChaosOptions options;
    options.seed = chaos_seed(3);
    options.processes = 2;
    ChaosWorld chaos(options);
    test::run_chaos(chaos, chaos_strikes(3, 40), [&](int i) {
        if (i % 2 == 0)
            chaos.database().stop();
        else
            chaos.database().kill();
        chaos.pass(std::chrono::milliseconds(chaos.random().between(0, 2000)));
        chaos.database().start();
        chaos.pass(std::chrono::milliseconds(chaos.random().between(500, 3000)));
    });
}

TEST_CASE("chaos: a rolling deploy hands running questions over within seconds", "[chaos]") {
    ChaosOptions options;
    options.seed = chaos_seed(4);
    options.processes = 2;
    options.lease_seconds = 20;  // what is handed over does not wait for a lease to run out
    ChaosWorld chaos(options);
    test::run_chaos(chaos, chaos_strikes(3, 30), [&](int i) {
        CHECK(chaos.stop_process(i % 2) == 0);
        chaos.start_process(i % 2);
        chaos.pass(1s);
    });
}

TEST_CASE("chaos: a process that slept past its lease neither posts nor writes", "[chaos]") {
    ChaosOptions options;
    options.seed = chaos_seed(5);
    options.processes = 2;
    ChaosWorld chaos(options);
    test::run_chaos(chaos, chaos_strikes(2, 30), [&](int i) {
        chaos.pause_process(i % 2, true);
        chaos.pass(std::chrono::milliseconds(chaos.random().between(2500, 5000)));
        chaos.pause_process(i % 2, false);
    });
}

TEST_CASE("chaos: refused, broken and slow calls, dropped and refreshed sockets", "[chaos]") {
    ChaosOptions options;
    options.seed = chaos_seed(6);
    options.processes = 2;
    ChaosWorld chaos(options);
    test::run_chaos(chaos, chaos_strikes(10, 200), [&](int) {
        break_something(chaos);
        break_something(chaos);
    });
}

TEST_CASE("chaos: many questions while PostgreSQL restarts every few seconds", "[chaos]") {
    ChaosOptions options;
    options.seed = chaos_seed(7);
    options.processes = 2;
    options.threads = 40;
    options.max_open = 40;
    options.status_time = 5ms;
    options.limit = 5min;
    ChaosWorld chaos(options);
    const std::size_t questions = static_cast<std::size_t>(chaos_strikes(60, 2'000));
    const Duration between = chaos_strikes(2, 5) * 1s;
    test::run_chaos(
        chaos, 1'000,
        [&](int i) {
            if (i % 2 == 0)
                chaos.database().stop();
            else
                chaos.database().kill();
            chaos.pass(std::chrono::milliseconds(chaos.random().between(0, 2000)));
            chaos.database().start();
            chaos.pass(between + std::chrono::milliseconds(chaos.random().between(0, 5'000)));
        },
        [&] { return chaos.asked() >= questions; });
}

// As many at once as a company's busiest minute, under the limits that Slack gives to all processes together.
TEST_CASE("chaos: hundreds ask at once under Slack's rate limits while one of three processes is killed", "[chaos]") {
    ChaosOptions options;
    options.seed = chaos_seed(10);
    options.processes = 3;
    options.threads = 50;
    options.max_open = 100;
    options.limit = 5min;
    ChaosWorld chaos(options);
    const std::size_t questions = static_cast<std::size_t>(chaos_strikes(100, 1'800));
    test::run_chaos(
        chaos, 1'000,
        [&](int i) {
            chaos.kill_process(i % 3);
            chaos.pass(std::chrono::milliseconds(chaos.random().between(0, 1000)));
            chaos.start_process(i % 3);
        },
        [&] { return chaos.asked() >= questions; });
}

}  // namespace chaos_test
