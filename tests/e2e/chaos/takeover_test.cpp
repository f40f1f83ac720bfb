// How soon a dead process is noticed, and that nobody asks the database while nothing happens (storage.md 4.4, 4.5).
#include "tests/e2e/chaos/chaos_world.hpp"

#include <iostream>

namespace takeover_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using test::ChaosOptions;
using test::ChaosWorld;

// Seconds as the database has them.
double number(ChaosWorld& chaos, const std::string& sql) {
    return std::stod(chaos.database().value(ChaosWorld::kDatabase, sql));
}

std::string working_owner(ChaosWorld& chaos) {
    return chaos.database().value(ChaosWorld::kDatabase,
                                  "SELECT coalesce(max(lease_owner), '') FROM genie_app.turns WHERE state = 'asked'");
}

struct Times {
    double taken_over = 0;
    double answered = 0;
};

// One process dies while Genie works on its question; how long the other one needs.
Times kill_one_of_two(bool pooled) {
    ChaosOptions options;
    options.processes = 2;
    options.lease_seconds = 20;
    options.max_open = 1;
    options.status_time = 1500ms;
    options.pooled = pooled;
    ChaosWorld chaos(options);
    chaos.kill_process(1);
    // Nobody is judged while the server is young.
    REQUIRE(chaos.world().wait([&] {
        return number(chaos, "SELECT extract(epoch FROM clock_timestamp() - pg_postmaster_start_time())") > 5.5;
    }));
    chaos.start_process(1);
    chaos.world().wait([&] { return chaos.world().slack().connection_ids().size() == 2; });
    chaos.pass(300ms);
    REQUIRE(chaos.world().wait([&] { return !working_owner(chaos).empty(); }));
    const std::string first = working_owner(chaos);
    // Whichever works on it.
    const int victim = chaos.works_as(0, first) ? 0 : 1;
    REQUIRE(chaos.works_as(victim, first));
    const TimePoint died_at = Clock::now();
    chaos.kill_process(victim);
    const auto since = [&] { return std::chrono::duration<double>(Clock::now() - died_at).count(); };
    Times times;
    REQUIRE(chaos.world().wait(
        [&] {
            return chaos.database().value(ChaosWorld::kDatabase,
                                          "SELECT count(*) FROM genie_app.turns WHERE attempts > 1") == "1";
        },
        60s));
    times.taken_over = since();
    REQUIRE(chaos.wait_for_answers());
    times.answered = since();
    // The last record may follow the last message by a moment.
    chaos.world().wait([&] {
        return number(chaos, "SELECT count(*) FROM genie_app.turns WHERE state NOT IN ('delivered', 'failed')") == 0;
    });
    std::string problems;
    for (const std::string& problem : chaos.check())
        problems += problem + "\n";
    INFO((problems.empty() ? "" : chaos.logs()));
    CHECK(problems.empty());
    return times;
}

TEST_CASE("chaos: a killed process's question goes on in the other one within seconds", "[chaos][takeover]") {
    const Times times = kill_one_of_two(false);
    std::cerr << "with the lock: taken over after " << times.taken_over << " s, answered after " << times.answered
              << " s\n";
    CHECK(times.taken_over < 3);
}

TEST_CASE("chaos: behind a pooler a killed process's question waits for its lease", "[chaos][takeover]") {
    const Times times = kill_one_of_two(true);
    std::cerr << "without it: taken over after " << times.taken_over << " s, answered after " << times.answered
              << " s\n";
    CHECK(times.taken_over < 32);
}

TEST_CASE("chaos: the database is asked nothing while nothing happens", "[chaos][idle]") {
    ChaosOptions options;
    options.processes = 2;
    options.lease_seconds = 4;  // who looked from time to time would do so every second or two
    options.max_open = 2;
    ChaosWorld chaos(options);
    chaos.pass(1s);
    REQUIRE(chaos.wait_for_answers());
    const std::string quiet_for =
        "SELECT coalesce(extract(epoch FROM clock_timestamp() - max(state_change)), 0) FROM pg_stat_activity WHERE "
        "usename = 'chaos'";
    CHECK(chaos.world().wait([&] { return number(chaos, quiet_for) > 6; }, 40s));
    CHECK(number(chaos, "SELECT count(*) FROM pg_stat_activity WHERE usename = 'chaos' AND state <> 'idle'") == 0);
    // And what is asked then is answered.
    chaos.pass(500ms);
    CHECK(chaos.wait_for_answers());
}

}  // namespace takeover_test
