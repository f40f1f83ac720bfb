#include "core/net/resolver.hpp"

#include "core/net/condition.hpp"
#include "core/net/url.hpp"

#include <boost/asio/post.hpp>

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

namespace genie_slack::net {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace resolver_detail {

constexpr int kMaxThreads = 8;
constexpr int kMaxPerName = 2;
constexpr std::size_t kMaxNames = 256;
constexpr auto kFreshFor = std::chrono::seconds(30);
// With a last good answer at hand nobody waits longer than this for a new one.
constexpr auto kStaleAfter = std::chrono::seconds(2);

NetResult<Endpoints> system_lookup(const std::string& host, std::uint16_t port) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* list = nullptr;
    const int failure = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
    if (failure != 0)
        return NetError(NetFault::resolve, ::gai_strerror(failure));
    Endpoints endpoints;
    for (const addrinfo* entry = list; entry; entry = entry->ai_next) {
        if (entry->ai_family != AF_INET && entry->ai_family != AF_INET6)
            continue;
        tcp::endpoint endpoint;
        endpoint.resize(entry->ai_addrlen);
        std::memcpy(endpoint.data(), entry->ai_addr, entry->ai_addrlen);
        endpoint.port(port);
        if (std::find(endpoints.begin(), endpoints.end(), endpoint) == endpoints.end())
            endpoints.push_back(endpoint);
    }
    ::freeaddrinfo(list);
    return endpoints;
}

Endpoints with_port(Endpoints endpoints, std::uint16_t port) {
    for (auto& endpoint : endpoints)
        endpoint.port(port);
    return endpoints;
}

// Literal addresses need no look-up, and the names of loopback get none: what "localhost" means is not for a name
// server to say, since clear text is allowed to it (RFC 6761, 6.3).
std::optional<Endpoints> known_answer(const std::string& host, std::uint16_t port) {
    boost::system::error_code error;
    const auto address = asio::ip::make_address(host, error);
    if (!error)
        return Endpoints{tcp::endpoint(address, port)};
    if (is_loopback_host(host))
        return Endpoints{tcp::endpoint(asio::ip::address_v4::loopback(), port),
                         tcp::endpoint(asio::ip::address_v6::loopback(), port)};
    return std::nullopt;
}

}  // namespace resolver_detail

// It belongs to the event loop's thread alone.
struct Resolver::State : std::enable_shared_from_this<Resolver::State> {
    struct Name {
        Endpoints last_good;
        TimePoint fresh_until{};
        TimePoint used{};
        int waiting = 0;  // callers
        int running = 0;  // threads
        bool queued = false;
        // The callers of the running look-up gave it up. It may still bring an answer; another may start beside it.
        bool abandoned = false;
        std::uint64_t generation = 0;  // of answers, good or bad
        std::string failure;
        Condition changed;
    };

    // A caller that waits for the next answer. The last one to leave without it gives the look-up up.
    struct Waiting {
        explicit Waiting(Name& name_) : name(name_), generation(name_.generation) { ++name.waiting; }
        ~Waiting() {
            if (--name.waiting == 0 && name.generation == generation)
                name.abandoned = true;
        }
        Waiting(const Waiting&) = delete;
        Waiting& operator=(const Waiting&) = delete;
        Name& name;
        std::uint64_t generation;
    };

    // What a look-up thread knows of us. The Resolver empties `executor` when it goes; nothing is posted after that.
    struct Mailbox {
        std::mutex mutex;
        std::optional<asio::any_io_executor> executor;
    };

    State(asio::any_io_executor executor_, Lookup lookup_)
        : lookup(lookup_ ? std::move(lookup_) : Lookup(resolver_detail::system_lookup)),
          mailbox(std::make_shared<Mailbox>()) {
        mailbox->executor = std::move(executor_);
    }

    asio::awaitable<NetResult<Endpoints>> look_up(std::string host, std::uint16_t port, Deadline deadline);
    void start(const std::string& host, std::uint16_t port);
    void start_queued();
    void launch(const std::string& host, std::uint16_t port);
    void finished(const std::string& host, NetResult<Endpoints> answer);
    void forget_oldest();

    Lookup lookup;
    std::shared_ptr<Mailbox> mailbox;
    std::map<std::string, Name> names;
    std::deque<std::pair<std::string, std::uint16_t>> queue;
    int threads = 0;
};

Resolver::Resolver(asio::any_io_executor executor, Lookup lookup)
    : state_(std::make_shared<State>(std::move(executor), std::move(lookup))) {}

Resolver::~Resolver() {
    const std::lock_guard lock(state_->mailbox->mutex);
    state_->mailbox->executor.reset();
}

asio::awaitable<NetResult<Endpoints>> Resolver::resolve(std::string host, std::uint16_t port, Deadline deadline) {
    if (auto known = resolver_detail::known_answer(host, port))
        co_return std::move(*known);
    auto state = state_;
    auto looking = state->look_up(std::move(host), port, deadline);
    try {
        auto answer = co_await std::move(looking);
        co_return answer;
    } catch (const boost::system::system_error&) {
    }
    co_return NetError(NetFault::cancelled, "the name look-up was cancelled");
}

asio::awaitable<NetResult<Endpoints>> Resolver::State::look_up(std::string host, std::uint16_t port,
                                                               Deadline deadline) {
    Name& name = names[host];
    name.used = Clock::now();
    if (!name.last_good.empty() && Clock::now() < name.fresh_until)
        co_return resolver_detail::with_port(name.last_good, port);

    const auto generation = name.generation;
    {
        const Waiting waiting(name);
        if (!name.queued && (name.running == 0 || (name.abandoned && name.running < resolver_detail::kMaxPerName)))
            start(host, port);
        const Deadline patience = name.last_good.empty() ? deadline : deadline.sooner(resolver_detail::kStaleAfter);
        while (name.generation == generation && !patience.expired())
            co_await name.changed.wait(patience);
    }
    if (!name.last_good.empty())
        co_return resolver_detail::with_port(name.last_good, port);
    if (name.generation != generation)
        co_return NetError(NetFault::resolve, "no address for '" + host + "': " + name.failure);
    co_return NetError(NetFault::timeout, "the look-up of '" + host + "' took too long");
}

void Resolver::State::start(const std::string& host, std::uint16_t port) {
    if (threads < resolver_detail::kMaxThreads) {
        launch(host, port);
        return;
    }
    names[host].queued = true;
    queue.emplace_back(host, port);
}

void Resolver::State::start_queued() {
    while (!queue.empty() && threads < resolver_detail::kMaxThreads) {
        const auto [host, port] = std::move(queue.front());
        queue.pop_front();
        Name& name = names[host];
        name.queued = false;
        if (name.waiting > 0)
            launch(host, port);
    }
}

void Resolver::State::launch(const std::string& host, std::uint16_t port) {
    Name& name = names[host];
    ++name.running;
    ++threads;
    name.abandoned = false;
    // The thread is never joined: it may hang in the name service for as long as that likes. It owns all it touches.
    auto body = [mailbox = mailbox, lookup = lookup, weak = weak_from_this(), host, port] {
        NetResult<Endpoints> answer = NetError(NetFault::resolve, "the look-up failed");
        try {
            answer = lookup(host, port);
            if (answer && answer->empty())
                answer = NetError(NetFault::resolve, "it has none");
        } catch (const std::exception& error) {
            answer = NetError(NetFault::resolve, error.what());
        }
        const std::lock_guard lock(mailbox->mutex);
        if (!mailbox->executor)
            return;
        asio::post(*mailbox->executor, [weak, host, answer = std::move(answer)]() mutable {
            if (auto state = weak.lock())
                state->finished(host, std::move(answer));
        });
    };
    try {
        std::thread(std::move(body)).detach();
    } catch (const std::system_error& error) {
        finished(host, NetError(NetFault::resolve, error.what()));
    }
}

void Resolver::State::finished(const std::string& host, NetResult<Endpoints> answer) {
    --threads;
    Name& name = names[host];
    --name.running;
    if (answer) {
        name.last_good = std::move(*answer);
        name.fresh_until = Clock::now() + resolver_detail::kFreshFor;
        ++name.generation;
    } else if (name.running == 0) {
        name.failure = answer.error().message;
        ++name.generation;
    }
    name.changed.notify_all();
    start_queued();
    forget_oldest();
}

void Resolver::State::forget_oldest() {
    while (names.size() > resolver_detail::kMaxNames) {
        auto oldest = names.end();
        for (auto at = names.begin(); at != names.end(); ++at) {
            const Name& name = at->second;
            if (name.waiting == 0 && !name.queued && name.running == 0 &&
                (oldest == names.end() || name.used < oldest->second.used))
                oldest = at;
        }
        if (oldest == names.end())
            return;
        names.erase(oldest);
    }
}

}  // namespace genie_slack::net
