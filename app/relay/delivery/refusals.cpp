#include "app/relay/delivery/refusals.hpp"

#include "core/log.hpp"

#include <algorithm>
#include <set>

namespace genie_slack::relay {

namespace refusals_detail {

std::set<std::string> features_of(const answer::Rendered& rendered) {
    std::set<std::string> features;
    for (const auto& block : rendered.blocks) {
        const auto* type = block.is_object() ? block.get_object().if_contains("type") : nullptr;
        if (type && type->is_string())
            features.emplace(type->get_string());
    }
    return features;
}

}  // namespace refusals_detail

bool Refusals::is_refused(const std::string& feature) const {
    const auto found = until_.find(feature);
    return found != until_.end() && Clock::now() < found->second;
}

void Refusals::refuse(const std::string& feature) {
    if (!is_refused(feature))
        log::warn("slack.feature_refused", {{"feature", feature}});
    until_[feature] = Clock::now() + life_;
}

std::size_t Refusals::first_rung(const std::vector<answer::Rendered>& ladder) const {
    for (std::size_t rung = 0; rung + 1 < ladder.size(); ++rung) {
        const auto features = refusals_detail::features_of(ladder[rung]);
        if (std::none_of(features.begin(), features.end(), [&](const auto& feature) { return is_refused(feature); }))
            return rung;
    }
    return ladder.empty() ? 0 : ladder.size() - 1;
}

void Refusals::learn(const std::vector<answer::Rendered>& ladder, std::size_t first, std::size_t taken) {
    const auto good = refusals_detail::features_of(ladder[taken]);
    for (std::size_t rung = first; rung < taken; ++rung)
        for (const std::string& feature : refusals_detail::features_of(ladder[rung]))
            if (!good.contains(feature))
                refuse(feature);
}

}  // namespace genie_slack::relay
