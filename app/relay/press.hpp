// A pressed button or chosen option, with what every feature asks about it.
#pragma once

#include "app/answer/result/result_file.hpp"
#include "app/relay/directory/gate.hpp"
#include "app/relay/notes.hpp"
#include "slack/events/events.hpp"
#include "storage/types.hpp"

namespace genie_slack::relay {

struct Press {
    // Both stay valid until the handler has ended.
    const slack::BlockActions& actions;
    const slack::Action& action;
    Visit visit;
    storage::ThreadKey thread;  // in which it was pressed; a root message is the start of its own
    NotePlace note_place;       // where the person can be told something
    bool is_spoken = false;     // wished in words: there is no button, and no message of it
    std::string spoken_ts{};    // of the message with these words
    // Of the file that is wished in words; automatic: any.
    answer::FileFormat format = answer::FileFormat::automatic;

    const std::string& user() const { return visit.user; }
    const std::string& team() const { return visit.team; }
};

// What a pressed message is to the turn that its button names.
enum class PressedAt {
    answer,
    shared_copy,  // of a private answer, in the thread that asked
    elsewhere,    // a button that was made up, or stands where it may not
};
// A private answer is there for who asked alone.
inline PressedAt pressed_at(const Press& press, const storage::Turn& turn) {
    const slack::BlockActions& actions = press.actions;
    const bool is_private = turn.audience != storage::Audience::channel;
    if (actions.channel == storage::answer_channel(turn))
        return is_private && press.user() != turn.user ? PressedAt::elsewhere : PressedAt::answer;
    const bool is_copy = actions.channel == turn.thread.channel && !turn.shared_ts.empty();
    return is_copy && actions.message_ts == turn.shared_ts ? PressedAt::shared_copy : PressedAt::elsewhere;
}

}  // namespace genie_slack::relay
