#include "app/relay/turn/opening.hpp"

#include "app/relay/question_words.hpp"
#include "app/relay/visits.hpp"
#include "core/log.hpp"

#include <functional>
#include <map>

namespace genie_slack::relay {

namespace asio = boost::asio;

namespace opening_detail {

constexpr Duration kUnknownTime = std::chrono::seconds(6);
constexpr int kMostEditions = 20;  // of one question, looked through for its message
constexpr Duration kPlaceTime = std::chrono::seconds(15);
constexpr Duration kExampleTime = std::chrono::seconds(5);
constexpr Duration kSpaceTime = std::chrono::minutes(1);
constexpr Duration kNamesTime = std::chrono::seconds(3);  // then ids stay in the question
constexpr Duration kFirstSignTime = std::chrono::seconds(10);

}  // namespace opening_detail

// An edited question is answered where the one before it was.
asio::awaitable<TurnEvent> Opening::perform(WorkPtr work, turn_action::TakeOverMessage) {
    std::string id = work->turn().replaces;
    storage::Turn replaced;
    // An edition that was edited again before it had a message leaves that of the one before it.
    for (int editions = 0; editions <= opening_detail::kMostEditions && !id.empty(); ++editions) {
        auto found = co_await services_.store.read_surely(id);
        if (!found && found.error().fault == storage::StorageFault::cancelled)
            co_return turn_event::Cancelled();
        if (!found)
            co_return turn_event::StorageAway();
        if (!*found)
            break;
        replaced = std::move(**found);
        id = replaced.progress_ts.empty() ? replaced.replaces : std::string();
    }
    if (replaced.progress_ts.empty())
        co_return turn_event::Done();
    turn_event::MessageTakenOver taken;
    taken.progress_ts = replaced.progress_ts;
    taken.answer_channel = replaced.answer_channel;
    taken.answer_thread = replaced.answer_thread;
    co_return taken;
}

asio::awaitable<TurnEvent> Opening::perform(WorkPtr work, turn_action::CheckGate check) {
    const storage::Turn& turn = work->turn();
    turn_event::GateAnswered answered;
    // What Slack has not told until now has to be known before data is shown.
    const bool is_unknown = check.anew && !services_.gate.knows(visit_of(turn));
    const Duration patience = is_unknown ? opening_detail::kUnknownTime : check.patience;
    answered.refusal = co_await services_.gate.check(visit_of(turn), Deadline::after(patience),
                                                     check.anew ? Gate::kAtOnce : Gate::kFresh);
    if (answered.refusal)
        log::info("question.refused", {{"turn", turn.id}, {"user", turn.user}, {"why", to_string(*answered.refusal)}});
    co_return answered;
}

asio::awaitable<TurnEvent> Opening::perform(WorkPtr work, turn_action::OpenPlace) {
    const storage::Turn& turn = work->turn();
    auto direct =
        co_await services_.slack.conversation_open(turn.user, work->deadline.sooner(opening_detail::kPlaceTime));
    if (!direct) {
        log::error("turn.no_place", {{"turn", turn.id}, {"error", direct.error().to_string()}});
        co_return slack_failed(direct.error());
    }
    turn_event::PlaceOpened opened;
    opened.channel = std::move(*direct);
    co_return opened;
}

asio::awaitable<TurnEvent> Opening::perform(WorkPtr work, turn_action::FindExamples) {
    const storage::Turn& turn = work->turn();
    Start start = co_await services_.examples.find(turn.thread.team, turn.thread.channel, turn.user,
                                                   Deadline::after(opening_detail::kExampleTime));
    turn_event::ExamplesFound found;
    found.questions = std::move(start.examples);
    co_return found;
}

asio::awaitable<TurnEvent> Opening::perform(WorkPtr work, turn_action::DecideSpace) {
    const std::string suggested_by = services_.examples.space_that_offers(work->turn().question);
    std::function<asio::awaitable<storage::StorageResult<SpaceDecision>>()> call = [&] {
        return decide_space(work->turn(), suggested_by, services_.storage, services_.spaces,
                            services_.options.storage_time, work->deadline.sooner(opening_detail::kSpaceTime));
    };
    auto decided = co_await services_.store.insist<SpaceDecision>("decide space", work->turn().id, std::move(call));
    if (!decided && decided.error().fault == storage::StorageFault::cancelled)
        co_return turn_event::Cancelled();
    if (!decided)
        co_return turn_event::StorageAway();
    work->decision = std::move(*decided);
    const SpaceDecision& decision = work->decision;
    if (decision.error && decision.error->fault == genie::GenieFault::cancelled)
        co_return turn_event::Cancelled();
    if (decision.error) {
        turn_event::GenieFailed failed;
        failed.error = *decision.error;
        co_return failed;
    }
    if (!decision.space) {
        turn_event::SpaceUndecided undecided;
        undecided.has_choice = !decision.choice.empty();
        undecided.conversation_id = decision.conversation_id;
        co_return undecided;
    }
    turn_event::SpaceDecided event;
    event.space_id = decision.space->id;
    event.space_name = decision.space->title;
    event.conversation_id = decision.conversation_id;
    co_return event;
}

// Genie is asked meanwhile. Only a private answer waits for it, since the note that follows tells where it stands.
asio::awaitable<TurnEvent> Opening::perform(WorkPtr work, turn_action::ShowSign) {
    const storage::Turn& turn = work->turn();
    const bool stood_before = !turn.progress_ts.empty();
    work->show_progress();
    if (stood_before || turn.audience != storage::Audience::person)
        co_return turn_event::Done();
    co_await work->live.sign_settled(Deadline::after(opening_detail::kFirstSignTime));
    if (turn.progress_ts.empty())
        co_return turn_event::Done();
    turn_event::SignShown shown;
    shown.ts = turn.progress_ts;
    co_return shown;
}

// Today's events name people and channels by their ids only, with which Genie can do nothing.
asio::awaitable<TurnEvent> Opening::perform(WorkPtr work, turn_action::NamePeople) {
    const storage::Turn& turn = work->turn();
    const Deadline deadline = work->deadline.sooner(opening_detail::kNamesTime);
    std::map<std::string, std::string, std::less<>> names;
    for (const std::string& id : ids_in(turn.question)) {
        if (id[0] == 'U' || id[0] == 'W') {
            auto person = co_await services_.people.find(turn.thread.team, id, deadline);
            if (person)
                names[id] = person->name;
        } else {
            auto channel = co_await services_.slack.conversation_info(id, deadline);
            if (channel)
                names[id] = channel->name;
        }
    }
    turn_event::PeopleNamed named;
    named.question = with_names(turn.question, [&names](std::string_view id) -> std::optional<std::string> {
        const auto found = names.find(id);
        return found == names.end() ? std::nullopt : std::optional(found->second);
    });
    co_return named;
}

}  // namespace genie_slack::relay
