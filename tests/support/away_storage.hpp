// Storage that is out of reach where a test says so; everything else goes to the storage behind it.
#pragma once

#include "storage/storage.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace genie_slack::test {

class AwayStorage final : public storage::Storage {
 public:
    explicit AwayStorage(std::unique_ptr<storage::Storage> behind) : behind_(std::move(behind)) {}

    // The next `times` calls of that method fail, and write nothing.
    void fail(const std::string& method, int times) { failures_[method] = times; }
    // What the next look for ratings of Chainlit finds.
    std::vector<storage::ChangedRating> changed_elsewhere;
    // From now on nobody may have seen this process for a moment.
    void lose_presence() { presence_lost_at_ = Clock::now(); }
    TimePoint presence_lost_at() const override { return presence_lost_at_; }
    void on_others(std::function<void()> told) override { behind_->on_others(std::move(told)); }
    storage::Hearing hearing() const override { return behind_->hearing(); }
    // How many of them are still to come.
    int failures_left(const std::string& method) const {
        const auto found = failures_.find(method);
        return found == failures_.end() ? 0 : found->second;
    }

    Awaitable<void> start(Deadline deadline) override {
        return is_away("start") ? refuse<void>() : behind_->start(deadline);
    }
    Awaitable<void> check(Deadline deadline) override {
        return is_away("check") ? refuse<void>() : behind_->check(deadline);
    }
    Awaitable<std::optional<storage::Conversation>> get_conversation(storage::ThreadKey thread,
                                                                     Deadline deadline) override {
        return is_away("get_conversation") ? refuse<std::optional<storage::Conversation>>()
                                           : behind_->get_conversation(std::move(thread), deadline);
    }
    Awaitable<void> set_conversation(storage::ThreadKey thread, std::string genie_room_id, std::string genie_room_name,
                                     Deadline deadline) override {
        return is_away("set_conversation") ? refuse<void>()
                                           : behind_->set_conversation(std::move(thread), std::move(genie_room_id),
                                                                       std::move(genie_room_name), deadline);
    }
    Awaitable<bool> update_conversation_id(storage::ThreadKey thread, std::string conversation_id,
                                           Deadline deadline) override {
        return is_away("update_conversation_id")
                   ? refuse<bool>()
                   : behind_->update_conversation_id(std::move(thread), std::move(conversation_id), deadline);
    }
    Awaitable<bool> delete_conversation(storage::ThreadKey thread, Deadline deadline) override {
        return is_away("delete_conversation") ? refuse<bool>()
                                              : behind_->delete_conversation(std::move(thread), deadline);
    }
    Awaitable<std::size_t> clear_all_conversations(Deadline deadline) override {
        return is_away("clear_all_conversations") ? refuse<std::size_t>() : behind_->clear_all_conversations(deadline);
    }
    Awaitable<bool> is_served(storage::ThreadKey thread, Deadline deadline) override {
        return is_away("is_served") ? refuse<bool>() : behind_->is_served(std::move(thread), deadline);
    }
    Awaitable<storage::Acceptance> accept(storage::Turn turn, std::string event_id, storage::ChatRows rows,
                                          Deadline deadline) override {
        return is_away("accept") ? refuse<storage::Acceptance>()
                                 : behind_->accept(std::move(turn), std::move(event_id), std::move(rows), deadline);
    }
    Awaitable<std::optional<storage::Claim>> claim(std::string turn_id, std::string owner, Duration lease_time,
                                                   Deadline deadline) override {
        return is_away("claim") ? refuse<std::optional<storage::Claim>>()
                                : behind_->claim(std::move(turn_id), std::move(owner), lease_time, deadline);
    }
    Awaitable<bool> renew(storage::Lease lease, Duration lease_time, Deadline deadline) override {
        return is_away("renew") ? refuse<bool>() : behind_->renew(std::move(lease), lease_time, deadline);
    }
    Awaitable<bool> advance(storage::Lease lease, storage::Turn turn, storage::ChatRows rows,
                            Deadline deadline) override {
        return is_away("advance") ? refuse<bool>()
                                  : behind_->advance(std::move(lease), std::move(turn), std::move(rows), deadline);
    }
    Awaitable<bool> finish(storage::Lease lease, storage::Turn turn, storage::ChatRows rows,
                           Deadline deadline) override {
        return is_away("finish") ? refuse<bool>()
                                 : behind_->finish(std::move(lease), std::move(turn), std::move(rows), deadline);
    }
    Awaitable<void> release(storage::Lease lease, Deadline deadline) override {
        return is_away("release") ? refuse<void>() : behind_->release(std::move(lease), deadline);
    }
    Awaitable<std::optional<storage::Turn>> request_stop(std::string turn_id, std::string user,
                                                         Deadline deadline) override {
        return is_away("request_stop") ? refuse<std::optional<storage::Turn>>()
                                       : behind_->request_stop(std::move(turn_id), std::move(user), deadline);
    }
    Awaitable<storage::Recoverable> recoverable(std::size_t limit, Deadline deadline) override {
        return is_away("recoverable") ? refuse<storage::Recoverable>() : behind_->recoverable(limit, deadline);
    }
    Awaitable<std::optional<storage::Turn>> get_turn(std::string turn_id, Deadline deadline) override {
        return is_away("get_turn") ? refuse<std::optional<storage::Turn>>()
                                   : behind_->get_turn(std::move(turn_id), deadline);
    }
    Awaitable<std::optional<storage::Turn>> find_turn_by_answer(std::string team, std::string channel, std::string ts,
                                                                Deadline deadline) override {
        return is_away("find_turn_by_answer")
                   ? refuse<std::optional<storage::Turn>>()
                   : behind_->find_turn_by_answer(std::move(team), std::move(channel), std::move(ts), deadline);
    }
    Awaitable<std::optional<storage::Turn>> newest_turn(storage::ThreadKey thread, Deadline deadline) override {
        return is_away("newest_turn") ? refuse<std::optional<storage::Turn>>()
                                      : behind_->newest_turn(std::move(thread), deadline);
    }
    Awaitable<std::vector<storage::Turn>> recent_turns(std::string team, std::string user, std::size_t limit,
                                                       Deadline deadline) override {
        return is_away("recent_turns") ? refuse<std::vector<storage::Turn>>()
                                       : behind_->recent_turns(std::move(team), std::move(user), limit, deadline);
    }
    Awaitable<std::optional<storage::SpaceDefault>> get_default_space(storage::DefaultOf kind, std::string team,
                                                                      std::string id, Deadline deadline) override {
        return is_away("get_default_space")
                   ? refuse<std::optional<storage::SpaceDefault>>()
                   : behind_->get_default_space(kind, std::move(team), std::move(id), deadline);
    }
    Awaitable<void> set_default_space(storage::DefaultOf kind, std::string team, std::string id,
                                      storage::SpaceDefault space, Deadline deadline) override {
        return is_away("set_default_space")
                   ? refuse<void>()
                   : behind_->set_default_space(kind, std::move(team), std::move(id), std::move(space), deadline);
    }
    Awaitable<storage::Usage> usage(Deadline deadline) override {
        return is_away("usage") ? refuse<storage::Usage>() : behind_->usage(deadline);
    }
    Awaitable<std::vector<std::string>> asked_messages(std::string conversation_id, Deadline deadline) override {
        return is_away("asked_messages") ? refuse<std::vector<std::string>>()
                                         : behind_->asked_messages(std::move(conversation_id), deadline);
    }
    Awaitable<void> bury(storage::Turn turn, std::string reason, Deadline deadline) override {
        return is_away("bury") ? refuse<void>() : behind_->bury(std::move(turn), std::move(reason), deadline);
    }
    Awaitable<void> sweep(Deadline deadline) override {
        return is_away("sweep") ? refuse<void>() : behind_->sweep(deadline);
    }
    Awaitable<Duration> take_permit(int per_minute, Deadline deadline) override {
        return is_away("take_permit") ? refuse<Duration>() : behind_->take_permit(per_minute, deadline);
    }
    Awaitable<void> pause_questions(Duration duration, Deadline deadline) override {
        return is_away("pause_questions") ? refuse<void>() : behind_->pause_questions(duration, deadline);
    }
    Awaitable<std::vector<storage::ChangedRating>> changed_ratings(Deadline) override {
        co_return std::exchange(changed_elsewhere, {});
    }
    Awaitable<std::optional<int>> set_feedback(storage::Feedback feedback, Deadline deadline) override {
        return is_away("set_feedback") ? refuse<std::optional<int>>()
                                       : behind_->set_feedback(std::move(feedback), deadline);
    }
    Awaitable<bool> delete_feedback(std::string feedback_id, Deadline deadline) override {
        return is_away("delete_feedback") ? refuse<bool>() : behind_->delete_feedback(std::move(feedback_id), deadline);
    }
    Awaitable<std::vector<storage::Step>> get_steps(std::string thread_id, std::size_t most,
                                                    Deadline deadline) override {
        return is_away("get_steps") ? refuse<std::vector<storage::Step>>()
                                    : behind_->get_steps(std::move(thread_id), most, deadline);
    }
    Awaitable<std::vector<storage::Feedback>> get_feedbacks(std::string thread_id, Deadline deadline) override {
        return is_away("get_feedbacks") ? refuse<std::vector<storage::Feedback>>()
                                        : behind_->get_feedbacks(std::move(thread_id), deadline);
    }
    Awaitable<bool> move_answer(std::string turn_id, std::string from, std::string to, Deadline deadline) override {
        return is_away("move_answer")
                   ? refuse<bool>()
                   : behind_->move_answer(std::move(turn_id), std::move(from), std::move(to), deadline);
    }
    Awaitable<storage::ActionClaim> begin_action(std::string turn_id, std::string action, std::string owner,
                                                 Duration hold_time, Deadline deadline) override {
        return is_away("begin_action") ? refuse<storage::ActionClaim>()
                                       : behind_->begin_action(std::move(turn_id), std::move(action), std::move(owner),
                                                               hold_time, deadline);
    }
    Awaitable<bool> keep_result(std::string turn_id, std::string action, std::string owner, std::string result,
                                Deadline deadline) override {
        return is_away("keep_result") ? refuse<bool>()
                                      : behind_->keep_result(std::move(turn_id), std::move(action), std::move(owner),
                                                             std::move(result), deadline);
    }
    Awaitable<void> end_action(std::string turn_id, std::string action, std::string owner, Deadline deadline) override {
        return is_away("end_action")
                   ? refuse<void>()
                   : behind_->end_action(std::move(turn_id), std::move(action), std::move(owner), deadline);
    }

 private:
    bool is_away(const std::string& method) {
        const auto found = failures_.find(method);
        if (found == failures_.end() || found->second == 0)
            return false;
        --found->second;
        return true;
    }
    template <class T>
    Awaitable<T> refuse() {
        co_return storage::StorageError(storage::ErrorKind::unavailable, "away, says the test");
    }

    std::unique_ptr<storage::Storage> behind_;
    std::map<std::string, int> failures_;
    TimePoint presence_lost_at_ = TimePoint::min();
};

}  // namespace genie_slack::test
