#include "app/relay/record/chat_rows.hpp"

#include "app/relay/turn_facts.hpp"

#include "slack/text/markup.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace chat_rows_detail {

constexpr std::size_t kThreadNameCharacters = 100;
constexpr std::size_t kMaxColumns = 100;
constexpr const char* kAsksBack = "asks_back";
constexpr const char* kOffered = "offered";
constexpr const char* kPrivate = "is_private";
constexpr const char* kSlack = "slack";
constexpr const char* kTs = "ts";
constexpr const char* kTurn = "turn";
constexpr const char* kUser = "user";
constexpr const char* kResult = "result";
constexpr const char* kRowCount = "row_count";
constexpr std::size_t kColumnNameCharacters = 200;
// Of a question's first step; its run and tool come one and two microseconds later, an answer in the middle.
constexpr std::chrono::microseconds kStepGrid(10);
constexpr std::chrono::microseconds kAnswerOffset(5);

std::string time_of(const storage::Turn& turn, int position) {
    return format_utc(turn.received_at + std::chrono::microseconds(position));
}

// After all other steps of the turn, and never where a question stands.
WallTime answer_time(const storage::Turn& turn, WallTime finished) {
    const WallTime on_grid(finished.time_since_epoch() - finished.time_since_epoch() % kStepGrid);
    return std::max(on_grid, turn.received_at) + kAnswerOffset;
}

std::int64_t milliseconds(WallTime from, WallTime to) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::max(to, from) - from).count();
}

boost::json::object thread_metadata(const storage::Turn& turn) {
    boost::json::object slack;
    slack["team"] = turn.thread.team;
    slack["channel"] = turn.thread.channel;
    slack["thread_ts"] = turn.thread.thread_ts;
    slack[kUser] = turn.user;
    return slack;
}

boost::json::object genie_metadata(const storage::Turn& turn) {
    boost::json::object genie;
    genie["space_id"] = turn.space_id;
    genie["space_name"] = turn.space_name;
    genie["conversation_id"] = turn.conversation_id;
    genie["message_id"] = turn.message_id;
    return genie;
}

// Says how long each phase took that the turn went through.
boost::json::object timings(const storage::Turn& turn, const Outcome& outcome) {
    boost::json::object times;
    const WallTime never{};
    if (turn.asked_at != never)
        times["waiting_ms"] = milliseconds(turn.received_at, turn.asked_at);
    if (turn.asked_at != never && outcome.genie_answered_at != never)
        times["genie_ms"] = milliseconds(turn.asked_at, outcome.genie_answered_at);
    if (outcome.genie_answered_at != never && outcome.result_read_at != never)
        times["result_ms"] = milliseconds(outcome.genie_answered_at, outcome.result_read_at);
    return times;
}

boost::json::object shape_metadata(const ResultShape& shape) {
    boost::json::array columns;
    for (const genie::Column& column : shape.columns) {
        if (columns.size() == kMaxColumns)
            break;
        boost::json::object one;
        one["name"] = slack::truncate(column.name, kColumnNameCharacters);
        one["type"] = column.type_name;
        columns.push_back(std::move(one));
    }
    boost::json::object result;
    result["column_count"] = shape.columns.size();
    result["columns"] = std::move(columns);
    result[kRowCount] = shape.rows;
    result["truncated"] = shape.truncated;
    return result;
}

storage::Step make_step(const storage::Turn& turn, const std::string& role, const std::string& parent, int position) {
    storage::Step step;
    step.id = storage::step_id(turn.id, role);
    step.type = role;
    step.thread_id = storage::thread_id(turn.thread);
    if (!parent.empty())
        step.parent_id = storage::step_id(turn.id, parent);
    step.created_at = time_of(turn, position);
    step.start = step.created_at;
    return step;
}

storage::Element make_element(const storage::Turn& turn, const ResultElement& content) {
    storage::Element element;
    element.id = storage::step_id(turn.id, content.role);
    element.thread_id = storage::thread_id(turn.thread);
    element.type = content.type;
    element.url = content.url;
    element.name = content.name;
    element.display = "inline";
    element.for_id = storage::step_id(turn.id, storage::kAnswerStep);
    element.mime = content.mime;
    element.props["rows"] = content.rows;
    element.props["columns"] = content.columns;
    return element;
}

ResultElement link_to(const ResultFile& file) {
    ResultElement element;
    element.role = kCsvRole;
    element.type = "file";
    element.name = file.name;
    element.url = file.permalink;
    element.mime =
        is_spreadsheet(file) ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "text/csv";
    element.rows = file.rows;
    element.columns = file.columns;
    return element;
}

// What the object `key` of a step's metadata has under `field`; nullptr for nothing.
const boost::json::value* inner(const storage::Step& step, const char* key, const char* field) {
    const auto* object = step.metadata.if_contains(key);
    return object && object->is_object() ? object->get_object().if_contains(field) : nullptr;
}

void note_question_back(storage::Step& answer, const Outcome& outcome) {
    if (outcome.asks_back)
        answer.metadata[kAsksBack] = true;
    if (!outcome.offered.empty())
        answer.metadata[kOffered] = outcome.offered;
}

}  // namespace chat_rows_detail

WallTime step_time(WallTime time) {
    using namespace chat_rows_detail;
    const auto since = time.time_since_epoch();
    const auto over = since % kStepGrid;
    return over == over.zero() ? time : WallTime(since - over + kStepGrid);
}

storage::ChatRows question_rows(const storage::Turn& turn, const std::optional<Person>& person) {
    using namespace chat_rows_detail;
    const std::string name = person ? person->name : "";
    const std::string email = person ? person->email : "";
    storage::ChatRows rows;
    storage::User user;
    user.id = storage::user_id(turn.thread.team, turn.user);
    // As a web login names the same person, so that both find the same threads (storage.md 1.3).
    user.identifier = email.empty() ? turn.user : email;
    user.metadata["slack"] = boost::json::object{{"team", turn.thread.team}, {"user", turn.user}};
    if (!name.empty())
        user.metadata["name"] = name;
    if (!email.empty()) {
        user.metadata["email"] = email;
        user.told_at = person->told_at;
    }
    user.created_at = time_of(turn, 0);

    storage::Thread thread;
    thread.id = storage::thread_id(turn.thread);
    thread.created_at = time_of(turn, 0);
    thread.name = slack::truncate(turn.question, kThreadNameCharacters);
    thread.user_id = user.id;
    thread.metadata["client_type"] = "slack";
    thread.metadata["slack"] = thread_metadata(turn);

    storage::Step question = make_step(turn, storage::kQuestionStep, "", 0);
    question.name = name.empty() ? turn.user : name;
    question.output = turn.question;
    question.end = question.created_at;
    question.metadata[kSlack] = thread_metadata(turn);
    // What came from a button, a command or a shortcut has no message in Slack.
    if (!has_no_message(turn))
        question.metadata[kSlack].as_object()[kTs] = turn.message_ts;
    // Its answer is for nobody else, though the thread is (storage.md 1.3).
    if (turn.audience == storage::Audience::person)
        question.metadata[kPrivate] = true;

    rows.users.push_back(std::move(user));
    rows.threads.push_back(std::move(thread));
    rows.steps.push_back(std::move(question));
    return rows;
}

bool is_asked_by(const storage::Step& question, const std::string& slack_user) {
    using namespace chat_rows_detail;
    const auto* user = inner(question, kSlack, kUser);
    return user && user->is_string() && user->as_string() == slack_user;
}

bool is_private(const storage::Step& question) {
    return question.metadata.contains(chat_rows_detail::kPrivate);
}

std::int64_t row_count(const storage::Step& tool) {
    using namespace chat_rows_detail;
    const auto* rows = inner(tool, kResult, kRowCount);
    return rows && rows->is_number() ? rows->to_number<std::int64_t>() : 0;
}

std::string message_of(const storage::Step& answer) {
    using namespace chat_rows_detail;
    const auto* ts = inner(answer, kSlack, kTs);
    return ts && ts->is_string() ? std::string(ts->get_string()) : std::string();
}

std::string turn_of(const storage::Step& answer) {
    using namespace chat_rows_detail;
    const auto* turn = inner(answer, kSlack, kTurn);
    return turn && turn->is_string() ? std::string(turn->get_string()) : std::string();
}

bool asks_back(const storage::Step& answer) {
    using namespace chat_rows_detail;
    const auto* asks = answer.metadata.if_contains(kAsksBack);
    return asks && asks->is_bool() && asks->as_bool();
}

std::string offered_with(const storage::Step& answer) {
    using namespace chat_rows_detail;
    const auto* offered = answer.metadata.if_contains(kOffered);
    return offered && offered->is_string() ? std::string(offered->get_string()) : std::string();
}

storage::ChatRows answer_rows(const storage::Turn& turn, const Outcome& outcome) {
    using namespace chat_rows_detail;
    storage::ChatRows rows;
    const WallTime last = answer_time(turn, outcome.finished_at);
    const std::int64_t latency = milliseconds(turn.received_at, std::max(outcome.finished_at, turn.received_at));
    const boost::json::object genie = genie_metadata(turn);
    const boost::json::object times = timings(turn, outcome);

    // Chainlit shows rating buttons only with a run of exactly this name.
    storage::Step run = make_step(turn, storage::kRunStep, storage::kQuestionStep, 1);
    run.name = "on_message";
    run.input = turn.question;
    run.show_input = "json";
    run.end = format_utc(last);
    run.is_error = outcome.is_error;
    run.metadata["latency_ms"] = latency;
    run.metadata["genie"] = genie;
    run.metadata["timings"] = times;
    if (!outcome.error_code.empty())
        run.metadata["error"] = outcome.error_code;
    rows.steps.push_back(std::move(run));

    if (outcome.query) {
        storage::Step tool = make_step(turn, storage::kToolStep, storage::kRunStep, 2);
        tool.name = "Genie";
        tool.input = turn.question;
        tool.output = outcome.query->sql;
        tool.language = "sql";
        tool.end = format_utc(last);
        tool.metadata["title"] = outcome.query->title;
        tool.metadata["statement_id"] = outcome.query->statement_id;
        tool.metadata["genie"] = genie;
        tool.metadata["timings"] = times;
        if (outcome.result)
            tool.metadata[kResult] = shape_metadata(*outcome.result);
        rows.steps.push_back(std::move(tool));
    }

    storage::Step answer = make_step(turn, storage::kAnswerStep, storage::kRunStep, 3);
    answer.name = "Genie";
    answer.output = outcome.markdown;
    answer.is_error = outcome.is_error;
    answer.created_at = format_utc(last);
    answer.start = answer.end = answer.created_at;
    answer.metadata["latency_ms"] = latency;
    answer.metadata["genie"] = genie;
    answer.metadata[kSlack] =
        boost::json::object{{"channel", turn.thread.channel}, {kTs, turn.progress_ts}, {kTurn, turn.id}};
    note_question_back(answer, outcome);
    rows.steps.push_back(std::move(answer));
    bool has_file = false;
    for (const ResultElement& element : outcome.elements) {
        rows.elements.push_back(make_element(turn, element));
        has_file = has_file || element.role == kCsvRole;
    }
    // Chainlit shows an element without a link as a broken one (storage.md 1.4).
    if (!has_file && outcome.file && !outcome.file->permalink.empty())
        rows.elements.push_back(make_element(turn, link_to(*outcome.file)));
    return rows;
}

}  // namespace genie_slack::relay
