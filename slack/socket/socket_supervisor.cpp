#include "slack/socket/socket_supervisor.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace genie_slack::slack {

namespace socket_supervisor_detail {

net::BackoffLimits backoff_limits(Duration first, Duration cap) {
    net::BackoffLimits limits;
    limits.first = first;
    limits.cap = cap;
    return limits;
}

// A slow retry or a Retry-After is never shortened, only spread.
constexpr double kSpread = 0.1;

Duration spread(Duration wait, Random& random) {
    return wait + std::chrono::duration_cast<Duration>(wait * (kSpread * random.unit()));
}

}  // namespace socket_supervisor_detail

SocketSupervisor::SocketSupervisor(SupervisorLimits limits, Random& random)
    : limits_(limits),
      random_(random),
      backoff_(socket_supervisor_detail::backoff_limits(limits.backoff_first, limits.backoff_cap)),
      crowded_(socket_supervisor_detail::backoff_limits(limits.backoff_first, limits.slow_retry)) {
    limits_.connections = std::clamp(limits_.connections, 1, kMaxSockets);
    credit_ = limits_.connections;
}

int SocketSupervisor::count(State state) const {
    return static_cast<int>(std::count_if(links_.begin(), links_.end(),
                                          [state](const auto& entry) { return entry.second.state == state; }));
}

std::optional<int> SocketSupervisor::oldest(State state) const {
    for (const auto& [id, link] : links_)
        if (link.state == state)
            return id;
    return std::nullopt;
}

int SocketSupervisor::serving() const {
    return count(State::usable) + count(State::leaving);
}

int SocketSupervisor::missing() const {
    return limits_.connections - count(State::starting) - count(State::usable);
}

TimePoint SocketSupervisor::due() const {
    return std::max(hold_, urgent_ > 0 ? std::min(soon_, retry_) : retry_);
}

TimePoint SocketSupervisor::next_time() const {
    if (stopped_ || missing() <= 0 || count(State::starting) > 0)
        return TimePoint::max();
    // It waits for a socket to end, which is an event and needs no timer.
    if (sockets() >= kMaxSockets && count(State::closing) > 0)
        return TimePoint::max();
    return due();
}

SocketSupervisor::Step SocketSupervisor::step(TimePoint now) {
    note_health(now);
    Step step;
    if (now < next_time())
        return step;
    if (sockets() >= kMaxSockets) {
        const std::optional<int> victim = oldest(State::draining) ? oldest(State::draining) : oldest(State::leaving);
        if (victim) {
            links_.at(*victim).state = State::closing;
            step.kind = Step::Kind::close;
            step.id = *victim;
        }
        return step;
    }
    urgent_ = std::max(0, urgent_ - 1);
    step.kind = Step::Kind::open;
    step.id = ++last_id_;
    links_.emplace(step.id, Link(State::starting));
    return step;
}

std::optional<int> SocketSupervisor::on_hello(int id, TimePoint now) {
    note_health(now);
    const auto found = links_.find(id);
    if (found == links_.end() || found->second.state != State::starting)
        return std::nullopt;
    found->second.state = State::usable;
    found->second.hello = now;
    const std::optional<int> replaced = oldest(State::leaving);
    if (replaced)
        links_.at(*replaced).state = State::draining;
    if (missing() <= 0)
        urgent_ = 0;
    return replaced;
}

SocketSupervisor::Leave SocketSupervisor::on_disconnect(int id, DisconnectReason reason, TimePoint now) {
    note_health(now);
    const auto found = links_.find(id);
    if (found == links_.end())
        return Leave::stay;
    Link& link = found->second;
    if (link.state != State::starting && link.state != State::usable && link.state != State::leaving)
        return Leave::stay;
    const State before = link.state;
    const bool slow = reason == DisconnectReason::link_disabled || reason == DisconnectReason::too_many_websockets;
    if (before == State::leaving && !slow)
        return Leave::stay;

    if (before == State::starting || reason == DisconnectReason::too_many_websockets)
        link.state = State::closing;
    else if (reason == DisconnectReason::link_disabled)
        link.state = State::draining;
    else
        link.state = State::leaving;

    switch (reason) {
        case DisconnectReason::link_disabled:
            urgent_ = 0;
            hold_ = std::max(hold_, now + socket_supervisor_detail::spread(limits_.slow_retry, random_));
            break;
        case DisconnectReason::too_many_websockets:
            urgent_ = 0;
            want_after(now, crowded_wait());
            break;
        case DisconnectReason::warning:
        case DisconnectReason::refresh_requested:
            if (before == State::usable && may_hurry(link, now))
                want_soon(now);
            else
                want_after(now, backoff_.next(random_));
            break;
        case DisconnectReason::unknown:
            want_after(now, backoff_.next(random_));
            break;
    }
    if (link.state == State::closing)
        return Leave::close;
    return link.state == State::draining ? Leave::drain : Leave::stay;
}

void SocketSupervisor::on_acked(int id) {
    const auto found = links_.find(id);
    if (found != links_.end())
        found->second.has_acked = true;
}

void SocketSupervisor::on_end(int id, TimePoint now, Duration retry_after) {
    note_health(now);
    const auto found = links_.find(id);
    if (found == links_.end())
        return;
    const Link link = found->second;
    links_.erase(found);
    if (retry_after > Duration::zero())
        hold_ = std::max(hold_, now + socket_supervisor_detail::spread(retry_after, random_));
    if (link.state == State::starting) {
        urgent_ = 0;
        want_after(now, backoff_.next(random_));
    } else if (link.state == State::usable) {
        // Many clients may lose their connection at the same moment: come back soon, but not all at once.
        if (is_healthy(link, now))
            want_soon(now + random_.jitter(limits_.backoff_first / 2, 0.8));
        else
            want_after(now, backoff_.next(random_));
    }
}

bool SocketSupervisor::is_healthy(const Link& link, TimePoint now) const {
    const bool past_hello = link.state == State::usable || link.state == State::leaving;
    return past_hello && now - link.hello >= (link.has_acked ? limits_.healthy_after_ack : limits_.healthy_after);
}

// Success of apps.connections.open, or hello alone, proves nothing (slack.md 1.11).
void SocketSupervisor::note_health(TimePoint now) {
    for (auto& [id, link] : links_) {
        if (link.counted_healthy || !is_healthy(link, now))
            continue;
        link.counted_healthy = true;
        backoff_.reset();
        crowded_.reset();
        credit_ = limits_.connections;
    }
}

void SocketSupervisor::want_soon(TimePoint at) {
    // A chain that has come to rest would otherwise be due at once.
    retry_ = std::max(retry_, at);
    soon_ = urgent_ > 0 ? std::min(soon_, at) : at;
    ++urgent_;
}

// While something serves, several waits add up to the longest; with nothing left, the latest cause decides.
void SocketSupervisor::want_after(TimePoint now, Duration wait) {
    retry_ = serving() > 0 ? std::max(retry_, now + wait) : now + wait;
}

bool SocketSupervisor::may_hurry(const Link& link, TimePoint now) {
    if (is_healthy(link, now))
        return true;
    if (credit_ == 0)
        return false;
    --credit_;
    return true;
}

Duration SocketSupervisor::crowded_wait() {
    const Duration wait = crowded_.next(random_);
    return serving() > 0 ? socket_supervisor_detail::spread(limits_.slow_retry, random_) : wait;
}

std::string fatal_open_error(std::string_view code) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kHelp = {{
        {"invalid_auth",
         "Slack does not know this token. Copy the app-level token (xapp-...) from the app's Basic "
         "Information page."},
        {"not_authed", "no token arrived at Slack. Set it to the app-level token (xapp-...)."},
        {"account_inactive",
         "the app was removed from the workspace, or the account behind the token is gone. Install "
         "the app again and create a new app-level token."},
        {"token_revoked", "the token was revoked. Create a new app-level token on the app's Basic Information page."},
        {"token_expired", "the token has expired. Create a new app-level token on the app's Basic Information page."},
        {"not_allowed_token_type",
         "this is not an app-level token. It has to begin with xapp-; SLACK_BOT_TOKEN is the "
         "one that begins with xoxb-."},
        {"missing_scope", "the token lacks the scope connections:write. Create an app-level token with that scope."},
        {"user_removed_from_team",
         "the account behind the token was removed from the workspace. Let another member "
         "create a new app-level token."},
        {"team_disabled", "the workspace is disabled. Ask its owner or Slack."},
    }};
    for (const auto& [name, help] : kHelp)
        if (name == code)
            return "Slack refused SLACK_APP_TOKEN (" + std::string(code) + "): " + std::string(help);
    return "";
}

}  // namespace genie_slack::slack
