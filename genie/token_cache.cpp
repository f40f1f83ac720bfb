#include "genie/token_cache.hpp"

#include <algorithm>

namespace genie_slack::genie {

namespace token_cache_detail {

// Azure refuses tokens with 30 s left.
constexpr Duration kMargin = std::chrono::seconds(40);
constexpr Duration kLongestWindow = std::chrono::minutes(20);
constexpr Duration kFailurePause = std::chrono::minutes(1);

}  // namespace token_cache_detail

TokenCache::Need TokenCache::need(TimePoint now) const {
    if (token_.empty() || now >= usable_until_)
        return Need::blocking;
    return now >= refresh_from_ && now >= next_refresh_ ? Need::background : Need::none;
}

void TokenCache::store(Secret token, Duration life, TimePoint now) {
    token_ = std::move(token);
    // A token that lives shorter than the margin must still serve for a while, or every call would fetch one.
    usable_until_ = now + life - std::min(token_cache_detail::kMargin, life / 2);
    refresh_from_ = now + life - std::min(life / 2, token_cache_detail::kLongestWindow);
    next_refresh_ = now;
}

void TokenCache::failed(TimePoint now) {
    next_refresh_ = now + token_cache_detail::kFailurePause;
}

void TokenCache::refused(const Secret& token) {
    if (token == token_)
        token_ = Secret();
}

}  // namespace genie_slack::genie
