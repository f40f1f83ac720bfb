#include "app/relay/turn/asker.hpp"

#include "core/log.hpp"

#include <algorithm>
#include <cstdlib>

namespace genie_slack::relay {

namespace asio = boost::asio;
using genie::ErrorKind;

namespace {

// Genie may still be writing down a question whose POST broke off: it is looked for again and again for so long.
constexpr Duration kSettled = std::chrono::seconds(8);
constexpr Duration kBetweenLookUps = std::chrono::seconds(2);
constexpr Duration kStorageTime = std::chrono::seconds(5);
constexpr Duration kBusyWait = std::chrono::seconds(5);
constexpr int kBusyTries = 6;
constexpr int kRepeats = 3;  // of a POST that was seen not to have arrived
constexpr std::size_t kMessagesSearched = 20;
constexpr std::size_t kConversationsSearched = 200;  // of a space in which many ask at a time
// Genie's clock and ours may differ by this much.
constexpr std::int64_t kClockSkewMs = 60'000;

std::int64_t milliseconds(WallTime time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

bool is_busy(const genie::GenieError& error) {
    return error.http_status == 409 || error.error_code == "BLOCK_MULTIPLE_EXECUTIONS_EXCEPTION";
}

}  // namespace

asio::awaitable<genie::GenieResult<AskedQuestion>> Asker::post(const storage::Turn& turn, Deadline deadline) {
    AskedQuestion asked;
    if (turn.conversation_id.empty()) {
        auto message = co_await client_.start_conversation(turn.space_id, turn.question, deadline);
        if (!message)
            co_return message.error();
        asked.conversation_id = message->conversation_id;
        asked.message_id = message->id;
        asked.new_conversation = true;
    } else {
        auto message = co_await client_.create_message(turn.space_id, turn.conversation_id, turn.question, deadline);
        if (!message)
            co_return message.error();
        asked.conversation_id = turn.conversation_id;
        asked.message_id = message->id;
    }
    co_return asked;
}

// Id of the message that is the turn's question, "" when it is not there. A message that another turn has is not it,
// though it may say the same.
asio::awaitable<std::string> Asker::find_question(const storage::Turn& turn, const std::string& conversation,
                                                  const std::vector<genie::Message>& messages, Deadline deadline) {
    const std::int64_t earliest = milliseconds(turn.asked_at) - kClockSkewMs;
    std::vector<std::string> candidates;
    for (const genie::Message& message : messages)
        if (message.content == turn.question && message.created_ms >= earliest)
            candidates.push_back(message.id);
    if (candidates.empty())
        co_return "";
    // When storage does not know, it refuses the message later.
    auto taken = co_await storage_.asked_messages(conversation, deadline.sooner(kStorageTime));
    for (const std::string& id : candidates)
        if (!taken || std::find(taken->begin(), taken->end(), id) == taken->end())
            co_return id;
    co_return "";
}

asio::awaitable<genie::GenieResult<AskedQuestion>> Asker::look_up(const storage::Turn& turn, Deadline deadline) {
    std::vector<genie::Conversation> candidates;
    AskedQuestion asked;
    asked.new_conversation = turn.conversation_id.empty();
    if (!turn.conversation_id.empty()) {
        candidates.emplace_back().id = turn.conversation_id;
    } else {
        auto conversations = co_await client_.list_conversations(turn.space_id, kConversationsSearched, deadline);
        if (!conversations)
            co_return conversations.error();
        const std::int64_t asked_ms = milliseconds(turn.asked_at);
        for (genie::Conversation& conversation : *conversations)
            if (conversation.created_ms >= asked_ms - kClockSkewMs)
                candidates.push_back(std::move(conversation));
        // The likeliest one first.
        std::sort(candidates.begin(), candidates.end(), [&](const auto& a, const auto& b) {
            return std::abs(a.created_ms - asked_ms) < std::abs(b.created_ms - asked_ms);
        });
    }
    for (const genie::Conversation& conversation : candidates) {
        auto messages = co_await client_.list_messages(turn.space_id, conversation.id, kMessagesSearched, deadline);
        if (!messages)
            co_return messages.error();
        asked.message_id = co_await find_question(turn, conversation.id, *messages, deadline);
        if (!asked.message_id.empty()) {
            asked.conversation_id = conversation.id;
            co_return asked;
        }
    }
    genie::GenieError missing(ErrorKind::not_found, "the question is not in Genie");
    co_return missing;
}

asio::awaitable<genie::GenieResult<AskedQuestion>> Asker::find(storage::Turn turn, Deadline deadline) {
    for (;;) {
        auto found = co_await look_up(turn, deadline);
        const auto age = wall_now() - turn.asked_at;
        if (found || found.error().kind != ErrorKind::not_found || age >= kSettled)
            co_return found;
        const Duration until_settled = std::chrono::duration_cast<Duration>(kSettled - age);
        const Duration pause = std::min(kBetweenLookUps, std::min(until_settled, deadline.remaining()));
        co_await sleep_for(pause);
        if (deadline.expired())
            co_return found;
    }
}

asio::awaitable<genie::GenieResult<AskedQuestion>> Asker::ask(storage::Turn turn, LeaseKeeper& lease,
                                                              Deadline deadline) {
    int repeated = 0;
    bool replaced = false;
    for (int busy = 0;;) {
        const bool ours = co_await lease.holds(deadline);
        if (!ours) {
            genie::GenieError lost(ErrorKind::cancelled, "the lease was lost");
            co_return lost;
        }
        auto asked = co_await post(turn, deadline);
        if (asked)
            co_return asked;
        const genie::GenieError error = asked.error();
        if (error.kind == ErrorKind::ambiguous) {
            turn.asked_at = wall_now();
            co_await sleep_for(std::min(kBetweenLookUps, deadline.remaining()));
            auto found = co_await find(turn, deadline);
            log::warn("genie.outcome_unknown",
                      {{"turn", turn.id}, {"error", error.message}, {"found", found.has_value()}});
            if (found)
                co_return found;
            // Only a look-up that says "not there" allows to ask again.
            if (found.error().kind != ErrorKind::not_found || ++repeated > kRepeats)
                co_return error;
            continue;
        }
        if (error.kind == ErrorKind::not_found && !turn.conversation_id.empty() && !replaced) {
            log::info("genie.conversation_gone", {{"turn", turn.id}, {"conversation", turn.conversation_id}});
            turn.conversation_id.clear();
            replaced = true;
            continue;
        }
        if (is_busy(error) && ++busy < kBusyTries && deadline.remaining() > kBusyWait) {
            co_await sleep_for(kBusyWait);
            continue;
        }
        co_return error;
    }
}

}  // namespace genie_slack::relay
