#include "slack/socket/socket_mode.hpp"

#include "slack/api/web_api.hpp"
#include "slack/socket/socket_client.hpp"

#include <boost/asio/ssl/context.hpp>

namespace genie_slack::slack {

std::unique_ptr<SocketMode> create_socket_mode(boost::asio::any_io_executor executor, WebApi& api,
                                               std::shared_ptr<boost::asio::ssl::context> tls, net::Resolver& resolver,
                                               Random& random, SocketModeOptions options, EnvelopeHandler handler,
                                               EnvelopeFilter is_for_nobody) {
    net::WebSocketOptions socket_options;
    socket_options.user_agent = options.user_agent;
    socket_options.proxy = options.proxy;
    SocketPorts ports;
    ports.open = [&api](Deadline deadline) { return api.connections_open(deadline); };
    ports.connect = [tls = std::move(tls), &resolver, socket_options](std::string url, Deadline deadline) {
        return net::connect_websocket(tls, resolver, std::move(url), socket_options, deadline);
    };
    return std::make_unique<SocketClient>(std::move(executor), std::move(ports), random, std::move(options),
                                          std::move(handler), std::move(is_for_nobody));
}

}  // namespace genie_slack::slack
