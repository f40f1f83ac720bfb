// First contact: suggested prompts where the direct message or the agent's pane is opened, titles of its threads, one
// hello in a channel.
#pragma once

#include "app/relay/intake.hpp"
#include "app/relay/once.hpp"
#include "app/relay/services.hpp"

#include <string>

namespace genie_slack::relay {

class Welcome {
 public:
    // All references must outlive it.
    Welcome(Services services, Directory directory, TaskGroup& background, const Self& self,
            const RelayOptions& options)
        : services_(services), directory_(directory), background_(background), self_(self), options_(options) {}

    // The direct message with the bot was opened.
    void opened(const slack::Event& event, const slack::AppHomeOpened& opened);
    void started(const slack::Event& event, const slack::AssistantThreadStarted& started);
    void looked(const slack::Event& event, const slack::AppContextChanged& looked);
    // A hello, when it is the bot who joined.
    void joined(const slack::Event& event, const slack::MemberJoinedChannel& joined);
    // The first question of a direct message names its thread.
    void written(const slack::Event& event, const slack::MessageEvent& message);

 private:
    // Calls that the app may not make (an older app, a missing scope) are left alone for a while.
    struct SetAside {
        TimePoint closed_until{};
        bool is_open() const { return Clock::now() >= closed_until; }
        void close_on(const slack::ApiError& error);
    };
    // `context_channel` is the channel that the person looks at, "" for none.
    void offer(Visit visit, std::string thread_ts, std::string context_channel);
    boost::asio::awaitable<void> offer_prompts(Visit visit, std::string thread_ts, std::string context_channel);
    boost::asio::awaitable<void> set_title(storage::ThreadKey thread, std::string question_ts, std::string question);
    // `visit`: of whoever invited the bot.
    boost::asio::awaitable<void> say_hello(Visit visit);

    Services services_;
    Directory directory_;
    TaskGroup& background_;
    const Self& self_;
    const RelayOptions& options_;
    SetAside prompts_;
    SetAside titles_;
    Once<std::string> greeted_{10'000};  // channels
};

}  // namespace genie_slack::relay
