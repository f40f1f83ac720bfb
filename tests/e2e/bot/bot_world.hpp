// The real binary between the local Slack and the local Databricks.
#pragma once

#include "core/task_group.hpp"
#include "sandbox/genie/genie_server.hpp"
#include "sandbox/slack/slack_server.hpp"
#include "tests/catch.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <csignal>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace genie_slack::test {

using namespace std::chrono_literals;

inline sandbox::GenieOptions quick_genie(int spaces = 1) {
    sandbox::GenieOptions options;
    options.status_time = Duration::zero();
    options.spaces = spaces;
    return options;
}

// A workspace into which the app was installed with our manifest: other methods miss a scope, other events do not come.
inline sandbox::SlackOptions with_manifest() {
    std::ifstream file(GENIE_SLACK_SOURCE_DIR "/resources/slack-manifest.json");
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const auto manifest = boost::json::parse(text);
    const auto list = [&](const char* pointer) {
        std::vector<std::string> texts;
        for (const auto& item : manifest.at_pointer(pointer).as_array())
            texts.emplace_back(item.as_string());
        return texts;
    };
    sandbox::SlackOptions options;
    options.bot_scopes = list("/oauth_config/scopes/bot");
    options.bot_events = list("/settings/event_subscriptions/bot_events");
    return options;
}

inline std::uint16_t free_port(boost::asio::io_context& context) {
    namespace ip = boost::asio::ip;
    const ip::tcp::endpoint any(ip::address_v4::loopback(), 0);
    return ip::tcp::acceptor(context, any).local_endpoint().port();
}

// One GET on loopback, the whole answer; "" when nobody listens.
inline std::string get(boost::asio::io_context& context, std::uint16_t port, const std::string& path) {
    namespace ip = boost::asio::ip;
    ip::tcp::socket socket(context);
    boost::system::error_code failure;
    socket.connect(ip::tcp::endpoint(ip::address_v4::loopback(), port), failure);
    if (failure)
        return "";
    const std::string request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    boost::asio::write(socket, boost::asio::buffer(request), failure);
    std::string answer;
    boost::asio::read(socket, boost::asio::dynamic_buffer(answer), failure);
    return answer;
}

// The first element of a message whose action_id starts with `prefix`, with its block's id; empty when there is none.
inline boost::json::object find_element(const sandbox::SlackMessage& message, const std::string& prefix) {
    for (const auto& block : message.blocks) {
        const auto& object = block.as_object();
        for (const char* place : {"elements", "accessory"}) {
            const auto* found = object.if_contains(place);
            if (!found)
                continue;
            const boost::json::array elements = found->is_array() ? found->as_array() : boost::json::array{*found};
            for (const auto& element : elements) {
                if (!element.is_object())
                    continue;
                const auto* id = element.as_object().if_contains("action_id");
                if (id && std::string(id->as_string()).rfind(prefix, 0) == 0) {
                    boost::json::object action = element.as_object();
                    if (const auto* block_id = object.if_contains("block_id"))
                        action["block_id"] = *block_id;
                    return action;
                }
            }
        }
    }
    return {};
}

class BotWorld {
 public:
    explicit BotWorld(sandbox::GenieOptions genie_options = quick_genie(),
                      sandbox::SlackOptions slack_options = with_manifest())
        : tasks_(context_.get_executor(), "look-alikes"),
          slack_(sandbox::create_slack_server(context_.get_executor(), std::move(slack_options))),
          genie_(sandbox::create_genie_server(context_.get_executor(), std::move(genie_options))) {
        tasks_.spawn("slack", slack_->run());
        tasks_.spawn("genie", genie_->run());
    }
    ~BotWorld() {
        check_output();
        bot_.reset();
        tasks_.cancel();
        run(context_, tasks_.join(Deadline::after(10s)));
    }

    std::string env_file = "/dev/null";
    std::string program = GENIE_SLACK_BINARY;

    std::map<std::string, std::string> environment() const {
        return {{"SLACK_API_URL", slack_->api_url()},
                {"SLACK_APP_TOKEN", slack_->options().app_token},
                {"SLACK_BOT_TOKEN", slack_->options().bot_token},
                {"DATABRICKS_HOST", genie_->host()},
                {"DATABRICKS_TOKEN", genie_->options().token},
                {"IS_LOCAL", "true"}};
    }

    // Starts the bot; `changes` are put over the environment ("" removes a variable).
    void start(const std::map<std::string, std::string>& changes = {}, std::vector<std::string> arguments = {}) {
        auto variables = environment();
        for (const auto& [name, value] : changes)
            if (value.empty())
                variables.erase(name);
            else
                variables[name] = value;
        arguments.insert(arguments.begin(), {"--env-file", env_file});
        check_output();
        bot_ = std::make_unique<ChildProcess>(program, std::move(arguments), std::move(variables));
    }
    void start_connected(const std::map<std::string, std::string>& changes = {}) {
        start(changes);
        REQUIRE(wait([this] { return slack_->open_connections() >= 1; }));
    }

    template <class Condition>
    bool wait(Condition done, Duration limit = patience(30s)) {
        return run_until(context_, std::move(done), limit);
    }
    // The exit code, or -1 when it did not end in time.
    int wait_for_exit(Duration limit = 30s) {
        wait([this] { return bot_->exit_code().has_value(); }, patience(limit));
        return bot_->exit_code().value_or(-1);
    }

    // What stands in a message: its text and its blocks.
    static std::string shown(const sandbox::SlackMessage& message) {
        return message.text + "\n" + boost::json::serialize(message.blocks);
    }
    // The bot's messages in a thread that everybody sees, without those of files.
    std::vector<sandbox::SlackMessage> answers(const std::string& channel, const std::string& thread) const {
        auto messages = slack_->thread(channel, thread);
        std::erase_if(messages, [](const sandbox::SlackMessage& message) {
            return message.bot_id.empty() || !message.files.empty() || !message.ephemeral_for.empty();
        });
        return messages;
    }
    // What the bot said to the person alone, in the thread, or in its channel while the thread had no replies.
    std::vector<sandbox::SlackMessage> notes(const std::string& channel, const std::string& thread) const {
        auto messages = slack_->messages(channel);
        std::erase_if(messages, [&](const sandbox::SlackMessage& message) {
            const bool is_elsewhere = !message.thread_ts.empty() && message.thread_ts != thread;
            return message.ephemeral_for != person() || is_elsewhere;
        });
        return messages;
    }
    // The files that the bot put into a thread.
    std::vector<boost::json::object> files(const std::string& channel, const std::string& thread) const {
        std::vector<boost::json::object> found;
        for (const auto& message : slack_->thread(channel, thread))
            if (!message.bot_id.empty())
                for (const auto& file : message.files)
                    found.push_back(file.as_object());
        return found;
    }
    // Waits until the bot's last message in the thread holds `text`.
    bool wait_for_answer(const std::string& channel, const std::string& thread, const std::string& text) {
        return wait([&] {
            const auto messages = answers(channel, thread);
            return !messages.empty() && shown(messages.back()).find(text) != std::string::npos;
        });
    }

    // What a searchable list in the message offers the person for what is typed.
    boost::json::array suggestions(const sandbox::SlackMessage& message, const std::string& action_id,
                                   const std::string& typed) {
        auto answer = run(context_, slack_->suggest(person(), message.channel, message.ts, action_id, typed));
        REQUIRE(answer);
        return answer->at("options").as_array();
    }

    std::string channel() const {
        for (const auto& candidate : slack_->channels())
            if (!candidate.is_im && candidate.bot_is_member)
                return candidate.id;
        return "";
    }
    std::string person() const {
        for (const auto& candidate : slack_->users())
            if (!candidate.is_bot)
                return candidate.id;
        return "";
    }
    std::string mention() const { return "<@" + slack_->options().bot_user_id + "> "; }
    // The person asks in the channel; the ts of the question.
    std::string ask(const std::string& question, const std::string& thread = "") {
        return slack_->say(person(), channel(), mention() + question, thread);
    }

    boost::asio::io_context& context() { return context_; }
    sandbox::SlackServer& slack() { return *slack_; }
    sandbox::GenieServer& genie() { return *genie_; }
    ChildProcess& bot() { return *bot_; }

 private:
    // Whatever happens in a test, no secret is ever written.
    void check_output() const {
        if (!bot_)
            return;
        const std::string output = bot_->output();
        for (const std::string* secret :
             {&slack_->options().app_token, &slack_->options().bot_token, &genie_->options().token}) {
            const bool is_told = output.find(*secret) != std::string::npos;
            CHECK_FALSE(is_told);
        }
    }

    boost::asio::io_context context_;
    TaskGroup tasks_;
    std::unique_ptr<sandbox::SlackServer> slack_;
    std::unique_ptr<sandbox::GenieServer> genie_;
    std::unique_ptr<ChildProcess> bot_;
};

}  // namespace genie_slack::test
