#include "sandbox/slack/rate_tiers.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace genie_slack::sandbox {

namespace rate_tiers_detail {

// Calls a minute (docs.slack.dev/apis/web-api/rate-limits). That page says "20+", "50+", "100+"; a bot must live with
// the least.
constexpr double kTier2 = 20;
constexpr double kTier3 = 50;
constexpr double kTier4 = 100;
// Methods with limits of their own. The page names no figure for them but "several hundred".
constexpr double kSeveralHundred = 600;
// A post a second in one channel, "short bursts" of more: how many is documented nowhere.
constexpr double kPostsInChannel = 60;
constexpr double kPostBurst = 10;

// The tier of each method stands on its page, docs.slack.dev/reference/methods/METHOD, under "Rate limits".
const std::map<std::string, double, std::less<>>& per_minute() {
    static const std::map<std::string, double, std::less<>> table{
        {"api.test", kTier4},
        {"auth.test", kSeveralHundred},  // "special": hundreds a minute
        {"apps.connections.open", kTier3},
        {"bots.info", kTier3},
        {"team.info", kTier3},
        {"chat.postMessage", kSeveralHundred},  // for the workspace, beside the limit per channel
        {"chat.update", kTier3},
        {"chat.delete", kTier3},
        {"chat.postEphemeral", kTier4},
        {"chat.getPermalink", kSeveralHundred},  // "special"
        {"chat.startStream", kTier2},
        {"chat.appendStream", kTier4},
        {"chat.stopStream", kTier2},
        {"reactions.add", kTier3},
        {"reactions.remove", kTier2},
        {"reactions.get", kTier3},
        {"assistant.threads.setStatus", kSeveralHundred},  // "special": 600 a minute per app and team
        {"assistant.threads.setTitle", kTier3},
        {"assistant.threads.setSuggestedPrompts", kTier4},
        {"agents.sessions.setStatus", kTier3},
        {"agents.sessions.rename", kTier3},
        {"conversations.info", kTier3},
        {"conversations.open", kTier3},
        {"conversations.list", kTier2},
        {"conversations.members", kTier4},
        {"conversations.history", kTier3},
        {"conversations.replies", kTier3},
        {"users.info", kTier4},
        {"users.list", kTier2},
        {"views.publish", kTier4},
        {"views.open", kTier4},
        {"views.push", kTier4},
        {"views.update", kTier4},
        {"files.getUploadURLExternal", kTier4},
        {"files.completeUploadExternal", kTier4},
        {"files.info", kTier4},
    };
    return table;
}

}  // namespace rate_tiers_detail

double calls_a_minute(std::string_view method) {
    const auto found = rate_tiers_detail::per_minute().find(method);
    return found == rate_tiers_detail::per_minute().end() ? 0 : found->second;
}

RateTiers::Rate RateTiers::rate_of(double per_minute, double burst) const {
    Rate rate;
    rate.interval = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(60 / (per_minute * share_)));
    rate.ahead = rate.interval * (std::max<long long>(1, std::llround(std::floor(burst * share_))) - 1);
    return rate;
}

std::optional<int> RateTiers::take(std::string_view method, std::string_view channel, TimePoint now) {
    using namespace rate_tiers_detail;
    const auto found = per_minute().find(method);
    if (share_ <= 0 || found == per_minute().end())
        return std::nullopt;
    std::vector<std::pair<std::string, Rate>> asked;
    asked.emplace_back(method, rate_of(found->second, found->second));
    if (method == "chat.postMessage")
        asked.emplace_back(std::string(method) + " in " + std::string(channel), rate_of(kPostsInChannel, kPostBurst));
    TimePoint go_at = now;
    for (const auto& [name, rate] : asked)
        go_at = std::max(go_at, full_at_[name] - rate.ahead);
    if (go_at > now)
        return static_cast<int>(std::chrono::ceil<std::chrono::seconds>(go_at - now).count());
    for (const auto& [name, rate] : asked)
        full_at_[name] = std::max(full_at_[name], now) + rate.interval;
    return std::nullopt;
}

}  // namespace genie_slack::sandbox
