// First contact: suggested prompts where the direct message or the agent's pane is opened, titles of its threads, one
// hello in a channel.
#pragma once

#include "app/relay/directory/examples.hpp"
#include "app/relay/relay_context.hpp"

#include <set>
#include <string>

namespace genie_slack::relay {

class Welcome : public RelayPart {
 public:
    // Both references must outlive it.
    Welcome(RelayContext& context, Examples& examples) : context_(context), examples_(examples) {}

    Answer<slack::Ack> on_event(const slack::Event& event) override;

 private:
    // Calls that the app may not make (an older app, a missing scope) are left alone for a while.
    struct Feature {
        TimePoint closed_until{};
        bool is_open() const { return Clock::now() >= closed_until; }
        void close_on(const slack::ApiError& error);
    };
    // `context_channel` is the channel that the person looks at, "" for none.
    boost::asio::awaitable<void> offer_prompts(std::string team, std::string user, std::string channel,
                                               std::string thread_ts, std::string context_channel);
    boost::asio::awaitable<void> set_title(storage::ThreadKey thread, std::string question_ts, std::string question);
    boost::asio::awaitable<void> say_hello(std::string team, std::string channel);
    void greet_channel(const std::string& team, const std::string& channel);

    RelayContext& context_;
    Examples& examples_;
    Feature prompts_;
    Feature titles_;
    std::set<std::string> greeted_;  // channels
};

}  // namespace genie_slack::relay
