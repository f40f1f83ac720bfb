// Promise 1 of the design: whatever dies, a question ends in one answer. GENIE_SLACK_CHAOS=long runs the long form.
#include "tests/e2e/chaos/chaos_world.hpp"

using namespace genie_slack;
using namespace std::chrono_literals;
using test::chaos_seed;
using test::chaos_strikes;
using test::ChaosOptions;
using test::ChaosWorld;

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
