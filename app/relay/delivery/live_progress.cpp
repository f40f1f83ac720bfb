#include "app/relay/delivery/live_progress.hpp"

#include "app/relay/delivery/refusal_codes.hpp"
#include "core/log.hpp"
#include "slack/blocks/blocks.hpp"
#include "slack/blocks/limits.hpp"
#include "slack/text/markup.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>

namespace genie_slack::relay {

namespace asio = boost::asio;
namespace json = boost::json;

namespace live_progress_detail {

constexpr std::size_t kPlanTitleCharacters = 150;
constexpr Duration kStreamRest = std::chrono::seconds(10);  // after a rate limit that names no time
constexpr Duration kStartTime = std::chrono::seconds(3);    // then an ordinary message is the quicker first sign
constexpr Duration kAppendTime = std::chrono::seconds(10);
constexpr Duration kBetweenAppends = std::chrono::seconds(1);
constexpr Duration kJoinTime = std::chrono::seconds(12);

// Names of streams among the refused features: for all, for one channel, for one person.
const std::string kStream = "chat.startStream";
std::string stream_in(const storage::Turn& turn) {
    return kStream + " in " + place_of(turn).channel;
}
std::string stream_for(const storage::Turn& turn) {
    return kStream + " for " + turn.user;
}

// A change of this is a task card of its own.
std::string phase_of(const answer::ProgressInput& input) {
    // To the person it is one thing whether we ask or Genie has just heard it.
    if (input.message && input.message->status != genie::MessageStatus::submitted)
        return genie::to_string(input.message->status);
    return input.queue_place || input.expected_wait ? "queued" : "asking";
}

json::object plan(const std::string& title) {
    json::object chunk;
    chunk["type"] = "plan_update";
    chunk["title"] = title;
    return chunk;
}

json::object card(const std::string& id, const std::string& title, bool done) {
    json::object chunk;
    chunk["type"] = "task_update";
    chunk["id"] = id;
    chunk["title"] = slack::truncate(title, slack::limits::kTaskFieldCharacters);
    chunk["status"] = done ? "complete" : "in_progress";
    return chunk;
}

}  // namespace live_progress_detail

bool StreamBudget::take() {
    while (!started_.empty() && Clock::now() - started_.front() >= std::chrono::minutes(1))
        started_.pop_front();
    if (!enabled_ || started_.size() >= per_minute_)
        return false;
    started_.push_back(Clock::now());
    return true;
}

LiveProgress::LiveProgress(asio::any_io_executor executor, slack::WebApi& api, Messenger& messenger,
                           StreamBudget& budget, Refusals& refusals, std::function<void()> on_stop)
    : api_(api),
      messenger_(messenger),
      budget_(budget),
      refusals_(refusals),
      on_stop_(std::move(on_stop)),
      sender_(std::move(executor), "stream") {}

// A root message cannot stream.
bool LiveProgress::may_stream(const storage::Turn& turn) const {
    using namespace live_progress_detail;
    return !place_of(turn).thread_ts.empty() && !refusals_.is_refused(kStream) &&
           !refusals_.is_refused(stream_in(turn)) && !refusals_.is_refused(stream_for(turn));
}

slack::StreamStart LiveProgress::first_cards(const storage::Turn& turn, const answer::ProgressInput& input) {
    const Place place = place_of(turn);
    slack::StreamStart start;
    start.channel = place.channel;
    start.thread_ts = place.thread_ts;
    start.recipient_user = turn.user;
    start.recipient_team = turn.thread.team;
    start.task_display_mode = "plan";
    // A question that has no message of its own is seen while it runs.
    const std::string title = has_no_message(turn)
                                  ? slack::truncate(turn.question, live_progress_detail::kPlanTitleCharacters)
                                  : words::say(input.language, words::Word::working_on_it);
    start.chunks.push_back(live_progress_detail::plan(title));
    for (json::value& chunk : changes())
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

// What a refused stream says about those that would follow.
void LiveProgress::set_aside(const storage::Turn& turn, const slack::ApiError& error) {
    using namespace live_progress_detail;
    if (error.error_class == slack::ErrorClass::rate) {
        refusals_.refuse(kStream, error.retry_after.value_or(kStreamRest));
        return;
    }
    switch (stream_refused_for(error)) {
        case StreamRefusedFor::this_one:
            return;
        case StreamRefusedFor::person:
            refusals_.refuse(stream_for(turn));
            return;
        case StreamRefusedFor::channel:
            refusals_.refuse(stream_in(turn));
            return;
        case StreamRefusedFor::workspace:
            refusals_.refuse(kStream);
            return;
    }
}

asio::awaitable<slack::ApiResult<Delivered>> LiveProgress::begin(storage::Turn turn, LeaseKeeper& lease,
                                                                 answer::ProgressInput input, Seen seen,
                                                                 Deadline deadline) {
    using namespace live_progress_detail;
    // A message that is perhaps there is looked for by the messenger.
    if (seen == Seen::surely_not && may_stream(turn) && lease.surely_holds() && budget_.take()) {
        note(input);
        turn_id_ = turn.id;
        slack::StreamStart start = first_cards(turn, input);
        auto started = co_await api_.start_stream(std::move(start), deadline.sooner(kStartTime));
        if (started) {
            stream_ = started->ts;
            stream_until_ = Clock::now() + kStreamLife;
            Delivered delivered;
            delivered.ts = started->ts;
            delivered.moved = true;
            co_return delivered;
        }
        const slack::ApiError& error = started.error();
        log::info("stream.refused", {{"turn", turn.id}, {"error", error.to_string()}});
        if (error.error_class == slack::ErrorClass::cancelled)
            co_return error;
        if (is_thread_gone(error))
            co_return question_gone(error);
        set_aside(turn, error);
        // Its message may stand there all the same.
        if (error.error_class == slack::ErrorClass::ambiguous)
            seen = Seen::perhaps;
    }
    std::vector<answer::Rendered> ladder;
    ladder.push_back(answer::render_progress(input));
    ladder.emplace_back();
    ladder.back().text = ladder.front().text;
    co_return co_await messenger_.deliver(std::move(turn), lease, std::move(ladder), seen, deadline);
}

void LiveProgress::show(const storage::Turn& turn, const LeaseKeeper& lease, const answer::ProgressInput& input) {
    if (turn.progress_ts.empty() || !lease.surely_holds())
        return;
    if (stream_.empty()) {
        messenger_.show_progress(turn, lease, answer::render_progress(input));
        return;
    }
    note(input);
    if (sending_)
        return;
    sending_ = true;
    sender_.spawn("stream of " + turn.id, send(place_of(turn).channel, lease.guard()));
}

// Into `tasks_`: the last one runs, those before it are done.
void LiveProgress::note(const answer::ProgressInput& input) {
    const std::string phase = live_progress_detail::phase_of(input);
    if (phase != phase_ || tasks_.empty()) {
        if (!tasks_.empty())
            tasks_.back().done = true;
        phase_ = phase;
        Task task;
        task.id = "t" + std::to_string(tasks_.size() + 1);
        tasks_.push_back(std::move(task));
    }
    tasks_.back().title = answer::progress_words(input);
}

// What differs from what was sent; counts as sent.
json::array LiveProgress::changes() {
    json::array chunks;
    for (std::size_t i = 0; i < tasks_.size(); ++i)
        if (i >= sent_.size() || sent_[i].title != tasks_[i].title || sent_[i].done != tasks_[i].done)
            chunks.push_back(live_progress_detail::card(tasks_[i].id, tasks_[i].title, tasks_[i].done));
    sent_ = tasks_;
    return chunks;
}

asio::awaitable<void> LiveProgress::send(std::string channel, std::function<bool()> may_send) {
    using namespace live_progress_detail;
    struct Sending {
        bool& flag;
        explicit Sending(bool& flag_) : flag(flag_) {}
        ~Sending() { flag = false; }
    };
    const Sending sending(sending_);
    while (!stream_.empty()) {
        if (Clock::now() >= stream_until_) {
            // From here on the message is updated in place.
            co_await stop_stream(channel, Deadline::after(kAppendTime));
            co_return;
        }
        json::array chunks = changes();
        if (chunks.empty() || !may_send())
            co_return;
        auto sent = co_await api_.append_stream(channel, stream_, std::move(chunks), Deadline::after(kAppendTime));
        if (!sent) {
            const slack::ApiError& error = sent.error();
            log::debug("stream.not_appended", {{"error", error.to_string()}});
            if (error.code == "stopped_by_user")
                on_stop_();
            if (error.error_class == slack::ErrorClass::streaming || error.error_class == slack::ErrorClass::config)
                stream_.clear();
        }
        co_await sleep_for(kBetweenAppends);
    }
}

asio::awaitable<void> LiveProgress::stop_stream(std::string channel, Deadline deadline) {
    slack::StreamStop stop;
    stop.channel = std::move(channel);
    stop.ts = std::exchange(stream_, "");
    stop.metadata_type = kTurnMetadata;
    stop.metadata_payload["turn"] = turn_id_;
    for (const Task& task : tasks_)
        if (!task.done)
            stop.chunks.push_back(live_progress_detail::card(task.id, task.title, true));
    auto stopped = co_await api_.stop_stream(stop, deadline);
    // Whether or not it was the first one that arrived: a second one is harmless.
    if (!stopped && stopped.error().error_class == slack::ErrorClass::ambiguous)
        stopped = co_await api_.stop_stream(stop, deadline);
    if (!stopped && stopped.error().error_class != slack::ErrorClass::streaming)
        log::warn("stream.not_stopped", {{"ts", stop.ts}, {"error", stopped.error().to_string()}});
}

asio::awaitable<void> LiveProgress::abandon(Deadline deadline) {
    sender_.cancel();
    co_await sender_.join(deadline);
}

asio::awaitable<bool> LiveProgress::end(storage::Turn turn, Deadline deadline) {
    sender_.cancel();
    bool quiet = co_await sender_.join(deadline.sooner(live_progress_detail::kJoinTime));
    if (!stream_.empty())
        co_await stop_stream(place_of(turn).channel, deadline.sooner(live_progress_detail::kAppendTime));
    else
        quiet = co_await messenger_.end_progress(turn, deadline) && quiet;
    co_return quiet;
}

}  // namespace genie_slack::relay
