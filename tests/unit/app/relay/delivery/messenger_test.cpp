// The messenger over a Slack without a network: what people see, and in which order it happens.
#include "app/relay/delivery/messenger.hpp"

#include "app/relay/delivery/refusal_codes.hpp"
#include "storage/memory_storage.hpp"
#include "tests/catch.hpp"
#include "tests/support/fake_slack_api.hpp"
#include "tests/support/run.hpp"

#include <boost/json/parse.hpp>

#include <utility>

namespace messenger_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using relay::Seen;
using slack::ApiFault;

struct Thread {
    Thread() : storage(storage::create_memory_storage()) {
        turn.thread = storage::ThreadKey("T1", "C1", "100.1");
        turn.id = "turn1";
        turn.user = "U1";
        turn.message_ts = "100.1";
        ladder.resize(2);
        ladder[0].text = "the answer";
        ladder[0].blocks = boost::json::parse(R"([{"type":"data_table"}])").as_array();
        ladder[1].text = "the answer in words";
    }
    // The message that shows progress.
    void post_progress() {
        answer::Rendered progress;
        progress.text = "Asking Genie…";
        turn.progress_ts =
            test::run(time, context, slack.post_message(relay::make_message(turn, progress), Deadline::after(1min)))
                ->ts;
    }
    slack::ApiResult<relay::Delivered> deliver(Seen seen = Seen::surely_not) {
        relay::LeaseKeeper lease(*storage, storage::Lease(), 10min, Clock::now());
        return test::run(time, context, messenger.deliver(turn, lease, ladder, seen, Deadline::after(5min)));
    }
    void refuse_update(ApiFault fault, const char* code, std::optional<Duration> retry_after = std::nullopt) {
        slack::ApiError error(fault, "chat.update", code);
        error.retry_after = retry_after;
        slack.update_errors.push_back(std::move(error));
    }

    VirtualTime time;
    boost::asio::io_context context;
    std::unique_ptr<storage::Storage> storage;
    test::FakeSlackApi slack;
    relay::Refusals refusals;
    relay::Messenger messenger{slack, refusals};
    storage::Turn turn;
    std::vector<answer::Rendered> ladder;
};

TEST_CASE("an answer whose message cannot be updated for long is moved, and the old message goes", "[messenger]") {
    Thread thread;
    thread.post_progress();
    thread.refuse_update(ApiFault::rate, "ratelimited", 30s);
    const TimePoint start = Clock::now();
    const auto delivered = thread.deliver();
    REQUIRE(delivered);
    CHECK(Clock::now() - start < 2s);
    CHECK(delivered->ts != thread.turn.progress_ts);
    CHECK(thread.slack.removed == std::vector<std::string>{thread.turn.progress_ts});
    REQUIRE(thread.slack.messages.size() == 1);
    CHECK(thread.slack.messages[0].ts == delivered->ts);
    CHECK(thread.slack.messages[0].content.text == "the answer");
}

TEST_CASE("nothing is removed where no new message comes to stand", "[messenger]") {
    Thread thread;
    thread.post_progress();
    thread.refuse_update(ApiFault::not_permitted, "edit_window_closed");
    thread.slack.post_errors.emplace_back(ApiFault::not_permitted, "chat.postMessage", "is_archived");
    const auto delivered = thread.deliver();
    REQUIRE_FALSE(delivered);
    CHECK(delivered.error().code == "is_archived");
    CHECK(thread.slack.removed.empty());
    CHECK(thread.slack.messages.size() == 1);
}

TEST_CASE("a message that cannot be updated any more is not found again as the one to update", "[messenger]") {
    Thread thread;
    thread.post_progress();
    thread.refuse_update(ApiFault::not_permitted, "cant_update_message");
    const auto delivered = thread.deliver(Seen::perhaps);
    REQUIRE(delivered);
    CHECK(thread.slack.replies_calls == 1);
    CHECK(delivered->ts != thread.turn.progress_ts);
    CHECK(thread.slack.messages.size() == 1);
}

TEST_CASE("an answer to a question whose thread was deleted does not stay at the channel's root", "[messenger]") {
    Thread thread;
    thread.slack.thread_roots_are_gone = true;
    const auto delivered = thread.deliver();
    REQUIRE_FALSE(delivered);
    CHECK(delivered.error().code == relay::kQuestionGone);
    CHECK(thread.slack.removed.size() == 1);
    CHECK(thread.slack.messages.empty());
}

TEST_CASE("a kind of block that Slack does not know is tried once for many answers", "[messenger]") {
    Thread thread;
    thread.post_progress();
    slack::ApiError unknown(ApiFault::payload, "chat.update", "invalid_blocks");
    unknown.details = {"[ERROR] unsupported type: data_table [json-pointer:/blocks/0/type]"};
    thread.slack.update_errors.push_back(unknown);
    REQUIRE(thread.deliver());
    CHECK(thread.slack.messages[0].content.text == "the answer in words");
    CHECK(thread.refusals.is_refused("data_table"));
    CHECK(thread.refusals.first_rung(thread.ladder) == 1);
}

TEST_CASE("an answer that is too long for one form leaves that form to others", "[messenger]") {
    Thread thread;
    thread.post_progress();
    thread.refuse_update(ApiFault::payload, "msg_blocks_too_long");
    REQUIRE(thread.deliver());
    CHECK(thread.slack.messages[0].content.text == "the answer in words");
    CHECK_FALSE(thread.refusals.is_refused("data_table"));
}

TEST_CASE("nothing is posted without the lease", "[messenger]") {
    Thread thread;
    relay::LeaseKeeper lease(*thread.storage, storage::Lease(), 10min, Clock::now());
    lease.lose();
    const auto delivered =
        test::run(thread.time, thread.context,
                  thread.messenger.deliver(thread.turn, lease, thread.ladder, Seen::perhaps, Deadline::after(1min)));
    REQUIRE_FALSE(delivered);
    CHECK(delivered.error().fault == ApiFault::cancelled);
    CHECK(thread.slack.messages.empty());
    CHECK(thread.slack.replies_calls == 0);
}

TEST_CASE("an answer that a dead process had moved is found, and the progress that it left goes", "[messenger]") {
    Thread thread;
    thread.post_progress();
    const std::string recorded = thread.turn.progress_ts;
    thread.post_progress();  // the answer, of which nobody knows
    const std::string moved = std::exchange(thread.turn.progress_ts, recorded);
    thread.turn.state = storage::TurnState::answered;
    const auto delivered = thread.deliver(Seen::perhaps);
    REQUIRE(delivered);
    CHECK(delivered->ts == moved);
    CHECK(thread.slack.removed == std::vector<std::string>{recorded});
    REQUIRE(thread.slack.messages.size() == 1);
    CHECK(thread.slack.messages[0].content.text == "the answer");
}

}  // namespace messenger_test
