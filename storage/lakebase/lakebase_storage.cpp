// Long because it has every call of Storage; each is the name of its statement and the shape of its argument.
#include "storage/lakebase_storage.hpp"

#include "core/log.hpp"
#include "core/random.hpp"
#include "storage/lakebase/database_calls.hpp"
#include "storage/lakebase/json_fields.hpp"
#include "storage/lakebase/migrations.hpp"
#include "storage/lakebase/process_lock.hpp"
#include "storage/lakebase/row_codec.hpp"
#include "storage/lakebase/schema_check.hpp"
#include "storage/lakebase/turn_columns.hpp"
#include "storage/rules.hpp"

#include <boost/json/array.hpp>
#include <boost/uuid/string_generator.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace genie_slack::storage {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

using lakebase::decode_changed_rating;
using lakebase::decode_conversation;
using lakebase::decode_feedback;
using lakebase::decode_space_default;
using lakebase::decode_step;
using lakebase::decode_turn;
using lakebase::decode_usage;
using lakebase::encode;
namespace statements = lakebase::statements;

// How long an action waits for the death of whoever holds it to be certain, and how often it looks.
constexpr Duration kJudgeTime = std::chrono::seconds(2);
constexpr Duration kJudgePause = std::chrono::milliseconds(400);
// How often a probe looks for what may have been dropped, while no call has missed anything.
constexpr Duration kSchemaPause = std::chrono::minutes(1);

StorageError invalid_call(std::string message) {
    return {StorageFault::invalid, std::move(message)};
}

bool is_uuid(const std::string& text) {
    if (text.size() != 36)
        return false;
    try {
        boost::uuids::string_generator()(text);
        return true;
    } catch (const std::runtime_error&) {
        return false;
    }
}

std::int64_t microseconds(Duration duration) {
    return std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
}

std::string text_in(const json::value& value) {
    return std::string(value.as_string());
}

Duration milliseconds_in(const json::value& value) {
    return std::chrono::milliseconds(value.to_number<std::int64_t>());
}

std::string thread_text(const ThreadKey& thread) {
    return thread.team + "/" + thread.channel + "/" + thread.thread_ts;
}

// At the start. What is there may serve meanwhile; check() tells it until the rest is restored.
void tell_what_is_missing(lakebase::Session& session, const DatabaseSettings& settings) {
    try {
        const std::string broken = lakebase::broken_statement(session, settings);
        if (!broken.empty())
            log::error("database.schema_incomplete", {{"error", broken}});
    } catch (const lakebase::SqlError& error) {
        if (error.fault() == lakebase::SqlFault::connection_lost)
            throw;
        log::warn("database.schema_not_looked_at", {{"error", error.what()}});
    }
}

class LakebaseStorage final : public Storage {
 public:
    LakebaseStorage(asio::any_io_executor executor, LakebaseOptions options, LoginSource logins)
        : settings_(options.database),
          calls_(executor, options, std::move(logins)),
          lock_(std::move(executor), options.process,
                [this](const std::atomic<bool>& stopping) { return calls_.open_session(stopping); }) {}

    Awaitable<void> start(Deadline deadline) override {
        auto migrate = [settings = settings_](lakebase::Session& session) {
            for (const std::string& name : lakebase::migrate(session, settings))
                log::info("database.migrated", {{"migration", name}});
            tell_what_is_missing(session, settings);
            return json::value(true);
        };
        std::function<json::value(lakebase::Session&)> job(std::move(migrate));
        auto result = co_await calls_.run_job(std::move(job), deadline);
        problem_of_start_.reset();
        if (!result) {
            problem_of_start_ = result.error();
            co_return result.error();
        }
        calls_.open();
        lock_.open();
        co_return StorageResult<void>();
    }

    // Without a session there is nothing to wait for, nor without tables: what stands in the way is known. A database
    // that nobody has used for a while may sleep, and a probe is no reason to wake it.
    Awaitable<void> check(Deadline deadline) override {
        const std::string reason = calls_.down_reason();
        if (!reason.empty())
            co_return StorageError(StorageFault::unavailable, reason);
        if (problem_of_start_)
            co_return *problem_of_start_;
        if (calls_.may_sleep())
            co_return StorageResult<void>();
        auto state = co_await calls_.call(statements::storage_state, json::object(), {}, "", deadline);
        if (!state)
            co_return state.error();
        if (state->at("read_only").as_bool())
            co_return StorageError(StorageFault::unavailable, "database: it is read-only now");
        auto whole = co_await check_schema(deadline);
        co_return whole;
    }

    Awaitable<std::optional<Conversation>> get_conversation(ThreadKey key, Deadline deadline) override {
        return calls_.ask_row(statements::get_conversations, encode(key), thread_keys(key), "", decode_conversation,
                              deadline);
    }

    Awaitable<void> set_conversation(ThreadKey key, std::string genie_room_id, std::string genie_room_name,
                                     Deadline deadline) override {
        json::object argument = encode(key);
        argument["genie_room_id"] = lakebase::storable(genie_room_id);
        argument["genie_room_name"] = lakebase::storable(genie_room_name);
        return calls_.tell(statements::set_conversations, std::move(argument), thread_keys(key), "", deadline);
    }

    Awaitable<bool> update_conversation_id(ThreadKey key, std::string conversation_id, Deadline deadline) override {
        json::object argument = encode(key);
        argument["conversation_id"] = lakebase::storable(conversation_id);
        return calls_.ask_bool(statements::update_conversation_ids, std::move(argument), thread_keys(key), "",
                               deadline);
    }

    Awaitable<bool> delete_conversation(ThreadKey key, Deadline deadline) override {
        return calls_.ask_bool(statements::delete_conversations, encode(key), thread_keys(key), "", deadline);
    }

    Awaitable<std::size_t> clear_all_conversations(Deadline deadline) override {
        std::vector<std::string> keys{"all"};
        auto count =
            co_await calls_.call(statements::clear_conversations, json::object(), std::move(keys), "", deadline);
        if (!count)
            co_return count.error();
        co_return count->to_number<std::size_t>();
    }

    Awaitable<bool> is_served(ThreadKey key, Deadline deadline) override {
        return calls_.ask_bool(statements::are_served, encode(key), {}, "", deadline);
    }

    Awaitable<Acceptance> accept(Turn turn, std::string event_id, ChatRows rows, Deadline deadline) override {
        if (turn.id.empty() || turn.question_ts.empty())
            co_return invalid_call("a new turn needs a question_ts and an id of its own");
        if (auto problem = problem_of(rows, thread_id(turn.thread)))
            co_return std::move(*problem);
        lock_.work(true);
        json::object argument;
        argument["key"] = new_key();
        argument["event_id"] = event_id;
        argument["turn"] = encode(turn);
        std::vector<std::string> keys{"turn/" + turn.id,
                                      "ts/" + turn.thread.team + "/" + turn.thread.channel + "/" + turn.question_ts};
        if (!event_id.empty())
            keys.push_back("event/" + turn.thread.team + "/" + event_id);
        if (!turn.replaces.empty())
            keys.push_back("replaces/" + turn.replaces);
        auto answer = co_await write_with_rows(statements::accept_turns, std::move(argument), std::move(rows), false,
                                               std::move(keys), turn.id, deadline);
        if (!answer)
            co_return answer.error();
        const json::object& accepted = answer->as_object();
        Acceptance acceptance;
        acceptance.first = accepted.at("first").as_bool();
        if (!accepted.at("turn").is_null()) {
            auto stored = lakebase::read_row(decode_turn, accepted.at("turn"));
            if (!stored)
                co_return stored.error();
            acceptance.turn = std::move(*stored);
        } else {
            // An event of a question that was cleaned up since. Only finished ones are.
            acceptance.turn = std::move(turn);
            acceptance.turn.id = std::string(accepted.at("id").as_string());
            acceptance.turn.state = TurnState::delivered;
        }
        co_return acceptance;
    }

    Awaitable<std::optional<Claim>> claim(std::string turn_id, std::string owner, Duration lease_time,
                                          Deadline deadline) override {
        lock_.work(true);
        json::object argument;
        add_presence(argument);
        argument["key"] = new_key();
        argument["turn_id"] = turn_id;
        argument["owner"] = owner;
        argument["lease_us"] = microseconds(lease_time);
        auto granted =
            co_await calls_.call(statements::claim_turns, std::move(argument), turn_keys(turn_id), turn_id, deadline);
        if (!granted)
            co_return granted.error();
        std::optional<Claim> claim;
        if (granted->is_null())
            co_return claim;
        auto turn = lakebase::read_row(decode_turn, granted->at("turn"));
        if (!turn)
            co_return turn.error();
        claim.emplace();
        claim->lease.turn_id = std::move(turn_id);
        claim->lease.owner = std::move(owner);
        claim->lease.token = granted->at("token").to_number<std::uint64_t>();
        claim->turn = std::move(*turn);
        co_return claim;
    }

    Awaitable<bool> renew(Lease lease, Duration lease_time, Deadline deadline) override {
        lock_.work(false);
        json::object argument = encode(lease);
        add_presence(argument);
        argument["lease_us"] = microseconds(lease_time);
        return calls_.ask_bool(statements::renew_leases, std::move(argument), turn_keys(lease.turn_id), lease.turn_id,
                               deadline);
    }

    Awaitable<bool> advance(Lease lease, Turn turn, ChatRows rows, Deadline deadline) override {
        if (is_final(turn.state))
            return refuse("a turn reaches a final state by finish()");
        return store(std::move(lease), std::move(turn), std::move(rows), deadline);
    }

    Awaitable<bool> finish(Lease lease, Turn turn, ChatRows rows, Deadline deadline) override {
        if (!is_final(turn.state))
            return refuse("a turn is finished by a final state");
        return store(std::move(lease), std::move(turn), std::move(rows), deadline);
    }

    Awaitable<void> release(Lease lease, Deadline deadline) override {
        return calls_.tell(statements::release_leases, encode(lease), turn_keys(lease.turn_id), lease.turn_id,
                           deadline);
    }

    Awaitable<std::optional<Turn>> request_stop(std::string turn_id, std::string user, Deadline deadline) override {
        json::object argument;
        argument["turn_id"] = lakebase::storable(turn_id);
        argument["user_id"] = lakebase::storable(user);
        return calls_.ask_row(statements::request_stops, std::move(argument), turn_keys(turn_id), turn_id, decode_turn,
                              deadline);
    }

    Awaitable<Recoverable> recoverable(std::size_t limit, Deadline deadline) override {
        json::object argument;
        add_presence(argument);
        argument["limit"] = limit;
        auto found = co_await calls_.call(statements::recoverable_turns, std::move(argument), {}, "", deadline);
        if (!found)
            co_return found.error();
        Recoverable recoverable;
        for (const json::value& id : found->at("turn_ids").as_array())
            recoverable.turn_ids.push_back(text_in(id));
        recoverable.is_leased = found->at("is_leased").as_bool();
        recoverable.is_watched = found->at("is_watched").as_bool();
        // Only who has a lock may judge about those of others.
        if (recoverable.is_watched)
            lock_.work(false);
        co_return recoverable;
    }

    void on_others(std::function<void()> told) override { lock_.on_others(std::move(told)); }
    Hearing hearing() const override { return lock_.hearing(); }
    TimePoint presence_lost_at() const override { return lock_.lost_at(); }

    Awaitable<std::optional<Turn>> get_turn(std::string turn_id, Deadline deadline) override {
        json::object argument;
        argument["turn_id"] = lakebase::storable(turn_id);
        return calls_.ask_row(statements::get_turns, std::move(argument), {}, "", decode_turn, deadline);
    }

    Awaitable<std::optional<Turn>> find_turn_by_answer(std::string team, std::string channel, std::string ts,
                                                       Deadline deadline) override {
        json::object argument;
        argument["team_id"] = lakebase::storable(team);
        argument["channel_id"] = lakebase::storable(channel);
        argument["progress_ts"] = lakebase::storable(ts);
        return calls_.ask_row(statements::find_answers, std::move(argument), {}, "", decode_turn, deadline);
    }

    Awaitable<bool> move_answer(std::string turn_id, std::string from, std::string to, Deadline deadline) override {
        json::object argument;
        argument["turn_id"] = lakebase::storable(turn_id);
        argument["from_ts"] = lakebase::storable(from);
        argument["to_ts"] = lakebase::storable(to);
        return calls_.ask_bool(statements::move_answers, std::move(argument), turn_keys(turn_id), turn_id, deadline);
    }

    Awaitable<ActionClaim> begin_action(std::string turn_id, std::string action, std::string owner, Duration hold_time,
                                        Deadline deadline) override {
        lock_.work(false);
        const Deadline patience = deadline.sooner(kJudgeTime);
        for (;;) {
            json::object argument = action_argument(turn_id, action, owner);
            add_presence(argument);
            argument["hold_us"] = microseconds(hold_time);
            auto begun = co_await calls_.call(statements::begin_actions, std::move(argument), turn_keys(turn_id),
                                              turn_id, deadline);
            if (!begun)
                co_return begun.error();
            ActionClaim claim;
            claim.granted = begun->at("granted").as_bool();
            claim.result = std::string(begun->at("result").as_string());
            // Who holds it has perhaps just died; soon that is known.
            const bool is_missing = begun->at("is_missing").as_bool();
            if (claim.granted || !is_missing || patience.remaining() <= kJudgePause)
                co_return claim;
            co_await sleep_for(kJudgePause);
        }
    }

    Awaitable<bool> keep_result(std::string turn_id, std::string action, std::string owner, std::string result,
                                Deadline deadline) override {
        json::object argument = action_argument(turn_id, action, owner);
        argument["result"] = lakebase::storable(result);
        return calls_.ask_bool(statements::update_actions, std::move(argument), turn_keys(turn_id), turn_id, deadline);
    }

    Awaitable<void> end_action(std::string turn_id, std::string action, std::string owner, Deadline deadline) override {
        json::object argument = action_argument(turn_id, action, owner);
        argument["ends"] = true;
        return calls_.tell(statements::update_actions, std::move(argument), turn_keys(turn_id), turn_id, deadline);
    }

    Awaitable<std::optional<Turn>> newest_turn(ThreadKey key, Deadline deadline) override {
        return calls_.ask_row(statements::newest_turns, encode(key), {}, "", decode_turn, deadline);
    }

    Awaitable<std::vector<Turn>> recent_turns(std::string team, std::string user, std::size_t limit,
                                              Deadline deadline) override {
        json::object argument;
        argument["team_id"] = lakebase::storable(team);
        argument["user_id"] = lakebase::storable(user);
        argument["limit"] = std::min(limit, kMostRecentTurns);
        return calls_.ask_rows(statements::recent_turns, std::move(argument), decode_turn, deadline);
    }

    Awaitable<std::optional<SpaceDefault>> get_default_space(DefaultOf kind, std::string team, std::string id,
                                                             Deadline deadline) override {
        return calls_.ask_row(statements::get_space_defaults, lakebase::encode_default(kind, team, id), {}, "",
                              decode_space_default, deadline);
    }

    Awaitable<void> set_default_space(DefaultOf kind, std::string team, std::string id, SpaceDefault space,
                                      Deadline deadline) override {
        json::object argument = lakebase::encode_default(kind, team, id);
        argument["space_id"] = lakebase::storable(space.space_id);
        argument["space_name"] = lakebase::storable(space.space_name);
        std::vector<std::string> keys{std::string("default/") + to_string(kind) + "/" + team + "/" + id};
        return calls_.tell(statements::set_space_defaults, std::move(argument), std::move(keys), "", deadline);
    }

    Awaitable<Usage> usage(Deadline deadline) override {
        auto row = co_await calls_.call(statements::usage, json::object(), {}, "", deadline);
        if (!row)
            co_return row.error();
        co_return decode_usage(*row);
    }

    Awaitable<std::vector<Duration>> answer_times(std::string space_id, Deadline deadline) override {
        json::object argument;
        argument["space_id"] = lakebase::storable(space_id);
        return calls_.ask_rows(statements::answer_times, std::move(argument), milliseconds_in, deadline);
    }

    Awaitable<std::vector<std::string>> asked_messages(std::string conversation_id, Deadline deadline) override {
        json::object argument;
        argument["conversation_id"] = lakebase::storable(conversation_id);
        return calls_.ask_rows(statements::asked_messages, std::move(argument), text_in, deadline);
    }

    Awaitable<void> bury(Turn turn, std::string reason, Deadline deadline) override {
        json::object argument;
        argument["kind"] = "turn";
        argument["turn_id"] = lakebase::storable(turn.id);
        argument["sqlstate"] = "";
        argument["detail"] = lakebase::storable(reason);
        return calls_.tell(statements::bury, std::move(argument), {}, turn.id, deadline);
    }

    Awaitable<void> sweep(Deadline deadline) override {
        return calls_.tell(statements::sweep, json::object(), {}, "", deadline);
    }

    Awaitable<Duration> take_permit(int per_minute, Deadline deadline) override {
        json::object argument;
        argument["key"] = new_key();
        argument["per_minute"] = per_minute;
        auto wait = co_await calls_.call(statements::take_permits, std::move(argument), {}, "", deadline);
        if (!wait)
            co_return wait.error();
        co_return Duration(std::chrono::microseconds(wait->to_number<std::int64_t>()));
    }

    Awaitable<void> pause_questions(Duration duration, Deadline deadline) override {
        json::object argument;
        argument["pause_us"] = microseconds(bounded_pause(duration));
        return calls_.tell(statements::pause_questions, std::move(argument), {}, "", deadline);
    }

    Awaitable<std::optional<int>> set_feedback(Feedback feedback, Deadline deadline) override {
        if (auto problem = problem_of(feedback))
            co_return std::move(*problem);
        json::object argument = encode(feedback);
        argument["key"] = new_key();
        std::vector<std::string> keys{"feedback/" + feedback.id};
        auto before =
            co_await calls_.call(statements::set_feedbacks, std::move(argument), std::move(keys), "", deadline);
        if (!before)
            co_return before.error();
        co_return before->is_null() ? std::nullopt : std::optional<int>(before->to_number<int>());
    }

    Awaitable<bool> delete_feedback(std::string feedback_id, Deadline deadline) override {
        if (!is_uuid(feedback_id))
            co_return false;
        json::object argument;
        argument["id"] = feedback_id;
        std::vector<std::string> keys{"feedback/" + feedback_id};
        auto deleted =
            co_await calls_.call(statements::delete_feedbacks, std::move(argument), std::move(keys), "", deadline);
        if (!deleted)
            co_return deleted.error();
        co_return deleted->as_bool();
    }

    Awaitable<std::vector<ChangedRating>> changed_ratings(Deadline deadline) override {
        return calls_.ask_rows(statements::changed_ratings, json::object(), decode_changed_rating, deadline);
    }

    Awaitable<void> note_told(ChangedRating rating, Deadline deadline) override {
        json::object argument;
        argument["feedback_id"] = rating.feedback_id;
        argument["step_id"] = rating.step_id;
        argument["value"] = rating.value ? json::value(*rating.value) : json::value(nullptr);
        std::vector<std::string> keys{"feedback/" + rating.feedback_id};
        return calls_.tell(statements::note_told_ratings, std::move(argument), std::move(keys), "", deadline);
    }

    Awaitable<std::vector<Step>> get_steps(std::string thread_id, std::size_t most, Deadline deadline) override {
        json::object argument = thread_argument(thread_id);
        argument["most"] = most;
        return calls_.ask_rows(statements::get_steps, std::move(argument), decode_step, deadline);
    }

    Awaitable<std::vector<Feedback>> get_feedbacks(std::string thread_id, Deadline deadline) override {
        return calls_.ask_rows(statements::get_feedbacks, thread_argument(thread_id), decode_feedback, deadline);
    }

 private:
    // Looks once a minute, and each time from when a call missed something until it is there again.
    Awaitable<void> check_schema(Deadline deadline) {
        if (!calls_.misses_schema() && broken_statement_.empty() && Clock::now() < look_at_)
            co_return StorageResult<void>();
        auto look = [settings = settings_](lakebase::Session& session) {
            return json::value(json::string(lakebase::broken_statement(session, settings)));
        };
        std::function<json::value(lakebase::Session&)> job(std::move(look));
        auto broken = co_await calls_.run_probe(std::move(job), deadline);
        // What is only locked is not missing: then nothing is known that was not known before.
        if (broken)
            broken_statement_ = text_in(*broken);
        if (!broken_statement_.empty())
            co_return StorageError(StorageFault::schema, broken_statement_);
        if (broken)
            calls_.schema_is_whole();
        look_at_ = Clock::now() + kSchemaPause;
        co_return StorageResult<void>();
    }

    // Who calls, and what it knows about itself: whether its lock speaks for it, and whether it may say of others that
    // theirs are gone.
    void add_presence(json::object& argument) const {
        argument["process"] = lock_.process();
        argument["is_locked"] = lock_.is_locked();
        argument["judges"] = lock_.judges();
    }

    static std::vector<std::string> thread_keys(const ThreadKey& key) { return {"thread/" + thread_text(key), "all"}; }
    static std::vector<std::string> turn_keys(const std::string& turn_id) { return {"turn/" + turn_id}; }
    // Tells a call that is sent again from another one.
    std::string new_key() { return random_.uuid(); }

    static json::object action_argument(const std::string& turn_id, const std::string& action,
                                        const std::string& owner) {
        json::object argument;
        argument["turn_id"] = lakebase::storable(turn_id);
        argument["action"] = lakebase::storable(action);
        argument["owner"] = lakebase::storable(owner);
        return argument;
    }

    // A text that is no id of Chainlit's is nobody's.
    static json::object thread_argument(const std::string& thread_id) {
        json::object argument;
        argument["thread_id"] = is_uuid(thread_id) ? json::value(thread_id) : json::value();
        return argument;
    }

    static Awaitable<bool> refuse(std::string why) { co_return invalid_call(std::move(why)); }

    // Chainlit's tables may be somebody else's, with columns that refuse a row of ours. The question goes on without
    // what they refuse, which is a dead letter then.
    Awaitable<json::value> write_with_rows(const lakebase::Statement& statement, json::object argument, ChatRows rows,
                                           bool is_stored, std::vector<std::string> keys, std::string turn_id,
                                           Deadline deadline) {
        auto answer = co_await calls_.call_with_rows(statement, argument, rows, is_stored, keys, turn_id, deadline);
        const bool has_rows =
            !rows.users.empty() || !rows.threads.empty() || !rows.steps.empty() || !rows.elements.empty();
        if (answer || answer.error().fault != StorageFault::invalid || !has_rows)
            co_return answer;
        log::error("record.rows_refused", {{"turn", turn_id}, {"error", answer.error().message}});
        const ChatRows none;
        argument["has_rows"] = false;
        auto without = co_await calls_.call_with_rows(statement, std::move(argument), none, is_stored, std::move(keys),
                                                      turn_id, deadline);
        co_return without;
    }

    Awaitable<bool> store(Lease lease, Turn turn, ChatRows rows, Deadline deadline) {
        if (auto problem = problem_of(rows, thread_id(turn.thread)))
            co_return std::move(*problem);
        // Whatever the turn says: the lease is for this one.
        turn.id = lease.turn_id;
        json::object argument;
        argument["key"] = new_key();
        argument["token"] = lease.token;
        argument["turn"] = encode(turn);
        argument["has_rows"] = !rows.steps.empty() || !rows.elements.empty();
        auto answer = co_await write_with_rows(statements::store_turns, std::move(argument), std::move(rows), true,
                                               turn_keys(turn.id), turn.id, deadline);
        if (!answer)
            co_return answer.error();
        if (answer->as_string() == "taken")
            co_return message_is_taken();
        if (answer->as_string() == "invalid")
            co_return invalid_call("id, thread and question_ts of a turn do not change");
        co_return answer->as_string() == "held";
    }

    const DatabaseSettings settings_;
    std::optional<StorageError> problem_of_start_;
    std::string broken_statement_;  // as of the last look, "" for none
    TimePoint look_at_{};           // for what may have been dropped
    Random random_;
    lakebase::DatabaseCalls calls_;
    lakebase::ProcessLock lock_;  // its thread opens sessions by the calls' logins
};

}  // namespace

std::unique_ptr<Storage> create_lakebase_storage(asio::any_io_executor executor, LakebaseOptions options,
                                                 LoginSource logins) {
    return std::make_unique<LakebaseStorage>(std::move(executor), std::move(options), std::move(logins));
}

}  // namespace genie_slack::storage
