#include "app/relay/features/space_choice.hpp"
#include "app/relay/delivery/messenger.hpp"

#include "app/answer/message/answer.hpp"
#include "app/answer/view/space_picker.hpp"
#include "app/relay/directory/search.hpp"
#include "core/log.hpp"
#include "slack/blocks/limits.hpp"
#include "slack/text/markup.hpp"

#include <utility>

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;
using storage::DefaultOf;
using words::Word;

namespace space_choice_detail {

constexpr Duration kSuggestionTime = std::chrono::seconds(2);  // the ack is due within 3 s
constexpr Duration kPickerTime = std::chrono::seconds(20);
constexpr Duration kListTime = std::chrono::seconds(20);

// What stands behind "PREFIX:"; "" when something else stands before it.
std::string behind(const std::string& text, std::string_view prefix) {
    if (!text.starts_with(prefix) || text.size() <= prefix.size() || text[prefix.size()] != ':')
        return "";
    return text.substr(prefix.size() + 1);
}

bool is_checked(const slack::BlockActions& actions, std::string_view action_id) {
    for (const slack::Action& held : actions.state)
        if (held.action_id == action_id && !held.value.empty())
            return true;
    return false;
}

std::string bold(const std::string& title) {
    return "*" + slack::escape(title) + "*";
}

}  // namespace space_choice_detail

RelayPart::Answer<Ack> SpaceChoice::on_actions(const slack::BlockActions& actions) {
    using namespace space_choice_detail;
    for (const slack::Action& action : actions.actions) {
        if (action.action_id == answer::kSpaceAction) {
            const std::string question = behind(action.block_id, answer::kSpaceBlock);
            const std::string change_of = behind(action.block_id, answer::kChangeSpaceBlock);
            if (question.empty() && change_of.empty())
                co_return std::nullopt;
            if (context_.is_stopping())
                co_return Ack::none();
            const storage::ThreadKey pressed_in = thread_of(actions, context_.self);
            const auto refusal = context_.refusal(pressed_in.team, actions.user, actions.channel);
            if (refusal) {
                tell(actions.user, pressed_in, word_for(*refusal));
                co_return Ack::plain();
            }
            if (!question.empty())
                co_return co_await choose(actions, action, question);
            co_return co_await change(actions, action, change_of);
        }
        if (action.action_id == answer::kRememberAction)
            co_return Ack::plain();  // counts when the space is chosen
        if (action.action_id == answer::kKeepSpaceAction) {
            context_.spawn("picker", remove_picker(actions.response_url));
            co_return Ack::plain();
        }
        if (action.action_id == answer::kMoreAction) {
            const std::string turn_id = behind(action.value, "space");
            if (!turn_id.empty())
                co_return co_await offer_change(turn_id, actions.user, thread_of(actions, context_.self));
        }
    }
    co_return std::nullopt;
}

RelayPart::Answer<Ack> SpaceChoice::on_suggestion(const slack::BlockSuggestion& suggestion) {
    auto spaces = co_await context_.spaces.list(Deadline::after(space_choice_detail::kSuggestionTime));
    std::vector<genie::Space> found;
    const std::string team = suggestion.team.empty() ? context_.self.team : suggestion.team;
    if (spaces && !context_.refusal(team, suggestion.user, suggestion.channel))
        found = search_spaces(*spaces, suggestion.value, slack::limits::kSelectOptions);
    co_return Ack::with(answer::options_ack(found));
}

// Only what a picker could have offered is taken.
asio::awaitable<std::optional<genie::Space>> SpaceChoice::chosen_space(const slack::BlockActions& actions,
                                                                       std::string space_id) {
    std::optional<genie::Space> space;
    auto found = co_await context_.spaces.find(space_id, context_.ack_deadline());
    if (found)
        space = std::move(*found);
    if (!space) {
        log::warn("space.refused", {{"user", actions.user}, {"space", space_id}, {"known", found.has_value()}});
        tell(actions.user, thread_of(actions, context_.self), Word::space_refused);
    }
    co_return space;
}

asio::awaitable<Ack> SpaceChoice::choose(const slack::BlockActions& actions, const slack::Action& action,
                                         std::string turn_id) {
    auto found = co_await context_.storage.get_turn(turn_id, context_.ack_deadline());
    if (!found)
        co_return Ack::none();
    if (!*found) {
        tell(actions.user, thread_of(actions, context_.self), Word::question_forgotten);
        co_return Ack::plain();
    }
    if ((*found)->state != storage::TurnState::awaiting_space)
        co_return Ack::plain();
    auto space = co_await chosen_space(actions, action.value);
    if (!space)
        co_return Ack::plain();
    auto claim =
        co_await context_.storage.claim(turn_id, "choice", context_.options.accept_time, context_.ack_deadline());
    if (!claim)
        co_return Ack::none();
    if (!*claim)
        co_return Ack::plain();
    storage::Turn turn = (*claim)->turn;
    const storage::Lease lease = (*claim)->lease;
    turn.space_id = space->id;
    turn.space_name = space->title;
    turn.state = storage::TurnState::received;
    storage::ChatRows none;
    auto kept = co_await context_.storage.advance(lease, turn, std::move(none), context_.ack_deadline());
    if (!kept)
        co_return Ack::none();
    auto released = co_await context_.storage.release(lease, context_.ack_deadline());
    if (!released)
        log::warn("space.release_failed", {{"turn", turn_id}, {"error", released.error().message}});
    if (*kept) {
        log::info("space.chosen", {{"turn", turn_id}, {"space", turn.space_id}, {"user", actions.user}});
        remember(actions, turn, *space);
        context_.enqueue(turn.thread, turn_id, true);
    }
    co_return Ack::plain();
}

void SpaceChoice::remember(const slack::BlockActions& actions, const storage::Turn& turn, const genie::Space& space) {
    if (!space_choice_detail::is_checked(actions, answer::kRememberAction))
        return;
    const bool for_person = is_direct(turn) || !turn.answer_channel.empty();
    const DefaultOf kind = for_person ? DefaultOf::person : DefaultOf::channel;
    context_.spawn("default space", keep_default(kind, for_person ? actions.user : turn.thread.channel, actions.user,
                                                 thread_of(actions, context_.self), space));
}

asio::awaitable<void> SpaceChoice::keep_default(DefaultOf kind, std::string id, std::string user,
                                                storage::ThreadKey thread, genie::Space space) {
    storage::SpaceDefault kept;
    kept.space_id = space.id;
    kept.space_name = space.title;
    auto stored = co_await context_.storage.set_default_space(kind, thread.team, id, std::move(kept),
                                                              Deadline::after(context_.options.storage_time));
    if (!stored) {
        log::error("space.default_not_kept", {{"kind", storage::to_string(kind)}, {"error", stored.error().message}});
        tell(user, thread, Word::default_not_kept);
        co_return;
    }
    log::info("space.default", {{"kind", storage::to_string(kind)}, {"id", id}, {"space", space.id}, {"user", user}});
    const std::string title = space_choice_detail::bold(space.title);
    tell(user, thread, kind == DefaultOf::channel ? Word::channel_default_set : Word::person_default_set,
         {{"title", title}});
}

asio::awaitable<Ack> SpaceChoice::offer_change(std::string turn_id, std::string user, storage::ThreadKey pressed_in) {
    auto found = co_await context_.storage.get_turn(turn_id, context_.ack_deadline());
    if (!found)
        co_return Ack::none();
    if (!*found) {
        tell(user, pressed_in, Word::question_forgotten);
        co_return Ack::plain();
    }
    context_.spawn("picker", show_change_picker(std::move(**found), std::move(user)));
    co_return Ack::plain();
}

asio::awaitable<void> SpaceChoice::show_change_picker(storage::Turn turn, std::string user) {
    using namespace space_choice_detail;
    const storage::ThreadKey thread = thread_of_answer(turn);
    auto spaces = co_await context_.spaces.list(Deadline::after(kListTime));
    if (!spaces) {
        tell(user, thread, Word::failed_spaces_unreachable);
        co_return;
    }
    answer::PickerInput input;
    input.language = context_.language_of(thread.team, user);
    input.turn_id = turn.id;
    input.spaces = std::move(*spaces);
    input.is_change = true;
    input.remember =
        is_direct(turn) || !turn.answer_channel.empty() ? answer::Remember::person : answer::Remember::channel;
    for (answer::Rendered& rung : answer::render_space_picker(input)) {
        slack::OutgoingMessage message(thread.channel, rung.text);
        message.thread_ts = thread.thread_ts;
        message.blocks = std::move(rung.blocks);
        auto posted = co_await context_.slack.post_ephemeral(user, std::move(message), Deadline::after(kPickerTime));
        if (posted)
            co_return;
        log::warn("picker.refused", {{"turn", turn.id}, {"error", posted.error().to_string()}});
        if (posted.error().error_class != slack::ErrorClass::payload)
            co_return;
    }
}

asio::awaitable<Ack> SpaceChoice::change(const slack::BlockActions& actions, const slack::Action& action,
                                         std::string turn_id) {
    auto found = co_await context_.storage.get_turn(turn_id, context_.ack_deadline());
    if (!found)
        co_return Ack::none();
    if (!*found) {
        tell(actions.user, thread_of(actions, context_.self), Word::question_forgotten);
        co_return Ack::plain();
    }
    const storage::Turn turn = std::move(**found);
    auto space = co_await chosen_space(actions, action.value);
    if (!space)
        co_return Ack::plain();
    const storage::ThreadKey thread = thread_of_answer(turn);
    // A question that is being asked would record its conversation as the new space's.
    auto newest = co_await context_.storage.newest_turn(thread, context_.ack_deadline());
    if (!newest)
        co_return Ack::none();
    if (*newest && !storage::is_final((*newest)->state)) {
        tell(actions.user, thread, Word::change_space_later);
        co_return Ack::plain();
    }
    auto row = co_await context_.storage.get_conversation(thread, context_.ack_deadline());
    if (!row)
        co_return Ack::none();
    const bool is_other = !*row || (*row)->genie_room_id != space->id;
    if (is_other) {
        auto stored =
            co_await context_.storage.set_conversation(thread, space->id, space->title, context_.ack_deadline());
        if (!stored)
            co_return Ack::none();
        log::info("space.changed", {{"thread", thread.thread_ts}, {"space", space->id}, {"user", actions.user}});
        context_.spawn("space changed", announce_change(thread, actions.user, *space));
    }
    remember(actions, turn, *space);
    context_.spawn("picker", remove_picker(actions.response_url));
    co_return Ack::plain();
}

asio::awaitable<void> SpaceChoice::announce_change(storage::ThreadKey thread, std::string user, genie::Space space) {
    const std::string title = space_choice_detail::bold(space.title);
    const std::string person = "<@" + user + ">";
    slack::OutgoingMessage message(thread.channel,
                                   words::say(context_.language_of(thread.team, user), Word::space_changed,
                                              {{"person", person}, {"title", title}}));
    message.thread_ts = thread.thread_ts;
    message.metadata_type = kNoteMetadata;
    auto posted =
        co_await context_.slack.post_message(std::move(message), Deadline::after(space_choice_detail::kPickerTime));
    if (!posted)
        log::warn("space.change_not_told", {{"channel", thread.channel}, {"error", posted.error().to_string()}});
}

asio::awaitable<void> SpaceChoice::remove_picker(std::string response_url) {
    if (response_url.empty())
        co_return;
    slack::WebApi::UrlResponse response;
    response.delete_original = true;
    auto removed = co_await context_.slack.respond(std::move(response_url), std::move(response),
                                                   Deadline::after(space_choice_detail::kPickerTime));
    if (!removed)
        log::debug("picker.not_removed", {{"error", removed.error().to_string()}});
}

void SpaceChoice::tell(const std::string& user, const storage::ThreadKey& thread, Word word,
                       std::initializer_list<words::Value> values) {
    context_.tell(user, thread, words::say(context_.language_of(thread.team, user), word, values));
}

}  // namespace genie_slack::relay
