#include "app/relay/relay.hpp"

#include "core/log.hpp"
#include "slack/markup.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;

namespace {

// What stop() keeps of its time to tell people that they have to ask again.
constexpr Duration kWaitForOthers = std::chrono::seconds(1);
constexpr Duration kLongestWaitForOthers = std::chrono::minutes(1);
constexpr Duration kSweepInterval = std::chrono::hours(1);
constexpr Duration kFinishTime = std::chrono::seconds(2);  // what is nearly done at the end is finished here
constexpr Duration kPostTime = std::chrono::seconds(4);
constexpr std::size_t kToldNotRecorded = 1'000;
constexpr Duration kApologyTime = std::chrono::seconds(4);
constexpr Duration kTellTime = std::chrono::seconds(20);
constexpr Duration kRatingTime = std::chrono::seconds(60);
constexpr std::size_t kLongestQuestion = 10'000;  // characters

bool has_prefix(const std::string& text, const std::string& prefix) {
    return text.rfind(prefix, 0) == 0;
}

}  // namespace

Relay::Relay(asio::any_io_executor executor, slack::WebApi& slack, genie::Client& genie, storage::Storage& storage,
             SpaceDirectory& spaces, People& people, TurnRunner& runner, Self self, RelayOptions options)
    : executor_(executor),
      slack_(slack),
      genie_(genie),
      storage_(storage),
      spaces_(spaces),
      people_(people),
      runner_(runner),
      self_(std::move(self)),
      options_(std::move(options)),
      lane_tasks_(executor, "threads"),
      side_tasks_(executor, "relay") {}

asio::awaitable<Ack> Relay::handle(slack::Payload payload) {
    if (auto* event = std::get_if<slack::Event>(&payload))
        co_return co_await on_event(std::move(*event));
    if (auto* interaction = std::get_if<slack::Interaction>(&payload)) {
        if (auto* actions = std::get_if<slack::BlockActions>(interaction))
            co_return co_await on_actions(std::move(*actions));
        if (std::holds_alternative<slack::BlockSuggestion>(*interaction)) {
            boost::json::object none;
            none["options"] = boost::json::array();
            co_return Ack::with(std::move(none));
        }
    }
    if (auto* command = std::get_if<slack::SlashCommand>(&payload)) {
        boost::json::object reply;
        reply["response_type"] = "ephemeral";
        reply["text"] = "Ask me in a thread: mention <@" + self_.user_id +
                        "> with your question in a channel, or write to me directly.";
        log::debug("slash.answered", {{"command", command->command}});
        co_return Ack::with(std::move(reply));
    }
    co_return Ack::plain();
}

asio::awaitable<Ack> Relay::on_event(slack::Event event) {
    const auto* message = std::get_if<slack::MessageEvent>(&event.body);
    if (!message)
        co_return Ack::plain();
    const IntakeDecision decision = decide(event, *message, self_);
    if (decision.kind == IntakeDecision::Kind::ignore) {
        ++status_.ignored;
        co_return Ack::plain();
    }
    storage::Turn turn = make_turn(event, *message, self_);
    if (decision.kind == IntakeDecision::Kind::if_served) {
        auto served = co_await storage_.is_served(turn.thread, Deadline::after(options_.accept_time));
        if (!served) {
            ++status_.not_recorded;
            log::error("question.not_recorded", {{"event", event.event_id}, {"error", served.error().message}});
            co_return Ack::none();
        }
        if (!*served) {
            ++status_.ignored;
            co_return Ack::plain();
        }
        // A reply without words for us (a file, an emoji of the sender's own) is no question.
        if (turn.question.empty()) {
            ++status_.ignored;
            co_return Ack::plain();
        }
    }
    co_return co_await accept(std::move(turn), event.event_id);
}

asio::awaitable<Ack> Relay::accept(storage::Turn turn, std::string event_id) {
    if (stopping_)
        co_return Ack::none();
    turn.question = slack::truncate(turn.question, kLongestQuestion);
    // Also when the clock is set back: steps of a thread are sorted by their times.
    turn.received_at = step_time(std::max(turn.received_at, last_received_ + std::chrono::microseconds(1)));
    last_received_ = turn.received_at;
    auto rows = question_rows(turn, people_.known(turn.thread.team, turn.user));
    auto accepted = co_await storage_.accept(turn, event_id, std::move(rows), Deadline::after(options_.accept_time));
    if (!accepted) {
        ++status_.not_recorded;
        log::error("question.not_recorded",
                   {{"turn", turn.id}, {"event", event_id}, {"error", accepted.error().message}});
        tell_not_recorded(turn);
        co_return Ack::none();
    }
    if (!accepted->first) {
        ++status_.duplicates;
        log::debug("question.again", {{"turn", accepted->turn.id}, {"event", event_id}});
        co_return Ack::plain();
    }
    ++status_.questions;
    log::info("question.accepted", {{"turn", turn.id},
                                    {"event", event_id},
                                    {"channel", turn.thread.channel},
                                    {"thread", turn.thread.thread_ts},
                                    {"user", turn.user}});
    const auto lane = lanes_.find(turn.thread);
    if (lane != lanes_.end() && !lane->second.running)
        side_tasks_.spawn("tell",
                          tell(turn.user, turn.thread,
                               "Please choose a Genie space above first. I will answer this question after that."));
    enqueue(turn.thread, turn.id);
    co_return Ack::plain();
}

// Once for each question, however often Slack delivers it while storage is away.
void Relay::tell_not_recorded(const storage::Turn& turn) {
    if (told_not_recorded_.size() >= kToldNotRecorded)
        told_not_recorded_.clear();
    if (!told_not_recorded_.insert(turn.id).second)
        return;
    side_tasks_.spawn("tell", tell(turn.user, turn.thread,
                                   "I cannot save your question at the moment: my database does not answer, so I have "
                                   "not started on it. Slack delivers it to me again for a while. If no answer comes "
                                   "within five minutes, please ask again."));
}

asio::awaitable<Ack> Relay::on_actions(slack::BlockActions actions) {
    for (const slack::Action& action : actions.actions) {
        if (has_prefix(action.action_id, answer::kFollowUpAction))
            co_return co_await on_follow_up(std::move(actions), action);
        if (action.action_id == answer::kSpaceAction)
            co_return co_await on_space_chosen(std::move(actions), action);
        if (action.action_id == answer::kRateUpAction || action.action_id == answer::kRateDownAction ||
            action.action_id == answer::kRatingAction) {
            const bool positive = has_prefix(action.value, "up:");
            co_return co_await on_rating(std::move(actions), action, positive);
        }
    }
    co_return Ack::plain();
}

// The button of a message asks once, however often it is pressed: the turn's id is made of message and button.
asio::awaitable<Ack> Relay::on_follow_up(slack::BlockActions actions, slack::Action action) {
    if (actions.channel.empty() || actions.message_ts.empty() || action.value.empty())
        co_return Ack::plain();
    storage::Turn turn;
    turn.thread = storage::ThreadKey(actions.team.empty() ? self_.team : actions.team, actions.channel,
                                     actions.thread_ts.empty() ? actions.message_ts : actions.thread_ts);
    turn.question_ts = actions.message_ts + "/" + action.action_id;
    turn.id = storage::turn_id(turn.thread, turn.question_ts);
    turn.user = actions.user;
    turn.question = action.value;
    turn.received_at = wall_now();
    co_return co_await accept(std::move(turn), "");
}

asio::awaitable<Ack> Relay::on_space_chosen(slack::BlockActions actions, slack::Action action) {
    const std::string prefix = std::string(answer::kSpaceBlock) + ":";
    if (!has_prefix(action.block_id, prefix) || stopping_)
        co_return Ack::plain();
    const std::string id = action.block_id.substr(prefix.size());
    auto found = co_await storage_.get_turn(id, Deadline::after(options_.accept_time));
    if (!found)
        co_return Ack::none();
    const storage::ThreadKey pressed_in(actions.team.empty() ? self_.team : actions.team, actions.channel,
                                        actions.thread_ts.empty() ? actions.message_ts : actions.thread_ts);
    if (!*found) {
        side_tasks_.spawn("tell", tell(actions.user, pressed_in,
                                       "I do not remember the question above any more. Please ask it again."));
        co_return Ack::plain();
    }
    if ((*found)->state != storage::TurnState::awaiting_space)
        co_return Ack::plain();
    // Only what the picker could have offered is taken; the list is at hand, since the picker was made from it.
    auto space = co_await spaces_.find(action.value, Deadline::after(options_.accept_time));
    if (!space || !*space) {
        log::warn("space.refused", {{"turn", id}, {"user", actions.user}, {"known", space.has_value()}});
        side_tasks_.spawn(
            "tell", tell(actions.user, pressed_in, "That Genie space cannot be asked. Please choose another one."));
        co_return Ack::plain();
    }
    auto claim = co_await storage_.claim(id, "choice", options_.accept_time, Deadline::after(options_.accept_time));
    if (!claim)
        co_return Ack::none();
    if (!*claim)
        co_return Ack::plain();
    storage::Turn turn = (*claim)->turn;
    const storage::Lease lease = (*claim)->lease;
    turn.space_id = (*space)->id;
    turn.space_name = (*space)->title;
    turn.state = storage::TurnState::received;
    storage::ChatRows none;
    auto kept = co_await storage_.advance(lease, turn, std::move(none), Deadline::after(options_.accept_time));
    if (!kept)
        co_return Ack::none();
    auto released = co_await storage_.release(lease, Deadline::after(options_.accept_time));
    if (*kept) {
        log::info("space.chosen", {{"turn", id}, {"space", turn.space_id}, {"user", actions.user}});
        enqueue(turn.thread, id, true);
    }
    co_return Ack::plain();
}

asio::awaitable<Ack> Relay::on_rating(slack::BlockActions actions, slack::Action action, bool positive) {
    const std::size_t colon = action.value.find(':');
    if (colon == std::string::npos)
        co_return Ack::plain();
    auto found = co_await storage_.get_turn(action.value.substr(colon + 1), Deadline::after(options_.accept_time));
    if (!found)
        co_return Ack::none();
    if (!*found) {
        const storage::ThreadKey pressed_in(actions.team, actions.channel,
                                            actions.thread_ts.empty() ? actions.message_ts : actions.thread_ts);
        side_tasks_.spawn("tell", tell(actions.user, pressed_in,
                                       "I do not remember this answer any more, so I cannot pass your rating on."));
        co_return Ack::plain();
    }
    storage::Turn turn = std::move(**found);
    storage::Feedback feedback;
    feedback.id = storage::feedback_id(turn.id, actions.user);
    feedback.for_id = storage::step_id(turn.id, "run");
    feedback.thread_id = storage::thread_id(turn.thread);
    feedback.value = positive ? 1 : 0;
    auto before = co_await storage_.set_feedback(std::move(feedback), Deadline::after(options_.accept_time));
    // A thread that was deleted in Chainlit keeps no rating; Genie gets it all the same.
    if (!before && before.error().kind != storage::ErrorKind::invalid)
        co_return Ack::none();
    if (!before || !*before || **before != (positive ? 1 : 0))
        side_tasks_.spawn("rating", pass_rating_on(std::move(turn), actions.user, positive));
    co_return Ack::plain();
}

asio::awaitable<void> Relay::pass_rating_on(storage::Turn turn, std::string user, bool positive) {
    const genie::Rating rating = positive ? genie::Rating::positive : genie::Rating::negative;
    auto sent = co_await genie_.send_feedback(turn.space_id, turn.conversation_id, turn.message_id, rating, "",
                                              Deadline::after(kRatingTime));
    if (sent)
        log::info("rating.passed_on", {{"turn", turn.id}, {"positive", positive}, {"user", user}});
    else
        log::warn("rating.failed", {{"turn", turn.id}, {"error", sent.error().message}});
    std::string text =
        sent ? "Thanks! Your rating was passed on to Genie." : "Thanks! I kept your rating, but Genie did not take it.";
    co_await tell(std::move(user), turn.thread, std::move(text));
}

asio::awaitable<void> Relay::tell(std::string user, storage::ThreadKey thread, std::string text) {
    slack::OutgoingMessage message(thread.channel, std::move(text));
    message.thread_ts = thread.thread_ts;
    auto sent = co_await slack_.post_ephemeral(user, std::move(message), Deadline::after(kTellTime));
    if (!sent)
        log::warn("tell.failed", {{"channel", thread.channel}, {"error", sent.error().to_string()}});
}

void Relay::enqueue(const storage::ThreadKey& thread, const std::string& turn_id, bool first) {
    if (stopping_)
        return;
    Lane& lane = lanes_[thread];
    if (std::find(lane.turns.begin(), lane.turns.end(), turn_id) != lane.turns.end() && !first)
        return;
    std::erase(lane.turns, turn_id);
    if (first)
        lane.turns.push_front(turn_id);
    else
        lane.turns.push_back(turn_id);
    if (lane.running)
        return;
    lane.running = true;
    ++status_.threads_running;
    lane_tasks_.spawn("thread " + thread.channel + " " + thread.thread_ts, run_lane(thread));
}

// A defect in one turn must not stop the thread's other questions.
asio::awaitable<TurnRunner::End> Relay::run_turn(std::string turn_id) {
    try {
        co_return co_await runner_.run(turn_id);
    } catch (const boost::system::system_error& error) {
        if (error.code() == asio::error::operation_aborted)
            throw;
        log::error("turn.broken", {{"turn", turn_id}, {"error", error.what()}});
    } catch (const std::exception& error) {
        log::error("turn.broken", {{"turn", turn_id}, {"error", error.what()}});
    }
    co_return TurnRunner::End::not_ours;
}

asio::awaitable<void> Relay::run_lane(storage::ThreadKey thread) {
    Duration patience = kLongestWaitForOthers;
    for (;;) {
        Lane& lane = lanes_[thread];
        if (lane.turns.empty())
            break;
        const std::string id = lane.turns.front();
        const TurnRunner::End end = co_await run_turn(id);
        // The turn that waits for a choice stays at the head: what was asked after it is answered after it.
        if (end == TurnRunner::End::waiting_for_space)
            break;
        // Another process has the thread. It will be done soon, or its lease runs out; recovery takes care of the rest.
        if (end == TurnRunner::End::held_elsewhere && patience > Duration::zero() && !stopping_) {
            patience -= kWaitForOthers;
            co_await sleep_for(random_.jitter(kWaitForOthers, 0.5));
            continue;
        }
        patience = kLongestWaitForOthers;
        std::erase(lanes_[thread].turns, id);
    }
    --status_.threads_running;
    Lane& lane = lanes_[thread];
    lane.running = false;
    if (lane.turns.empty())
        lanes_.erase(thread);
}

asio::awaitable<void> Relay::recover() {
    TimePoint sweep_at = Clock::now();
    for (;;) {
        auto ids = co_await storage_.recoverable(options_.recovered_at_once, Deadline::after(options_.storage_time));
        if (ids)
            co_await take_up(std::move(*ids));
        else
            log::warn("recovery.failed", {{"error", ids.error().message}});
        if (ids && Clock::now() >= sweep_at) {
            sweep_at = Clock::now() + random_.jitter(kSweepInterval, 0.5);
            auto swept = co_await storage_.sweep(Deadline::after(options_.storage_time));
            if (!swept)
                log::warn("sweep.failed", {{"error", swept.error().message}});
        }
        // Several processes must not look at the same moment.
        co_await sleep_for(random_.jitter(options_.recovery_interval, 0.5));
    }
}

asio::awaitable<void> Relay::take_up(std::vector<std::string> turn_ids) {
    for (const std::string& id : turn_ids) {
        auto turn = co_await storage_.get_turn(id, Deadline::after(options_.storage_time));
        if (stopping_ || !turn || !*turn || lanes_.contains((*turn)->thread))
            continue;
        log::info("turn.recovered", {{"turn", id}, {"state", storage::to_string((*turn)->state)}});
        enqueue((*turn)->thread, id);
    }
}

asio::awaitable<void> Relay::stop(Deadline deadline) {
    stopping_ = true;
    co_await end_lanes(deadline);
    side_tasks_.cancel();
    co_await side_tasks_.join(deadline.sooner(std::chrono::seconds(1)));
}

asio::awaitable<void> Relay::end_lanes(Deadline deadline) {
    const Duration all = std::max(Duration::zero(), deadline.remaining() - kApologyTime);
    const bool finished =
        co_await lane_tasks_.join(Deadline::after(options_.hand_over ? std::min(all, kFinishTime) : all));
    if (finished)
        co_return;
    // A question that is just being posted would have to be looked for by whoever takes the turn over.
    co_await runner_.wind_down(deadline.sooner(kPostTime));
    lane_tasks_.cancel();
    co_await lane_tasks_.join(deadline.sooner(std::chrono::seconds(1)));
    if (options_.hand_over) {
        co_await runner_.hand_over(deadline);
        co_return;
    }
    std::vector<std::string> queued;
    for (const auto& [thread, lane] : lanes_)
        queued.insert(queued.end(), lane.turns.begin(), lane.turns.end());
    co_await runner_.apologise(std::move(queued), deadline);
}

}  // namespace genie_slack::relay
