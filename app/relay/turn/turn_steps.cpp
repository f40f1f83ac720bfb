#include "app/relay/turn/turn_steps.hpp"

namespace genie_slack::relay {

const char* name_of(const TurnAction& action) {
    struct Namer {
        const char* operator()(const turn_action::TakeOverMessage&) const { return "take over message"; }
        const char* operator()(const turn_action::CheckGate&) const { return "check gate"; }
        const char* operator()(const turn_action::OpenPlace&) const { return "open place"; }
        const char* operator()(const turn_action::DecideSpace&) const { return "decide space"; }
        const char* operator()(const turn_action::KeepSpace&) const { return "keep space"; }
        const char* operator()(const turn_action::ShowSign&) const { return "show sign"; }
        const char* operator()(const turn_action::FindExamples&) const { return "find examples"; }
        const char* operator()(const turn_action::NamePeople&) const { return "name people"; }
        const char* operator()(const turn_action::Pause&) const { return "pause"; }
        const char* operator()(const turn_action::WaitForSlot&) const { return "wait for slot"; }
        const char* operator()(const turn_action::Record&) const { return "record"; }
        const char* operator()(const turn_action::Ask&) const { return "ask"; }
        const char* operator()(const turn_action::PauseAsking&) const { return "pause asking"; }
        const char* operator()(const turn_action::Find&) const { return "find"; }
        const char* operator()(const turn_action::KeepConversation&) const { return "keep conversation"; }
        const char* operator()(const turn_action::Await&) const { return "await"; }
        const char* operator()(const turn_action::ReadResult&) const { return "read result"; }
        const char* operator()(const turn_action::Deliver&) const { return "deliver"; }
        const char* operator()(const turn_action::GoOn&) const { return "go on"; }
        const char* operator()(const turn_action::Announce&) const { return "announce"; }
        const char* operator()(const turn_action::ShareFile&) const { return "share file"; }
        const char* operator()(const turn_action::Tell&) const { return "tell"; }
        const char* operator()(const turn_action::TellPrivately&) const { return "tell privately"; }
        const char* operator()(const turn_action::CancelQuery&) const { return "cancel query"; }
        const char* operator()(const turn_action::EndProgress&) const { return "end progress"; }
        const char* operator()(const turn_action::RemoveMessage&) const { return "remove message"; }
        const char* operator()(const turn_action::Bury&) const { return "bury"; }
        const char* operator()(const turn_action::Release&) const { return "release"; }
        const char* operator()(const turn_action::Finish&) const { return "finish"; }
        const char* operator()(const turn_action::Leave&) const { return "leave"; }
    };
    return std::visit(Namer(), action);
}

}  // namespace genie_slack::relay
