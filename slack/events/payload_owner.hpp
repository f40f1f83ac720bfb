// What events and interactions share: whose payload it is, who is a stranger there, and tidy names of its kind.
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

// Whose installation of the app the payload is for. Of an org-wide install the enterprise is the team, so that a thread
// has one key whatever kind of payload it comes from.
struct Owner {
    std::string workspace;
    std::string enterprise;
    bool org_wide = false;
    bool inside = false;  // the conversation is shared with no other organisation

    const std::string& team() const {
        return (org_wide && !enterprise.empty()) || workspace.empty() ? enterprise : workspace;
    }

    // `team`, which is the one a person belongs to, when it is a stranger's; else "". An organisation (Enterprise Grid)
    // has many workspaces: all who meet in a conversation of its own are its people, and so is whoever's
    // `person_enterprise` is that organisation.
    std::string stranger(std::string team, const std::string& person_enterprise) const {
        const bool is_ours = team == workspace || team == enterprise;
        const bool is_sister = !enterprise.empty() && (inside || person_enterprise == enterprise);
        return is_ours || is_sister ? std::string() : team;
    }
};

}  // namespace genie_slack::slack
