// Which call may go when. Slack allows so many calls of each method per app and workspace, and posts per channel
// (slack.md 2.3). Each of these limits is a bucket of tokens; a call takes one of each that concerns it, the most
// urgent calls first, and what Slack refuses teaches that a bucket is empty. Pure: times come in.
#pragma once

#include "core/clock.hpp"
#include "slack/api/api_method.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::slack {

std::string_view to_string(Urgency urgency);
inline constexpr std::array kUrgencies{Urgency::answer,   Urgency::sign,     Urgency::click,
                                       Urgency::progress, Urgency::courtesy, Urgency::tidying};

// What became of the calls so far.
struct CallCounts {
    struct OfUrgency {
        std::uint64_t sent = 0;
        std::uint64_t waited = 0;    // of those sent: not at once
        std::uint64_t not_sent = 0;  // there was no token, or none in time
        Duration longest_wait{};
    };
    std::array<OfUrgency, kUrgencies.size()> of;
    std::uint64_t refused = 0;  // by Slack, with 429

    const OfUrgency& operator[](Urgency urgency) const { return of[static_cast<std::size_t>(urgency)]; }
};

class CallBudget {
 public:
    // A call's place in the queue.
    using Ticket = std::uint64_t;

    struct Pass {
        enum class Kind {
            go,       // now; the tokens are taken
            wait,     // ask again at `at`, or when somebody left
            refused,  // no token, or none in time: `at` is when there would be one
        };
        Kind kind = Kind::go;
        TimePoint at{};
    };

    // A call wants to go before `deadline`; `channel` matters for posts. Nothing is taken yet. A call that Slack
    // refused comes back with the ticket that it had, and is not behind those that came later.
    Ticket enter(const ApiMethod& method, const std::string& channel, Urgency urgency, TimePoint now,
                 TimePoint deadline, Ticket earlier = 0);
    // What the call does now. After `go` and `refused` it has no place any more.
    Pass ask(Ticket ticket, TimePoint now);
    // The call went nowhere. True when it had a place: whoever waits may go earlier then.
    bool leave(Ticket ticket);

    // Slack refused a call: its buckets are empty for as long as Slack told, or when it did not for 1 s, doubled with
    // each such refusal in a row up to 30 s. Returns how long.
    Duration refused(const ApiMethod& method, const std::string& channel, std::optional<Duration> told, TimePoint now);
    // Slack answered a call otherwise.
    void accepted(const ApiMethod& method);

    // When an answer by that method could go, behind those that wait.
    TimePoint ready_at(const ApiMethod& method, const std::string& channel, TimePoint now) const;
    // How much of the fullest budget is left: 1 is all of it, 0 that the next call would wait.
    double room(const ApiMethod& method, const std::string& channel, TimePoint now) const;
    // Whether there is a token for what can be done without, as progress: so much of it goes that the method is used by
    // half at most, whoever else uses it.
    bool may_spare(const ApiMethod& method, TimePoint now) const;

    const CallCounts& counts() const { return counts_; }
    std::size_t waiting() const { return waiting_.size(); }
    std::size_t buckets() const { return buckets_.size(); }

 private:
    struct Rate {
        Duration interval{};  // between two tokens, zero when no limit is known
        int burst = 1;
    };
    struct Bucket {
        Rate rate;
        TimePoint full_at{};  // it has lost a token for each interval between now and then
        // The same of the part that what can be done without may use, at most a minute's.
        TimePoint spare_full_at{};
        Duration untold{};  // the last pause that Slack did not name, zero after a success
        TimePoint closed_until{};
    };
    struct Waiter {
        std::string method;
        std::string of_channel;  // name of the bucket, "" when the call has none
        Urgency urgency = Urgency::answer;
        TimePoint since{};
        TimePoint latest{};
        TimePoint channel_at{};  // when its channel would let it go
        bool is_dispensable = false;
    };
    using Buckets = std::map<std::string, Bucket, std::less<>>;

    static Bucket fresh(int per_minute, int burst);
    static TimePoint token_at(const Bucket& bucket, int before, TimePoint now);
    static bool has_spare(const Bucket& bucket, TimePoint now);
    static void take(Bucket& bucket, TimePoint now);
    Bucket& bucket_of(const ApiMethod& method);
    const Bucket* find(std::string_view name) const;
    int ahead_in_method(Ticket ticket, const Waiter& waiter, TimePoint now) const;
    int ahead_in_channel(Ticket ticket, const Waiter& waiter) const;
    Pass end(std::map<Ticket, Waiter>::iterator waiter, Pass::Kind kind, TimePoint at, TimePoint now);
    void forget_full(TimePoint now);

    Buckets buckets_;
    std::map<Ticket, Waiter> waiting_;
    Ticket last_ticket_ = 0;
    std::string last_refused_channel_;
    TimePoint last_refused_until_{};
    CallCounts counts_;
};

}  // namespace genie_slack::slack
