// Who writes to us: name and e-mail of Slack users, asked from Slack once a day at most.
#pragma once

#include "app/words/words.hpp"
#include "core/clock.hpp"
#include "core/net/condition.hpp"
#include "slack/api/web_api.hpp"

#include <boost/asio/awaitable.hpp>

#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>

namespace genie_slack::relay {

struct Person {
    std::string name;                                // as people see it, "" when Slack does not say
    std::string email;                               // "" without the scope users:read.email
    std::string team;                                // the person's own
    std::string enterprise;                          // organisation of that team, "" for none
    std::string locale;                              // "de-DE", "" when Slack does not say
    std::optional<std::chrono::seconds> utc_offset;  // of the person's clock
    bool is_guest = false;
    bool is_stranger = false;  // of another organisation
    WallTime told_at{};        // when Slack told all this last, which makes nobody another person

    friend bool operator==(const Person& left, const Person& right) {
        const auto told = [](const Person& one) {
            return std::tie(one.name, one.email, one.team, one.enterprise, one.locale, one.utc_offset, one.is_guest,
                            one.is_stranger);
        };
        return told(left) == told(right);
    }
};

struct PeopleOptions {
    Duration fresh = std::chrono::hours(24);           // then a new name or address is asked for
    Duration failure_life = std::chrono::minutes(10);  // so long nobody asks again about a person Slack does not tell
    Duration closed = std::chrono::hours(1);           // ... nor about anyone when the app lacks the scope
    std::optional<words::Language> language;           // BOT_LANGUAGE: for all, whatever their Slack says
    std::size_t limit = 10'000;                        // people; those asked for longest ago leave first
};

// On the event loop's thread; many callers at a time share one request for a person. A person Slack does not tell
// about is no error: the answer works without.
class People {
 public:
    // `slack` must outlive it.
    explicit People(slack::WebApi& slack, PeopleOptions options = {}) : slack_(slack), options_(options) {}

    // The language for all from now on, or nothing: each person's own.
    void speak(std::optional<words::Language> language) { options_.language = language; }
    // What is known now, also when it is old; asks nobody.
    std::optional<Person> known(const std::string& team, const std::string& user) const;
    // The language to write to a person in: the one set for all, else the person's as far as it is known, else English.
    words::Language language_of(const std::string& team, const std::string& user) const;
    // The person's own team, which may be a sister of `team`; that one while nobody knows.
    std::string team_of(const std::string& team, const std::string& user) const;
    // Whether it was surely known already then, just as it is now.
    bool known_since(const std::string& team, const std::string& user, WallTime time) const;
    // Asks Slack when nothing fresh is known; what is known by the deadline, if anything. Throws system_error when the
    // caller is cancelled.
    boost::asio::awaitable<std::optional<Person>> find(std::string team, std::string user, Deadline deadline);

 private:
    struct Flight {
        bool ended = false;
        net::Condition landed;
    };
    struct Entry {
        std::optional<Person> person;
        WallTime since{};       // when this was told first
        TimePoint ask_again{};  // not before
        std::list<std::string>::iterator place;
        std::shared_ptr<Flight> flight;
    };

    static std::string key_of(const std::string& team, const std::string& user) { return team + "/" + user; }
    Entry& obtain(const std::string& key);
    boost::asio::awaitable<void> ask(std::string key, std::string user, Deadline deadline);
    void note(const std::string& key, const slack::ApiResult<slack::UserInfo>& answer);

    slack::WebApi& slack_;
    PeopleOptions options_;
    std::map<std::string, Entry> entries_;
    std::list<std::string> order_;  // keys, asked for longest ago first
    TimePoint closed_until_{};
};

}  // namespace genie_slack::relay
