#include "storage/memory/thread_table.hpp"

#include <boost/json/value.hpp>

#include <algorithm>

namespace genie_slack::storage::memory {

namespace {

// A record costs this much beside its texts: nodes, indexes, short strings.
constexpr std::size_t kThreadBytes = 1'000;
constexpr std::size_t kTurnBytes = 1'500;
constexpr std::size_t kStepBytes = 600;
constexpr std::size_t kFeedbackBytes = 400;

std::size_t bytes_of(const boost::json::value& value) {
    std::size_t bytes = sizeof value;
    if (const auto* object = value.if_object())
        for (const auto& member : *object)
            bytes += member.key().size() + bytes_of(member.value());
    else if (const auto* array = value.if_array())
        for (const auto& item : *array)
            bytes += bytes_of(item);
    else if (const auto* text = value.if_string())
        bytes += text->size();
    return bytes;
}

std::size_t bytes_of(const Turn& turn) {
    return kTurnBytes + turn.question.size() + turn.failure.size();
}

std::size_t bytes_of(const Feedback& feedback) {
    return kFeedbackBytes + feedback.comment.size();
}

std::size_t bytes_of(const Step& step) {
    std::size_t bytes = kStepBytes + step.input.size() + step.output.size();
    for (const auto& member : step.metadata)
        bytes += member.key().size() + bytes_of(member.value());
    return bytes;
}

}  // namespace

ThreadRecord* ThreadTable::find(const ThreadKey& key) {
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? nullptr : use(&*found->second);
}

ThreadRecord* ThreadTable::find_by_id(const std::string& thread_id) {
    const auto found = by_id_.find(thread_id);
    return found == by_id_.end() ? nullptr : use(found->second);
}

TurnRecord* ThreadTable::find_turn(const std::string& turn_id) {
    const auto found = turns_.find(turn_id);
    return found == turns_.end() ? nullptr : use(found->second);
}

TurnRecord* ThreadTable::find_question(const std::string& team, const std::string& channel, const std::string& ts) {
    const auto found = questions_.find(SlackTs(team, channel, ts));
    return found == questions_.end() ? nullptr : use(found->second);
}

TurnRecord* ThreadTable::find_answer(const std::string& team, const std::string& channel, const std::string& ts) {
    const auto found = answers_.find(SlackTs(team, channel, ts));
    return found == answers_.end() ? nullptr : use(found->second);
}

const TurnRecord* ThreadTable::message_owner(const std::string& conversation_id, const std::string& message_id) const {
    const auto found = messages_.find(Message(conversation_id, message_id));
    return found == messages_.end() ? nullptr : found->second;
}

std::vector<const TurnRecord*> ThreadTable::with_message(const std::string& conversation_id) const {
    std::vector<const TurnRecord*> found;
    for (auto at = messages_.lower_bound(Message(conversation_id, ""));
         at != messages_.end() && at->first.first == conversation_id; ++at)
        found.push_back(at->second);
    return found;
}

ThreadRecord* ThreadTable::obtain(const ThreadKey& key) {
    if (ThreadRecord* known = find(key))
        return make_room(0, known) ? known : nullptr;
    if (!make_room(1, nullptr))
        return nullptr;
    idle_.emplace_front();
    ThreadRecord& thread = idle_.front();
    thread.key = key;
    thread.id = thread_id(key);
    thread.used = Clock::now();
    by_key_.emplace(key, idle_.begin());
    by_id_.emplace(thread.id, &thread);
    grow(thread, 0, kThreadBytes);
    return &thread;
}

TurnRecord& ThreadTable::add_turn(ThreadRecord& thread, Turn turn) {
    TurnRecord& record = thread.turns.emplace_back();
    record.thread = &thread;
    record.sequence = ++sequence_;
    record.turn.id = turn.id;
    turns_.emplace(turn.id, &record);
    questions_.emplace(SlackTs(thread.key.team, thread.key.channel, turn.question_ts), &record);
    thread.open.push_back(&record);
    grow(thread, 0, bytes_of(record.turn));
    store_turn(record, std::move(turn));
    return record;
}

void ThreadTable::store_turn(TurnRecord& record, Turn turn) {
    ThreadRecord& thread = *record.thread;
    grow(thread, bytes_of(record.turn), bytes_of(turn));
    if (record.turn.progress_ts != turn.progress_ts || answer_channel(record.turn) != answer_channel(turn)) {
        forget_answer(record);
        if (!turn.progress_ts.empty()) {
            TurnRecord*& owner = answers_[SlackTs(thread.key.team, answer_channel(turn), turn.progress_ts)];
            if (!owner || owner->sequence < record.sequence)
                owner = &record;
        }
    }
    if (!record.turn.message_id.empty())
        messages_.erase(Message(record.turn.conversation_id, record.turn.message_id));
    if (!turn.message_id.empty())
        messages_.emplace(Message(turn.conversation_id, turn.message_id), &record);
    record.turn = std::move(turn);
    if (is_final(record.turn.state))
        std::erase(thread.open, &record);
    place(thread);
}

void ThreadTable::store_step(ThreadRecord& thread, Step step) {
    const auto [position, is_new] = thread.step_positions.emplace(step.id, thread.steps.size());
    if (is_new) {
        grow(thread, 0, bytes_of(step));
        thread.steps.push_back(std::move(step));
        return;
    }
    Step& stored = thread.steps[position->second];
    grow(thread, bytes_of(stored), bytes_of(step));
    step.created_at = std::move(stored.created_at);
    stored = std::move(step);
}

std::optional<int> ThreadTable::store_feedback(ThreadRecord& thread, Feedback feedback) {
    const auto known = feedbacks_.find(feedback.id);
    if (known == feedbacks_.end() || known->second != &thread) {
        remove_feedback(feedback.id);
        feedbacks_.emplace(feedback.id, &thread);
        thread.rated_at[feedback.id] = wall_now();
        grow(thread, 0, bytes_of(feedback));
        thread.feedbacks.push_back(std::move(feedback));
        return std::nullopt;
    }
    Feedback& stored = *std::find_if(thread.feedbacks.begin(), thread.feedbacks.end(),
                                     [&](const Feedback& other) { return other.id == feedback.id; });
    const int before = stored.value;
    grow(thread, bytes_of(stored), bytes_of(feedback));
    stored = std::move(feedback);
    return before;
}

bool ThreadTable::remove_feedback(const std::string& feedback_id) {
    const auto known = feedbacks_.find(feedback_id);
    if (known == feedbacks_.end())
        return false;
    ThreadRecord& thread = *known->second;
    feedbacks_.erase(known);
    const auto stored = std::find_if(thread.feedbacks.begin(), thread.feedbacks.end(),
                                     [&](const Feedback& other) { return other.id == feedback_id; });
    grow(thread, bytes_of(*stored), 0);
    thread.feedbacks.erase(stored);
    thread.rated_at.erase(feedback_id);
    use(&thread);
    return true;
}

void ThreadTable::remove_conversation(ThreadRecord& thread) {
    thread.conversation.reset();
    if (thread.turns.empty())
        drop(thread);
}

std::size_t ThreadTable::remove_all_conversations() {
    std::vector<ThreadRecord*> with_conversation;
    for (List* list : {&idle_, &busy_})
        for (ThreadRecord& thread : *list)
            if (thread.conversation)
                with_conversation.push_back(&thread);
    for (ThreadRecord* thread : with_conversation)
        remove_conversation(*thread);
    return with_conversation.size();
}

ThreadRecord* ThreadTable::use(ThreadRecord* thread) {
    thread->used = Clock::now();
    place(*thread);
    return thread;
}

TurnRecord* ThreadTable::use(TurnRecord* turn) {
    use(turn->thread);
    return turn;
}

void ThreadTable::place(ThreadRecord& thread) {
    const auto position = by_key_.at(thread.key);
    List& from = thread.is_busy ? busy_ : idle_;
    const bool is_busy = !thread.open.empty() && !waits_for_choice(thread.open.front()->turn);
    List& to = is_busy ? busy_ : idle_;
    to.splice(to.begin(), from, position);
    thread.is_busy = is_busy;
}

void ThreadTable::grow(ThreadRecord& thread, std::size_t before, std::size_t after) {
    thread.bytes += after - before;
    bytes_ += after - before;
}

bool ThreadTable::make_room(std::size_t added, const ThreadRecord* keep) {
    const auto fits = [&] { return by_key_.size() + added <= limits_.threads && bytes_ <= limits_.bytes; };
    while (!fits() && !idle_.empty() && &idle_.back() != keep) {
        ThreadRecord& oldest = idle_.back();
        drops_.thread_dropped(oldest.turns.size(), Clock::now() - oldest.used);
        drop(oldest);
    }
    return fits();
}

void ThreadTable::forget_answer(TurnRecord& record) {
    const auto answer =
        answers_.find(SlackTs(record.turn.thread.team, answer_channel(record.turn), record.turn.progress_ts));
    if (answer != answers_.end() && answer->second == &record)
        answers_.erase(answer);
}

void ThreadTable::drop(ThreadRecord& thread) {
    const auto entry = by_key_.find(thread.key);
    const auto position = entry->second;
    bytes_ -= thread.bytes;
    for (TurnRecord& record : thread.turns) {
        turns_.erase(record.turn.id);
        questions_.erase(SlackTs(thread.key.team, thread.key.channel, record.turn.question_ts));
        forget_answer(record);
        if (!record.turn.message_id.empty())
            messages_.erase(Message(record.turn.conversation_id, record.turn.message_id));
    }
    for (const Feedback& feedback : thread.feedbacks)
        feedbacks_.erase(feedback.id);
    by_id_.erase(thread.id);
    by_key_.erase(entry);
    (thread.is_busy ? busy_ : idle_).erase(position);
}

}  // namespace genie_slack::storage::memory
