#include "slack/api/update_sender.hpp"

#include "core/log.hpp"
#include "core/net/backoff.hpp"
#include "slack/api/message_body.hpp"

#include <utility>

namespace asio = boost::asio;

namespace genie_slack::slack {

namespace update_sender_detail {
namespace {

// Progress that took longer is of no interest any more.
constexpr std::chrono::seconds kLongestUpdate{10};
constexpr int kMaxFailures = 3;
constexpr std::chrono::seconds kJoinTime{2};

// The task of a message tells the coalescer however it ends.
class Running {
 public:
    Running(UpdateSender::State& state, const UpdateSender::Key& key) : state_(state), key_(key) {}
    ~Running() {
        state_.coalescer.stopped(key_);
        state_.changed.notify_all();
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

 private:
    UpdateSender::State& state_;
    const UpdateSender::Key& key_;
};

}  // namespace
}  // namespace update_sender_detail

UpdateSender::Claim::Claim(const UpdateSender& sender, Key key) : state_(sender.state_), key_(std::move(key)) {
    state_->coalescer.claim(key_);
    state_->changed.notify_all();
}

UpdateSender::Claim::~Claim() {
    state_->coalescer.release(key_, Clock::now());
    state_->changed.notify_all();
}

UpdateSender::UpdateSender(asio::any_io_executor executor, ApiCaller& caller, Duration interval)
    : executor_(std::move(executor)),
      caller_(caller),
      state_(std::make_shared<State>(interval)),
      tasks_(std::make_unique<TaskGroup>(executor_, "slack.updates")) {}

void UpdateSender::offer(Key key, OutgoingMessage message) {
    switch (state_->coalescer.offer(key, std::move(message), Clock::now())) {
        case UpdateCoalescer::Offer::start:
            tasks_->spawn("update", run(state_, std::move(key)));
            break;
        case UpdateCoalescer::Offer::waits:
            state_->changed.notify_all();
            break;
        case UpdateCoalescer::Offer::dropped:
            log::debug("slack.update_dropped", {{"channel", key.channel}, {"ts", key.ts}});
            break;
    }
}

asio::awaitable<void> UpdateSender::run(std::shared_ptr<State> state, Key key) {
    const update_sender_detail::Running running(*state, key);
    net::Backoff backoff;
    for (;;) {
        UpdateCoalescer::Step step = state->coalescer.next(key, Clock::now());
        if (step.kind == UpdateCoalescer::Step::Kind::end)
            break;
        if (step.kind == UpdateCoalescer::Step::Kind::wait) {
            co_await state->changed.wait(Deadline::at(step.until));
            continue;
        }
        if (!caller_.take_pass(methods::kUpdate, Urgency::progress)) {
            log::debug("slack.update_dropped", {{"channel", key.channel}, {"ts", key.ts}});
            state->coalescer.sent(key);
            state->changed.notify_all();
            continue;
        }
        ApiRequest request(update_body(key.ts, step.message));
        const Deadline limit = Deadline::after(update_sender_detail::kLongestUpdate);
        const Verdict verdict = co_await caller_.attempt(methods::kUpdate, std::move(request), limit);
        const TimePoint now = Clock::now();
        if (verdict.kind == Verdict::Kind::retry && backoff.failures() < update_sender_detail::kMaxFailures)
            state->coalescer.again(key, std::move(step.message), now + backoff.next(caller_.random()));
        else
            state->coalescer.sent(key);
        if (verdict.kind == Verdict::Kind::ok)
            backoff.reset();
        state->changed.notify_all();
    }
}

asio::awaitable<bool> UpdateSender::landed(Key key, Deadline deadline) {
    while (state_->coalescer.in_flight(key)) {
        if (deadline.expired())
            co_return false;
        co_await state_->changed.wait(deadline);
    }
    co_return true;
}

asio::awaitable<void> UpdateSender::flush(Deadline deadline) {
    state_->coalescer.hurry(true);
    state_->changed.notify_all();
    const bool ended = co_await tasks_->join(deadline);
    state_->coalescer.hurry(false);
    if (ended)
        co_return;
    log::warn("slack.updates_dropped", {{"messages", tasks_->size()}});
    tasks_->cancel();
    co_await tasks_->join(Deadline::after(update_sender_detail::kJoinTime));
    state_->coalescer.all_stopped();
    tasks_ = std::make_unique<TaskGroup>(executor_, "slack.updates");
}

}  // namespace genie_slack::slack
