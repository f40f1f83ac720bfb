#include "app/relay/features/space_choice.hpp"

#include "app/answer/actions.hpp"
#include "app/answer/view/space_picker.hpp"
#include "app/relay/delivery/refusal_codes.hpp"
#include "app/relay/delivery/turn_message.hpp"
#include "app/relay/directory/default_space.hpp"
#include "app/relay/directory/search.hpp"
#include "app/relay/features/follow_up.hpp"
#include "app/relay/record/chat_rows.hpp"
#include "app/relay/turn_facts.hpp"
#include "app/relay/visits.hpp"
#include "core/log.hpp"
#include "slack/blocks/limits.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>
#include <utility>

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;
using storage::DefaultOf;
using words::Word;

namespace space_choice_detail {

constexpr std::size_t kStepsLookedAt = 40;                     // of the thread's record: about ten questions
constexpr Duration kSuggestionTime = std::chrono::seconds(2);  // the ack is due within 3 s
constexpr Duration kQuestionTime = std::chrono::milliseconds(400);
constexpr Duration kPickerTime = std::chrono::seconds(20);
constexpr Duration kListTime = std::chrono::seconds(20);
// A choice that cannot be recorded at once is tried again for so long: the turn's lease may have to run out first.
constexpr Duration kChoicePatience = std::chrono::seconds(45);
constexpr Duration kChoicePause = std::chrono::seconds(1);

bool is_remembered(const slack::BlockActions& actions) {
    for (const slack::Action& held : actions.state)
        if (held.action_id == answer::kRememberAction && !held.value.empty())
            return true;
    return false;
}

std::string bold(const std::string& title) {
    return "*" + slack::escape(title) + "*";
}

// A turn that still has no space. The picker may stand there before its record does.
bool lacks_space(const storage::Turn& turn) {
    return turn.state == storage::TurnState::awaiting_space ||
           (turn.state == storage::TurnState::received && turn.space_id.empty());
}

// The picker of a private answer may stand there before that is recorded.
bool stands_at_picker(const Press& press, const storage::Turn& turn) {
    return press.user() == turn.user || stands_at_answer_or_copy(press, turn);
}

}  // namespace space_choice_detail

asio::awaitable<PressedTurn> SpaceChoice::find_turn(const Press& press, std::string turn_id) {
    return find_pressed_turn(services_.storage, directory_.people, notes_, press, std::move(turn_id),
                             space_choice_detail::stands_at_picker, Word::question_forgotten, options_.ack_deadline());
}

asio::awaitable<Ack> SpaceChoice::press(const Press& press) {
    const auto picker = answer::parse_picker(press.action.block_id);
    if (!picker)
        co_return Ack::plain();
    if (lanes_.is_stopping())
        co_return Ack::none();
    PressedTurn found = co_await find_turn(press, picker->turn_id);
    if (!found.turn)
        co_return found.otherwise;
    if (picker->is_change)
        co_return co_await change(press, std::move(*found.turn));
    co_return co_await choose(press, std::move(*found.turn));
}

asio::awaitable<Ack> SpaceChoice::keep(const Press& press) {
    notes_.take_back(press.actions.response_url);
    co_return Ack::plain();
}

asio::awaitable<Ack> SpaceChoice::suggest(const slack::BlockSuggestion& suggestion) {
    auto spaces = co_await directory_.spaces.list(Deadline::after(space_choice_detail::kSuggestionTime));
    std::vector<genie::Space> found;
    if (spaces && suggestion.value.empty()) {
        const std::string question = co_await question_of_picker(suggestion.block_id);
        found = rank_spaces(*spaces, question, slack::limits::kSelectOptions);
    } else if (spaces) {
        found = search_spaces(*spaces, suggestion.value, slack::limits::kSelectOptions);
    }
    co_return Ack::with(answer::options_ack(found));
}

// "" where the list belongs to no question, or storage does not tell it in time.
asio::awaitable<std::string> SpaceChoice::question_of_picker(std::string block_id) {
    const auto picker = answer::parse_picker(block_id);
    std::string question;
    if (!picker)
        co_return question;
    auto turn =
        co_await services_.storage.get_turn(picker->turn_id, Deadline::after(space_choice_detail::kQuestionTime));
    if (turn && *turn)
        question = (*turn)->question;
    co_return question;
}

// Only what a picker could have offered is taken.
asio::awaitable<std::optional<genie::Space>> SpaceChoice::chosen_space(const Press& press) {
    std::optional<genie::Space> space;
    auto found = co_await directory_.spaces.find(press.action.value, options_.ack_deadline());
    if (found)
        space = std::move(*found);
    if (!space) {
        log::warn("space.refused",
                  {{"user", press.user()}, {"space", press.action.value}, {"known", found.has_value()}});
        tell(press.visit, press.note_place, Word::space_refused);
    }
    co_return space;
}

asio::awaitable<Ack> SpaceChoice::choose(const Press& press, storage::Turn turn) {
    auto space = co_await chosen_space(press);
    if (!space)
        co_return Ack::plain();
    Choice choice;
    choice.turn_id = turn.id;
    choice.space = std::move(*space);
    choice.visit = press.visit;
    choice.note_place = press.note_place;
    choice.is_remembered = space_choice_detail::is_remembered(press.actions);
    const bool is_known = co_await settle(std::move(choice), turn);
    // Slack shows the person that it did not work; all the same it may still.
    co_return is_known ? Ack::plain() : Ack::none();
}

asio::awaitable<bool> SpaceChoice::settle(Choice choice, const storage::Turn& turn) {
    const Recorded recorded = co_await record(choice, turn);
    switch (recorded) {
        case Recorded::yes:
        case Recorded::too_late:
            co_return true;
        case Recorded::held:
            background_.spawn("choice", record_later(std::move(choice)));
            co_return true;
        case Recorded::storage_away:
            background_.spawn("choice", record_later(std::move(choice)));
            break;
    }
    co_return false;
}

// Writes the space into the turn and lets it run here.
asio::awaitable<SpaceChoice::Recorded> SpaceChoice::record(const Choice& choice, const storage::Turn& known) {
    if (!space_choice_detail::lacks_space(known)) {
        settle_late_choice(choice, known);
        co_return Recorded::too_late;
    }
    auto claim =
        co_await services_.storage.claim(choice.turn_id, "choice", options_.accept_time, options_.ack_deadline());
    if (!claim)
        co_return Recorded::storage_away;
    if (!*claim)
        co_return Recorded::held;
    storage::Turn turn = (*claim)->turn;
    const storage::Lease lease = (*claim)->lease;
    turn.space_id = choice.space.id;
    turn.space_name = choice.space.title;
    turn.state = storage::TurnState::received;
    storage::ChatRows none;
    auto kept = co_await services_.storage.advance(lease, turn, std::move(none), options_.ack_deadline());
    if (!kept)
        co_return Recorded::storage_away;
    if (!*kept)
        co_return Recorded::held;
    auto released = co_await services_.storage.release(lease, options_.ack_deadline());
    if (!released)
        log::warn("space.release_failed", {{"turn", turn.id}, {"error", released.error().message}});
    log::info("space.chosen", {{"turn", turn.id}, {"space", turn.space_id}, {"user", choice.visit.user}});
    if (choice.is_remembered)
        remember(choice.visit, choice.note_place, turn, choice.space);
    lanes_.put_first(turn.thread, turn.id);
    co_return Recorded::yes;
}

// The turn has its space: from a press before this one, here or in another process, or from a write that came through
// after its time. Whether somebody works on it is not known, so it is queued here too; whoever has it keeps it.
void SpaceChoice::settle_late_choice(const Choice& choice, const storage::Turn& turn) {
    if (storage::is_final(turn.state))
        return;
    lanes_.append(turn.thread, turn.id);
    if (turn.space_id.empty() || turn.space_id == choice.space.id)
        return;
    const std::string title = space_choice_detail::bold(turn.space_name);
    tell(choice.visit, choice.note_place, Word::space_chosen_already, {{"title", title}});
}

asio::awaitable<void> SpaceChoice::record_later(Choice choice) {
    using namespace space_choice_detail;
    const Deadline give_up = Deadline::after(kChoicePatience);
    while (!give_up.expired()) {
        co_await sleep_for(kChoicePause);
        auto turn = co_await services_.storage.get_turn(choice.turn_id, Deadline::after(options_.storage_time));
        if (!turn)
            continue;
        if (!*turn)
            co_return;
        const Recorded recorded = co_await record(choice, **turn);
        if (recorded == Recorded::yes || recorded == Recorded::too_late)
            co_return;
    }
    log::error("space.choice_lost", {{"turn", choice.turn_id}, {"space", choice.space.id}});
    tell(choice.visit, choice.note_place, Word::choice_not_kept);
}

void SpaceChoice::remember(const Visit& visit, const NotePlace& note_place, const storage::Turn& turn,
                           const genie::Space& space) {
    const bool for_person = turn.audience != storage::Audience::channel;
    const DefaultOf kind = for_person ? DefaultOf::person : DefaultOf::channel;
    background_.spawn("default space",
                      keep_default(kind, for_person ? visit.user : turn.thread.channel, visit, note_place, space));
}

asio::awaitable<void> SpaceChoice::keep_default(DefaultOf kind, std::string id, Visit visit, NotePlace note_place,
                                                genie::Space space) {
    storage::SpaceDefault kept;
    kept.space_id = space.id;
    kept.space_name = space.title;
    auto stored = co_await keep_default_space(services_.storage, kind, visit.team, std::move(id), std::move(kept),
                                              visit.user, Deadline::after(options_.storage_time));
    if (!stored) {
        tell(visit, note_place, Word::default_not_kept);
        co_return;
    }
    const std::string title = space_choice_detail::bold(space.title);
    tell(visit, note_place, kind == DefaultOf::channel ? Word::channel_default_set : Word::person_default_set,
         {{"title", title}});
}

asio::awaitable<Ack> SpaceChoice::offer_change(const Press& press, std::string turn_id) {
    PressedTurn found = co_await find_turn(press, std::move(turn_id));
    if (found.turn)
        background_.spawn("picker",
                          show_change_picker(std::move(*found.turn), press.visit, press.actions.response_url));
    co_return found.otherwise;
}

asio::awaitable<void> SpaceChoice::show_change_picker(storage::Turn turn, Visit visit, std::string response_url) {
    using namespace space_choice_detail;
    NotePlace place = note_place_at_answer(turn);
    place.response_url = std::move(response_url);
    auto spaces = co_await directory_.spaces.list(Deadline::after(kListTime));
    if (!spaces) {
        tell(visit, place, Word::failed_spaces_unreachable);
        co_return;
    }
    answer::PickerInput input;
    input.language = directory_.people.language_of(visit.team, visit.user);
    input.turn_id = turn.id;
    input.spaces = rank_spaces(*spaces, turn.question, spaces->size());
    input.is_change = true;
    input.remember = turn.audience == storage::Audience::channel ? answer::Remember::channel : answer::Remember::person;
    for (answer::Rendered& rung : answer::render_space_picker(input)) {
        auto shown = co_await notes_.show(visit.user, place, std::move(rung), Deadline::after(kPickerTime));
        if (shown)
            co_return;
        log::warn("picker.refused", {{"turn", turn.id}, {"error", shown.error().to_string()}});
        if (shown.error().fault != slack::ApiFault::payload && !is_indigestible(shown.error()))
            break;
    }
    tell(visit, place, Word::form_not_opened);
}

// What Genie asked back is no answer.
asio::awaitable<storage::StorageResult<bool>> SpaceChoice::lacks_answer(const storage::Turn& turn) {
    if (turn.state != storage::TurnState::delivered)
        co_return turn.state == storage::TurnState::failed;
    auto steps = co_await services_.storage.get_steps(storage::thread_id(turn.thread),
                                                      space_choice_detail::kStepsLookedAt, options_.ack_deadline());
    if (!steps)
        co_return steps.error();
    const std::string run = storage::step_id(turn.id, storage::kRunStep);
    const bool asks = std::any_of(steps->begin(), steps->end(), [&run](const storage::Step& step) {
        return step.type == storage::kAnswerStep && step.parent_id == run && asks_back(step);
    });
    co_return asks;
}

asio::awaitable<Ack> SpaceChoice::change(const Press& press, storage::Turn turn) {
    auto space = co_await chosen_space(press);
    if (!space)
        co_return Ack::plain();
    const storage::ThreadKey thread = thread_of_answer(turn);
    // A question that is being asked would record its conversation as the new space's.
    auto newest = co_await services_.storage.newest_turn(thread, options_.ack_deadline());
    if (!newest)
        co_return Ack::none();
    if (*newest && !storage::is_final((*newest)->state)) {
        tell(press.visit, note_place_at_answer(turn), Word::change_space_later);
        co_return Ack::plain();
    }
    auto row = co_await services_.storage.get_conversation(thread, options_.ack_deadline());
    if (!row)
        co_return Ack::none();
    const bool is_other = !*row || (*row)->genie_room_id != space->id;
    // A question without an answer is why somebody looks for another space.
    storage::StorageResult<bool> is_open(false);
    if (*newest && (*newest)->id == turn.id)
        is_open = co_await lacks_answer(turn);
    if (!is_open)
        co_return Ack::none();
    const bool asks_again = *is_open;
    if (is_other) {
        auto stored =
            co_await services_.storage.set_conversation(thread, space->id, space->title, options_.ack_deadline());
        if (!stored)
            co_return Ack::none();
        log::info("space.changed", {{"thread", thread.thread_ts}, {"space", space->id}, {"user", press.user()}});
        if (!asks_again)
            background_.spawn("space changed", announce_change(thread, press.user(), *space));
    }
    if (asks_again) {
        storage::Turn again = make_retry(turn, press.user());
        // The new conversation knows nothing of the old one.
        storage::Turn asked = turn;
        asked.user = press.user();
        auto question = co_await question_in_full(services_.storage, std::move(asked), options_.ack_deadline());
        if (!question)
            co_return Ack::none();
        again.question = std::move(*question);
        const Ack accepted = co_await intake_.accept(std::move(again), "");
        if (!accepted.send)
            co_return Ack::none();
    }
    if (space_choice_detail::is_remembered(press.actions))
        remember(press.visit, note_place_at_answer(turn), turn, *space);
    notes_.take_back(press.actions.response_url);
    co_return Ack::plain();
}

asio::awaitable<void> SpaceChoice::announce_change(storage::ThreadKey thread, std::string user, genie::Space space) {
    const std::string title = space_choice_detail::bold(space.title);
    const std::string person = "<@" + user + ">";
    slack::OutgoingMessage message(thread.channel,
                                   words::say(directory_.people.language_of(thread.team, user), Word::space_changed,
                                              {{"person", person}, {"title", title}}));
    message.thread_ts = thread.thread_ts;
    message.metadata_type = kNoteMetadata;
    auto posted =
        co_await services_.slack.post_message(std::move(message), Deadline::after(space_choice_detail::kPickerTime));
    if (!posted)
        log::warn("space.change_not_told", {{"channel", thread.channel}, {"error", posted.error().to_string()}});
}

void SpaceChoice::tell(const Visit& visit, const NotePlace& place, Word word,
                       std::initializer_list<words::Value> values) {
    notes_.tell(visit.user, place, words::say(directory_.people.language_of(visit.team, visit.user), word, values));
}

}  // namespace genie_slack::relay
