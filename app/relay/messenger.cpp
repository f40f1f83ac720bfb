#include "app/relay/messenger.hpp"

#include "core/log.hpp"
#include "slack/blocks.hpp"
#include "slack/limits.hpp"
#include "slack/markup.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::ErrorClass;

namespace {

constexpr const char* kTurnMetadata = "genie_slack_turn";
constexpr std::size_t kThreadMessagesSearched = 200;
constexpr std::size_t kShownQuestionCharacters = 300;
constexpr Duration kCallTime = std::chrono::seconds(30);
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

void log_refusal(const storage::Turn& turn, std::size_t rung, const slack::ApiError& error) {
    log::warn("slack.refused", {{"turn", turn.id}, {"rung", rung}, {"error", error.to_string()}});
}

}  // namespace

bool is_click(const storage::Turn& turn) {
    return turn.question_ts.find('/') != std::string::npos;
}

slack::OutgoingMessage make_message(const storage::Turn& turn, const answer::Rendered& rendered) {
    slack::OutgoingMessage message(turn.thread.channel, rendered.text);
    message.thread_ts = turn.thread.thread_ts;
    message.blocks = rendered.blocks;
    message.metadata_type = kTurnMetadata;
    message.metadata_payload["turn"] = turn.id;
    if (is_click(turn)) {
        const std::string asked = "<@" + turn.user + "> asked: *" +
                                  slack::escape(slack::truncate(turn.question, kShownQuestionCharacters)) + "*";
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

// "" when the thread holds no message of the turn.
asio::awaitable<slack::ApiResult<std::string>> Messenger::find_posted(const storage::Turn& turn, Deadline deadline) {
    auto replies = co_await api_.conversation_replies(turn.thread.channel, turn.thread.thread_ts,
                                                      kThreadMessagesSearched, deadline.sooner(kCallTime));
    if (!replies)
        co_return replies.error();
    for (const slack::ThreadMessage& message : *replies) {
        const auto* id = message.metadata_payload.if_contains("turn");
        if (message.metadata_type == kTurnMetadata && id && id->is_string() && id->get_string() == turn.id)
            co_return message.ts;
    }
    co_return std::string();
}

asio::awaitable<slack::ApiResult<std::string>> Messenger::put(const storage::Turn& turn, const LeaseKeeper& lease,
                                                              std::string ts, const answer::Rendered& rendered,
                                                              Deadline deadline) {
    auto message = make_message(turn, rendered);
    message.may_send = lease.guard();
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

asio::awaitable<slack::ApiResult<Delivered>> Messenger::deliver(storage::Turn turn, LeaseKeeper& lease,
                                                                std::vector<answer::Rendered> ladder,
                                                                Deadline deadline) {
    std::string ts = turn.progress_ts;
    slack::ApiError last(ErrorClass::payload, "chat.postMessage", "no_text");
    Duration wait = kFirstWait;
    // Whoever had the turn before, or an earlier try here, may have posted without learning the ts.
    bool may_stand_there = ts.empty() && turn.attempts > 1;
    for (std::size_t rung = 0; rung < ladder.size();) {
        const bool ours = co_await lease.holds(deadline);
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
            auto put_at = co_await put(turn, lease, ts, ladder[rung], deadline.sooner(kCallTime));
            if (put_at) {
                Delivered delivered;
                delivered.ts = std::move(*put_at);
                delivered.leaves_out_data = ladder[rung].leaves_out_data;
                co_return delivered;
            }
            last = put_at.error();
        }
        log_refusal(turn, rung, last);
        if (!ts.empty() && is_gone(last)) {
            ts.clear();
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
                if (!lease.is_lost() && !lease.surely_holds())
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
    co_return co_await api_.settle_updates(turn.thread.channel, turn.progress_ts, deadline);
}

asio::awaitable<slack::ApiResult<void>> Messenger::tell_privately(std::string user, std::string text,
                                                                  Deadline deadline) {
    auto channel = co_await api_.conversation_open(user, deadline);
    if (!channel)
        co_return channel.error();
    slack::OutgoingMessage message(*channel, std::move(text));
    auto posted = co_await api_.post_message(std::move(message), deadline);
    if (!posted)
        co_return posted.error();
    co_return slack::ApiResult<void>();
}

}  // namespace genie_slack::relay
