// What Beast's WebSocket runs on: a stream whose writes are gathered, that reads ahead, and whose answer to the upgrade
// can be looked at.
#pragma once

#include "core/net/stream.hpp"

#include <boost/asio/associator.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/websocket/teardown.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace genie_slack::net {

// A write completes as soon as its bytes are in the buffer. What gathers while a TCP write is under way, or while the
// layer is held, leaves in the next one: a frame is never torn, and a burst costs one system call. A read takes all
// that has arrived, up to a limit, and what Beast did not ask for yet (it asks for 1.5 KB) is there for its next read.
class WebSocketLayer {
 public:
    using executor_type = Stream::executor_type;

    explicit WebSocketLayer(std::unique_ptr<Stream> stream) : stream_(std::move(stream)) {}

    executor_type get_executor() { return stream_->get_executor(); }

    // `owner` is kept alive by writes under way; `on_progress` is called after each of them.
    void attach(std::weak_ptr<void> owner, std::function<void()> on_progress) {
        owner_ = std::move(owner);
        on_progress_ = std::move(on_progress);
    }

    void hold() { held_ = true; }
    void release();
    void close() {
        ahead_ = {};
        stream_->close();
    }

    // Bytes taken and written since the start.
    std::uint64_t taken() const { return taken_; }
    std::uint64_t written() const { return written_; }
    std::size_t waiting() const { return static_cast<std::size_t>(taken_ - written_); }
    const boost::system::error_code& write_error() const { return write_error_; }

    // The head of the answer to the upgrade request, as far as it came. Looking ends with end_upgrade(). An answer
    // other than 101 ends the stream right behind its head: nobody waits for the body of a refusal.
    const std::string& upgrade_head() const { return head_; }
    void end_upgrade() { upgrading_ = false; }

    template <class Buffers, class Handler>
    auto async_read_some(const Buffers& buffers, Handler&& handler) {
        const auto initiate = [this](auto inner, const Buffers& to) {
            if (!ahead_.empty() || refused_) {
                boost::system::error_code error;
                if (ahead_.empty())
                    error = boost::asio::error::eof;
                const std::size_t size = take_ahead(to);
                boost::asio::post(get_executor(), boost::beast::bind_front_handler(std::move(inner), error, size));
            } else {
                Arrival<decltype(inner), Buffers> arrival(*this, std::move(inner), to);
                stream_->async_read_some(boost::asio::buffer(arrived_), std::move(arrival));
            }
        };
        return boost::asio::async_initiate<Handler, void(boost::system::error_code, std::size_t)>(initiate, handler,
                                                                                                  buffers);
    }

    template <class Buffers, class Handler>
    auto async_write_some(const Buffers& buffers, Handler&& handler) {
        const auto initiate = [this](auto inner, const Buffers& from) {
            const std::size_t size = write_error_ ? 0 : take(from);
            boost::asio::post(get_executor(), boost::beast::bind_front_handler(std::move(inner), write_error_, size));
        };
        return boost::asio::async_initiate<Handler, void(boost::system::error_code, std::size_t)>(initiate, handler,
                                                                                                  buffers);
    }

    // Passes on as much of what came as was asked for.
    template <class Inner, class Buffers>
    struct Arrival {
        Arrival(WebSocketLayer& layer_, Inner inner_, const Buffers& buffers_)
            : layer(&layer_), inner(std::move(inner_)), buffers(buffers_) {}
        void operator()(boost::system::error_code error, std::size_t size) {
            layer->ahead_ = std::string_view(layer->arrived_.data(), size);
            if (layer->upgrading_)
                layer->note_upgrade(layer->ahead_, error);
            const std::size_t taken = layer->take_ahead(buffers);
            std::move(inner)(error, taken);
        }
        WebSocketLayer* layer;
        Inner inner;
        Buffers buffers;
    };

 private:
    template <class Buffers>
    std::size_t take(const Buffers& from) {
        const std::size_t size = boost::asio::buffer_size(from);
        const auto before = gathered_.size();
        gathered_.resize(before + size);
        boost::asio::buffer_copy(boost::asio::buffer(gathered_.data() + before, size), from);
        taken_ += size;
        flush();
        return size;
    }
    template <class Buffers>
    std::size_t take_ahead(const Buffers& to) {
        const std::size_t size = boost::asio::buffer_copy(to, boost::asio::buffer(ahead_));
        ahead_.remove_prefix(size);
        return size;
    }
    void note_upgrade(std::string_view chunk, boost::system::error_code& error);
    void flush();

    std::unique_ptr<Stream> stream_;
    std::weak_ptr<void> owner_;
    std::function<void()> on_progress_;
    // What the last read brought, and what of it nobody has taken. TLS brings no more at once.
    std::array<char, 16 << 10> arrived_;
    std::string_view ahead_;
    std::string gathered_;
    std::string leaving_;
    std::uint64_t taken_ = 0;
    std::uint64_t written_ = 0;
    boost::system::error_code write_error_;
    bool held_ = false;
    bool flushing_ = false;
    std::string head_;
    bool upgrading_ = true;
    bool refused_ = false;
};

// Beast's customisation points. The connection's owner closes the TCP connection once all is written.
void beast_close_socket(WebSocketLayer& layer);
void teardown(boost::beast::role_type role, WebSocketLayer& layer, boost::system::error_code& error);

template <class Handler>
void async_teardown(boost::beast::role_type, WebSocketLayer& layer, Handler&& handler) {
    boost::asio::post(layer.get_executor(),
                      boost::beast::bind_front_handler(std::forward<Handler>(handler), boost::system::error_code()));
}

}  // namespace genie_slack::net

// The wrapped handler's executor, allocator and cancellation slot stay in force.
template <template <class, class> class Associator, class Inner, class Buffers, class Default>
struct boost::asio::associator<Associator, genie_slack::net::WebSocketLayer::Arrival<Inner, Buffers>, Default>
    : Associator<Inner, Default> {
    using type = typename Associator<Inner, Default>::type;
    static type get(const genie_slack::net::WebSocketLayer::Arrival<Inner, Buffers>& arrival) noexcept {
        return Associator<Inner, Default>::get(arrival.inner);
    }
    static type get(const genie_slack::net::WebSocketLayer::Arrival<Inner, Buffers>& arrival,
                    const Default& otherwise) noexcept {
        return Associator<Inner, Default>::get(arrival.inner, otherwise);
    }
};
