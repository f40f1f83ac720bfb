#include "app/relay/relay.hpp"

#include "app/relay/turn_facts.hpp"
#include "core/log.hpp"
#include "slack/text/markup.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;
using words::Word;

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
constexpr std::size_t kLongestQuestion = 10'000;  // characters

}  // namespace

Relay::Relay(asio::any_io_executor executor, slack::WebApi& slack, genie::Client& genie, storage::Storage& storage,
             SpaceDirectory& spaces, People& people, Gate& gate, TurnRunner& runner, Self self, RelayOptions options)
    : context_{executor,           slack, genie, storage, spaces, people, gate, std::move(self),
               std::move(options), {},    {},    {},      {},     {},     {}},
      runner_(runner),
      examples_(genie, storage, spaces, people),
      space_choice_(context_),
      slash_commands_(context_, examples_),
      message_shortcut_(context_),
      welcome_(context_, examples_),
      home_tab_(context_, examples_),
      help_desk_(context_, examples_),
      answer_actions_(context_, runner, space_choice_),
      ratings_(context_),
      question_changes_(context_),
      parts_{&space_choice_, &slash_commands_, &message_shortcut_, &welcome_,         &home_tab_,
             &help_desk_,    &answer_actions_, &ratings_,          &question_changes_},
      lane_tasks_(executor, "threads"),
      side_tasks_(executor, "relay") {
    context_.accept = [this](storage::Turn turn, std::string event_id) {
        return accept(std::move(turn), std::move(event_id));
    };
    context_.enqueue = [this](const storage::ThreadKey& thread, const std::string& turn_id, bool first) {
        enqueue(thread, turn_id, first);
    };
    context_.tell = [this](const std::string& user, const storage::ThreadKey& thread, std::string text) {
        tell(user, thread, std::move(text));
    };
    context_.spawn = [this](std::string name, asio::awaitable<void> work) {
        side_tasks_.spawn(std::move(name), std::move(work));
    };
    context_.nudge = [this](const std::string& turn_id) { runner_.nudge(turn_id); };
    context_.is_stopping = [this] { return stopping_; };
}

asio::awaitable<Ack> Relay::handle(slack::Payload payload) {
    if (auto* event = std::get_if<slack::Event>(&payload))
        co_return co_await on_event(std::move(*event));
    if (auto* interaction = std::get_if<slack::Interaction>(&payload))
        co_return co_await on_interaction(std::move(*interaction));
    const auto& command = std::get<slack::SlashCommand>(payload);
    for (RelayPart* part : parts_) {
        auto ack = co_await part->on_command(command);
        if (ack)
            co_return std::move(*ack);
    }
    co_return Ack::plain();
}

asio::awaitable<Ack> Relay::on_event(slack::Event event) {
    for (RelayPart* part : parts_) {
        auto ack = co_await part->on_event(event);
        if (ack)
            co_return std::move(*ack);
    }
    const auto* message = std::get_if<slack::MessageEvent>(&event.body);
    if (!message)
        co_return Ack::plain();
    co_return co_await on_message(event, *message);
}

asio::awaitable<Ack> Relay::on_interaction(slack::Interaction interaction) {
    for (RelayPart* part : parts_) {
        std::optional<Ack> ack;
        if (const auto* actions = std::get_if<slack::BlockActions>(&interaction))
            ack = co_await part->on_actions(*actions);
        else if (const auto* submission = std::get_if<slack::ViewSubmission>(&interaction))
            ack = co_await part->on_submission(*submission);
        else if (const auto* shortcut = std::get_if<slack::Shortcut>(&interaction))
            ack = co_await part->on_shortcut(*shortcut);
        else if (const auto* suggestion = std::get_if<slack::BlockSuggestion>(&interaction))
            ack = co_await part->on_suggestion(*suggestion);
        if (ack)
            co_return std::move(*ack);
    }
    co_return Ack::plain();
}

asio::awaitable<Ack> Relay::on_message(const slack::Event& event, const slack::MessageEvent& message) {
    const IntakeDecision decision = decide(event, message, context_.self);
    if (decision.kind == IntakeDecision::Kind::ignore) {
        ++status_.ignored;
        co_return Ack::plain();
    }
    storage::Turn turn = make_turn(event, message, context_.self);
    if (decision.kind == IntakeDecision::Kind::if_served) {
        auto served = co_await context_.storage.is_served(turn.thread, context_.ack_deadline());
        if (!served) {
            ++status_.not_recorded;
            log::error("question.not_recorded", {{"event", event.event_id}, {"error", served.error().message}});
            co_return Ack::none();
        }
        // A reply without words for us (a file, an emoji of the sender's own) is no question.
        if (!*served || turn.question.empty()) {
            ++status_.ignored;
            co_return Ack::plain();
        }
    }
    Visit visit;
    visit.team = turn.thread.team;
    visit.user = turn.user;
    visit.user_team = message.user_team;
    visit.channel = turn.thread.channel;
    visit.is_im = message.channel_type == "im";
    visit.is_ext_shared = event.ext_shared_channel;
    const auto refusal = context_.gate.check_known(visit);
    if (refusal) {
        ++status_.ignored;
        log::info("question.refused", {{"event", event.event_id}, {"user", turn.user}, {"why", to_string(*refusal)}});
        tell(turn.user, turn.thread, words::say(context_.language_of(turn.thread.team, turn.user), word_for(*refusal)));
        co_return Ack::plain();
    }
    co_return co_await accept(std::move(turn), event.event_id);
}

asio::awaitable<Ack> Relay::accept(storage::Turn turn, std::string event_id) {
    if (stopping_)
        co_return Ack::none();
    turn.question = slack::truncate(turn.question, kLongestQuestion);
    // Buttons, shortcuts and mentions do not tell; Slack's ids of direct messages begin with D.
    if (turn.channel_type.empty() && turn.thread.channel.starts_with('D'))
        turn.channel_type = "im";
    turn.audience = audience_of(turn, context_.options.private_answers);
    // Also when the clock is set back: steps of a thread are sorted by their times.
    turn.received_at = step_time(std::max(turn.received_at, last_received_ + std::chrono::microseconds(1)));
    last_received_ = turn.received_at;
    auto rows = question_rows(turn, context_.people.known(turn.thread.team, turn.user));
    auto accepted = co_await context_.storage.accept(turn, event_id, std::move(rows), context_.ack_deadline());
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
        tell(turn.user, turn.thread,
             words::say(context_.language_of(turn.thread.team, turn.user), Word::choose_space_first));
    enqueue(turn.thread, turn.id);
    co_return Ack::plain();
}

// Once for each question, however often Slack delivers it while storage is away.
void Relay::tell_not_recorded(const storage::Turn& turn) {
    if (told_not_recorded_.size() >= kToldNotRecorded)
        told_not_recorded_.clear();
    if (!told_not_recorded_.insert(turn.id).second)
        return;
    tell(turn.user, turn.thread, words::say(context_.language_of(turn.thread.team, turn.user), Word::not_recorded));
}

asio::awaitable<void> Relay::say_to(std::string user, storage::ThreadKey thread, std::string text) {
    slack::OutgoingMessage message(thread.channel, std::move(text));
    if (!is_command(thread))
        message.thread_ts = thread.thread_ts;
    auto sent = co_await context_.slack.post_ephemeral(user, std::move(message), Deadline::after(kTellTime));
    if (!sent)
        log::warn("tell.failed", {{"channel", thread.channel}, {"error", sent.error().to_string()}});
}

void Relay::tell(const std::string& user, const storage::ThreadKey& thread, std::string text) {
    side_tasks_.spawn("tell", say_to(user, thread, std::move(text)));
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
        auto ids = co_await context_.storage.recoverable(context_.options.recovered_at_once,
                                                         Deadline::after(context_.options.storage_time));
        if (ids)
            co_await take_up(std::move(*ids));
        else
            log::warn("recovery.failed", {{"error", ids.error().message}});
        if (ids && Clock::now() >= sweep_at) {
            sweep_at = Clock::now() + random_.jitter(kSweepInterval, 0.5);
            auto swept = co_await context_.storage.sweep(Deadline::after(context_.options.storage_time));
            if (!swept)
                log::warn("sweep.failed", {{"error", swept.error().message}});
        }
        // Several processes must not look at the same moment.
        co_await sleep_for(random_.jitter(context_.options.recovery_interval, 0.5));
    }
}

asio::awaitable<void> Relay::take_up(std::vector<std::string> turn_ids) {
    for (const std::string& id : turn_ids) {
        auto turn = co_await context_.storage.get_turn(id, Deadline::after(context_.options.storage_time));
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
        co_await lane_tasks_.join(Deadline::after(context_.options.hand_over ? std::min(all, kFinishTime) : all));
    if (finished)
        co_return;
    // A question that is just being posted would have to be looked for by whoever takes the turn over.
    co_await runner_.wind_down(deadline.sooner(kPostTime));
    lane_tasks_.cancel();
    co_await lane_tasks_.join(deadline.sooner(std::chrono::seconds(1)));
    if (context_.options.hand_over) {
        co_await runner_.hand_over(deadline);
        co_return;
    }
    std::vector<std::string> queued;
    for (const auto& [thread, lane] : lanes_)
        queued.insert(queued.end(), lane.turns.begin(), lane.turns.end());
    co_await runner_.apologise(std::move(queued), deadline);
}

}  // namespace genie_slack::relay
