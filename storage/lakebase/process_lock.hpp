// An advisory lock that ends with its session, and so with the process: by it others know at once that a process died
// (storage.md 4.4). The session is one of its own, on a thread of its own, and also hears when others begin to work.
#pragma once

#include "core/random.hpp"
#include "storage/lakebase/lock_keeping.hpp"
#include "storage/lakebase/session.hpp"
#include "storage/storage.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace genie_slack::storage::lakebase {

class ProcessLock {
 public:
    // Opens a session, on the lock's thread; throws when there is none. `stopping` turns true when the lock ends.
    using OpenSession = std::function<std::unique_ptr<Session>(const std::atomic<bool>& stopping)>;

    // `process` is what names this process among all; "" for none, which holds no lock.
    ProcessLock(boost::asio::any_io_executor executor, std::string process, OpenSession open_session);
    // Gives the lock up.
    ~ProcessLock();
    ProcessLock(const ProcessLock&) = delete;
    ProcessLock& operator=(const ProcessLock&) = delete;

    // The tables are there: takes the lock. All below is for the event loop.
    void open();
    // This process works on questions, or is about to: the lock is taken again when its session was cut. `is_news`:
    // others are told, so that they look at who works.
    void work(bool is_news);
    // `told` is called on the event loop when others have begun to work, or that may have been missed.
    void on_others(std::function<void()> told);

    const std::string& process() const { return process_; }
    bool is_locked() const { return is_locked_; }
    // Whether this process may say of another one that its lock is gone.
    bool judges() const;
    Hearing hearing() const;
    // When the lock was last lost; TimePoint::min() for never.
    TimePoint lost_at() const;

 private:
    struct Listener {
        std::function<void()> told;
    };

    void run();
    LockStep decide() const;
    void take();
    void tell();
    // Until the session or a caller has something, or that time.
    void wait(TimePoint until);
    void hear();
    void lose(const char* why);
    void fail(const std::string& why);
    void tell_loop() const;
    void wake() const;

    const boost::asio::any_io_executor executor_;
    const std::string process_;
    const OpenSession open_session_;
    const std::shared_ptr<Listener> listener_ = std::make_shared<Listener>();
    int wake_fd_ = -1;
    Random random_;

    // Only the thread touches it.
    std::unique_ptr<Session> session_;

    mutable std::mutex mutex_;
    LockState state_;
    int socket_ = -1;
    int failures_ = 0;
    int locks_ = 0;  // how often it was taken
    TimePoint locked_at_{};
    TimePoint lost_at_ = TimePoint::min();

    std::atomic<bool> is_locked_ = false;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

}  // namespace genie_slack::storage::lakebase
