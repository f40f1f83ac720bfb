// Live updates of messages: one per interval and message, the last one wins. Pure: times come in, the sender around it
// does what it says.
#pragma once

#include "core/clock.hpp"
#include "slack/api/web_api.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace genie_slack::slack {

class UpdateCoalescer {
 public:
    struct Key {
        Key(std::string channel_, std::string ts_) : channel(std::move(channel_)), ts(std::move(ts_)) {}
        std::string channel;
        std::string ts;
        friend auto operator<=>(const Key&, const Key&) = default;
    };

    enum class Offer {
        start,    // a sender has to be started for the key
        waits,    // the sender that runs will take it
        dropped,  // too many messages wait
    };

    struct Step {
        enum class Kind { send, wait, end };
        Kind kind = Kind::end;
        OutgoingMessage message;  // of send
        TimePoint until{};        // of wait; earlier when something changes
    };

    explicit UpdateCoalescer(Duration interval) : interval_(interval) {}

    Offer offer(const Key& key, OutgoingMessage message, TimePoint now);
    // What the sender of `key` does now. After `send` it calls sent() or again(), after `end` it stops.
    Step next(const Key& key, TimePoint now);
    void sent(const Key& key);
    // The update was not accepted and may be tried again at `at`, unless a newer one came meanwhile.
    void again(const Key& key, OutgoingMessage message, TimePoint at);

    // An explicit update or deletion: what waits is dropped, and what is offered from now on waits until release(): it
    // belongs to what comes after, such as another edition of the question.
    void claim(const Key& key);
    void release(const Key& key, TimePoint now);
    bool in_flight(const Key& key) const;

    // From now on ignores the interval, or heeds it again.
    void hurry(bool on) { hurry_ = on; }
    // The sender of `key` is gone, perhaps before its end: nothing of it waits or is in flight any more.
    void stopped(const Key& key);
    // All senders are gone, also those that were told to start and never did.
    void all_stopped();
    std::size_t size() const { return entries_.size(); }

 private:
    struct Entry {
        std::optional<OutgoingMessage> waiting;
        TimePoint due{};   // not sent before, hurry or not: after a failure
        TimePoint last{};  // when the latest update was sent, if there was one
        bool updated = false;
        bool running = false;  // has a sender
        bool in_flight = false;
        int claims = 0;

        bool resting() const { return !waiting && !running && claims == 0; }
    };

    void forget_old(TimePoint now);

    Duration interval_;
    bool hurry_ = false;
    std::map<Key, Entry> entries_;
};

}  // namespace genie_slack::slack
