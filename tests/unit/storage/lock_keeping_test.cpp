#include "storage/lakebase/lock_keeping.hpp"

#include "tests/catch.hpp"

namespace lock_keeping_test {

using namespace genie_slack;
using namespace genie_slack::storage::lakebase;
using namespace std::chrono_literals;
using What = LockStep::What;

const TimePoint kNow = TimePoint(100h);

LockState working() {
    LockState state;
    state.is_open = true;
    state.works_until = kNow + kWorkTime;
    return state;
}

TEST_CASE("a cut session's lock is taken again at once while there is work", "[process_lock]") {
    CHECK(next_step(working(), kNow) == LockStep{What::take, TimePoint::max()});
}

TEST_CASE("a lock that cannot be had is tried again after its pause", "[process_lock]") {
    LockState state = working();
    state.retry_at = kNow + 300ms;
    CHECK(next_step(state, kNow) == LockStep{What::wait, kNow + 300ms});
    CHECK(next_step(state, kNow + 300ms).what == What::take);
}

TEST_CASE("who has no work leaves a database asleep that cut its session", "[process_lock]") {
    LockState state = working();
    CHECK(next_step(state, state.works_until - 1ms).what == What::take);
    CHECK(next_step(state, state.works_until) == LockStep{What::wait, TimePoint::max()});
}

TEST_CASE("before the tables are there, and behind a pooler, there is no lock", "[process_lock]") {
    LockState state = working();
    state.is_open = false;
    CHECK(next_step(state, kNow).what == What::wait);
    state.is_open = true;
    state.is_useless = true;
    CHECK(next_step(state, kNow).what == What::wait);
}

TEST_CASE("others are told of work at once, and then every two seconds at most", "[process_lock]") {
    LockState state = working();
    state.has_session = true;
    CHECK(next_step(state, kNow).what == What::wait);
    state.has_news = true;
    CHECK(next_step(state, kNow).what == What::tell);
    state.told_at = kNow - 1500ms;
    CHECK(next_step(state, kNow) == LockStep{What::wait, kNow + 500ms});
    CHECK(next_step(state, kNow + 500ms).what == What::tell);
}

TEST_CASE("who lost its own lock judges nobody for some seconds after it has it back", "[process_lock]") {
    CHECK(may_judge(true, kNow, kNow));
    CHECK_FALSE(may_judge(false, kNow, kNow));
    CHECK_FALSE(may_judge(false, kNow, kNow + kJudgeAfter - 1ms));
    CHECK(may_judge(false, kNow, kNow + kJudgeAfter));
}

}  // namespace lock_keeping_test
