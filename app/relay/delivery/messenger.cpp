#include "app/relay/delivery/messenger.hpp"

#include "core/log.hpp"
#include "slack/blocks/blocks.hpp"
#include "slack/blocks/limits.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::ErrorClass;

namespace {

constexpr std::size_t kThreadMessagesSearched = 200;
constexpr std::size_t kShownQuestionCharacters = 300;
constexpr Duration kCallTime = std::chrono::seconds(30);
constexpr Duration kFileWait = std::chrono::seconds(2);  // until Slack knows an uploaded picture
constexpr int kFileWaits = 5;
constexpr Duration kUpdateTime = std::chrono::seconds(15);
constexpr Duration kLongestUpdateWait = std::chrono::seconds(10);
constexpr Duration kFirstWait = std::chrono::seconds(1);
constexpr Duration kLongestWait = std::chrono::seconds(15);

// The message that should be updated cannot be: a new one takes its place.
bool is_gone(const slack::ApiError& error) {
    static const char* const kCodes[] = {"message_not_found", "cant_update_message", "edit_window_closed",
                                         "is_inactive",       "update_failed",       "streaming_state_conflict"};
    return std::any_of(std::begin(kCodes), std::end(kCodes), [&](const char* code) { return error.code == code; });
}

// What a look-up may get over by waiting.
bool is_passing(const slack::ApiError& error) {
    return error.error_class == ErrorClass::rate || error.error_class == ErrorClass::transient ||
           error.error_class == ErrorClass::ambiguous;
}

// Slack cannot show an uploaded picture before it has looked at it.
bool is_about_file(const slack::ApiError& error) {
    return error.error_class == ErrorClass::payload &&
           std::any_of(error.details.begin(), error.details.end(), [](const std::string& detail) {
               return detail.find("slack_file") != std::string::npos || detail.find("slack file") != std::string::npos;
           });
}

void log_refusal(const storage::Turn& turn, std::size_t rung, const slack::ApiError& error) {
    log::warn("slack.refused", {{"turn", turn.id}, {"rung", rung}, {"error", error.to_string()}});
}

}  // namespace

slack::OutgoingMessage make_message(const storage::Turn& turn, const answer::Rendered& rendered) {
    const Place place = place_of(turn);
    slack::OutgoingMessage message(place.channel, rendered.text);
    message.thread_ts = place.thread_ts;
    message.blocks = rendered.blocks;
    message.metadata_type = kTurnMetadata;
    message.metadata_payload["turn"] = turn.id;
    if (has_no_message(turn) || !turn.answer_channel.empty()) {
        const std::string asked =
            "<@" + turn.user + ">: *" + slack::escape(slack::truncate(turn.question, kShownQuestionCharacters)) + "*";
        boost::json::array blocks;
        blocks.push_back(slack::blocks::context(asked));
        if (rendered.blocks.empty())
            for (const std::string& part : slack::split_text(rendered.text, slack::limits::kSectionCharacters))
                blocks.push_back(slack::blocks::section(part));
        else
            blocks.insert(blocks.end(), rendered.blocks.begin(), rendered.blocks.end());
        // Where there is no room for it, the answer goes first.
        if (slack::limits::check_message(message.text, blocks).empty())
            message.blocks = std::move(blocks);
    }
    return message;
}

// A stream has no metadata before it ends. Of a thread's turns one runs at a time, so that what our bot streamed after
// the question (or after the message whose button asked it) is the turn's message.
bool Messenger::is_our_stream(const storage::Turn& turn, const slack::ThreadMessage& message) const {
    return !bot_id_.empty() && message.bot_id == bot_id_ && message.metadata_type.empty() && message.files.empty() &&
           message.ts > turn.message_ts;
}

// "" when the thread holds no message of the turn.
asio::awaitable<slack::ApiResult<std::string>> Messenger::find_posted(const storage::Turn& turn, Deadline deadline) {
    const Place place = place_of(turn);
    auto looking = place.thread_ts.empty()
                       ? api_.conversation_history(place.channel, kThreadMessagesSearched, deadline.sooner(kCallTime))
                       : api_.conversation_replies(place.channel, place.thread_ts, kThreadMessagesSearched,
                                                   deadline.sooner(kCallTime));
    auto messages = co_await std::move(looking);
    if (!messages)
        co_return messages.error();
    std::string streamed;
    for (const slack::ThreadMessage& message : *messages) {
        const auto* id = message.metadata_payload.if_contains("turn");
        if (message.metadata_type == kTurnMetadata && id && id->is_string() && id->get_string() == turn.id)
            co_return message.ts;
        if (!place.thread_ts.empty() && is_our_stream(turn, message))
            streamed = message.ts;
    }
    co_return streamed;
}

asio::awaitable<slack::ApiResult<std::string>> Messenger::put(const storage::Turn& turn, const LeaseKeeper* lease,
                                                              std::string ts, const answer::Rendered& rendered,
                                                              Deadline deadline) {
    auto message = make_message(turn, rendered);
    if (lease)
        message.may_send = lease->guard();
    if (ts.empty()) {
        auto posted = co_await api_.post_message(std::move(message), deadline);
        if (!posted)
            co_return posted.error();
        co_return posted->ts;
    }
    auto updated = co_await api_.update_message(ts, std::move(message), deadline);
    if (!updated)
        co_return updated.error();
    co_return ts;
}

// The message still streams for a process that died. False when it cannot be ended.
asio::awaitable<bool> Messenger::end_foreign_stream(const storage::Turn& turn, const std::string& ts,
                                                    Deadline deadline) {
    slack::StreamStop stop;
    stop.channel = place_of(turn).channel;
    stop.ts = ts;
    stop.metadata_type = kTurnMetadata;
    stop.metadata_payload["turn"] = turn.id;
    auto stopped = co_await api_.stop_stream(std::move(stop), deadline.sooner(kCallTime));
    co_return stopped.has_value() || stopped.error().error_class == ErrorClass::streaming;
}

asio::awaitable<slack::ApiResult<Delivered>> Messenger::deliver(storage::Turn turn, LeaseKeeper& lease,
                                                                std::vector<answer::Rendered> ladder, Deadline deadline,
                                                                ChartFile chart) {
    co_return co_await climb(turn, &lease, std::move(ladder), deadline, std::move(chart));
}

asio::awaitable<slack::ApiResult<Delivered>> Messenger::replace(storage::Turn turn,
                                                                std::vector<answer::Rendered> ladder, Deadline deadline,
                                                                ChartFile chart) {
    co_return co_await climb(turn, nullptr, std::move(ladder), deadline, std::move(chart));
}

asio::awaitable<slack::ApiResult<Delivered>> Messenger::climb(const storage::Turn& turn, LeaseKeeper* lease,
                                                              std::vector<answer::Rendered> ladder, Deadline deadline,
                                                              ChartFile chart) {
    std::string ts = turn.progress_ts;
    slack::ApiError last(ErrorClass::payload, "chat.postMessage", "no_text");
    Duration wait = kFirstWait;
    // Whoever had the turn before, or an earlier try here, may have posted without learning the ts.
    bool may_stand_there = ts.empty() && turn.attempts > 1;
    bool ended_stream = false;
    std::optional<std::string> chart_file;
    int chart_waits = kFileWaits;
    const std::size_t first = refusals_.first_rung(ladder);
    for (std::size_t rung = first; rung < ladder.size();) {
        if (answer::wants_chart_file(ladder[rung])) {
            if (!chart_file && chart)
                chart_file = co_await chart();
            answer::place_chart_file(ladder[rung], chart_file.value_or(""));
        }
        bool ours = true;
        if (lease)
            ours = co_await lease->holds(deadline);
        if (!ours) {
            slack::ApiError lost(ErrorClass::cancelled, "chat.postMessage", "lease_lost");
            co_return lost;
        }
        bool failed = false;
        if (may_stand_there) {
            auto found = co_await find_posted(turn, deadline);
            failed = found.has_error();
            may_stand_there = failed && is_passing(found.error());
            if (found)
                ts = *found;
            else
                last = found.error();
        }
        if (!failed || !may_stand_there) {
            const Duration patience = ts.empty() ? kCallTime : kUpdateTime;
            auto put_at = co_await put(turn, lease, ts, ladder[rung], deadline.sooner(patience));
            if (put_at) {
                refusals_.learn(ladder, first, rung);
                Delivered delivered;
                delivered.ts = std::move(*put_at);
                delivered.leaves_out_data = ladder[rung].leaves_out_data;
                co_return delivered;
            }
            last = put_at.error();
        }
        log_refusal(turn, rung, last);
        if (chart_waits > 0 && chart_file && !chart_file->empty() && is_about_file(last)) {
            --chart_waits;
            co_await sleep_for(std::min(kFileWait, deadline.remaining()));
            continue;
        }
        if (last.code == "streaming_state_conflict" && !ended_stream) {
            ended_stream = co_await end_foreign_stream(turn, ts, deadline);
            if (ended_stream)
                continue;
        }
        if (!ts.empty() && is_gone(last)) {
            if (last.code == "streaming_state_conflict")
                co_await remove(place_of(turn).channel, ts, deadline.sooner(kUpdateTime));
            ts.clear();
            may_stand_there = turn.attempts > 1;
            continue;
        }
        // Slack limits updates of all messages together: for a person who waits, a new message is better than none.
        if (!ts.empty() && last.error_class == ErrorClass::rate &&
            last.retry_after.value_or(kLongestUpdateWait) >= kLongestUpdateWait) {
            co_await remove(place_of(turn).channel, ts, deadline.sooner(kUpdateTime));
            ts.clear();
            may_stand_there = turn.attempts > 1;
            continue;
        }
        switch (last.error_class) {
            case ErrorClass::payload:
            case ErrorClass::streaming:
            case ErrorClass::expired:
                ++rung;
                continue;
            case ErrorClass::cancelled:
                // It waited for its place for longer than the lease is sure.
                if (lease && !lease->is_lost() && !lease->surely_holds())
                    continue;
                co_return last;
            case ErrorClass::auth:
            case ErrorClass::config:
                co_return last;
            case ErrorClass::ambiguous:
                // The message may stand there already: look before posting again.
                may_stand_there = ts.empty();
                break;
            case ErrorClass::rate:
            case ErrorClass::transient:
                break;
        }
        const Duration pause = std::max(wait, last.retry_after.value_or(Duration::zero()));
        if (deadline.remaining() <= pause)
            co_return last;
        co_await sleep_for(pause);
        wait = std::min(wait * 2, kLongestWait);
    }
    co_return last;
}

asio::awaitable<void> Messenger::remove(std::string channel, std::string ts, Deadline deadline) {
    if (ts.empty())
        co_return;
    auto removed = co_await api_.delete_message(std::move(channel), std::move(ts), deadline);
    if (!removed)
        log::warn("slack.not_removed", {{"error", removed.error().to_string()}});
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

asio::awaitable<slack::ApiResult<void>> Messenger::tell_privately(std::string user, std::string text,
                                                                  Deadline deadline) {
    auto channel = co_await api_.conversation_open(user, deadline);
    if (!channel)
        co_return channel.error();
    slack::OutgoingMessage message(*channel, std::move(text));
    message.metadata_type = kNoteMetadata;
    auto posted = co_await api_.post_message(std::move(message), deadline);
    if (!posted)
        co_return posted.error();
    co_return slack::ApiResult<void>();
}

}  // namespace genie_slack::relay
