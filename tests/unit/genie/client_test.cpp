#include "genie/client.hpp"

#include "core/log.hpp"
#include "core/race.hpp"
#include "tests/catch.hpp"
#include "tests/unit/genie/genie_world.hpp"

namespace client_test {

using namespace genie_slack;
using namespace genie_slack::genie;
using namespace std::chrono_literals;
using test::GenieWorld;
using test::ScriptedHttp;

const std::string kStarted =
    R"({"conversation_id":"c1","message_id":"m1","message":{"message_id":"m1","status":"SUBMITTED","content":"q"}})";

TEST_CASE("a question is posted once with token and body", "[genie][client]") {
    GenieWorld world;
    world.http.once("POST", ScriptedHttp::json(kStarted));

    const auto message = world.run(world.client().start_conversation("space/1", "How \"many\"?", world.in(30s)));

    REQUIRE(message);
    CHECK(message->id == "m1");
    CHECK(message->conversation_id == "c1");
    CHECK(message->space_id == "space/1");
    REQUIRE(world.http.sent().size() == 1);
    const auto& sent = world.http.last();
    CHECK(sent.url == "https://workspace.example.com/api/2.0/genie/spaces/space%2F1/start-conversation");
    CHECK(sent.header("authorization") == "Bearer token-1");
    CHECK(sent.header("content-type") == "application/json");
    CHECK(sent.header("accept") == "application/json");
    CHECK(sent.header("user-agent") == "genie-slack/9.9.9");
    CHECK(sent.body == R"({"content":"How \"many\"?"})");
}

TEST_CASE("ids that would name another path are refused without a request", "[genie][client]") {
    GenieWorld world;
    for (const char* id : {"", ".", ".."}) {
        const auto message = world.run(world.client().get_message("s", id, "m", world.in(30s)));
        REQUIRE_FALSE(message);
        CHECK(message.error().fault == GenieFault::invalid);
    }
    CHECK(world.http.sent().empty());
}

TEST_CASE("a token that is refused once is replaced, also for a question", "[genie][client]") {
    GenieWorld world;
    world.http.once("POST", ScriptedHttp::error(401, "UNAUTHENTICATED", "expired"));
    world.http.once("POST", ScriptedHttp::json(kStarted));

    CHECK(world.run(world.client().start_conversation("s", "q", world.in(30s))));
    REQUIRE(world.http.sent().size() == 2);
    CHECK(world.http.sent()[1].header("authorization") == "Bearer token-2");
}

TEST_CASE("an invalid access token that comes as 403 is replaced, too", "[genie][client]") {
    GenieWorld world;
    world.http.once("GET", ScriptedHttp::error(403, "PERMISSION_DENIED", "Invalid access token. [ReqId: 1]"));
    world.http.once("GET", ScriptedHttp::json("{}"));
    CHECK(world.run(world.client().list_spaces(world.in(30s))));
    CHECK(world.tokens.generation == 2);
}

TEST_CASE("a fresh token that is refused as well ends the call", "[genie][client]") {
    GenieWorld world;
    world.http.always("GET", ScriptedHttp::error(401, "UNAUTHENTICATED", "no"));
    const auto spaces = world.run(world.client().list_spaces(world.in(30s)));
    REQUIRE_FALSE(spaces);
    CHECK(spaces.error().fault == GenieFault::auth);
    CHECK(world.http.sent().size() == 2);
}

TEST_CASE("a personal access token that is refused is not sent twice", "[genie][client]") {
    GenieWorld world;
    world.tokens.fixed = true;
    world.http.always("GET", ScriptedHttp::error(401, "UNAUTHENTICATED", "no"));
    const auto spaces = world.run(world.client().list_spaces(world.in(30s)));
    REQUIRE_FALSE(spaces);
    CHECK(spaces.error().fault == GenieFault::auth);
    CHECK(world.http.sent().size() == 1);
}

TEST_CASE("a missing permission is told as such and not repeated", "[genie][client]") {
    GenieWorld world;
    world.http.always("GET", ScriptedHttp::error(403, "PERMISSION_DENIED", "User needs CAN RUN"));
    const auto message = world.run(world.client().get_message("s", "c", "m", world.in(30s)));
    REQUIRE_FALSE(message);
    CHECK(message.error().fault == GenieFault::permission);
    CHECK(message.error().error_code == "PERMISSION_DENIED");
    CHECK(world.http.sent().size() == 1);
}

TEST_CASE("failures of the token say what they are", "[genie][client]") {
    const std::vector<std::pair<TokenFault, GenieFault>> table = {
        {TokenFault::refused, GenieFault::auth},
        {TokenFault::configuration, GenieFault::configuration},
        {TokenFault::unavailable, GenieFault::unavailable},
        {TokenFault::timeout, GenieFault::timeout},
        {TokenFault::cancelled, GenieFault::cancelled}};
    for (const auto& [token_fault, fault] : table) {
        GenieWorld world;
        world.tokens.failure = TokenError(token_fault, "why");
        const auto message = world.run(world.client().start_conversation("s", "q", world.in(30s)));
        REQUIRE_FALSE(message);
        CHECK(message.error().fault == fault);
        CHECK_THAT(message.error().message, test::contains("why"));
        CHECK(world.http.sent().empty());
    }
}

TEST_CASE("reading is repeated through every passing failure", "[genie][client]") {
    GenieWorld world;
    for (const int status : {500, 502, 503, 504, 429})
        world.http.once("GET", ScriptedHttp::error(status, "X", "later"));
    for (const auto code : {net::NetFault::connect, net::NetFault::io, net::NetFault::resolve, net::NetFault::protocol})
        world.http.once("GET", ScriptedHttp::broken(code, true));
    world.http.once("GET", ScriptedHttp::raw(200, "{\"cut", "application/json"));
    world.http.once("GET", ScriptedHttp::json(R"({"message_id":"m","status":"ASKING_AI"})"));

    const auto message = world.run(world.client().get_message("s", "c", "m", world.in(10min)));
    REQUIRE(message);
    CHECK(message->status == MessageStatus::asking_ai);
    CHECK(world.http.sent().size() == 11);
}

TEST_CASE("repeats respect Retry-After and end with the deadline", "[genie][client]") {
    GenieWorld world;
    world.http.always("GET", ScriptedHttp::error(503, "TEMPORARILY_UNAVAILABLE", "later", "7"));
    const TimePoint start = Clock::now();
    const auto message = world.run(world.client().get_message("s", "c", "m", world.in(20s)));
    REQUIRE_FALSE(message);
    CHECK(message.error().fault == GenieFault::unavailable);
    REQUIRE(world.http.sent().size() == 3);
    CHECK(world.http.sent()[1].at - start == 7s);
    CHECK(world.http.sent()[2].at - start == 14s);
    CHECK(Clock::now() - start == 14s);
}

TEST_CASE("a 429 that outlasts the deadline is told at once, with its wait", "[genie][client]") {
    GenieWorld world;
    world.http.once("POST", ScriptedHttp::error(429, "RESOURCE_EXHAUSTED", "slow down", "120"));
    const TimePoint start = Clock::now();
    const auto message = world.run(world.client().start_conversation("s", "q", world.in(60s)));
    REQUIRE_FALSE(message);
    CHECK(message.error().fault == GenieFault::rate_limited);
    CHECK(message.error().retry_after == Duration(120s));
    CHECK(Clock::now() == start);
}

TEST_CASE("a question is posted once, and what is said of it tells that it did not arrive", "[genie][client]") {
    const std::pair<ScriptedHttp::Reply, GenieFault> refusals[] = {
        {ScriptedHttp::error(429, "RESOURCE_EXHAUSTED", "slow down"), GenieFault::rate_limited},
        {ScriptedHttp::error(503, "TEMPORARILY_UNAVAILABLE", "later", "2"), GenieFault::unavailable},
        {ScriptedHttp::broken(net::NetFault::connect, false), GenieFault::unavailable},
        {ScriptedHttp::broken(net::NetFault::timeout, false), GenieFault::timeout},
    };
    for (const auto& [refusal, fault] : refusals) {
        GenieWorld world;
        world.http.always("POST", refusal);
        const TimePoint start = Clock::now();
        const auto message = world.run(world.client().create_message("s", "c1", "q", world.in(5min)));
        REQUIRE_FALSE(message);
        CHECK(message.error().fault == fault);
        CHECK(world.http.sent().size() == 1);
        CHECK(Clock::now() == start);
    }
}

TEST_CASE("a question whose fate is unknown is never asked again", "[genie][client]") {
    const std::vector<ScriptedHttp::Reply> fates = {
        ScriptedHttp::error(500, "INTERNAL_ERROR", "x"),
        ScriptedHttp::error(502, "", "x"),
        ScriptedHttp::error(503, "TEMPORARILY_UNAVAILABLE", "no Retry-After"),
        ScriptedHttp::error(504, "DEADLINE_EXCEEDED", "x"),
        ScriptedHttp::broken(net::NetFault::io, true),
        ScriptedHttp::broken(net::NetFault::timeout, true),
        ScriptedHttp::broken(net::NetFault::protocol, true),
        ScriptedHttp::broken(net::NetFault::too_large, true),
        ScriptedHttp::raw(200, "{\"cut", "application/json"),
        ScriptedHttp::json("{}"),
        ScriptedHttp::raw(200, "", "application/json"),
    };
    for (const auto& fate : fates) {
        GenieWorld world;
        world.http.always("POST", fate);
        const auto message = world.run(world.client().start_conversation("s", "q", world.in(60s)));
        REQUIRE_FALSE(message);
        CHECK(message.error().fault == GenieFault::ambiguous);
        CHECK(world.http.sent().size() == 1);
    }
}

TEST_CASE("a question that the deadline overtakes is ambiguous only when it was sent", "[genie][client]") {
    GenieWorld world;
    world.http.once("POST", ScriptedHttp::late(ScriptedHttp::json(kStarted), 5min));
    const auto sent = world.run(world.client().start_conversation("s", "q", world.in(30s)));
    REQUIRE_FALSE(sent);
    CHECK(sent.error().fault == GenieFault::ambiguous);

    world.http.always("POST", ScriptedHttp::broken(net::NetFault::timeout, false));
    const auto unsent = world.run(world.client().start_conversation("s", "q", world.in(30s)));
    REQUIRE_FALSE(unsent);
    CHECK(unsent.error().fault == GenieFault::timeout);
}

TEST_CASE("a deadline that is over sends nothing", "[genie][client]") {
    GenieWorld world;
    const auto message = world.run(world.client().start_conversation("s", "q", world.in(0s)));
    REQUIRE_FALSE(message);
    CHECK(message.error().fault == GenieFault::timeout);
    CHECK(world.http.sent().empty());
}

TEST_CASE("answers that are no API are a matter of configuration", "[genie][client]") {
    const std::vector<ScriptedHttp::Reply> answers = {
        ScriptedHttp::raw(200, "<!doctype html><title>Sign in</title>", "text/html"),
        ScriptedHttp::raw(302, "", "text/html"),
        ScriptedHttp::raw(404, "<html><title>Not Found</title></html>", "text/html; charset=utf-8"),
        ScriptedHttp::error(404, "ENDPOINT_NOT_FOUND", "No API found for 'GET /x'"),
        ScriptedHttp::broken(net::NetFault::redirect, true),
        ScriptedHttp::broken(net::NetFault::not_allowed, false),
    };
    for (const auto& answer : answers)
        for (const bool question : {false, true}) {
            GenieWorld world;
            world.http.always("/api/", answer);
            GenieError error;
            if (question)
                error = world.run(world.client().start_conversation("s", "q", world.in(60s))).error();
            else
                error = world.run(world.client().get_message("s", "c", "m", world.in(60s))).error();
            CHECK(error.fault == GenieFault::configuration);
            CHECK(world.http.sent().size() == 1);
        }
}

TEST_CASE("refusals have the kind of their status", "[genie][client]") {
    const std::vector<std::pair<int, GenieFault>> table = {{400, GenieFault::invalid}, {404, GenieFault::not_found},
                                                           {409, GenieFault::invalid}, {413, GenieFault::invalid},
                                                           {499, GenieFault::invalid}, {501, GenieFault::invalid},
                                                           {422, GenieFault::invalid}};
    for (const auto& [status, fault] : table) {
        GenieWorld world;
        world.http.always("/api/", ScriptedHttp::error(status, "CODE", "text"));
        const auto message = world.run(world.client().create_message("s", "c", "q", world.in(60s)));
        REQUIRE_FALSE(message);
        CHECK(message.error().fault == fault);
        CHECK(message.error().http_status == status);
        CHECK(world.http.sent().size() == 1);
    }
}

TEST_CASE("errors never repeat the question or a token", "[genie][client]") {
    GenieWorld world;
    log::Capture capture;
    world.http.once("POST", ScriptedHttp::error(400, "BAD_REQUEST",
                                                "cannot parse 'What does Erika earn?' with dapi0123456789abcdef"));
    const auto message = world.run(world.client().start_conversation("s", "What does Erika earn?", world.in(60s)));
    REQUIRE_FALSE(message);
    CHECK(message.error().message.find("Erika") == std::string::npos);
    CHECK(message.error().message.find("0123456789abcdef") == std::string::npos);
    CHECK_THAT(message.error().message, test::contains("BAD_REQUEST"));
    CHECK_FALSE(capture.contains("Erika"));
    CHECK_FALSE(capture.contains("token-1"));
}

TEST_CASE("what may be logged of an error leaves out what could quote a query and its values", "[genie][client]") {
    GenieWorld world;
    const std::string quoting =
        R"({"error_code":"INTERNAL_ERROR","message":"[CAST_INVALID_INPUT] The value 'Ana' ... SELECT name FROM t"})";
    world.http.always("GET", ScriptedHttp::json(quoting, 500));
    const auto failed = world.run(world.client().get_message("s", "c", "m", GenieWorld::in(20s)));
    REQUIRE_FALSE(failed);
    CHECK_THAT(loggable(failed.error()), test::contains("HTTP 500 INTERNAL_ERROR: [CAST_INVALID_INPUT]") &&
                                             !test::contains("Ana") && !test::contains("SELECT"));
    const auto spaces = world.run(world.client().list_spaces(GenieWorld::in(20s)));
    REQUIRE_FALSE(spaces);
    CHECK_THAT(loggable(spaces.error()), test::contains("The value"));
}

TEST_CASE("the log may quote neither values nor SQL of failed statements", "[genie][client]") {
    GenieError failed(GenieFault::query_failed, "[CAST_INVALID_INPUT] The value 'Ana Muster' ...");
    failed.error_code = "CAST_INVALID_INPUT";
    CHECK(loggable(failed) == "CAST_INVALID_INPUT");
    GenieError told(GenieFault::unavailable, "GET /messages: HTTP 500: The value 'Ana Muster' ...");
    told.loggable = "GET /messages: HTTP 500";
    CHECK(loggable(told) == "GET /messages: HTTP 500");
    const GenieError away(GenieFault::unavailable, "connect: timeout");
    CHECK(loggable(away) == "connect: timeout");
}

TEST_CASE("spaces are listed over all pages", "[genie][client]") {
    GenieWorld world;
    world.http.once("GET", ScriptedHttp::json(R"({"spaces":[{"space_id":"a"}],"next_page_token":"p/2"})"));
    world.http.once("page_token=p%2F2",
                    ScriptedHttp::json(R"({"spaces":[{"space_id":"b","title":"B"}],"next_page_token":""})"));
    const auto spaces = world.run(world.client().list_spaces(world.in(60s)));
    REQUIRE(spaces);
    REQUIRE(spaces->size() == 2);
    CHECK(spaces->at(1).title == "B");
}

TEST_CASE("a server that never ends its list does not hold us", "[genie][client]") {
    GenieWorld world;
    std::string page = R"({"next_page_token":"same","spaces":[)";
    for (int i = 0; i < 100; ++i)
        page += std::string(i ? "," : "") + R"({"space_id":"s"})";
    world.http.always("GET", ScriptedHttp::json(page + "]}"));
    CHECK(world.run(world.client().list_spaces(world.in(1h))));
    CHECK(world.http.sent().size() == 2);
}

TEST_CASE("messages are listed newest first up to the limit", "[genie][client]") {
    GenieWorld world;
    world.http.once("GET", ScriptedHttp::json(R"({"messages":[{"id":"3"},{"id":"2"}],"next_page_token":"n"})"));
    world.http.once("GET", ScriptedHttp::json(R"({"messages":[{"id":"1"},{"id":"0"}],"next_page_token":"o"})"));
    const auto messages = world.run(world.client().list_messages("s", "c", 3, world.in(60s)));
    REQUIRE(messages);
    REQUIRE(messages->size() == 3);
    CHECK(messages->at(2).id == "1");
    CHECK(messages->at(0).conversation_id == "c");
    CHECK(messages->at(0).space_id == "s");
    CHECK(world.http.count("page_size=3") == 2);
}

TEST_CASE("conversations are listed", "[genie][client]") {
    GenieWorld world;
    world.http.once("/spaces/s/conversations?",
                    ScriptedHttp::json(R"({"conversations":[{"conversation_id":"c","title":"T"}]})"));
    const auto conversations = world.run(world.client().list_conversations("s", 50, world.in(60s)));
    REQUIRE(conversations);
    REQUIRE(conversations->size() == 1);
    CHECK(conversations->at(0).title == "T");
}

TEST_CASE("a space is read without sample questions where they are not allowed", "[genie][client]") {
    GenieWorld world;
    world.http.once("include_serialized_space=true", ScriptedHttp::error(403, "PERMISSION_DENIED", "needs CAN EDIT"));
    world.http.once("GET", ScriptedHttp::json(R"({"space_id":"s","title":"Sales"})"));
    const auto space = world.run(world.client().get_space("s", world.in(60s)));
    REQUIRE(space);
    CHECK(space->title == "Sales");
    CHECK(world.http.sent().size() == 2);
}

TEST_CASE("feedback is sent and may be repeated", "[genie][client]") {
    GenieWorld world;
    world.http.once("POST", ScriptedHttp::broken(net::NetFault::io, true));
    world.http.once("POST", ScriptedHttp::json("{}"));
    CHECK(world.run(world.client().send_feedback("s", "c", "m", Rating::negative, "wrong \"sum\"", world.in(60s))));
    REQUIRE(world.http.sent().size() == 2);
    CHECK(world.http.last().url ==
          "https://workspace.example.com/api/2.0/genie/spaces/s/conversations/c/messages/m/feedback");
    CHECK(world.http.last().body == R"({"rating":"NEGATIVE","comment":"wrong \"sum\""})");

    world.http.once("POST", ScriptedHttp::json(""));
    CHECK(world.run(world.client().send_feedback("s", "c", "m", Rating::none, "", world.in(60s))));
    CHECK(world.http.last().body == R"({"rating":"NONE"})");
}

TEST_CASE("a conversation has its page in the workspace", "[genie][client]") {
    GenieWorld world;
    CHECK(world.client().conversation_url("s1", "c 1") == "https://workspace.example.com/genie/rooms/s1/chats/c%201");
}

TEST_CASE("cancelling a call ends it", "[genie][client]") {
    GenieWorld world;
    world.http.always("GET", ScriptedHttp::error(503, "X", "later", "30"));
    const auto message =
        world.run(with_deadline(world.client().get_message("s", "c", "m", world.in(10min)), Deadline::after(5s)));
    REQUIRE(message.has_value());
    REQUIRE_FALSE(*message);
    CHECK(message->error().fault == GenieFault::cancelled);
    CHECK(world.http.sent().size() == 1);
}

TEST_CASE("every call names the workspace where the host serves many, and links do", "[genie][client]") {
    GenieWorld world;
    world.options.workspace_id = "1234567890";
    world.http.once("GET", ScriptedHttp::json("{}"));
    CHECK(world.run(world.client().list_spaces(world.in(30s))));
    CHECK(world.http.last().header("x-databricks-workspace-id") == "1234567890");
    CHECK(world.http.last().header("x-databricks-org-id") == "1234567890");
    CHECK(world.client().conversation_url("s", "c") ==
          "https://workspace.example.com/genie/rooms/s/chats/c?o=1234567890");
}

TEST_CASE("a host that is one workspace is not told which one", "[genie][client]") {
    GenieWorld world;
    world.http.once("GET", ScriptedHttp::json("{}"));
    CHECK(world.run(world.client().list_spaces(world.in(30s))));
    CHECK(world.http.last().header("x-databricks-workspace-id").empty());
    CHECK(world.client().conversation_url("s", "c") == "https://workspace.example.com/genie/rooms/s/chats/c");
}

TEST_CASE("an IP access list that refuses us is told as such, not as a missing permission", "[genie][client]") {
    for (const char* text : {"Source IP address: 203.0.113.9 is blocked by Databricks IP ACL for workspace: 1",
                             "Unauthorized network access to workspace: 1"}) {
        GenieWorld world;
        world.http.once("POST", ScriptedHttp::error(403, "403", text));
        const auto message = world.run(world.client().start_conversation("s", "q", world.in(30s)));
        REQUIRE_FALSE(message);
        CHECK(message.error().fault == GenieFault::configuration);
        CHECK(message.error().subject == Subject::network);
        CHECK(message.error().message.find("IP access list") != std::string::npos);
        CHECK(message.error().message.find("DATABRICKS_HOST") == std::string::npos);
    }
}

TEST_CASE("a refusal tells whether the space or the conversation is meant, as far as Databricks does",
          "[genie][client]") {
    const auto refused = [](int status, const char* code, const char* text, bool stored) {
        GenieWorld world;
        world.http.once("POST", ScriptedHttp::error(status, code, text));
        const auto message = stored ? world.run(world.client().create_message("s", "c", "q", world.in(30s)))
                                    : world.run(world.client().start_conversation("s", "q", world.in(30s)));
        REQUIRE_FALSE(message);
        return message.error();
    };
    CHECK(refused(403, "PERMISSION_DENIED", "You lack permission.", false).subject == Subject::space);
    CHECK(refused(403, "PERMISSION_DENIED", "You lack permission.", true).subject == Subject::unknown);
    const auto foreign = refused(403, "PERMISSION_DENIED", "User cannot access conversation c.", true);
    CHECK(foreign.fault == GenieFault::permission);
    CHECK(foreign.subject == Subject::conversation);
    CHECK(refused(403, "PERMISSION_DENIED", "No CAN RUN on the Genie space.", true).subject == Subject::space);
    const auto gone = refused(404, "RESOURCE_DOES_NOT_EXIST",
                              "Unable to get space [s]. Caused by Node with resource name Some(datarooms/s) does not "
                              "exist.",
                              true);
    CHECK(gone.fault == GenieFault::not_found);
    CHECK(gone.subject == Subject::space);
    CHECK(gone.message.find("deleted, or it is not shared") != std::string::npos);
    CHECK(refused(404, "RESOURCE_DOES_NOT_EXIST", "Conversation c does not exist", true).subject ==
          Subject::conversation);
}

TEST_CASE("a 429 that names no wait is waited for a second, then longer", "[genie][client]") {
    GenieWorld world;
    for (int i = 0; i < 4; ++i)
        world.http.once("GET", ScriptedHttp::error(429, "REQUEST_LIMIT_EXCEEDED", "slow down"));
    world.http.once("GET", ScriptedHttp::json(R"({"message_id":"m","status":"ASKING_AI"})"));
    const TimePoint start = Clock::now();
    CHECK(world.run(world.client().get_message("s", "c", "m", world.in(60s))));
    CHECK(Clock::now() - start >= 15s);
    CHECK(Clock::now() - start < 25s);
}

TEST_CASE("half a surrogate pair does not make an answer unreadable", "[genie][client]") {
    GenieWorld world;
    world.http.once("GET", ScriptedHttp::json(R"({"id":"m1","status":"COMPLETED","content":"cut \ud83d"})"));
    const auto message = world.run(world.client().get_message("s", "c", "m1", world.in(30s)));
    REQUIRE(message);
    CHECK(message->content == "cut \xEF\xBF\xBD");
}

}  // namespace client_test
