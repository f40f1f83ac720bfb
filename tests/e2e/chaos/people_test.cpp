// The promises of the design while people do everything that people do: docs/architecture.md 2.
#include "tests/e2e/chaos/people_check.hpp"

namespace people_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using test::chaos_seed;
using test::chaos_strikes;
using test::ChaosOptions;
using test::ChaosWorld;
using test::Outsiders;
using test::People;
using test::PeopleCheck;

// No limits of Slack: these people are faster than Slack allows a bot to be.
ChaosOptions of_people(std::uint64_t usual_seed) {
    ChaosOptions options;
    options.seed = chaos_seed(usual_seed);
    options.processes = 2;
    options.rate_share = 0;
    options.status_time = 120ms;
    options.limit = 90s;
    options.enterprise_id = "E0SANDBOX";
    options.spaces = 1 + static_cast<int>(options.seed % 2);
    return options;
}

void run_people(ChaosWorld& chaos, int strikes, bool private_answers) {
    INFO("GENIE_SLACK_CHAOS_SEED=" << chaos.options().seed << " replays this");
    REQUIRE(chaos.world().wait([&] { return chaos.world().slack().open_connections() >= 2; }));
    People people(chaos, !private_answers);
    Outsiders outsiders(chaos, people);
    PeopleCheck check(chaos, people, outsiders, private_answers);
    for (int i = 0; i < strikes; ++i) {
        if (i == strikes / 2)
            people.let_partner_in();
        for (auto acts = chaos.random().between(10, 40); acts > 0; --acts) {
            people.act();
            if (chaos.random().between(0, 3) == 0)
                outsiders.act();
            chaos.pass(std::chrono::milliseconds(chaos.random().between(0, 100)), false);
        }
        const int victim = static_cast<int>(chaos.random().between(0, 1));
        chaos.kill_process(victim);
        chaos.pass(std::chrono::milliseconds(chaos.random().between(0, 500)), false);
        chaos.start_process(victim);
    }
    const bool is_quiet = check.wait_until_quiet();
    check.rate_answers();
    CHECK(check.wait_until_quiet());
    const auto problems = check.problems();
    std::string report;
    for (const std::string& problem : problems)
        report += problem + "\n";
    INFO((report.empty() ? "" : people.plan() + outsiders.plan() + chaos.logs()));
    INFO(report);
    CHECK(is_quiet);
    CHECK(problems.empty());
    CHECK(people.asked().size() >= static_cast<std::size_t>(strikes));
}

TEST_CASE("chaos: people do everything that people do, and every question ends as it should", "[chaos][people]") {
    ChaosOptions options = of_people(9);
    options.settings["ALLOWED_CHANNELS"] = People::kNamedChannels;
    ChaosWorld chaos(options);
    run_people(chaos, chaos_strikes(4, 60), false);
}

TEST_CASE("chaos: people do everything with private answers, and nobody else sees one", "[chaos][people]") {
    ChaosOptions options = of_people(8);
    options.settings["ANSWERS_IN_CHANNELS"] = "private";
    ChaosWorld chaos(options);
    run_people(chaos, chaos_strikes(4, 60), true);
}

}  // namespace people_test
