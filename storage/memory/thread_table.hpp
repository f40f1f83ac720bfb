// The threads in memory with everything that hangs on them, their indexes, and who leaves when there is no room.
#pragma once

#include "storage/memory/drop_log.hpp"
#include "storage/memory_storage.hpp"

#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace genie_slack::storage::memory {

struct ThreadRecord;

// What people do with the turn's answer.
struct ActionRecord {
    std::string owner;  // "" for nobody
    TimePoint until{};
    std::string result;
};

struct TurnRecord {
    Turn turn;
    ThreadRecord* thread = nullptr;
    std::uint64_t sequence = 0;  // order of acceptance
    std::string owner;
    std::uint64_t token = 0;  // 0: nobody holds it
    TimePoint lease_until{};
    std::map<std::string, ActionRecord> actions;

    bool leased_at(TimePoint now) const { return token != 0 && now < lease_until; }
};

struct ThreadRecord {
    ThreadKey key;
    std::string id;  // thread_id(key)
    std::optional<Conversation> conversation;
    bool has_row = false;          // a row of the threads table was written
    std::deque<TurnRecord> turns;  // in order of acceptance; never shrinks
    std::deque<TurnRecord*> open;  // the unfinished ones of them
    std::vector<Step> steps;       // in order of insertion
    std::unordered_map<std::string, std::size_t> step_positions;
    std::vector<Feedback> feedbacks;
    std::unordered_map<std::string, WallTime> rated_at;  // by feedback id
    TimePoint used{};
    std::size_t bytes = 0;
    bool is_busy = false;  // which of the two lists it is in
};

// A thread is busy while we owe it an answer, and idle when all its turns have ended or the oldest one waits for the
// person to choose a space; only idle threads leave. Every find counts as use.
class ThreadTable {
 public:
    explicit ThreadTable(const MemoryLimits& limits) : limits_(limits) {}
    ThreadTable(const ThreadTable&) = delete;
    ThreadTable& operator=(const ThreadTable&) = delete;

    ThreadRecord* find(const ThreadKey& key);
    ThreadRecord* find_by_id(const std::string& thread_id);
    TurnRecord* find_turn(const std::string& turn_id);
    TurnRecord* find_question(const std::string& team, const std::string& channel, const std::string& ts);
    TurnRecord* find_answer(const std::string& team, const std::string& channel, const std::string& ts);

    // The turn that has that message of Genie's. Looking is no use of its thread.
    const TurnRecord* message_owner(const std::string& conversation_id, const std::string& message_id) const;
    // Those of the conversation, in no particular order. Looking is no use of their threads.
    std::vector<const TurnRecord*> with_message(const std::string& conversation_id) const;

    // The thread, new or known; nullptr when there is no room and nothing may leave.
    ThreadRecord* obtain(const ThreadKey& key);
    // Adds a turn that was not there.
    TurnRecord& add_turn(ThreadRecord& thread, Turn turn);
    // Replaces the turn; id, thread and question_ts must be the same, and no other turn may have its message.
    void store_turn(TurnRecord& record, Turn turn);
    // By id; a step's first created_at stays.
    void store_step(ThreadRecord& thread, Step step);
    // By id. Returns the value before, nothing for a new one.
    std::optional<int> store_feedback(ThreadRecord& thread, Feedback feedback);
    bool remove_feedback(const std::string& feedback_id);
    void remove_conversation(ThreadRecord& thread);
    std::size_t remove_all_conversations();

    // All threads, in no particular order. Looking is no use.
    template <class Look>
    void each_thread(Look look) const {
        for (const std::list<ThreadRecord>* list : {&idle_, &busy_})
            for (const ThreadRecord& thread : *list)
                look(thread);
    }

    // The busy threads, in no particular order.
    const std::list<ThreadRecord>& busy() const { return busy_; }
    DropLog& drops() { return drops_; }

 private:
    using List = std::list<ThreadRecord>;
    using SlackTs = std::tuple<std::string, std::string, std::string>;  // team, channel, ts

    using Message = std::pair<std::string, std::string>;  // conversation id, message id

    ThreadRecord* use(ThreadRecord* thread);
    TurnRecord* use(TurnRecord* turn);
    void place(ThreadRecord& thread);
    void grow(ThreadRecord& thread, std::size_t before, std::size_t after);
    // Lets idle threads other than `keep` leave until `added` more threads fit; false when they still do not.
    bool make_room(std::size_t added, const ThreadRecord* keep);
    void forget_answer(TurnRecord& record);
    void drop(ThreadRecord& thread);

    MemoryLimits limits_;
    std::size_t bytes_ = 0;
    std::uint64_t sequence_ = 0;
    List idle_;  // the least recently used one last
    List busy_;
    std::map<ThreadKey, List::iterator> by_key_;
    std::unordered_map<std::string, ThreadRecord*> by_id_;
    std::unordered_map<std::string, TurnRecord*> turns_;
    std::map<SlackTs, TurnRecord*> questions_;
    std::map<SlackTs, TurnRecord*> answers_;
    std::map<Message, TurnRecord*> messages_;
    std::unordered_map<std::string, ThreadRecord*> feedbacks_;
    DropLog drops_;
};

}  // namespace genie_slack::storage::memory
