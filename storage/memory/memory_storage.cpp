// Long because it has every call of Storage; what is more than a look-up stands in a file of its own beside it.
#include "storage/memory_storage.hpp"

#include "core/log.hpp"
#include "storage/memory/event_ids.hpp"
#include "storage/memory/question_budget.hpp"
#include "storage/memory/thread_table.hpp"
#include "storage/memory/usage_count.hpp"
#include "storage/rules.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>

namespace genie_slack::storage {

namespace {

using memory::ActionRecord;
using memory::EventIds;
using memory::QuestionBudget;
using memory::ThreadRecord;
using memory::ThreadTable;
using memory::TurnRecord;

StorageError invalid(std::string message) {
    return {StorageFault::invalid, std::move(message)};
}

constexpr std::size_t kMostSpaceDefaults = 100'000;

StorageError full() {
    return {StorageFault::full,
            "the local memory holds as many threads as it may, and every one has an unfinished question"};
}

// Users, threads and elements are written for other programs to read; here nobody could, so only steps are kept.
class MemoryStorage final : public Storage {
 public:
    explicit MemoryStorage(const MemoryLimits& limits)
        : events_(limits.event_ids, limits.event_id_life), threads_(limits) {}

    Awaitable<void> start(Deadline) override { co_return StorageResult<void>(); }
    Awaitable<void> check(Deadline) override { co_return StorageResult<void>(); }

    Awaitable<std::optional<Conversation>> get_conversation(ThreadKey key, Deadline) override {
        const ThreadRecord* thread = threads_.find(key);
        co_return thread ? thread->conversation : std::nullopt;
    }

    Awaitable<void> set_conversation(ThreadKey key, std::string genie_room_id, std::string genie_room_name,
                                     Deadline) override {
        ThreadRecord* thread = threads_.obtain(key);
        if (!thread)
            co_return full();
        const WallTime now = wall_now();
        if (!thread->conversation) {
            thread->conversation.emplace();
            thread->conversation->created_at = now;
        }
        Conversation& conversation = *thread->conversation;
        if (conversation.genie_room_id != genie_room_id)
            conversation.conversation_id.clear();
        conversation.genie_room_id = std::move(genie_room_id);
        conversation.genie_room_name = std::move(genie_room_name);
        conversation.updated_at = now;
        co_return StorageResult<void>();
    }

    Awaitable<bool> update_conversation_id(ThreadKey key, std::string conversation_id, Deadline) override {
        ThreadRecord* thread = threads_.find(key);
        if (!thread || !thread->conversation)
            co_return false;
        thread->conversation->conversation_id = std::move(conversation_id);
        thread->conversation->updated_at = wall_now();
        co_return true;
    }

    Awaitable<bool> delete_conversation(ThreadKey key, Deadline) override {
        ThreadRecord* thread = threads_.find(key);
        if (!thread || !thread->conversation)
            co_return false;
        threads_.remove_conversation(*thread);
        co_return true;
    }

    Awaitable<std::size_t> clear_all_conversations(Deadline) override { co_return threads_.remove_all_conversations(); }

    Awaitable<bool> is_served(ThreadKey key, Deadline) override {
        const ThreadRecord* thread = threads_.find(key);
        co_return thread && (thread->conversation || !thread->turns.empty());
    }

    Awaitable<Acceptance> accept(Turn turn, std::string event_id, ChatRows rows, Deadline) override {
        co_return record_question(std::move(turn), event_id, std::move(rows));
    }

    Awaitable<std::optional<Claim>> claim(std::string turn_id, std::string owner, Duration lease_time,
                                          Deadline) override {
        std::optional<Claim> claim;
        TurnRecord* record = threads_.find_turn(turn_id);
        if (!record || !claimable(*record))
            co_return claim;
        record->token = ++last_token_;
        record->owner = std::move(owner);
        record->lease_until = Clock::now() + lease_time;
        ++record->turn.attempts;
        ++record->turn.tries;

        claim.emplace();
        claim->lease.turn_id = record->turn.id;
        claim->lease.owner = record->owner;
        claim->lease.token = record->token;
        claim->turn = record->turn;
        co_return claim;
    }

    Awaitable<bool> renew(Lease lease, Duration lease_time, Deadline) override {
        TurnRecord* record = held(lease);
        if (record)
            record->lease_until = Clock::now() + lease_time;
        co_return record != nullptr;
    }

    Awaitable<bool> advance(Lease lease, Turn turn, ChatRows rows, Deadline) override {
        if (is_final(turn.state))
            co_return invalid("a turn reaches a final state by finish()");
        co_return store(lease, std::move(turn), std::move(rows));
    }

    Awaitable<bool> finish(Lease lease, Turn turn, ChatRows rows, Deadline) override {
        if (!is_final(turn.state))
            co_return invalid("a turn is finished by a final state");
        StorageResult<bool> stored = store(lease, std::move(turn), std::move(rows));
        if (stored && *stored)
            give_up(lease);
        co_return stored;
    }

    Awaitable<void> release(Lease lease, Deadline) override {
        if (TurnRecord* record = held(lease))
            record->turn.tries = std::max(0, record->turn.tries - 1);
        give_up(lease);
        co_return StorageResult<void>();
    }

    Awaitable<std::optional<Turn>> request_stop(std::string turn_id, std::string user, Deadline) override {
        TurnRecord* record = threads_.find_turn(turn_id);
        if (!record)
            co_return std::optional<Turn>();
        if (!is_final(record->turn.state) && record->turn.stopped_by.empty()) {
            Turn stopped = record->turn;
            stopped.stopped_by = std::move(user);
            threads_.store_turn(*record, std::move(stopped));
        }
        co_return std::optional<Turn>(record->turn);
    }

    Awaitable<bool> move_answer(std::string turn_id, std::string from, std::string to, Deadline) override {
        TurnRecord* record = threads_.find_turn(turn_id);
        if (!record || !is_final(record->turn.state))
            co_return false;
        if (record->turn.progress_ts == to)
            co_return true;
        const auto& owner = record->turn;
        if (from.empty() || owner.progress_ts != from ||
            threads_.find_answer(owner.thread.team, answer_channel(owner), from) != record)
            co_return false;
        Turn moved = owner;
        moved.progress_ts = std::move(to);
        threads_.store_turn(*record, std::move(moved));
        co_return true;
    }

    Awaitable<ActionClaim> begin_action(std::string turn_id, std::string action, std::string owner, Duration hold_time,
                                        Deadline) override {
        ActionClaim claim;
        TurnRecord* record = threads_.find_turn(turn_id);
        if (!record)
            co_return claim;
        ActionRecord& stored = record->actions[action];
        if (!stored.owner.empty() && stored.owner != owner && Clock::now() < stored.until)
            co_return claim;
        stored.owner = std::move(owner);
        stored.until = Clock::now() + hold_time;
        claim.granted = true;
        claim.result = stored.result;
        co_return claim;
    }

    Awaitable<bool> keep_result(std::string turn_id, std::string action, std::string owner, std::string result,
                                Deadline) override {
        ActionRecord* held = held_action(turn_id, action, owner);
        if (!held)
            co_return false;
        if (action == kShareAction)
            threads_.find_turn(turn_id)->turn.shared_ts = result;
        if (action == kDeletedAction)
            threads_.find_turn(turn_id)->turn.is_deleted = !result.empty();
        held->result = std::move(result);
        co_return true;
    }

    Awaitable<void> end_action(std::string turn_id, std::string action, std::string owner, Deadline) override {
        if (ActionRecord* held = held_action(turn_id, action, owner))
            held->owner.clear();
        co_return StorageResult<void>();
    }

    Awaitable<Recoverable> recoverable(std::size_t limit, Deadline) override {
        std::vector<const TurnRecord*> found;
        for (const ThreadRecord& thread : threads_.busy())
            if (claimable(*thread.open.front()))
                found.push_back(thread.open.front());
        std::sort(found.begin(), found.end(), [](const auto* a, const auto* b) { return a->sequence < b->sequence; });
        found.resize(std::min(limit, found.size()));
        Recoverable recoverable;
        for (const TurnRecord* record : found)
            recoverable.turn_ids.push_back(record->turn.id);
        co_return recoverable;
    }

    Awaitable<std::optional<Turn>> get_turn(std::string turn_id, Deadline) override {
        const TurnRecord* record = threads_.find_turn(turn_id);
        co_return record ? std::optional<Turn>(record->turn) : std::nullopt;
    }

    Awaitable<std::optional<Turn>> find_turn_by_answer(std::string team, std::string channel, std::string ts,
                                                       Deadline) override {
        const TurnRecord* record = threads_.find_answer(team, channel, ts);
        co_return record ? std::optional<Turn>(record->turn) : std::nullopt;
    }

    Awaitable<std::optional<Turn>> newest_turn(ThreadKey key, Deadline) override {
        const ThreadRecord* thread = threads_.find(key);
        co_return thread && !thread->turns.empty() ? std::optional<Turn>(thread->turns.back().turn) : std::nullopt;
    }

    Awaitable<std::vector<Turn>> recent_turns(std::string team, std::string user, std::size_t limit,
                                              Deadline) override {
        std::vector<const TurnRecord*> found;
        threads_.each_thread([&](const ThreadRecord& thread) {
            if (thread.key.team == team)
                for (const TurnRecord& record : thread.turns)
                    if (record.turn.user == user)
                        found.push_back(&record);
        });
        std::sort(found.begin(), found.end(), [](const auto* a, const auto* b) { return a->sequence > b->sequence; });
        found.resize(std::min({limit, kMostRecentTurns, found.size()}));
        std::vector<Turn> turns;
        turns.reserve(found.size());
        for (const TurnRecord* record : found)
            turns.push_back(record->turn);
        co_return turns;
    }

    Awaitable<std::optional<SpaceDefault>> get_default_space(DefaultOf kind, std::string team, std::string id,
                                                             Deadline) override {
        const auto found = space_defaults_.find(DefaultKey(kind, team, id));
        co_return found == space_defaults_.end() ? std::nullopt : std::optional<SpaceDefault>(found->second);
    }

    Awaitable<void> set_default_space(DefaultOf kind, std::string team, std::string id, SpaceDefault space,
                                      Deadline) override {
        const DefaultKey key(kind, std::move(team), std::move(id));
        if (space.space_id.empty())
            space_defaults_.erase(key);
        else if (space_defaults_.size() < kMostSpaceDefaults || space_defaults_.contains(key))
            space_defaults_[key] = std::move(space);
        else
            co_return StorageError(StorageFault::full, "the local memory holds as many default spaces as it may");
        co_return StorageResult<void>();
    }

    Awaitable<Usage> usage(Deadline) override { co_return memory::count_usage(threads_, wall_now()); }

    Awaitable<std::vector<Duration>> answer_times(std::string space_id, Deadline) override {
        co_return memory::answer_times(threads_, space_id);
    }

    Awaitable<std::vector<std::string>> asked_messages(std::string conversation_id, Deadline) override {
        std::vector<const TurnRecord*> found = threads_.with_message(conversation_id);
        std::sort(found.begin(), found.end(), [](const auto* a, const auto* b) { return a->sequence > b->sequence; });
        found.resize(std::min(kMostAskedMessages, found.size()));
        std::vector<std::string> ids;
        ids.reserve(found.size());
        for (const TurnRecord* record : found)
            ids.push_back(record->turn.message_id);
        co_return ids;
    }

    // Nobody can look into this memory: what would be a row is a line of the log.
    Awaitable<void> bury(Turn turn, std::string reason, Deadline) override {
        log::error("storage.memory.turn_buried", {{"turn", turn.id}, {"reason", reason}});
        co_return StorageResult<void>();
    }

    // Event ids leave by their age, whenever one is looked for.
    Awaitable<void> sweep(Deadline) override { co_return StorageResult<void>(); }

    Awaitable<Duration> take_permit(int per_minute, Deadline) override { co_return budget_.take(per_minute); }

    Awaitable<void> pause_questions(Duration duration, Deadline) override {
        budget_.pause(bounded_pause(duration));
        co_return StorageResult<void>();
    }

    Awaitable<std::optional<int>> set_feedback(Feedback feedback, Deadline) override {
        if (auto problem = problem_of(feedback))
            co_return std::move(*problem);
        ThreadRecord* thread = threads_.find_by_id(feedback.thread_id);
        if (!thread || !thread->has_row)
            co_return std::nullopt;
        co_return threads_.store_feedback(*thread, std::move(feedback));
    }

    Awaitable<bool> delete_feedback(std::string feedback_id, Deadline) override {
        co_return threads_.remove_feedback(feedback_id);
    }

    // Nobody else writes here.
    Awaitable<std::vector<ChangedRating>> changed_ratings(Deadline) override { co_return std::vector<ChangedRating>(); }
    Awaitable<void> note_told(ChangedRating, Deadline) override { co_return StorageResult<void>(); }

    Awaitable<std::vector<Step>> get_steps(std::string thread_id, std::size_t most, Deadline) override {
        const ThreadRecord* thread = threads_.find_by_id(thread_id);
        std::vector<Step> steps;
        if (thread)
            steps = in_order(thread->steps);
        if (steps.size() > most)
            steps.erase(steps.begin(), steps.end() - static_cast<std::ptrdiff_t>(most));
        co_return steps;
    }

    Awaitable<std::vector<Feedback>> get_feedbacks(std::string thread_id, Deadline) override {
        const ThreadRecord* thread = threads_.find_by_id(thread_id);
        std::vector<Feedback> feedbacks;
        if (thread)
            feedbacks = thread->feedbacks;
        co_return feedbacks;
    }

 private:
    ActionRecord* held_action(const std::string& turn_id, const std::string& action, const std::string& owner) {
        TurnRecord* record = threads_.find_turn(turn_id);
        if (!record)
            return nullptr;
        const auto found = record->actions.find(action);
        return found == record->actions.end() || found->second.owner != owner ? nullptr : &found->second;
    }
    StorageResult<Acceptance> record_question(Turn turn, const std::string& event_id, ChatRows rows) {
        Acceptance acceptance;
        if (const std::string* known_id = events_.find(turn.thread.team, event_id)) {
            acceptance.turn = repeated(*known_id, std::move(turn));
            return acceptance;
        }
        if (const TurnRecord* known = threads_.find_question(turn.thread.team, turn.thread.channel, turn.question_ts)) {
            remember(turn.thread.team, event_id, known->turn.id);
            acceptance.turn = known->turn;
            return acceptance;
        }
        if (turn.id.empty() || turn.question_ts.empty() || threads_.find_turn(turn.id))
            return invalid("a new turn needs a question_ts and an id of its own");
        if (threads_.message_owner(turn.conversation_id, turn.message_id))
            return message_is_taken();
        const ThreadRecord* known_thread = threads_.find(turn.thread);
        if (known_thread && !turn.replaces.empty())
            for (const TurnRecord& record : known_thread->turns)
                if (record.turn.replaces == turn.replaces) {
                    acceptance.turn = record.turn;
                    return acceptance;
                }
        if (auto problem = problem_of_rows(rows, thread_id(turn.thread), known_thread && known_thread->has_row))
            return std::move(*problem);
        ThreadRecord* thread = threads_.obtain(turn.thread);
        if (!thread)
            return full();

        remember(turn.thread.team, event_id, turn.id);
        turn.attempts = 0;
        turn.tries = 0;
        turn.stopped_by.clear();
        turn.shared_ts.clear();
        turn.is_deleted = false;
        acceptance.first = true;
        acceptance.turn = threads_.add_turn(*thread, std::move(turn)).turn;
        store_rows(*thread, std::move(rows));
        return acceptance;
    }

    // Finds the stored turn of an event that came before. Only finished turns leave memory, so a forgotten one is over.
    Turn repeated(const std::string& known_id, Turn incoming) {
        if (const TurnRecord* known = threads_.find_turn(known_id))
            return known->turn;
        incoming.id = known_id;
        incoming.state = TurnState::delivered;
        return incoming;
    }

    void remember(const std::string& team, const std::string& event_id, const std::string& turn_id) {
        threads_.drops().event_ids_dropped(events_.remember(team, event_id, turn_id));
    }

    static std::optional<StorageError> problem_of_rows(const ChatRows& rows, const std::string& thread_id,
                                                       bool has_row) {
        for (const Thread& row : rows.threads)
            has_row = has_row || row.id == thread_id;
        if (!rows.steps.empty() && !has_row)
            return invalid("a step needs the row of its thread, written before or together with it");
        return problem_of(rows, thread_id);
    }

    void store_rows(ThreadRecord& thread, ChatRows rows) {
        for (const Thread& row : rows.threads)
            thread.has_row = thread.has_row || row.id == thread.id;
        for (Step& step : rows.steps)
            threads_.store_step(thread, std::move(step));
    }

    static std::vector<Step> in_order(const std::vector<Step>& inserted) {
        std::vector<const Step*> order;
        for (const Step& step : inserted)
            order.push_back(&step);
        std::sort(order.begin(), order.end(), [](const Step* a, const Step* b) {
            return a->created_at != b->created_at ? a->created_at < b->created_at : std::less<>()(a, b);
        });
        std::vector<Step> steps;
        steps.reserve(order.size());
        for (const Step* step : order)
            steps.push_back(*step);
        return steps;
    }

    static bool claimable(const TurnRecord& record) {
        return !is_final(record.turn.state) && record.thread->open.front() == &record &&
               !record.leased_at(Clock::now());
    }

    TurnRecord* held(const Lease& lease) {
        TurnRecord* record = threads_.find_turn(lease.turn_id);
        return record && lease.token != 0 && record->token == lease.token ? record : nullptr;
    }

    void give_up(const Lease& lease) {
        if (TurnRecord* record = held(lease)) {
            record->token = 0;
            record->owner.clear();
        }
    }

    StorageResult<bool> store(const Lease& lease, Turn turn, ChatRows rows) {
        TurnRecord* record = held(lease);
        if (!record)
            return false;
        const Turn& stored = record->turn;
        if (turn.id != stored.id || turn.thread != stored.thread || turn.question_ts != stored.question_ts)
            return invalid("id, thread and question_ts of a turn do not change");
        ThreadRecord& thread = *record->thread;
        if (auto problem = problem_of_rows(rows, thread.id, thread.has_row))
            return std::move(*problem);
        const TurnRecord* owner = threads_.message_owner(turn.conversation_id, turn.message_id);
        if (owner && owner != record)
            return message_is_taken();
        turn.attempts = stored.attempts;
        turn.tries = turn.state == stored.state ? stored.tries : 0;
        turn.stopped_by = stored.stopped_by;
        turn.shared_ts = stored.shared_ts;
        turn.is_deleted = stored.is_deleted;
        threads_.store_turn(*record, std::move(turn));
        store_rows(thread, std::move(rows));
        return true;
    }

    using DefaultKey = std::tuple<DefaultOf, std::string, std::string>;  // team, id

    EventIds events_;
    ThreadTable threads_;
    QuestionBudget budget_;
    std::map<DefaultKey, SpaceDefault> space_defaults_;
    std::uint64_t last_token_ = 0;
};

}  // namespace

std::unique_ptr<Storage> create_memory_storage(MemoryLimits limits) {
    return std::make_unique<MemoryStorage>(limits);
}

}  // namespace genie_slack::storage
