#include "app/relay/directory/space_decision.hpp"

#include "app/relay/turn_facts.hpp"

#include <algorithm>
#include <utility>

namespace genie_slack::relay {

namespace asio = boost::asio;
using storage::DefaultOf;

namespace space_decision_detail {

constexpr std::size_t kRecentTurns = 100;  // of a person, among which the last one in a thread is looked for

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

struct Wanted {
    std::string id;  // "": nobody chose yet
    std::string name;
    std::string conversation_id;  // of the thread in it
    std::optional<storage::StorageError> error;
};

// Where answers are private, people of one thread do not talk in one conversation: each goes on with the last one of
// their own there, and a thread that others began gives its space alone.
asio::awaitable<Wanted> own_space(storage::Turn turn, Wanted of_thread, storage::Storage& storage,
                                  Duration storage_time) {
    of_thread.conversation_id.clear();
    auto recent =
        co_await storage.recent_turns(turn.thread.team, turn.user, kRecentTurns, Deadline::after(storage_time));
    if (!recent) {
        of_thread.error = recent.error();
        co_return of_thread;
    }
    for (storage::Turn& own : *recent) {
        if (own.thread != turn.thread || own.id == turn.id || own.conversation_id.empty())
            continue;
        of_thread.id = std::move(own.space_id);
        of_thread.name = std::move(own.space_name);
        of_thread.conversation_id = std::move(own.conversation_id);
        break;
    }
    co_return of_thread;
}

// What was chosen for the turn, else the space that its thread has.
asio::awaitable<Wanted> wanted_space(storage::Turn turn, storage::Storage& storage, Duration storage_time) {
    Wanted wanted;
    if (!turn.space_id.empty()) {
        wanted.id = turn.space_id;
        wanted.name = turn.space_name;
        wanted.conversation_id = turn.conversation_id;
        co_return wanted;
    }
    auto row = co_await storage.get_conversation(turn.thread, Deadline::after(storage_time));
    if (!row) {
        wanted.error = row.error();
        co_return wanted;
    }
    if (*row) {
        wanted.id = (*row)->genie_room_id;
        wanted.name = (*row)->genie_room_name;
        wanted.conversation_id = (*row)->conversation_id;
    }
    if (turn.audience == storage::Audience::person && !has_no_thread(turn)) {
        auto own = co_await own_space(std::move(turn), std::move(wanted), storage, storage_time);
        co_return own;
    }
    if (*row || !is_direct(turn))
        co_return wanted;
    // Below a private answer people go on where its question was asked.
    auto above = co_await storage.find_turn_by_answer(turn.thread.team, turn.thread.channel, turn.thread.thread_ts,
                                                      Deadline::after(storage_time));
    if (!above) {
        wanted.error = above.error();
        co_return wanted;
    }
    if (*above && (*above)->thread != turn.thread) {
        wanted.id = (*above)->space_id;
        wanted.name = (*above)->space_name;
        wanted.conversation_id = (*above)->conversation_id;
    }
    co_return wanted;
}

}  // namespace space_decision_detail

asio::awaitable<storage::StorageResult<SpaceDecision>> decide_space(storage::Turn turn, std::string suggested_by,
                                                                    storage::Storage& storage, SpaceDirectory& spaces,
                                                                    Duration storage_time, Deadline deadline) {
    using namespace space_decision_detail;
    SpaceDecision decision;
    const Wanted wanted = co_await wanted_space(turn, storage, storage_time);
    decision.conversation_id = wanted.conversation_id;
    if (wanted.error)
        co_return *wanted.error;
    if (!wanted.id.empty()) {
        Found found = co_await look_up(spaces, wanted.id, deadline);
        decision.space = std::move(found.space);
        decision.error = std::move(found.error);
        if (decision.space || decision.error)
            co_return decision;
        decision.conversation_id.clear();
        decision.gone = wanted.name.empty() ? wanted.id : wanted.name;
    } else {
        const std::pair<DefaultOf, std::string> defaults[] = {{DefaultOf::channel, turn.thread.channel},
                                                              {DefaultOf::person, turn.user}};
        for (const auto& [kind, id] : defaults) {
            auto kept = co_await storage.get_default_space(kind, turn.thread.team, id, Deadline::after(storage_time));
            if (!kept)
                co_return kept.error();
            if (!*kept)
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
    if (all->size() == 1 && wanted.id.empty())
        decision.space = all->front();
    else
        decision.choice = std::move(*all);
    const auto suggesting = std::find_if(decision.choice.begin(), decision.choice.end(),
                                         [&](const genie::Space& space) { return space.id == suggested_by; });
    if (decision.gone.empty() && suggesting != decision.choice.end())
        decision.space = *suggesting;
    co_return decision;
}

}  // namespace genie_slack::relay
