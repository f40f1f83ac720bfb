#include "app/relay/delivery/late_streams.hpp"

#include "app/relay/turn_facts.hpp"

#include <array>

namespace genie_slack::relay {

namespace asio = boost::asio;

namespace late_streams_detail {

// After the turn's end, and after each other.
constexpr std::array<Duration, 3> kPauses = {std::chrono::seconds(5), std::chrono::seconds(15),
                                             std::chrono::seconds(40)};
constexpr int kMostTries = 4;  // of one look, where Slack has no room for it
constexpr Duration kJoinTime = std::chrono::milliseconds(200);
constexpr Duration kLookTime = std::chrono::minutes(1);

}  // namespace late_streams_detail

void LateStreams::watch(storage::Turn turn) {
    const std::string name = "late stream of " + turn.id;
    looking_.spawn(name, look_for(std::move(turn)));
}

asio::awaitable<void> LateStreams::stop(Deadline deadline) {
    is_ending_ = true;
    hurry_.notify_all();
    const bool all_looked = co_await looking_.join(deadline);
    looking_.cancel();
    if (!all_looked)
        co_await looking_.join(Deadline::after(late_streams_detail::kJoinTime));
}

asio::awaitable<void> LateStreams::look_for(storage::Turn turn) {
    using namespace late_streams_detail;
    for (const Duration pause : kPauses) {
        bool has_looked = false;
        for (int tries = 0; tries < kMostTries && !has_looked; ++tries) {
            if (is_ending_)
                co_return;
            co_await hurry_.wait(Deadline::after(pause));
            MayRemove may_remove = [this, &turn](std::string ts) { return is_nobodys(turn, std::move(ts)); };
            has_looked =
                co_await messenger_.remove_late_streams(turn, std::move(may_remove), Deadline::after(kLookTime));
        }
    }
}

asio::awaitable<bool> LateStreams::is_nobodys(const storage::Turn& turn, std::string ts) {
    auto newest = co_await storage_.newest_turn(turn.thread, Deadline::after(storage_time_));
    if (!newest || !*newest || !storage::is_final((*newest)->state))
        co_return false;
    const Place place = place_of(turn);
    auto owner = co_await storage_.find_turn_by_answer(turn.thread.team, place.channel, std::move(ts),
                                                       Deadline::after(storage_time_));
    co_return owner && !*owner;
}

}  // namespace genie_slack::relay
