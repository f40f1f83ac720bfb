#include "app/relay/turn/turn_store.hpp"

#include "storage/memory_storage.hpp"
#include "tests/support/away_storage.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

namespace turn_store_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using relay::LeaseKeeper;
using relay::Saved;

// A question that is claimed for a minute.
struct Claimed {
    Claimed() {
        turn.thread = storage::ThreadKey("T1", "C1", "100.1");
        turn.question_ts = "100.1";
        turn.id = storage::turn_id(turn.thread, turn.question_ts);
        turn.user = "U1";
        run(away.accept(turn, "", relay::question_rows(turn), soon()));
        auto claim = run(store.claim(turn.id, "us", 1min, soon()));
        REQUIRE(claim);
        lease = claim->lease;
        turn = claim->turn;
    }
    static Deadline soon() { return Deadline::after(1h); }
    template <class T>
    T run(boost::asio::awaitable<T> task) {
        return test::run(time, context, std::move(task));
    }
    storage::Turn stored() {
        auto read = run(away.get_turn(turn.id, soon()));
        REQUIRE((read && *read));
        return **read;
    }

    VirtualTime time;
    boost::asio::io_context context;
    test::AwayStorage away{storage::create_memory_storage({})};
    relay::TurnStore store{away, 5s};
    storage::Turn turn;
    storage::Lease lease;
};

TEST_CASE("a turn is recorded once its storage is back", "[turn_store]") {
    Claimed world;
    LeaseKeeper keeper(world.away, world.lease, 1min, Clock::now());
    world.away.fail("advance", 3);
    world.turn.progress_ts = "200.1";
    const TimePoint before = Clock::now();
    CHECK(world.run(world.store.record(keeper, world.turn)) == Saved::yes);
    CHECK(Clock::now() - before == 3s);
    CHECK(world.stored().progress_ts == "200.1");
    CHECK_FALSE(keeper.is_lost());
}

TEST_CASE("a storage that stays away is given up after a minute", "[turn_store]") {
    Claimed world;
    LeaseKeeper keeper(world.away, world.lease, 1min, Clock::now());
    world.away.fail("advance", 1000);
    world.turn.progress_ts = "200.1";
    const TimePoint before = Clock::now();
    CHECK(world.run(world.store.record(keeper, world.turn)) == Saved::away);
    CHECK(Clock::now() - before >= 60s);
    CHECK(Clock::now() - before < 63s);
    world.away.fail("advance", 0);
    CHECK(world.stored().progress_ts.empty());
    // Nobody said that it is another's by now.
    CHECK_FALSE(keeper.is_lost());
}

TEST_CASE("what storage refuses is not tried again", "[turn_store]") {
    Claimed world;
    LeaseKeeper keeper(world.away, world.lease, 1min, Clock::now());
    storage::Turn other = world.turn;
    other.question_ts = "another";
    const TimePoint before = Clock::now();
    CHECK(world.run(world.store.record(keeper, other)) == Saved::refused);
    CHECK(Clock::now() == before);
}

TEST_CASE("whose turn another process has by now writes nothing, and knows it", "[turn_store]") {
    Claimed world;
    LeaseKeeper keeper(world.away, world.lease, 1min, Clock::now());
    world.run(world.store.release(world.lease, Claimed::soon()));
    REQUIRE(world.run(world.store.claim(world.turn.id, "them", 1min, Claimed::soon())));
    const bool ends = GENERATE(false, true);
    world.turn.progress_ts = "200.1";
    if (ends)
        world.turn.state = storage::TurnState::delivered;
    CHECK(world.run(ends ? world.store.finish(keeper, world.turn, storage::ChatRows())
                         : world.store.record(keeper, world.turn)) == Saved::lease_lost);
    CHECK(keeper.is_lost());
    CHECK(world.stored().progress_ts.empty());
}

TEST_CASE("a turn that was given back is anybody's", "[turn_store]") {
    Claimed world;
    CHECK_FALSE(world.run(world.store.claim(world.turn.id, "them", 1min, Claimed::soon())));
    world.run(world.store.release(world.lease, Claimed::soon()));
    CHECK(world.run(world.store.claim(world.turn.id, "them", 1min, Claimed::soon())));
}

TEST_CASE("a thread keeps its space and conversation once storage is back", "[turn_store]") {
    Claimed world;
    world.away.fail("set_conversation", 2);
    CHECK(world.run(world.store.keep_space(world.turn.id, world.turn.thread, "S1", "Sales")) == Saved::yes);
    world.away.fail("update_conversation_id", 2);
    CHECK(world.run(world.store.keep_conversation(world.turn.id, world.turn.thread, "conv1")) == Saved::yes);
    auto kept = world.run(world.away.get_conversation(world.turn.thread, Claimed::soon()));
    REQUIRE((kept && *kept));
    CHECK((*kept)->genie_room_id == "S1");
    CHECK((*kept)->conversation_id == "conv1");
}

}  // namespace turn_store_test
