// Which questions lean on what was asked before, and how they are asked where something else came between.
#include "app/relay/manners/continuation.hpp"
#include "app/answer/message/answer.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

#include <algorithm>

namespace continuation_test {

using namespace genie_slack;
using test::World;

TEST_CASE("fragments and what points elsewhere lean on the question before, whole questions do not", "[manners]") {
    for (const char* leaning :
         {"And by month?", "Only EMEA", "by region", "Why?", "Und nach Monat?", "Nur EMEA", "How has it developed?",
          "Which of those are new?", "Show the same for 2024", "Wie haben sich diese entwickelt?", "Et par mois ?"})
        CHECK(relay::leans_on_context(leaning));
    for (const char* whole :
         {"What was our revenue by region in 2025?", "Show the orders of this month", "Which products sold best?",
          "Wie viele Bestellungen gab es im Mai?", "And by month? (revenue by region)", "revenue by region",
          "Umsatz nach Region", "top 10 customers", "Question 7: what was revenue by week in 2025?", ""}) {
        INFO(whole);
        CHECK_FALSE(relay::leans_on_context(whole));
    }
}

struct TwoAnswers : World {
    TwoAnswers() {
        deliver(question("revenue by region?", "100.1"));
        settle();
        deliver(reply("and by month?", "100.2", "100.1"));
        settle();
        deliver(question("what are the top customers in 2025?", "100.3", "100.1"));
        settle();
        REQUIRE(genie.asked.size() == 3);
    }
    std::string asked_below(const std::string& question_ts, const std::string& words) {
        deliver(press(turn(question_ts, "100.1").progress_ts, "100.1", answer::numbered(answer::kFollowUpAction, 0),
                      words));
        settle();
        return genie.asked.back().content;
    }
};

TEST_CASE("a button below an older answer asks about that one", "[again]") {
    TwoAnswers world;
    CHECK(world.asked_below("100.1", "Only EMEA") == "Only EMEA (revenue by region?)");
    CHECK(world.asked_below("100.2", "And in 2024?") == "And in 2024? (revenue by region?; and by month?)");
    CHECK(world.asked_below("100.1", "What are the returns by product?") == "What are the returns by product?");
    CHECK(world.genie.asked.size() == 6);
}

TEST_CASE("a button below the newest answer asks with its own words", "[again]") {
    TwoAnswers world;
    CHECK(world.asked_below("100.3", "Only EMEA") == "Only EMEA");
}

TEST_CASE("an older question that is asked again says what it goes on with", "[again]") {
    World world;
    world.deliver(world.question("revenue by region?", "100.1"));
    world.settle();
    world.genie.endings.push_back(genie::MessageStatus::failed);
    world.deliver(world.question("and by month?", "100.2", "100.1"));
    world.settle();
    world.deliver(world.question("what are the top customers in 2025?", "100.3", "100.1"));
    world.settle();
    const storage::Turn failed = world.turn("100.2", "100.1");
    REQUIRE(failed.state == storage::TurnState::failed);
    world.deliver(world.press(failed.progress_ts, "100.1", answer::kAskAgainAction, failed.id));
    world.settle();
    REQUIRE(world.genie.asked.size() == 4);
    CHECK(world.genie.asked.back().content == "and by month? (revenue by region?)");
}

TEST_CASE("a question for another space takes along what it goes on with", "[again]") {
    World world;
    world.genie.add_space("space2", "Support");
    test::run(world.time, world.context,
              world.storage->set_conversation(storage::ThreadKey("T1", "C1", "100.1"), "space1", "Sales",
                                              Deadline::after(std::chrono::seconds(1))));
    world.deliver(world.question("revenue by region?", "100.1"));
    world.settle();
    world.genie.endings.push_back(genie::MessageStatus::failed);
    world.deliver(world.question("and by month?", "100.2", "100.1"));
    world.settle();
    const storage::Turn failed = world.turn("100.2", "100.1");
    world.deliver(world.press(failed.progress_ts, "100.1", answer::kSpaceAction, "space2",
                              answer::picker_block({true, failed.id})));
    world.settle();
    REQUIRE(world.genie.asked.size() == 3);
    CHECK(world.genie.asked.back().space_id == "space2");
    CHECK(world.genie.asked.back().content == "and by month? (revenue by region?)");
}

TEST_CASE("what a question leans on stands in one pair of parentheses", "[manners]") {
    CHECK(relay::with_context("And by month?", "and for Germany? (revenue by region)") ==
          "And by month? (revenue by region; and for Germany?)");
    CHECK(relay::with_context("And by month?", "revenue by region (net)") == "And by month? (revenue by region (net))");
}

}  // namespace continuation_test
