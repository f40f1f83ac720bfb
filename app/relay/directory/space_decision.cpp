#include "app/relay/directory/space_decision.hpp"

#include "app/relay/turn_facts.hpp"

#include <utility>

namespace genie_slack::relay {

namespace asio = boost::asio;
using storage::DefaultOf;

namespace space_decision_detail {

struct Found {
    std::optional<genie::Space> space;
    std::optional<genie::GenieError> error;
};

asio::awaitable<Found> look_up(SpaceDirectory& spaces, std::string space_id, Deadline deadline) {
    Found found;
    auto answer = co_await spaces.find(std::move(space_id), deadline);
    if (answer)
        found.space = std::move(*answer);
    else
        found.error = answer.error();
    co_return found;
}

}  // namespace space_decision_detail

asio::awaitable<SpaceDecision> decide_space(storage::Turn turn, storage::Storage& storage, SpaceDirectory& spaces,
                                            Duration storage_time, Deadline deadline) {
    using namespace space_decision_detail;
    SpaceDecision decision;
    std::string wanted = turn.space_id;
    std::string wanted_name = turn.space_name;
    if (wanted.empty()) {
        auto row = co_await storage.get_conversation(turn.thread, Deadline::after(storage_time));
        if (row && *row) {
            wanted = (*row)->genie_room_id;
            wanted_name = (*row)->genie_room_name;
            decision.conversation_id = (*row)->conversation_id;
        }
        // Below a private answer people go on where its question was asked.
        if (row && !*row && is_direct(turn)) {
            auto above = co_await storage.find_turn_by_answer(turn.thread.team, turn.thread.channel,
                                                              turn.thread.thread_ts, Deadline::after(storage_time));
            if (above && *above && (*above)->thread != turn.thread) {
                wanted = (*above)->space_id;
                wanted_name = (*above)->space_name;
                decision.conversation_id = (*above)->conversation_id;
            }
        }
    } else {
        decision.conversation_id = turn.conversation_id;
    }
    if (!wanted.empty()) {
        Found found = co_await look_up(spaces, wanted, deadline);
        decision.space = std::move(found.space);
        decision.error = std::move(found.error);
        if (decision.space || decision.error)
            co_return decision;
        decision.conversation_id.clear();
        decision.gone = wanted_name.empty() ? wanted : wanted_name;
    } else {
        const std::pair<DefaultOf, std::string> defaults[] = {{DefaultOf::channel, turn.thread.channel},
                                                              {DefaultOf::person, turn.user}};
        for (const auto& [kind, id] : defaults) {
            auto kept = co_await storage.get_default_space(kind, turn.thread.team, id, Deadline::after(storage_time));
            if (!kept || !*kept)
                continue;
            const storage::SpaceDefault& space = **kept;
            Found found = co_await look_up(spaces, space.space_id, deadline);
            decision.space = std::move(found.space);
            decision.error = std::move(found.error);
            if (decision.space || decision.error)
                co_return decision;
            if (decision.gone.empty())
                decision.gone = space.space_name;
        }
    }
    auto all = co_await spaces.list(deadline);
    if (!all) {
        decision.error = all.error();
        co_return decision;
    }
    if (all->size() == 1 && wanted.empty())
        decision.space = all->front();
    else
        decision.choice = std::move(*all);
    co_return decision;
}

}  // namespace genie_slack::relay
