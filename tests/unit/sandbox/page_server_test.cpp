#include "sandbox/page/page_server.hpp"
#include "core/task_group.hpp"
#include "tests/catch.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>

#include <algorithm>

namespace page_server_test {

using namespace genie_slack;
using namespace genie_slack::sandbox;
namespace asio = boost::asio;
namespace json = boost::json;
using asio::ip::tcp;

// The three servers on one loop, stopped at the end.
struct Sandbox {
    Sandbox()
        : slack(create_slack_server(context.get_executor())),
          genie(create_genie_server(context.get_executor(), genie_options())),
          page(create_page_server(context.get_executor(), page_options(), *slack, *genie)),
          tasks(context.get_executor(), "test") {
        tasks.spawn("slack", slack->run());
        tasks.spawn("genie", genie->run());
        tasks.spawn("page", page->run());
    }
    ~Sandbox() {
        tasks.cancel();
        test::run_until(context, [this] { return tasks.size() == 0; });
    }
    static GenieOptions genie_options() {
        GenieOptions options;
        options.status_time = {};
        return options;
    }
    static PageOptions page_options() {
        PageOptions options;
        options.watch_interval = std::chrono::milliseconds(20);
        options.max_backlog = 4;
        return options;
    }
    std::string person() const {
        const auto& users = slack->users();
        const auto found = std::find_if(users.begin(), users.end(), [](const SlackUser& user) { return !user.is_bot; });
        return found->id;
    }
    std::string channel() const {
        const auto& channels = slack->channels();
        const auto found = std::find_if(channels.begin(), channels.end(), [](const SlackChannel& channel) {
            return !channel.is_im && channel.bot_is_member && !channel.is_archived;
        });
        return found->id;
    }
    std::string host() const { return "127.0.0.1:" + std::to_string(page->port()); }

    asio::io_context context;
    std::unique_ptr<SlackServer> slack;
    std::unique_ptr<GenieServer> genie;
    std::unique_ptr<PageServer> page;
    TaskGroup tasks;
};

struct Reply {
    int status = 0;
    std::string head;
    std::string body;

    bool has_header(const std::string& line) const { return head.find("\r\n" + line) != std::string::npos; }
};

asio::awaitable<tcp::socket> connect(std::uint16_t port) {
    tcp::socket socket(co_await asio::this_coro::executor);
    co_await socket.async_connect(tcp::endpoint(asio::ip::address_v4::loopback(), port), asio::use_awaitable);
    co_return std::move(socket);
}

asio::awaitable<Reply> exchange(std::uint16_t port, std::string request) {
    tcp::socket socket = co_await connect(port);
    co_await asio::async_write(socket, asio::buffer(request), asio::use_awaitable);
    std::string all;
    boost::system::error_code end;
    co_await asio::async_read(socket, asio::dynamic_buffer(all), asio::redirect_error(asio::use_awaitable, end));
    Reply reply;
    const auto split = all.find("\r\n\r\n");
    reply.head = all.substr(0, split);
    reply.body = split == std::string::npos ? std::string() : all.substr(split + 4);
    reply.status = std::stoi(all.substr(9, 3));
    co_return reply;
}

Reply get(Sandbox& sandbox, const std::string& target, const std::string& host = {}, const std::string& more = {}) {
    const std::string request = "GET " + target + " HTTP/1.1\r\nHost: " + (host.empty() ? sandbox.host() : host) +
                                "\r\nConnection: close\r\n" + more + "\r\n";
    return test::run(sandbox.context, exchange(sandbox.page->port(), request));
}

Reply post(Sandbox& sandbox, const std::string& action, const json::object& body, const std::string& more = {},
           const std::string& content_type = "application/json") {
    const std::string text = json::serialize(body);
    const std::string request = "POST /ui/" + action + " HTTP/1.1\r\nHost: " + sandbox.host() +
                                "\r\nConnection: close\r\nContent-Type: " + content_type +
                                "\r\nContent-Length: " + std::to_string(text.size()) + "\r\n" + more + "\r\n" + text;
    return test::run(sandbox.context, exchange(sandbox.page->port(), request));
}

json::object said(Sandbox& sandbox, const std::string& text) {
    json::object body;
    body["user"] = sandbox.person();
    body["channel"] = sandbox.channel();
    body["text"] = text;
    return body;
}

// An open event stream that remembers what came.
struct Listener {
    explicit Listener(Sandbox& sandbox_)
        : sandbox(sandbox_), socket(sandbox.context), tasks(sandbox.context.get_executor(), "listener") {
        tasks.spawn("listen", listen());
    }
    ~Listener() {
        tasks.cancel();
        test::run_until(sandbox.context, [this] { return tasks.size() == 0; });
    }
    asio::awaitable<void> listen() {
        socket = co_await connect(sandbox.page->port());
        const std::string request =
            "GET /ui/events?user=" + sandbox.person() + " HTTP/1.1\r\nHost: " + sandbox.host() + "\r\n\r\n";
        co_await asio::async_write(socket, asio::buffer(request), asio::use_awaitable);
        char piece[4096];
        while (true) {
            const std::size_t count = co_await socket.async_read_some(asio::buffer(piece), asio::use_awaitable);
            received.append(piece, count);
        }
    }
    bool wait_for(const std::string& text) {
        return test::run_until(sandbox.context, [&] { return received.find(text) != std::string::npos; });
    }

    // What came as changes of the workspace: beside them there is the log of the bot's calls, which is for whoever
    // develops.
    std::string changes() const {
        const std::string name = "event: change\n";
        std::string found;
        for (auto at = received.find(name); at != std::string::npos; at = received.find(name, at + 1))
            found += received.substr(at, received.find("\n\n", at) - at);
        return found;
    }

    Sandbox& sandbox;
    tcp::socket socket;
    std::string received;
    TaskGroup tasks;
};

// What the bot does: a method of Slack's Web API.
void call_slack(Sandbox& sandbox, const std::string& method, const json::object& arguments) {
    const std::string text = json::serialize(arguments);
    const std::string request =
        "POST /api/" + method + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer " +
        sandbox.slack->options().bot_token +
        "\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: " + std::to_string(text.size()) +
        "\r\n\r\n" + text;
    const Reply reply = test::run(sandbox.context, exchange(sandbox.slack->port(), request));
    INFO(reply.body);
    REQUIRE(reply.body.find("\"ok\":true") != std::string::npos);
}

TEST_CASE("what one person is told is sent to no other person's page") {
    Sandbox sandbox;
    SlackUser other;
    other.id = "U0OTHER";
    other.name = "other";
    sandbox.slack->add_user(other);
    const std::string own = sandbox.slack->direct_message(sandbox.person());
    const std::string theirs = sandbox.slack->direct_message(other.id);
    Listener listener(sandbox);
    REQUIRE(listener.wait_for("snapshot"));
    const std::string channel = sandbox.channel();
    call_slack(sandbox, "chat.postEphemeral", {{"channel", channel}, {"user", other.id}, {"text", "a note aside"}});
    call_slack(sandbox, "chat.postMessage", {{"channel", theirs}, {"text", "a word to somebody else"}});
    sandbox.slack->say(other.id, theirs, "what somebody else says to the bot");
    call_slack(sandbox, "chat.postEphemeral",
               {{"channel", channel}, {"user", sandbox.person()}, {"text", "my own note"}});
    call_slack(sandbox, "chat.postMessage", {{"channel", own}, {"text", "a word to me"}});
    const auto came = [&](const char* text) { return listener.changes().find(text) != std::string::npos; };
    REQUIRE(test::run_until(sandbox.context, [&] { return came("a word to me"); }));
    CHECK(came("my own note"));
    CHECK_FALSE(came("a note aside"));
    CHECK_FALSE(came("somebody else"));
}

TEST_CASE("the page is served with a policy that allows nothing from elsewhere") {
    Sandbox sandbox;
    const Reply reply = get(sandbox, "/");
    CHECK(reply.status == 200);
    CHECK(reply.has_header("Content-Type: text/html; charset=utf-8"));
    CHECK(reply.has_header("X-Content-Type-Options: nosniff"));
    const auto policy = reply.head.find("Content-Security-Policy: default-src 'none'; script-src 'self'");
    CHECK(policy != std::string::npos);
    CHECK(reply.head.find("unsafe") == std::string::npos);
    CHECK(reply.body.find("app.js") != std::string::npos);
}

TEST_CASE("every file that the page names is compiled in") {
    Sandbox sandbox;
    const Reply script = get(sandbox, "/app.js");
    CHECK(script.status == 200);
    CHECK(script.has_header("Content-Type: text/javascript; charset=utf-8"));
    const std::string from = " from './";
    std::size_t found = 0;
    for (auto at = script.body.find(from); at != std::string::npos; at = script.body.find(from, at + 1)) {
        const auto start = at + from.size();
        const std::string name = script.body.substr(start, script.body.find('\'', start) - start);
        INFO(name);
        CHECK(page_file(name));
        ++found;
    }
    CHECK(found > 5);
    CHECK(get(sandbox, "/page.css").status == 200);
    CHECK(get(sandbox, "/nothing.js").status == 404);
    CHECK(get(sandbox, "/../main.cpp").status == 404);
}

TEST_CASE("a request under a foreign host name is refused, so that DNS rebinding reaches nothing") {
    Sandbox sandbox;
    const std::string port = std::to_string(sandbox.page->port());
    CHECK(get(sandbox, "/", "evil.example:" + port).status == 403);
    CHECK(get(sandbox, "/ui/state", "evil.example").status == 403);
    CHECK(get(sandbox, "/", "127.0.0.1:1").status == 403);
    CHECK(get(sandbox, "/", "localhost:" + port).status == 200);
}

TEST_CASE("another site's page can neither act nor read") {
    Sandbox sandbox;
    const json::object body = said(sandbox, "hello");
    CHECK(post(sandbox, "say", body, "Origin: http://evil.example\r\n").status == 403);
    CHECK(post(sandbox, "say", body, "Sec-Fetch-Site: cross-site\r\n").status == 403);
    CHECK(post(sandbox, "say", body, "", "text/plain").status == 415);
    CHECK(get(sandbox, "/ui/state", "", "Sec-Fetch-Site: cross-site\r\n").status == 403);
    CHECK(sandbox.slack->messages(sandbox.channel()).empty());
    CHECK(
        post(sandbox, "say", body, "Origin: http://" + sandbox.host() + "\r\nSec-Fetch-Site: same-origin\r\n").status ==
        200);
    CHECK(sandbox.slack->messages(sandbox.channel()).size() == 1);
}

TEST_CASE("what a person says in the page is a message of the workspace") {
    Sandbox sandbox;
    const Reply reply = post(sandbox, "say", said(sandbox, "hello <b>there</b>"));
    REQUIRE(reply.status == 200);
    const std::string ts(json::parse(reply.body).at("ts").as_string());
    const SlackMessage* message = sandbox.slack->find_message(sandbox.channel(), ts);
    REQUIRE(message);
    CHECK(message->user == sandbox.person());
    CHECK(message->text == "hello <b>there</b>");
}

TEST_CASE("wrong arguments are answered with what is wrong") {
    Sandbox sandbox;
    json::object body = said(sandbox, "hello");
    body["channel"] = "C0NOWHERE";
    const Reply unknown = post(sandbox, "say", body);
    CHECK(unknown.status == 400);
    CHECK(unknown.body.find("no such channel") != std::string::npos);
    body = said(sandbox, "hello");
    body.erase("text");
    CHECK(post(sandbox, "say", body).status == 400);
    CHECK(post(sandbox, "fly", body).status == 404);
    CHECK(get(sandbox, "/ui/nothing").status == 404);
}

TEST_CASE("only the writer of a message can change or delete it in the page") {
    Sandbox sandbox;
    SlackUser other;
    other.id = "U0OTHER";
    other.name = "other";
    sandbox.slack->add_user(other);
    const std::string ts = sandbox.slack->say(sandbox.person(), sandbox.channel(), "first");
    json::object body = said(sandbox, "second");
    body["ts"] = ts;
    body["user"] = "U0OTHER";
    CHECK(post(sandbox, "edit", body).status == 400);
    CHECK(post(sandbox, "remove", body).status == 400);
    body["user"] = sandbox.person();
    CHECK(post(sandbox, "edit", body).status == 200);
    CHECK(sandbox.slack->find_message(sandbox.channel(), ts)->text == "second");
    CHECK(post(sandbox, "remove", body).status == 200);
    CHECK(post(sandbox, "remove", body).status == 404);
}

TEST_CASE("the page is told that a deleted message with replies is one") {
    Sandbox sandbox;
    const std::string ts = sandbox.slack->say(sandbox.person(), sandbox.channel(), "a root");
    sandbox.slack->say(sandbox.person(), sandbox.channel(), "a reply", ts);
    json::object body = said(sandbox, "");
    body["ts"] = ts;
    REQUIRE(post(sandbox, "remove", body).status == 200);
    CHECK(get(sandbox, "/ui/state").body.find("\"subtype\":\"tombstone\"") != std::string::npos);
}

TEST_CASE("a listening page gets a snapshot first and then each change") {
    Sandbox sandbox;
    Listener listener(sandbox);
    REQUIRE(listener.wait_for("event: snapshot\n"));
    CHECK(sandbox.page->clients() == 1);
    CHECK(listener.received.find("unsaid words") == std::string::npos);
    sandbox.slack->say(sandbox.person(), sandbox.channel(), "unsaid words");
    REQUIRE(listener.wait_for("unsaid words"));
    CHECK(listener.received.find("event: change\n") != std::string::npos);
}

TEST_CASE("a page that cannot keep up gets a new snapshot instead of what it missed") {
    Sandbox sandbox;
    Listener listener(sandbox);
    REQUIRE(listener.wait_for("event: snapshot\n"));
    const std::size_t before = listener.received.size();
    for (int i = 0; i < 40; ++i)
        sandbox.slack->say(sandbox.person(), sandbox.channel(), "word " + std::to_string(i));
    REQUIRE(listener.wait_for("word 39"));
    CHECK(listener.received.find("event: snapshot\n", before) != std::string::npos);
}

// Of the partner with whom channels are shared.
std::string stranger(Sandbox& sandbox) {
    SlackUser other;
    other.id = "U2OTHER";
    other.name = "other";
    other.team_id = "T0PARTNER";
    other.organisation = "Partner";
    return sandbox.slack->add_user(other).id;
}

json::object in_channel(const std::string& user, const std::string& channel) {
    json::object body;
    body["user"] = user;
    body["channel"] = channel;
    return body;
}

std::string ts_of(const Reply& reply) {
    REQUIRE(reply.status == 200);
    return std::string(json::parse(reply.body).at("ts").as_string());
}

TEST_CASE("a channel is shared and unshared in the page, and a stranger writes only while it is") {
    Sandbox sandbox;
    const std::string other = stranger(sandbox);
    json::object hello = in_channel(other, sandbox.channel());
    hello["text"] = "hello";
    const Reply outside = post(sandbox, "say", hello);
    CHECK(outside.status == 400);
    CHECK(outside.body.find("not in the channel") != std::string::npos);

    json::object share = in_channel(sandbox.person(), sandbox.channel());
    share["shared"] = true;
    CHECK(post(sandbox, "share_channel", share).status == 200);
    CHECK(post(sandbox, "say", hello).status == 200);
    json::object unshare = in_channel(other, sandbox.channel());
    CHECK(post(sandbox, "share_channel", unshare).status == 400);
    unshare["user"] = sandbox.person();
    CHECK(post(sandbox, "share_channel", unshare).status == 200);
    CHECK(post(sandbox, "say", hello).status == 400);
}

TEST_CASE("the bot is invited into a channel in the page, once") {
    Sandbox sandbox;
    sandbox::SlackChannel closed;
    closed.id = "C0CLOSED1";
    closed.name = "closed";
    closed.bot_is_member = false;
    sandbox.slack->add_channel(closed);
    const json::object invite = in_channel(sandbox.person(), closed.id);
    const auto is_member = [&] {
        const std::string state = get(sandbox, "/ui/state?user=" + sandbox.person()).body;
        const std::size_t at = state.find(closed.id);
        REQUIRE(at != std::string::npos);
        return state.find(R"("bot_is_member":true)", at) < state.find('}', at);
    };
    CHECK_FALSE(is_member());
    CHECK(post(sandbox, "invite", invite).status == 200);
    CHECK(is_member());
    CHECK(post(sandbox, "invite", invite).status == 200);
}

TEST_CASE("a stranger's page gets a channel with its messages when it is shared") {
    Sandbox sandbox;
    const std::string other = stranger(sandbox);
    sandbox.slack->say(sandbox.person(), sandbox.channel(), "words of before");
    const std::string target = "/ui/state?user=" + other;
    const std::string named = get(sandbox, target).body;
    CHECK(named.find("words of before") == std::string::npos);
    CHECK(named.find(R"("is_stranger":true,"organisation":"Partner")") != std::string::npos);
    Listener listener(sandbox);
    REQUIRE(listener.wait_for("event: snapshot\n"));
    const std::size_t before = listener.received.size();
    sandbox.slack->share_channel(sandbox.channel(), true);
    REQUIRE(listener.wait_for(R"("is_ext_shared":true)"));
    CHECK(listener.received.find("event: snapshot\n", before) != std::string::npos);
    CHECK(get(sandbox, target).body.find("words of before") != std::string::npos);
}

TEST_CASE("a message is forwarded in the page, to channels that one sees") {
    Sandbox sandbox;
    json::object body = in_channel(sandbox.person(), sandbox.channel());
    body["ts"] = sandbox.slack->say("U0BEN", sandbox.channel(), "What was churn?");
    body["to"] = "C0NOWHERE";
    CHECK(post(sandbox, "forward", body).status == 400);
    body["to"] = sandbox.slack->direct_message("U0BEN");
    CHECK(post(sandbox, "forward", body).status == 400);
    body["to"] = sandbox.slack->direct_message(sandbox.person());
    body["text"] = "answer this";
    const std::string ts = ts_of(post(sandbox, "forward", body));
    const SlackMessage* message = sandbox.slack->find_message(std::string(body.at("to").as_string()), ts);
    REQUIRE(message);
    CHECK(message->text == "answer this");
    CHECK(message->attachments.at(0).at("text") == "What was churn?");
}

TEST_CASE("clips, workflows and previews are made in the page") {
    Sandbox sandbox;
    json::object clip = in_channel(sandbox.person(), sandbox.channel());
    const auto transcription = [&](const std::string& ts) {
        const SlackMessage* message = sandbox.slack->find_message(sandbox.channel(), ts);
        REQUIRE(message);
        return json::serialize(message->files.at(0).at("transcription"));
    };
    CHECK(transcription(ts_of(post(sandbox, "speak", clip))).find("processing") != std::string::npos);
    clip["text"] = "revenue last week";
    CHECK(transcription(ts_of(post(sandbox, "speak", clip))).find("revenue last week") != std::string::npos);

    json::object workflow = in_channel(sandbox.person(), sandbox.channel());
    workflow["name"] = "Weekly numbers";
    CHECK(post(sandbox, "run_workflow", workflow).status == 400);
    workflow["text"] = "revenue?";
    const std::string ts = ts_of(post(sandbox, "run_workflow", workflow));
    CHECK(sandbox.slack->find_message(sandbox.channel(), ts)->username == "Weekly numbers");

    json::object preview = in_channel(sandbox.person(), sandbox.channel());
    preview["ts"] = ts;
    preview["url"] = "https://example.com/";
    CHECK(post(sandbox, "unfurl", preview).status == 200);
    CHECK(sandbox.slack->find_message(sandbox.channel(), ts)->attachments.size() == 1);
}

TEST_CASE("fault switches are set by the page, and all or none of them") {
    Sandbox sandbox;
    json::object body =
        json::parse(
            R"({"slack": {"silent": true, "calls": [{"method": "chat.postMessage", "http_status": 429, "retry_after": 2}]},
                                        "genie": {"outcomes": ["FAILED"], "calls": [{"path": "/spaces", "delay": 1500}]}})")
            .as_object();
    CHECK(post(sandbox, "faults", body).status == 200);
    CHECK(sandbox.slack->faults().silent);
    REQUIRE(sandbox.slack->faults().calls.size() == 1);
    CHECK(sandbox.slack->faults().calls[0].retry_after == 2);
    REQUIRE(sandbox.genie->faults().calls.size() == 1);
    CHECK(sandbox.genie->faults().calls[0].delay == std::chrono::milliseconds(1500));
    CHECK(sandbox.genie->faults().outcomes == std::vector<std::string>{"FAILED"});

    body = json::parse(R"({"slack": {"silent": false}, "genie": {"outcomes": 3}})").as_object();
    CHECK(post(sandbox, "faults", body).status == 400);
    CHECK(sandbox.slack->faults().silent);
    body = json::parse(R"({"genie": {"no_such_switch": true}})").as_object();
    CHECK(post(sandbox, "faults", body).status == 400);
}

}  // namespace page_server_test
