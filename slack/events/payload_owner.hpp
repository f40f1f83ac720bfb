// What events and interactions share: whose payload it is, and tidy names of its kind.
#pragma once

#include <algorithm>
#include <string>
#include <utility>

namespace genie_slack::slack {

// A kind that is fit for a log line and a metric label.
inline std::string tidy_kind(std::string kind) {
    const auto odd = [](char c) { return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.'); };
    if (kind.empty() || kind.size() > 64 || std::any_of(kind.begin(), kind.end(), odd))
        return "unknown";
    return kind;
}

inline std::string first_of(std::string one, std::string other) {
    return one.empty() ? std::move(other) : std::move(one);
}

// Who the payload is for. Of an org-wide install the enterprise is the team, so that a thread has one key whatever kind
// of payload it comes from.
struct Owner {
    std::string workspace;
    std::string enterprise;
    bool org_wide = false;

    const std::string& team() const {
        return (org_wide && !enterprise.empty()) || workspace.empty() ? enterprise : workspace;
    }
};

}  // namespace genie_slack::slack
