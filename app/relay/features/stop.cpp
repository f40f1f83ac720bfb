#include "app/relay/features/stop.hpp"

#include "app/relay/visits.hpp"
#include "core/log.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;
using slack::Ack;
using words::Word;

asio::awaitable<storage::StorageResult<void>> Stop::request(const storage::Turn& turn, std::string by) {
    if (storage::is_final(turn.state))
        co_return storage::StorageResult<void>();
    auto asked = co_await storage_.request_stop(turn.id, by, options_.ack_deadline());
    if (!asked)
        co_return asked.error();
    log::info("turn.stop_wanted", {{"turn", turn.id}, {"by", by}});
    runner_.nudge(turn.id);
    // Nobody works on a question that waits for its space.
    if (*asked && (*asked)->state == storage::TurnState::awaiting_space)
        lanes_.put_first(turn.thread, turn.id);
    co_return storage::StorageResult<void>();
}

asio::awaitable<Ack> Stop::press(const Press& press) {
    auto found = co_await storage_.get_turn(press.action.value, options_.ack_deadline());
    if (!found)
        co_return Ack::none();
    if (!*found)
        co_return Ack::plain();
    const storage::Turn& turn = **found;
    if (press.user() != turn.user && !options_.admins.contains(press.user())) {
        const auto language = people_.language_of(turn.thread.team, press.user());
        const std::string asker = "<@" + turn.user + ">";
        notes_.tell(press.user(), press.note_place, words::say(language, Word::only_asker_may_stop, {{"user", asker}}));
        co_return Ack::plain();
    }
    const auto requested = co_await request(turn, press.user());
    co_return requested ? Ack::plain() : Ack::none();
}

asio::awaitable<Ack> Stop::session_stopped(const slack::Event& event, const slack::AgentSessionStopped& stopped) {
    const storage::ThreadKey thread(team_of(event.team, self_), stopped.channel, stopped.thread_ts);
    auto newest = co_await storage_.newest_turn(thread, options_.ack_deadline());
    if (!newest)
        co_return Ack::none();
    if (!*newest || (*newest)->user != stopped.user)
        co_return Ack::plain();
    const auto requested = co_await request(**newest, stopped.user);
    co_return requested ? Ack::plain() : Ack::none();
}

}  // namespace genie_slack::relay
