#include "storage/memory_storage.hpp"

#include "core/log.hpp"
#include "core/random.hpp"
#include "tests/catch.hpp"
#include "tests/support/run.hpp"
#include "tests/support/storage_session.hpp"

#include <algorithm>

namespace memory_storage_test {

using namespace genie_slack;
using namespace genie_slack::storage;
using namespace std::chrono_literals;
namespace asio = boost::asio;

class MemoryHarness final : public test::StorageHarness {
 public:
    explicit MemoryHarness(MemoryLimits limits = {}) : storage_(create_memory_storage(limits)) {}
    Storage& storage() override { return *storage_; }
    void run(std::vector<asio::awaitable<void>> tasks) override {
        std::vector<test::detail::Outcome<void>> outcomes(tasks.size());
        for (std::size_t i = 0; i < tasks.size(); ++i)
            test::detail::start(context_, std::move(tasks[i]), outcomes[i]);
        time_.run_until(context_, [&] {
            return std::all_of(outcomes.begin(), outcomes.end(), [](const auto& outcome) { return outcome.ended; });
        });
        for (auto& outcome : outcomes)
            test::detail::finish(outcome);
    }
    void pass(Duration duration) override { time_.run_for(context_, duration); }
    Duration short_lease() const override { return 30s; }

 private:
    VirtualTime time_;
    asio::io_context context_;
    std::unique_ptr<Storage> storage_;
};

std::unique_ptr<test::StorageHarness> make_memory() {
    return std::make_unique<MemoryHarness>();
}

MemoryLimits limits_of(std::size_t threads) {
    MemoryLimits limits;
    limits.threads = threads;
    return limits;
}

std::size_t count_lines(const log::Capture& capture, std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(capture.lines().begin(), capture.lines().end(),
                      [&](const auto& line) { return line.find(text) != std::string::npos; }));
}

using test::make_thread;
using test::make_turn;

TEST_CASE("in memory: conversations follow the contract", "[storage]") {
    GENIE_SLACK_CHECK_STORAGE_CONTRACT(test::conversation_cases(), make_memory);
}

TEST_CASE("in memory: accepting follows the contract", "[storage]") {
    GENIE_SLACK_CHECK_STORAGE_CONTRACT(test::turn_cases(), make_memory);
}

TEST_CASE("in memory: leases follow the contract", "[storage]") {
    GENIE_SLACK_CHECK_STORAGE_CONTRACT(test::lease_cases(), make_memory);
}

TEST_CASE("in memory: what is counted and done once follows the contract", "[storage]") {
    GENIE_SLACK_CHECK_STORAGE_CONTRACT(test::once_cases(), make_memory);
}

TEST_CASE("in memory: the budget of questions follows the contract", "[storage]") {
    GENIE_SLACK_CHECK_STORAGE_CONTRACT(test::budget_cases(), make_memory);
}

TEST_CASE("in memory: chat rows follow the contract", "[storage]") {
    GENIE_SLACK_CHECK_STORAGE_CONTRACT(test::chat_cases(), make_memory);
}

TEST_CASE("in memory: what people do beside asking follows the contract", "[storage]") {
    GENIE_SLACK_CHECK_STORAGE_CONTRACT(test::people_cases(), make_memory);
}

TEST_CASE("in memory: random calls give what a simple model gives", "[storage]") {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        MemoryHarness harness;
        test::check_against_model(harness, seed, 400);
    }
}

TEST_CASE("the least recently used thread leaves first", "[storage]") {
    MemoryHarness harness(limits_of(3));
    test::StorageSession session(harness);
    for (const char* channel : {"C1", "C2", "C3"})
        session.set_conversation(make_thread(channel), "room", "Sales");
    CHECK(session.get_conversation(make_thread("C1")));
    session.set_conversation(make_thread("C4"), "room", "Sales");
    CHECK_FALSE(session.is_served(make_thread("C2")));
    CHECK(session.get_conversation(make_thread("C1")));
    CHECK(session.get_conversation(make_thread("C3")));
    CHECK(session.get_conversation(make_thread("C4")));
}

TEST_CASE("every kind of access keeps a thread in memory", "[storage]") {
    MemoryHarness harness(limits_of(2));
    test::StorageSession session(harness);
    const Turn turn = make_turn(make_thread("C1"), "101.000001");
    const std::string thread = thread_id(turn.thread);
    session.accept(turn);
    auto claim = session.claim(turn.id);
    claim->turn.progress_ts = "200.000001";
    session.finish(claim->lease, claim->turn);
    Feedback feedback;
    feedback.id = feedback_id(turn.id, "U1");
    feedback.thread_id = thread;
    session.set_feedback(feedback);

    const std::vector<std::function<void()>> accesses = {
        [&] { session.get_conversation(turn.thread); },
        [&] { session.is_served(turn.thread); },
        [&] { session.accept(turn); },
        [&] { session.claim(turn.id); },
        [&] { session.get_turn(turn.id); },
        [&] { session.find_turn_by_answer("T1", "C1", "200.000001"); },
        [&] { session.set_feedback(feedback); },
        [&] { session.get_steps(thread); },
        [&] { session.get_feedbacks(thread); },
    };
    for (std::size_t i = 0; i < accesses.size(); ++i) {
        INFO("access " << i);
        session.set_conversation(make_thread("D" + std::to_string(i)), "room", "Sales");
        accesses[i]();
        session.set_conversation(make_thread("E" + std::to_string(i)), "room", "Sales");
        REQUIRE(session.find_turn_by_answer("T1", "C1", "200.000001"));
        REQUIRE(session.get_feedbacks(thread).size() == 1);
    }
}

TEST_CASE("a thread leaves memory with everything that hangs on it", "[storage]") {
    MemoryHarness harness(limits_of(1));
    test::StorageSession session(harness);
    const Turn turn = make_turn(make_thread("C1"), "101.000001");
    session.accept(turn, "Ev1");
    auto claim = session.claim(turn.id);
    claim->turn.progress_ts = "200.000001";
    session.finish(claim->lease, claim->turn);
    Feedback feedback;
    feedback.id = feedback_id(turn.id, "U1");
    feedback.thread_id = thread_id(turn.thread);
    session.set_feedback(feedback);

    session.set_conversation(make_thread("C2"), "room", "Sales");
    CHECK_FALSE(session.get_turn(turn.id));
    CHECK_FALSE(session.find_turn_by_answer("T1", "C1", "200.000001"));
    CHECK(session.get_steps(feedback.thread_id).empty());
    CHECK_FALSE(session.delete_feedback(feedback.id));
    // The event id outlives its thread, and what left was finished.
    const Acceptance repeated = session.accept(turn, "Ev1");
    CHECK_FALSE(repeated.first);
    CHECK(repeated.turn.id == turn.id);
    CHECK(is_final(repeated.turn.state));
    CHECK(session.accept(turn, "Ev2").first);
}

TEST_CASE("threads with an unfinished question never leave, new ones are refused", "[storage]") {
    MemoryHarness harness(limits_of(2));
    test::StorageSession session(harness);
    const Turn first = session.accept(make_turn(make_thread("C1"), "101.000001")).turn;
    const Turn second = session.accept(make_turn(make_thread("C2"), "101.000001")).turn;
    const Turn third = make_turn(make_thread("C3"), "101.000001");
    CHECK(session.refusal_of_accept(third, test::question_rows(third)) == StorageFault::full);
    CHECK_FALSE(session.get_turn(third.id));
    // A thread that is there already takes more questions.
    CHECK(session.accept(make_turn(make_thread("C1"), "102.000001")).first);

    session.deliver(second.id);
    CHECK(session.accept(third).first);
    CHECK_FALSE(session.get_turn(second.id));
    CHECK(session.get_turn(first.id));
    CHECK(session.recoverable() == std::vector<std::string>{first.id, third.id});
}

TEST_CASE("long answers let idle threads leave by their size", "[storage]") {
    MemoryLimits limits;
    limits.bytes = 100'000;
    MemoryHarness harness(limits);
    test::StorageSession session(harness);
    std::vector<Turn> turns;
    for (int i = 0; i < 4; ++i) {
        const Turn turn = make_turn(make_thread("C" + std::to_string(i)), "101.000001");
        session.accept(turn);
        const auto claim = session.claim(turn.id);
        ChatRows rows;
        rows.steps.push_back(test::make_step(turn, "run", "2026-01-01T00:00:01.000000Z", std::string(40'000, 'x')));
        session.finish(claim->lease, claim->turn, rows);
        turns.push_back(turn);
    }
    session.set_conversation(make_thread("C9"), "room", "Sales");
    CHECK_FALSE(session.get_turn(turns[0].id));
    CHECK_FALSE(session.get_turn(turns[1].id));
    CHECK(session.get_turn(turns[2].id));
    CHECK(session.get_turn(turns[3].id));
}

TEST_CASE("the Genie messages of a thread leave with it", "[storage]") {
    MemoryHarness harness(limits_of(1));
    test::StorageSession session(harness);
    for (const char* channel : {"C1", "C2", "C3"}) {
        const Turn turn = make_turn(make_thread(channel), "101.000001");
        session.accept(turn);
        const auto claim = session.claim(turn.id);
        REQUIRE(claim);
        Turn asked = claim->turn;
        asked.conversation_id = "conv";
        asked.message_id = "message";
        CHECK(session.finish(claim->lease, asked));
        CHECK(session.asked_messages("conv") == std::vector<std::string>{"message"});
    }
}

TEST_CASE("what left memory is said in few lines", "[storage]") {
    log::Capture capture;
    {
        MemoryHarness harness(limits_of(10));
        test::StorageSession session(harness);
        const auto fill = [&](const std::string& prefix, int count) {
            for (int i = 0; i < count; ++i)
                session.set_conversation(make_thread(prefix + std::to_string(i)), "room", "Sales");
        };
        fill("A", 10);
        CHECK(count_lines(capture, "storage.memory.threads_dropped") == 0);
        fill("B", 500);
        CHECK(count_lines(capture, "storage.memory.threads_dropped") == 1);
        harness.pass(2min);
        fill("C", 1);
        REQUIRE(count_lines(capture, "storage.memory.threads_dropped") == 2);
        CHECK(capture.lines().back().find("threads=500 ") != std::string::npos);
        CHECK(capture.lines().back().find("threads_since_start=501") != std::string::npos);
        fill("D", 7);
    }
    REQUIRE(count_lines(capture, "storage.memory.threads_dropped") == 3);
    CHECK(capture.lines().back().find("threads=7 ") != std::string::npos);
}

TEST_CASE("event ids are forgotten after their life and beyond their number", "[storage]") {
    log::Capture capture;
    MemoryLimits limits;
    limits.event_ids = 3;
    MemoryHarness harness(limits);
    test::StorageSession session(harness);
    int question = 0;
    const auto is_new = [&](const std::string& event_id) {
        return session.accept(make_turn(make_thread(), "101.00" + std::to_string(1000 + ++question)), event_id).first;
    };
    CHECK(is_new("Ev1"));
    CHECK_FALSE(is_new("Ev1"));
    harness.pass(24h);
    CHECK_FALSE(is_new("Ev1"));
    harness.pass(61min);
    CHECK(is_new("Ev1"));

    CHECK(is_new("Ev2"));
    CHECK(is_new("Ev3"));
    CHECK(is_new("Ev4"));
    CHECK_FALSE(is_new("Ev2"));
    CHECK_FALSE(is_new("Ev4"));
    CHECK(count_lines(capture, "storage.memory.event_ids_dropped") == 1);
    CHECK(is_new("Ev1"));
}

TEST_CASE("no minute holds more questions than the budget", "[storage]") {
    MemoryHarness harness;
    test::StorageSession session(harness);
    Random random(7);
    constexpr int kPerMinute = 5;
    std::vector<TimePoint> granted;
    for (int i = 0; i < 500; ++i) {
        const TimePoint now = Clock::now();
        const auto in_last_minute = std::count_if(granted.begin(), granted.end(),
                                                  [&](TimePoint time) { return time > now - std::chrono::minutes(1); });
        const Duration wait = session.take_permit(kPerMinute);
        REQUIRE((wait == Duration::zero()) == (in_last_minute < kPerMinute));
        if (wait == Duration::zero()) {
            granted.push_back(now);
            harness.pass(std::chrono::milliseconds(random.between(0, 9'000)));
        } else {
            // Just before the time that was said there is still none, then there is one.
            harness.pass(wait - 1us);
            REQUIRE(session.take_permit(kPerMinute) == 1us);
            harness.pass(1us);
        }
    }
    CHECK(granted.size() > 250);
}

TEST_CASE("a buried turn is an error in the log", "[storage]") {
    log::Capture capture;
    MemoryHarness harness;
    test::StorageSession(harness).bury(make_turn(make_thread(), "101.000001"), "failed three times while asking");
    CHECK(count_lines(capture, "storage.memory.turn_buried") == 1);
    CHECK(capture.contains("failed three times while asking"));
}

}  // namespace memory_storage_test
