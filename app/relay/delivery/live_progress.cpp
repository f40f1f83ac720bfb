#include "app/relay/delivery/live_progress.hpp"

#include "app/answer/message/status.hpp"
#include "app/relay/delivery/refusal_codes.hpp"
#include "app/relay/turn_facts.hpp"
#include "core/log.hpp"

#include <algorithm>
#include <utility>

namespace genie_slack::relay {

namespace asio = boost::asio;
namespace json = boost::json;

namespace live_progress_detail {

constexpr Duration kStartTime = std::chrono::seconds(3);  // then another sign is quicker
constexpr Duration kSignTime = std::chrono::seconds(30);
constexpr Duration kStatusTime = std::chrono::seconds(5);
constexpr Duration kStatusLife = std::chrono::seconds(60);  // Slack takes a status away after two minutes
constexpr Duration kSettleTime = std::chrono::seconds(10);  // then a sign that is on its way is looked for instead
constexpr Duration kAppendTime = std::chrono::seconds(10);
constexpr Duration kBetweenAppends = std::chrono::seconds(1);
constexpr Duration kWhoStopped = std::chrono::seconds(2);  // the event of a Stop may come after the refused call
constexpr Duration kJoinTime = std::chrono::seconds(12);

// Names among the refused features: of streams in one channel, for one person; of statuses in one channel.
std::string stream_in(const storage::Turn& turn) {
    return std::string(kStreams) + " in " + place_of(turn).channel;
}
std::string stream_for(const storage::Turn& turn) {
    return std::string(kStreams) + " for " + turn.user;
}
std::string status_in(const storage::Turn& turn) {
    return "assistant.threads.setStatus in " + place_of(turn).channel;
}

struct Sending {
    bool& flag;
    explicit Sending(bool& flag_) : flag(flag_) {}
    ~Sending() { flag = false; }
};

}  // namespace live_progress_detail

LiveProgress::LiveProgress(asio::any_io_executor executor, slack::WebApi& api, Messenger& messenger,
                           const People& people, Refusals& refusals, std::shared_ptr<SignCounts> counts,
                           bool may_stream, Listener listener)
    : api_(api),
      messenger_(messenger),
      people_(people),
      refusals_(refusals),
      counts_(std::move(counts)),
      streams_(may_stream),
      listener_(std::move(listener)),
      sign_(executor, "sign"),
      sender_(std::move(executor), "progress") {}

// A root message cannot stream.
bool LiveProgress::may_stream(const storage::Turn& turn) const {
    using namespace live_progress_detail;
    return streams_ && !place_of(turn).thread_ts.empty() && !refusals_.is_refused(kStreams) &&
           !refusals_.is_refused(stream_in(turn)) && !refusals_.is_refused(stream_for(turn));
}

bool LiveProgress::may_set_status(const storage::Turn& turn) const {
    return !place_of(turn).thread_ts.empty() && !refusals_.is_refused(live_progress_detail::status_in(turn));
}

Sign LiveProgress::choose(const storage::Turn& turn, const SignPlan& plan) const {
    SignFacts facts;
    facts.may_stream = may_stream(turn);
    facts.may_set_status = may_set_status(turn);
    facts.is_hushed = is_hushed_;
    const bool may_begin = api_.may_spare(slack::methods::kStartStream);
    facts.start_stream = may_begin ? api_.room(slack::methods::kStartStream, "") : 0;
    facts.stop_stream = api_.room(slack::methods::kStopStream, "");
    // What others will need when their answers are there is as good as used.
    const auto promised = static_cast<double>(counts_->open_messages) / slack::methods::kUpdate.per_minute;
    facts.update = api_.room(slack::methods::kUpdate, "") - promised;
    facts.post = api_.room(slack::methods::kPostMessage, place_of(turn).channel);
    facts.status = api_.room(slack::methods::kSetStatus, "");
    return plan.next(facts);
}

slack::StreamStart LiveProgress::first_cards(const storage::Turn& turn, const answer::ProgressInput& input) {
    const Place place = place_of(turn);
    slack::StreamStart start;
    start.channel = place.channel;
    start.thread_ts = place.thread_ts;
    start.recipient_user = turn.user;
    start.recipient_team = people_.team_of(turn.thread.team, turn.user);
    start.task_display_mode = "plan";
    // Where the question does not stand right above, it is seen while it runs.
    const std::string title =
        shows_question(turn) ? turn.question : words::say(input.language, words::Word::working_on_it);
    start.chunks.push_back(plan_title(title));
    for (json::value& chunk : cards_.changes())
        start.chunks.push_back(std::move(chunk));
    const auto rendered = answer::render_progress(input);
    json::array buttons;
    for (const json::value& block : rendered.blocks)
        if (block.at("type").as_string() == "actions")
            buttons.push_back(block);
    if (!buttons.empty()) {
        json::object chunk;
        chunk["type"] = "blocks";
        chunk["blocks"] = std::move(buttons);
        start.chunks.push_back(std::move(chunk));
    }
    return start;
}

// Streams that would be refused as this one was.
void LiveProgress::set_streams_aside(const storage::Turn& turn, RefusedFor whom) {
    using namespace live_progress_detail;
    switch (whom) {
        case RefusedFor::this_one:
            return;
        case RefusedFor::person:
            refusals_.refuse(stream_for(turn));
            return;
        case RefusedFor::channel:
            refusals_.refuse(stream_in(turn));
            return;
        case RefusedFor::workspace:
            refusals_.refuse(kStreams);
            return;
    }
}

void LiveProgress::begin(const storage::Turn& turn, LeaseKeeper& lease, const answer::ProgressInput& input, Seen seen) {
    // What stands of an answered turn is perhaps its answer.
    const bool is_early = turn.state != storage::TurnState::answered;
    if (is_over_ || !is_early || sign_.size() > 0 || !message_.empty() || has_status_)
        return;
    turn_id_ = turn.id;
    const SignPlan plan(seen);
    const Sign first = choose(turn, plan);
    count_message(first == Sign::stream || first == Sign::message);
    Forms forms;
    if (first == Sign::stream) {
        cards_.note(input);
        forms.cards = first_cards(turn, input);
    }
    forms.line = answer::render_progress(input);
    forms.words = answer::progress_words(input);
    sign_.spawn("sign of " + turn.id, give_sign(turn, lease, std::move(forms), plan, first));
}

asio::awaitable<void> LiveProgress::give_sign(storage::Turn turn, LeaseKeeper& lease, Forms forms, SignPlan plan,
                                              Sign first) {
    const std::shared_ptr<void> under_way = counts_->under_way;
    for (Sign sign = first; !is_over_ && lease.surely_holds(); sign = choose(turn, plan)) {
        count_message(sign == Sign::stream || sign == Sign::message);
        SignRefused refused;
        refused.next = SignRefused::Next::none;
        switch (sign) {
            case Sign::stream:
                refused = co_await give_stream(turn, std::move(forms.cards), plan);
                break;
            case Sign::message:
                co_await give_message(turn, lease, std::move(forms.line), plan.seen());
                break;
            case Sign::status:
                refused = co_await give_status(turn, forms.words, plan);
                break;
            case Sign::nothing:
                log::debug("turn.no_room_for_sign", {{"turn", turn.id}});
                break;
        }
        if (refused.told)
            listener_.sign_refused(*refused.told);
        if (refused.next == SignRefused::Next::none)
            co_return;
        count_message(false);
    }
}

asio::awaitable<SignRefused> LiveProgress::give_stream(const storage::Turn& turn, slack::StreamStart cards,
                                                       SignPlan& plan) {
    SignRefused refused;
    auto started = co_await api_.start_stream(std::move(cards), Deadline::after(live_progress_detail::kStartTime));
    if (started) {
        stream_ = started->ts;
        stream_until_ = Clock::now() + kStreamLife;
        stands(started->ts);
        refused.next = SignRefused::Next::none;
        co_return refused;
    }
    log::info("stream.refused", {{"turn", turn.id}, {"error", started.error().to_string()}});
    refused = plan.stream_refused(started.error());
    start_is_unsure_ = start_is_unsure_ || plan.is_start_unsure();
    set_streams_aside(turn, refused.set_aside);
    co_return refused;
}

asio::awaitable<void> LiveProgress::give_message(const storage::Turn& turn, LeaseKeeper& lease, answer::Rendered line,
                                                 Seen seen) {
    line_ = line.text;
    std::vector<answer::Rendered> ladder(2);
    ladder[1].text = line.text;
    ladder[0] = std::move(line);
    auto posted = co_await messenger_.show_sign(turn, lease, std::move(ladder), seen,
                                                Deadline::after(live_progress_detail::kSignTime));
    if (posted)
        stands(posted->ts);
    else
        listener_.sign_refused(posted.error());
}

asio::awaitable<SignRefused> LiveProgress::give_status(const storage::Turn& turn, std::string words, SignPlan& plan) {
    using namespace live_progress_detail;
    SignRefused refused;
    const Place place = place_of(turn);
    auto setting = api_.set_status(place.channel, place.thread_ts, words, Deadline::after(kStatusTime));
    auto set = co_await std::move(setting);
    if (set) {
        has_status_ = true;
        status_ = std::move(words);
        status_at_ = Clock::now();
        refused.next = SignRefused::Next::none;
        co_return refused;
    }
    log::info("status.refused", {{"turn", turn.id}, {"error", set.error().to_string()}});
    refused = plan.status_refused(set.error());
    if (refused.set_aside == RefusedFor::channel)
        refusals_.refuse(status_in(turn));
    co_return refused;
}

void LiveProgress::count_message(bool is_open) {
    if (is_open && !is_counted_)
        ++counts_->open_messages;
    if (!is_open && is_counted_)
        --counts_->open_messages;
    is_counted_ = is_open;
}

void LiveProgress::stands(std::string ts) {
    message_ = ts;
    listener_.sign_stands(std::move(ts));
}

void LiveProgress::show(const storage::Turn& turn, LeaseKeeper& lease, const answer::ProgressInput& input, Seen seen) {
    using namespace live_progress_detail;
    if (is_over_ || !lease.surely_holds())
        return;
    if (turn.progress_ts.empty() && !has_status_)
        return begin(turn, lease, input, seen);
    if (stream_.empty() && !turn.progress_ts.empty()) {
        const answer::Rendered line = answer::render_progress(input);
        if (std::exchange(line_, line.text) != line.text)
            messenger_.show_progress(turn, lease, line);
        return;
    }
    if (!stream_.empty())
        cards_.note(input);
    if (sending_)
        return;
    if (stream_.empty()) {
        std::string words = answer::progress_words(input);
        const Duration age = Clock::now() - status_at_;
        // First signs go before; a status that Slack is about to take away waits for none of them.
        const bool is_old = age >= kStatusLife;
        const bool is_busy = !api_.may_spare(slack::methods::kSetStatus);
        if (is_busy || (!is_old && (words == status_ || counts_->is_sign_under_way())))
            return;
        status_ = std::move(words);
        status_at_ = Clock::now();
    }
    sending_ = true;
    sender_.spawn("progress of " + turn.id,
                  stream_.empty() ? send_status(turn, lease.guard()) : send(place_of(turn).channel, lease.guard()));
}

asio::awaitable<void> LiveProgress::send_status(storage::Turn turn, std::function<bool()> may_send) {
    const live_progress_detail::Sending sending(sending_);
    const Place place = place_of(turn);
    if (!may_send())
        co_return;
    auto setting =
        api_.set_status(place.channel, place.thread_ts, status_, Deadline::after(live_progress_detail::kStatusTime));
    auto set = co_await std::move(setting);
    if (!set)
        log::debug("status.not_set", {{"error", set.error().to_string()}});
}

asio::awaitable<void> LiveProgress::send(std::string channel, std::function<bool()> may_send) {
    using namespace live_progress_detail;
    const Sending sending(sending_);
    while (!stream_.empty()) {
        if (Clock::now() >= stream_until_) {
            // From here on the message is updated in place.
            co_await stop_stream(channel, "", Deadline::after(kAppendTime));
            co_return;
        }
        json::array chunks = cards_.changes();
        if (chunks.empty() || !may_send())
            co_return;
        auto sent = co_await api_.append_stream(channel, stream_, std::move(chunks), Deadline::after(kAppendTime));
        if (!sent) {
            log::debug("stream.not_appended", {{"error", sent.error().to_string()}});
            switch (SignPlan::growth_refused(sent.error())) {
                case GrowthRefused::for_now:
                    cards_.not_sent();
                    co_return;
                case GrowthRefused::once:
                    break;
                case GrowthRefused::stopped:
                    stream_.clear();
                    co_await sleep_for(kWhoStopped);
                    if (!is_anothers_stop_)
                        listener_.stopped();
                    break;
                case GrowthRefused::ended:
                    stream_.clear();
                    break;
            }
        }
        co_await sleep_for(kBetweenAppends);
    }
}

asio::awaitable<void> LiveProgress::stop_stream(std::string channel, std::string title, Deadline deadline) {
    slack::StreamStop stop;
    stop.channel = std::move(channel);
    stop.ts = std::exchange(stream_, "");
    stop.metadata_type = kTurnMetadata;
    stop.metadata_payload["turn"] = turn_id_;
    stop.chunks = cards_.ending(title);
    auto stopped = co_await api_.stop_stream(stop, deadline);
    // Whether or not it was the first one that arrived: a second one is harmless.
    if (!stopped && stopped.error().fault == slack::ApiFault::ambiguous)
        stopped = co_await api_.stop_stream(stop, deadline);
    if (!stopped && stopped.error().fault != slack::ApiFault::streaming)
        log::warn("stream.not_stopped", {{"ts", stop.ts}, {"error", stopped.error().to_string()}});
}

asio::awaitable<bool> LiveProgress::sign_settled(Deadline deadline) {
    return sign_.join(deadline);
}

asio::awaitable<void> LiveProgress::abandon(Deadline deadline) {
    is_over_ = true;
    const bool is_on_its_way = sign_.size() > 0;
    sign_.cancel();
    sender_.cancel();
    co_await sign_.join(deadline);
    if (is_on_its_way)
        listener_.sign_refused(slack::ApiError(slack::ApiFault::ambiguous, "chat.postMessage", "unsettled"));
    co_await sender_.join(deadline);
}

asio::awaitable<bool> LiveProgress::end(storage::Turn turn, Deadline deadline) {
    using namespace live_progress_detail;
    is_over_ = true;
    const bool settled = co_await sign_settled(deadline.sooner(kSettleTime));
    if (!settled) {
        sign_.cancel();
        co_await sign_.join(deadline.sooner(kJoinTime));
        listener_.sign_refused(slack::ApiError(slack::ApiFault::ambiguous, "chat.postMessage", "unsettled"));
    }
    // A status that is on its way must not come after the answer.
    if (has_status_)
        co_await sender_.join(deadline.sooner(kStatusTime));
    sender_.cancel();
    bool quiet = co_await sender_.join(deadline.sooner(kJoinTime));
    if (turn.progress_ts.empty())
        turn.progress_ts = message_;
    if (!stream_.empty())
        co_await stop_stream(place_of(turn).channel, turn.question, deadline.sooner(kAppendTime));
    else if (!turn.progress_ts.empty())
        quiet = co_await messenger_.end_progress(turn, deadline) && quiet;
    // Where no message is recorded, one that is found grows into the answer.
    if ((start_is_unsure_ || had_owner_before(turn)) && !turn.progress_ts.empty())
        co_await messenger_.remove_strays(std::move(turn), deadline);
    co_return quiet;
}

asio::awaitable<void> LiveProgress::clear_status(storage::Turn turn, Seen seen, Deadline deadline) {
    const bool is_set = std::exchange(has_status_, false);
    const bool is_left = seen == Seen::perhaps && may_set_status(turn);
    if (!is_set && !is_left)
        co_return;
    const Place place = place_of(turn);
    const Deadline soon = deadline.sooner(live_progress_detail::kStatusTime);
    auto clearing = api_.set_status(place.channel, place.thread_ts, "", soon);
    co_await std::move(clearing);
}

}  // namespace genie_slack::relay
