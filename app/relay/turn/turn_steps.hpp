// The steps of a turn: what its machine can ask for, and what can come of it.
#pragma once

#include "app/answer/message/failure.hpp"
#include "app/relay/directory/gate.hpp"
#include "app/relay/turn/ask_plan.hpp"
#include "core/clock.hpp"
#include "genie/client.hpp"
#include "slack/api/web_api.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace genie_slack::relay {

// What should the runner do next?
namespace turn_action {

struct TakeOverMessage {};  // finds the message of the turn that this one replaces
struct CheckGate {
    Duration patience{};  // for what Slack has to be asked; then nobody is refused
    bool anew = false;    // what was told before does not count
};
struct OpenPlace {};    // the direct message with the person
struct DecideSpace {};  // by what is recorded of thread, channel and person
struct KeepSpace {};    // as the thread's space
struct ShowSign {};     // the message that grows into the answer, or progress in the one that stands
struct FindExamples {};
struct NamePeople {};  // and channels, whose ids stand in the question
struct Pause {
    Duration duration{};
};
struct WaitForSlot {};
struct Record {};  // the turn as it is now
struct Ask {};     // posts to Genie; the turn is recorded as `asking`
struct PauseAsking {
    std::optional<Duration> retry_after;  // as Databricks says, for all questions of the workspace
};
struct Find {};  // looks whether Genie has the question
struct KeepConversation {};
struct Await {};
struct ReadResult {};

// What a message says that takes the place of progress.
enum class Says { answer, picker, failure, refusal, stopped };
struct Deliver {
    Says says = Says::answer;
    answer::FailureInput failure;  // for Says::failure: what went wrong, as far as it is no matter of rendering
    Refusal refusal{};             // for Says::refusal
};
struct GoOn {};      // the further messages of the answer's text, or the file that holds it
struct Announce {};  // a private answer: people may go on below it
struct ShareFile {
    bool download = false;  // Genie gave a part of the rows only: the whole comes by a download
};

// What only the person who asked is told, beside the answer.
enum class Note {
    refused,
    no_direct_message,
    answering_privately,
    choosing_privately,
    not_understood,
    asked_back,  // not understood either, in Genie's own words
    text_failed,
    file_failed,
};
struct Tell {
    Note note = Note::refused;
    Refusal refusal{};  // for Note::refused
};
enum class LastWord { channel_closed, failure };
struct TellPrivately {  // the last resort: nothing can be shown where the question was asked
    LastWord word = LastWord::failure;
    std::string error;  // Slack's code, for LastWord::channel_closed
};
struct CancelQuery {};  // the statement that still runs on the warehouse
struct EndProgress {};
struct RemoveMessage {};
struct Bury {
    std::string reason;
};
struct Release {};  // for anyone to claim at once
struct Finish {
    enum class As { delivered, failed, stopped };
    As as = As::delivered;
    std::string code;  // of what went wrong, for admins
};

// The turn's work here is over.
enum class Leaving {
    ended,    // it is final
    waiting,  // a person has to choose a space
    given_back,
    lost,  // somebody else has it, or will have it when the lease is over
};
struct Leave {
    Leaving how = Leaving::ended;
};

}  // namespace turn_action

using TurnAction =
    std::variant<turn_action::TakeOverMessage, turn_action::CheckGate, turn_action::OpenPlace, turn_action::DecideSpace,
                 turn_action::KeepSpace, turn_action::ShowSign, turn_action::FindExamples, turn_action::NamePeople,
                 turn_action::Pause, turn_action::WaitForSlot, turn_action::Record, turn_action::Ask,
                 turn_action::PauseAsking, turn_action::Find, turn_action::KeepConversation, turn_action::Await,
                 turn_action::ReadResult, turn_action::Deliver, turn_action::GoOn, turn_action::Announce,
                 turn_action::ShareFile, turn_action::Tell, turn_action::TellPrivately, turn_action::CancelQuery,
                 turn_action::EndProgress, turn_action::RemoveMessage, turn_action::Bury, turn_action::Release,
                 turn_action::Finish, turn_action::Leave>;

// What came of it.
namespace turn_event {

struct Claimed {};
struct Done {};  // of actions whose failure changes nothing (it is in the log)
struct MessageTakenOver {
    std::string progress_ts;
    std::string answer_channel;
    std::string answer_thread;
};
struct GateAnswered {
    std::optional<Refusal> refusal;
};
struct PlaceOpened {
    std::string channel;
};
struct SpaceDecided {
    std::string space_id;
    std::string space_name;
    std::string conversation_id;
};
struct SpaceUndecided {  // somebody has to choose; without a choice there is no space at all
    bool has_choice = false;
    std::string conversation_id;
};
struct StorageAway {};  // for too long: the turn goes on when its lease is over
struct ExamplesFound {
    std::vector<std::string> questions;
};
struct PeopleNamed {
    std::string question;  // with names in the place of ids
};
struct SignShown {
    std::string ts;
};
struct SlotHad {};
struct NoSlotInTime {};
struct Recorded {};
struct NotRecorded {};  // storage stayed away for too long, or refuses the row
struct Asked {
    AskedQuestion question;
};
struct NotAsked {};  // Genie does not have the question
struct Answered {
    genie::MessageStatus status = genie::MessageStatus::completed;
    answer::FailureInput failure;  // of a message that failed or was cancelled
};
struct ResultRead {
    bool has_rows = false;
    bool is_cut = false;     // Genie has more rows than it gave
    bool is_empty = false;   // neither words nor a query
    bool asks_back = false;  // nothing but a question of Genie's own
};
struct Delivered {
    std::string ts;
    bool leaves_out_data = false;
    bool text_goes_on = false;  // below the message
    bool only_in_file = false;  // what goes on there is all of the answer
};
struct TextWentOn {
    bool is_whole = false;
};
struct FileShared {
    bool is_there = false;
};
struct StopWanted {};  // what was under way was broken off
struct LeaseLost {};
struct Cancelled {};  // the call was cut off; the recorded state stands
struct SlackFailed {
    slack::ApiFault fault = slack::ApiFault::transient;
    std::string code;
};
struct GenieFailed {
    genie::GenieError error;
};

}  // namespace turn_event

using TurnEvent =
    std::variant<turn_event::Claimed, turn_event::Done, turn_event::MessageTakenOver, turn_event::GateAnswered,
                 turn_event::PlaceOpened, turn_event::SpaceDecided, turn_event::SpaceUndecided, turn_event::StorageAway,
                 turn_event::ExamplesFound, turn_event::PeopleNamed, turn_event::SignShown, turn_event::SlotHad,
                 turn_event::NoSlotInTime, turn_event::Recorded, turn_event::NotRecorded, turn_event::Asked,
                 turn_event::NotAsked, turn_event::Answered, turn_event::ResultRead, turn_event::Delivered,
                 turn_event::TextWentOn, turn_event::FileShared, turn_event::StopWanted, turn_event::LeaseLost,
                 turn_event::Cancelled, turn_event::SlackFailed, turn_event::GenieFailed>;

const char* name_of(const TurnAction& action);

}  // namespace genie_slack::relay
