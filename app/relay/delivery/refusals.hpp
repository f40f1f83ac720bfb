// What Slack refused lately: what it does not take is not tried again for a while.
#pragma once

#include "app/answer/message/rendered.hpp"
#include "core/clock.hpp"
#include "slack/api/web_api.hpp"

#include <boost/json/array.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace genie_slack::relay {

// Types of the blocks, in the order of the alphabet.
std::set<std::string> features_of(const boost::json::array& blocks);
// The types of blocks among `sent` that Slack's refusal says it does not know or take: by their name, or by the path of
// a block that is wrong as such. Sizes and lengths concern one message alone, and so do faults of the blocks that every
// workspace knows.
std::set<std::string> features_named(const boost::json::array& sent, const slack::ApiError& error);

// Stands among the features for streams of all people everywhere.
inline constexpr const char* kStreams = "chat.startStream";

class Refusals {
 public:
    explicit Refusals(Duration life = std::chrono::minutes(30)) : life_(life) {}

    // Where to begin: the first form without a block that was refused lately; the last one when there is none.
    std::size_t first_rung(const std::vector<answer::Rendered>& ladder) const;

    // A feature is a type of block, or what else callers agree upon; anything that is not refused may be tried.
    bool is_refused(const std::string& feature) const;
    void refuse(const std::string& feature) { refuse(feature, life_); }
    void refuse(const std::string& feature, Duration life);

 private:
    Duration life_;
    std::map<std::string, TimePoint> until_;
};

}  // namespace genie_slack::relay
