// How long answers of each Genie space usually take, from what is stored.
#pragma once

#include "core/clock.hpp"
#include "genie/poll_schedule.hpp"
#include "storage/storage.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <optional>
#include <string>

namespace genie_slack::relay {

class AnswerTimes {
 public:
    // Storage must outlive it.
    explicit AnswerTimes(storage::Storage& storage) : storage_(storage) {}

    // Nothing when the space has too few answers, or storage does not tell by the deadline. Asked of storage every ten
    // minutes at most.
    boost::asio::awaitable<std::optional<genie::UsualTimes>> of(std::string space_id, Deadline deadline);

 private:
    struct Kept {
        std::optional<genie::UsualTimes> usual;
        TimePoint ask_again{};
    };
    storage::Storage& storage_;
    std::map<std::string, Kept> kept_;  // by space
};

}  // namespace genie_slack::relay
