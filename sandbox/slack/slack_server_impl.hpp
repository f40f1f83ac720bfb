// The local Slack put together: HTTP routes, sockets, workspace, and what people do.
#pragma once

#include "core/net/http_server.hpp"
#include "core/task_group.hpp"
#include "sandbox/slack/slack_server.hpp"
#include "sandbox/slack/slack_workspace.hpp"
#include "sandbox/slack/socket_hub.hpp"
#include "sandbox/slack/web_methods.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace genie_slack::sandbox {

class SlackServerImpl final : public SlackServer {
 public:
    SlackServerImpl(boost::asio::any_io_executor executor, SlackOptions options);

    std::uint16_t port() const override { return http_->port(); }
    std::string api_url() const override { return workspace_.base_url + "/api/"; }
    boost::asio::awaitable<void> run() override;
    const SlackOptions& options() const override { return options_; }
    SlackFaults& faults() override { return faults_; }

    const std::vector<SlackUser>& users() const override { return workspace_.users; }
    const std::vector<SlackChannel>& channels() const override { return workspace_.channels; }
    bool sees(const std::string& user, const std::string& channel) const override;
    SlackUser& add_user(SlackUser user) override;
    SlackChannel& add_channel(SlackChannel channel) override;
    std::string direct_message(const std::string& user) override { return workspace_.direct_message(user); }
    std::vector<SlackMessage> messages(const std::string& channel) const override;
    std::vector<SlackMessage> thread(const std::string& channel, const std::string& thread_ts) const override;
    const SlackMessage* find_message(const std::string& channel, const std::string& ts) const override;
    const SlackMessage* last_message(const std::string& channel) const override;
    std::string status(const std::string& channel, const std::string& thread_ts) const override;
    std::vector<boost::json::object> open_views(const std::string& user) const override;
    const boost::json::object* home_view(const std::string& user) const override;
    std::optional<std::string> file_content(const std::string& file_id) const override;

    std::string say(const std::string& user, const std::string& channel, const std::string& text,
                    const std::string& thread_ts, std::optional<std::string> ts) override;
    std::string share_file(const std::string& user, const std::string& channel, const std::string& name,
                           const std::string& content, const std::string& text, const std::string& thread_ts) override;
    void edit(const std::string& channel, const std::string& ts, const std::string& text) override;
    void remove(const std::string& channel, const std::string& ts) override;
    void unfurl(const std::string& channel, const std::string& ts, const std::string& url) override;
    std::string forward(const std::string& user, const std::string& from_channel, const std::string& from_ts,
                        const std::string& channel, const std::string& text, const std::string& thread_ts) override;
    std::string speak(const std::string& user, const std::string& channel, std::optional<std::string> transcript,
                      const std::string& thread_ts) override;
    std::string run_workflow(const std::string& name, const std::string& channel, const std::string& text) override;
    void share_channel(const std::string& channel, bool shared) override;
    void invite_bot(const std::string& user, const std::string& channel) override;
    void react(const std::string& user, const std::string& channel, const std::string& ts, const std::string& name,
               bool add) override;
    void open_home(const std::string& user, const std::string& tab) override;
    std::string open_agent_pane(const std::string& user, const std::string& viewing_channel) override;
    bool press(const std::string& user, const std::string& channel, const std::string& ts, boost::json::object action,
               boost::json::object state) override;
    bool press_view(const std::string& user, const std::string& view_id, boost::json::object action,
                    boost::json::object state) override;
    void slash(const std::string& user, const std::string& channel, const std::string& command,
               const std::string& text) override;
    void message_shortcut(const std::string& user, const std::string& channel, const std::string& ts,
                          const std::string& callback_id) override;
    void global_shortcut(const std::string& user, const std::string& callback_id) override;
    void submit_view(const std::string& user, const std::string& view_id, boost::json::object state_values) override;
    void close_view(const std::string& user, const std::string& view_id) override;
    void stop_session(const std::string& user, const std::string& channel, const std::string& thread_ts) override;
    boost::asio::awaitable<std::optional<boost::json::object>> suggest(const std::string& user,
                                                                       const std::string& channel,
                                                                       const std::string& ts,
                                                                       const std::string& action_id,
                                                                       const std::string& typed) override;
    boost::asio::awaitable<std::optional<boost::json::object>> suggest_view(const std::string& user,
                                                                            const std::string& view_id,
                                                                            const std::string& action_id,
                                                                            const std::string& typed) override;

    int open_connections() const override { return hub_.open_connections(); }
    std::vector<int> connection_ids() const override { return hub_.connection_ids(); }
    std::string send_envelope(const std::string& type, boost::json::object payload, int connection,
                              bool redeliver) override;
    std::string send_event(boost::json::object event, int connection, std::string event_id, int retry_attempt) override;
    void send_raw_text(int connection, const std::string& text) override {
        hub_.send_raw(connection, WsOpcode::text, text);
    }
    void send_raw_binary(int connection, const std::string& bytes) override {
        hub_.send_raw(connection, WsOpcode::binary, bytes);
    }
    void send_ping(int connection, const std::string& payload) override {
        hub_.send_raw(connection, WsOpcode::ping, payload);
    }
    void send_disconnect(int connection, const std::string& reason) override {
        hub_.send_disconnect(connection, reason);
    }
    void close_connection(int connection, std::uint16_t code) override { hub_.close_connection(connection, code); }
    void drop_connection(int connection, bool reset) override { hub_.drop_connection(connection, reset); }

    const std::vector<SlackCall>& calls() const override { return calls_; }
    std::vector<SlackCall> calls_of(const std::string& method) const override;
    const std::vector<SlackAck>& acks() const override { return hub_.acks(); }
    std::size_t deliveries(const std::string& event_id) const override { return hub_.deliveries(event_id); }
    std::vector<std::string> pongs(int connection) const override { return hub_.pongs(connection); }
    const std::vector<std::string>& violations() const override { return hub_.violations(); }
    void on_change(std::function<void(const boost::json::object&)> listener) override {
        listeners_.push_back(std::move(listener));
    }
    boost::json::object snapshot(const std::string& user) const override;

 private:
    // HTTP (slack_server.cpp).
    boost::asio::awaitable<net::ServerReply> handle(net::ServerRequest request);
    boost::asio::awaitable<net::ServerReply> handle_api(net::ServerRequest request, std::string method);
    boost::asio::awaitable<net::ServerReply> handle_response_url(net::ServerRequest request);
    boost::asio::awaitable<net::ServerReply> handle_upload(net::ServerRequest request, std::string token);
    net::ServerReply handle_upgrade(const net::ServerRequest& request);
    net::ServerReply handle_file(const net::ServerRequest& request) const;
    std::string new_socket_url();
    std::optional<SlackFaults::CallFault> take_fault(const std::string& method);
    WebReply open_fault(bool& taken);
    void record(SlackCall call);
    net::ServerReply api_reply(const WebReply& answer) const;
    boost::asio::awaitable<void> housekeep();

    // Events (slack_server.cpp).
    void emit(boost::json::object event, const std::string& channel);
    void deliver(boost::json::object event, const std::string& channel);
    // The wrapper around an event of `channel`, as its sharing makes it.
    boost::json::object wrap(boost::json::object event, const std::string& channel, const std::string& event_id) const;
    void tell(boost::json::object change);
    void notice(const std::string& user, const std::string& channel, const std::string& text);

    // What people do (slack_people.cpp).
    void send_interaction(boost::json::object payload, const std::string& user, const std::string& channel);
    boost::asio::awaitable<std::optional<boost::json::object>> ask_options(boost::json::object payload);
    void take_submission(const std::string& user, const std::string& view_id, const boost::json::value* payload);

    boost::asio::any_io_executor executor_;
    SlackOptions options_;
    SlackFaults faults_;
    Random random_;
    SlackWorkspace workspace_;
    WebApi api_;
    SocketHub hub_;
    std::map<std::string, TimePoint> tickets_;                  // request target of an unused socket URL, and its end
    std::map<std::string, boost::json::object> message_state_;  // "channel ts" -> state.values
    std::vector<SlackCall> calls_;
    std::vector<std::function<void(const boost::json::object&)>> listeners_;
    TaskGroup tasks_;
    std::unique_ptr<net::HttpServer> http_;
};

}  // namespace genie_slack::sandbox
