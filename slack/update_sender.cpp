#include "slack/update_sender.hpp"

#include "core/log.hpp"
#include "core/net/backoff.hpp"
#include "slack/message_body.hpp"

#include <utility>

namespace asio = boost::asio;

namespace genie_slack::slack {

namespace update_sender_detail {
namespace {

// Progress that took longer is of no interest any more.
constexpr std::chrono::seconds kLongestUpdate{10};
constexpr int kMaxFailures = 3;
constexpr std::chrono::seconds kJoinTime{2};

}  // namespace
}  // namespace update_sender_detail

UpdateSender::Claim::Claim(UpdateSender& sender, Key key) : sender_(sender), key_(std::move(key)) {
    sender_.coalescer_.claim(key_);
    sender_.changed_.notify_all();
}

UpdateSender::Claim::~Claim() {
    sender_.coalescer_.release(key_, Clock::now());
}

UpdateSender::Running::~Running() {
    sender_.coalescer_.stopped(key_);
    sender_.changed_.notify_all();
}

UpdateSender::UpdateSender(asio::any_io_executor executor, ApiCaller& caller, Duration interval)
    : executor_(std::move(executor)),
      caller_(caller),
      coalescer_(interval),
      tasks_(std::make_unique<TaskGroup>(executor_, "slack.updates")) {}

void UpdateSender::offer(Key key, OutgoingMessage message) {
    switch (coalescer_.offer(key, std::move(message), Clock::now())) {
        case UpdateCoalescer::Offer::start:
            tasks_->spawn("update", run(std::move(key)));
            break;
        case UpdateCoalescer::Offer::waits:
            changed_.notify_all();
            break;
        case UpdateCoalescer::Offer::dropped:
            log::debug("slack.update_dropped", {{"channel", key.channel}, {"ts", key.ts}});
            break;
    }
}

asio::awaitable<void> UpdateSender::run(Key key) {
    const Running running(*this, key);
    net::Backoff backoff;
    for (;;) {
        // One reading of the clock for both: a pause that seems to end later than now would be waited for.
        const TimePoint start = Clock::now();
        UpdateCoalescer::Step step = coalescer_.next(key, start, caller_.ready_at(methods::kUpdate, start));
        if (step.kind == UpdateCoalescer::Step::Kind::end)
            break;
        if (step.kind == UpdateCoalescer::Step::Kind::wait) {
            co_await changed_.wait(Deadline::at(step.until));
            continue;
        }
        ApiRequest request(update_body(key.ts, step.message));
        const Deadline limit = Deadline::after(update_sender_detail::kLongestUpdate);
        const Verdict verdict = co_await caller_.attempt(methods::kUpdate, std::move(request), limit);
        const TimePoint now = Clock::now();
        if (verdict.kind == Verdict::Kind::rate)
            coalescer_.again(key, std::move(step.message), now);
        else if (verdict.kind == Verdict::Kind::retry && backoff.failures() < update_sender_detail::kMaxFailures)
            coalescer_.again(key, std::move(step.message), now + backoff.next(caller_.random()));
        else
            coalescer_.sent(key);
        if (verdict.kind == Verdict::Kind::ok)
            backoff.reset();
        changed_.notify_all();
    }
}

asio::awaitable<bool> UpdateSender::landed(Key key, Deadline deadline) {
    while (coalescer_.in_flight(key)) {
        if (deadline.expired())
            co_return false;
        co_await changed_.wait(deadline);
    }
    co_return true;
}

asio::awaitable<void> UpdateSender::flush(Deadline deadline) {
    coalescer_.hurry(true);
    changed_.notify_all();
    const bool ended = co_await tasks_->join(deadline);
    coalescer_.hurry(false);
    if (ended)
        co_return;
    log::warn("slack.updates_dropped", {{"messages", tasks_->size()}});
    tasks_->cancel();
    co_await tasks_->join(Deadline::after(update_sender_detail::kJoinTime));
    tasks_ = std::make_unique<TaskGroup>(executor_, "slack.updates");
}

}  // namespace genie_slack::slack
