#include "app/relay/features/shown_state.hpp"

#include "core/log.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;

namespace shown_state_detail {

constexpr Duration kCallTime = std::chrono::seconds(10);
constexpr Duration kHoldTime = std::chrono::minutes(6);  // longer than any change takes
constexpr Duration kWaitTime = std::chrono::seconds(30);
constexpr Duration kPause = std::chrono::milliseconds(300);

}  // namespace shown_state_detail

ShownState::ShownState(storage::Storage& storage, std::string turn_id, const std::string& message, std::string owner)
    : storage_(storage),
      turn_id_(std::move(turn_id)),
      action_(message.empty() ? storage::kShownAction : storage::kShownAction + ('/' + message)),
      owner_(std::move(owner)) {}

asio::awaitable<answer::ShownAnswer> ShownState::hold(answer::ShownAnswer seen) {
    using namespace shown_state_detail;
    const Deadline patience = Deadline::after(kWaitTime);
    for (;;) {
        auto begun = co_await storage_.begin_action(turn_id_, action_, owner_, kHoldTime, Deadline::after(kCallTime));
        if (begun && begun->granted)
            co_return answer::parse_kept_choice(begun->result).value_or(seen);
        // Without storage the message itself is all that is known; nobody may be kept from an answer for ever.
        if (!begun || patience.expired()) {
            log::warn("answer.changed_unheld", {{"turn", turn_id_}});
            co_return seen;
        }
        co_await sleep_for(kPause);
    }
}

asio::awaitable<void> ShownState::keep(answer::ShownAnswer shown) {
    std::string choice = answer::kept_choice(shown);
    auto kept = co_await storage_.keep_result(turn_id_, action_, owner_, std::move(choice),
                                              Deadline::after(shown_state_detail::kCallTime));
    if (!kept || !*kept)
        log::warn("answer.choice_not_kept",
                  {{"turn", turn_id_}, {"error", kept ? std::string("held by another change") : kept.error().message}});
    co_await release();
}

asio::awaitable<void> ShownState::release() {
    co_await storage_.end_action(turn_id_, action_, owner_, Deadline::after(shown_state_detail::kCallTime));
}

}  // namespace genie_slack::relay
