#include "app/relay/turn/asker.hpp"

#include "core/log.hpp"

#include <algorithm>
#include <cstdlib>

namespace genie_slack::relay {

namespace asio = boost::asio;
using genie::GenieFault;

namespace asker_detail {

constexpr Duration kAskTime = std::chrono::seconds(90);  // what is certainly unprocessed is repeated within it
constexpr Duration kLookTime = std::chrono::minutes(1);
constexpr Duration kStorageTime = std::chrono::seconds(5);
constexpr Duration kLookAround = std::chrono::milliseconds(500);  // so often a pause looks whether it is of use still
constexpr std::size_t kMessagesSearched = 20;
constexpr std::size_t kConversationsSearched = 200;  // of a space in which many ask at a time
// Genie's clock and ours may differ by this much.
constexpr std::int64_t kClockSkewMs = 60'000;

std::int64_t milliseconds(WallTime time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

}  // namespace asker_detail

asio::awaitable<genie::GenieResult<AskedQuestion>> Asker::post(const storage::Turn& turn, Deadline deadline) {
    AskedQuestion asked;
    if (turn.conversation_id.empty()) {
        auto message = co_await client_.start_conversation(turn.space_id, turn.question, deadline);
        if (!message)
            co_return message.error();
        asked.conversation_id = message->conversation_id;
        asked.message_id = message->id;
        asked.request_id = message->request_id;
        asked.new_conversation = true;
    } else {
        auto message = co_await client_.create_message(turn.space_id, turn.conversation_id, turn.question, deadline);
        if (!message)
            co_return message.error();
        asked.conversation_id = turn.conversation_id;
        asked.message_id = message->id;
        asked.request_id = message->request_id;
    }
    co_return asked;
}

// Id of the message that is the turn's question, "" when it is not there. A message that another turn has is not it,
// though it may say the same.
asio::awaitable<std::string> Asker::find_question(const storage::Turn& turn, const std::string& conversation,
                                                  const std::vector<genie::Message>& messages, Deadline deadline) {
    using namespace asker_detail;
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
    using namespace asker_detail;
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
    genie::GenieError missing(GenieFault::not_found, "the question is not in Genie");
    co_return missing;
}

// One step of a plan; what ends it needs none.
struct Asker::Performer {
    Asker& asker;
    AskPlan& plan;
    storage::Turn& turn;
    LeaseKeeper* lease;  // null for who only looks: such a plan posts and records nothing
    const AskHooks& hooks;
    Deadline deadline;

    using Next = asio::awaitable<AskPlan::Action>;
    Next operator()(const AskPlan::Post&) { return asker.post_once(plan, turn, *lease, hooks, deadline); }
    Next operator()(const AskPlan::Look&) { return asker.look_once(plan, turn, deadline); }
    Next operator()(const AskPlan::Pause& a) { return asker.pause(plan, hooks, a.duration); }
    Next operator()(const AskPlan::Record& a) { return asker.record(plan, turn, hooks, a.new_conversation); }
    Next operator()(const AskPlan::Done& a) { return stay(a); }
    Next operator()(const AskPlan::Failed& a) { return stay(a); }
    static Next stay(AskPlan::Action end) { co_return end; }
};

asio::awaitable<genie::GenieResult<AskedQuestion>> Asker::follow(AskPlan::Action action, Performer performer) {
    for (;;) {
        if (const auto* done = std::get_if<AskPlan::Done>(&action))
            co_return done->asked;
        if (const auto* failed = std::get_if<AskPlan::Failed>(&action))
            co_return failed->error;
        auto performing = std::visit(performer, action);
        action = co_await std::move(performing);
    }
}

asio::awaitable<genie::GenieResult<AskedQuestion>> Asker::find(storage::Turn turn, Deadline deadline) {
    AskPlan plan(!turn.conversation_id.empty(), deadline.time());
    const Duration age = std::chrono::duration_cast<Duration>(wall_now() - turn.asked_at);
    const AskHooks no_hooks;
    const Performer performer{*this, plan, turn, nullptr, no_hooks, deadline};
    co_return co_await follow(plan.find(Clock::now() - age), performer);
}

asio::awaitable<genie::GenieResult<AskedQuestion>> Asker::ask(storage::Turn turn, LeaseKeeper& lease, AskHooks hooks,
                                                              Deadline deadline) {
    AskPlan plan(!turn.conversation_id.empty(), deadline.time());
    const Performer performer{*this, plan, turn, &lease, hooks, deadline};
    co_return co_await follow(plan.ask(), performer);
}

asio::awaitable<AskPlan::Action> Asker::post_once(AskPlan& plan, const storage::Turn& turn, LeaseKeeper& lease,
                                                  const AskHooks& hooks, Deadline deadline) {
    using namespace asker_detail;
    const bool ours = co_await lease.holds(deadline);
    if (!ours)
        co_return plan.lease_lost();
    if (!hooks.is_wanted())
        co_return plan.not_wanted();
    auto asked = co_await post(turn, deadline.sooner(kAskTime));
    if (asked)
        co_return plan.posted(std::move(*asked));
    log::warn("genie.not_asked", {{"turn", turn.id},
                                  {"fault", genie::to_string(asked.error().fault)},
                                  {"error", loggable(asked.error())},
                                  {"conversation", turn.conversation_id}});
    co_return plan.refused(asked.error(), Clock::now());
}

asio::awaitable<AskPlan::Action> Asker::look_once(AskPlan& plan, const storage::Turn& turn, Deadline deadline) {
    using namespace asker_detail;
    auto found = co_await look_up(turn, deadline.sooner(kLookTime));
    log::info("genie.looked_up", {{"turn", turn.id}, {"found", found.has_value()}});
    if (found)
        co_return plan.found(std::move(*found));
    if (found.error().fault == GenieFault::not_found)
        co_return plan.not_there(Clock::now());
    co_return plan.look_failed(found.error());
}

asio::awaitable<AskPlan::Action> Asker::pause(AskPlan& plan, const AskHooks& hooks, Duration duration) {
    using namespace asker_detail;
    const Deadline until = Deadline::after(duration);
    while (!until.expired()) {
        if (hooks.is_wanted && !hooks.is_wanted())
            co_return plan.not_wanted();
        co_await sleep_for(std::min(kLookAround, until.remaining()));
    }
    co_return plan.paused();
}

asio::awaitable<AskPlan::Action> Asker::record(AskPlan& plan, storage::Turn& turn, const AskHooks& hooks,
                                               bool new_conversation) {
    if (new_conversation) {
        log::info("genie.conversation_replaced", {{"turn", turn.id}, {"conversation", turn.conversation_id}});
        turn.conversation_id.clear();
    }
    // Look-ups here still take what is as old as the first POST.
    auto recording = hooks.record(turn.conversation_id, wall_now());
    const bool kept = co_await std::move(recording);
    co_return kept ? plan.recorded() : plan.not_recorded();
}

}  // namespace genie_slack::relay
