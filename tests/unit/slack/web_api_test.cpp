#include "slack/api/web_api.hpp"

#include "core/log.hpp"
#include "core/task_group.hpp"
#include "slack/blocks/blocks.hpp"
#include "tests/catch.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_http.hpp"

#include <boost/json/parse.hpp>

namespace web_api_test {

using namespace genie_slack;
using namespace genie_slack::slack;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace json = boost::json;
using test::ScriptedHttp;

using Reply = ScriptedHttp::Reply;

Reply ok(std::string members = "") {
    return ScriptedHttp::json("{\"ok\":true" + members + "}");
}
Reply no(const std::string& code) {
    return ScriptedHttp::json(R"({"ok":false,"error":")" + code + "\"}");
}
Reply limited(std::string retry_after) {
    Reply reply = ScriptedHttp::json(R"({"ok":false,"error":"ratelimited"})", 429);
    if (!retry_after.empty())
        reply.result->headers.emplace_back("Retry-After", std::move(retry_after));
    return reply;
}

// The client on virtual time.
struct Slack {
    Slack() {
        WebApiOptions options;
        options.base_url = "https://slack.test/api";
        options.bot_token = Secret("xoxb-bot");
        options.app_token = Secret("xapp-app");
        api = create_web_api(context.get_executor(), http, options);
    }

    template <class T>
    T run(asio::awaitable<T> call) {
        return test::run(time, context, std::move(call));
    }
    void wait(Duration duration) { time.run_for(context, duration); }
    Duration now() const { return Clock::now() - start; }
    Duration sent_at(std::size_t index) const { return http.sent().at(index).at - start; }
    json::object body(std::size_t index) const { return json::parse(http.sent().at(index).body).as_object(); }
    std::string text(std::size_t index) const { return std::string(body(index).at("text").as_string().c_str()); }

    VirtualTime time;
    asio::io_context context;
    ScriptedHttp http;
    std::unique_ptr<WebApi> api;
    TimePoint start = Clock::now();
};

Deadline soon() {
    return Deadline::after(60s);
}
OutgoingMessage message(std::string text = "hi") {
    return OutgoingMessage("C1", std::move(text));
}

asio::awaitable<void> post_into(WebApi& api, std::string channel, std::vector<ApiResult<Posted>>& results) {
    OutgoingMessage outgoing(std::move(channel), "hi");
    ApiResult<Posted> result = co_await api.post_message(std::move(outgoing), soon());
    results.push_back(std::move(result));
}

asio::awaitable<void> update_into(WebApi& api, std::string text, std::vector<ApiResult<json::array>>& results) {
    OutgoingMessage outgoing("C1", std::move(text));
    ApiResult<json::array> result = co_await api.update_message("1.2", std::move(outgoing), soon());
    results.push_back(std::move(result));
}

TEST_CASE("a message is posted as JSON with the bot token and without unfurling", "[web_api]") {
    Slack slack;
    slack.http.once("chat.postMessage", ok(R"(,"channel":"C1","ts":"1.2")"));
    OutgoingMessage outgoing = message("hello");
    outgoing.thread_ts = "1.1";
    outgoing.blocks.push_back(blocks::divider());
    outgoing.metadata_type = "genie_turn";
    outgoing.metadata_payload["turn"] = "t1";

    const auto posted = slack.run(slack.api->post_message(outgoing, soon()));

    REQUIRE(posted.has_value());
    CHECK(posted->channel == "C1");
    CHECK(posted->ts == "1.2");
    const auto& sent = slack.http.last();
    CHECK(sent.method == "POST");
    CHECK(sent.url == "https://slack.test/api/chat.postMessage");
    CHECK(sent.header("Authorization") == "Bearer xoxb-bot");
    CHECK(sent.header("Content-Type") == "application/json; charset=utf-8");
    CHECK(slack.body(0) == json::parse(R"({"channel":"C1","thread_ts":"1.1","text":"hello",
        "blocks":[{"type":"divider"}],"metadata":{"event_type":"genie_turn","event_payload":{"turn":"t1"}},
        "unfurl_links":false,"unfurl_media":false})"));
}

TEST_CASE("reads go out as forms", "[web_api]") {
    Slack slack;
    slack.http.once("conversations.info",
                    ok(R"(,"channel":{"id":"C1","name":"sales","is_private":true,"is_ext_shared":null})"));
    slack.http.once("users.info",
                    ok(R"(,"user":{"id":"U1","team_id":"T1","name":"ana","tz":"Europe/Berlin","tz_offset":3600,
        "locale":"de-DE","is_restricted":true,"profile":{"display_name":"","real_name":"Ana B","email":"ana@x.test"}})"));
    slack.http.once("conversations.open", ok(R"(,"channel":{"id":"D7"})"));

    const auto channel = slack.run(slack.api->conversation_info("C 1&x", soon()));
    REQUIRE(channel.has_value());
    CHECK(channel->name == "sales");
    CHECK(channel->is_private);
    CHECK_FALSE(channel->is_ext_shared);
    CHECK(slack.http.last().header("Content-Type") == "application/x-www-form-urlencoded");
    CHECK(slack.http.last().body == "channel=C%201%26x");

    const auto user = slack.run(slack.api->user_info("U1", soon()));
    REQUIRE(user.has_value());
    CHECK(user->name == "Ana B");
    CHECK(user->email == "ana@x.test");
    CHECK(user->locale == "de-DE");
    CHECK(user->utc_offset == std::chrono::hours(1));
    CHECK(user->is_guest);
    CHECK(slack.http.last().body == "user=U1&include_locale=true");

    CHECK(slack.run(slack.api->conversation_open("U1", soon())).value() == "D7");
}

TEST_CASE("auth.test tells who we are and what we may", "[web_api]") {
    Slack slack;
    Reply reply = ok(R"(,"url":"https://acme.slack.com/","team":"Acme","user":"genie","team_id":"T1","user_id":"UBOT",
        "bot_id":"B1","is_enterprise_install":false,"enterprise_id":null)");
    reply.result->headers.emplace_back("x-oauth-scopes", "chat:write, im:history,users:read");
    slack.http.once("auth.test", reply);

    const auto identity = slack.run(slack.api->auth_test(soon()));

    REQUIRE(identity.has_value());
    CHECK(identity->user_id == "UBOT");
    CHECK(identity->bot_id == "B1");
    CHECK(identity->team_id == "T1");
    CHECK(identity->enterprise_id.empty());
    CHECK(identity->scopes == std::vector<std::string>{"chat:write", "im:history", "users:read"});
}

TEST_CASE("connections are opened with the app token and not repeated here", "[web_api]") {
    Slack slack;
    slack.http.once("apps.connections.open", ScriptedHttp::raw(500, "", "text/plain"));
    slack.http.once("apps.connections.open", ok(R"(,"url":"wss:\/\/x.slack.com\/link\/?ticket=t&app_id=a")"));

    const auto failed = slack.run(slack.api->connections_open(soon()));
    REQUIRE(failed.has_error());
    CHECK(failed.error().fault == ApiFault::transient);
    CHECK(slack.http.sent().size() == 1);
    CHECK(slack.http.last().header("Authorization") == "Bearer xapp-app");

    const auto url = slack.run(slack.api->connections_open(soon()));
    REQUIRE(url.has_value());
    CHECK(url->reveal() == "wss://x.slack.com/link/?ticket=t&app_id=a");
}

TEST_CASE("a post whose outcome is unknown is never repeated", "[web_api]") {
    for (const Reply& lost :
         {ScriptedHttp::broken(net::NetFault::io, true), ScriptedHttp::raw(503, "", "text/plain"), no("fatal_error"),
          no("internal_error"), ScriptedHttp::raw(200, "<html>", "text/html"), ScriptedHttp::late(ok(), 10min)}) {
        Slack slack;
        slack.http.always("chat.postMessage", lost);
        const auto posted = slack.run(slack.api->post_message(message(), Deadline::after(10min)));
        REQUIRE(posted.has_error());
        CHECK(posted.error().fault == ApiFault::ambiguous);
        CHECK(slack.http.sent().size() == 1);
    }
}

TEST_CASE("a post that was not written is repeated", "[web_api]") {
    Slack slack;
    slack.http.once("chat.postMessage", ScriptedHttp::broken(net::NetFault::connect, false));
    slack.http.once("chat.postMessage", ScriptedHttp::broken(net::NetFault::connect, false));
    slack.http.once("chat.postMessage", ok(R"(,"channel":"C1","ts":"1.2")"));
    CHECK(slack.run(slack.api->post_message(message(), soon())).has_value());
    CHECK(slack.http.sent().size() == 3);
    CHECK(slack.sent_at(1) >= 250ms);
}

TEST_CASE("an update is repeated after a 5xx, with growing waits, until the deadline", "[web_api]") {
    Slack slack;
    slack.http.always("chat.update", ScriptedHttp::raw(503, "", "text/plain"));
    const auto updated = slack.run(slack.api->update_message("1.2", message(), Deadline::after(10s)));
    REQUIRE(updated.has_error());
    CHECK(updated.error().fault == ApiFault::transient);
    CHECK(updated.error().code == "http_503");
    CHECK(slack.http.sent().size() >= 3);
    CHECK(slack.http.sent().size() <= 8);
    CHECK(slack.now() <= 10s);
}

TEST_CASE("an update tells what the message has now", "[web_api]") {
    Slack slack;
    slack.http.once("chat.update", ok(R"(,"ts":"1.2","message":{"blocks":[{"type":"plan"},{"type":"section"}]})"));
    const auto updated = slack.run(slack.api->update_message("1.2", message(), soon()));
    REQUIRE(updated.has_value());
    CHECK(json::serialize(*updated) == R"([{"type":"plan"},{"type":"section"}])");
}

TEST_CASE("an update is repeated after a lost answer", "[web_api]") {
    Slack slack;
    slack.http.once("chat.update", ScriptedHttp::broken(net::NetFault::io, true));
    slack.http.once("chat.update", ok());
    const auto updated = slack.run(slack.api->update_message("1.2", message(), soon()));
    REQUIRE(updated.has_value());
    CHECK(updated->empty());
    CHECK(slack.body(1).at("blocks").as_array().empty());
}

TEST_CASE("a 429 is waited for by every caller whom it concerns, and nobody else", "[web_api]") {
    Slack slack;
    slack.http.once("chat.postMessage", limited("7"));
    slack.http.always("chat.postMessage", ok(R"(,"channel":"C1","ts":"1.2")"));
    slack.http.always("chat.update", ok());
    TaskGroup group(slack.context.get_executor(), "test");
    std::vector<ApiResult<Posted>> results;
    group.spawn("one", post_into(*slack.api, "C1", results));
    slack.wait(1s);
    group.spawn("two", post_into(*slack.api, "C1", results));
    slack.wait(1s);
    CHECK(slack.http.sent().size() == 1);
    CHECK(slack.run(slack.api->update_message("1.2", message(), soon())).has_value());
    CHECK(slack.http.count("chat.update") == 1);
    slack.wait(10s);

    REQUIRE(results.size() == 2);
    CHECK(results[0].has_value());
    CHECK(results[1].has_value());
    REQUIRE(slack.http.count("chat.postMessage") == 3);
    // One after the other: nobody knows more than that there is one token.
    CHECK(slack.sent_at(2) == 7s);
    CHECK(slack.sent_at(3) == 8s);
}

TEST_CASE("a rate limit beyond the deadline is an error that says when to come back", "[web_api]") {
    Slack slack;
    slack.http.once("chat.postMessage", limited("30"));
    const auto first = slack.run(slack.api->post_message(message(), Deadline::after(10s)));
    REQUIRE(first.has_error());
    CHECK(first.error().fault == ApiFault::rate);
    CHECK(first.error().retry_after == std::optional<Duration>(30s));
    CHECK(slack.now() < 1s);

    const auto second = slack.run(slack.api->post_message(message(), Deadline::after(10s)));
    REQUIRE(second.has_error());
    CHECK(second.error().fault == ApiFault::rate);
    CHECK(second.error().retry_after.has_value());
    CHECK(slack.http.sent().size() == 1);
}

TEST_CASE("a refusal without Retry-After is waited for a second, then longer", "[web_api]") {
    Slack slack;
    for (int i = 0; i < 3; ++i)
        slack.http.once("chat.postMessage", limited(""));
    slack.http.always("chat.postMessage", ok(R"(,"channel":"C1","ts":"1.2")"));
    CHECK(slack.run(slack.api->post_message(message(), Deadline::after(60s))).has_value());
    CHECK(slack.http.count("chat.postMessage") == 4);
    CHECK(slack.now() >= 7s);
    CHECK(slack.now() < 9s);
}

TEST_CASE("a post tells in which thread it stands, and that Slack put it elsewhere", "[web_api]") {
    Slack slack;
    OutgoingMessage reply = message();
    reply.thread_ts = "1.1";
    slack.http.once("chat.postMessage",
                    ok(R"(,"channel":"C1","ts":"1.2","message":{"ts":"1.2","thread_ts":"1.1","text":"x"})"));
    const auto threaded = slack.run(slack.api->post_message(reply, soon()));
    REQUIRE(threaded.has_value());
    CHECK(threaded->shown);
    CHECK(threaded->thread_ts == "1.1");

    slack.http.once("chat.postMessage", ok(R"(,"channel":"C1","ts":"1.3","message":{"ts":"1.3","text":"x"})"));
    const auto stray = slack.run(slack.api->post_message(reply, soon()));
    REQUIRE(stray.has_value());
    CHECK(stray->shown);
    CHECK(stray->thread_ts.empty());

    slack.http.once("chat.postMessage", ok(R"(,"channel":"C1","ts":"1.4")"));
    CHECK_FALSE(slack.run(slack.api->post_message(reply, soon()))->shown);
}

TEST_CASE("posts to one channel keep their pace, other channels do not wait", "[web_api]") {
    Slack slack;
    slack.http.always("chat.postMessage", ok(R"(,"channel":"C1","ts":"1.2")"));
    TaskGroup group(slack.context.get_executor(), "test");
    std::vector<ApiResult<Posted>> results;
    for (int i = 0; i < 13; ++i)
        group.spawn("post", post_into(*slack.api, "C1", results));
    group.spawn("post", post_into(*slack.api, "C2", results));
    slack.wait(10s);

    REQUIRE(results.size() == 14);
    for (std::size_t i = 0; i < 11; ++i)
        CHECK(slack.sent_at(i) == 0s);
    CHECK(slack.sent_at(11) == 1s);
    CHECK(slack.sent_at(12) == 2s);
    CHECK(slack.sent_at(13) == 3s);
}

TEST_CASE("a sign of life and a look-up that find no room end at once, an answer waits", "[web_api]") {
    Slack slack;
    slack.http.always("/api/", ok(R"(,"channel":"C1","ts":"1.2")"));
    for (int i = 0; i < 10; ++i)
        CHECK(slack.run(slack.api->post_message(message(), soon())).has_value());
    CHECK(slack.api->room(methods::kPostMessage, "C1") == 0);
    CHECK(slack.api->room(methods::kPostMessage, "C2") == 1);
    CHECK(slack.api->wait_for(methods::kPostMessage, "C1") == Duration(1s));
    OutgoingMessage sign = message();
    sign.urgency = Urgency::sign;
    const auto unsent = slack.run(slack.api->post_message(sign, soon()));
    CHECK(unsent.error().fault == ApiFault::rate);
    CHECK(unsent.error().code == "no_room");
    CHECK(slack.now() == 0s);
    CHECK(slack.run(slack.api->post_message(message(), soon())).has_value());
    CHECK(slack.now() == 1s);
    for (int i = 0; i < 50; ++i)
        CHECK(slack.run(slack.api->conversation_info("C1", soon())).has_value());
    const std::size_t sent = slack.http.sent().size();
    CHECK(slack.run(slack.api->conversation_info("C1", soon())).error().code == "no_room");
    CHECK(slack.http.sent().size() == sent);
    const CallCounts& counts = slack.api->call_counts();
    CHECK(counts[Urgency::answer].waited == 1);
    CHECK(counts[Urgency::sign].not_sent == 1);
    CHECK(counts[Urgency::courtesy].not_sent == 1);
}

TEST_CASE("a post that would wait beyond its deadline is not sent", "[web_api]") {
    Slack slack;
    slack.http.always("chat.postMessage", ok(R"(,"channel":"C1","ts":"1.2")"));
    for (int i = 0; i < 10; ++i)
        CHECK(slack.run(slack.api->post_message(message(), soon())).has_value());
    const auto late = slack.run(slack.api->post_message(message(), Deadline::after(500ms)));
    REQUIRE(late.has_error());
    CHECK(late.error().fault == ApiFault::rate);
    CHECK(late.error().code == "no_room");
    CHECK(slack.http.sent().size() == 10);
    const auto expired = slack.run(slack.api->post_message(message(), Deadline::after(0s)));
    CHECK(expired.error().fault == ApiFault::transient);
    CHECK(slack.http.sent().size() == 10);
}

TEST_CASE("what breaks a limit is refused here, with the place", "[web_api]") {
    Slack slack;
    OutgoingMessage outgoing = message();
    outgoing.blocks.push_back(blocks::section(std::string(3001, 'x')));
    const auto posted = slack.run(slack.api->post_message(outgoing, soon()));
    REQUIRE(posted.has_error());
    CHECK(posted.error().fault == ApiFault::payload);
    CHECK(posted.error().code == "local_limit");
    REQUIRE(posted.error().details.size() == 1);
    CHECK_THAT(posted.error().details[0], test::contains("/blocks/0/text/text"));

    CHECK(slack.run(slack.api->update_message("1.2", message(std::string(4001, 'x')), soon())).error().code ==
          "local_limit");
    OutgoingMessage heavy = message();
    heavy.metadata_type = "t";
    heavy.metadata_payload["x"] = std::string(4000, 'x');
    CHECK(slack.run(slack.api->post_message(heavy, soon())).error().code == "local_limit");
    CHECK(slack.run(slack.api->set_suggested_prompts("D1", "", "", std::vector<WebApi::Prompt>(5), soon()))
              .error()
              .code == "local_limit");
    CHECK(slack.run(slack.api->upload_file(FileUpload(), soon())).error().code == "local_limit");
    json::array chunks;
    chunks.push_back(json::object{{"type", "markdown_text"}, {"text", std::string(12'001, 'x')}});
    CHECK(slack.run(slack.api->append_stream("C1", "1.2", chunks, soon())).error().code == "local_limit");
    CHECK(slack.http.sent().empty());
}

TEST_CASE("a message that is gone counts as deleted", "[web_api]") {
    Slack slack;
    slack.http.once("chat.delete", ScriptedHttp::broken(net::NetFault::io, true));
    slack.http.once("chat.delete", no("message_not_found"));
    CHECK(slack.run(slack.api->delete_message("C1", "1.2", soon())).has_value());
    CHECK(slack.body(0) == json::parse(R"({"channel":"C1","ts":"1.2"})"));
}

TEST_CASE("a stream starts, grows and stops", "[web_api]") {
    Slack slack;
    slack.http.once("chat.startStream", ok(R"(,"channel":"C1","ts":"1.2")"));
    slack.http.once("chat.appendStream", ok());
    slack.http.once("chat.appendStream", no("stopped_by_user"));
    slack.http.once("chat.stopStream", ScriptedHttp::broken(net::NetFault::io, true));
    StreamStart start;
    start.channel = "C1";
    start.thread_ts = "1.1";
    start.recipient_user = "U1";
    start.recipient_team = "T1";
    start.task_display_mode = "plan";
    const auto posted = slack.run(slack.api->start_stream(start, soon()));
    REQUIRE(posted.has_value());
    CHECK(posted->ts == "1.2");
    CHECK(slack.body(0) == json::parse(R"({"channel":"C1","thread_ts":"1.1","recipient_user_id":"U1",
        "recipient_team_id":"T1","task_display_mode":"plan"})"));

    json::array chunks;
    chunks.push_back(json::object{{"type", "markdown_text"}, {"text", "hi"}});
    CHECK(slack.run(slack.api->append_stream("C1", "1.2", chunks, soon())).has_value());
    CHECK(slack.run(slack.api->append_stream("C1", "1.2", chunks, soon())).error().fault == ApiFault::streaming);
    StreamStop stop;
    stop.channel = "C1";
    stop.ts = "1.2";
    CHECK(slack.run(slack.api->stop_stream(stop, soon())).error().fault == ApiFault::ambiguous);
    CHECK(slack.http.count("chat.stopStream") == 1);
}

TEST_CASE("status, title, prompts and session", "[web_api]") {
    Slack slack;
    slack.http.always("/api/", ok());
    CHECK(slack.run(slack.api->set_status("D1", "1.1", "is thinking", soon())).has_value());
    CHECK(slack.body(0) == json::parse(R"({"channel_id":"D1","thread_ts":"1.1","status":"is thinking"})"));
    CHECK(slack.run(slack.api->set_title("D1", "1.1", "Revenue", soon())).has_value());
    CHECK(slack.body(1) == json::parse(R"({"channel_id":"D1","thread_ts":"1.1","title":"Revenue"})"));
    CHECK(slack.run(slack.api->set_suggested_prompts("D1", "", "Try", {{"T", "M"}}, soon())).has_value());
    CHECK(slack.body(2) == json::parse(R"({"channel_id":"D1","title":"Try","prompts":[{"title":"T","message":"M"}]})"));
    CHECK(slack.run(slack.api->set_session_status("D1", "1.1", "processing", "", soon())).has_value());
    CHECK(slack.body(3) == json::parse(R"({"channel_id":"D1","thread_ts":"1.1","status":"processing"})"));
    CHECK(slack.run(slack.api->post_ephemeral("U1", message("psst"), soon())).has_value());
    CHECK(slack.body(4) == json::parse(R"({"channel":"C1","text":"psst","user":"U1"})"));
}

TEST_CASE("views are checked, opened once and published again", "[web_api]") {
    Slack slack;
    const json::object home = json::parse(R"({"type":"home","blocks":[{"type":"divider"}]})").as_object();
    const json::object modal =
        json::parse(R"({"type":"modal","title":{"type":"plain_text","text":"Ask"},"blocks":[]})").as_object();
    slack.http.once("views.publish", ScriptedHttp::raw(500, "", "text/plain"));
    slack.http.once("views.publish", ok());
    slack.http.once("views.open", ok(R"(,"view":{"id":"V1"})"));
    slack.http.once("views.open", no("expired_trigger_id"));
    slack.http.once("views.open", ScriptedHttp::raw(500, "", "text/plain"));
    slack.http.once("views.update", ok());

    CHECK(slack.run(slack.api->publish_view("U1", home, soon())).has_value());
    CHECK(slack.run(slack.api->open_view("t", modal, soon())).value() == "V1");
    CHECK(slack.run(slack.api->open_view("t", modal, soon())).error().fault == ApiFault::expired);
    CHECK(slack.run(slack.api->open_view("t", modal, soon())).error().fault == ApiFault::ambiguous);
    CHECK(slack.run(slack.api->update_view("V1", modal, soon())).has_value());
    CHECK(slack.run(slack.api->publish_view("U1", {}, soon())).error().code == "local_limit");
}

TEST_CASE("a thread is read page by page, each message once", "[web_api]") {
    Slack slack;
    slack.http.once("conversations.replies", ok(R"(,"messages":[{"ts":"1.1","user":"U1","text":"q"},
        {"ts":"1.2","bot_id":"B1","app_id":"A1","text":"a","metadata":{"event_type":"genie_turn",
        "event_payload":{"turn":"t1"}}}],"has_more":true,"response_metadata":{"next_cursor":"c="})"));
    slack.http.once("conversations.replies", ok(R"(,"messages":[{"ts":"1.1","user":"U1","text":"q"},{"ts":"1.3"}],
        "response_metadata":{"next_cursor":""})"));
    const auto thread = slack.run(slack.api->conversation_replies("C1", "1.1", 500, soon()));
    REQUIRE(thread.has_value());
    REQUIRE(thread->size() == 3);
    CHECK((*thread)[1].metadata_type == "genie_turn");
    CHECK((*thread)[1].metadata_payload.at("turn") == "t1");
    CHECK((*thread)[1].bot_id == "B1");
    CHECK(slack.http.sent()[0].body == "channel=C1&ts=1.1&limit=200&include_all_metadata=true");
    CHECK(slack.http.sent()[1].body == "channel=C1&ts=1.1&limit=200&include_all_metadata=true&cursor=c%3D");

    slack.http.always("conversations.replies",
                      ok(R"(,"messages":[{"ts":"1.1"},{"ts":"1.2"}],"response_metadata":{"next_cursor":"same"})"));
    const auto newest = slack.run(slack.api->conversation_replies("C1", "1.1", 1, soon()));
    REQUIRE(newest->size() == 1);
    CHECK(newest->front().ts == "1.2");
    // A cursor that does not move ends the reading.
    CHECK(slack.http.sent().size() == 4);
}

TEST_CASE("a file goes up in three steps, the content without a token", "[web_api]") {
    Slack slack;
    slack.http.once("files.getUploadURLExternal",
                    ok(R"(,"upload_url":"https://files.slack.test/upload/v1/x","file_id":"F1")"));
    slack.http.once("files.slack.test", ScriptedHttp::raw(500, "", "text/plain"));
    slack.http.once("files.slack.test", ScriptedHttp::raw(200, "OK - 4", "text/plain"));
    slack.http.once("files.completeUploadExternal",
                    ok(R"(,"files":[{"id":"F1","permalink":"https://a.slack.test/files/U/F1/r.csv"}])"));
    FileUpload file;
    file.filename = "result.csv";
    file.title = "Result";
    file.content = "a,b\n";
    file.channel = "C1";
    file.thread_ts = "1.1";
    file.alt_text = "rows";

    const auto shared = slack.run(slack.api->upload_file(file, soon()));
    REQUIRE(shared);
    CHECK(shared->id == "F1");
    CHECK(shared->name == "result.csv");
    CHECK(shared->permalink == "https://a.slack.test/files/U/F1/r.csv");

    REQUIRE(slack.http.sent().size() == 4);
    CHECK(slack.http.sent()[0].body == "filename=result.csv&length=4&alt_txt=rows");
    CHECK(slack.http.sent()[2].body == "a,b\n");
    CHECK(slack.http.sent()[2].header("Authorization").empty());
    CHECK(slack.http.sent()[2].header("Content-Type") == "application/octet-stream");
    CHECK(slack.http.sent()[3].body ==
          "files=%5B%7B%22id%22%3A%22F1%22%2C%22title%22%3A%22Result%22%7D%5D&channel_id=C1&thread_ts=1.1");
}

TEST_CASE("a file upload ends where a step fails", "[web_api]") {
    FileUpload file;
    file.filename = "result.csv";
    file.content = "a,b\n";
    file.channel = "C1";
    {
        Slack slack;
        slack.http.once("files.getUploadURLExternal", ok(R"(,"upload_url":"http://evil.test/x","file_id":"F1")"));
        const auto refused = slack.run(slack.api->upload_file(file, soon()));
        CHECK(refused.error().code == "refused_url");
        CHECK(slack.http.sent().size() == 1);
    }
    {
        Slack slack;
        slack.http.once("files.getUploadURLExternal",
                        ok(R"(,"upload_url":"https://files.slack.test/x","file_id":"F1")"));
        slack.http.once("files.slack.test", ScriptedHttp::raw(200, "OK", "text/plain"));
        slack.http.once("files.completeUploadExternal", ScriptedHttp::broken(net::NetFault::timeout, true));
        const auto unknown = slack.run(slack.api->upload_file(file, soon()));
        CHECK(unknown.error().fault == ApiFault::ambiguous);
        CHECK(slack.http.count("completeUpload") == 1);
    }
    {
        Slack slack;
        slack.http.once("files.getUploadURLExternal",
                        ok(R"(,"upload_url":"https://files.slack.test/x","file_id":"F1")"));
        slack.http.once("files.slack.test", ScriptedHttp::raw(200, "OK", "text/plain"));
        file.may_send = [] { return false; };
        const auto stopped = slack.run(slack.api->upload_file(file, soon()));
        CHECK(stopped.error().fault == ApiFault::cancelled);
        CHECK(slack.http.count("completeUpload") == 0);
    }
}

TEST_CASE("a response_url has to be Slack's or our API's", "[web_api]") {
    Slack slack;
    slack.http.always("POST", ScriptedHttp::raw(200, "ok", "text/plain"));
    const auto respond = [&](const std::string& url) {
        WebApi::UrlResponse response;
        response.text = "hi";
        return slack.run(slack.api->respond(url, response, soon()));
    };
    CHECK(respond("https://hooks.slack.com/actions/T1/1/x").has_value());
    CHECK(slack.http.last().header("Authorization").empty());
    CHECK(json::parse(slack.http.last().body) ==
          json::parse(R"({"response_type":"ephemeral","replace_original":false,"text":"hi"})"));
    CHECK(respond("https://hooks.enterprise.slack.com/x").has_value());
    CHECK(respond("https://slack.test/hook/x").has_value());
    CHECK(slack.http.sent().size() == 3);
    for (const char* url :
         {"https://hooks.slack.com.evil.test/x", "http://hooks.slack.com/x", "https://evil.test/slack.com",
          "https://evilslack.com/x", "https://hooks.slack.com:8443/x", "https://user@hooks.slack.com/x",
          "https://slack.test:444/x", "http://slack.test/x", "file:///etc/passwd", ""})
        CHECK(respond(url).error().code == "refused_url");
    CHECK(slack.http.sent().size() == 3);
}

TEST_CASE("an answer by response_url that may have arrived is not repeated, an old URL is expired", "[web_api]") {
    Slack slack;
    slack.http.once("hooks", ScriptedHttp::raw(500, "", "text/plain"));
    slack.http.once("hooks", ScriptedHttp::raw(404, "used_url", "text/plain"));
    WebApi::UrlResponse response;
    response.delete_original = true;
    const std::string url = "https://hooks.slack.com/x";
    CHECK(slack.run(slack.api->respond(url, response, soon())).error().fault == ApiFault::ambiguous);
    CHECK(slack.run(slack.api->respond(url, response, soon())).error().fault == ApiFault::expired);
    CHECK(slack.http.sent().size() == 2);
}

TEST_CASE("live updates of a message go out every 3 s, the last one wins", "[web_api]") {
    Slack slack;
    slack.http.always("chat.update", ok());
    for (int i = 0; i < 100; ++i) {
        slack.api->update_coalesced("1.2", message("step " + std::to_string(i)));
        slack.wait(100ms);
    }
    slack.wait(10s);
    REQUIRE(slack.http.sent().size() == 5);
    for (std::size_t i = 0; i < 5; ++i)
        CHECK(slack.sent_at(i) == i * 3s);
    CHECK(slack.text(0) == "step 0");
    CHECK(slack.text(4) == "step 99");
}

TEST_CASE("live updates of different messages do not wait for each other", "[web_api]") {
    Slack slack;
    slack.http.always("chat.update", ok());
    slack.api->update_coalesced("1.2", message("a"));
    slack.api->update_coalesced("1.3", message("b"));
    slack.wait(1s);
    CHECK(slack.http.sent().size() == 2);
}

TEST_CASE("the final update goes at once and drops the progress that waits", "[web_api]") {
    Slack slack;
    slack.http.always("chat.update", ok());
    slack.api->update_coalesced("1.2", message("one"));
    slack.wait(1s);
    slack.api->update_coalesced("1.2", message("two"));
    slack.wait(500ms);
    CHECK(slack.run(slack.api->update_message("1.2", message("final"), soon())).has_value());
    CHECK(slack.now() == 1500ms);
    slack.wait(1min);
    REQUIRE(slack.http.sent().size() == 2);
    CHECK(slack.text(1) == "final");
}

TEST_CASE("the final update waits for one on its way and is not overtaken", "[web_api]") {
    Slack slack;
    slack.http.once("chat.update", ScriptedHttp::late(ok(), 4s));
    slack.http.always("chat.update", ok());
    slack.api->update_coalesced("1.2", message("one"));
    slack.wait(1s);
    TaskGroup group(slack.context.get_executor(), "test");
    std::vector<ApiResult<json::array>> results;
    group.spawn("final", update_into(*slack.api, "final", results));
    slack.wait(1s);
    slack.api->update_coalesced("1.2", message("what comes next"));
    CHECK(slack.http.sent().size() == 1);
    slack.wait(1min);
    REQUIRE(results.size() == 1);
    CHECK(results[0].has_value());
    REQUIRE(slack.http.sent().size() == 3);
    CHECK(slack.sent_at(1) == 4s);
    CHECK(slack.text(1) == "final");
    CHECK(slack.sent_at(2) <= 4500ms);
    CHECK(slack.text(2) == "what comes next");
}

TEST_CASE("a final update whose predecessor never lands ends by its deadline", "[web_api]") {
    Slack slack;
    slack.http.always("chat.update", ScriptedHttp::late(ok(), 1h));
    slack.api->update_coalesced("1.2", message("one"));
    slack.wait(1s);
    const auto result = slack.run(slack.api->update_message("1.2", message("final"), Deadline::after(2s)));
    REQUIRE(result.has_error());
    CHECK(result.error().code == "timeout");
    CHECK(slack.now() == 3s);
}

TEST_CASE("live updates that find no room are dropped, and leave half of it to answers", "[web_api]") {
    Slack slack;
    slack.http.always("chat.update", ok());
    for (int i = 0; i < 60; ++i)
        slack.api->update_coalesced("1." + std::to_string(100 + i), message("one"));
    slack.wait(1s);
    CHECK(slack.http.sent().size() == 22);
    for (int i = 0; i < 20; ++i)
        CHECK(slack.run(slack.api->update_message("2.1", message("answer"), soon())).has_value());
    CHECK(slack.now() == 1s);
    slack.wait(1min);
    CHECK(slack.http.sent().size() == 42);
}

TEST_CASE("a live update that Slack limits is dropped, and later ones go when Slack takes them again", "[web_api]") {
    Slack slack;
    slack.http.once("chat.update", limited("20"));
    slack.http.always("chat.update", ok());
    slack.api->update_coalesced("1.2", message("one"));
    slack.wait(5s);
    slack.api->update_coalesced("1.2", message("two"));
    slack.wait(45s);
    CHECK(slack.http.sent().size() == 1);
    slack.api->update_coalesced("1.2", message("three"));
    slack.wait(1min);
    REQUIRE(slack.http.sent().size() == 2);
    CHECK(slack.text(1) == "three");
}

TEST_CASE("a live update that fails is tried a few times, then given up", "[web_api]") {
    Slack slack;
    slack.http.always("chat.update", ScriptedHttp::raw(500, "", "text/plain"));
    slack.api->update_coalesced("1.2", message("one"));
    slack.wait(10min);
    CHECK(slack.http.sent().size() == 4);
    slack.http.always("chat.update", no("message_not_found"));
    slack.api->update_coalesced("1.2", message("two"));
    slack.wait(10min);
    CHECK(slack.http.sent().size() == 5);
}

TEST_CASE("a live update that breaks a limit is dropped", "[web_api]") {
    Slack slack;
    slack.api->update_coalesced("1.2", message(std::string(5000, 'x')));
    slack.wait(10s);
    CHECK(slack.http.sent().empty());
}

TEST_CASE("flush sends what waits without keeping the interval", "[web_api]") {
    Slack slack;
    slack.http.always("chat.update", ok());
    slack.api->update_coalesced("1.2", message("one"));
    slack.wait(100ms);
    slack.api->update_coalesced("1.2", message("two"));
    slack.run(slack.api->flush(Deadline::after(5s)));
    CHECK(slack.now() == 100ms);
    REQUIRE(slack.http.sent().size() == 2);
    CHECK(slack.text(1) == "two");
    // It works on afterwards, with the interval.
    slack.api->update_coalesced("1.2", message("three"));
    slack.wait(1s);
    CHECK(slack.http.sent().size() == 2);
    slack.wait(3s);
    CHECK(slack.http.sent().size() == 3);
}

TEST_CASE("flush ends by its deadline and leaves the client usable", "[web_api]") {
    Slack slack;
    slack.http.once("chat.update", ScriptedHttp::late(ok(), 1h));
    slack.http.always("chat.update", ok());
    slack.api->update_coalesced("1.2", message("one"));
    slack.wait(100ms);
    slack.run(slack.api->flush(Deadline::after(1s)));
    CHECK(slack.now() == 1100ms);
    slack.wait(5s);
    CHECK(slack.run(slack.api->update_message("1.2", message("final"), soon())).has_value());
    slack.api->update_coalesced("1.2", message("later"));
    slack.wait(5s);
    CHECK(slack.http.sent().size() == 3);
    CHECK(slack.text(2) == "later");
}

TEST_CASE("a cancelled call ends with its class", "[web_api]") {
    Slack slack;
    slack.http.always("chat.postMessage", limited("20"));
    TaskGroup group(slack.context.get_executor(), "test");
    std::vector<ApiResult<Posted>> results;
    group.spawn("post", post_into(*slack.api, "C1", results));
    slack.wait(1s);
    group.cancel();
    slack.wait(1s);
    CHECK(group.size() == 0);
    REQUIRE(results.size() == 1);
    CHECK(results[0].error().fault == ApiFault::cancelled);
}

TEST_CASE("neither tokens nor chat text get into the log", "[web_api]") {
    log::Capture captured(log::Level::trace);
    Slack slack;
    slack.http.once("chat.postMessage", no("invalid_blocks"));
    slack.http.once("chat.postMessage", ScriptedHttp::broken(net::NetFault::io, true));
    slack.http.once("chat.postMessage", limited("1"));
    slack.http.always("chat.postMessage", ok(R"(,"channel":"C1","ts":"1.2","message":{"text":"secret revenue"})"));
    for (int i = 0; i < 3; ++i)
        slack.run(slack.api->post_message(message("secret revenue"), soon()));
    CHECK(captured.contains("invalid_blocks"));
    CHECK_FALSE(captured.contains("secret revenue"));
    CHECK_FALSE(captured.contains("xoxb-bot"));
}

}  // namespace web_api_test
