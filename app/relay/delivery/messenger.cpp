#include "app/relay/delivery/messenger.hpp"

#include "app/relay/delivery/kept_stream.hpp"
#include "app/relay/turn_facts.hpp"
#include "core/log.hpp"

#include <algorithm>
#include <cstdint>

namespace genie_slack::relay {

namespace asio = boost::asio;

namespace messenger_detail {

constexpr std::size_t kThreadMessagesSearched = 200;
constexpr double kRoomForTidying = 0.5;                     // of the look-ups by which answers are found
constexpr Duration kCallTime = std::chrono::seconds(30);    // of a post, a look-up, the end of a stream
constexpr Duration kUpdateTime = std::chrono::seconds(15);  // of an update or a removal
constexpr Duration kKeepsLife = std::chrono::hours(24);     // a server that keeps what was streamed hardly changes

std::vector<Rung> rungs_of(const std::vector<answer::Rendered>& ladder) {
    std::vector<Rung> rungs(ladder.size());
    for (std::size_t i = 0; i < ladder.size(); ++i) {
        rungs[i].features = features_of(ladder[i].blocks);
        rungs[i].wants_chart = answer::wants_chart_file(ladder[i]);
        rungs[i].needs_chart = ladder[i].needs_chart;
        rungs[i].leaves_out_data = ladder[i].leaves_out_data;
        rungs[i].only_in_file = ladder[i].only_in_file;
    }
    return rungs;
}

// Below the answer, as a message that is not there yet.
storage::Turn below(const storage::Turn& turn) {
    const Place place = below_answer(turn);
    storage::Turn further = turn;
    further.answer_channel = place.channel;
    further.answer_thread = place.thread_ts;
    further.progress_ts.clear();
    return further;
}

}  // namespace messenger_detail

// A stream has no metadata before it ends. Of a thread's turns one runs at a time, so that what our bot streamed after
// the question (or after the message whose button asked it) is the turn's message.
bool Messenger::is_our_stream(const storage::Turn& turn, const slack::ThreadMessage& message) const {
    return !bot_id_.empty() && message.bot_id == bot_id_ && message.metadata_type.empty() && message.files.empty() &&
           message.ts > turn.message_ts;
}

struct Messenger::Errand {
    Errand(storage::Turn turn_, LeaseKeeper* lease_, std::vector<answer::Rendered> ladder_, const Refusals& refusals,
           Seen seen, Deadline deadline_, ChartFile chart_)
        : turn(std::move(turn_)),
          lease(lease_),
          ladder(std::move(ladder_)),
          deadline(deadline_),
          chart(std::move(chart_)),
          climb(messenger_detail::rungs_of(ladder), refusals.first_rung(ladder), turn.progress_ts, seen,
                deadline.time(), lease && turn.state == storage::TurnState::answered) {}

    storage::Turn turn;
    LeaseKeeper* lease;  // null for a turn that is over
    std::vector<answer::Rendered> ladder;
    Deadline deadline;
    ChartFile chart;
    std::string chart_file;  // id, "" without one
    bool is_sign = false;
    std::size_t part = 0;     // of the answer: 1, 2, ... are its further messages
    std::string answer_ts;    // below which they stand
    slack::ApiError refused;  // the last refusal
    Owned owned;              // empty: nobody else writes into the message
    Moved moved;              // empty: nothing is recorded of a new message
    LadderClimb climb;
};

asio::awaitable<slack::ApiResult<Delivered>> Messenger::deliver(storage::Turn turn, LeaseKeeper& lease,
                                                                std::vector<answer::Rendered> ladder, Seen seen,
                                                                Deadline deadline, ChartFile chart) {
    Errand errand(std::move(turn), &lease, std::move(ladder), refusals_, seen, deadline, std::move(chart));
    co_return co_await climb(errand);
}

asio::awaitable<slack::ApiResult<Delivered>> Messenger::show_sign(storage::Turn turn, LeaseKeeper& lease,
                                                                  std::vector<answer::Rendered> ladder, Seen seen,
                                                                  Deadline deadline) {
    Errand errand(std::move(turn), &lease, std::move(ladder), refusals_, seen, deadline, ChartFile());
    errand.is_sign = true;
    co_return co_await climb(errand);
}

asio::awaitable<slack::ApiResult<Delivered>> Messenger::replace(storage::Turn turn,
                                                                std::vector<answer::Rendered> ladder, Deadline deadline,
                                                                ChartFile chart, Owned owned, Moved moved) {
    Errand errand(std::move(turn), nullptr, std::move(ladder), refusals_, Seen::perhaps, deadline, std::move(chart));
    errand.owned = std::move(owned);
    errand.moved = std::move(moved);
    co_return co_await climb(errand);
}

slack::OutgoingMessage Messenger::make_further(const Errand& errand, const std::string& text) {
    const Place place = place_of(errand.turn);
    slack::OutgoingMessage message(place.channel, text);
    message.thread_ts = place.thread_ts;
    message.metadata_type = kFurtherMetadata;
    message.metadata_payload["turn"] = errand.turn.id;
    message.metadata_payload["part"] = static_cast<std::int64_t>(errand.part);
    message.metadata_payload["answer"] = errand.answer_ts;
    return message;
}

asio::awaitable<slack::ApiResult<void>> Messenger::go_on(storage::Turn turn, LeaseKeeper* lease, Owned owned,
                                                         std::vector<std::string> texts, Seen seen, Deadline deadline) {
    using namespace messenger_detail;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        std::vector<answer::Rendered> ladder(1);
        ladder.front().text = texts[i];
        Errand errand(below(turn), lease, std::move(ladder), refusals_, seen, deadline, ChartFile());
        errand.owned = owned;
        errand.part = i + 1;
        errand.answer_ts = turn.progress_ts;
        auto put = co_await climb(errand);
        if (!put)
            co_return put.error();
    }
    if (seen == Seen::perhaps)
        co_await remove_further(turn, lease, std::move(owned), texts.size(), deadline);
    co_return slack::ApiResult<void>();
}

asio::awaitable<void> Messenger::remove_further(storage::Turn turn, LeaseKeeper* lease, Owned owned, std::size_t kept,
                                                Deadline deadline) {
    using namespace messenger_detail;
    const Place place = below_answer(turn);
    const storage::Turn there = below(turn);
    auto messages = co_await read_place(there, deadline);
    if (!messages)
        co_return;
    for (const slack::ThreadMessage& message : *messages) {
        const std::size_t part = part_of(message);
        const bool is_ours = metadata_of(message, "turn") == turn.id;
        const bool is_superfluous = is_ours ? part > kept : metadata_of(message, "answer") == turn.progress_ts;
        if (part == 0 || !is_superfluous)
            continue;
        bool may = true;
        if (lease)
            may = co_await lease->holds(deadline);
        else if (owned)
            may = co_await owned();
        if (!may)
            co_return;
        co_await remove(place.channel, message.ts, deadline.sooner(kUpdateTime));
    }
}

// One step of a climb; what ends it needs none.
struct Messenger::Performer {
    Messenger& messenger;
    Errand& errand;

    using Next = asio::awaitable<Action>;
    Next operator()(const LadderClimb::Find& a) { return messenger.look(errand, a.given_up); }
    Next operator()(const LadderClimb::UploadChart&) { return messenger.upload_chart(errand); }
    Next operator()(const LadderClimb::PutRung& a) { return messenger.put(errand, a.rung, a.ts); }
    Next operator()(const LadderClimb::EndStream& a) { return messenger.end_stream(errand, a.ts); }
    Next operator()(const LadderClimb::Remove& a) { return messenger.remove_old(errand, a.ts); }
    Next operator()(const LadderClimb::Wait& a) { return messenger.wait(errand, a.duration); }
    Next operator()(const LadderClimb::Done& a) { return stay(a); }
    Next operator()(const LadderClimb::Failed& a) { return stay(a); }
    static Next stay(Action end) { co_return end; }
};

asio::awaitable<slack::ApiResult<Delivered>> Messenger::climb(Errand& errand) {
    Performer performer{*this, errand};
    Action action = errand.climb.begin();
    for (;;) {
        if (const auto* done = std::get_if<LadderClimb::Done>(&action)) {
            for (const std::string& feature : done->set_aside)
                refusals_.refuse(feature);
            co_return done->delivered;
        }
        if (const auto* failed = std::get_if<LadderClimb::Failed>(&action))
            co_return failed->error;
        const bool ours = co_await is_ours(errand, action);
        auto performing = ours ? std::visit(performer, action) : Performer::stay(errand.climb.lease_lost());
        action = co_await std::move(performing);
    }
}

asio::awaitable<bool> Messenger::is_ours(Errand& errand, const Action& action) {
    if (std::holds_alternative<LadderClimb::Wait>(action) || std::holds_alternative<LadderClimb::UploadChart>(action))
        co_return true;
    if (errand.lease)
        co_return co_await errand.lease->holds(errand.deadline);
    if (errand.owned && std::holds_alternative<LadderClimb::PutRung>(action))
        co_return co_await errand.owned();
    co_return true;
}

// A sign waits for nothing: what does not go now is not given.
asio::awaitable<LadderClimb::Action> Messenger::wait(Errand& errand, Duration duration) {
    if (errand.is_sign)
        co_return LadderClimb::Failed{errand.refused};
    co_await sleep_for(duration);
    co_return errand.climb.waited();
}

asio::awaitable<slack::ApiResult<std::vector<slack::ThreadMessage>>> Messenger::read_place(const storage::Turn& turn,
                                                                                           Deadline deadline) {
    using namespace messenger_detail;
    const Place place = place_of(turn);
    const Deadline soon = deadline.sooner(kCallTime);
    auto looking = place.thread_ts.empty()
                       ? api_.conversation_history(place.channel, kThreadMessagesSearched, soon)
                       : api_.conversation_replies(place.channel, place.thread_ts, kThreadMessagesSearched, soon);
    auto messages = co_await std::move(looking);
    if (!messages)
        log::warn("slack.not_looked_up", {{"turn", turn.id}, {"error", messages.error().to_string()}});
    co_return messages;
}

asio::awaitable<LadderClimb::Action> Messenger::look(Errand& errand, std::vector<std::string> given_up) {
    const Place place = place_of(errand.turn);
    auto messages = co_await read_place(errand.turn, errand.deadline);
    if (!messages) {
        errand.refused = messages.error();
        co_return errand.climb.look_failed(messages.error(), Clock::now());
    }
    // Of several the newest one is where the turn has moved.
    std::vector<std::string> known;
    std::string streamed;
    for (const slack::ThreadMessage& message : *messages) {
        if (std::find(given_up.begin(), given_up.end(), message.ts) != given_up.end())
            continue;
        const bool may_stream = errand.part == 0 && errand.turn.progress_ts.empty() && !place.thread_ts.empty();
        if (is_of_turn(message, errand.turn.id, errand.part))
            known.push_back(message.ts);
        else if (may_stream && is_our_stream(errand.turn, message))
            streamed = message.ts;
    }
    if (known.empty() && streamed.empty())
        co_return errand.climb.not_there();
    if (known.empty())
        co_return errand.climb.found(std::move(streamed));
    std::string newest = std::move(known.back());
    known.pop_back();
    co_return errand.climb.found(std::move(newest), std::move(known));
}

asio::awaitable<LadderClimb::Action> Messenger::upload_chart(Errand& errand) {
    if (errand.chart)
        errand.chart_file = co_await errand.chart();
    co_return errand.chart_file.empty() ? errand.climb.no_chart() : errand.climb.chart_uploaded();
}

asio::awaitable<LadderClimb::Action> Messenger::put(Errand& errand, std::size_t rung, std::string ts) {
    using namespace messenger_detail;
    using Landing = LadderClimb::Landing;
    answer::Rendered& rendered = errand.ladder[rung];
    if (answer::wants_chart_file(rendered))
        answer::place_chart_file(rendered, errand.chart_file);
    auto message = errand.part == 0 ? make_message(errand.turn, rendered) : make_further(errand, rendered.text);
    if (errand.lease)
        message.may_send = errand.lease->guard();
    if (errand.is_sign)
        message.urgency = slack::Urgency::sign;
    const boost::json::array sent = message.blocks;
    const bool in_thread = !message.thread_ts.empty();
    const Deadline soon = errand.deadline.sooner(ts.empty() ? kCallTime : kUpdateTime);
    LadderClimb::PutRefused refused;
    if (ts.empty()) {
        auto posted = co_await api_.post_message(std::move(message), soon);
        if (posted) {
            const bool strayed = in_thread && posted->shown && posted->thread_ts.empty();
            if (strayed)
                log::warn("slack.thread_gone", {{"turn", errand.turn.id}});
            bool ours = true;
            if (!strayed && errand.moved)
                ours = co_await errand.moved(posted->ts);
            if (!ours) {
                co_await remove(posted->channel, posted->ts, errand.deadline.sooner(kUpdateTime));
                co_return errand.climb.lease_lost();
            }
            co_return errand.climb.put_done(posted->ts, strayed ? Landing::channel_root : Landing::in_place);
        }
        refused.error = posted.error();
    } else {
        auto updated = co_await api_.update_message(ts, std::move(message), soon);
        if (updated) {
            const bool is_below = shows_kept_stream(sent, *updated);
            if (is_below)
                refusals_.refuse(kStreams, kKeepsLife);
            co_return errand.climb.put_done(ts, is_below ? Landing::below_stream : Landing::in_place);
        }
        refused.error = updated.error();
    }
    log::warn("slack.refused", {{"turn", errand.turn.id}, {"rung", rung}, {"error", refused.error.to_string()}});
    errand.refused = refused.error;
    refused.named = features_named(sent, refused.error);
    refused.lease_ran_out = errand.lease && !errand.lease->is_lost() && !errand.lease->surely_holds();
    co_return errand.climb.put_refused(std::move(refused), Clock::now());
}

asio::awaitable<slack::ApiResult<void>> Messenger::call_stop_stream(const storage::Turn& turn, std::string ts,
                                                                    Deadline deadline) {
    slack::StreamStop stop;
    stop.channel = place_of(turn).channel;
    stop.ts = std::move(ts);
    stop.metadata_type = kTurnMetadata;
    stop.metadata_payload["turn"] = turn.id;
    return api_.stop_stream(std::move(stop), deadline);
}

asio::awaitable<bool> Messenger::stop_stream(const storage::Turn& turn, std::string ts, Deadline deadline) {
    auto stopped = co_await call_stop_stream(turn, std::move(ts), deadline);
    co_return stopped.has_value() || stopped.error().fault == slack::ApiFault::streaming;
}

asio::awaitable<LadderClimb::Action> Messenger::end_stream(Errand& errand, std::string ts) {
    using namespace messenger_detail;
    const bool is_over = co_await stop_stream(errand.turn, std::move(ts), errand.deadline.sooner(kCallTime));
    co_return is_over ? errand.climb.stream_ended() : errand.climb.stream_not_ended();
}

asio::awaitable<LadderClimb::Action> Messenger::remove_old(Errand& errand, std::string ts) {
    using namespace messenger_detail;
    co_await remove(place_of(errand.turn).channel, std::move(ts), errand.deadline.sooner(kUpdateTime));
    co_return errand.climb.removed();
}

asio::awaitable<void> Messenger::remove(std::string channel, std::string ts, Deadline deadline) {
    if (ts.empty())
        co_return;
    auto removed = co_await api_.delete_message(std::move(channel), std::move(ts), deadline);
    if (!removed)
        log::warn("slack.not_removed", {{"error", removed.error().to_string()}});
}

asio::awaitable<void> Messenger::remove_strays(storage::Turn turn, Deadline deadline) {
    using namespace messenger_detail;
    const Place place = place_of(turn);
    auto messages = co_await read_place(turn, deadline);
    if (!messages)
        co_return;
    for (const slack::ThreadMessage& message : *messages) {
        const bool is_stream = !place.thread_ts.empty() && is_our_stream(turn, message);
        const bool is_sign = turn.progress_ts.empty() && is_of_turn(message, turn.id, 0);
        if (message.ts == turn.progress_ts || (!is_stream && !is_sign))
            continue;
        log::info("progress.stray", {{"turn", turn.id}, {"ts", message.ts}});
        if (is_stream)
            co_await stop_stream(turn, message.ts, deadline.sooner(kCallTime));
        co_await remove(place.channel, message.ts, deadline.sooner(kUpdateTime));
    }
}

asio::awaitable<bool> Messenger::remove_late_streams(storage::Turn turn, MayRemove may_remove, Deadline deadline) {
    using namespace messenger_detail;
    const Place place = place_of(turn);
    if (place.thread_ts.empty())
        co_return true;
    if (api_.room(slack::methods::kConversationReplies, "") < kRoomForTidying)
        co_return false;
    auto messages = co_await read_place(turn, deadline);
    if (!messages)
        co_return false;
    for (const slack::ThreadMessage& message : *messages) {
        if (message.ts == turn.progress_ts || !is_our_stream(turn, message))
            continue;
        const bool is_stray = co_await may_remove(message.ts);
        if (!is_stray)
            continue;
        // What does not stream is something else that we said meanwhile.
        auto stopped = co_await call_stop_stream(turn, message.ts, deadline.sooner(kCallTime));
        if (!stopped)
            continue;
        log::info("progress.stray", {{"turn", turn.id}, {"ts", message.ts}, {"late", true}});
        co_await remove(place.channel, message.ts, deadline.sooner(kUpdateTime));
    }
    co_return true;
}

void Messenger::show_progress(const storage::Turn& turn, const LeaseKeeper& lease, const answer::Rendered& progress) {
    if (turn.progress_ts.empty() || !lease.surely_holds())
        return;
    auto message = make_message(turn, progress);
    message.may_send = lease.guard();
    api_.update_coalesced(turn.progress_ts, std::move(message));
}

asio::awaitable<bool> Messenger::end_progress(const storage::Turn& turn, Deadline deadline) {
    if (turn.progress_ts.empty())
        co_return true;
    co_return co_await api_.settle_updates(place_of(turn).channel, turn.progress_ts, deadline);
}

}  // namespace genie_slack::relay
