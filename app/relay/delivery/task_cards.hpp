// What a stream shows of a question: a task card for each phase, the last one in progress. Pure.
#pragma once

#include "app/answer/message/status.hpp"

#include <boost/json/array.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::relay {

// The chunk that says what all cards are about; cut to what Slack takes.
boost::json::object plan_title(std::string_view title);

class TaskCards {
 public:
    void note(const answer::ProgressInput& input);
    // Chunks of what differs from what was sent; counts as sent until not_sent() says otherwise.
    boost::json::array changes();
    // The last changes went nowhere: they come again.
    void not_sent() { sent_ = before_; }
    // Chunks that end what is not done yet, under a new title unless that is "": perhaps Slack keeps them above the
    // answer.
    boost::json::array ending(std::string_view title) const;

 private:
    struct Task {
        std::string id;
        std::string title;
        bool done = false;
    };
    std::string phase_;
    std::vector<Task> tasks_;
    std::vector<Task> sent_;
    std::vector<Task> before_;  // what had been sent before the last changes
};

}  // namespace genie_slack::relay
