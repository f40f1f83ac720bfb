// What the workspace refused lately: a richer form of a message that it does not take is not tried again for a while.
#pragma once

#include "app/answer/message/answer.hpp"
#include "core/clock.hpp"

#include <map>
#include <string>
#include <vector>

namespace genie_slack::relay {

class Refusals {
 public:
    explicit Refusals(Duration life = std::chrono::minutes(30)) : life_(life) {}

    // Where to begin: the first form without a block that was refused lately; the last one when there is none.
    std::size_t first_rung(const std::vector<answer::Rendered>& ladder) const;
    // The forms from `first` on were refused for their content until `taken` was not: the kinds of blocks that only
    // they have are to blame.
    void learn(const std::vector<answer::Rendered>& ladder, std::size_t first, std::size_t taken);

    bool is_refused(const std::string& feature) const;
    void refuse(const std::string& feature);

 private:
    Duration life_;
    std::map<std::string, TimePoint> until_;  // by kind of block, or name of another feature
};

}  // namespace genie_slack::relay
