#include "app/relay/directory/answer_times.hpp"

#include "core/log.hpp"

#include <utility>

namespace genie_slack::relay {

namespace asio = boost::asio;

namespace answer_times_detail {

constexpr Duration kFresh = std::chrono::minutes(10);
constexpr Duration kUntold = std::chrono::minutes(1);  // until the next try where nothing is known
constexpr std::size_t kMostSpaces = 1'000;

}  // namespace answer_times_detail

asio::awaitable<std::optional<genie::UsualTimes>> AnswerTimes::of(std::string space_id, Deadline deadline) {
    using namespace answer_times_detail;
    const auto known = kept_.find(space_id);
    if (known != kept_.end() && Clock::now() < known->second.ask_again)
        co_return known->second.usual;
    if (kept_.size() >= kMostSpaces)
        kept_.clear();
    // Who asks meanwhile goes by what was known.
    kept_[space_id].ask_again = Clock::now() + kUntold;
    auto took = co_await storage_.answer_times(space_id, deadline);
    Kept& kept = kept_[space_id];
    if (took)
        kept.usual = genie::usual_times(std::move(*took));
    else
        log::debug("answer_times.unknown", {{"space", space_id}, {"error", took.error().message}});
    kept.ask_again = Clock::now() + (kept.usual ? kFresh : kUntold);
    co_return kept.usual;
}

}  // namespace genie_slack::relay
