#include "core/clock.hpp"
#include "core/net/url.hpp"
#include "sandbox/genie/workspace.hpp"
#include "tests/catch.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

namespace genie_workspace_test {

using namespace genie_slack;
using namespace genie_slack::sandbox;
using namespace std::chrono_literals;
using databricks::Workspace;
namespace json = boost::json;

const std::string kBasic = "Basic c2FuZGJveC1jbGllbnQ6c2FuZGJveC1zZWNyZXQ=";
const std::string kForm = "grant_type=client_credentials&scope=all-apis";

struct Answer {
    int status = 0;
    json::value body;
    std::string text;
    net::Headers headers;

    const json::value& operator[](std::string_view name) const { return body.at(name); }
    std::string str(std::string_view name) const { return std::string(body.at(name).as_string()); }
    bool has(std::string_view name) const { return body.as_object().contains(name); }
};

// A workspace without sockets on virtual time.
class Bench {
 public:
    explicit Bench(GenieOptions options_ = {}) : options(std::move(options_)), workspace(options, faults) {}

    Answer call(const std::string& method, const std::string& target, const std::string& body = "",
                const std::string& authorization = "Bearer dapi-sandbox-token",
                const std::string& type = "application/json") {
        net::ServerRequest request;
        request.method = method;
        request.target = target;
        request.body = body;
        request.headers.emplace_back("Content-Type", type);
        if (!authorization.empty())
            request.headers.emplace_back("Authorization", authorization);
        net::ServerReply reply = workspace.handle(request, "http://127.0.0.1:1");
        Answer answer;
        answer.status = reply.status;
        answer.text = reply.body;
        answer.headers = reply.headers;
        boost::system::error_code ignored;
        answer.body = json::parse(reply.body, ignored);
        return answer;
    }
    Answer get(const std::string& target) { return call("GET", target); }
    Answer post(const std::string& target, const std::string& body = "{}") { return call("POST", target, body); }

    std::string space(std::size_t index = 0) const { return "/api/2.0/genie/spaces/" + workspace.spaces()[index].id; }
    static std::string content(const std::string& question) {
        json::object body;
        body["content"] = question;
        return json::serialize(body);
    }
    // Starts a conversation; the message's path.
    std::string start(const std::string& question) {
        const Answer answer = post(space() + "/start-conversation", content(question));
        REQUIRE(answer.status == 200);
        conversation = space() + "/conversations/" + answer.str("conversation_id");
        return conversation + "/messages/" + answer.str("message_id");
    }
    std::string status(const std::string& message) { return get(message).str("status"); }
    std::string attachment(const std::string& message) {
        const Answer answer = get(message);
        for (const json::value& entry : answer["attachments"].as_array())
            if (entry.as_object().contains("query"))
                return message + "/attachments/" + std::string(entry.at("attachment_id").as_string());
        return {};
    }
    void pass(Duration duration) { time.run_for(context, duration); }

    VirtualTime time;
    boost::asio::io_context context;
    GenieOptions options;
    GenieFaults faults;
    Workspace workspace;
    std::string conversation;
};

GenieOptions instant() {
    GenieOptions options;
    options.status_time = Duration::zero();
    return options;
}

TEST_CASE("both well-known documents lead to the token endpoint", "[genie_workspace]") {
    Bench bench;
    const Answer config = bench.call("GET", "/.well-known/databricks-config", "", "");
    CHECK(config.str("oidc_endpoint") == "http://127.0.0.1:1/oidc");
    const Answer server = bench.call("GET", "/oidc/.well-known/oauth-authorization-server", "", "");
    CHECK(server.str("token_endpoint") == "http://127.0.0.1:1/oidc/v1/token");
}

TEST_CASE("a service principal gets a token that works until its end", "[genie_workspace]") {
    Bench bench;
    const std::string form = "application/x-www-form-urlencoded";
    const Answer token = bench.call("POST", "/oidc/v1/token", kForm, kBasic, form);
    REQUIRE(token.status == 200);
    CHECK(token["expires_in"].as_int64() == 3600);
    CHECK(token.str("token_type") == "Bearer");
    const std::string bearer = "Bearer " + token.str("access_token");
    CHECK(bearer.size() > 800);
    CHECK(bench.call("GET", "/api/2.0/genie/spaces", "", bearer).status == 200);

    SECTION("time ends it") {
        bench.pass(3601s);
        const Answer refused = bench.call("GET", "/api/2.0/genie/spaces", "", bearer);
        CHECK(refused.status == 401);
        CHECK(refused.str("error_code") == "UNAUTHENTICATED");
    }
    SECTION("the switch ends it, a new one works") {
        bench.faults.expire_tokens = true;
        bench.faults.expired_status = 403;
        CHECK(bench.call("GET", "/api/2.0/genie/spaces", "", bearer).status == 403);
        const Answer fresh = bench.call("POST", "/oidc/v1/token", kForm, kBasic, form);
        CHECK(bench.call("GET", "/api/2.0/genie/spaces", "", "Bearer " + fresh.str("access_token")).status == 200);
        CHECK(bench.workspace.oidc().minted_count() == 2);
    }
}

TEST_CASE("the token endpoint refuses in OAuth's words", "[genie_workspace]") {
    Bench bench;
    const std::string form = "application/x-www-form-urlencoded";
    const auto error = [&](const std::string& body, const std::string& authorization, const std::string& type) {
        const Answer answer = bench.call("POST", "/oidc/v1/token", body, authorization, type);
        return std::to_string(answer.status) + " " + answer.str("error");
    };
    CHECK(error(kForm, "Basic d3Jvbmc6d3Jvbmc=", form) == "401 invalid_client");
    CHECK(error(kForm, "", form) == "401 invalid_client");
    CHECK(error("grant_type=password&scope=all-apis", kBasic, form) == "400 unsupported_grant_type");
    CHECK(error("grant_type=client_credentials", kBasic, form) == "400 invalid_scope");
    CHECK(error(kForm, kBasic, "application/json") == "400 invalid_request");
}

std::string exchange_form(const std::string& subject, const std::string& client = "sandbox-client") {
    return net::FormBody()
        .add("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
        .add("subject_token", subject)
        .add("subject_token_type", "urn:ietf:params:oauth:token-type:jwt")
        .add("client_id", client)
        .add("scope", "all-apis")
        .take();
}

TEST_CASE("a token that the federation policy lets in is exchanged for one that works", "[genie_workspace]") {
    Bench bench;
    Random random;
    const std::string form = "application/x-www-form-urlencoded";
    const std::string subject = databricks::workload_token(bench.options.federation, 600s, random);
    const Answer token = bench.call("POST", "/oidc/v1/token", exchange_form(subject), "", form);
    REQUIRE(token.status == 200);
    const std::string bearer = "Bearer " + token.str("access_token");
    CHECK(bench.call("GET", "/api/2.0/genie/spaces", "", bearer).status == 200);
    CHECK(bench.call("GET", "/api/2.0/genie/spaces", "", "Bearer " + subject).status == 401);
}

TEST_CASE("the exchange is refused for all that a policy asks for", "[genie_workspace]") {
    Bench bench;
    Random random;
    const auto policy = bench.options.federation;
    const std::string good = databricks::workload_token(policy, 600s, random);
    const auto error = [&](const std::string& body, const std::string& authorization = "") {
        const Answer answer =
            bench.call("POST", "/oidc/v1/token", body, authorization, "application/x-www-form-urlencoded");
        return std::to_string(answer.status) + " " + answer.str("error");
    };
    const auto refused = [&](std::string FederationPolicy::* claim) {
        FederationPolicy other = policy;
        other.*claim = "https://elsewhere.example.com";
        return error(exchange_form(databricks::workload_token(other, 600s, random)));
    };
    CHECK(refused(&FederationPolicy::issuer) == "401 invalid_grant");
    CHECK(refused(&FederationPolicy::audience) == "401 invalid_grant");
    CHECK(refused(&FederationPolicy::subject) == "401 invalid_grant");
    CHECK(error(exchange_form(databricks::workload_token(policy, -1s, random))) == "401 invalid_grant");
    CHECK(error(exchange_form("no.jwt")) == "400 invalid_request");
    CHECK(error(exchange_form("a.b.c")) == "400 invalid_request");
    CHECK(error(exchange_form(good, "someone-else")) == "401 invalid_client");
    CHECK(error(exchange_form(good), kBasic) == "400 invalid_request");
    std::string other_type = exchange_form(good);
    other_type.replace(other_type.find("token-type%3Ajwt"), 16, "token-type%3Aid");
    CHECK(error(other_type) == "400 invalid_request");
    std::string no_scope = exchange_form(good);
    no_scope.resize(no_scope.find("&scope="));
    CHECK(error(no_scope) == "400 invalid_scope");
    CHECK(bench.workspace.oidc().minted_count() == 0);
}

TEST_CASE("calls without the right token are refused as the real service does", "[genie_workspace]") {
    Bench bench;
    const Answer missing = bench.call("GET", "/api/2.0/genie/spaces", "", "");
    CHECK(missing.status == 401);
    CHECK(missing.str("error_code") == "UNAUTHENTICATED");
    CHECK(missing["details"].as_array()[0].at("request_id").as_string() ==
          std::string(net::find_header(missing.headers, "x-request-id")));
    CHECK(bench.call("GET", "/api/2.0/genie/spaces", "", "Bearer dapi-other").status == 403);
    CHECK(bench.call("GET", "/api/2.0/genie/spaces", "", "bearer dapi-sandbox-token").status == 200);
}

TEST_CASE("spaces come in pages and stay where they are", "[genie_workspace]") {
    GenieOptions options;
    options.spaces = 250;
    Bench bench(options);
    std::vector<std::string> ids;
    std::string token;
    do {
        const Answer page = bench.get("/api/2.0/genie/spaces?page_size=100&page_token=" + token);
        REQUIRE(page.status == 200);
        for (const json::value& space : page["spaces"].as_array())
            ids.emplace_back(space.at("space_id").as_string());
        token = page.has("next_page_token") ? page.str("next_page_token") : "";
    } while (!token.empty() && ids.size() < 1000);
    CHECK(ids.size() == 250);
    CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == 250);
    CHECK(ids[0] == databricks::make_spaces(1)[0].id);
    CHECK(bench.get("/api/2.0/genie/spaces?page_token=nonsense").status == 400);
    CHECK(bench.get("/api/2.0/genie/spaces?page_size=x").str("error_code") == "MALFORMED_REQUEST");

    const Answer space = bench.get(bench.space() + "?include_serialized_space=true");
    const json::value document = json::parse(space.str("serialized_space"));
    CHECK(document.at("config").at("sample_questions").as_array().size() == 4);
    CHECK_FALSE(bench.get(bench.space()).has("serialized_space"));
}

TEST_CASE("a question ends with SQL, a text, suggestions and rows", "[genie_workspace]") {
    Bench bench;
    const Answer started = bench.post(bench.space() + "/start-conversation", Bench::content("Revenue by region"));
    REQUIRE(started.status == 200);
    CHECK(started.str("conversation_id").size() == 32);
    CHECK(started.str("message_id").size() == 32);
    CHECK(started["conversation"].at("id").as_string() == started.str("conversation_id"));
    CHECK(started["message"].at("status").as_string() == "SUBMITTED");
    CHECK(started["message"].at("message_id") == started["message"].at("id"));
    CHECK(started["message"].at("user_id").as_int64() > (std::int64_t(1) << 53));
    CHECK(started["message"].at("created_timestamp").as_int64() > 1'000'000'000'000);
    const std::string message =
        bench.space() + "/conversations/" + started.str("conversation_id") + "/messages/" + started.str("message_id");

    std::string seen;
    for (int step = 0; step < 7; ++step) {
        const Answer answer = bench.get(message);
        seen += answer.str("status") + " ";
        CHECK(answer.has("attachments") == (step >= 5));
        bench.pass(bench.options.status_time);
    }
    CHECK(seen ==
          "SUBMITTED FETCHING_METADATA FILTERING_CONTEXT ASKING_AI PENDING_WAREHOUSE EXECUTING_QUERY COMPLETED ");

    const json::array attachments = bench.get(message)["attachments"].as_array();
    REQUIRE(attachments.size() == 3);
    const json::value query = attachments[0].at("query");
    CHECK(query.at("query_result_metadata").at("row_count").as_int64() == 4);
    CHECK(query.at("thoughts").as_array().size() >= 3);
    CHECK(attachments[1].at("text").at("purpose").as_string() == "TEXT_ATTACHMENT_PURPOSE_ANSWER");
    CHECK(attachments[2].at("suggested_questions").at("questions").as_array().size() >= 2);

    const Answer result = bench.get(bench.attachment(message) + "/query-result");
    const json::value& statement = result["statement_response"];
    CHECK(statement.at("statement_id") == query.at("statement_id"));
    CHECK(statement.at("status").at("state").as_string() == "SUCCEEDED");
    CHECK(statement.at("manifest").at("schema").at("columns").as_array()[1].at("type_text").as_string() ==
          "DECIMAL(18,2)");
    CHECK(statement.at("result").at("data_array").as_array().size() == 4);
    CHECK(statement.at("result").at("data_array").as_array()[0].as_array()[1].is_string());
    CHECK(bench.get(message + "/query-result").text == result.text);
}

TEST_CASE("the result runs while the message does", "[genie_workspace]") {
    Bench bench;
    const std::string message = bench.start("Revenue by region");
    bench.pass(5 * bench.options.status_time);
    REQUIRE(bench.status(message) == "EXECUTING_QUERY");
    const std::string attachment = bench.attachment(message);
    CHECK(bench.get(attachment + "/query-result")["statement_response"].at("status").at("state").as_string() ==
          "RUNNING");
}

TEST_CASE("a follow-up goes on in its conversation, lists are newest first", "[genie_workspace]") {
    Bench bench(instant());
    bench.start("Revenue by region last quarter");
    const Answer follow = bench.post(bench.conversation + "/messages", Bench::content("and by month?"));
    REQUIRE(follow.status == 200);
    const Answer answer = bench.get(bench.conversation + "/messages/" + follow.str("message_id"));
    CHECK(answer["attachments"].as_array()[0].at("query").at("title").as_string() == "Revenue by month in Q3 2025");

    bench.post(bench.conversation + "/messages", Bench::content("only EMEA"));
    const Answer first = bench.get(bench.conversation + "/messages?page_size=2");
    REQUIRE(first["messages"].as_array().size() == 2);
    CHECK(first["messages"].as_array()[0].at("content").as_string() == "only EMEA");
    // A message that arrives between two pages does not shift them.
    bench.post(bench.conversation + "/messages", Bench::content("only APAC"));
    const Answer second =
        bench.get(bench.conversation + "/messages?page_size=2&page_token=" + first.str("next_page_token"));
    REQUIRE(second["messages"].as_array().size() == 1);
    CHECK(second["messages"].as_array()[0].at("content").as_string() == "Revenue by region last quarter");
    CHECK_FALSE(second.has("next_page_token"));

    bench.start("Top 5 customers");
    const Answer conversations = bench.get(bench.space() + "/conversations");
    REQUIRE(conversations["conversations"].as_array().size() == 2);
    CHECK(conversations["conversations"].as_array()[0].at("title").as_string() == "Top 5 customers");
    CHECK_FALSE(bench.get(bench.space(0) + "x/conversations").has("conversations"));
}

TEST_CASE("one conversation runs one question at a time", "[genie_workspace]") {
    Bench bench;
    const std::string running = bench.start("Revenue by region");
    const Answer second = bench.post(bench.conversation + "/messages", Bench::content("and by month?"));
    REQUIRE(second.status == 200);
    bench.pass(bench.options.status_time);
    const Answer failed = bench.get(bench.conversation + "/messages/" + second.str("message_id"));
    CHECK(failed.str("status") == "FAILED");
    CHECK(failed["error"].at("type").as_string() == "BLOCK_MULTIPLE_EXECUTIONS_EXCEPTION");
    bench.pass(1min);
    CHECK(bench.status(running) == "COMPLETED");
    CHECK(bench.post(bench.conversation + "/messages", Bench::content("and by month?")).str("status") == "SUBMITTED");
}

TEST_CASE("wrong requests get the real service's codes", "[genie_workspace]") {
    Bench bench(instant());
    const std::string message = bench.start("Revenue");
    const auto error = [](const Answer& answer) {
        return std::to_string(answer.status) + " " + answer.str("error_code");
    };
    CHECK(error(bench.post(bench.space() + "/start-conversation", "{\"content\":\"  \"}")) ==
          "400 INVALID_PARAMETER_VALUE");
    CHECK(error(bench.post(bench.space() + "/start-conversation", "{}")) == "400 INVALID_PARAMETER_VALUE");
    CHECK(error(bench.post(bench.space() + "/start-conversation", "")) == "400 INVALID_PARAMETER_VALUE");
    CHECK(error(bench.post(bench.space() + "/start-conversation", "{\"content\":5}")) == "400 MALFORMED_REQUEST");
    CHECK(error(bench.post(bench.space() + "/start-conversation", "{\"content\"")) == "400 MALFORMED_REQUEST");
    CHECK(error(bench.post(bench.space() + "/start-conversation", "[]")) == "400 MALFORMED_REQUEST");
    CHECK(error(bench.get("/api/2.0/genie/spaces/unknown")) == "404 RESOURCE_DOES_NOT_EXIST");
    CHECK(error(bench.get(bench.space() + "/conversations/unknown/messages")) == "404 RESOURCE_DOES_NOT_EXIST");
    CHECK(error(bench.get(bench.conversation + "/messages/unknown")) == "404 RESOURCE_DOES_NOT_EXIST");
    CHECK(error(bench.get(message + "/attachments/unknown/query-result")) == "404 RESOURCE_DOES_NOT_EXIST");
    const Answer nothing = bench.get("/api/2.0/no/such/thing");
    CHECK(error(nothing) == "404 ENDPOINT_NOT_FOUND");
    CHECK(nothing.str("message") == "No API found for 'GET /2.0/no/such/thing'");
    CHECK(error(bench.call("DELETE", message + "/attachments/x/query-result")) == "404 RESOURCE_DOES_NOT_EXIST");
    CHECK(error(bench.call("PUT", bench.conversation)) == "404 ENDPOINT_NOT_FOUND");
    CHECK(error(bench.post(message + "/feedback", "{\"rating\":\"GOOD\"}")) == "400 INVALID_PARAMETER_VALUE");
}

TEST_CASE("a conversation is not found in another space", "[genie_workspace]") {
    GenieOptions options = instant();
    options.spaces = 2;
    Bench both(options);
    both.start("Revenue");
    const std::string elsewhere = both.space(1) + both.conversation.substr(both.space(0).size());
    CHECK(both.get(elsewhere + "/messages").status == 404);
}

TEST_CASE("feedback is replaced and cleared, comments are kept", "[genie_workspace]") {
    Bench bench(instant());
    const std::string message = bench.start("Revenue");
    CHECK_FALSE(bench.get(message).has("feedback"));
    bench.post(message + "/feedback", "{\"rating\":\"POSITIVE\",\"comment\":\"good\"}");
    CHECK(bench.get(message)["feedback"].at("comment").as_string() == "good");
    bench.post(message + "/feedback", "{\"rating\":\"NEGATIVE\"}");
    CHECK(bench.get(message)["feedback"].at("rating").as_string() == "NEGATIVE");
    CHECK_FALSE(bench.get(message)["feedback"].as_object().contains("comment"));
    CHECK(bench.post(message + "/feedback", "{\"rating\":\"NONE\"}").status == 200);
    CHECK_FALSE(bench.get(message).has("feedback"));

    const Answer comment = bench.post(message + "/comments", Bench::content("look here"));
    CHECK(comment.str("content") == "look here");
    CHECK(bench.get(message + "/comments")["comments"].as_array().size() == 1);
    CHECK(bench.get(bench.conversation + "/list-comments")["comments"].as_array().size() == 1);
}

TEST_CASE("what is deleted is gone", "[genie_workspace]") {
    Bench bench(instant());
    const std::string message = bench.start("Revenue");
    CHECK(bench.call("DELETE", message).status == 200);
    CHECK(bench.get(message).status == 404);
    CHECK_FALSE(bench.get(bench.conversation + "/messages").has("messages"));
    CHECK(bench.call("DELETE", bench.conversation).status == 200);
    CHECK(bench.get(bench.conversation + "/messages").status == 404);
    CHECK(bench.call("DELETE", bench.conversation).status == 404);
    CHECK(bench.workspace.store().all_messages().at(0)->deleted);
}

TEST_CASE("failed and cancelled questions say why", "[genie_workspace]") {
    Bench bench(instant());
    bench.faults.outcomes = {"FAILED", "CANCELLED", "FAILED_WITH_SUGGESTIONS", "NULL_ATTACHMENTS", "LEGACY"};
    const Answer failed = bench.get(bench.start("Revenue"));
    CHECK(failed.str("status") == "FAILED");
    CHECK(failed["error"].at("type").as_string() == "SQL_EXECUTION_EXCEPTION");
    CHECK_FALSE(failed.has("attachments"));
    CHECK(bench.status(bench.start("Revenue")) == "CANCELLED");
    const Answer hinted = bench.get(bench.start("Revenue"));
    CHECK(hinted.str("status") == "FAILED");
    REQUIRE(hinted["attachments"].as_array().size() == 1);
    CHECK(hinted["attachments"].as_array()[0].as_object().contains("suggested_questions"));
    const Answer null = bench.get(bench.start("Revenue"));
    CHECK(null.str("status") == "COMPLETED");
    CHECK(null["attachments"].is_null());
    const Answer legacy = bench.get(bench.start("Revenue"));
    CHECK_FALSE(legacy.has("message_id"));
    CHECK(legacy["created_timestamp"].as_int64() < 100'000'000'000);
    CHECK(bench.status(bench.start("Revenue")) == "COMPLETED");
}

TEST_CASE("a self-correction leaves both queries, the right one last", "[genie_workspace]") {
    Bench bench;
    bench.faults.outcomes = {"SELF_CORRECTION"};
    const std::string message = bench.start("Revenue by region");
    bench.pass(4 * bench.options.status_time);
    CHECK(bench.status(message) == "EXECUTING_QUERY");
    CHECK(bench.get(message)["attachments"].as_array().size() == 1);
    bench.pass(bench.options.status_time);
    CHECK(bench.status(message) == "ASKING_AI");
    bench.pass(1min);
    const Answer done = bench.get(message);
    const json::array& attachments = done["attachments"].as_array();
    REQUIRE(attachments.size() == 5);
    CHECK(attachments[0].as_object().contains("query"));
    CHECK(attachments[1].as_object().contains("text"));
    CHECK(attachments[2].at("query").at("title").as_string() == "Revenue by region");
}

TEST_CASE("results come in every shape that Databricks knows", "[genie_workspace]") {
    Bench bench(instant());
    const auto result = [&bench](const char* outcome, const char* question = "Revenue by region") {
        bench.faults.outcomes = {outcome};
        return bench.get(bench.attachment(bench.start(question)) + "/query-result")["statement_response"];
    };
    const json::value typed = result("TYPED_ARRAY", "latest 3 orders");
    CHECK(typed.at("result").at("data_typed_array").as_array()[0].at("values").as_array()[0].at("str").is_string());
    CHECK_FALSE(typed.at("result").as_object().contains("data_array"));
    CHECK_FALSE(result("MISSING_RESULT").as_object().contains("result"));
    const json::value failed = result("SQL_FAILED");
    CHECK(failed.at("status").at("state").as_string() == "FAILED");
    CHECK(failed.at("status").at("error").at("message").is_string());
    CHECK(result("RESULT_CLOSED").at("status").at("state").as_string() == "CLOSED");
    CHECK(result("", "Show the orders from Antarctica").at("manifest").at("total_row_count").as_int64() == 0);

    const json::value chunked = result("CHUNKS");
    CHECK(chunked.at("manifest").at("total_chunk_count").as_int64() == 2);
    const Answer next = bench.get(std::string(chunked.at("result").at("next_chunk_internal_link").as_string()));
    CHECK(next["data_array"].as_array().size() == 2);
    CHECK_FALSE(next.has("next_chunk_index"));

    const json::value outside = result("EXTERNAL_LINKS");
    const json::value& link = outside.at("result").at("external_links").as_array()[0];
    const std::string target =
        std::string(link.at("external_link").as_string()).substr(std::string("http://127.0.0.1:1").size());
    CHECK(bench.get(target).status == 400);
    CHECK(bench.call("GET", target, "", "").status == 403);  // without the headers that the link asks for
}

TEST_CASE("an expired result lives again after the query is executed", "[genie_workspace]") {
    Bench bench;
    const bool by_outcome = GENERATE(true, false);
    if (by_outcome)
        bench.faults.outcomes = {"QUERY_RESULT_EXPIRED"};
    const std::string message = bench.start("Revenue by region");
    bench.pass(by_outcome ? Duration(1min) : Duration(62min));
    CHECK(bench.status(message) == "QUERY_RESULT_EXPIRED");
    const std::string attachment = bench.attachment(message);
    CHECK(bench.get(attachment + "/query-result").status == 404);

    const Answer executed = bench.post(attachment + "/execute-query");
    CHECK(executed["statement_response"].at("status").at("state").as_string() == "PENDING");
    CHECK(bench.get(attachment + "/query-result")["statement_response"].at("status").at("state").as_string() ==
          "RUNNING");
    bench.pass(bench.options.status_time);
    CHECK(
        bench.get(attachment + "/query-result")["statement_response"].at("result").at("data_array").as_array().size() ==
        4);
    CHECK(bench.status(message) == "COMPLETED");
}

TEST_CASE("a question that hangs ends when it is told to", "[genie_workspace]") {
    Bench bench;
    bench.faults.outcomes = {"HANG"};
    const std::string message = bench.start("Revenue");
    bench.pass(24h);
    CHECK(bench.status(message) == "ASKING_AI");
    bench.workspace.finish_questions();
    CHECK(bench.status(message) == "COMPLETED");
    CHECK(bench.get(message)["attachments"].as_array().size() >= 2);
}

TEST_CASE("questions beyond the limit of a minute are turned away with a time to wait", "[genie_workspace]") {
    GenieOptions options = instant();
    options.questions_per_minute = 2;
    Bench bench(options);
    bench.start("Revenue");
    bench.pass(20s);
    bench.start("Revenue");
    const Answer refused = bench.post(bench.space() + "/start-conversation", Bench::content("Revenue"));
    CHECK(refused.status == 429);
    CHECK(net::find_header(refused.headers, "Retry-After") == "40");
    bench.pass(40s);
    bench.start("Revenue");
}

TEST_CASE("a chart attachment comes when it is asked for", "[genie_workspace]") {
    Bench bench(instant());
    const Answer started = bench.post(bench.space() + "/start-conversation",
                                      "{\"content\":\"Revenue by region\",\"enable_visualization\":true}");
    const Answer message = bench.get(bench.space() + "/conversations/" + started.str("conversation_id") + "/messages/" +
                                     started.str("message_id"));
    bool found = false;
    for (const json::value& attachment : message["attachments"].as_array())
        found = found || attachment.as_object().contains("viz");
    CHECK(found);
}

TEST_CASE("a whole result can be downloaded", "[genie_workspace]") {
    Bench bench(instant());
    const std::string attachment = bench.attachment(bench.start("Show the customer notes"));
    const Answer started = bench.post(attachment + "/downloads");
    const std::string path = attachment + "/downloads/" + started.str("download_id");
    CHECK(bench.get(path).status == 400);
    const Answer done = bench.get(path + "?download_id_signature=" + started.str("download_id_signature"));
    const std::string link(
        done["statement_response"].at("result").at("external_links").as_array()[0].at("external_link").as_string());
    const Answer csv = bench.call("GET", link.substr(std::string("http://127.0.0.1:1").size()), "", "");
    CHECK(csv.status == 200);
    CHECK_THAT(csv.text, test::contains("note_id,author,note,stars,approved,written_at\r\n"));
    CHECK_THAT(csv.text, test::contains("\"He said \"\"never again\"\""));
}

TEST_CASE("what lies around Genie answers too", "[genie_workspace]") {
    Bench bench;
    CHECK(bench.get("/api/2.0/preview/scim/v2/Me").status == 200);
    const Answer warehouses = bench.get("/api/2.0/sql/warehouses");
    const std::string id(warehouses["warehouses"].as_array()[0].at("id").as_string());
    CHECK(bench.get("/api/2.0/sql/warehouses/" + id).str("state") == "RUNNING");
    CHECK(bench.get(bench.space()).str("warehouse_id") == id);
    bench.faults.login_redirect = true;
    const Answer moved = bench.get("/api/2.0/genie/spaces");
    CHECK(moved.status == 302);
    CHECK_THAT(std::string(net::find_header(moved.headers, "Location")), test::contains("/login.html"));
}

TEST_CASE("a host that serves many workspaces wants to know which one is meant", "[genie_workspace]") {
    GenieOptions options = instant();
    options.workspace_id = "1234567890";
    Bench bench(options);
    CHECK(bench.get("/api/2.0/genie/spaces").status == 400);
}

TEST_CASE("refusals of the network, of foreign conversations and of spaces that are not shared", "[genie_workspace]") {
    Bench bench(instant());
    const std::string message = bench.start("total revenue");
    bench.faults.foreign_conversations = true;
    const Answer foreign = bench.post(bench.conversation + "/messages", Bench::content("and last year?"));
    CHECK(foreign.status == 403);
    CHECK(foreign.str("error_code") == "PERMISSION_DENIED");
    CHECK(bench.post(bench.space() + "/start-conversation", Bench::content("again")).status == 200);
    bench.faults.spaces_not_shared = true;
    CHECK(bench.post(bench.space() + "/start-conversation", Bench::content("again")).status == 404);
    bench.faults.ip_blocked = true;
    const Answer blocked = bench.get(message);
    CHECK(blocked.status == 403);
    CHECK(blocked.str("message").find("IP ACL") != std::string::npos);
}

}  // namespace genie_workspace_test
