// Everything that the bot reacts to, in one table: event, pressed element, command, form, shortcut, list that asks for
// its options -> handler. What stands in no table is acked and dropped.
#pragma once

#include "app/relay/directory/gate.hpp"
#include "app/relay/press.hpp"
#include "slack/events/events.hpp"
#include "slack/socket/socket_mode.hpp"

#include <boost/asio/awaitable.hpp>

#include <span>
#include <string_view>

namespace genie_slack::relay {

struct Features;

// Arguments of handlers stay valid until the returned coroutine has ended.
using Handled = boost::asio::awaitable<slack::Ack>;

struct EventRoute {
    std::string_view type;  // of slack/events/events.hpp
    bool (*is)(const slack::EventBody& body);
    Handled (*handle)(Features& features, const slack::Event& event);
    // Sees the event too, before its handler; null: nobody.
    void (*also)(Features& features, const slack::Event& event) = nullptr;
    // Whether it is for nobody and ends here, seen by none of the others; null: it never is.
    bool (*drop)(Features& features, const slack::Event& event) = nullptr;
};

// Whether the gate is asked before the handler.
enum class Door {
    guarded,
    // As guarded; it takes over what stands there for everybody, so a person of whom Slack has not told in time for the
    // ack waits for it.
    guarded_for_known,
    guarded_for_members,  // it shows nothing: who reads along is no reason to refuse it
    open,                 // it does nothing that anybody could be refused
};

struct ActionRoute {
    enum class Match { whole, numbered };
    std::string_view action_id;
    Match match;
    Door door;
    Handled (*handle)(Features& features, const Press& press);
};

struct CommandRoute {
    std::string_view command;  // as the manifest names it; a workspace may name it otherwise
    Door (*door)(const slack::SlashCommand& command);
    Handled (*handle)(Features& features, const slack::SlashCommand& command, const Visit& visit);
};
// The door of all that follows is guarded; that of a form says how.
struct ShortcutRoute {
    std::string_view callback_id;
    Handled (*handle)(Features& features, const slack::Shortcut& shortcut, const Visit& visit);
};
struct SubmissionRoute {
    std::string_view callback_id;
    const char* block_id;  // of the field below which a refusal is shown
    Door door;
    Handled (*handle)(Features& features, const slack::ViewSubmission& submission, const Visit& visit);
};
struct SuggestionRoute {
    std::string_view action_id;
    Handled (*handle)(Features& features, const slack::BlockSuggestion& suggestion);
};

struct Routes {
    std::span<const EventRoute> events;
    std::span<const ActionRoute> actions;
    std::span<const CommandRoute> commands;
    std::span<const ShortcutRoute> shortcuts;
    std::span<const SubmissionRoute> submissions;
    std::span<const SuggestionRoute> suggestions;
};
const Routes& routes();

// The route of the payload; null for none.
const EventRoute* route_of(const slack::EventBody& body);
const ActionRoute* route_of(const slack::Action& action);
const ShortcutRoute* route_of(const slack::Shortcut& shortcut);
const SubmissionRoute* route_of(const slack::ViewSubmission& submission);
const SuggestionRoute* route_of(const slack::BlockSuggestion& suggestion);

}  // namespace genie_slack::relay
