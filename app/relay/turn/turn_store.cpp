#include "app/relay/turn/turn_store.hpp"

#include "core/log.hpp"
#include "storage/dead_letter_metric.hpp"

namespace genie_slack::relay {

namespace asio = boost::asio;

namespace turn_store_detail {

constexpr Duration kPatience = std::chrono::minutes(1);  // with a storage that is away
constexpr Duration kPause = std::chrono::seconds(1);

Saved not_saved(const storage::StorageError& error) {
    if (error.fault == storage::StorageFault::cancelled)
        return Saved::cancelled;
    return error.fault == storage::StorageFault::invalid ? Saved::refused : Saved::away;
}

}  // namespace turn_store_detail

Deadline TurnStore::patience() {
    return Deadline::after(turn_store_detail::kPatience);
}

asio::awaitable<bool> TurnStore::may_repeat(std::string what, std::string turn_id, storage::StorageError error,
                                            Deadline patience) {
    log::error("turn.storage_failed", {{"turn", turn_id}, {"call", what}, {"error", error.message}});
    if (error.fault == storage::StorageFault::cancelled || error.fault == storage::StorageFault::invalid ||
        patience.expired())
        co_return false;
    co_await sleep_for(turn_store_detail::kPause);
    co_return true;
}

asio::awaitable<std::optional<storage::Claim>> TurnStore::claim(std::string turn_id, std::string owner,
                                                                Duration lease_time, Deadline deadline) {
    auto claimed = co_await storage_.claim(turn_id, std::move(owner), lease_time, deadline.sooner(call_time_));
    if (claimed)
        co_return std::move(*claimed);
    log::error("turn.claim_failed", {{"turn", turn_id}, {"error", claimed.error().message}});
    co_return std::nullopt;
}

asio::awaitable<std::optional<storage::Turn>> TurnStore::read(std::string turn_id) {
    auto turn = co_await storage_.get_turn(std::move(turn_id), call_deadline());
    if (turn)
        co_return std::move(*turn);
    co_return std::nullopt;
}

asio::awaitable<storage::StorageResult<std::optional<storage::Turn>>> TurnStore::read_surely(std::string turn_id) {
    std::function<asio::awaitable<storage::StorageResult<std::optional<storage::Turn>>>()> call = [&] {
        return storage_.get_turn(turn_id, call_deadline());
    };
    co_return co_await insist<std::optional<storage::Turn>>("read", turn_id, std::move(call));
}

asio::awaitable<Saved> TurnStore::record(LeaseKeeper& lease, storage::Turn turn) {
    storage::ChatRows none;
    co_return co_await save(Write::advance, lease, std::move(turn), std::move(none));
}

asio::awaitable<Saved> TurnStore::finish(LeaseKeeper& lease, storage::Turn turn, storage::ChatRows rows) {
    co_return co_await save(Write::finish, lease, std::move(turn), std::move(rows));
}

asio::awaitable<Saved> TurnStore::save(Write write, LeaseKeeper& lease, storage::Turn turn, storage::ChatRows rows) {
    std::function<asio::awaitable<storage::StorageResult<bool>>()> call = [&] {
        return write == Write::advance ? storage_.advance(lease.lease(), turn, rows, call_deadline())
                                       : storage_.finish(lease.lease(), turn, rows, call_deadline());
    };
    std::string what = write == Write::finish ? "finish" : "record";
    auto saved = co_await insist<bool>(std::move(what), turn.id, std::move(call));
    if (!saved)
        co_return turn_store_detail::not_saved(saved.error());
    if (*saved)
        co_return Saved::yes;
    log::warn("turn.lease_lost", {{"turn", turn.id}});
    lease.lose();
    co_return Saved::lease_lost;
}

asio::awaitable<void> TurnStore::release(storage::Lease lease, Deadline deadline) {
    const std::string id = lease.turn_id;
    auto released = co_await storage_.release(std::move(lease), deadline.sooner(call_time_));
    if (!released)
        log::error("turn.release_failed", {{"turn", id}, {"error", released.error().message}});
}

asio::awaitable<void> TurnStore::free_after_defect(storage::Lease lease) {
    const std::string id = lease.turn_id;
    auto freed = co_await storage_.renew(std::move(lease), Duration::zero(), call_deadline());
    if (!freed)
        log::error("turn.release_failed", {{"turn", id}, {"error", freed.error().message}});
}

asio::awaitable<Saved> TurnStore::keep_space(std::string turn_id, storage::ThreadKey thread, std::string space_id,
                                             std::string space_name) {
    std::function<asio::awaitable<storage::StorageResult<void>>()> call = [&] {
        return storage_.set_conversation(thread, space_id, space_name, call_deadline());
    };
    auto stored = co_await insist<void>("keep space", std::move(turn_id), std::move(call));
    co_return stored ? Saved::yes : turn_store_detail::not_saved(stored.error());
}

asio::awaitable<Saved> TurnStore::keep_conversation(std::string turn_id, storage::ThreadKey thread,
                                                    std::string conversation_id) {
    std::function<asio::awaitable<storage::StorageResult<bool>>()> call = [&] {
        return storage_.update_conversation_id(thread, conversation_id, call_deadline());
    };
    auto stored = co_await insist<bool>("keep conversation", std::move(turn_id), std::move(call));
    co_return stored ? Saved::yes : turn_store_detail::not_saved(stored.error());
}

asio::awaitable<void> TurnStore::bury(storage::Turn turn, std::string reason) {
    const std::string id = turn.id;
    log::error("turn.given_up", {{"turn", id}, {"reason", reason}});
    storage::kDeadLetters.add({"turn"});
    auto buried = co_await storage_.bury(std::move(turn), std::move(reason), call_deadline());
    if (!buried)
        log::error("turn.not_buried", {{"turn", id}, {"error", buried.error().message}});
}

}  // namespace genie_slack::relay
