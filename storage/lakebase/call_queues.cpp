#include "storage/lakebase/call_queues.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_set>
#include <utility>

namespace genie_slack::storage::lakebase {

namespace {

constexpr std::size_t kWorthAnotherWriter = 24;  // calls that wait while the first is at it

}  // namespace

bool CallQueues::push(OperationPointer operation) {
    if (waiting_ >= max_waiting_)
        forget_unwanted();
    if (waiting_ >= max_waiting_)
        return false;
    operation->arrival = ++arrivals_;
    ++waiting_;
    queues_[operation->statement].calls.push_back(std::move(operation));
    return true;
}

// Calls whose callers have gone; their own timers told them why.
void CallQueues::forget_unwanted() {
    for (auto& [statement, queue] : queues_)
        waiting_ -=
            std::erase_if(queue.calls, [](const OperationPointer& operation) { return !operation->is_wanted(); });
}

// The queue whose first call has waited longest and may be served now. One writer for each statement makes the largest
// batches; another one helps when many wait.
CallQueues::Queue* CallQueues::next() {
    Queue* next = nullptr;
    for (auto& [statement, queue] : queues_) {
        auto& calls = queue.calls;
        while (!calls.empty() && !calls.front()->is_wanted()) {
            calls.pop_front();
            --waiting_;
        }
        if (calls.empty() || (statement && !is_open_))
            continue;
        if (statement && statement->writes &&
            (writers_ >= max_writers_ || (queue.writers > 0 && calls.size() < kWorthAnotherWriter)))
            continue;
        if (!next || calls.front()->arrival < next->calls.front()->arrival)
            next = &queue;
    }
    return next;
}

Batch CallQueues::take(bool& is_write) {
    Batch batch;
    is_write = false;
    Queue* queue = next();
    if (!queue)
        return batch;
    std::deque<OperationPointer>& calls = queue->calls;
    const Statement* statement = calls.front()->statement;
    const std::size_t limit = statement ? max_batch_ : 1;
    std::unordered_set<std::string> keys;
    std::deque<OperationPointer> left;
    while (!calls.empty() && batch.size() < limit) {
        OperationPointer operation = std::move(calls.front());
        calls.pop_front();
        const bool conflicts = std::any_of(operation->keys.begin(), operation->keys.end(),
                                           [&](const std::string& key) { return keys.count(key) > 0; });
        // Also the keys of one that stays behind: what is about the same thing keeps its order.
        keys.insert(operation->keys.begin(), operation->keys.end());
        if (conflicts) {
            left.push_back(std::move(operation));
            continue;
        }
        --waiting_;
        batch.push_back(std::move(operation));
    }
    calls.insert(calls.begin(), std::make_move_iterator(left.begin()), std::make_move_iterator(left.end()));
    is_write = statement && statement->writes;
    if (is_write) {
        ++queue->writers;
        ++writers_;
    }
    return batch;
}

void CallQueues::end(const Statement* statement) {
    --queues_[statement].writers;
    --writers_;
}

Batch CallQueues::take_all() {
    Batch all;
    for (auto& [statement, queue] : queues_) {
        all.insert(all.end(), queue.calls.begin(), queue.calls.end());
        queue.calls.clear();
    }
    waiting_ = 0;
    return all;
}

}  // namespace genie_slack::storage::lakebase
