#include "storage/lakebase/row_codec.hpp"

#include "storage/lakebase/json_fields.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace genie_slack::storage::lakebase {

namespace json = boost::json;

namespace {

UsagePeriod period_of(const json::value& row) {
    const auto count = [&](std::string_view key) { return static_cast<std::size_t>(number_of(row, key)); };
    UsagePeriod period;
    period.conversations = count("conversations");
    period.questions = count("questions");
    period.people = count("people");
    period.failed = count("failed");
    period.stopped = count("stopped");
    period.average_seconds = row.as_object().at("average_seconds").to_number<double>();
    period.p95_seconds = row.as_object().at("p95_seconds").to_number<double>();
    period.ratings_up = count("ratings_up");
    period.ratings_down = count("ratings_down");
    return period;
}

json::object encode_user(const User& user) {
    json::object row;
    row["id"] = user.id;
    row["identifier"] = storable(user.identifier);
    row["metadata"] = storable_value(user.metadata);
    row["createdAt"] = text_or_null(user.created_at);
    row["told_at"] = user.told_at == WallTime() ? json::value() : json::value(format_utc(user.told_at));
    return row;
}

json::object encode_thread(const Thread& thread) {
    json::object row;
    row["id"] = thread.id;
    row["createdAt"] = text_or_null(thread.created_at);
    row["name"] = storable(thread.name);
    row["userId"] = text_or_null(thread.user_id);
    row["tags"] = json::array();
    row["metadata"] = storable_value(thread.metadata);
    return row;
}

json::object encode_step(const Step& step) {
    json::object row;
    row["id"] = step.id;
    row["name"] = storable(step.name);
    row["type"] = step.type;
    row["threadId"] = step.thread_id;
    row["parentId"] = text_or_null(step.parent_id);
    row["isError"] = step.is_error;
    row["metadata"] = storable_value(step.metadata);
    row["input"] = storable(step.input);
    row["output"] = storable(step.output);
    row["createdAt"] = text_or_null(step.created_at);
    row["start"] = text_or_null(step.start);
    row["end"] = text_or_null(step.end);
    row["showInput"] = text_or_null(step.show_input);
    row["language"] = text_or_null(step.language);
    return row;
}

json::object encode_element(const Element& element) {
    json::object row;
    row["id"] = element.id;
    row["threadId"] = element.thread_id;
    row["type"] = element.type;
    row["url"] = text_or_null(element.url);
    row["name"] = storable(element.name);
    row["display"] = element.display;
    row["objectKey"] = nullptr;
    row["forId"] = text_or_null(element.for_id);
    row["mime"] = text_or_null(element.mime);
    row["props"] = storable_value(element.props);
    return row;
}

template <class Row, class Encode>
json::array encode_all(const std::vector<Row>& rows, Encode encode_one) {
    json::array array;
    for (const Row& row : rows)
        array.emplace_back(encode_one(row));
    return array;
}

}  // namespace

json::object encode(const ThreadKey& thread) {
    json::object row;
    row["team_id"] = storable(thread.team);
    row["channel_id"] = storable(thread.channel);
    row["thread_ts"] = storable(thread.thread_ts);
    return row;
}

std::string people_text(const std::string& turn_id, const ChatRows& rows) {
    if (rows.users.empty())
        return "";
    json::object people;
    people["users"] = encode_all(rows.users, encode_user);
    json::object part;
    part["turn_id"] = storable(turn_id);
    part["rows"] = std::move(people);
    return json::serialize(part);
}

std::string rows_text(const std::string& turn_id, const ChatRows& rows, bool is_stored) {
    if (rows.threads.empty() && rows.steps.empty() && rows.elements.empty())
        return "";
    json::object all;
    all["users"] = encode_all(rows.users, encode_user);
    all["threads"] = encode_all(rows.threads, encode_thread);
    all["steps"] = encode_all(rows.steps, encode_step);
    all["elements"] = encode_all(rows.elements, encode_element);
    json::object part;
    part["turn_id"] = storable(turn_id);
    part["is_stored"] = is_stored;
    part["rows"] = std::move(all);
    return json::serialize(part);
}

json::object encode(const Feedback& feedback) {
    json::object row;
    row["id"] = feedback.id;
    row["forId"] = feedback.for_id;
    row["threadId"] = feedback.thread_id;
    row["value"] = feedback.value;
    row["comment"] = text_or_null(feedback.comment);
    return row;
}

json::object encode(const Lease& lease) {
    json::object row;
    row["turn_id"] = storable(lease.turn_id);
    row["token"] = lease.token;
    return row;
}

json::object encode_default(DefaultOf kind, const std::string& team, const std::string& id) {
    json::object row;
    row["kind"] = to_string(kind);
    row["team_id"] = storable(team);
    row["id"] = storable(id);
    return row;
}

Conversation decode_conversation(const json::value& row) {
    Conversation conversation;
    conversation.genie_room_id = text_of(row, "genie_room_id");
    conversation.genie_room_name = text_of(row, "genie_room_name");
    conversation.conversation_id = text_of(row, "conversation_id");
    conversation.created_at = time_of(row, "created_at");
    conversation.updated_at = time_of(row, "updated_at");
    return conversation;
}

Step decode_step(const json::value& row) {
    const json::object& members = row.as_object();
    Step step;
    step.id = text_of(row, "id");
    step.name = text_of(row, "name");
    step.type = text_of(row, "type");
    step.thread_id = text_of(row, "threadId");
    step.parent_id = text_of(row, "parentId");
    step.is_error = members.at("isError").is_bool() && members.at("isError").as_bool();
    if (members.at("metadata").is_object())
        step.metadata = members.at("metadata").as_object();
    step.input = text_of(row, "input");
    step.output = text_of(row, "output");
    step.created_at = text_of(row, "createdAt");
    step.start = text_of(row, "start");
    step.end = text_of(row, "end");
    step.show_input = text_of(row, "showInput");
    step.language = text_of(row, "language");
    return step;
}

ChangedRating decode_changed_rating(const json::value& row) {
    ChangedRating rating;
    rating.feedback_id = text_of(row, "feedback_id");
    rating.step_id = text_of(row, "step_id");
    rating.turn_id = text_of(row, "turn_id");
    const json::value& value = row.as_object().at("value");
    if (!value.is_null())
        rating.value = value.to_number<int>();
    rating.comment = text_of(row, "comment");
    return rating;
}

Feedback decode_feedback(const json::value& row) {
    Feedback feedback;
    feedback.id = text_of(row, "id");
    feedback.for_id = text_of(row, "forId");
    feedback.thread_id = text_of(row, "threadId");
    feedback.value = static_cast<int>(number_of(row, "value"));
    feedback.comment = text_of(row, "comment");
    return feedback;
}

SpaceDefault decode_space_default(const json::value& row) {
    SpaceDefault space;
    space.space_id = text_of(row, "space_id");
    space.space_name = text_of(row, "space_name");
    return space;
}

Usage decode_usage(const json::value& row) {
    Usage usage;
    usage.today = period_of(row.as_object().at("today"));
    usage.week = period_of(row.as_object().at("week"));
    usage.month = period_of(row.as_object().at("month"));
    return usage;
}

}  // namespace genie_slack::storage::lakebase
