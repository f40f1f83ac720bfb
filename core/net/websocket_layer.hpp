// What Beast's WebSocket runs on: a stream whose writes are gathered, and whose answer to the upgrade can be looked at.
#pragma once

#include "core/net/stream.hpp"

#include <boost/asio/associator.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/websocket/teardown.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace genie_slack::net {

// A write completes as soon as its bytes are in the buffer. What gathers while a TCP write is under way, or while the
// layer is held, leaves in the next one: a frame is never torn, and a burst costs one system call.
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
    void close() { stream_->close(); }

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
            if (!upgrading_) {
                stream_->async_read_some(to, std::move(inner));
            } else if (refused_) {
                const boost::system::error_code at_end = boost::asio::error::eof;
                boost::asio::post(get_executor(),
                                  boost::beast::bind_front_handler(std::move(inner), at_end, std::size_t(0)));
            } else {
                Look<decltype(inner), Buffers> look(*this, std::move(inner), to);
                stream_->async_read_some(to, std::move(look));
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

    // Passes a read's outcome on after noting what came.
    template <class Inner, class Buffers>
    struct Look {
        Look(WebSocketLayer& layer_, Inner inner_, const Buffers& buffers_)
            : layer(&layer_), inner(std::move(inner_)), buffers(buffers_) {}
        void operator()(boost::system::error_code error, std::size_t size) {
            std::string chunk(size, '\0');
            boost::asio::buffer_copy(boost::asio::buffer(chunk), buffers, size);
            layer->note_upgrade(chunk, error);
            std::move(inner)(error, size);
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
    void note_upgrade(const std::string& chunk, boost::system::error_code& error);
    void flush();

    std::unique_ptr<Stream> stream_;
    std::weak_ptr<void> owner_;
    std::function<void()> on_progress_;
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
struct boost::asio::associator<Associator, genie_slack::net::WebSocketLayer::Look<Inner, Buffers>, Default>
    : Associator<Inner, Default> {
    using type = typename Associator<Inner, Default>::type;
    static type get(const genie_slack::net::WebSocketLayer::Look<Inner, Buffers>& look) noexcept {
        return Associator<Inner, Default>::get(look.inner);
    }
    static type get(const genie_slack::net::WebSocketLayer::Look<Inner, Buffers>& look,
                    const Default& otherwise) noexcept {
        return Associator<Inner, Default>::get(look.inner, otherwise);
    }
};
