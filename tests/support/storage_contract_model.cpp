// Random calls against a storage and against the simplest thing that could be right.
#include "core/random.hpp"
#include "tests/catch.hpp"
#include "tests/support/storage_session.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace genie_slack::test {

using namespace storage;

namespace storage_contract_model {

struct ModelTurn {
    Turn turn;
    std::uint64_t token = 0;  // 0: free
    bool live = false;        // the lease has not run out
};

struct Model {
    std::map<ThreadKey, Conversation> conversations;
    std::vector<ModelTurn> turns;  // in order of acceptance
    std::map<std::string, std::string> events;
    std::map<std::string, std::vector<Step>> steps;  // thread id -> in order of insertion
    std::map<std::string, Feedback> feedbacks;

    ModelTurn* find(const std::string& id) {
        for (ModelTurn& entry : turns)
            if (entry.turn.id == id)
                return &entry;
        return nullptr;
    }
    bool claimable(const ModelTurn& entry) const {
        if (is_final(entry.turn.state) || (entry.token != 0 && entry.live))
            return false;
        for (const ModelTurn& other : turns) {
            if (&other == &entry)
                return true;
            if (other.turn.thread == entry.turn.thread && !is_final(other.turn.state))
                return false;
        }
        return false;
    }
    bool is_taken(const Turn& turn) const {
        return !turn.message_id.empty() && std::any_of(turns.begin(), turns.end(), [&](const ModelTurn& entry) {
            return entry.turn.id != turn.id && entry.turn.conversation_id == turn.conversation_id &&
                   entry.turn.message_id == turn.message_id;
        });
    }
    std::vector<std::string> asked_messages(const std::string& conversation_id) const {
        std::vector<std::string> ids;
        for (auto entry = turns.rbegin(); entry != turns.rend(); ++entry)
            if (entry->turn.conversation_id == conversation_id && !entry->turn.message_id.empty())
                ids.push_back(entry->turn.message_id);
        return ids;
    }
    std::vector<std::string> recoverable() const {
        std::vector<std::string> ids;
        for (const ModelTurn& entry : turns)
            if (claimable(entry) && (entry.turn.state != TurnState::awaiting_space || !entry.turn.stopped_by.empty()))
                ids.push_back(entry.turn.id);
        return ids;
    }
    void write(const Step& step) {
        auto& thread = steps[step.thread_id];
        for (Step& stored : thread)
            if (stored.id == step.id) {
                const std::string created_at = stored.created_at;
                stored = step;
                stored.created_at = created_at;
                return;
            }
        thread.push_back(step);
    }
    std::vector<Step> in_order(const std::string& thread) {
        std::vector<Step> sorted;
        for (const Step& step : steps[thread]) {
            auto after = sorted.begin();
            while (after != sorted.end() && after->created_at <= step.created_at)
                ++after;
            sorted.insert(after, step);
        }
        return sorted;
    }
};

class Run {
 public:
    Run(StorageHarness& harness, std::uint64_t seed)
        : random_(seed), one_(harness), two_(harness, harness.other_process()) {}

    void step() {
        switch (random_.between(0, 16)) {
            case 0:
            case 1:
            case 2:
                return accept();
            case 3:
            case 4:
                return claim();
            case 5:
                return renew();
            case 6:
            case 7:
                return advance();
            case 8:
                return finish();
            case 9:
                return release();
            case 10:
                return converse();
            case 11:
                return update_conversation();
            case 12:
                return random_.between(0, 9) == 0 ? clear() : remove_conversation();
            case 13:
                return rate();
            case 14:
                return unrate();
            case 15:
                return stop();
            default:
                return look();
        }
    }

    void compare_everything() {
        for (int i = 0; i < kThreads; ++i)
            compare_thread(thread(i));
        for (const ModelTurn& entry : model_.turns)
            REQUIRE(session().get_turn(entry.turn.id) == entry.turn);
        REQUIRE(session().recoverable(1'000) == model_.recoverable());
    }

 private:
    static constexpr int kThreads = 6;

    StorageSession& session() { return random_.between(0, 1) == 0 ? one_ : two_; }
    static ThreadKey thread(int i) {
        return make_thread("C" + std::to_string(i % 3), "100.00000" + std::to_string(i % 2), i < 3 ? "T1" : "T2");
    }
    ThreadKey any_thread() { return thread(static_cast<int>(random_.between(0, kThreads - 1))); }
    ModelTurn* any_turn() {
        return model_.turns.empty() ? nullptr : &model_.turns[random_.between(0, model_.turns.size() - 1)];
    }
    // Never the same twice: the order of steps with one time is nobody's promise.
    std::string any_time() {
        const auto second = std::chrono::seconds(random_.between(0, 9));
        return format_utc(WallTime(std::chrono::microseconds(1'767'225'600'500'000)) + second + next_microsecond());
    }
    std::chrono::microseconds next_microsecond() { return std::chrono::microseconds(++microseconds_); }
    // The current lease of a turn, or one that was right before, or that never was.
    Lease any_lease(const ModelTurn& entry) {
        Lease lease;
        lease.turn_id = entry.turn.id;
        lease.owner = "owner";
        lease.token = entry.token;
        if (random_.between(0, 3) == 0)
            lease.token = random_.between(0, entry.token + 1);
        return lease;
    }
    static bool holds(const ModelTurn& entry, const Lease& lease) {
        return lease.token != 0 && lease.token == entry.token;
    }

    void accept() {
        const ThreadKey key = any_thread();
        Turn turn = make_turn(key, "101.0000" + std::to_string(10 + random_.between(0, 60)));
        turn.received_at += next_microsecond();
        const std::string event = random_.between(0, 3) == 0 ? "" : "Ev" + std::to_string(random_.between(0, 200));
        const Acceptance got = session().accept(turn, event);

        const auto event_key = key.team + event;
        ModelTurn* known = nullptr;
        if (!event.empty() && model_.events.count(event_key))
            known = model_.find(model_.events[event_key]);
        if (!known)
            for (ModelTurn& entry : model_.turns)
                if (entry.turn.thread.team == key.team && entry.turn.thread.channel == key.channel &&
                    entry.turn.question_ts == turn.question_ts)
                    known = &entry;
        REQUIRE(got.first == (known == nullptr));
        if (!known) {
            known = &model_.turns.emplace_back();
            known->turn = turn;
            for (const Step& step : question_rows(turn).steps)
                model_.write(step);
        }
        if (!event.empty())
            model_.events.emplace(event_key, known->turn.id);
        REQUIRE(got.turn == known->turn);
    }

    void claim() {
        ModelTurn* entry = any_turn();
        if (!entry)
            return;
        const bool live = random_.between(0, 1) == 0;
        const auto got = session().claim(entry->turn.id, "owner", live ? Duration(std::chrono::hours(1)) : Duration(0));
        REQUIRE(got.has_value() == model_.claimable(*entry));
        if (!got)
            return;
        REQUIRE(got->lease.token > last_tokens_[entry->turn.id]);
        last_tokens_[entry->turn.id] = entry->token = got->lease.token;
        entry->live = live;
        ++entry->turn.attempts;
        ++entry->turn.tries;
        REQUIRE(got->turn == entry->turn);
    }

    void renew() {
        ModelTurn* entry = any_turn();
        if (!entry)
            return;
        const Lease lease = any_lease(*entry);
        const bool live = random_.between(0, 1) == 0;
        REQUIRE(session().renew(lease, live ? Duration(std::chrono::hours(1)) : Duration(0)) == holds(*entry, lease));
        if (holds(*entry, lease))
            entry->live = live;
    }

    Turn changed(const Turn& turn) {
        Turn next = turn;
        next.state = static_cast<TurnState>(random_.between(0, 4));
        next.conversation_id = "conv" + std::to_string(random_.between(0, 9));
        next.message_id = random_.between(0, 1) == 0 ? "" : "message" + std::to_string(random_.between(0, 2));
        next.attempts = static_cast<int>(random_.between(0, 9));
        next.tries = static_cast<int>(random_.between(0, 9));
        if (random_.between(0, 1) == 0)
            next.progress_ts = "200." + turn.question_ts.substr(4) + std::to_string(random_.between(0, 3));
        next.answer_channel = random_.between(0, 1) == 0 ? "" : "D-" + turn.thread.channel;
        next.stopped_by = random_.between(0, 1) == 0 ? "" : "U5";
        return next;
    }

    ChatRows any_rows(const Turn& turn) {
        ChatRows rows;
        const char* roles[] = {"run", "tool", "assistant_message", "user_message"};
        for (std::uint64_t i = random_.between(0, 3); i > 0; --i)
            rows.steps.push_back(make_step(turn, roles[random_.between(0, 3)], any_time(), random_.uuid()));
        return rows;
    }

    void store(ModelTurn& entry, Turn next, const ChatRows& rows) {
        next.stopped_by = entry.turn.stopped_by;
        next.attempts = entry.turn.attempts;
        next.tries = next.state == entry.turn.state ? entry.turn.tries : 0;
        entry.turn = next;
        for (const Step& step : rows.steps)
            model_.write(step);
    }

    void advance() {
        ModelTurn* entry = any_turn();
        if (!entry)
            return;
        const Lease lease = any_lease(*entry);
        const Turn next = changed(entry->turn);
        const ChatRows rows = any_rows(next);
        if (holds(*entry, lease) && model_.is_taken(next)) {
            REQUIRE(session().refusal_of_advance(lease, next, rows) == StorageFault::invalid);
            return;
        }
        REQUIRE(session().advance(lease, next, rows) == holds(*entry, lease));
        if (holds(*entry, lease))
            store(*entry, next, rows);
    }

    void finish() {
        ModelTurn* entry = any_turn();
        if (!entry)
            return;
        const Lease lease = any_lease(*entry);
        Turn next = changed(entry->turn);
        next.state = random_.between(0, 1) == 0 ? TurnState::delivered : TurnState::failed;
        const ChatRows rows = any_rows(next);
        if (holds(*entry, lease) && model_.is_taken(next)) {
            REQUIRE(session().refusal_of_finish(lease, next) == StorageFault::invalid);
            return;
        }
        REQUIRE(session().finish(lease, next, rows) == holds(*entry, lease));
        if (holds(*entry, lease)) {
            store(*entry, next, rows);
            entry->token = 0;
        }
    }

    void release() {
        ModelTurn* entry = any_turn();
        if (!entry)
            return;
        const Lease lease = any_lease(*entry);
        session().release(lease);
        if (holds(*entry, lease)) {
            entry->token = 0;
            entry->turn.tries = std::max(0, entry->turn.tries - 1);
        }
    }

    void stop() {
        ModelTurn* entry = any_turn();
        if (!entry)
            return;
        const std::string user = "U" + std::to_string(random_.between(1, 2));
        if (!is_final(entry->turn.state) && entry->turn.stopped_by.empty())
            entry->turn.stopped_by = user;
        REQUIRE(session().request_stop(entry->turn.id, user) == entry->turn);
    }

    void converse() {
        const ThreadKey key = any_thread();
        const std::string room = "room" + std::to_string(random_.between(0, 2));
        session().set_conversation(key, room, "Room");
        Conversation& conversation = model_.conversations[key];
        if (conversation.genie_room_id != room)
            conversation.conversation_id.clear();
        conversation.genie_room_id = room;
    }

    void update_conversation() {
        const ThreadKey key = any_thread();
        const std::string id = random_.uuid();
        const auto found = model_.conversations.find(key);
        REQUIRE(session().update_conversation_id(key, id) == (found != model_.conversations.end()));
        if (found != model_.conversations.end())
            found->second.conversation_id = id;
    }

    void remove_conversation() {
        const ThreadKey key = any_thread();
        REQUIRE(session().delete_conversation(key) == (model_.conversations.erase(key) == 1));
    }

    void clear() {
        REQUIRE(session().clear_all_conversations() == model_.conversations.size());
        model_.conversations.clear();
    }

    Feedback any_feedback(const Turn& turn) {
        Feedback feedback;
        feedback.id = feedback_id(turn.id, "U" + std::to_string(random_.between(0, 1)));
        feedback.for_id = step_id(turn.id, "user_message");
        feedback.thread_id = thread_id(turn.thread);
        feedback.value = static_cast<int>(random_.between(0, 1));
        return feedback;
    }

    void rate() {
        ModelTurn* entry = any_turn();
        if (!entry)
            return;
        const Feedback feedback = any_feedback(entry->turn);
        const auto found = model_.feedbacks.find(feedback.id);
        const auto before = found == model_.feedbacks.end() ? std::nullopt : std::optional<int>(found->second.value);
        REQUIRE(session().set_feedback(feedback) == before);
        model_.feedbacks[feedback.id] = feedback;
    }

    void unrate() {
        ModelTurn* entry = any_turn();
        if (!entry)
            return;
        const Feedback feedback = any_feedback(entry->turn);
        REQUIRE(session().delete_feedback(feedback.id) == (model_.feedbacks.erase(feedback.id) == 1));
    }

    void look() {
        compare_thread(any_thread());
        if (ModelTurn* entry = any_turn()) {
            const Turn& turn = entry->turn;
            REQUIRE(session().get_turn(turn.id) == turn);
            if (!turn.progress_ts.empty())
                REQUIRE(session().find_turn_by_answer(turn.thread.team, answer_channel(turn), turn.progress_ts) ==
                        turn);
            REQUIRE(session().asked_messages(turn.conversation_id) == model_.asked_messages(turn.conversation_id));
        }
        const std::size_t limit = random_.between(0, 5);
        auto expected = model_.recoverable();
        expected.resize(std::min(limit, expected.size()));
        REQUIRE(session().recoverable(limit) == expected);
    }

    void compare_thread(const ThreadKey& key) {
        const auto got = session().get_conversation(key);
        const auto found = model_.conversations.find(key);
        REQUIRE(got.has_value() == (found != model_.conversations.end()));
        if (got) {
            REQUIRE(got->genie_room_id == found->second.genie_room_id);
            REQUIRE(got->conversation_id == found->second.conversation_id);
        }
        const bool asked = std::any_of(model_.turns.begin(), model_.turns.end(),
                                       [&](const ModelTurn& entry) { return entry.turn.thread == key; });
        REQUIRE(session().is_served(key) == (asked || got.has_value()));
        const auto newest = std::find_if(model_.turns.rbegin(), model_.turns.rend(),
                                         [&](const ModelTurn& entry) { return entry.turn.thread == key; });
        const auto got_newest = session().newest_turn(key);
        REQUIRE(got_newest.has_value() == asked);
        REQUIRE((!asked || *got_newest == newest->turn));
        const std::string id = thread_id(key);
        REQUIRE(session().get_steps(id) == model_.in_order(id));
        std::map<std::string, int> ratings;
        for (const Feedback& feedback : session().get_feedbacks(id))
            ratings[feedback.id] = feedback.value;
        std::map<std::string, int> expected;
        for (const auto& [feedback_key, feedback] : model_.feedbacks)
            if (feedback.thread_id == id)
                expected[feedback_key] = feedback.value;
        REQUIRE(ratings == expected);
    }

    Random random_;
    StorageSession one_;
    StorageSession two_;
    Model model_;
    std::int64_t microseconds_ = 0;
    std::map<std::string, std::uint64_t> last_tokens_;
};

}  // namespace storage_contract_model

void check_against_model(StorageHarness& harness, std::uint64_t seed, int operations) {
    INFO("seed " << seed);
    storage_contract_model::Run run(harness, seed);
    for (int i = 0; i < operations; ++i)
        run.step();
    run.compare_everything();
}

}  // namespace genie_slack::test
