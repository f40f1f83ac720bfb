// Records a turn under its lease; the one place of a turn's run that tries again while storage is out of reach.
#pragma once

#include "app/relay/lease_keeper.hpp"
#include "core/clock.hpp"
#include "storage/storage.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <optional>
#include <string>

namespace genie_slack::relay {

enum class Saved {
    yes,
    lease_lost,  // somebody else has the turn; nothing was written
    away,        // storage was out of reach for a minute; it is in the log
    refused,     // storage refuses this very row; it is in the log
    cancelled,
};

class TurnStore {
 public:
    // Storage must outlive it. `call_time` is the limit of one storage call.
    TurnStore(storage::Storage& storage, Duration call_time) : storage_(storage), call_time_(call_time) {}

    // The turn, when it is to be had; nothing when it is not, or storage does not answer (which is in the log).
    boost::asio::awaitable<std::optional<storage::Claim>> claim(std::string turn_id, std::string owner,
                                                                Duration lease_time, Deadline deadline);
    // Nothing also when storage does not answer.
    boost::asio::awaitable<std::optional<storage::Turn>> read(std::string turn_id);
    // The same, repeated while storage is out of reach.
    boost::asio::awaitable<storage::StorageResult<std::optional<storage::Turn>>> read_surely(std::string turn_id);
    // Repeats `call`, which is named `what` in the log, while storage is out of reach, for a minute at most.
    template <class T>
    boost::asio::awaitable<storage::StorageResult<T>> insist(
        std::string what, std::string turn_id, std::function<boost::asio::awaitable<storage::StorageResult<T>>()> call);
    // Stores an unfinished turn as it is now; a lost lease is lost for the keeper too.
    boost::asio::awaitable<Saved> record(LeaseKeeper& lease, storage::Turn turn);
    // Stores the turn's end with its rows, and ends the lease.
    boost::asio::awaitable<Saved> finish(LeaseKeeper& lease, storage::Turn turn, storage::ChatRows rows);
    // Gives the turn back for anyone to claim; a failure is in the log, and the lease runs out.
    boost::asio::awaitable<void> release(storage::Lease lease, Deadline deadline);
    // The same after a defect: the try counts.
    boost::asio::awaitable<void> free_after_defect(storage::Lease lease);
    // The thread's space and conversation: questions that come next are asked there. Never Saved::lease_lost.
    boost::asio::awaitable<Saved> keep_space(std::string turn_id, storage::ThreadKey thread, std::string space_id,
                                             std::string space_name);
    boost::asio::awaitable<Saved> keep_conversation(std::string turn_id, storage::ThreadKey thread,
                                                    std::string conversation_id);
    // A failure is in the log and changes nothing.
    boost::asio::awaitable<void> bury(storage::Turn turn, std::string reason);

 private:
    enum class Write { advance, finish };
    boost::asio::awaitable<Saved> save(Write write, LeaseKeeper& lease, storage::Turn turn, storage::ChatRows rows);
    Deadline call_deadline() const { return Deadline::after(call_time_); }
    // Whether the call is made once more, after a pause.
    static boost::asio::awaitable<bool> may_repeat(std::string what, std::string turn_id, storage::StorageError error,
                                                   Deadline patience);
    static Deadline patience();

    storage::Storage& storage_;
    Duration call_time_;
};

template <class T>
boost::asio::awaitable<storage::StorageResult<T>> TurnStore::insist(
    std::string what, std::string turn_id, std::function<boost::asio::awaitable<storage::StorageResult<T>>()> call) {
    const Deadline until = patience();
    for (;;) {
        auto calling = call();
        auto result = co_await std::move(calling);
        if (result)
            co_return result;
        const bool again = co_await may_repeat(what, turn_id, result.error(), until);
        if (!again)
            co_return result;
    }
}

}  // namespace genie_slack::relay
