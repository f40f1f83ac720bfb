#include "core/net/http_pool.hpp"

#include <algorithm>

namespace genie_slack::net {

HttpPool::HttpPool(boost::asio::any_io_executor executor, std::size_t max_idle, std::size_t max_open,
                   Duration idle_timeout)
    : max_idle_(max_idle),
      max_open_(std::max<std::size_t>(max_open, 1)),
      idle_timeout_(idle_timeout),
      sweep_timer_(executor) {}

HttpPool::Lease::~Lease() {
    if (!pool_)
        return;
    if (!keep_)
        stream_.reset();
    pool_->give_back(origin_, std::move(stream_));
}

boost::asio::awaitable<HttpPool::Lease> HttpPool::acquire(std::string origin, bool fresh) {
    auto self = shared_from_this();
    Origin& place = origins_[origin];
    co_await take_place(place);
    if (fresh)
        place.idle.clear();
    std::unique_ptr<Stream> stream;
    while (!place.idle.empty() && !stream) {
        Idle candidate = std::move(place.idle.back());
        place.idle.pop_back();
        if (Clock::now() < candidate.until && candidate.stream->is_quiet())
            stream = std::move(candidate.stream);
    }
    // Idle connections count against the limit as well: one of them makes room.
    while (!stream && !place.idle.empty() && place.leased + place.idle.size() > max_open_)
        place.idle.pop_front();
    co_return Lease(std::move(self), std::move(origin), std::move(stream));
}

boost::asio::awaitable<void> HttpPool::take_place(Origin& origin) {
    // While somebody waits without a place, all are taken: free_place() hands over first.
    if (origin.leased < max_open_) {
        ++origin.leased;
        co_return;
    }
    const auto me = origin.waiting.emplace(origin.waiting.end());
    try {
        while (!me->has_place)
            co_await me->called.wait(Deadline::never());
    } catch (...) {
        const bool has_place = me->has_place;
        origin.waiting.erase(me);
        if (has_place)
            free_place(origin);
        throw;
    }
    origin.waiting.erase(me);
}

// The place goes to whoever waits for it, before anybody else can take it.
void HttpPool::free_place(Origin& origin) {
    const auto next = std::find_if(origin.waiting.begin(), origin.waiting.end(),
                                   [](const Waiter& waiter) { return !waiter.has_place; });
    if (next == origin.waiting.end()) {
        --origin.leased;
        return;
    }
    next->has_place = true;
    next->called.notify_all();
}

void HttpPool::give_back(const std::string& origin, std::unique_ptr<Stream> stream) {
    const auto position = origins_.find(origin);
    Origin& place = position->second;
    if (stream) {
        place.idle.push_back(Idle{std::move(stream), Clock::now() + idle_timeout_});
        if (place.idle.size() > max_idle_)
            place.idle.pop_front();
        arm_sweep();
    }
    free_place(place);
}

void HttpPool::close_idle() {
    for (auto& [origin, place] : origins_)
        place.idle.clear();
    sweep_timer_.cancel();
}

void HttpPool::arm_sweep() {
    if (sweep_armed_)
        return;
    sweep_armed_ = true;
    sweep_timer_.expires_after(idle_timeout_);
    sweep_timer_.async_wait([weak = weak_from_this()](const boost::system::error_code&) {
        if (auto self = weak.lock())
            self->sweep();
    });
}

void HttpPool::sweep() {
    sweep_armed_ = false;
    bool any_left = false;
    const TimePoint now = Clock::now();
    for (auto& [origin, place] : origins_) {
        while (!place.idle.empty() && place.idle.front().until <= now)
            place.idle.pop_front();
        any_left = any_left || !place.idle.empty();
    }
    if (any_left)
        arm_sweep();
}

}  // namespace genie_slack::net
