#include "core/net/websocket_layer.hpp"

#include <boost/asio/ssl/error.hpp>

namespace genie_slack::net {

namespace websocket_layer_detail {
// Beast gives up on a larger answer itself.
constexpr std::size_t kMaxHead = 64u << 10;
// Buffers that a burst made larger than this are given back.
constexpr std::size_t kKeptBuffer = 64u << 10;
}  // namespace websocket_layer_detail

void WebSocketLayer::release() {
    held_ = false;
    flush();
}

void WebSocketLayer::flush() {
    if (flushing_ || held_ || gathered_.empty() || write_error_)
        return;
    flushing_ = true;
    leaving_.swap(gathered_);
    boost::asio::async_write(*stream_, boost::asio::buffer(leaving_),
                             [this, owner = owner_.lock()](boost::system::error_code error, std::size_t size) {
                                 flushing_ = false;
                                 written_ += size;
                                 write_error_ = error;
                                 leaving_.clear();
                                 if (leaving_.capacity() > websocket_layer_detail::kKeptBuffer)
                                     leaving_.shrink_to_fit();
                                 flush();
                                 if (on_progress_)
                                     on_progress_();
                             });
}

void WebSocketLayer::note_upgrade(std::string_view chunk, boost::system::error_code& error) {
    if (head_.size() < websocket_layer_detail::kMaxHead)
        head_ += chunk;
    // A refusal is often followed by the end of the connection, with or without the formalities of TLS.
    if (error == boost::asio::ssl::error::stream_truncated)
        error = boost::asio::error::eof;
    refused_ = head_.find("\r\n\r\n") != std::string::npos && !head_.starts_with("HTTP/1.1 101");
}

void beast_close_socket(WebSocketLayer& layer) {
    layer.close();
}

void teardown(boost::beast::role_type, WebSocketLayer& layer, boost::system::error_code& error) {
    layer.close();
    error = {};
}

}  // namespace genie_slack::net
