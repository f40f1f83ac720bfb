#include "slack/socket/envelope.hpp"

#include "tests/catch.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace envelope_test {

using namespace genie_slack;
using namespace genie_slack::slack;
using namespace std::chrono_literals;
namespace json = boost::json;

template <class T>
T as(std::string_view text) {
    Frame frame = parse_frame(text);
    REQUIRE(std::holds_alternative<T>(frame));
    return std::get<T>(std::move(frame));
}

TEST_CASE("hello tells how many connections there are and how long this one lives", "[envelope]") {
    const auto hello = as<Hello>(R"({"type":"hello","num_connections":3,"debug_info":{"host":"applink-1",
        "build_number":10,"approximate_connection_time":18060,"started":"2020-10-11 12:12:12.120"},
        "connection_info":{"app_id":"A01234567"}})");
    CHECK(hello.num_connections == 3);
    CHECK(hello.connection_time == 18060s);
    CHECK(hello.app_id == "A01234567");
}

TEST_CASE("hello with missing, odd or absurd members is still hello", "[envelope]") {
    for (const char* text : {R"({"type":"hello"})", R"({"type":"hello","num_connections":null,"debug_info":7})",
                             R"({"type":"hello","num_connections":"2","connection_info":[]})",
                             R"({"type":"hello","num_connections":-5,"debug_info":{"approximate_connection_time":-1}})",
                             R"({"debug_info":{"approximate_connection_time":"soon"},"type":"hello"})"}) {
        const auto hello = as<Hello>(text);
        CHECK(hello.num_connections == 0);
        CHECK(hello.connection_time == 0s);
    }
    const auto huge =
        as<Hello>(R"({"type":"hello","num_connections":1e300,"debug_info":{"approximate_connection_time":1e300}})");
    CHECK(huge.num_connections == 1000000);
    CHECK(huge.connection_time == 7 * 24h);
}

TEST_CASE("disconnect reasons are told apart, unknown ones are kept apart", "[envelope]") {
    CHECK(as<Disconnect>(R"({"type":"disconnect","reason":"warning","debug_info":{"host":"wss-111.slack.com"}})")
              .reason == DisconnectReason::warning);
    CHECK(as<Disconnect>(R"({"reason":"refresh_requested","type":"disconnect"})").reason ==
          DisconnectReason::refresh_requested);
    CHECK(as<Disconnect>(R"({"type":"disconnect","reason":"link_disabled"})").reason ==
          DisconnectReason::link_disabled);
    CHECK(as<Disconnect>(R"({"type":"disconnect","reason":"too_many_websockets","num_connections":10})").reason ==
          DisconnectReason::too_many_websockets);
    for (const char* text : {R"({"type":"disconnect","reason":"something_new"})", R"({"type":"disconnect"})",
                             R"({"type":"disconnect","reason":null,"envelope_id":"e1"})"})
        CHECK(as<Disconnect>(text).reason == DisconnectReason::unknown);
}

TEST_CASE("an events envelope brings its event with the retry members", "[envelope]") {
    const auto envelope = as<Envelope>(R"({"payload":{"team_id":"T111","api_app_id":"A111","event":{
        "type":"app_mention","user":"U1","text":"<@U0> hi","ts":"1.2","channel":"C1","event_ts":"1.2"},
        "type":"event_callback","event_id":"Ev111","event_time":1610241741},
        "retry_attempt":1,"retry_reason":"timeout","accepts_response_payload":false,
        "envelope_id":"cda4159a-1","type":"events_api"})");
    CHECK(envelope.id == "cda4159a-1");
    CHECK(envelope.known_type);
    REQUIRE(envelope.payload);
    const auto* event = std::get_if<Event>(&*envelope.payload);
    REQUIRE(event);
    CHECK(event->event_id == "Ev111");
    CHECK(event->retry_attempt == 1);
    CHECK(event->retry_reason == "timeout");
    REQUIRE(std::holds_alternative<MessageEvent>(event->body));
    CHECK(std::get<MessageEvent>(event->body).channel == "C1");
}

TEST_CASE("commands and interactions come as their own types", "[envelope]") {
    const auto command = as<Envelope>(R"({"envelope_id":"e1","type":"slash_commands","accepts_response_payload":true,
        "payload":{"command":"/genie","text":"help","team_id":"T1","channel_id":"C1","user_id":"U1"}})");
    REQUIRE(command.payload);
    REQUIRE(std::holds_alternative<SlashCommand>(*command.payload));
    CHECK(std::get<SlashCommand>(*command.payload).command == "/genie");

    const auto interaction = as<Envelope>(R"({"envelope_id":"e2","type":"interactive","payload":{
        "type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"channel":{"id":"C1"},
        "message":{"ts":"1.2","blocks":[]},"actions":[{"type":"button","action_id":"a","block_id":"b","value":"v"}]}})");
    REQUIRE(interaction.payload);
    REQUIRE(std::holds_alternative<Interaction>(*interaction.payload));
    const auto& actions = std::get<BlockActions>(std::get<Interaction>(*interaction.payload));
    REQUIRE(actions.actions.size() == 1);
    CHECK(actions.actions[0].value == "v");
    // The parser's own memory is gone by now: what is kept must be a copy.
    CHECK(json::serialize(actions.message) == R"({"ts":"1.2","blocks":[]})");
}

TEST_CASE("an envelope that nothing can be done about still has its id for the ack", "[envelope]") {
    for (const char* text :
         {R"({"envelope_id":"e1","type":"events_api"})", R"({"envelope_id":"e1","type":"events_api","payload":null})",
          R"({"envelope_id":"e1","type":"interactive","payload":[1,2]})",
          R"({"envelope_id":"e1","type":"slash_commands","payload":17})"}) {
        const auto envelope = as<Envelope>(text);
        CHECK(envelope.id == "e1");
        CHECK(envelope.known_type);
        CHECK_FALSE(envelope.payload);
    }
    for (const char* text : {R"({"envelope_id":"e1","type":"brand_new","payload":{"a":1}})",
                             R"({"envelope_id":"e1","payload":{}})", R"({"envelope_id":"e1","type":7})"}) {
        const auto envelope = as<Envelope>(text);
        CHECK(envelope.id == "e1");
        CHECK_FALSE(envelope.known_type);
        CHECK_FALSE(envelope.payload);
    }
}

TEST_CASE("a payload inside a string is read, other text is wrapped", "[envelope]") {
    const auto inner = as<Envelope>(
        R"({"envelope_id":"e1","type":"slash_commands","payload":"{\"command\":\"/genie\",\"text\":\"x\"}"})");
    REQUIRE(inner.payload);
    CHECK(std::get<SlashCommand>(*inner.payload).command == "/genie");

    const auto wrapped = as<Envelope>(R"({"envelope_id":"e1","type":"slash_commands","payload":"plain words"})");
    REQUIRE(wrapped.payload);
    CHECK(std::get<SlashCommand>(*wrapped.payload).text == "plain words");
}

TEST_CASE("whatever else arrives is tolerated", "[envelope]") {
    const std::string deep(100000, '[');
    const std::string deep_envelope =
        R"({"envelope_id":"e1","type":"events_api","payload":)" + std::string(500, '[') + std::string(500, ']') + "}";
    const std::string long_id = R"({"type":"events_api","envelope_id":")" + std::string(30000, 'x') + "\"}";
    for (const std::string& text :
         {std::string(), std::string("Goodbye"), std::string("{"), std::string("null"), std::string("[]"),
          std::string("42"), std::string("\"text\""), std::string("{}"), std::string(R"({"type":"events_api"})"),
          std::string(R"({"type":"events_api","envelope_id":""})"), std::string(R"({"envelope_id":5})"),
          std::string(R"({"type":"hello"} trailing)"), std::string("\xff\xfe{}"), std::string(3, '\0'), deep,
          deep_envelope, long_id}) {
        const auto odd = as<OddFrame>(text);
        CHECK(std::string(odd.why) != "");
    }
}

TEST_CASE("cut and broken frames never do harm", "[envelope]") {
    const std::string whole = R"({"envelope_id":"e1","type":"interactive","payload":{"type":"block_actions",
        "user":{"id":"U1"},"actions":[{"type":"button","value":"v","selected_option":{"value":"x"}}]}})";
    for (std::size_t length = 0; length < whole.size(); ++length)
        CHECK(std::holds_alternative<OddFrame>(parse_frame(std::string_view(whole).substr(0, length))));
    for (std::size_t at = 0; at < whole.size(); ++at)
        for (const char byte : {'\0', '"', '{', '9', '\x80'}) {
            std::string broken = whole;
            broken[at] = byte;
            INFO(broken);
            const Frame frame = parse_frame(broken);
            // What still passes as an envelope can be acked.
            if (const auto* envelope = std::get_if<Envelope>(&frame))
                CHECK_FALSE(envelope->id.empty());
            else
                CHECK(std::holds_alternative<OddFrame>(frame));
        }
}

TEST_CASE("a large envelope is read whole", "[envelope]") {
    const std::string value(70000, 'v');
    const auto envelope = as<Envelope>(R"({"envelope_id":"e1","type":"interactive","payload":{"type":"block_actions",
        "actions":[{"type":"button","action_id":"a","value":")" +
                                       value + "\"}]}}");
    REQUIRE(envelope.payload);
    const auto& actions = std::get<BlockActions>(std::get<Interaction>(*envelope.payload));
    REQUIRE(actions.actions.size() == 1);
    CHECK(actions.actions[0].value == value);
}

TEST_CASE("an ack carries the id, and the payload when there is one", "[envelope]") {
    CHECK(serialize_ack("57d6a792-1", std::nullopt).text == R"({"envelope_id":"57d6a792-1"})");
    const AckFrame ack = serialize_ack("e1", json::parse(R"({"options":[]})"));
    CHECK(ack.text == R"({"envelope_id":"e1","payload":{"options":[]}})");
    CHECK_FALSE(ack.payload_dropped);
    CHECK(serialize_ack("a\"b\\c", std::nullopt).text == R"({"envelope_id":"a\"b\\c"})");
}

TEST_CASE("an ack is never larger than Slack takes", "[envelope]") {
    const auto sized = [](std::size_t bytes) { return serialize_ack("e1", json::value(std::string(bytes, 'x'))); };
    const std::size_t frame = sized(0).text.size();

    const AckFrame largest = sized(20479 - frame);
    CHECK(largest.text.size() == 20479);
    CHECK_FALSE(largest.payload_dropped);

    const AckFrame over = sized(20480 - frame);
    CHECK(over.payload_dropped);
    CHECK(over.text == R"({"envelope_id":"e1"})");
}

TEST_CASE("half a surrogate pair in a text does not make an envelope unreadable", "[envelope]") {
    const Frame frame = parse_frame(R"({"type":"events_api","envelope_id":"e1","payload":{"type":"event_callback",
        "team_id":"T1","event":{"type":"message","channel":"C1","user":"U1","ts":"1.2","text":"cut \ud83d here"}}})");
    REQUIRE(std::holds_alternative<Envelope>(frame));
    const auto& event = std::get<Event>(*std::get<Envelope>(frame).payload);
    CHECK(std::get<MessageEvent>(event.body).text == "cut \xEF\xBF\xBD here");
}

}  // namespace envelope_test
