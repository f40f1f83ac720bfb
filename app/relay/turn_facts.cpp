#include "app/relay/turn_facts.hpp"

namespace genie_slack::relay {

using storage::Audience;
using storage::Origin;

Place place_of(const storage::Turn& turn) {
    Place place;
    place.channel = storage::answer_channel(turn);
    place.thread_ts = turn.answer_channel.empty() ? turn.thread.thread_ts : turn.answer_thread;
    return place;
}

Place below_answer(const storage::Turn& turn) {
    Place place = place_of(turn);
    if (place.thread_ts.empty())
        place.thread_ts = turn.progress_ts;
    return place;
}

bool has_no_message(const storage::Turn& turn) {
    switch (turn.origin) {
        case Origin::command:
        case Origin::home:
        case Origin::shortcut:
        case Origin::follow_up:
            return true;
        case Origin::mention:
        case Origin::thread_reply:
        case Origin::direct_message:
        case Origin::edit:
        case Origin::after_all:
            return false;
    }
    return false;
}

bool shows_question(const storage::Turn& turn) {
    return has_no_message(turn) || turn.origin == Origin::after_all;
}

bool is_asked_by(const storage::Turn& turn, const std::string& ts) {
    return turn.message_ts == ts && !has_no_message(turn);
}

bool has_no_thread(const storage::Turn& turn) {
    return turn.origin == Origin::command || turn.origin == Origin::home;
}

Audience audience_of(const storage::Turn& turn, bool private_answers) {
    if (has_no_thread(turn))
        return Audience::person;
    if (is_asked_directly(turn))
        return Audience::direct_message;
    return private_answers ? Audience::person : Audience::channel;
}

storage::ThreadKey thread_of_answer(const storage::Turn& turn) {
    if (turn.answer_channel.empty())
        return turn.thread;
    return storage::ThreadKey(turn.thread.team, turn.answer_channel,
                              turn.answer_thread.empty() ? turn.progress_ts : turn.answer_thread);
}

bool is_asked_directly(const storage::Turn& turn) {
    return turn.channel_type == kDirectMessage;
}

bool had_owner_before(const storage::Turn& turn) {
    return turn.attempts > 1;
}

std::optional<StopCause> stop_cause(const storage::Turn& turn) {
    if (turn.stopped_by.empty())
        return std::nullopt;
    if (turn.stopped_by == kStoppedByDeletion)
        return StopCause::deletion;
    return turn.stopped_by == kStoppedByEdit ? StopCause::edit : StopCause::person;
}

bool is_direct(const storage::Turn& turn) {
    return turn.audience == Audience::direct_message;
}

}  // namespace genie_slack::relay
