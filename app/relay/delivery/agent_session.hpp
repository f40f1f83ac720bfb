// Tells Slack that the bot works in the thread of a direct message, so that Slack offers its own Stop there
// (docs/protocol/slack.md 5.4). A courtesy: nothing waits for it, and apps without agent sessions do without.
#pragma once

#include "app/relay/delivery/refusals.hpp"
#include "app/relay/delivery/seen.hpp"
#include "core/task_group.hpp"
#include "slack/api/web_api.hpp"
#include "storage/types.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <string>

namespace genie_slack::relay {

class AgentSession {
 public:
    // The references must outlive it.
    AgentSession(boost::asio::any_io_executor executor, slack::WebApi& api, Refusals& refusals)
        : api_(api), refusals_(refusals), opening_(std::move(executor), "session") {}

    // Slack shows that the bot is at work; returns at once. Only the first call of a turn does anything.
    void begin(const storage::Turn& turn);
    // Slack shows that the person can go on. Nothing is sent by begin() after this returned. `seen`: whether a process
    // that died may have begun it.
    boost::asio::awaitable<void> end(storage::Turn turn, Seen seen, Deadline deadline);
    // Sends nothing more, and leaves the session to whoever has the turn now.
    boost::asio::awaitable<void> abandon(Deadline deadline);

 private:
    bool may_have_one(const storage::Turn& turn) const;
    boost::asio::awaitable<bool> set(storage::Turn turn, const char* status, Deadline deadline);
    boost::asio::awaitable<void> open(storage::Turn turn);

    slack::WebApi& api_;
    Refusals& refusals_;
    TaskGroup opening_;
    bool has_begun_ = false;
    bool is_open_ = false;
};

}  // namespace genie_slack::relay
