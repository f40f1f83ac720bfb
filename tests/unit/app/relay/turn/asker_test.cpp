// The asker over a Genie without a network.
#include "app/relay/turn/asker.hpp"

#include "storage/memory_storage.hpp"
#include "tests/catch.hpp"
#include "tests/support/fake_genie.hpp"
#include "tests/support/run.hpp"

namespace asker_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using genie::GenieError;
using genie::GenieFault;

struct Asking {
    Asking() : storage(storage::create_memory_storage()), asker(genie, *storage) {
        turn.id = "turn1";
        turn.space_id = "space1";
        turn.question = "revenue?";
        turn.asked_at = wall_now();
        hooks.record = [this](std::string conversation, WallTime asked_at) {
            return keep(std::move(conversation), asked_at);
        };
        hooks.is_wanted = [this] { return wanted && Clock::now() < wanted_until; };
    }
    // What a runner stores.
    boost::asio::awaitable<bool> keep(std::string conversation, WallTime asked_at) {
        asked_when_recorded.push_back(genie.asked.size());
        turn.conversation_id = std::move(conversation);
        turn.asked_at = asked_at;
        co_return storage_is_there;
    }
    genie::GenieResult<relay::AskedQuestion> ask(Duration time = 10min) {
        relay::LeaseKeeper lease(*storage, storage::Lease(), 1h, Clock::now());
        return test::run(virtual_time, context, asker.ask(turn, lease, hooks, Deadline::after(time)));
    }
    genie::GenieResult<relay::AskedQuestion> find() {
        return test::run(virtual_time, context, asker.find(turn, Deadline::after(1min)));
    }
    void refuse(GenieFault kind, int status = 0) {
        GenieError error(kind, "refused");
        error.http_status = status;
        genie.ask_errors.push_back(std::move(error));
    }

    VirtualTime virtual_time;
    boost::asio::io_context context;
    std::unique_ptr<storage::Storage> storage;
    test::FakeGenie genie;
    relay::Asker asker;
    storage::Turn turn;  // as it is recorded
    relay::AskHooks hooks;
    bool wanted = true;
    TimePoint wanted_until = TimePoint::max();
    bool storage_is_there = true;
    std::vector<std::size_t> asked_when_recorded;  // how many questions Genie had by then
};

TEST_CASE("a question whose conversation was deleted is found after a crash, not asked twice", "[asker]") {
    Asking asking;
    asking.turn.conversation_id = "deleted";
    asking.refuse(GenieFault::not_found, 404);
    const auto asked = asking.ask();
    REQUIRE(asked);
    CHECK(asked->new_conversation);
    CHECK(asking.asked_when_recorded == std::vector<std::size_t>{0});
    // The process dies here; the next one knows what was recorded.
    const auto found = asking.find();
    REQUIRE(found);
    CHECK(found->message_id == asked->message_id);
    CHECK(found->new_conversation);
    CHECK(asking.genie.asked.size() == 1);
}

TEST_CASE("a conversation that we may not use any more is replaced", "[asker]") {
    Asking asking;
    asking.turn.conversation_id = "of_another_identity";
    asking.refuse(GenieFault::permission, 403);
    const auto asked = asking.ask();
    REQUIRE(asked);
    CHECK(asked->new_conversation);
    CHECK(asked->conversation_id == "conversation1");
}

TEST_CASE("a space that we may not use fails after one more try", "[asker]") {
    Asking asking;
    asking.turn.conversation_id = "conversation9";
    for (int i = 0; i < 3; ++i)
        asking.refuse(GenieFault::permission, 403);
    const auto asked = asking.ask();
    REQUIRE_FALSE(asked);
    CHECK(asked.error().fault == GenieFault::permission);
    CHECK(asking.genie.ask_errors.size() == 1);
}

TEST_CASE("a POST that broke off is found", "[asker]") {
    Asking asking;
    asking.refuse(GenieFault::ambiguous);
    asking.genie.ambiguous_questions_arrive = true;
    const auto asked = asking.ask();
    REQUIRE(asked);
    CHECK(asked->message_id == "message1");
    CHECK(asking.genie.asked.size() == 1);
}

TEST_CASE("a busy conversation answers minutes later", "[asker]") {
    Asking asking;
    asking.turn.conversation_id = "conversation1";
    for (int i = 0; i < 9; ++i)
        asking.refuse(GenieFault::invalid, 409);
    const TimePoint start = Clock::now();
    const auto asked = asking.ask();
    REQUIRE(asked);
    CHECK(Clock::now() - start > 2min);
    CHECK_FALSE(asked->new_conversation);
}

TEST_CASE("a question that is stopped while its conversation is busy is not posted", "[asker]") {
    Asking asking;
    asking.turn.conversation_id = "conversation1";
    for (int i = 0; i < 9; ++i)
        asking.refuse(GenieFault::invalid, 409);
    asking.wanted_until = Clock::now() + 20s;
    const TimePoint start = Clock::now();
    const auto asked = asking.ask();
    REQUIRE_FALSE(asked);
    CHECK(asked.error().fault == GenieFault::cancelled);
    CHECK(Clock::now() - start < 21s);
    CHECK(asking.genie.asked.empty());
}

TEST_CASE("what cannot be recorded is not posted", "[asker]") {
    Asking asking;
    asking.turn.conversation_id = "deleted";
    asking.storage_is_there = false;
    asking.refuse(GenieFault::not_found, 404);
    const auto asked = asking.ask();
    REQUIRE_FALSE(asked);
    CHECK(asked.error().fault == GenieFault::cancelled);
    CHECK(asking.genie.asked.empty());
}

TEST_CASE("a question that Genie does not have is reported as such once it is sure", "[asker]") {
    Asking asking;
    const TimePoint start = Clock::now();
    const auto found = asking.find();
    REQUIRE_FALSE(found);
    CHECK(found.error().fault == GenieFault::not_found);
    CHECK(Clock::now() - start >= relay::AskPlan::kSettled);
}

}  // namespace asker_test
