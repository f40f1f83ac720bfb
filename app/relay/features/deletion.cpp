#include "app/relay/features/deletion.hpp"

#include "app/relay/features/young_message.hpp"
#include "app/relay/intake.hpp"
#include "app/relay/turn_facts.hpp"
#include "app/relay/visits.hpp"
#include "core/random.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;

namespace deletion_detail {

constexpr std::size_t kLookedThrough = 50;  // of the author's questions
constexpr Duration kHoldTime = std::chrono::seconds(10);

// Whether its words may have been meant for us. Slack does not always tell them.
bool may_be_question(const slack::Event& event, const slack::MessageDeleted& deletion, const Self& self) {
    if (deletion.user.empty() || deletion.text.empty())
        return true;
    slack::MessageEvent before;
    before.channel = deletion.channel;
    before.ts = deletion.deleted_ts;
    before.thread_ts = deletion.thread_ts;
    before.user = deletion.user;
    before.text = deletion.text;
    return decide(event, before, self).kind != IntakeDecision::Kind::ignore;
}

}  // namespace deletion_detail

asio::awaitable<Ack> Deletion::deleted(const slack::Event& event, const slack::MessageDeleted& deletion) {
    const std::string root = deletion.thread_ts.empty() ? deletion.deleted_ts : deletion.thread_ts;
    const storage::ThreadKey thread(team_of(event.team, self_), deletion.channel, root);
    if (deletion_detail::may_be_question(event, deletion, self_))
        co_await wait_until_taken_in(storage_, thread, deletion.deleted_ts);
    auto newest = co_await storage_.newest_turn(thread, options_.ack_deadline());
    if (!newest)
        co_return Ack::none();
    std::string id = storage::turn_id(thread, deletion.deleted_ts);
    // The message's last edition is a turn of its own.
    if (*newest && is_question_of(**newest, deletion.deleted_ts))
        id = (*newest)->id;
    auto found = co_await storage_.get_turn(std::move(id), options_.ack_deadline());
    if (!found)
        co_return Ack::none();
    if (!*found)
        co_return Ack::plain();
    storage::Turn turn = std::move(**found);
    // Behind another question of the thread, an edition is found among what its author asked last.
    if (storage::is_final(turn.state)) {
        auto recent = co_await storage_.recent_turns(turn.thread.team, turn.user, deletion_detail::kLookedThrough,
                                                     options_.ack_deadline());
        if (!recent)
            co_return Ack::none();
        const auto edition = std::find_if(recent->begin(), recent->end(), [&](const storage::Turn& each) {
            return each.thread == thread && is_question_of(each, deletion.deleted_ts);
        });
        if (edition != recent->end())
            turn = *edition;
    }
    // Others may have read the answer, and stay with it; the question is its author's no more.
    if (storage::is_final(turn.state)) {
        const bool is_kept = co_await keep_deleted(turn.id);
        co_return is_kept ? Ack::plain() : Ack::none();
    }
    const auto requested = co_await stop_.request(turn, kStoppedByDeletion);
    co_return requested ? Ack::plain() : Ack::none();
}

asio::awaitable<bool> Deletion::keep_deleted(std::string turn_id) {
    using storage::kDeletedAction;
    const Deadline soon = options_.ack_deadline();
    // Slack may deliver it twice: whoever is second has nothing to do.
    const std::string owner = name_uuid("deletion " + turn_id);
    auto begun = co_await storage_.begin_action(turn_id, kDeletedAction, owner, deletion_detail::kHoldTime, soon);
    if (!begun || !begun->granted)
        co_return begun.has_value();
    auto kept = co_await storage_.keep_result(turn_id, kDeletedAction, owner, "yes", soon);
    co_return kept.has_value();
}

}  // namespace genie_slack::relay
