#include "app/relay/features/question_changes.hpp"

#include "app/answer/message/answer.hpp"
#include "app/relay/turn/turn_runner.hpp"
#include "app/relay/turn_facts.hpp"
#include "core/log.hpp"
#include "slack/text/markup.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;
using words::Word;

std::string QuestionChanges::team_of(const slack::Event& event) const {
    return event.team.empty() ? context_.self.team : event.team;
}

RelayPart::Answer<Ack> QuestionChanges::on_event(const slack::Event& event) {
    if (const auto* change = std::get_if<slack::MessageChanged>(&event.body))
        co_return co_await on_edit(event, *change);
    if (const auto* deletion = std::get_if<slack::MessageDeleted>(&event.body))
        co_return co_await on_deletion(event, *deletion);
    if (const auto* stopped = std::get_if<slack::AgentSessionStopped>(&event.body))
        co_return co_await on_session_stopped(event, *stopped);
    co_return std::nullopt;
}

RelayPart::Answer<Ack> QuestionChanges::on_actions(const slack::BlockActions& actions) {
    for (const slack::Action& action : actions.actions)
        if (action.action_id == answer::kStopAction)
            co_return co_await on_button(actions, action.value);
    co_return std::nullopt;
}

asio::awaitable<bool> QuestionChanges::stop(const storage::Turn& turn, std::string by) {
    if (storage::is_final(turn.state))
        co_return true;
    auto asked = co_await context_.storage.request_stop(turn.id, by, context_.ack_deadline());
    if (!asked)
        co_return false;
    log::info("turn.stop_wanted", {{"turn", turn.id}, {"by", by}});
    context_.nudge(turn.id);
    // Nobody works on a question that waits for its space.
    if (*asked && (*asked)->state == storage::TurnState::awaiting_space)
        context_.enqueue(turn.thread, turn.id, true);
    co_return true;
}

// Whoever asked may stop it, and admins.
asio::awaitable<Ack> QuestionChanges::on_button(const slack::BlockActions& actions, std::string turn_id) {
    auto found = co_await context_.storage.get_turn(std::move(turn_id), context_.ack_deadline());
    if (!found)
        co_return Ack::none();
    if (!*found)
        co_return Ack::plain();
    const storage::Turn& turn = **found;
    if (actions.user != turn.user && !context_.options.admins.contains(actions.user)) {
        const auto language = context_.language_of(turn.thread.team, actions.user);
        context_.tell(actions.user, thread_of(actions, context_.self),
                      words::say(language, Word::only_asker_may_stop, {{"user", "<@" + turn.user + ">"}}));
        co_return Ack::plain();
    }
    const bool known = co_await stop(turn, actions.user);
    co_return known ? Ack::plain() : Ack::none();
}

asio::awaitable<Ack> QuestionChanges::on_session_stopped(const slack::Event& event,
                                                         const slack::AgentSessionStopped& stopped) {
    const storage::ThreadKey thread(team_of(event), stopped.channel, stopped.thread_ts);
    auto newest = co_await context_.storage.newest_turn(thread, context_.ack_deadline());
    if (!newest)
        co_return Ack::none();
    if (!*newest || (*newest)->user != stopped.user)
        co_return Ack::plain();
    const bool known = co_await stop(**newest, stopped.user);
    co_return known ? Ack::plain() : Ack::none();
}

asio::awaitable<Ack> QuestionChanges::on_deletion(const slack::Event& event, const slack::MessageDeleted& deletion) {
    const std::string root = deletion.thread_ts.empty() ? deletion.deleted_ts : deletion.thread_ts;
    const storage::ThreadKey thread(team_of(event), deletion.channel, root);
    auto newest = co_await context_.storage.newest_turn(thread, context_.ack_deadline());
    if (!newest)
        co_return Ack::none();
    std::string id = storage::turn_id(thread, deletion.deleted_ts);
    // Its last edition.
    if (*newest && is_asked_by(**newest, deletion.deleted_ts))
        id = (*newest)->id;
    auto found = co_await context_.storage.get_turn(std::move(id), context_.ack_deadline());
    if (!found)
        co_return Ack::none();
    if (!*found)
        co_return Ack::plain();
    const bool known = co_await stop(**found, kStoppedByDeletion);
    co_return known ? Ack::plain() : Ack::none();
}

// The person's own last question of a thread is asked again, and its answer takes the place of the one before.
asio::awaitable<Ack> QuestionChanges::on_edit(const slack::Event& event, const slack::MessageChanged& change) {
    const slack::MessageEvent& message = change.message;
    if (!message.bot_id.empty() || message.user.empty() || message.user == context_.self.user_id ||
        event.event_id.empty())
        co_return Ack::plain();
    const storage::ThreadKey thread(team_of(event), change.channel, message.root_ts());
    auto newest = co_await context_.storage.newest_turn(thread, context_.ack_deadline());
    if (!newest)
        co_return Ack::none();
    if (!*newest)
        co_return Ack::plain();
    const storage::Turn& last = **newest;
    const bool is_last = is_asked_by(last, message.ts);
    const std::string question = slack::plain_text(message.text, context_.self.user_id);
    // Slack changes messages for reasons of its own too: a link's preview, a reply count.
    if (!is_last || last.user != message.user || question.empty() || question == last.question)
        co_return Ack::plain();
    storage::Turn turn;
    turn.thread = thread;
    turn.question_ts = message.ts + "/edit/" + event.event_id;
    turn.message_ts = message.ts;
    turn.origin = storage::Origin::edit;
    turn.id = storage::turn_id(turn.thread, turn.question_ts);
    // An older edition that Slack delivers late.
    if (turn.id == last.id)
        co_return Ack::plain();
    turn.user = message.user;
    turn.channel_type = last.channel_type;
    turn.question = question;
    turn.replaces = last.id;
    turn.received_at = wall_now();
    const bool known = co_await stop(last, kStoppedByEdit);
    if (!known)
        co_return Ack::none();
    co_return co_await context_.accept(std::move(turn), event.event_id);
}

}  // namespace genie_slack::relay
