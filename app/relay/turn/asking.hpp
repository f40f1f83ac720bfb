// The middle of a turn: its place in the rate limit, the question to Genie, and the wait for the answer.
#pragma once

#include "app/relay/turn/turn_work.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>

namespace genie_slack::relay {

// Performs what the machine decided and says what came of it. All end by the question's deadline; cancelled calls throw
// system_error(operation_aborted).
class Asking {
 public:
    explicit Asking(TurnServices& services) : services_(services) {}

    // A place in the rate limit of this process and of all; StopWanted breaks the wait off.
    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, turn_action::WaitForSlot action);
    // SlotHad when the pause is over that Databricks wants of this question; Done: it queues.
    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, turn_action::PauseAsking action);
    // NoSlotInTime when the question's time does not suffice.
    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, turn_action::Pause action);
    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, turn_action::Ask action);
    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, turn_action::Find action);
    // Shows progress meanwhile; StopWanted breaks the wait off, unless the answer came in the same moment.
    boost::asio::awaitable<TurnEvent> perform(WorkPtr work, turn_action::Await action);

    // Questions whose POST to Genie is under way.
    std::size_t posting() const { return posting_; }

 private:
    struct GenieWait {
        std::optional<genie::GenieResult<genie::Message>> message;
        std::exception_ptr broken;
        TimePoint last_sign = Clock::now();  // of Databricks
        bool is_over() const { return message || broken; }
    };
    enum class Slot { had, not_in_time, stop_wanted };
    boost::asio::awaitable<Slot> wait_for_our_slot(WorkPtr work);
    boost::asio::awaitable<Slot> wait_for_permit(WorkPtr work);
    boost::asio::awaitable<void> wait_for_genie(WorkPtr work, std::shared_ptr<GenieWait> end);
    // `wait` may be null: then whether Databricks answers is known already.
    boost::asio::awaitable<void> keep_showing(WorkPtr work, std::shared_ptr<GenieWait> wait);
    boost::asio::awaitable<void> learn_person(WorkPtr work);
    boost::asio::awaitable<void> say_unanswered(WorkPtr work);
    boost::asio::awaitable<bool> record_asking(WorkPtr work, std::string conversation_id, WallTime asked_at);

    TurnServices& services_;
    std::size_t posting_ = 0;
    std::size_t retrying_ = 0;  // questions that wait for as long as Databricks said
};

}  // namespace genie_slack::relay
