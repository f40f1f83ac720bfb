#include "app/relay/directory/gate.hpp"

#include "core/log.hpp"
#include "core/race.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;

namespace gate_detail {

constexpr Duration kFailureLife = std::chrono::minutes(1);
constexpr Duration kScarce = std::chrono::minutes(1);
constexpr Duration kClosed = std::chrono::hours(1);
constexpr std::size_t kChannels = 10'000;

// Somebody asks Slack while this lives.
class Look {
 public:
    explicit Look(std::weak_ptr<net::Condition>& place) : ended_(std::make_shared<net::Condition>()) { place = ended_; }
    ~Look() { ended_->notify_all(); }
    Look(const Look&) = delete;
    Look& operator=(const Look&) = delete;

 private:
    std::shared_ptr<net::Condition> ended_;
};

bool lacks(const std::set<std::string>& allowed, const std::string& id) {
    return !allowed.empty() && !allowed.contains(id);
}

}  // namespace gate_detail

const char* to_string(Refusal refusal) {
    switch (refusal) {
        case Refusal::team:
            return "team";
        case Refusal::channel:
            return "channel";
        case Refusal::user:
            return "user";
        case Refusal::foreigner:
            return "foreigner";
        case Refusal::guest:
            return "guest";
        case Refusal::shared_channel:
            return "shared_channel";
    }
    return "unknown";
}

std::optional<Refusal> of_what_shows_nothing(std::optional<Refusal> refusal) {
    // It is asked about last: whoever is refused for it may ask elsewhere.
    return refusal == Refusal::shared_channel ? std::nullopt : refusal;
}

words::Word word_for(Refusal refusal) {
    switch (refusal) {
        case Refusal::channel:
            return words::Word::refused_channel;
        case Refusal::foreigner:
        case Refusal::guest:
            return words::Word::refused_guest;
        case Refusal::shared_channel:
            return words::Word::refused_shared_channel;
        case Refusal::team:
        case Refusal::user:
            break;
    }
    return words::Word::refused_user;
}

words::Word word_for_place(Refusal refusal) {
    switch (refusal) {
        case Refusal::channel:
            return words::Word::not_shared_there;
        case Refusal::shared_channel:
            return words::Word::not_shared_outside;
        case Refusal::foreigner:
        case Refusal::guest:
        case Refusal::team:
        case Refusal::user:
            break;
    }
    return word_for(refusal);
}

std::optional<Refusal> Gate::check_known(const Visit& visit) {
    using gate_detail::lacks;
    if (enterprise_.empty() && visit.team == team_)
        enterprise_ = visit.enterprise;
    if (lacks(rules_.teams, visit.team))
        return Refusal::team;
    if (lacks(rules_.users, visit.user))
        return Refusal::user;
    // A list of channels is about channels: whoever may use the bot may write to it directly.
    if (!visit.is_im && !is_known_direct(visit.channel) && lacks(rules_.channels, visit.channel))
        return Refusal::channel;
    const bool user_is_named = rules_.users.contains(visit.user);
    if (!user_is_named && is_foreign(visit))
        return Refusal::foreigner;
    if (!user_is_named && !rules_.teams.contains(team_of_person(visit)))
        note_sister(visit);
    const auto person = people_.known(visit.team, visit.user);
    if (person && person->is_guest && !user_is_named)
        return Refusal::guest;
    if (!rules_.channels.contains(visit.channel) && is_shared(visit).value_or(false))
        return Refusal::shared_channel;
    return std::nullopt;
}

// Many payloads do not tell, and users.info says is_stranger only of people who share no channel with us.
std::string Gate::team_of_person(const Visit& visit) const {
    const auto person = people_.known(visit.team, visit.user);
    return visit.user_team.empty() && person ? person->team : visit.user_team;
}

void Gate::note_sister(const Visit& visit) {
    const std::string& ours = visit.enterprise.empty() ? enterprise_ : visit.enterprise;
    const std::string team = team_of_person(visit);
    const bool is_another = !team.empty() && team != visit.team && team != ours && team != team_;
    if (is_another && !ours.empty() && !visit.is_im && is_shared(visit) == false)
        sisters_.insert(team);
}

bool Gate::is_foreign(const Visit& visit) const {
    const auto person = people_.known(visit.team, visit.user);
    const std::string& ours = visit.enterprise.empty() ? enterprise_ : visit.enterprise;
    const std::string team = team_of_person(visit);
    if (team.empty() || team == visit.team || team == ours)
        return person && person->is_stranger;
    if (rules_.teams.contains(team))
        return false;
    // The workspaces of an enterprise are one organisation. To a direct message everybody comes who shares a channel.
    if (person && !person->team.empty() && !person->enterprise.empty())
        return ours.empty() || person->enterprise != ours;
    if (!ours.empty() && sisters_.contains(team))
        return false;
    if (person && !person->team.empty() && visit.is_im)
        return true;
    // Whoever is where nobody outside of it can be belongs to it.
    const bool is_colleague = !ours.empty() && is_shared(visit) == false;
    return !is_colleague;
}

std::optional<bool> Gate::is_shared(const Visit& visit) const {
    const auto channel = channels_.find(visit.channel);
    if (channel != channels_.end() && channel->second.is_shared.value_or(false))
        return true;
    if (visit.is_ext_shared)
        return visit.is_ext_shared;
    if (visit.is_im)
        return false;
    return channel == channels_.end() ? std::nullopt : channel->second.is_shared;
}

asio::awaitable<std::optional<Refusal>> Gate::check(Visit visit, Deadline deadline, Duration fresh) {
    const bool is_channel_asked = !visit.is_im && !visit.channel.empty() && !rules_.channels.contains(visit.channel);
    // Of a crowd that asks for the first time nobody waits for two answers, one after the other.
    if (is_channel_asked && !knows(visit)) {
        auto person = look_at_person(visit, deadline);
        auto channel = look_at(visit.channel, deadline, fresh);
        co_await both(std::move(person), std::move(channel));
        co_return check_known(visit);
    }
    co_await look_at_person(visit, deadline);
    // Whether somebody of another team is a colleague depends on who reads along.
    const bool is_of_another_team = people_.team_of(visit.team, visit.user) != visit.team;
    const bool matters = !rules_.channels.contains(visit.channel) || !visit.user_team.empty() || is_of_another_team;
    if (!visit.is_im && !visit.channel.empty() && matters)
        co_await look_at(visit.channel, deadline, fresh);
    co_return check_known(visit);
}

asio::awaitable<void> Gate::look_at_person(Visit visit, Deadline deadline) {
    if (!rules_.users.contains(visit.user))
        co_await people_.find(visit.team, visit.user, deadline);
}

bool Gate::knows(const Visit& visit) const {
    const auto channel = channels_.find(visit.channel);
    const bool is_channel_known = visit.is_im || rules_.channels.contains(visit.channel) ||
                                  (channel != channels_.end() && channel->second.is_shared);
    return is_channel_known && (rules_.users.contains(visit.user) || people_.known(visit.team, visit.user));
}

bool Gate::is_known_direct(const std::string& channel) const {
    const auto known = channels_.find(channel);
    return known != channels_.end() && known->second.is_im;
}

void Gate::note_shared(const std::string& channel, bool is_shared) {
    Channel& entry = obtain(channel);
    entry.is_shared = is_shared;
    entry.told_at = Clock::now();
}

Gate::Channel& Gate::obtain(const std::string& channel) {
    if (channels_.size() >= gate_detail::kChannels && !channels_.contains(channel))
        channels_.clear();
    return channels_[channel];
}

asio::awaitable<void> Gate::look_at(std::string channel, Deadline deadline, Duration fresh) {
    const Channel& known = obtain(channel);
    const TimePoint now = Clock::now();
    // Where everybody asks at once, what was told a moment ago has to do.
    const bool is_scarce = !slack_.may_spare(slack::methods::kConversationInfo);
    const Duration believed = is_scarce ? std::max(fresh, gate_detail::kScarce) : fresh;
    const bool is_fresh = known.is_shared && now < known.told_at + believed;
    if (is_fresh || now < std::max(known.ask_again, closed_until_))
        co_return;
    // Whoever else wants to know it waits for this look, and knows no more when it fails.
    const std::shared_ptr<net::Condition> ended = known.looking.lock();
    if (ended) {
        co_await ended->wait(deadline);
        co_return;
    }
    const gate_detail::Look look(obtain(channel).looking);
    auto info = co_await slack_.conversation_info(channel, deadline);
    if (info) {
        note_shared(channel, info->is_ext_shared);
        channels_[channel].is_im = info->is_im;
        co_return;
    }
    // Whoever waits longer asks again.
    if (!deadline.expired())
        obtain(channel).ask_again = Clock::now() + gate_detail::kFailureLife;
    if (info.error().code == "missing_scope") {
        closed_until_ = Clock::now() + gate_detail::kClosed;
        log::warn("channels.unknown", {{"error", info.error().to_string()},
                                       {"why", "shared channels are only known by what their events tell"}});
    }
}

}  // namespace genie_slack::relay
