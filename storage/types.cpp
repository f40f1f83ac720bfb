#include "storage/types.hpp"

#include "core/random.hpp"

namespace genie_slack::storage {

const char* to_string(TurnState state) {
    switch (state) {
        case TurnState::received:
            return "received";
        case TurnState::awaiting_space:
            return "awaiting_space";
        case TurnState::asking:
            return "asking";
        case TurnState::asked:
            return "asked";
        case TurnState::answered:
            return "answered";
        case TurnState::delivered:
            return "delivered";
        case TurnState::failed:
            return "failed";
    }
    return "unknown";
}

bool is_final(TurnState state) {
    return state == TurnState::delivered || state == TurnState::failed;
}

const char* to_string(Origin origin) {
    switch (origin) {
        case Origin::mention:
            return "mention";
        case Origin::thread_reply:
            return "thread_reply";
        case Origin::direct_message:
            return "direct_message";
        case Origin::command:
            return "command";
        case Origin::home:
            return "home";
        case Origin::shortcut:
            return "shortcut";
        case Origin::follow_up:
            return "follow_up";
        case Origin::edit:
            return "edit";
        case Origin::after_all:
            return "after_all";
    }
    return "unknown";
}

const char* to_string(Audience audience) {
    switch (audience) {
        case Audience::channel:
            return "channel";
        case Audience::direct_message:
            return "direct_message";
        case Audience::person:
            return "person";
    }
    return "unknown";
}

bool waits_for_choice(const Turn& turn) {
    return turn.state == TurnState::awaiting_space && turn.stopped_by.empty();
}

const std::string& answer_channel(const Turn& turn) {
    return turn.answer_channel.empty() ? turn.thread.channel : turn.answer_channel;
}

const char* to_string(DefaultOf kind) {
    return kind == DefaultOf::channel ? "channel" : "person";
}

namespace {
std::string slack_name(const ThreadKey& thread, const std::string& ts) {
    return "slack:" + thread.team + ":" + thread.channel + ":" + ts;
}
}  // namespace

std::string turn_id(const ThreadKey& thread, const std::string& question_ts) {
    return name_uuid(slack_name(thread, question_ts) + ":turn");
}

std::string thread_id(const ThreadKey& thread) {
    return name_uuid(slack_name(thread, thread.thread_ts) + ":thread");
}

std::string step_id(const std::string& turn_id, const std::string& role) {
    return name_uuid(turn_id + ":" + role);
}

std::string user_id(const std::string& team, const std::string& slack_user) {
    return name_uuid("slack:" + team + ":user:" + slack_user);
}

std::string feedback_id(const std::string& turn_id, const std::string& slack_user) {
    return name_uuid(turn_id + ":feedback:" + slack_user);
}

}  // namespace genie_slack::storage
