// What the page's "Sandbox controls" show: the state of bot and switches, and the log of what passed between the
// servers and the bot.
#pragma once

#include "sandbox/genie/genie_server.hpp"
#include "sandbox/slack/slack_server.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace genie_slack::sandbox {

// The settings with which a bot talks to the two servers.
std::vector<std::pair<std::string, std::string>> bot_environment(const SlackServer& slack, const GenieServer& genie);

// The state of the controls.
boost::json::object control_state(SlackServer& slack, GenieServer& genie);

// Turns the servers' records into log entries, each record once.
class PageLog {
 public:
    // Entries for what was recorded since the last call; oldest first.
    boost::json::array collect(const SlackServer& slack, const GenieServer& genie);
    // The newest entries of all.
    boost::json::array recent() const;

 private:
    void collect_slack(boost::json::array& fresh, const SlackServer& slack);
    void collect_acks(boost::json::array& fresh, const SlackServer& slack);
    void collect_genie(boost::json::array& fresh, const GenieServer& genie);
    void add(boost::json::array& fresh, boost::json::object entry);

    TimePoint slack_seen_{};
    TimePoint genie_seen_{};
    std::vector<TimePoint> unanswered_;  // Genie calls that are still being answered
    std::size_t acks_ = 0;
    std::uint64_t number_ = 0;
    std::deque<boost::json::object> kept_;
};

}  // namespace genie_slack::sandbox
