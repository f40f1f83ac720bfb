#include "storage/lakebase/process_lock.hpp"

#include "core/log.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace genie_slack::storage::lakebase {

namespace process_lock_detail {

constexpr const char* kChannel = "genie_slack_work";
constexpr Duration kFirstRetry = std::chrono::milliseconds(100);
constexpr Duration kMaxRetry = std::chrono::seconds(1);
// A server that still has our cut session gives the lock to nobody; without it our leases count by their time.
constexpr const char* kStillHeld = "the session before still has it";

std::string key_of(const std::string& process) {
    return "hashtextextended(" + quote_text(process) + ", " + std::to_string(static_cast<int>(LockSpace::process)) +
           ")";
}

std::string row_of(const std::string& process) {
    return "INSERT INTO genie_app.processes (owner, lock_key) VALUES (" + quote_text(process) + ", " + key_of(process) +
           ") ON CONFLICT (owner) DO UPDATE SET locked_at = clock_timestamp(), missing_since = NULL; LISTEN " +
           kChannel;
}

int milliseconds_to(TimePoint until) {
    if (until == TimePoint::max())
        return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
}

}  // namespace process_lock_detail

ProcessLock::ProcessLock(boost::asio::any_io_executor executor, std::string process, OpenSession open_session)
    : executor_(std::move(executor)), process_(std::move(process)), open_session_(std::move(open_session)) {
    state_.is_useless = process_.empty();
    if (state_.is_useless)
        return;
    wake_fd_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wake_fd_ < 0)
        throw std::system_error(errno, std::generic_category(), "eventfd");
    thread_ = std::thread([this] { run(); });
}

ProcessLock::~ProcessLock() {
    stopping_ = true;
    if (!thread_.joinable())
        return;
    wake();
    {
        const std::lock_guard lock(mutex_);
        if (socket_ >= 0)
            ::shutdown(socket_, SHUT_RDWR);
    }
    thread_.join();
    ::close(wake_fd_);
}

void ProcessLock::open() {
    const std::lock_guard lock(mutex_);
    if (state_.is_open || state_.is_useless)
        return;
    state_.is_open = true;
    state_.works_until = Clock::now() + kWorkTime;
    wake();
}

void ProcessLock::work(bool is_news) {
    const std::lock_guard lock(mutex_);
    if (state_.is_useless)
        return;
    state_.works_until = Clock::now() + kWorkTime;
    const bool is_new = is_news && !state_.has_news;
    state_.has_news = state_.has_news || is_news;
    if (is_new || !state_.has_session)
        wake();
}

void ProcessLock::on_others(std::function<void()> told) {
    listener_->told = std::move(told);
}

bool ProcessLock::judges() const {
    const std::lock_guard lock(mutex_);
    return is_locked_ && may_judge(locks_ == 1, locked_at_, Clock::now());
}

Hearing ProcessLock::hearing() const {
    const std::lock_guard lock(mutex_);
    if (is_locked_)
        return Hearing::live;
    const bool is_asleep = locks_ > 0 && !state_.is_useless && Clock::now() >= state_.works_until;
    return is_asleep ? Hearing::asleep : Hearing::none;
}

TimePoint ProcessLock::lost_at() const {
    const std::lock_guard lock(mutex_);
    return lost_at_;
}

LockStep ProcessLock::decide() const {
    const std::lock_guard lock(mutex_);
    return next_step(state_, Clock::now());
}

void ProcessLock::run() {
    while (!stopping_) {
        const LockStep step = decide();
        try {
            switch (step.what) {
                case LockStep::What::wait:
                    wait(step.until);
                    break;
                case LockStep::What::take:
                    take();
                    break;
                case LockStep::What::tell:
                    tell();
                    break;
            }
        } catch (const std::exception& error) {
            if (is_locked_)
                lose(error.what());
            else
                fail(error.what());
        }
    }
    {
        const std::lock_guard lock(mutex_);
        socket_ = -1;
    }
    session_.reset();
}

void ProcessLock::take() {
    using namespace process_lock_detail;
    session_ = open_session_(stopping_);
    if (session_->is_pooled()) {
        session_.reset();
        const std::lock_guard lock(mutex_);
        state_.is_useless = true;
        log::info("process_lock.none", {{"reason", "a transaction pooler keeps no session locks"}});
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        socket_ = session_->socket();
    }
    const auto taken =
        session_->query("SET idle_session_timeout = 0; SELECT pg_try_advisory_lock(" + key_of(process_) + ")");
    if (taken.at(0).at(0) != "t")
        throw std::runtime_error(kStillHeld);
    session_->query(row_of(process_));
    {
        const std::lock_guard lock(mutex_);
        state_.has_session = true;
        failures_ = 0;
        ++locks_;
        locked_at_ = Clock::now();
        is_locked_ = true;
    }
    log::debug("process_lock.taken");
    tell_loop();
}

void ProcessLock::tell() {
    {
        const std::lock_guard lock(mutex_);
        state_.has_news = false;
        state_.told_at = Clock::now();
    }
    session_->query(std::string("NOTIFY ") + process_lock_detail::kChannel);
    hear();  // what came with the answer wakes no poll()
}

void ProcessLock::wait(TimePoint until) {
    pollfd waiting[] = {{wake_fd_, POLLIN, 0}, {session_ ? session_->socket() : -1, POLLIN, 0}};
    ::poll(waiting, 2, process_lock_detail::milliseconds_to(until));
    std::uint64_t wakes = 0;
    static_cast<void>(::read(wake_fd_, &wakes, sizeof wakes));
    if (session_ && waiting[1].revents != 0)
        hear();
}

void ProcessLock::hear() {
    if (session_->take_notifications() > 0)
        tell_loop();
}

void ProcessLock::lose(const char* why) {
    bool works = false;
    {
        const std::lock_guard lock(mutex_);
        socket_ = -1;
        state_.has_session = false;
        state_.retry_at = TimePoint{};
        is_locked_ = false;
        lost_at_ = Clock::now();
        works = lost_at_ < state_.works_until;
    }
    session_.reset();
    if (!stopping_ && works)
        log::warn("process_lock.lost", {{"error", why}});
    tell_loop();
}

void ProcessLock::fail(const std::string& why) {
    using namespace process_lock_detail;
    const std::lock_guard lock(mutex_);
    socket_ = -1;
    session_.reset();
    const Duration pause = std::min(kMaxRetry, kFirstRetry * (1 << std::min(failures_, 8)));
    state_.retry_at = Clock::now() + random_.jitter(pause, 0.2);
    if (!stopping_ && failures_++ % 32 == 3)
        log::warn("process_lock.not_taken", {{"error", why}});
}

void ProcessLock::tell_loop() const {
    boost::asio::post(executor_, [listener = std::weak_ptr<Listener>(listener_)] {
        if (const auto held = listener.lock(); held && held->told)
            held->told();
    });
}

void ProcessLock::wake() const {
    const std::uint64_t one = 1;
    static_cast<void>(::write(wake_fd_, &one, sizeof one));
}

}  // namespace genie_slack::storage::lakebase
