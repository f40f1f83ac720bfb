// What is remembered. Names follow the tables (storage.md 1, 2).
#pragma once

#include "core/clock.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace genie_slack::storage {

// A Slack thread. A Slack ts is unique only within a channel, a channel id only within a team.
struct ThreadKey {
    ThreadKey() = default;
    ThreadKey(std::string team_, std::string channel_, std::string thread_ts_)
        : team(std::move(team_)), channel(std::move(channel_)), thread_ts(std::move(thread_ts_)) {}

    std::string team;
    std::string channel;
    std::string thread_ts;

    friend auto operator<=>(const ThreadKey&, const ThreadKey&) = default;
    friend bool operator==(const ThreadKey&, const ThreadKey&) = default;
};

// Row of conversation_tracker: which Genie conversation a thread continues.
struct Conversation {
    std::string genie_room_id;
    std::string genie_room_name;
    std::string conversation_id;  // "" until Genie was asked
    WallTime created_at{};
    WallTime updated_at{};

    friend bool operator==(const Conversation&, const Conversation&) = default;
};

// Chainlit's tables. Ids are UUIDs; times are format_utc texts; `output` of a step is never absent.
struct User {
    std::string id;
    std::string identifier;
    boost::json::object metadata;
    std::string created_at;
    WallTime told_at{};  // when Slack told the address that is the identifier: of two, the one told later counts
};

struct Thread {
    std::string id;
    std::string created_at;
    std::string name;
    std::string user_id;
    boost::json::object metadata;
};

struct Step {
    std::string id;
    std::string name;
    std::string type;  // user_message, run, tool, assistant_message
    std::string thread_id;
    std::string parent_id;  // "" for none
    bool is_error = false;
    boost::json::object metadata;
    std::string input;
    std::string output;
    std::string created_at;
    std::string start;
    std::string end;
    std::string show_input;
    std::string language;

    friend bool operator==(const Step&, const Step&) = default;
};

struct Element {
    std::string id;
    std::string thread_id;
    std::string type;
    std::string url;
    std::string name;
    std::string display;
    std::string for_id;
    std::string mime;
    boost::json::object props;
};

struct Feedback {
    std::string id;  // one per person and answer
    std::string for_id;
    std::string thread_id;
    int value = 1;  // Chainlit's scale: 1 up, 0 down
    std::string comment;
};

// A rating that was given, changed or taken back outside of this program, of which Genie does not know.
struct ChangedRating {
    std::string feedback_id;
    std::string step_id;
    std::string turn_id;
    std::optional<int> value;  // nothing: taken back
    std::string comment;
};

// Rows that belong to one phase of a turn; written together, by id, later values replace earlier ones.
struct ChatRows {
    std::vector<User> users;
    std::vector<Thread> threads;
    std::vector<Step> steps;
    std::vector<Element> elements;
};

// One question's life (docs/architecture.md 4). Each state is recorded before the next outside effect.
enum class TurnState {
    received,        // recorded, nothing done yet
    awaiting_space,  // a picker was posted, the person has to choose
    asking,          // about to POST to Genie: after a crash, look for the question there before asking again
    asked,           // conversation and message id are known
    answered,        // Genie's message is terminal
    delivered,       // final: the answer stands in the thread
    failed,          // final: the failure message stands in the thread, or nobody waits any more (Turn::was_stopped)
};

const char* to_string(TurnState state);
bool is_final(TurnState state);

// How a question came to us.
enum class Origin {
    mention,         // a message in a channel that names the bot
    thread_reply,    // a reply without a mention in a thread that we serve
    direct_message,  // a message in the direct message with the bot, or in the agent's pane, which is the same to us
    command,         // /genie
    home,            // an example on the Home tab
    shortcut,        // the message shortcut
    follow_up,       // a follow-up question's button
    edit,            // a question whose text was changed
    after_all,       // a reply that was left alone, until its writer pressed that it is for the bot
};
const char* to_string(Origin origin);

// For whom the answer is.
enum class Audience {
    channel,         // everybody who reads the thread where it was asked
    direct_message,  // one person, in the direct message where it was asked
    person,          // one person, in the direct message, though it was asked elsewhere
};
const char* to_string(Audience audience);

struct Turn {
    std::string id;  // turn_id(thread, question_ts)
    ThreadKey thread;
    std::string question_ts;  // tells the questions of a thread apart; nothing is read out of it
    std::string message_ts;   // the message that asked: the question, or the one that was pressed; "" for none
    std::string edited_ts;    // Slack's time of the edit that its words are of; "" for none
    Origin origin = Origin::mention;
    Audience audience = Audience::channel;
    std::string user;
    std::string channel_type;  // im, channel, group, mpim, "" when unknown
    std::string question;      // plain text
    TurnState state = TurnState::received;
    std::string space_id;
    std::string space_name;
    std::string conversation_id;
    std::string message_id;      // Genie's
    std::string progress_ts;     // our message that grows into the answer
    std::string answer_channel;  // where the turn's messages stand; "" means the thread's channel and thread
    std::string answer_thread;   // thread_ts there, "" for a root message; nothing without answer_channel
    std::string replaces;        // id of the turn whose message this one takes over: an edited question
    std::string stopped_by;      // a person, or why it is to stop; only Storage::request_stop writes it
    bool was_stopped = false;  // it ended without an answer because that was wanted: no failure, though it is `failed`
    std::string shared_ts;     // a private answer's copy in the thread; only keep_result() of kShareAction writes it
    bool is_deleted = false;   // its message was, after the answer; only keep_result() of kDeletedAction writes it
    std::string failure;       // code of what went wrong, for admins
    int attempts = 0;          // claims so far
    int tries = 0;             // claims since the state last changed, without those that were given back
    WallTime received_at{};
    WallTime asked_at{};
    WallTime finished_at{};

    friend bool operator==(const Turn&, const Turn&) = default;
};

// Where the turn's messages stand.
const std::string& answer_channel(const Turn& turn);
// Nothing happens to it until a person chooses its space. What is to be stopped needs no choice.
bool waits_for_choice(const Turn& turn);

// Whose default space it is.
enum class DefaultOf { channel, person };

const char* to_string(DefaultOf kind);

struct SpaceDefault {
    std::string space_id;
    std::string space_name;

    friend bool operator==(const SpaceDefault&, const SpaceDefault&) = default;
};

// How much was asked in some days.
struct UsagePeriod {
    std::size_t conversations = 0;  // Slack threads with a question
    std::size_t questions = 0;
    std::size_t people = 0;
    std::size_t failed = 0;      // questions that ended with a failure message
    std::size_t stopped = 0;     // questions whose end was wanted before there was an answer
    double average_seconds = 0;  // from question to answer; 0 when nothing was answered
    double p95_seconds = 0;
    std::size_t ratings_up = 0;  // ratings that were given in these days and still stand
    std::size_t ratings_down = 0;

    friend bool operator==(const UsagePeriod&, const UsagePeriod&) = default;
};

// Calendar days in UTC, as in performance_dashboard_view; each period ends now.
struct Usage {
    UsagePeriod today;
    UsagePeriod week;   // 7 days with today
    UsagePeriod month;  // 30 days with today

    friend bool operator==(const Usage&, const Usage&) = default;
};

// What a turn's steps are, as Chainlit names them: a step's type, and its role in step_id().
inline constexpr const char* kQuestionStep = "user_message";
inline constexpr const char* kRunStep = "run";
inline constexpr const char* kToolStep = "tool";
inline constexpr const char* kAnswerStep = "assistant_message";

// Ids are deterministic, so that a redelivery or another process makes the same ones. `role` is one of the steps above,
// or "csv" or "rows" for an element of the answer.
std::string turn_id(const ThreadKey& thread, const std::string& question_ts);
std::string thread_id(const ThreadKey& thread);
std::string step_id(const std::string& turn_id, const std::string& role);
std::string user_id(const std::string& team, const std::string& slack_user);
std::string feedback_id(const std::string& turn_id, const std::string& slack_user);

}  // namespace genie_slack::storage
