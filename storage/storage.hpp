// The memory of the product: which thread belongs to which Genie conversation, every chat step, and every question's
// progress. Two implementations pass one contract suite (tests/support/storage_contract.hpp).
#pragma once

#include "core/result.hpp"
#include "storage/types.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace genie_slack::storage {

enum class StorageFault {
    unavailable,  // cannot be reached or is too busy now; nothing is known to be written
    full,         // out of room
    schema,       // a table, column or function is missing: a person has to restore it
    invalid,      // this very row is refused
    cancelled,
};

struct StorageError {
    StorageError() = default;
    StorageError(StorageFault fault_, std::string message_) : fault(fault_), message(std::move(message_)) {}
    StorageFault fault = StorageFault::unavailable;
    std::string message;
};

[[noreturn]] inline void throw_exception_from_error(const StorageError& error, const boost::source_location&) {
    throw std::runtime_error(error.message);
}

template <class T>
using StorageResult = Result<T, StorageError>;

struct Acceptance {
    // False: this question (by event_id, or by team, channel and ts) was accepted before, or another one that replaces
    // the same.
    bool first = false;
    Turn turn;  // as stored, of whichever was accepted first; its state of now
};

// The right to work on a turn. Every write under it names the token; once another owner has claimed the turn, the token
// is worth nothing.
struct Lease {
    std::string turn_id;
    std::string owner;
    std::uint64_t token = 0;
};

struct Claim {
    Lease lease;
    Turn turn;
};

// The action that makes the file with an answer's result; what is kept of it is the file's id in Slack.
inline constexpr const char* kFileAction = "csv";
// The copy of a private answer in the thread that asked; its result is the message, Turn::shared_ts.
inline constexpr const char* kShareAction = "share";
// The end of an answered question's message, Turn::is_deleted; its result is anything.
inline constexpr const char* kDeletedAction = "deleted";
// Whoever changes an answer's message; its result is what was chosen there last.
inline constexpr const char* kShownAction = "shown";

// What nobody works on, and whether somebody works at all.
struct Recoverable {
    std::vector<std::string> turn_ids;  // that claim() would grant now, oldest first
    bool is_leased = false;             // somebody works on a question
    bool is_watched = false;            // another process does whose death is seen at once
};

// Whether storage tells when other processes begin to work.
enum class Hearing {
    none,    // no, or not now: who wants to know has to look
    live,    // yes
    asleep,  // not until this process works again: storage seems to sleep, and is not to be woken
};

struct ActionClaim {
    bool granted = false;
    std::string result;  // what was kept of it before, "" for nothing
};

// All methods end by the deadline and may run side by side.
class Storage {
 public:
    template <class T>
    using Awaitable = boost::asio::awaitable<StorageResult<T>>;

    virtual ~Storage() = default;

    // Creates what is missing (schema, tables); call once before anything else.
    virtual Awaitable<void> start(Deadline deadline) = 0;
    // Answers when storage can be read and written now, and has what this program needs (`schema` when not); the text
    // of an error is what the log says of /readyz.
    virtual Awaitable<void> check(Deadline deadline) = 0;

    virtual Awaitable<std::optional<Conversation>> get_conversation(ThreadKey thread, Deadline deadline) = 0;
    // Creates or replaces. Another room than before clears the conversation id: a conversation belongs to its room.
    virtual Awaitable<void> set_conversation(ThreadKey thread, std::string genie_room_id, std::string genie_room_name,
                                             Deadline deadline) = 0;
    // False when the thread has no conversation row.
    virtual Awaitable<bool> update_conversation_id(ThreadKey thread, std::string conversation_id,
                                                   Deadline deadline) = 0;
    // This and clear_all_conversations() are for administrators' tools: the application itself calls neither.
    virtual Awaitable<bool> delete_conversation(ThreadKey thread, Deadline deadline) = 0;
    // How many were deleted.
    virtual Awaitable<std::size_t> clear_all_conversations(Deadline deadline) = 0;

    // Whether a question was ever accepted in the thread, or it has a conversation.
    virtual Awaitable<bool> is_served(ThreadKey thread, Deadline deadline) = 0;

    // Records a new question in one transaction: dedupe keys, turn, chat rows. `event_id` may be empty. A repeated
    // question writes nothing, and neither does one that replaces what another question of the thread replaces already:
    // a message has one owner. Steps belong to the turn's thread, and the row of that thread comes with the first ones.
    virtual Awaitable<Acceptance> accept(Turn turn, std::string event_id, ChatRows rows, Deadline deadline) = 0;
    // Takes the turn for `owner` until `lease_time` from now. Nothing when it is final, held by a live lease, or not
    // the oldest (first accepted) unfinished turn of its thread. Counts an attempt and a try. Tokens of a turn only
    // grow.
    virtual Awaitable<std::optional<Claim>> claim(std::string turn_id, std::string owner, Duration lease_time,
                                                  Deadline deadline) = 0;
    // Extends the lease; false when it is lost. A lease whose time is over is lost once somebody else has claimed.
    virtual Awaitable<bool> renew(Lease lease, Duration lease_time, Deadline deadline) = 0;
    // Stores the turn as it is now and its rows; false, and nothing written, when the lease is lost. Id, thread and
    // question_ts stay, a final state is invalid here, and so is a Genie message (conversation and message id) that
    // another turn has. `attempts` and `tries` are counted here, never taken from `turn`: another state than before
    // begins with no tries. `stopped_by` is not taken from `turn` either. A step that is stored again keeps its first
    // created_at.
    virtual Awaitable<bool> advance(Lease lease, Turn turn, ChatRows rows, Deadline deadline) = 0;
    // advance() to a final state (another one is invalid), and the end of the lease.
    virtual Awaitable<bool> finish(Lease lease, Turn turn, ChatRows rows, Deadline deadline) = 0;
    // Gives the turn back for anyone to claim at once. Takes the claim's try back: handing over is no failure.
    virtual Awaitable<void> release(Lease lease, Deadline deadline) = 0;
    // Marks an unfinished turn: `user` (not empty) wants it stopped; the first one stays. Needs no lease. Returns the
    // turn as it is stored then, a final one unchanged; nothing when it is unknown.
    virtual Awaitable<std::optional<Turn>> request_stop(std::string turn_id, std::string user, Deadline deadline) = 0;
    // Turns without those that wait for a person (waits_for_choice), so many at most.
    virtual Awaitable<Recoverable> recoverable(std::size_t limit, Deadline deadline) = 0;

    // Calls `told` on the event loop when others may have begun to work; an empty one ends that. See hearing().
    virtual void on_others(std::function<void()> /*told*/) {}
    virtual Hearing hearing() const { return Hearing::none; }
    // Others may have counted this process as dead at that time, and may do so until a lease is renewed after it.
    // TimePoint::min() for never.
    virtual TimePoint presence_lost_at() const { return TimePoint::min(); }

    virtual Awaitable<std::optional<Turn>> get_turn(std::string turn_id, Deadline deadline) = 0;
    // The turn whose progress message (the answer) is `ts` of `channel`: of several the last accepted.
    virtual Awaitable<std::optional<Turn>> find_turn_by_answer(std::string team, std::string channel, std::string ts,
                                                               Deadline deadline) = 0;
    // Records that the answer of a final turn stands in message `to` of the same channel now. False, and nothing
    // written, when it does not stand in `from` any more: somebody else moved it, or a newer turn has that message.
    virtual Awaitable<bool> move_answer(std::string turn_id, std::string from, std::string to, Deadline deadline) = 0;

    // What people do with an answer happens once at a time, whichever process does it. Takes `action` of the turn for
    // `owner` until `hold_time` from now; not granted while another owner holds it, and for an unknown turn.
    virtual Awaitable<ActionClaim> begin_action(std::string turn_id, std::string action, std::string owner,
                                                Duration hold_time, Deadline deadline) = 0;
    // Keeps what came of an action that `owner` holds; false, and nothing written, when it does not.
    virtual Awaitable<bool> keep_result(std::string turn_id, std::string action, std::string owner, std::string result,
                                        Deadline deadline) = 0;
    // Anyone may begin the action again.
    virtual Awaitable<void> end_action(std::string turn_id, std::string action, std::string owner,
                                       Deadline deadline) = 0;

    // The last accepted turn of the thread.
    virtual Awaitable<std::optional<Turn>> newest_turn(ThreadKey thread, Deadline deadline) = 0;
    // A person's turns in all threads, the last accepted first, 100 at most.
    virtual Awaitable<std::vector<Turn>> recent_turns(std::string team, std::string user, std::size_t limit,
                                                      Deadline deadline) = 0;

    // `id` is the channel's or the person's in Slack.
    virtual Awaitable<std::optional<SpaceDefault>> get_default_space(DefaultOf kind, std::string team, std::string id,
                                                                     Deadline deadline) = 0;
    // Creates or replaces; an empty space_id removes.
    virtual Awaitable<void> set_default_space(DefaultOf kind, std::string team, std::string id, SpaceDefault space,
                                              Deadline deadline) = 0;

    // For admins; walks through a month of turns.
    virtual Awaitable<Usage> usage(Deadline deadline) = 0;

    // How long the space's newest answers took, from being asked to standing in Slack, newest first: 100 at most, of
    // the newest 1,000 questions of all spaces.
    virtual Awaitable<std::vector<Duration>> answer_times(std::string space_id, Deadline deadline) = 0;

    // Genie message ids that turns of the conversation have, those of the newest 100 turns, newest first.
    virtual Awaitable<std::vector<std::string>> asked_messages(std::string conversation_id, Deadline deadline) = 0;

    // Leaves something for an admin to find: why this turn was given up. Once for each turn and reason. The reason is
    // no place for what people wrote.
    virtual Awaitable<void> bury(Turn turn, std::string reason, Deadline deadline) = 0;
    // Forgets event ids that Slack will not repeat any more (older than 48 hours), at most 10,000 in one call.
    virtual Awaitable<void> sweep(Deadline deadline) = 0;

    // Asks to put one question to Genie, out of a budget that all processes share: at most `per_minute` in any minute,
    // without bound when it is not positive. Zero: granted, and counted. Otherwise how long to wait before asking
    // again; nothing is counted, and others may be faster then.
    virtual Awaitable<Duration> take_permit(int per_minute, Deadline deadline) = 0;
    // No process gets a permit for `duration` (a day at most). A longer pause that runs already stays.
    virtual Awaitable<void> pause_questions(Duration duration, Deadline deadline) = 0;

    // Creates or changes one rating (0 or 1). Returns the value that was set here before, whatever Chainlit changed
    // since; nothing when new. A thread without a row (it was deleted in Chainlit) keeps none, which is no error.
    virtual Awaitable<std::optional<int>> set_feedback(Feedback feedback, Deadline deadline) = 0;
    virtual Awaitable<bool> delete_feedback(std::string feedback_id, Deadline deadline) = 0;

    // Ratings that Chainlit changed, at most 20, until Genie is noted to know them. Two callers may both tell Genie,
    // which is harmless.
    virtual Awaitable<std::vector<ChangedRating>> changed_ratings(Deadline deadline) = 0;
    virtual Awaitable<void> note_told(ChangedRating rating, Deadline deadline) = 0;

    // The newest `most` steps of a thread, in order of created_at.
    virtual Awaitable<std::vector<Step>> get_steps(std::string thread_id, std::size_t most, Deadline deadline) = 0;
    virtual Awaitable<std::vector<Feedback>> get_feedbacks(std::string thread_id, Deadline deadline) = 0;
};

}  // namespace genie_slack::storage
