#include "app/relay/recovery_schedule.hpp"

#include <algorithm>

namespace genie_slack::relay {

TimePoint next_look(const Outlook& outlook, Duration interval, TimePoint now) {
    if (outlook.is_watched)
        return now + std::min(interval, kWatchInterval);
    const bool is_quiet = !outlook.failed && !outlook.found && !outlook.is_leased && !outlook.works &&
                          !outlook.is_unsettled && now - outlook.stirred_at >= kSettleTime;
    if (!is_quiet || outlook.hearing == storage::Hearing::none)
        return now + interval;
    return outlook.hearing == storage::Hearing::live ? TimePoint::max() : now + kSleepInterval;
}

}  // namespace genie_slack::relay
