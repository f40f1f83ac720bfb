#include "app/relay/features/young_message.hpp"

#include <charconv>

namespace genie_slack::relay {

namespace asio = boost::asio;

namespace young_message_detail {

constexpr Duration kYoung = std::chrono::seconds(10);
constexpr Duration kLongest = std::chrono::milliseconds(1'500);  // the ack is due after three seconds
constexpr Duration kPause = std::chrono::milliseconds(150);

}  // namespace young_message_detail

bool is_younger_than(const std::string& ts, Duration age, WallTime now) {
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(ts.data(), ts.data() + ts.size(), seconds);
    if (error != std::errc())
        return false;
    return now - WallTime(std::chrono::seconds(seconds)) < age;
}

asio::awaitable<void> wait_until_taken_in(storage::Storage& storage, storage::ThreadKey thread, std::string ts) {
    using namespace young_message_detail;
    const Deadline deadline = Deadline::after(kLongest);
    const std::string id = storage::turn_id(thread, ts);
    while (is_younger_than(ts, kYoung, wall_now()) && deadline.remaining() > kPause) {
        auto turn = co_await storage.get_turn(id, deadline);
        if (!turn || *turn)
            co_return;
        co_await sleep_for(kPause);
    }
}

}  // namespace genie_slack::relay
