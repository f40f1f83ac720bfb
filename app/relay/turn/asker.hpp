// Asks Genie exactly once: AskPlan decides what follows from each answer, the asker posts, looks and waits.
#pragma once

#include "app/relay/lease_keeper.hpp"
#include "app/relay/turn/ask_plan.hpp"
#include "core/clock.hpp"
#include "genie/client.hpp"
#include "storage/storage.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <string>
#include <vector>

namespace genie_slack::relay {

// What the asker needs from whoever carries the turn.
struct AskHooks {
    // Stores the turn as asking in that conversation ("": in a new one) since that time, under its lease, before the
    // question is posted once more. False: it could not be stored, and nothing may be posted.
    std::function<boost::asio::awaitable<bool>(std::string conversation_id, WallTime asked_at)> record;
    // Whether the question is still to be asked; looked at before each POST, and while a POST is waited for.
    std::function<bool()> is_wanted;
};

class Asker {
 public:
    // Both references must outlive the asker.
    Asker(genie::Client& client, storage::Storage& storage) : client_(client), storage_(storage) {}

    // Posts the turn's question: into its conversation, or as a new one when it has none. The turn has to be recorded
    // as asking since turn.asked_at before. A POST that broke off is looked up, and repeated only when Genie does not
    // have the question. A conversation that is gone, or that we may not use, is replaced by a new one; one that is
    // busy is waited for. `cancelled` when nothing may be posted any more: the lease is lost, storage is away, or the
    // question is not wanted.
    boost::asio::awaitable<genie::GenieResult<AskedQuestion>> ask(storage::Turn turn, LeaseKeeper& lease,
                                                                  AskHooks hooks, Deadline deadline);

    // The question in Genie, when it is there: for a turn that was about to ask when its process died. Looks again
    // until a POST of turn.asked_at cannot be under way any more; `not_found` when it certainly is not there.
    boost::asio::awaitable<genie::GenieResult<AskedQuestion>> find(storage::Turn turn, Deadline deadline);

 private:
    struct Performer;
    boost::asio::awaitable<genie::GenieResult<AskedQuestion>> follow(AskPlan::Action action, Performer performer);
    boost::asio::awaitable<genie::GenieResult<AskedQuestion>> post(const storage::Turn& turn, Deadline deadline);
    boost::asio::awaitable<genie::GenieResult<AskedQuestion>> look_up(const storage::Turn& turn, Deadline deadline);
    boost::asio::awaitable<std::string> find_question(const storage::Turn& turn, const std::string& conversation,
                                                      const std::vector<genie::Message>& messages, Deadline deadline);
    boost::asio::awaitable<AskPlan::Action> post_once(AskPlan& plan, const storage::Turn& turn, LeaseKeeper& lease,
                                                      const AskHooks& hooks, Deadline deadline);
    boost::asio::awaitable<AskPlan::Action> look_once(AskPlan& plan, const storage::Turn& turn, Deadline deadline);
    boost::asio::awaitable<AskPlan::Action> pause(AskPlan& plan, const AskHooks& hooks, Duration duration);
    boost::asio::awaitable<AskPlan::Action> record(AskPlan& plan, storage::Turn& turn, const AskHooks& hooks,
                                                   bool new_conversation);

    genie::Client& client_;
    storage::Storage& storage_;
};

}  // namespace genie_slack::relay
