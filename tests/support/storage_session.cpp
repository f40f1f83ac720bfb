#include "tests/support/storage_session.hpp"

namespace genie_slack::test {

using namespace storage;

namespace {

Deadline call_deadline() {
    return Deadline::after(std::chrono::seconds(20));
}

template <class T>
std::optional<StorageFault> kind_of(const StorageResult<T>& result) {
    return result.has_error() ? std::optional<StorageFault>(result.error().fault) : std::nullopt;
}

}  // namespace

std::optional<Conversation> StorageSession::get_conversation(const ThreadKey& thread) {
    return ask(storage_.get_conversation(thread, call_deadline())).value();
}

void StorageSession::set_conversation(const ThreadKey& thread, const std::string& room, const std::string& name) {
    ask(storage_.set_conversation(thread, room, name, call_deadline())).value();
}

bool StorageSession::update_conversation_id(const ThreadKey& thread, const std::string& conversation_id) {
    return ask(storage_.update_conversation_id(thread, conversation_id, call_deadline())).value();
}

bool StorageSession::delete_conversation(const ThreadKey& thread) {
    return ask(storage_.delete_conversation(thread, call_deadline())).value();
}

std::size_t StorageSession::clear_all_conversations() {
    return ask(storage_.clear_all_conversations(call_deadline())).value();
}

bool StorageSession::is_served(const ThreadKey& thread) {
    return ask(storage_.is_served(thread, call_deadline())).value();
}

Acceptance StorageSession::accept(const Turn& turn, const std::string& event_id) {
    return accept(turn, event_id, question_rows(turn));
}

Acceptance StorageSession::accept(const Turn& turn, const std::string& event_id, ChatRows rows) {
    return ask(storage_.accept(turn, event_id, std::move(rows), call_deadline())).value();
}

std::optional<StorageFault> StorageSession::refusal_of_accept(const Turn& turn, ChatRows rows) {
    return kind_of(ask(storage_.accept(turn, "", std::move(rows), call_deadline())));
}

std::optional<Claim> StorageSession::claim(const std::string& turn_id, const std::string& owner, Duration lease_time) {
    return ask(storage_.claim(turn_id, owner, lease_time, call_deadline())).value();
}

bool StorageSession::renew(const Lease& lease, Duration lease_time) {
    return ask(storage_.renew(lease, lease_time, call_deadline())).value();
}

bool StorageSession::advance(const Lease& lease, const Turn& turn, ChatRows rows) {
    return ask(storage_.advance(lease, turn, std::move(rows), call_deadline())).value();
}

bool StorageSession::finish(const Lease& lease, Turn turn, ChatRows rows) {
    if (!is_final(turn.state))
        turn.state = TurnState::delivered;
    return ask(storage_.finish(lease, std::move(turn), std::move(rows), call_deadline())).value();
}

std::optional<StorageFault> StorageSession::refusal_of_advance(const Lease& lease, const Turn& turn, ChatRows rows) {
    return kind_of(ask(storage_.advance(lease, turn, std::move(rows), call_deadline())));
}

std::optional<StorageFault> StorageSession::refusal_of_finish(const Lease& lease, const Turn& turn) {
    return kind_of(ask(storage_.finish(lease, turn, ChatRows(), call_deadline())));
}

void StorageSession::release(const Lease& lease) {
    ask(storage_.release(lease, call_deadline())).value();
}

bool StorageSession::move_answer(const std::string& turn_id, const std::string& from, const std::string& to) {
    return ask(storage_.move_answer(turn_id, from, to, call_deadline())).value();
}

ActionClaim StorageSession::begin_action(const std::string& turn_id, const std::string& action,
                                         const std::string& owner, Duration hold_time) {
    return ask(storage_.begin_action(turn_id, action, owner, hold_time, call_deadline())).value();
}

bool StorageSession::keep_result(const std::string& turn_id, const std::string& action, const std::string& owner,
                                 const std::string& result) {
    return ask(storage_.keep_result(turn_id, action, owner, result, call_deadline())).value();
}

void StorageSession::end_action(const std::string& turn_id, const std::string& action, const std::string& owner) {
    ask(storage_.end_action(turn_id, action, owner, call_deadline())).value();
}

std::optional<Turn> StorageSession::request_stop(const std::string& turn_id, const std::string& user) {
    return ask(storage_.request_stop(turn_id, user, call_deadline())).value();
}

std::vector<std::string> StorageSession::recoverable(std::size_t limit) {
    return ask(storage_.recoverable(limit, call_deadline())).value().turn_ids;
}

std::optional<Turn> StorageSession::get_turn(const std::string& turn_id) {
    return ask(storage_.get_turn(turn_id, call_deadline())).value();
}

std::optional<Turn> StorageSession::find_turn_by_answer(const std::string& team, const std::string& channel,
                                                        const std::string& ts) {
    return ask(storage_.find_turn_by_answer(team, channel, ts, call_deadline())).value();
}

std::optional<Turn> StorageSession::newest_turn(const ThreadKey& thread) {
    return ask(storage_.newest_turn(thread, call_deadline())).value();
}

std::vector<Turn> StorageSession::recent_turns(const std::string& team, const std::string& user, std::size_t limit) {
    return ask(storage_.recent_turns(team, user, limit, call_deadline())).value();
}

std::optional<SpaceDefault> StorageSession::get_default_space(DefaultOf kind, const std::string& team,
                                                              const std::string& id) {
    return ask(storage_.get_default_space(kind, team, id, call_deadline())).value();
}

void StorageSession::set_default_space(DefaultOf kind, const std::string& team, const std::string& id,
                                       const SpaceDefault& space) {
    ask(storage_.set_default_space(kind, team, id, space, call_deadline())).value();
}

Usage StorageSession::usage() {
    return ask(storage_.usage(call_deadline())).value();
}

std::vector<Duration> StorageSession::answer_times(const std::string& space_id) {
    return ask(storage_.answer_times(space_id, call_deadline())).value();
}
std::vector<std::string> StorageSession::asked_messages(const std::string& conversation_id) {
    return ask(storage_.asked_messages(conversation_id, call_deadline())).value();
}

void StorageSession::bury(const Turn& turn, const std::string& reason) {
    ask(storage_.bury(turn, reason, call_deadline())).value();
}

void StorageSession::sweep() {
    ask(storage_.sweep(call_deadline())).value();
}

std::vector<ChangedRating> StorageSession::changed_ratings() {
    return ask(storage_.changed_ratings(call_deadline())).value();
}

void StorageSession::note_told(const ChangedRating& rating) {
    ask(storage_.note_told(rating, call_deadline())).value();
}

Duration StorageSession::take_permit(int per_minute) {
    return ask(storage_.take_permit(per_minute, call_deadline())).value();
}

void StorageSession::pause_questions(Duration duration) {
    ask(storage_.pause_questions(duration, call_deadline())).value();
}

std::optional<int> StorageSession::set_feedback(const Feedback& feedback) {
    return ask(storage_.set_feedback(feedback, call_deadline())).value();
}

std::optional<StorageFault> StorageSession::refusal_of_feedback(const Feedback& feedback) {
    return kind_of(ask(storage_.set_feedback(feedback, call_deadline())));
}

bool StorageSession::delete_feedback(const std::string& feedback_id) {
    return ask(storage_.delete_feedback(feedback_id, call_deadline())).value();
}

std::vector<Step> StorageSession::get_steps(const std::string& thread_id, std::size_t most) {
    return ask(storage_.get_steps(thread_id, most, call_deadline())).value();
}

std::vector<Feedback> StorageSession::get_feedbacks(const std::string& thread_id) {
    return ask(storage_.get_feedbacks(thread_id, call_deadline())).value();
}

void StorageSession::deliver(const std::string& turn_id) {
    const auto claimed = claim(turn_id);
    if (!claimed || !finish(claimed->lease, claimed->turn))
        throw std::runtime_error("the turn could not be claimed and finished");
}

ThreadKey make_thread(const std::string& channel, const std::string& ts, const std::string& team) {
    return {team, channel, ts};
}

Turn make_turn(const ThreadKey& thread, const std::string& question_ts) {
    Turn turn;
    turn.id = turn_id(thread, question_ts);
    turn.thread = thread;
    turn.question_ts = question_ts;
    turn.user = "U1";
    turn.channel_type = "channel";
    turn.question = "How many orders came in " + question_ts + "?";
    turn.received_at = WallTime(std::chrono::microseconds(1'767'225'600'123'456));
    return turn;
}

ChatRows question_rows(const Turn& turn) {
    ChatRows rows;
    User& user = rows.users.emplace_back();
    user.id = user_id(turn.thread.team, turn.user);
    user.identifier = turn.thread.team + ":" + turn.user;
    user.created_at = format_utc(turn.received_at);
    Thread& thread = rows.threads.emplace_back();
    thread.id = thread_id(turn.thread);
    thread.created_at = format_utc(turn.received_at);
    thread.name = turn.question;
    thread.user_id = user.id;
    rows.steps.push_back(make_step(turn, "user_message", format_utc(turn.received_at), turn.question));
    return rows;
}

Step make_step(const Turn& turn, const std::string& role, const std::string& created_at, const std::string& output) {
    Step step;
    step.id = step_id(turn.id, role);
    step.name = "Ann";
    step.type = role;
    step.thread_id = thread_id(turn.thread);
    step.output = output;
    step.created_at = created_at;
    step.start = created_at;
    step.end = created_at;
    return step;
}

}  // namespace genie_slack::test
