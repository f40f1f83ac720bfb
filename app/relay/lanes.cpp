#include "app/relay/lanes.hpp"

#include "core/log.hpp"
#include "core/metrics.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>

namespace genie_slack::relay {

namespace asio = boost::asio;

namespace lanes_detail {

const metrics::Counter kRecovered("genie_slack_turns_recovered_total",
                                  "Questions taken up that nobody worked on: after a crash, a hand-over or an outage");

// A turn that another process holds is tried again after such pauses, for so long.
constexpr Duration kWaitForOthers = std::chrono::seconds(1);
constexpr Duration kLongestWaitForOthers = std::chrono::minutes(1);
constexpr Duration kSweepInterval = std::chrono::hours(1);
constexpr Duration kAlsoInterval = std::chrono::minutes(2);
constexpr Duration kFinishTime = std::chrono::seconds(2);  // what is nearly done at the end is finished here
constexpr Duration kPostTime = std::chrono::seconds(4);
// What was sent to storage may wait there for a lock, or on its way there for the network.
constexpr Duration kLateRecord = std::chrono::minutes(10);
// What stop() keeps of its time to tell people that they have to ask again.
constexpr Duration kApologyTime = std::chrono::seconds(4);

// In a handler: what ends the task is no defect.
void rethrow_cancellation(const std::exception& error) {
    const auto* known = dynamic_cast<const boost::system::system_error*>(&error);
    if (known && known->code() == asio::error::operation_aborted)
        throw;
}

}  // namespace lanes_detail

Lanes::Lanes(asio::any_io_executor executor, storage::Storage& storage, TurnRunner& runner, const RelayOptions& options)
    : storage_(storage), runner_(runner), options_(options), tasks_(executor, "threads"), look_(executor) {
    storage_.on_others([this] {
        is_told_ = true;
        stir();
    });
}

Lanes::~Lanes() {
    storage_.on_others({});
}

void Lanes::append(const storage::ThreadKey& thread, const std::string& turn_id) {
    if (stopping_)
        return;
    Lane& lane = lanes_[thread];
    if (std::find(lane.turns.begin(), lane.turns.end(), turn_id) == lane.turns.end())
        lane.turns.push_back(turn_id);
    start(thread, lane);
}

void Lanes::put_first(const storage::ThreadKey& thread, const std::string& turn_id) {
    if (stopping_)
        return;
    Lane& lane = lanes_[thread];
    std::erase(lane.turns, turn_id);
    lane.turns.push_front(turn_id);
    start(thread, lane);
}

void Lanes::start(const storage::ThreadKey& thread, Lane& lane) {
    if (lane.is_running)
        return;
    lane.is_running = true;
    ++running_;
    stir();
    tasks_.spawn("thread " + thread.channel + " " + thread.thread_ts, run_lane(thread));
}

std::string Lanes::parked_at(const storage::ThreadKey& thread) const {
    const auto lane = lanes_.find(thread);
    const bool is_parked = lane != lanes_.end() && !lane->second.is_running && !lane->second.turns.empty();
    return is_parked ? lane->second.turns.front() : std::string();
}

void Lanes::expect_late_record() {
    unsettled_until_ = Clock::now() + lanes_detail::kLateRecord;
    stir();
}

void Lanes::look_after(const storage::Turn& turn) {
    const auto lane = lanes_.find(turn.thread);
    const bool is_known = lane != lanes_.end() && std::find(lane->second.turns.begin(), lane->second.turns.end(),
                                                            turn.id) != lane->second.turns.end();
    if (is_known || storage::is_final(turn.state))
        return;
    is_told_ = true;
    stir();
}

std::size_t Lanes::waiting(const storage::ThreadKey& thread) const {
    const auto lane = lanes_.find(thread);
    return lane == lanes_.end() ? 0 : lane->second.turns.size();
}

std::size_t Lanes::queued() const {
    std::size_t all = 0;
    for (const auto& [thread, lane] : lanes_)
        all += lane.turns.size() - (lane.is_running && !lane.turns.empty() ? 1 : 0);
    return all;
}

// A defect in one turn must not stop the thread's other questions.
asio::awaitable<TurnRunner::End> Lanes::run_turn(std::string turn_id) {
    try {
        co_return co_await runner_.run(turn_id);
    } catch (const std::exception& error) {
        lanes_detail::rethrow_cancellation(error);
        log::error("turn.broken", {{"turn", turn_id}, {"error", error.what()}});
    }
    co_return TurnRunner::End::not_ours;
}

asio::awaitable<void> Lanes::run_lane(storage::ThreadKey thread) {
    using namespace lanes_detail;
    Duration patience = kLongestWaitForOthers;
    for (;;) {
        Lane& lane = lanes_[thread];
        if (lane.turns.empty())
            break;
        const std::string id = lane.turns.front();
        const TurnRunner::End end = co_await run_turn(id);
        // The turn that waits for a choice stays at the head: what was asked after it is answered after it.
        if (end == TurnRunner::End::waiting_for_space)
            break;
        // Another process has the thread. It will be done soon, or its lease runs out; then take_up() puts its turn
        // before this one.
        if (end == TurnRunner::End::held_elsewhere && patience > Duration::zero() && !stopping_) {
            patience -= kWaitForOthers;
            lane.waits_for_others = true;
            co_await sleep_for(random_.jitter(kWaitForOthers, 0.5));
            lane.waits_for_others = false;
            continue;
        }
        patience = kLongestWaitForOthers;
        std::erase(lanes_[thread].turns, id);
    }
    --running_;
    Lane& lane = lanes_[thread];
    lane.is_running = false;
    if (lane.turns.empty())
        lanes_.erase(thread);
}

asio::awaitable<void> Lanes::recover() {
    for (;;) {
        is_told_ = false;
        const Outlook outlook = co_await look();
        co_await wait_to_look(outlook);
    }
}

asio::awaitable<Outlook> Lanes::look() {
    Outlook outlook;
    outlook.failed = true;
    try {
        co_await look_at_storage(outlook);
    } catch (const std::exception& error) {
        lanes_detail::rethrow_cancellation(error);
        log::error("recovery.broken", {{"error", error.what()}});
    }
    co_return outlook;
}

asio::awaitable<void> Lanes::look_at_storage(Outlook& outlook) {
    auto found = co_await storage_.recoverable(options_.recovered_at_once, Deadline::after(options_.storage_time));
    if (!found) {
        log::warn("recovery.failed", {{"error", found.error().message}});
        co_return;
    }
    outlook.failed = false;
    outlook.found = !found->turn_ids.empty();
    outlook.is_leased = found->is_leased;
    outlook.is_watched = found->is_watched;
    for (const std::string& id : found->turn_ids) {
        try {
            co_await take_up(id);
        } catch (const std::exception& error) {
            lanes_detail::rethrow_cancellation(error);
            log::error("recovery.turn_broken", {{"turn", id}, {"error", error.what()}});
        }
    }
    if (Clock::now() >= sweep_at_) {
        sweep_at_ = Clock::now() + random_.jitter(lanes_detail::kSweepInterval, 0.5);
        auto swept = co_await storage_.sweep(Deadline::after(options_.storage_time));
        if (!swept)
            log::warn("sweep.failed", {{"error", swept.error().message}});
    }
    if (also_ && Clock::now() >= also_at_) {
        also_at_ = Clock::now() + random_.jitter(lanes_detail::kAlsoInterval, 0.5);
        also_();
    }
}

asio::awaitable<void> Lanes::wait_to_look(Outlook outlook) {
    // Several processes must not look at the same moment.
    const Duration interval = random_.jitter(options_.recovery_interval, 0.5);
    const TimePoint looked_at = Clock::now();
    while (!is_told_) {
        outlook.works = running_ > 0;
        outlook.hearing = storage_.hearing();
        outlook.stirred_at = stirred_at_;
        outlook.is_unsettled = Clock::now() < unsettled_until_;
        // From the last look on, however often something stirs meanwhile.
        const TimePoint next = next_look(outlook, interval, looked_at);
        if (Clock::now() >= next)
            co_return;
        look_.expires_at(next);
        const VirtualWait wait(next);
        boost::system::error_code ended;
        co_await look_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
        const auto state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none)
            throw boost::system::system_error(asio::error::operation_aborted);
    }
    // What others have begun may take a moment to be recorded, and many may tell at once.
    co_await sleep_for(random_.jitter(kWatchInterval / 2, 0.5));
}

void Lanes::stir() {
    stirred_at_ = Clock::now();
    look_.cancel();
}

// What a running lane waits for may be this very turn: whoever worked on it is dead. A parked lane is no reason to
// leave a turn alone: when storage says that the thread's oldest turn can be had, nothing waits for a choice any more.
// It was made in another process, or its record came late.
asio::awaitable<void> Lanes::take_up(std::string turn_id) {
    auto turn = co_await storage_.get_turn(turn_id, Deadline::after(options_.storage_time));
    if (!turn)
        log::warn("recovery.turn_unreadable", {{"turn", turn_id}, {"error", turn.error().message}});
    if (stopping_ || !turn || !*turn)
        co_return;
    const storage::ThreadKey& thread = (*turn)->thread;
    const auto lane = lanes_.find(thread);
    if (lane != lanes_.end() && lane->second.is_running && !lane->second.waits_for_others)
        co_return;
    lanes_detail::kRecovered.add();
    log::info("turn.recovered", {{"turn", turn_id}, {"state", storage::to_string((*turn)->state)}});
    put_first(thread, turn_id);
}

asio::awaitable<void> Lanes::stop(Deadline deadline) {
    using namespace lanes_detail;
    stopping_ = true;
    co_await runner_.stop_tidying(deadline.sooner(std::chrono::seconds(1)));
    const Duration all = std::max(Duration::zero(), deadline.remaining() - kApologyTime);
    const bool finished = co_await tasks_.join(Deadline::after(options_.hand_over ? std::min(all, kFinishTime) : all));
    if (finished)
        co_return;
    // A question that is just being posted would have to be looked for by whoever takes the turn over.
    if (options_.hand_over)
        co_await runner_.wind_down(deadline.sooner(kPostTime));
    tasks_.cancel();
    co_await tasks_.join(deadline.sooner(std::chrono::seconds(1)));
    if (options_.hand_over) {
        co_await runner_.hand_over(deadline);
        co_return;
    }
    std::vector<std::string> queued;
    for (const auto& [thread, lane] : lanes_)
        queued.insert(queued.end(), lane.turns.begin(), lane.turns.end());
    co_await runner_.apologise(std::move(queued), deadline);
}

}  // namespace genie_slack::relay
