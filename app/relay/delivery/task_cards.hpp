// What a stream shows of a question: a task card for each phase, the last one in progress. Pure.
#pragma once

#include "app/answer/message/answer.hpp"

#include <boost/json/array.hpp>

#include <string>
#include <vector>

namespace genie_slack::relay {

class TaskCards {
 public:
    void note(const answer::ProgressInput& input);
    // Chunks of what differs from what was sent; counts as sent until not_sent() says otherwise.
    boost::json::array changes();
    // The last changes went nowhere: they come again.
    void not_sent() { sent_ = before_; }
    // Chunks that end what is not done yet.
    boost::json::array ending() const;

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
