#include "app/relay/directory/space_decision.hpp"

#include "storage/memory_storage.hpp"
#include "tests/catch.hpp"
#include "tests/support/away_storage.hpp"
#include "tests/support/fake_genie.hpp"
#include "tests/support/run.hpp"

namespace space_decision_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using storage::DefaultOf;

// Three spaces, and a question in a channel.
struct World {
    World() {
        genie.add_space("space2", "Finance");
        genie.add_space("space3", "Support");
        turn.thread = storage::ThreadKey("T1", "C1", "100.1");
        turn.question_ts = turn.message_ts = "100.1";
        turn.id = storage::turn_id(turn.thread, turn.question_ts);
        turn.user = "U1";
    }
    storage::StorageResult<relay::SpaceDecision> try_to_decide(const std::string& suggested_by = "") {
        return test::run(time, context,
                         relay::decide_space(turn, suggested_by, away, spaces, 5s, Deadline::after(30s)));
    }
    // Which space, in which conversation, instead of which gone one, else among how many somebody has to choose.
    std::string decide(const std::string& suggested_by = "") {
        const relay::SpaceDecision decision = try_to_decide(suggested_by).value();
        std::string text = decision.space ? decision.space->id : "choose of " + std::to_string(decision.choice.size());
        if (!decision.conversation_id.empty())
            text += " in " + decision.conversation_id;
        return text + (decision.gone.empty() ? "" : " for " + decision.gone);
    }
    void serve_thread(const std::string& space, const std::string& name, const std::string& conversation) {
        const auto soon = Deadline::after(5s);
        test::run(time, context, away.set_conversation(turn.thread, space, name, soon)).value();
        test::run(time, context, away.update_conversation_id(turn.thread, conversation, soon)).value();
    }
    void keep_default(DefaultOf kind, const std::string& space, const std::string& name) {
        const std::string id = kind == DefaultOf::channel ? turn.thread.channel : turn.user;
        storage::SpaceDefault kept;
        kept.space_id = space;
        kept.space_name = name;
        test::run(time, context, away.set_default_space(kind, "T1", id, kept, Deadline::after(5s))).value();
    }

    VirtualTime time;
    boost::asio::io_context context;
    test::FakeGenie genie;
    test::AwayStorage away{storage::create_memory_storage()};
    relay::SpaceDirectory spaces{genie, relay::SpaceDirectoryOptions()};
    storage::Turn turn;
};

TEST_CASE("the space is the turn's, the thread's, the channel's, the person's, or somebody chooses", "[spaces]") {
    World world;
    CHECK(world.decide() == "choose of 3");
    world.keep_default(DefaultOf::person, "space3", "Support");
    CHECK(world.decide() == "space3");
    world.keep_default(DefaultOf::channel, "space2", "Finance");
    CHECK(world.decide() == "space2");
    world.serve_thread("space1", "Sales", "c1");
    CHECK(world.decide() == "space1 in c1");
    world.turn.space_id = "space3";
    world.turn.conversation_id = "c9";
    CHECK(world.decide() == "space3 in c9");
}

TEST_CASE("the only space there is is nobody's choice", "[spaces]") {
    World world;
    world.genie.spaces.resize(1);
    CHECK(world.decide() == "space1");
}

TEST_CASE("without any space there is nothing to choose from", "[spaces]") {
    World world;
    world.genie.spaces.clear();
    CHECK(world.decide() == "choose of 0");
}

TEST_CASE("a default that is gone is passed over, and said", "[spaces]") {
    World world;
    world.keep_default(DefaultOf::channel, "old", "Old sales");
    CHECK(world.decide() == "choose of 3 for Old sales");
    CHECK(world.decide("space2") == "choose of 3 for Old sales");
    world.keep_default(DefaultOf::person, "space3", "Support");
    CHECK(world.decide() == "space3 for Old sales");
}

TEST_CASE("a thread's space that is gone is never replaced without asking", "[spaces]") {
    World world;
    world.genie.spaces.resize(1);
    world.serve_thread("old", "Old sales", "c1");
    world.keep_default(DefaultOf::channel, "space1", "Sales");
    CHECK(world.decide() == "choose of 1 for Old sales");
    CHECK(world.decide("space1") == "choose of 1 for Old sales");
}

TEST_CASE("the space that suggests a question is asked where somebody would have to choose", "[spaces]") {
    World world;
    CHECK(world.decide("space2") == "space2");
    CHECK(world.decide("unknown") == "choose of 3");
    world.keep_default(DefaultOf::person, "space3", "Support");
    CHECK(world.decide("space2") == "space3");
}

TEST_CASE("who is answered alone does not go on in the conversation of others", "[spaces]") {
    World world;
    world.serve_thread("space2", "Finance", "c1");
    world.turn.audience = storage::Audience::person;
    CHECK(world.decide() == "space2");
}

TEST_CASE("what Databricks or storage does not tell decides nothing", "[spaces]") {
    World world;
    world.genie.spaces_error = genie::GenieError(genie::GenieFault::unavailable, "away");
    const auto unlisted = world.try_to_decide();
    REQUIRE(unlisted);
    REQUIRE(unlisted->error);
    CHECK(unlisted->error->fault == genie::GenieFault::unavailable);
    for (const char* method : {"get_conversation", "get_default_space"}) {
        INFO(method);
        world.away.fail(method, 1);
        CHECK_FALSE(world.try_to_decide());
    }
}

}  // namespace space_decision_test
