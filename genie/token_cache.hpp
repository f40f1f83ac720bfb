// The life of a cached OAuth token (databricks.md 3.3). Pure: time is a parameter.
#pragma once

#include "core/clock.hpp"
#include "core/secret.hpp"

namespace genie_slack::genie {

class TokenCache {
 public:
    enum class Need {
        none,        // the token is fresh
        background,  // it serves, but a new one should be fetched meanwhile
        blocking,    // there is no usable token
    };

    Need need(TimePoint now) const;
    const Secret& token() const { return token_; }

    // A new token that lives for `life` from `now`.
    void store(Secret token, Duration life, TimePoint now);
    // A refresh failed: no background refresh for a minute, the old token goes on serving.
    void failed(TimePoint now);
    // The server refused this token; one that was replaced meanwhile is left alone.
    void refused(const Secret& token);

 private:
    Secret token_;
    TimePoint refresh_from_{};
    TimePoint usable_until_{};
    TimePoint next_refresh_{};
};

}  // namespace genie_slack::genie
