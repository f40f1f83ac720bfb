#include "storage/lakebase/lock_keeping.hpp"

#include <algorithm>

namespace genie_slack::storage::lakebase {

LockStep next_step(const LockState& state, TimePoint now) {
    if (!state.is_open || state.is_useless)
        return {};
    if (!state.has_session) {
        if (now >= state.works_until)
            return {};
        if (now < state.retry_at)
            return {LockStep::What::wait, state.retry_at};
        return {LockStep::What::take};
    }
    if (!state.has_news)
        return {};
    const TimePoint next = state.told_at + kBetweenNews;
    if (now < next)
        return {LockStep::What::wait, next};
    return {LockStep::What::tell};
}

bool may_judge(bool is_first_lock, TimePoint locked_at, TimePoint now) {
    return is_first_lock || now - locked_at >= kJudgeAfter;
}

}  // namespace genie_slack::storage::lakebase
