#include "genie/client.hpp"
#include "tests/catch.hpp"
#include "tests/integration/genie/genie_fixture.hpp"

#include <algorithm>
#include <string>

namespace faults_test {

using namespace genie_slack;
using namespace genie_slack::genie;
using namespace std::chrono_literals;
using test::GenieFixture;

TEST_CASE("a question that was reset before it arrived or after is never asked twice", "[genie][live][faults]") {
    for (const bool processed : {false, true}) {
        GenieFixture genie;
        auto& fault = genie.fail("POST /api/2.0/genie");
        (processed ? fault.reset_after : fault.reset_before) = true;
        const auto asked = genie.start();
        REQUIRE_FALSE(asked);
        CHECK(asked.error().fault == GenieFault::ambiguous);
        CHECK(genie.server().questions().size() == (processed ? 1 : 0));
        CHECK(genie.calls("POST /api/2.0/genie") == 1);
        // And what happened can be found out.
        const auto found = genie.run(genie.client().list_conversations(genie.space(), 10, GenieFixture::soon()));
        REQUIRE(found);
        CHECK(found->size() == (processed ? 1 : 0));
    }
}

TEST_CASE("a server that fails leaves a question ambiguous", "[genie][live][faults]") {
    for (const int status : {500, 502, 503, 504}) {
        GenieFixture genie;
        genie.fail("POST /api/2.0/genie", status);
        const auto asked = genie.start();
        REQUIRE_FALSE(asked);
        CHECK(asked.error().fault == GenieFault::ambiguous);
        CHECK(genie.server().questions().empty());
    }
}

TEST_CASE("a question that is turned away is posted once: whoever asks decides what follows", "[genie][live][faults]") {
    GenieFixture genie;
    genie.fail("POST /api/2.0/genie", 429).retry_after = 7;
    genie.fail("POST /api/2.0/genie", 503).retry_after = 0;
    const auto limited = genie.start();
    REQUIRE_FALSE(limited);
    CHECK(limited.error().fault == GenieFault::rate_limited);
    CHECK(limited.error().retry_after == Duration(7s));
    const auto away = genie.start();
    REQUIRE_FALSE(away);
    CHECK(away.error().fault == GenieFault::unavailable);
    CHECK(genie.server().questions().empty());
    CHECK(genie.start());
    CHECK(genie.server().questions().size() == 1);
}

TEST_CASE("a query whose run was broken off is found by its result, and run once", "[genie][live][faults]") {
    GenieFixture genie;
    const auto message = genie.answer();
    REQUIRE(message);
    genie.fail("/execute-query").reset_after = true;
    const auto rows = genie.execute(*message);
    REQUIRE(rows);
    CHECK(rows->rows.size() == 5);
    CHECK(genie.calls("/execute-query") == 1);
    genie.fail("/downloads", 500);
    const auto query = select_answer(*message).query;
    REQUIRE(query);
    const auto whole = genie.run(genie.client().download_result(message->space_id, message->conversation_id,
                                                                message->id, query->id, GenieFixture::soon()));
    REQUIRE_FALSE(whole);
    CHECK(whole.error().fault == GenieFault::ambiguous);
    CHECK(genie.calls("/downloads") == 1);
}

TEST_CASE("a limit of questions per minute is told with its wait", "[genie][live][faults]") {
    auto server_options = GenieFixture::quick();
    server_options.questions_per_minute = 2;
    GenieFixture genie(GenieFixture::SignIn::pat, server_options);
    CHECK(genie.start());
    CHECK(genie.start());
    const auto refused = genie.start();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == GenieFault::rate_limited);
    REQUIRE(refused.error().retry_after);
    CHECK(*refused.error().retry_after > 30s);
    CHECK(genie.server().questions().size() == 2);
}

TEST_CASE("a server that cannot be reached did not get the question", "[genie][live][faults]") {
    GenieFixture genie;
    // Port 1 of the loopback has no listener.
    genie.options.host = "http://127.0.0.1:1";
    const auto asked = genie.run(genie.client().start_conversation("s", "q", Deadline::after(300ms)));
    REQUIRE_FALSE(asked);
    CHECK(asked.error().fault == GenieFault::unavailable);
}

TEST_CASE("reading goes on through failures, resets and slow bodies", "[genie][live][faults]") {
    GenieFixture genie;
    const auto asked = genie.start();
    REQUIRE(asked);
    for (const int status : {500, 502, 503, 504, 429})
        genie.fail("GET /api/2.0/genie", status);
    genie.fail("GET /api/2.0/genie").reset_before = true;
    genie.fail("GET /api/2.0/genie").reset_after = true;
    genie.fail("GET /api/2.0/genie", 502).raw_body = "<html><title>Bad Gateway</title></html>";
    genie.fail("GET /api/2.0/genie").raw_body = "{\"cut\":";
    auto& slow = genie.fail("GET /api/2.0/genie");
    slow.slow_body = true;
    slow.delay = 100ms;
    const auto message =
        genie.run(genie.client().get_message(asked->space_id, asked->conversation_id, asked->id, GenieFixture::soon()));
    REQUIRE(message);
    CHECK(message->id == asked->id);
    CHECK(genie.faults().calls.empty());
}

TEST_CASE("polling goes on through failures", "[genie][live][faults]") {
    GenieFixture genie;
    const auto asked = genie.start();
    REQUIRE(asked);
    for (const int status : {503, 404, 500, 403, 429, 502})
        genie.fail("GET /api/2.0/genie", status);
    genie.fail("GET /api/2.0/genie").reset_before = true;
    const auto message = genie.wait(*asked);
    REQUIRE(message);
    CHECK(message->status == MessageStatus::completed);
    CHECK(genie.faults().calls.empty());
}

TEST_CASE("a body slower than the time of one exchange is given up and asked for again", "[genie][live][faults]") {
    GenieFixture genie;
    genie.options.call_timeout = 300ms;
    const auto asked = genie.start();
    REQUIRE(asked);
    auto& slow = genie.fail("GET /api/2.0/genie");
    slow.slow_body = true;
    slow.delay = 1min;
    CHECK(genie.run(
        genie.client().get_message(asked->space_id, asked->conversation_id, asked->id, GenieFixture::soon())));
}

TEST_CASE("a late answer to a question is ambiguous when the deadline is over", "[genie][live][faults]") {
    GenieFixture genie;
    genie.fail("POST /api/2.0/genie").delay = 1min;
    const auto asked = genie.run(genie.client().start_conversation(genie.space(), "q", Deadline::after(300ms)));
    REQUIRE_FALSE(asked);
    CHECK(asked.error().fault == GenieFault::ambiguous);
}

TEST_CASE("a login page in place of the API is a matter of configuration", "[genie][live][faults]") {
    GenieFixture genie;
    genie.faults().login_redirect = true;
    const auto redirected = genie.start();
    REQUIRE_FALSE(redirected);
    CHECK(redirected.error().fault == GenieFault::configuration);
    const auto spaces = genie.run(genie.client().list_spaces(GenieFixture::soon()));
    REQUIRE_FALSE(spaces);
    CHECK(spaces.error().fault == GenieFault::configuration);

    genie.faults().login_redirect = false;
    auto& page = genie.fail("GET /api/2.0/genie/spaces", 200);
    page.raw_body = "<!doctype html><title>Sign in</title>";
    page.content_type = "text/html";
    const auto html = genie.run(genie.client().list_spaces(GenieFixture::soon()));
    REQUIRE_FALSE(html);
    CHECK(html.error().fault == GenieFault::configuration);
}

TEST_CASE("refusals are told with their kind and code", "[genie][live][faults]") {
    GenieFixture genie;
    const std::vector<std::pair<int, GenieFault>> table = {{400, GenieFault::invalid},
                                                           {403, GenieFault::permission},
                                                           {404, GenieFault::not_found},
                                                           {409, GenieFault::invalid},
                                                           {501, GenieFault::invalid}};
    for (const auto& [status, kind] : table) {
        genie.fail("POST /api/2.0/genie", status).error_code = "SOME_CODE";
        const auto asked = genie.start();
        REQUIRE_FALSE(asked);
        CHECK(asked.error().fault == kind);
        CHECK(asked.error().error_code == "SOME_CODE");
        CHECK(asked.error().http_status == status);
    }
}

TEST_CASE("tokens that are refused are replaced once, with 401 or 403", "[genie][live][faults]") {
    for (const int status : {401, 403}) {
        GenieFixture genie(GenieFixture::SignIn::m2m);
        genie.faults().expired_status = status;
        CHECK(genie.start());
        CHECK(genie.server().tokens_minted() == 1);
        genie.faults().expire_tokens = true;
        CHECK(genie.start());
        CHECK(genie.server().tokens_minted() == 2);
        CHECK(genie.server().questions().size() == 2);
    }
}

TEST_CASE("a wrong token is an error of signing in", "[genie][live][faults]") {
    auto server_options = GenieFixture::quick();
    GenieFixture genie(GenieFixture::SignIn::pat, server_options);
    genie.fail("POST /api/2.0/genie", 401, 5);
    const auto asked = genie.start();
    REQUIRE_FALSE(asked);
    CHECK(asked.error().fault == GenieFault::auth);
    CHECK(genie.calls("POST /api/2.0/genie") == 1);
}

TEST_CASE("the token endpoint may fail for a moment", "[genie][live][faults]") {
    GenieFixture genie(GenieFixture::SignIn::m2m);
    genie.fail("GET /.well-known/databricks-config", 500);
    genie.fail("GET /oidc/.well-known/oauth-authorization-server", 404);
    genie.fail("POST /oidc/v1/token", 503);
    CHECK(genie.start());
    CHECK(genie.calls("POST /oidc/v1/token") == 2);
}

TEST_CASE("a token with a short life is fetched again in time", "[genie][live][faults]") {
    auto server_options = GenieFixture::quick();
    server_options.token_seconds = 1;
    GenieFixture genie(GenieFixture::SignIn::m2m, server_options);
    const auto until = Deadline::after(1500ms);
    while (!until.expired())
        REQUIRE(genie.run(genie.client().list_spaces(GenieFixture::soon())));
    CHECK(genie.server().tokens_minted() >= 2);
    CHECK(genie.server().tokens_minted() <= 8);
}

TEST_CASE("a host that serves many workspaces answers calls that name theirs", "[genie][live][faults]") {
    auto server_options = GenieFixture::quick();
    server_options.workspace_id = "1234567890";
    {
        GenieFixture genie(GenieFixture::SignIn::pat, server_options);
        const auto refused = genie.start();
        REQUIRE_FALSE(refused);
        CHECK(refused.error().http_status == 400);
    }
    GenieFixture genie(GenieFixture::SignIn::m2m, server_options);
    genie.options.workspace_id = "1234567890";
    CHECK(genie.answer());
}

TEST_CASE("an IP access list is named, by whatever call it is met", "[genie][live][faults]") {
    for (const auto sign_in : {GenieFixture::SignIn::pat, GenieFixture::SignIn::m2m}) {
        GenieFixture genie(sign_in);
        genie.faults().ip_blocked = true;
        const auto refused = genie.start();
        REQUIRE_FALSE(refused);
        CHECK(refused.error().fault == GenieFault::configuration);
        CHECK(refused.error().subject == Subject::network);
        CHECK_THAT(refused.error().message, test::contains("IP access list"));
    }
}

TEST_CASE("a conversation of another identity is told apart from a space that is not shared", "[genie][live][faults]") {
    GenieFixture genie;
    const auto asked = genie.answer();
    REQUIRE(asked);
    genie.faults().foreign_conversations = true;
    const auto foreign =
        genie.run(genie.client().create_message(genie.space(), asked->conversation_id, "more", GenieFixture::soon()));
    REQUIRE_FALSE(foreign);
    CHECK(foreign.error().fault == GenieFault::permission);
    CHECK(foreign.error().subject == Subject::conversation);
    CHECK(genie.start());
    genie.faults().spaces_not_shared = true;
    const auto hidden = genie.start();
    REQUIRE_FALSE(hidden);
    CHECK(hidden.error().fault == GenieFault::not_found);
    CHECK(hidden.error().subject == Subject::space);
}

TEST_CASE("a question to a conversation that is busy is accepted and fails with the reason", "[genie][live][faults]") {
    GenieFixture genie;
    genie.faults().outcomes = {"HANG"};
    const auto first = genie.start();
    REQUIRE(first);
    const auto second =
        genie.run(genie.client().create_message(genie.space(), first->conversation_id, "more", GenieFixture::soon()));
    REQUIRE(second);
    const auto ended = genie.wait(*second);
    REQUIRE(ended);
    CHECK(ended->status == MessageStatus::failed);
    CHECK(ended->error_type == "BLOCK_MULTIPLE_EXECUTIONS_EXCEPTION");
}

}  // namespace faults_test
