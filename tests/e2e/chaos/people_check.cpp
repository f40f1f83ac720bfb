#include "tests/e2e/chaos/people_check.hpp"

#include "storage/types.hpp"
#include "tests/e2e/chaos/shown.hpp"

#include <algorithm>

namespace genie_slack::test {

namespace people_check_detail {

constexpr Duration kQuiet = 3s;

// Where files that belong to the message stand.
std::pair<std::string, std::string> thread_of(const sandbox::SlackMessage& message) {
    return {message.channel, message.thread_ts.empty() ? message.ts : message.thread_ts};
}

// Of Slack's ids of messages.
WallTime time_of(const std::string& ts) {
    return WallTime(std::chrono::microseconds(static_cast<std::int64_t>(std::stod(ts) * 1e6)));
}

// Genie itself failed, which "Try again" is for.
bool has_failed(const std::string& failure) {
    return failure.starts_with("genie_failed");
}

// Everybody in the thread is told that another space is asked.
bool is_note(const sandbox::SlackMessage& message) {
    const auto* type = message.metadata.if_contains("event_type");
    return type && *type == "genie_slack_note";
}

// What only the answer to one of the two questions shows.
bool is_about_weeks(const std::string& question) {
    return holds(question, "by week");
}

}  // namespace people_check_detail

using namespace people_check_detail;

PeopleCheck::PeopleCheck(ChaosWorld& chaos, People& people, Outsiders& outsiders, bool private_answers)
    : chaos_(chaos), people_(people), outsiders_(outsiders), private_answers_(private_answers) {}

void PeopleCheck::expect(bool holds, const std::string& problem) {
    if (!holds)
        problems_.push_back(problem);
}

void PeopleCheck::read_turns() {
    turns_.clear();
    replaced_.clear();
    for (const auto& row : chaos_.database().query(
             ChaosWorld::kDatabase,
             "SELECT id, channel_id, thread_ts, message_ts, origin, user_id, question, state, answer_channel, "
             "progress_ts, replaces, stopped_by, failure, answer_thread, space_name FROM genie_app.turns ORDER BY "
             "sequence")) {
        turns_.push_back({row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9], row[10],
                          row[11], row[12], row[13], row[14]});
        if (!row[10].empty())
            replaced_.insert(row[10]);
    }
}

bool PeopleCheck::wait_until_quiet() {
    std::size_t calls = 0;
    TimePoint since = Clock::now();
    return chaos_.world().wait(
        [&] {
            const std::size_t now = chaos_.world().slack().calls().size();
            if (now != calls) {
                calls = now;
                since = Clock::now();
            }
            if (Clock::now() - since < kQuiet)
                return false;
            since = Clock::now() - kQuiet + 500ms;  // the database is asked twice a second at most
            read_turns();
            people_.choose_spaces();
            const bool are_final = std::all_of(turns_.begin(), turns_.end(), [](const Row& turn) {
                return turn.state == "delivered" || turn.state == "failed";
            });
            return are_final && std::all_of(people_.asked().begin(), people_.asked().end(), [&](const auto& asked) {
                       return asked.is_deleted || people_.may_be_turned_away(asked) ||
                              std::any_of(turns_.begin(), turns_.end(), [&](const Row& turn) {
                                  return turn.channel == asked.channel && turn.message_ts == asked.ts &&
                                         is_of_message(turn);
                              });
                   });
        },
        chaos_.options().limit);
}

void PeopleCheck::rate_answers() {
    int rated = 0;
    for (const Row& turn : turns_)
        if (turn.state == "delivered" && !is_replaced(turn) && ++rated <= 15)
            people_.rate(turn.id, turn.place(), turn.progress_ts);
}

std::vector<std::string> PeopleCheck::problems() {
    problems_ = chaos_.deaths();
    read_turns();
    check_turns();
    check_questions();
    check_messages();
    check_files();
    check_genie();
    check_rows();
    check_ratings();
    check_signs();
    if (chaos_.was_slow_to_tell())
        WARN("this machine is too busy to tell in time who is who: what outsiders got is not checked");
    else
        for (std::string& problem : outsiders_.problems())
            problems_.push_back(std::move(problem));
    for (const std::string& violation : chaos_.world().slack().violations())
        problems_.push_back("Slack's protocol: " + violation);
    return problems_;
}

// Each ends in an answer, or because somebody wanted it to end.
void PeopleCheck::check_turns() {
    std::map<std::string, int> successors;
    for (const Row& turn : turns_) {
        const std::string name = "turn " + turn.id + " (" + turn.question + ")";
        expect(turn.state == "delivered" || turn.state == "failed", name + " is " + turn.state);
        expect(turn.state == "delivered" || turn.failure == "stopped" || turn.failure == "deleted" ||
                   turn.failure == "edited" || has_failed(turn.failure) ||
                   (may_be_refused(turn) && turn.failure.starts_with("refused:")),
               name + " failed: " + turn.failure);
        expect(turn.stopped_by.empty() || turn.stopped_by == "deleted" || turn.stopped_by == "edited" ||
                   turn.stopped_by == turn.user,
               name + " was stopped by " + turn.stopped_by);
        expect(!people_.is_closed(turn.channel) || turn.state != "delivered", name + " is answered before partners");
        expect(turn.failure != "edited" || is_replaced(turn), name + " ended by an edition that is not there");
        if (!turn.replaces.empty())
            expect(++successors[turn.replaces] == 1, "turn " + turn.replaces + " is replaced twice");
    }
}

void PeopleCheck::check_questions() {
    for (const AskedMessage& asked : people_.asked())
        check_question(asked);
}

void PeopleCheck::check_question(const AskedMessage& asked) {
    std::vector<const Row*> last;
    for (const Row& turn : turns_)
        if (turn.channel == asked.channel && turn.message_ts == asked.ts && is_of_message(turn) && !is_replaced(turn))
            last.push_back(&turn);
    const std::string name = "question " + asked.ts + " (" + asked.texts.back() + ")";
    if (asked.is_deleted || people_.may_be_turned_away(asked)) {
        expect(last.size() <= 1, name + " may have no answer and has " + std::to_string(last.size()) + " ends");
        return;
    }
    expect(last.size() == 1, name + " has " + std::to_string(last.size()) + " ends");
    if (last.size() != 1)
        return;
    const Row& turn = *last.front();
    expect(turn.state == "delivered" || turn.failure == "stopped" || has_failed(turn.failure),
           name + " ended as " + turn.state + " " + turn.failure);
    expect(std::find(asked.texts.begin(), asked.texts.end(), turn.question) != asked.texts.end(),
           name + " was asked as: " + turn.question);
    // An edition counts for the thread's last question only, and while it is the author's: whoever asks again below
    // another person's question makes it their own.
    const bool is_alone = std::none_of(turns_.begin(), turns_.end(), [&](const Row& other) {
        return other.channel == asked.channel && other.thread == asked.thread &&
               (other.message_ts != asked.ts || !is_of_message(other) || other.user != asked.user);
    });
    expect(!is_alone || turn.question == asked.texts.back(), name + " is answered as it was before: " + turn.question);
}

void PeopleCheck::check_messages() {
    copies_.clear();
    for (const auto& message : people_.all_messages()) {
        if (message.bot_id.empty())
            continue;
        if (!message.ephemeral_for.empty() || is_note(message))
            check_notes(message);
        else if (message.files.empty())
            check_message(message);
        if (message.ephemeral_for.empty())
            expect(!people_.is_closed(message.channel), "stands before partners: " + BotWorld::shown(message));
    }
    for (const auto& [turn, places] : copies_) {
        expect(people_.presses("share_answer", turn) > 0, "turn " + turn + " stands in the channel, not shared");
        expect(places.size() == 1, "turn " + turn + " was shared " + std::to_string(places.size()) + " times");
    }
    for (const Row& turn : turns_)
        if (turn.state == "delivered" && !is_replaced(turn))
            expect(chaos_.world().slack().find_message(turn.place(), turn.progress_ts) != nullptr,
                   "turn " + turn.id + " (" + turn.question + ") has no message");
}

void PeopleCheck::check_message(const sandbox::SlackMessage& message) {
    const std::string name = "message " + message.channel + " " + message.ts + " in " + message.thread_ts;
    const std::string shown = BotWorld::shown(message);
    expect(!message.streaming, name + " streams");
    expect(!holds(shown, "stop_turn") && !holds(shown, "in_progress") && !holds(shown, "\"pending\""),
           name + " still works: " + shown.substr(0, 300));
    std::vector<const Row*> owners;
    for (const Row& turn : turns_)
        if (turn.place() == message.channel && turn.progress_ts == message.ts && !is_replaced(turn))
            owners.push_back(&turn);
    if (owners.empty() && message.channel.front() != 'D')
        return check_copy(message);
    expect(owners.size() == 1, name + " belongs to " + std::to_string(owners.size()) +
                                   " turns: " + shown.substr(0, 200) + " " + boost::json::serialize(message.metadata));
    if (owners.size() == 1)
        check_answer(*owners.front(), message);
}

void PeopleCheck::check_answer(const Row& turn, const sandbox::SlackMessage& message) {
    const std::string shown = BotWorld::shown(message);
    const std::string name = "turn " + turn.id + " (" + turn.question + ", " + turn.state + " " + turn.failure + ")";
    if (turn.state == "delivered") {
        expect(holds(shown, "rate_answer"), name + " has no answer but: " + shown.substr(0, 200));
        // Other spaces know nothing of it.
        const bool has_number = holds(turn.question, "Question ") && turn.space == "Sales";
        expect(!has_number || is_about_weeks(turn.question) == holds(shown, "week"),
               name + " shows another answer: " + shown.substr(0, 300));
    } else if (turn.failure.starts_with("refused:")) {
        expect(!shows_data(shown), name + " shows: " + shown.substr(0, 200));
    } else {
        // What is deleted or edited leaves none.
        expect(holds(shown, "ask_again"), name + " shows: " + shown.substr(0, 200));
    }
    for (const Row& other : turns_)
        expect(other.id == turn.id || !holds(shown, other.id), name + " has buttons of turn " + other.id);
    if (message.channel.front() == 'D')
        expect(people_.owner_of(message.channel) == turn.user, name + " stands in another person's direct message");
}

void PeopleCheck::check_copy(const sandbox::SlackMessage& message) {
    const std::string shown = BotWorld::shown(message);
    const std::string name = "message " + message.channel + " " + message.ts;
    expect(holds(shown, "rate_answer"), name + " is no shared answer but: " + shown.substr(0, 200));
    // Both processes know by then.
    const bool is_late = people_.has_closed(message.channel) && time_of(message.ts) > people_.closed_since() + 3s;
    expect(!is_late, name + " was shared before partners");
    for (const Row& turn : turns_)
        if (holds(shown, turn.id)) {
            copies_[turn.id].push_back(thread_of(message));
            expect(turn.channel == message.channel, name + " was shared into another channel");
            expect(!holds(shown, "share_answer"), name + " can be shared again");
            // Only what was asked in no thread stands at the channel's root.
            expect((turn.origin == "command" || turn.origin == "home") == message.thread_ts.empty(),
                   name + " strayed from its thread");
        }
}

// Notes tell where an answer stands, never what it says.
void PeopleCheck::check_notes(const sandbox::SlackMessage& message) {
    const std::string shown = BotWorld::shown(message);
    const std::string name = "note " + message.ts + " to " + message.ephemeral_for;
    expect(!shows_data(shown), name + " shows an answer: " + shown.substr(0, 200));
    for (const auto& channel : chaos_.world().slack().channels())
        if (private_answers_ && channel.is_im && holds(shown, "/archives/" + channel.id))
            expect(channel.im_user == message.ephemeral_for, name + " leads into another person's direct message");
}

// Nothing says that something still works: the lines below threads, and Slack's list of them.
void PeopleCheck::check_signs() {
    std::set<std::string> left;
    // Nobody sees a thread whose first message is gone.
    const auto stands = [&](const boost::json::value& sign) {
        return chaos_.world().slack().find_message(std::string(sign.at("channel").as_string()),
                                                   std::string(sign.at("thread_ts").as_string())) != nullptr;
    };
    for (const std::string& user : people_.members()) {
        const auto seen = chaos_.world().slack().snapshot(user);
        for (const auto& status : seen.at("statuses").as_array())
            if (stands(status) && !status.at("status").as_string().empty())
                left.insert("still has a status: " + boost::json::serialize(status));
        for (const auto& session : seen.at("sessions").as_array())
            if (stands(session) && session.at("status") == "processing")
                left.insert("still has a session: " + boost::json::serialize(session));
    }
    problems_.insert(problems_.end(), left.begin(), left.end());
}

// At most one with each answer, one more after each new run of it, and the same with each shared copy.
void PeopleCheck::check_files() {
    std::map<Thread, int> files, allowed;
    for (const auto& message : people_.all_messages())
        if (!message.files.empty() && !message.bot_id.empty())
            ++files[thread_of(message)];
    for (const Row& turn : turns_) {
        if (turn.state != "delivered")
            continue;
        const int runs = 1 + people_.presses("answer_more", "again:" + turn.id);
        // Also of an answer that went since: its file stays.
        allowed[{turn.place(), turn.thread_of_answer()}] += runs;
        for (const Thread& copy : copies_[turn.id])
            allowed[copy] += runs;
    }
    for (const auto& [place, count] : files)
        expect(count <= allowed[place], "thread " + place.first + " " + place.second + " has " + std::to_string(count) +
                                            " files of " + std::to_string(allowed[place]) + " runs");
}

void PeopleCheck::check_genie() {
    std::map<std::string, int> asked, wanted;
    // What comes while the conversation works on a question that was stopped fails, and is asked again.
    for (const auto& question : chaos_.world().genie().questions())
        if (question.status != "FAILED")
            ++asked[question.content];
    for (const Row& turn : turns_) {
        ++wanted[turn.question];
        expect(turn.state != "delivered" || asked[turn.question] > 0, "Genie never saw: " + turn.question);
    }
    for (const auto& [question, count] : asked)
        expect(count <= wanted[question], "Genie saw " + std::to_string(count) + " times: " + question);
}

void PeopleCheck::check_rows() {
    std::map<std::string, std::string> steps;  // id -> time
    for (const auto& row :
         chaos_.database().query(ChaosWorld::kDatabase, "SELECT id, \"createdAt\" FROM genie_app.steps"))
        steps[row[0]] = row[1];
    for (const Row& turn : turns_) {
        const auto* message = chaos_.world().slack().find_message(turn.place(), turn.progress_ts);
        const bool has_query = message && holds(BotWorld::shown(*message), "show_sql");
        std::string before;
        for (const char* role : {"user_message", "run", "tool", "assistant_message"}) {
            const bool is_due = std::string(role) == "user_message" ||
                                (turn.state == "delivered" && (has_query || std::string(role) != "tool"));
            if (!is_due)
                continue;
            const std::string time = steps[storage::step_id(turn.id, role)];
            expect(!time.empty() && before < time, "turn " + turn.id + ": step " + role + " at '" + time + "'");
            before = time;
        }
    }
    for (const auto& row :
         chaos_.database().query(ChaosWorld::kDatabase, "SELECT kind, turn_id, detail FROM genie_app.dead_letters"))
        expect(false, "dead letter: " + row[0] + " " + row[1] + " " + row[2]);
    for (const auto& row :
         chaos_.database().query(ChaosWorld::kDatabase, "SELECT id FROM genie_app.steps WHERE streaming"))
        expect(false, "step " + row[0] + " streams");
}

void PeopleCheck::check_ratings() {
    std::map<std::string, std::string> stored;
    for (const auto& row : chaos_.database().query(ChaosWorld::kDatabase, "SELECT id, value FROM genie_app.feedbacks"))
        stored[row[0]] = row[1];
    for (const auto& [who, rating] : people_.ratings()) {
        const auto found = stored.find(storage::feedback_id(who.first, who.second));
        const std::string kept = found == stored.end() ? "none" : found->second;
        const std::string given = rating ? std::to_string(*rating) : "none";
        expect(kept == given, "rating of " + who.first + " by " + who.second + " is " + kept + ", not " + given);
    }
}

}  // namespace genie_slack::test
