// Storage as plain calls that wait for their answer, and rows to write. For tests of storage and of what uses it.
#pragma once

#include "tests/support/storage_contract.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace genie_slack::test {

namespace storage_session_detail {
template <class T>
boost::asio::awaitable<void> keep(boost::asio::awaitable<T> operation, std::optional<T>& outcome) {
    T value = co_await std::move(operation);
    outcome.emplace(std::move(value));
}
}  // namespace storage_session_detail

// The value of each call, or an exception with the storage's error text. `ask` gives the result itself.
class StorageSession {
 public:
    explicit StorageSession(StorageHarness& harness) : StorageSession(harness, harness.storage()) {}
    StorageSession(StorageHarness& harness, storage::Storage& storage) : harness_(harness), storage_(storage) {}

    template <class T>
    storage::StorageResult<T> ask(boost::asio::awaitable<storage::StorageResult<T>> operation) {
        std::optional<storage::StorageResult<T>> outcome;
        std::vector<boost::asio::awaitable<void>> tasks;
        tasks.push_back(storage_session_detail::keep(std::move(operation), outcome));
        harness_.run(std::move(tasks));
        return std::move(outcome.value());
    }

    std::optional<storage::Conversation> get_conversation(const storage::ThreadKey& thread);
    void set_conversation(const storage::ThreadKey& thread, const std::string& room, const std::string& name);
    bool update_conversation_id(const storage::ThreadKey& thread, const std::string& conversation_id);
    bool delete_conversation(const storage::ThreadKey& thread);
    std::size_t clear_all_conversations();
    bool is_served(const storage::ThreadKey& thread);

    storage::Acceptance accept(const storage::Turn& turn, const std::string& event_id = {});
    storage::Acceptance accept(const storage::Turn& turn, const std::string& event_id, storage::ChatRows rows);
    std::optional<storage::StorageFault> refusal_of_accept(const storage::Turn& turn, storage::ChatRows rows);
    std::optional<storage::Claim> claim(const std::string& turn_id, const std::string& owner = "one",
                                        Duration lease_time = std::chrono::hours(1));
    bool renew(const storage::Lease& lease, Duration lease_time);
    bool advance(const storage::Lease& lease, const storage::Turn& turn, storage::ChatRows rows = {});
    bool finish(const storage::Lease& lease, storage::Turn turn, storage::ChatRows rows = {});
    std::optional<storage::StorageFault> refusal_of_advance(const storage::Lease& lease, const storage::Turn& turn,
                                                            storage::ChatRows rows = {});
    std::optional<storage::StorageFault> refusal_of_finish(const storage::Lease& lease, const storage::Turn& turn);
    void release(const storage::Lease& lease);
    bool move_answer(const std::string& turn_id, const std::string& from, const std::string& to);
    storage::ActionClaim begin_action(const std::string& turn_id, const std::string& action, const std::string& owner,
                                      Duration hold_time = std::chrono::minutes(1));
    bool keep_result(const std::string& turn_id, const std::string& action, const std::string& owner,
                     const std::string& result);
    void end_action(const std::string& turn_id, const std::string& action, const std::string& owner);
    std::optional<storage::Turn> request_stop(const std::string& turn_id, const std::string& user);
    std::vector<std::string> recoverable(std::size_t limit = 100);
    std::optional<storage::Turn> get_turn(const std::string& turn_id);
    std::optional<storage::Turn> find_turn_by_answer(const std::string& team, const std::string& channel,
                                                     const std::string& ts);
    std::optional<storage::Turn> newest_turn(const storage::ThreadKey& thread);
    std::vector<storage::Turn> recent_turns(const std::string& team, const std::string& user, std::size_t limit);
    std::optional<storage::SpaceDefault> get_default_space(storage::DefaultOf kind, const std::string& team,
                                                           const std::string& id);
    void set_default_space(storage::DefaultOf kind, const std::string& team, const std::string& id,
                           const storage::SpaceDefault& space);
    storage::Usage usage();
    std::vector<Duration> answer_times(const std::string& space_id);
    std::vector<std::string> asked_messages(const std::string& conversation_id);
    void bury(const storage::Turn& turn, const std::string& reason);
    void sweep();
    Duration take_permit(int per_minute);
    void pause_questions(Duration duration);
    std::vector<storage::ChangedRating> changed_ratings();
    void note_told(const storage::ChangedRating& rating);
    std::optional<int> set_feedback(const storage::Feedback& feedback);
    std::optional<storage::StorageFault> refusal_of_feedback(const storage::Feedback& feedback);
    bool delete_feedback(const std::string& feedback_id);
    std::vector<storage::Step> get_steps(const std::string& thread_id, std::size_t most = 1'000);
    std::vector<storage::Feedback> get_feedbacks(const std::string& thread_id);

    // Claims a turn and finishes it as delivered.
    void deliver(const std::string& turn_id);

 private:
    StorageHarness& harness_;
    storage::Storage& storage_;
};

// A thread "TEAM/CHANNEL/100.000001" and a question in it.
storage::ThreadKey make_thread(const std::string& channel = "C1", const std::string& ts = "100.000001",
                               const std::string& team = "T1");
storage::Turn make_turn(const storage::ThreadKey& thread, const std::string& question_ts);
// What intake writes with a question: user, thread and the user_message step.
storage::ChatRows question_rows(const storage::Turn& turn);
storage::Step make_step(const storage::Turn& turn, const std::string& role, const std::string& created_at,
                        const std::string& output);

}  // namespace genie_slack::test
