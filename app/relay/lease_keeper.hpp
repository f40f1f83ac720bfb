// The lease of a turn in work: renewed in the background, and looked at before everything that can be seen outside. A
// process that slept past its lease finds out here before it posts or asks. Who takes over the lease of a process that
// died: lanes, by Storage::recoverable.
#pragma once

#include "core/clock.hpp"
#include "storage/storage.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>

namespace genie_slack::relay {

class LeaseKeeper {
 public:
    // `asked_at`: when the claim was sent, which is before the lease's time began. `storage` must outlive this.
    LeaseKeeper(storage::Storage& storage, storage::Lease lease, Duration lease_time, TimePoint asked_at);

    const storage::Lease& lease() const { return lease_; }
    // Renews the lease every third of its time, until it is lost or this is cancelled.
    boost::asio::awaitable<void> keep();
    // Whether the lease is ours: without asking while nobody else can have it, else by renewing it, for as long as
    // storage is away and until the deadline. False: somebody else works on the turn, or nobody knows.
    boost::asio::awaitable<bool> holds(Deadline deadline);
    // The part of it that needs no asking.
    bool surely_holds() const { return state_->surely_holds(); }
    // The same for whoever sends later, perhaps when this is gone.
    std::function<bool()> guard() const;
    bool is_lost() const { return state_->lost; }
    // Storage said that it is, or it was given back.
    void lose() { state_->lost = true; }

 private:
    enum class Renewed { yes, lost, unknown };
    boost::asio::awaitable<Renewed> renew(Deadline deadline);

    storage::Storage& storage_;
    const storage::Lease lease_;
    const Duration lease_time_;
    struct State {
        const storage::Storage* storage = nullptr;
        TimePoint confirmed_at;  // when the lease was last asked for
        TimePoint surely_until;
        bool lost = false;
        // Who is not seen by others any more may have lost its leases before their time.
        bool surely_holds() const {
            return !lost && Clock::now() < surely_until && confirmed_at > storage->presence_lost_at();
        }
    };
    std::shared_ptr<State> state_;
};

}  // namespace genie_slack::relay
