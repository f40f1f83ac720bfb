// Who may ask where: ALLOWED_TEAMS, ALLOWED_CHANNELS, ALLOWED_USERS, and people and channels of other organisations,
// which are refused unless they are named there.
#pragma once

#include "app/relay/directory/people.hpp"
#include "app/words/words.hpp"
#include "core/clock.hpp"
#include "core/net/condition.hpp"
#include "slack/api/web_api.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace genie_slack::relay {

// Empty lists allow everyone of our own organisation.
struct AccessRules {
    std::set<std::string> teams;
    std::set<std::string> channels;
    std::set<std::string> users;
};

enum class Refusal {
    team,       // not in ALLOWED_TEAMS
    channel,    // not in ALLOWED_CHANNELS
    user,       // not in ALLOWED_USERS
    foreigner,  // writes from another organisation
    guest,
    shared_channel,  // people of another organisation read along
};
const char* to_string(Refusal refusal);
words::Word word_for(Refusal refusal);
// The same about sharing somewhere else, whose {channel} is named.
words::Word word_for_place(Refusal refusal);
// `refusal` as it is for what shows no data, a rating for instance: who reads along there refuses nothing.
std::optional<Refusal> of_what_shows_nothing(std::optional<Refusal> refusal);

// Who asks, and where.
struct Visit {
    std::string team;        // ours
    std::string enterprise;  // that our team belongs to, "" for none
    std::string user;
    std::string user_team;  // the person's team when it differs
    std::string channel;
    bool is_im = false;
    std::optional<bool> is_ext_shared;  // nothing: the payload does not tell
};

class Gate {
 public:
    // For how long it is believed that a channel is no other organisation's too, where nothing is told of it.
    static constexpr Duration kFresh = std::chrono::minutes(10);
    // For what shows data: a crowd shares one look. Where there are so many that half of Slack's budget of looks is
    // used a minute is as good, which Slack's own event of the change ends sooner.
    static constexpr Duration kAtOnce = std::chrono::seconds(2);

    // Both references must outlive the gate.
    Gate(slack::WebApi& slack, People& people, AccessRules rules)
        : slack_(slack), people_(people), rules_(std::move(rules)) {}

    // Our workspace, and the organisation that it belongs to (auth.test): "" for none, or when only visits tell it.
    void introduce(std::string team, std::string enterprise) {
        team_ = std::move(team);
        enterprise_ = std::move(enterprise);
    }
    // These rules hold from now on.
    void use(AccessRules rules) { rules_ = std::move(rules); }
    // Whether Slack has told of the person, and of who reads along there.
    bool knows(const Visit& visit) const;
    // What is known without asking Slack.
    std::optional<Refusal> check_known(const Visit& visit);
    // Asks Slack about the person and the channel when that is not known yet, or for longer than `fresh`. What Slack
    // does not tell by the deadline is no reason to refuse.
    boost::asio::awaitable<std::optional<Refusal>> check(Visit visit, Deadline deadline, Duration fresh = kFresh);
    // Slack tells that people of another organisation read along from now on, or do not any more.
    void note_shared(const std::string& channel, bool is_shared);

 private:
    struct Channel {
        std::optional<bool> is_shared;  // nothing: Slack did not tell
        bool is_im = false;
        TimePoint told_at{};                    // when Slack told it last
        TimePoint ask_again{};                  // not before, after it did not tell
        std::weak_ptr<net::Condition> looking;  // set while somebody asks
    };

    bool is_foreign(const Visit& visit) const;
    // The team that the person belongs to; "" while nobody knows.
    std::string team_of_person(const Visit& visit) const;
    // Whoever asks where nobody outside of the organisation can be shows that the own team belongs to it.
    void note_sister(const Visit& visit);
    std::optional<bool> is_shared(const Visit& visit) const;
    // Whether the channel is known to be a direct message: buttons and shortcuts do not tell.
    bool is_known_direct(const std::string& channel) const;
    Channel& obtain(const std::string& channel);
    boost::asio::awaitable<void> look_at_person(Visit visit, Deadline deadline);
    boost::asio::awaitable<void> look_at(std::string channel, Deadline deadline, Duration fresh);

    slack::WebApi& slack_;
    People& people_;
    AccessRules rules_;
    std::string team_;
    std::string enterprise_;
    std::map<std::string, Channel> channels_;
    std::set<std::string> sisters_;  // teams that were seen to belong to our organisation
    TimePoint closed_until_{};
};

}  // namespace genie_slack::relay
