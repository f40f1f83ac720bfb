#include "storage/lakebase/call_queues.hpp"

#include "tests/catch.hpp"

namespace call_queues_test {

using namespace genie_slack;
using namespace genie_slack::storage::lakebase;
using namespace std::chrono_literals;

OperationPointer call_of(const Statement& statement, std::vector<std::string> keys = {}, Duration left = 60s) {
    auto operation = std::make_shared<Operation>();
    operation->statement = &statement;
    operation->keys = std::move(keys);
    operation->deadline = Clock::now() + left;
    return operation;
}

std::vector<std::uint64_t> arrivals(const Batch& batch) {
    std::vector<std::uint64_t> numbers;
    for (const auto& operation : batch)
        numbers.push_back(operation->arrival);
    return numbers;
}

std::vector<std::uint64_t> take(CallQueues& queues) {
    bool is_write = false;
    return arrivals(queues.take(is_write));
}

using Numbers = std::vector<std::uint64_t>;

TEST_CASE("what waits together travels together, what is about one thing keeps its order", "[lakebase]") {
    CallQueues queues(100, 3, 2);
    queues.open();
    for (const char* key : {"a", "b", "a", "a", "c"})
        REQUIRE(queues.push(call_of(statements::get_turns, {key})));
    CHECK(take(queues) == Numbers{1, 2, 5});
    CHECK(take(queues) == Numbers{3});
    CHECK(take(queues) == Numbers{4});
    CHECK(take(queues).empty());
    CHECK(queues.waiting() == 0);
}

TEST_CASE("the kind whose call has waited longest comes first, jobs before anything is open", "[lakebase]") {
    CallQueues queues(100, 10, 2);
    REQUIRE(queues.push(call_of(statements::get_turns)));
    auto job = call_of(statements::get_turns);
    job->statement = nullptr;
    REQUIRE(queues.push(job));
    CHECK(take(queues) == Numbers{2});
    CHECK_FALSE(queues.has_next());
    queues.open();
    REQUIRE(queues.push(call_of(statements::get_steps)));
    REQUIRE(queues.push(call_of(statements::get_turns)));
    CHECK(take(queues) == Numbers{1, 4});
    CHECK(take(queues) == Numbers{3});
}

TEST_CASE("one batch of a writing statement at a time, another one when many wait", "[lakebase]") {
    CallQueues queues(100, 10, 2);
    queues.open();
    bool is_write = false;
    queues.push(call_of(statements::bury));
    CHECK(queues.take(is_write).size() == 1);
    CHECK(is_write);
    queues.push(call_of(statements::bury));
    CHECK_FALSE(queues.has_next());
    for (int i = 0; i < 23; ++i)
        queues.push(call_of(statements::bury));
    CHECK(queues.take(is_write).size() == 10);
    // No third one, whatever the statement.
    queues.push(call_of(statements::sweep));
    CHECK_FALSE(queues.has_next());
    queues.end(&statements::bury);
    CHECK(queues.has_next());
    CHECK(queues.take(is_write).size() == 1);
    queues.push(call_of(statements::get_turns));
    CHECK(queues.take(is_write).size() == 1);
    CHECK_FALSE(is_write);
}

TEST_CASE("calls that nobody waits for any more make room", "[lakebase]") {
    CallQueues queues(2, 10, 2);
    queues.open();
    auto left = call_of(statements::get_turns);
    queues.push(left);
    queues.push(call_of(statements::get_turns, {}, -1s));
    CHECK(queues.waiting() == 2);
    left->withdrawn = true;
    CHECK(queues.push(call_of(statements::get_turns)));
    CHECK(queues.push(call_of(statements::get_turns)));
    CHECK_FALSE(queues.push(call_of(statements::get_turns)));
    CHECK(queues.take_all().size() == 2);
    CHECK_FALSE(queues.has_next());
}

}  // namespace call_queues_test
