#include "app/relay/lease_keeper.hpp"

#include "storage/memory_storage.hpp"
#include "tests/support/away_storage.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

namespace lease_keeper_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using relay::LeaseKeeper;

// A lease of 20 seconds on a question.
struct Held {
    Held() {
        storage::Turn turn;
        turn.thread = storage::ThreadKey("T1", "C1", "100.1");
        turn.question_ts = "100.1";
        turn.id = storage::turn_id(turn.thread, turn.question_ts);
        turn.user = "U1";
        run(away.accept(turn, "", relay::question_rows(turn), soon()));
        lease = claim(turn.id, "us");
    }
    static Deadline soon() { return Deadline::after(1min); }
    template <class T>
    T run(boost::asio::awaitable<T> task) {
        return test::run(time, context, std::move(task));
    }
    storage::Lease claim(const std::string& id, const std::string& owner) {
        auto claimed = run(away.claim(id, owner, 20s, soon()));
        REQUIRE((claimed && *claimed));
        return (*claimed)->lease;
    }

    VirtualTime time;
    boost::asio::io_context context;
    test::AwayStorage away{storage::create_memory_storage({})};
    storage::Lease lease;
};

TEST_CASE("who was not seen for a moment has its lease confirmed before it acts", "[lease]") {
    Held held;
    LeaseKeeper keeper(held.away, held.lease, 20s, Clock::now());
    const auto guard = keeper.guard();
    CHECK(guard());
    held.time.run_for(held.context, 1s);
    held.away.lose_presence();
    CHECK_FALSE(guard());
    CHECK_FALSE(keeper.surely_holds());
    held.time.run_for(held.context, 1s);
    CHECK(held.run(keeper.holds(Held::soon())));
    CHECK(guard());
}

TEST_CASE("who was not seen for a moment and lost its lease meanwhile stops", "[lease]") {
    Held held;
    LeaseKeeper keeper(held.away, held.lease, 20s, Clock::now());
    held.time.run_for(held.context, 1s);
    held.away.lose_presence();
    held.run(held.away.release(held.lease, Held::soon()));
    held.claim(held.lease.turn_id, "somebody else");
    CHECK_FALSE(held.run(keeper.holds(Held::soon())));
    CHECK(keeper.is_lost());
}

TEST_CASE("who was not seen for a moment does not act while storage is away", "[lease]") {
    Held held;
    LeaseKeeper keeper(held.away, held.lease, 20s, Clock::now());
    held.time.run_for(held.context, 1s);
    held.away.lose_presence();
    held.away.fail("renew", 100);
    CHECK_FALSE(held.run(keeper.holds(Deadline::after(5s))));
    CHECK_FALSE(keeper.is_lost());
}

}  // namespace lease_keeper_test
