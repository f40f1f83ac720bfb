#include "app/relay/delivery/agent_session.hpp"

#include "app/relay/delivery/refusal_codes.hpp"
#include "app/relay/turn_facts.hpp"
#include "core/log.hpp"

#include <utility>

namespace genie_slack::relay {

namespace asio = boost::asio;

namespace agent_session_detail {

constexpr Duration kCallTime = std::chrono::seconds(5);
// Under this name it is kept among the refused features.
constexpr const char* kSession = "agents.sessions.setStatus";

}  // namespace agent_session_detail

bool AgentSession::may_have_one(const storage::Turn& turn) const {
    return is_direct(turn) && !place_of(turn).thread_ts.empty() &&
           !refusals_.is_refused(agent_session_detail::kSession);
}

void AgentSession::begin(const storage::Turn& turn) {
    if (has_begun_ || !may_have_one(turn))
        return;
    has_begun_ = true;
    opening_.spawn("session of " + turn.id, open(turn));
}

asio::awaitable<void> AgentSession::open(storage::Turn turn) {
    is_open_ = co_await set(std::move(turn), "processing", Deadline::after(agent_session_detail::kCallTime));
}

asio::awaitable<void> AgentSession::end(storage::Turn turn, Seen seen, Deadline deadline) {
    const Deadline soon = deadline.sooner(agent_session_detail::kCallTime);
    co_await opening_.join(soon);
    co_await abandon(soon);
    const bool was_opened = std::exchange(is_open_, false);
    const bool is_left_open = seen == Seen::perhaps && may_have_one(turn);
    if (!was_opened && !is_left_open)
        co_return;
    co_await set(std::move(turn), "active", soon);
}

asio::awaitable<void> AgentSession::abandon(Deadline deadline) {
    has_begun_ = true;
    opening_.cancel();
    co_await opening_.join(deadline);
}

asio::awaitable<bool> AgentSession::set(storage::Turn turn, const char* status, Deadline deadline) {
    const Place place = place_of(turn);
    auto setting = api_.set_session_status(place.channel, place.thread_ts, status, "", deadline);
    auto done = co_await std::move(setting);
    if (!done) {
        log::info("session.refused", {{"turn", turn.id}, {"error", done.error().to_string()}});
        if (refused_for(done.error()) == RefusedFor::workspace)
            refusals_.refuse(agent_session_detail::kSession);
    }
    co_return done.has_value();
}

}  // namespace genie_slack::relay
