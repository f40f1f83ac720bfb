// Storage that is out of reach where a test says so; everything else goes to the storage behind it.
#pragma once

#include "storage/storage.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace genie_slack::test {

class AwayStorage final : public storage::Storage {
 public:
    explicit AwayStorage(std::unique_ptr<storage::Storage> behind) : behind_(std::move(behind)) {}

    // The next `times` calls of that method fail, and write nothing.
    void fail(const std::string& method, int times) { failures_[method] = times; }
    // They throw instead.
    void break_off(const std::string& method, int times) { defects_[method] = times; }
    // What the next look for ratings of Chainlit finds.
    std::vector<storage::ChangedRating> changed_elsewhere;
    // From now on nobody may have seen this process for a moment.
    void lose_presence() { presence_lost_at_ = Clock::now(); }
    TimePoint presence_lost_at() const override { return presence_lost_at_; }
    void on_others(std::function<void()> told) override { behind_->on_others(std::move(told)); }
    storage::Hearing hearing() const override { return heard.value_or(behind_->hearing()); }
    // What this process is told of others; as the storage behind it has it.
    std::optional<storage::Hearing> heard;
    // How many of them are still to come.
    int failures_left(const std::string& method) const;

    Awaitable<void> start(Deadline deadline) override;
    Awaitable<void> check(Deadline deadline) override;
    Awaitable<std::optional<storage::Conversation>> get_conversation(storage::ThreadKey thread,
                                                                     Deadline deadline) override;
    Awaitable<void> set_conversation(storage::ThreadKey thread, std::string genie_room_id, std::string genie_room_name,
                                     Deadline deadline) override;
    Awaitable<bool> update_conversation_id(storage::ThreadKey thread, std::string conversation_id,
                                           Deadline deadline) override;
    Awaitable<bool> delete_conversation(storage::ThreadKey thread, Deadline deadline) override;
    Awaitable<std::size_t> clear_all_conversations(Deadline deadline) override;
    Awaitable<bool> is_served(storage::ThreadKey thread, Deadline deadline) override;
    Awaitable<storage::Acceptance> accept(storage::Turn turn, std::string event_id, storage::ChatRows rows,
                                          Deadline deadline) override;
    Awaitable<std::optional<storage::Claim>> claim(std::string turn_id, std::string owner, Duration lease_time,
                                                   Deadline deadline) override;
    Awaitable<bool> renew(storage::Lease lease, Duration lease_time, Deadline deadline) override;
    Awaitable<bool> advance(storage::Lease lease, storage::Turn turn, storage::ChatRows rows,
                            Deadline deadline) override;
    Awaitable<bool> finish(storage::Lease lease, storage::Turn turn, storage::ChatRows rows,
                           Deadline deadline) override;
    Awaitable<void> release(storage::Lease lease, Deadline deadline) override;
    Awaitable<std::optional<storage::Turn>> request_stop(std::string turn_id, std::string user,
                                                         Deadline deadline) override;
    Awaitable<storage::Recoverable> recoverable(std::size_t limit, Deadline deadline) override;
    Awaitable<std::optional<storage::Turn>> get_turn(std::string turn_id, Deadline deadline) override;
    Awaitable<std::optional<storage::Turn>> find_turn_by_answer(std::string team, std::string channel, std::string ts,
                                                                Deadline deadline) override;
    Awaitable<std::optional<storage::Turn>> newest_turn(storage::ThreadKey thread, Deadline deadline) override;
    Awaitable<std::vector<storage::Turn>> recent_turns(std::string team, std::string user, std::size_t limit,
                                                       Deadline deadline) override;
    Awaitable<std::optional<storage::SpaceDefault>> get_default_space(storage::DefaultOf kind, std::string team,
                                                                      std::string id, Deadline deadline) override;
    Awaitable<void> set_default_space(storage::DefaultOf kind, std::string team, std::string id,
                                      storage::SpaceDefault space, Deadline deadline) override;
    Awaitable<storage::Usage> usage(Deadline deadline) override;
    Awaitable<std::vector<Duration>> answer_times(std::string space_id, Deadline deadline) override;
    Awaitable<std::vector<std::string>> asked_messages(std::string conversation_id, Deadline deadline) override;
    Awaitable<void> bury(storage::Turn turn, std::string reason, Deadline deadline) override;
    Awaitable<void> sweep(Deadline deadline) override;
    Awaitable<Duration> take_permit(int per_minute, Deadline deadline) override;
    Awaitable<void> pause_questions(Duration duration, Deadline deadline) override;
    Awaitable<std::vector<storage::ChangedRating>> changed_ratings(Deadline) override;
    Awaitable<void> note_told(storage::ChangedRating rating, Deadline) override;
    Awaitable<std::optional<int>> set_feedback(storage::Feedback feedback, Deadline deadline) override;
    Awaitable<bool> delete_feedback(std::string feedback_id, Deadline deadline) override;
    Awaitable<std::vector<storage::Step>> get_steps(std::string thread_id, std::size_t most,
                                                    Deadline deadline) override;
    Awaitable<std::vector<storage::Feedback>> get_feedbacks(std::string thread_id, Deadline deadline) override;
    Awaitable<bool> move_answer(std::string turn_id, std::string from, std::string to, Deadline deadline) override;
    Awaitable<storage::ActionClaim> begin_action(std::string turn_id, std::string action, std::string owner,
                                                 Duration hold_time, Deadline deadline) override;
    Awaitable<bool> keep_result(std::string turn_id, std::string action, std::string owner, std::string result,
                                Deadline deadline) override;
    Awaitable<void> end_action(std::string turn_id, std::string action, std::string owner, Deadline deadline) override;

 private:
    bool is_away(const std::string& method);
    template <class T>
    Awaitable<T> refuse();

    std::unique_ptr<storage::Storage> behind_;
    std::map<std::string, int> failures_;
    std::map<std::string, int> defects_;
    TimePoint presence_lost_at_ = TimePoint::min();
};

}  // namespace genie_slack::test
