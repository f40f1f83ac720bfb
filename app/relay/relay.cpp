#include "app/relay/relay.hpp"

#include "app/relay/routes.hpp"
#include "app/relay/visits.hpp"
#include "core/log.hpp"

#include <utility>
#include <variant>

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;

namespace relay_detail {

constexpr Duration kStrangerTime = std::chrono::seconds(6);

Press make_press(const slack::BlockActions& actions, const slack::Action& action, const Self& self) {
    Press press{actions, action, visit_of(actions, self), {}, note_place(actions)};
    press.thread = storage::ThreadKey(press.visit.team, actions.channel,
                                      actions.thread_ts.empty() ? actions.message_ts : actions.thread_ts);
    return press;
}

}  // namespace relay_detail

Relay::Relay(asio::any_io_executor executor, Services services, Directory directory, TurnRunner& runner, Self self,
             RelayOptions options)
    : directory_(directory),
      self_(std::move(self)),
      options_(std::move(options)),
      features_(std::move(executor), services, directory, runner, self_, options_) {}

RelayStatus Relay::status() const {
    RelayStatus status;
    status.intake = features_.intake.status();
    status.threads_running = features_.lanes.running();
    status.turns_queued = features_.lanes.queued();
    return status;
}

bool Relay::drop(const slack::Payload& payload) {
    const auto* event = std::get_if<slack::Event>(&payload);
    if (!event)
        return false;
    const EventRoute* route = route_of(event->body);
    return !route || (route->drop && route->drop(features_, *event));
}

asio::awaitable<Ack> Relay::handle(slack::Payload payload) {
    if (auto* event = std::get_if<slack::Event>(&payload))
        co_return co_await on_event(std::move(*event));
    if (auto* command = std::get_if<slack::SlashCommand>(&payload))
        co_return co_await on_command(std::move(*command));
    auto& interaction = std::get<slack::Interaction>(payload);
    if (auto* actions = std::get_if<slack::BlockActions>(&interaction))
        co_return co_await on_actions(std::move(*actions));
    if (auto* submission = std::get_if<slack::ViewSubmission>(&interaction))
        co_return co_await on_submission(std::move(*submission));
    if (auto* shortcut = std::get_if<slack::Shortcut>(&interaction))
        co_return co_await on_shortcut(std::move(*shortcut));
    if (auto* suggestion = std::get_if<slack::BlockSuggestion>(&interaction))
        co_return co_await on_suggestion(std::move(*suggestion));
    co_return Ack::plain();
}

asio::awaitable<Ack> Relay::on_event(slack::Event event) {
    const EventRoute* route = route_of(event.body);
    if (!route)
        co_return Ack::plain();
    if (route->also)
        route->also(features_, event);
    co_return co_await route->handle(features_, event);
}

asio::awaitable<std::string> Relay::why_refused(const Visit& visit, const char* what, Door door, Deadline deadline) {
    std::string why;
    if (door == Door::open)
        co_return why;
    auto refusal = co_await directory_.gate.check(visit, deadline, Gate::kAtOnce);
    if (door == Door::guarded_for_members)
        refusal = of_what_shows_nothing(refusal);
    if (refusal) {
        log::info("visit.refused", {{"what", what}, {"user", visit.user}, {"why", to_string(*refusal)}});
        why = words::say(directory_.people.language_of(visit.team, visit.user), word_for(*refusal));
    }
    co_return why;
}

asio::awaitable<Ack> Relay::on_actions(slack::BlockActions actions) {
    for (std::size_t i = 0; i < actions.actions.size(); ++i) {
        const slack::Action& action = actions.actions[i];
        const ActionRoute* route = route_of(action);
        if (!route)
            continue;
        const Press press = relay_detail::make_press(actions, action, self_);
        std::string refusal =
            co_await why_refused(press.visit, route->action_id.data(), route->door, options_.look_deadline());
        const bool is_stranger = route->door == Door::guarded_for_known && !directory_.gate.knows(press.visit);
        if (refusal.empty() && !is_stranger) {
            Ack ack = co_await route->handle(features_, press);
            if (!ack.send && !features_.lanes.is_stopping())
                tell_not_done(press);
            co_return ack;
        }
        if (refusal.empty())
            features_.background.spawn("press", press_late(std::move(actions), i));
        else
            turn_away(press, std::move(refusal));
        co_return Ack::plain();
    }
    co_return Ack::plain();
}

asio::awaitable<void> Relay::press_late(slack::BlockActions actions, std::size_t index) {
    const slack::Action& action = actions.actions[index];
    const ActionRoute* route = route_of(action);
    const Press press = relay_detail::make_press(actions, action, self_);
    std::string refusal = co_await why_refused(press.visit, route->action_id.data(), route->door,
                                               Deadline::after(relay_detail::kStrangerTime));
    if (!refusal.empty()) {
        turn_away(press, std::move(refusal));
        co_return;
    }
    const Ack ack = co_await route->handle(features_, press);
    if (!ack.send)
        tell_not_done(press);
}

void Relay::tell_not_done(const Press& press) {
    log::warn("press.not_done", {{"action", press.action.action_id}, {"user", press.user()}});
    turn_away(press,
              words::say(directory_.people.language_of(press.team(), press.user()), words::Word::press_not_done));
}

void Relay::turn_away(const Press& press, std::string refusal) {
    // The Home tab says itself why it shows nothing.
    if (press.actions.channel.empty())
        features_.home.show_again(press.visit, "");
    else
        features_.notes.tell(press.user(), press.note_place, std::move(refusal));
}

asio::awaitable<Ack> Relay::on_command(slack::SlashCommand command) {
    const Visit visit = visit_of(command, self_);
    const CommandRoute& route = routes().commands.front();
    const Door door = route.door(command);
    std::string refusal = co_await why_refused(visit, "command", door, options_.look_deadline());
    if (!refusal.empty())
        co_return privately(std::move(refusal));
    co_return co_await route.handle(features_, command, visit);
}

asio::awaitable<Ack> Relay::on_submission(slack::ViewSubmission submission) {
    const SubmissionRoute* route = route_of(submission);
    if (!route || submission.closed)
        co_return Ack::plain();
    const Visit visit = visit_of(submission, self_);
    std::string refusal = co_await why_refused(visit, route->callback_id.data(), route->door, options_.look_deadline());
    if (!refusal.empty())
        co_return refuse_form(route->block_id, std::move(refusal));
    co_return co_await route->handle(features_, submission, visit);
}

asio::awaitable<Ack> Relay::on_shortcut(slack::Shortcut shortcut) {
    const ShortcutRoute* route = route_of(shortcut);
    if (!route)
        co_return Ack::plain();
    const Visit visit = visit_of(shortcut, self_);
    std::string refusal =
        co_await why_refused(visit, route->callback_id.data(), Door::guarded, options_.look_deadline());
    if (refusal.empty())
        co_return co_await route->handle(features_, shortcut, visit);
    if (!shortcut.channel.empty())
        features_.notes.tell(shortcut.user, note_place(shortcut), std::move(refusal));
    co_return Ack::plain();
}

asio::awaitable<Ack> Relay::on_suggestion(slack::BlockSuggestion suggestion) {
    const SuggestionRoute* route = route_of(suggestion);
    if (!route)
        co_return Ack::plain();
    const Visit visit = visit_of(suggestion, self_);
    const std::string refusal =
        co_await why_refused(visit, route->action_id.data(), Door::guarded, options_.look_deadline());
    // A list has no place for words, and whatever is refused here is told when something is chosen.
    if (!refusal.empty())
        co_return Ack::with({{"options", boost::json::array()}});
    co_return co_await route->handle(features_, suggestion);
}

asio::awaitable<void> Relay::stop(Deadline deadline) {
    co_await features_.lanes.stop(deadline);
    features_.background.cancel();
    co_await features_.background.join(deadline.sooner(std::chrono::seconds(1)));
}

}  // namespace genie_slack::relay
