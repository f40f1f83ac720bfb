#include "app/relay/directory/people.hpp"

#include "core/log.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace asio = boost::asio;

namespace people_detail {

constexpr std::size_t kLongestName = 200;   // characters
constexpr std::size_t kLongestEmail = 254;  // bytes, RFC 5321
// Times of acceptance are moved apart by some microseconds each, so that they may be ahead of the clock.
constexpr std::chrono::seconds kDoubt(1);
constexpr Duration kShortPause = std::chrono::seconds(30);

bool is_control(unsigned char c) {
    return c < 0x20 || c == 0x7f;
}

// What people write as their name ends up in tables and texts.
std::string clean_name(std::string name) {
    std::erase_if(name, is_control);
    return slack::truncate(name, kLongestName);
}

std::string clean_email(const std::string& email) {
    const bool fits =
        email.size() <= kLongestEmail && email.find('@') != std::string::npos &&
        std::none_of(email.begin(), email.end(), [](unsigned char c) { return is_control(c) || c == ' '; });
    return fits ? email : "";
}

}  // namespace people_detail

std::optional<Person> People::known(const std::string& team, const std::string& user) const {
    const auto found = entries_.find(key_of(team, user));
    return found == entries_.end() ? std::nullopt : found->second.person;
}

words::Language People::language_of(const std::string& team, const std::string& user) const {
    if (options_.language)
        return *options_.language;
    const auto person = known(team, user);
    const auto spoken = person ? words::parse_language(person->locale) : std::nullopt;
    return spoken.value_or(words::Language::english);
}

std::string People::team_of(const std::string& team, const std::string& user) const {
    const auto person = known(team, user);
    return person && !person->team.empty() ? person->team : team;
}

bool People::known_since(const std::string& team, const std::string& user, WallTime time) const {
    const auto found = entries_.find(key_of(team, user));
    return found != entries_.end() && found->second.person && found->second.since + people_detail::kDoubt < time;
}

People::Entry& People::obtain(const std::string& key) {
    const auto [found, is_new] = entries_.try_emplace(key);
    Entry& entry = found->second;
    if (!is_new) {
        order_.splice(order_.end(), order_, entry.place);
        return entry;
    }
    entry.place = order_.insert(order_.end(), key);
    for (auto oldest = order_.begin(); entries_.size() > options_.limit && oldest != order_.end();) {
        const auto candidate = entries_.find(*oldest);
        if (candidate->second.flight || &candidate->second == &entry) {
            ++oldest;
            continue;
        }
        entries_.erase(candidate);
        oldest = order_.erase(oldest);
    }
    return entry;
}

asio::awaitable<std::optional<Person>> People::find(std::string team, std::string user, Deadline deadline) {
    const std::string key = key_of(team, user);
    while (!user.empty() && !deadline.expired()) {
        Entry& entry = obtain(key);
        if (entry.flight) {
            // Kept: the entry goes on to the next one.
            const std::shared_ptr<Flight> flight = entry.flight;
            while (!flight->ended && !deadline.expired())
                co_await flight->landed.wait(deadline);
            continue;
        }
        if (Clock::now() < std::max(entry.ask_again, closed_until_))
            co_return entry.person;
        co_await ask(key, user, deadline);
    }
    co_return known(team, user);
}

// Whoever waits goes on when this one is cancelled, and asks anew.
asio::awaitable<void> People::ask(std::string key, std::string user, Deadline deadline) {
    const auto flight = std::make_shared<Flight>();
    obtain(key).flight = flight;
    const auto land = [this, &key, &flight] {
        flight->ended = true;
        obtain(key).flight.reset();
        flight->landed.notify_all();
    };
    try {
        auto answer = co_await slack_.user_info(std::move(user), deadline);
        // Whoever waits longer asks again.
        if (answer || !deadline.expired())
            note(key, answer);
    } catch (...) {
        land();
        throw;
    }
    land();
}

void People::note(const std::string& key, const slack::ApiResult<slack::UserInfo>& answer) {
    Entry& entry = obtain(key);
    if (answer) {
        Person person;
        person.name = people_detail::clean_name(answer->name);
        person.email = people_detail::clean_email(answer->email);
        person.team = answer->team;
        person.enterprise = answer->enterprise;
        person.locale = answer->locale;
        person.utc_offset = answer->utc_offset;
        person.is_guest = answer->is_guest;
        person.is_stranger = answer->is_stranger;
        if (entry.person != person) {
            entry.person = std::move(person);
            entry.since = wall_now();
        }
        entry.person->told_at = wall_now();
        entry.ask_again = Clock::now() + options_.fresh;
        return;
    }
    const slack::ApiError& error = answer.error();
    const bool is_verdict = error.fault == slack::ApiFault::not_permitted || error.fault == slack::ApiFault::auth;
    entry.ask_again = Clock::now() + (is_verdict ? options_.failure_life : people_detail::kShortPause);
    if (error.code == "missing_scope") {
        closed_until_ = Clock::now() + options_.closed;
        log::warn("people.unknown",
                  {{"error", error.to_string()}, {"why", "stored chats show Slack ids instead of names"}});
    } else if (error.fault != slack::ApiFault::cancelled) {
        log::debug("people.failed", {{"error", error.to_string()}});
    }
}

}  // namespace genie_slack::relay
