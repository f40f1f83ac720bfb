// The turns of each thread, one after another; turns that nobody works on are taken up; all of it is wound down at the
// end.
#pragma once

#include "app/relay/recovery_schedule.hpp"
#include "app/relay/relay_options.hpp"
#include "app/relay/turn/turn_runner.hpp"
#include "core/clock.hpp"
#include "core/random.hpp"
#include "core/task_group.hpp"
#include "storage/storage.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace genie_slack::relay {

class Lanes {
 public:
    // All references must outlive it.
    Lanes(boost::asio::any_io_executor executor, storage::Storage& storage, TurnRunner& runner,
          const RelayOptions& options);
    ~Lanes();
    Lanes(const Lanes&) = delete;
    Lanes& operator=(const Lanes&) = delete;

    // Runs a recorded turn after the others of its thread that are known here.
    void append(const storage::ThreadKey& thread, const std::string& turn_id);
    // No message shows progress of the turn, which is appended next, see TurnRunner::hush().
    void hush(const std::string& turn_id) { runner_.hush(turn_id); }
    // Runs it before the others: what it waited for has come.
    void put_first(const storage::ThreadKey& thread, const std::string& turn_id);
    // The turn of the thread that waits for a choice of space as far as this process knows, "" for none. The choice may
    // have been made elsewhere.
    std::string parked_at(const storage::ThreadKey& thread) const;

    // Storage did not say whether it recorded a turn: it may do so minutes later, and nobody else will tell.
    void expect_late_record();
    // A turn that stands in storage has come again: if nobody works on it, that is seen at once.
    void look_after(const storage::Turn& turn);

    // How many turns of the thread are before a new one, as far as this process knows.
    std::size_t waiting(const storage::ThreadKey& thread) const;

    // Called beside a look for turns, every few minutes at most: for what else storage is asked while it is awake
    // anyway.
    void when_looking(std::function<void()> also) { also_ = std::move(also); }

    // Takes up turns that nobody works on, now and whenever there may be some, until cancelled.
    boost::asio::awaitable<void> recover();
    // Nothing is queued any more. Running turns are handed over within seconds where storage outlives the process; else
    // they get until shortly before the deadline, and then end with a message to the person.
    boost::asio::awaitable<void> stop(Deadline deadline);

    bool is_stopping() const { return stopping_; }
    std::size_t running() const { return running_; }
    // Turns that wait for others of their thread, or for a choice of space.
    std::size_t queued() const;

 private:
    // A lane that does not run is parked: its first turn waits for a space to be chosen.
    struct Lane {
        std::deque<std::string> turns;
        bool is_running = false;
        bool waits_for_others = false;  // running, but an earlier turn of the thread is another process's
    };
    void start(const storage::ThreadKey& thread, Lane& lane);
    boost::asio::awaitable<void> run_lane(storage::ThreadKey thread);
    boost::asio::awaitable<TurnRunner::End> run_turn(std::string turn_id);
    // Looks once for turns that nobody works on. A defect in it, or a turn that cannot be read, hides no other turn and
    // is in the log.
    boost::asio::awaitable<Outlook> look();
    boost::asio::awaitable<void> look_at_storage(Outlook& outlook);
    boost::asio::awaitable<void> take_up(std::string turn_id);
    // Something begins, here or elsewhere: whoever waits to look for turns looks at the time anew.
    void stir();
    boost::asio::awaitable<void> wait_to_look(Outlook outlook);

    storage::Storage& storage_;
    TurnRunner& runner_;
    const RelayOptions& options_;
    std::map<storage::ThreadKey, Lane> lanes_;
    TaskGroup tasks_;
    Random random_;
    Timer look_;
    std::function<void()> also_;
    TimePoint stirred_at_ = Clock::now();
    TimePoint unsettled_until_{};
    TimePoint sweep_at_ = Clock::now();
    TimePoint also_at_ = Clock::now();
    bool is_told_ = false;  // others began since the last look
    std::size_t running_ = 0;
    bool stopping_ = false;
};

}  // namespace genie_slack::relay
