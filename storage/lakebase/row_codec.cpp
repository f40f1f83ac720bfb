#include "storage/lakebase/row_codec.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

#include <cstdint>
#include <stdexcept>

namespace genie_slack::storage::lakebase {

namespace json = boost::json;

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Length of the valid UTF-8 sequence at the start of `text`, 0 when there is none.
std::size_t sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80)
        return 1;
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < length)
        return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0) != 0x80)
            return 0;
    // Overlong forms, surrogates, beyond U+10FFFF.
    if ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F) || (first == 0xF0 && byte(1) < 0x90) ||
        (first == 0xF4 && byte(1) > 0x8F))
        return 0;
    return length;
}

json::value storable_value(const json::value& value) {
    if (const auto* text = value.if_string())
        return json::value(storable(std::string_view(text->data(), text->size())));
    if (const auto* array = value.if_array()) {
        json::array copy;
        for (const json::value& item : *array)
            copy.push_back(storable_value(item));
        return copy;
    }
    if (const auto* object = value.if_object()) {
        json::object copy;
        for (const auto& member : *object)
            copy[storable(std::string_view(member.key().data(), member.key().size()))] = storable_value(member.value());
        return copy;
    }
    return value;
}

std::string text_of(const json::value& row, std::string_view key) {
    const json::value* value = row.as_object().if_contains(key);
    if (!value || value->is_null())
        return "";
    return std::string(value->as_string());
}

std::int64_t number_of(const json::value& row, std::string_view key) {
    return row.as_object().at(key).to_number<std::int64_t>();
}

WallTime time_of(const json::value& row, std::string_view key) {
    return WallTime(std::chrono::microseconds(number_of(row, key)));
}

std::int64_t to_us(WallTime time) {
    return time.time_since_epoch().count();
}

TurnState state_of(const std::string& name) {
    for (const TurnState state : {TurnState::received, TurnState::awaiting_space, TurnState::asking, TurnState::asked,
                                  TurnState::answered, TurnState::delivered, TurnState::failed})
        if (name == to_string(state))
            return state;
    throw std::runtime_error("the database holds a turn in an unknown state");
}

// What a newer version may have written is read as the most common one.
Origin origin_of(const std::string& name) {
    for (const Origin origin : {Origin::thread_reply, Origin::direct_message, Origin::agent_pane, Origin::command,
                                Origin::home, Origin::shortcut, Origin::follow_up, Origin::edit})
        if (name == to_string(origin))
            return origin;
    return Origin::mention;
}

Audience audience_of(const std::string& name) {
    for (const Audience audience : {Audience::direct_message, Audience::person})
        if (name == to_string(audience))
            return audience;
    return Audience::channel;
}

UsagePeriod period_of(const json::value& row) {
    const auto count = [&](std::string_view key) { return static_cast<std::size_t>(number_of(row, key)); };
    UsagePeriod period;
    period.conversations = count("conversations");
    period.questions = count("questions");
    period.people = count("people");
    period.failed = count("failed");
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
    row["created_at"] = user.created_at;
    return row;
}

json::object encode_thread(const Thread& thread) {
    json::object row;
    row["id"] = thread.id;
    row["created_at"] = thread.created_at;
    row["name"] = storable(thread.name);
    row["user_id"] = thread.user_id;
    json::array tags;
    for (const std::string& tag : thread.tags)
        tags.emplace_back(storable(tag));
    row["tags"] = std::move(tags);
    row["metadata"] = storable_value(thread.metadata);
    return row;
}

json::object encode_step(const Step& step) {
    json::object row;
    row["id"] = step.id;
    row["name"] = storable(step.name);
    row["type"] = step.type;
    row["thread_id"] = step.thread_id;
    row["parent_id"] = step.parent_id;
    row["is_error"] = step.is_error;
    row["metadata"] = storable_value(step.metadata);
    row["input"] = storable(step.input);
    row["output"] = storable(step.output);
    row["created_at"] = step.created_at;
    row["start"] = step.start;
    row["end"] = step.end;
    row["show_input"] = step.show_input;
    row["language"] = step.language;
    return row;
}

json::object encode_element(const Element& element) {
    json::object row;
    row["id"] = element.id;
    row["thread_id"] = element.thread_id;
    row["type"] = element.type;
    row["url"] = storable(element.url);
    row["name"] = storable(element.name);
    row["display"] = element.display;
    row["object_key"] = storable(element.object_key);
    row["for_id"] = element.for_id;
    row["mime"] = storable(element.mime);
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

std::string storable(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = text.front() == '\0' ? 0 : sequence_length(text);
        if (length == 0)
            result += kReplacement;
        else
            result += text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(1, length));
    }
    return result;
}

json::object encode(const ThreadKey& thread) {
    json::object row;
    row["team"] = thread.team;
    row["channel"] = thread.channel;
    row["thread_ts"] = thread.thread_ts;
    return row;
}

json::object encode(const Turn& turn) {
    json::object row = encode(turn.thread);
    row["id"] = turn.id;
    row["question_ts"] = turn.question_ts;
    row["chat_thread_id"] = thread_id(turn.thread);
    row["message_ts"] = turn.message_ts;
    row["origin"] = to_string(turn.origin);
    row["audience"] = to_string(turn.audience);
    row["user"] = turn.user;
    row["channel_type"] = turn.channel_type;
    row["question"] = storable(turn.question);
    row["state"] = to_string(turn.state);
    row["space_id"] = storable(turn.space_id);
    row["space_name"] = storable(turn.space_name);
    row["conversation_id"] = storable(turn.conversation_id);
    row["message_id"] = storable(turn.message_id);
    row["progress_ts"] = turn.progress_ts;
    row["answer_channel"] = turn.answer_channel;
    row["answer_thread"] = turn.answer_thread;
    row["replaces"] = turn.replaces;
    row["failure"] = storable(turn.failure);
    row["received_us"] = to_us(turn.received_at);
    row["asked_us"] = to_us(turn.asked_at);
    row["finished_us"] = to_us(turn.finished_at);
    return row;
}

json::object encode(const ChatRows& rows) {
    json::object all;
    all["users"] = encode_all(rows.users, encode_user);
    all["threads"] = encode_all(rows.threads, encode_thread);
    all["steps"] = encode_all(rows.steps, encode_step);
    all["elements"] = encode_all(rows.elements, encode_element);
    return all;
}

Turn decode_turn(const json::value& row) {
    Turn turn;
    turn.id = text_of(row, "id");
    turn.thread = ThreadKey(text_of(row, "team"), text_of(row, "channel"), text_of(row, "thread_ts"));
    turn.question_ts = text_of(row, "question_ts");
    turn.message_ts = text_of(row, "message_ts");
    turn.origin = origin_of(text_of(row, "origin"));
    turn.audience = audience_of(text_of(row, "audience"));
    turn.user = text_of(row, "user");
    turn.channel_type = text_of(row, "channel_type");
    turn.question = text_of(row, "question");
    turn.state = state_of(text_of(row, "state"));
    turn.space_id = text_of(row, "space_id");
    turn.space_name = text_of(row, "space_name");
    turn.conversation_id = text_of(row, "conversation_id");
    turn.message_id = text_of(row, "message_id");
    turn.progress_ts = text_of(row, "progress_ts");
    turn.answer_channel = text_of(row, "answer_channel");
    turn.answer_thread = text_of(row, "answer_thread");
    turn.replaces = text_of(row, "replaces");
    turn.stopped_by = text_of(row, "stopped_by");
    turn.failure = text_of(row, "failure");
    turn.attempts = static_cast<int>(number_of(row, "attempts"));
    turn.tries = static_cast<int>(number_of(row, "tries"));
    turn.received_at = time_of(row, "received_us");
    turn.asked_at = time_of(row, "asked_us");
    turn.finished_at = time_of(row, "finished_us");
    return turn;
}

Conversation decode_conversation(const json::value& row) {
    Conversation conversation;
    conversation.genie_room_id = text_of(row, "room_id");
    conversation.genie_room_name = text_of(row, "room_name");
    conversation.conversation_id = text_of(row, "conversation_id");
    conversation.created_at = time_of(row, "created_us");
    conversation.updated_at = time_of(row, "updated_us");
    return conversation;
}

Step decode_step(const json::value& row) {
    Step step;
    step.id = text_of(row, "id");
    step.name = text_of(row, "name");
    step.type = text_of(row, "type");
    step.thread_id = text_of(row, "thread_id");
    step.parent_id = text_of(row, "parent_id");
    step.is_error = row.as_object().at("is_error").as_bool();
    step.metadata = row.as_object().at("metadata").as_object();
    step.input = text_of(row, "input");
    step.output = text_of(row, "output");
    step.created_at = text_of(row, "created_at");
    step.start = text_of(row, "start");
    step.end = text_of(row, "end");
    step.show_input = text_of(row, "show_input");
    step.language = text_of(row, "language");
    return step;
}

Feedback decode_feedback(const json::value& row) {
    Feedback feedback;
    feedback.id = text_of(row, "id");
    feedback.for_id = text_of(row, "for_id");
    feedback.thread_id = text_of(row, "thread_id");
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
