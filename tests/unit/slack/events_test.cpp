#include "slack/events/events.hpp"

#include "tests/catch.hpp"

#include <boost/json/parse.hpp>

namespace events_test {

using namespace genie_slack;
using namespace genie_slack::slack;
namespace json = boost::json;

json::object parse(std::string_view text) {
    return json::parse(text).as_object();
}

// A wrapper of slack.md 3.1 around `event`.
Event wrapped(std::string_view event) {
    return parse_event(parse(R"({"type":"event_callback","token":"t","team_id":"T1","context_team_id":"T1",
        "context_enterprise_id":null,"api_app_id":"A1","event":)" +
                             std::string(event) + R"(,"event_id":"Ev0123","event_time":1610241741,
        "event_context":"4-eyJ","authorizations":[{"enterprise_id":null,"team_id":"T1","user_id":"UBOT","is_bot":true,
        "is_enterprise_install":false}],"is_ext_shared_channel":false})"));
}

template <class T>
T body(std::string_view event) {
    const Event parsed = wrapped(event);
    REQUIRE(std::holds_alternative<T>(parsed.body));
    return std::get<T>(parsed.body);
}

template <class T>
T interaction(std::string_view payload) {
    const Interaction parsed = parse_interaction(parse(payload));
    REQUIRE(std::holds_alternative<T>(parsed));
    return std::get<T>(parsed);
}

TEST_CASE("an app_mention becomes a message event", "[events]") {
    const Event event = wrapped(R"({"type":"app_mention","user":"U222","text":"<@UBOT> revenue by region?",
        "ts":"1610241741.000200","client_msg_id":"f058","team":"T1","channel":"C1","event_ts":"1610241741.000200",
        "thread_ts":"1610241700.000100","blocks":[{"type":"rich_text"}],"files":[{"id":"F1"}],"edited":null})");

    CHECK(event.event_id == "Ev0123");
    CHECK(event.team == "T1");
    CHECK(event.enterprise.empty());
    CHECK(event.app_id == "A1");
    CHECK_FALSE(event.ext_shared_channel);
    CHECK(kind_of(event) == "app_mention");
    REQUIRE(std::holds_alternative<MessageEvent>(event.body));
    const auto& message = std::get<MessageEvent>(event.body);
    CHECK(message.mention);
    CHECK(message.channel == "C1");
    CHECK(message.channel_type.empty());
    CHECK(message.user == "U222");
    CHECK(message.user_team.empty());
    CHECK(message.text == "<@UBOT> revenue by region?");
    CHECK(message.ts == "1610241741.000200");
    CHECK(message.root_ts() == "1610241700.000100");
    CHECK(message.has_files);
    CHECK_FALSE(message.edited);
}

TEST_CASE("a message keeps what filters need: bot, subtype, channel type, edit", "[events]") {
    const auto plain = body<MessageEvent>(R"({"type":"message","channel":"D1","channel_type":"im","user":"U1",
        "text":"hi","ts":"1.2","edited":{"user":"U1","ts":"1.3"}})");
    CHECK_FALSE(plain.mention);
    CHECK(plain.subtype.empty());
    CHECK(plain.channel_type == "im");
    CHECK(plain.edited);
    CHECK(plain.root_ts() == "1.2");

    const auto bot = body<MessageEvent>(R"({"type":"message","subtype":"bot_message","channel":"C1",
        "bot_profile":{"id":"B9","app_id":"A9"},"text":"x","ts":"1.2"})");
    CHECK(bot.subtype == "bot_message");
    CHECK(bot.bot_id == "B9");
    CHECK(bot.app_id == "A9");
}

TEST_CASE("a writer of another organisation is told by the team", "[events]") {
    CHECK(
        body<MessageEvent>(R"({"type":"message","channel":"C1","user":"U9","ts":"1.2","user_team":"T9"})").user_team ==
        "T9");
    CHECK(body<MessageEvent>(R"({"type":"message","channel":"C1","user":"U9","ts":"1.2","team":"T8"})").user_team ==
          "T8");
    CHECK(body<MessageEvent>(R"({"type":"message","channel":"C1","user":"U9","ts":"1.2","team":"T1"})")
              .user_team.empty());
}

TEST_CASE("an org-wide install has the enterprise as its team in every kind of payload", "[events]") {
    const Event event = parse_event(parse(R"({"type":"event_callback","team_id":"T1","event_id":"Ev1",
        "event":{"type":"app_uninstalled"},
        "authorizations":[{"enterprise_id":"E1","team_id":null,"is_enterprise_install":true}]})"));
    CHECK(event.team == "E1");
    CHECK(event.enterprise == "E1");
    CHECK(parse_slash_command(parse(R"({"team_id":"T1","enterprise_id":"E1","is_enterprise_install":"true"})")).team ==
          "E1");
    CHECK(parse_slash_command(parse(R"({"team_id":"T1","enterprise_id":"E1","is_enterprise_install":"false"})")).team ==
          "T1");
    CHECK(interaction<BlockActions>(R"({"type":"block_actions","team":null,"enterprise":{"id":"E1"},
        "is_enterprise_install":true})")
              .team == "E1");
}

TEST_CASE("edits and deletions carry the inner message's id", "[events]") {
    const auto changed = body<MessageChanged>(R"({"type":"message","subtype":"message_changed","channel":"C1",
        "channel_type":"channel","hidden":true,"ts":"9.9","message":{"type":"message","user":"U1","text":"new",
        "ts":"1.2","thread_ts":"1.1","edited":{"user":"U1","ts":"9.9"}},"previous_message":{"text":"old","ts":"1.2"}})");
    CHECK(changed.channel == "C1");
    CHECK(changed.message.ts == "1.2");
    CHECK(changed.message.channel == "C1");
    CHECK(changed.message.text == "new");
    CHECK(changed.previous_text == "old");

    const auto deleted = body<MessageDeleted>(R"({"type":"message","subtype":"message_deleted","channel":"C1",
        "ts":"9.9","deleted_ts":"1.2","previous_message":{"user":"U1","ts":"1.2","thread_ts":"1.1"}})");
    CHECK(deleted.deleted_ts == "1.2");
    CHECK(deleted.thread_ts == "1.1");
    CHECK(deleted.user == "U1");
}

TEST_CASE("reactions lose skin tones and aliases", "[events]") {
    const auto reaction = [](const std::string& name) {
        return body<ReactionChanged>(R"({"type":"reaction_added","user":"U1","reaction":")" + name +
                                     R"(","item_user":"UBOT","item":{"type":"message","channel":"C1","ts":"1.2"}})")
            .reaction;
    };
    CHECK(reaction("thumbsup") == "+1");
    CHECK(reaction("thumbsup::skin-tone-2") == "+1");
    CHECK(reaction("+1") == "+1");
    CHECK(reaction("thumbsdown") == "-1");
    CHECK(reaction("tada::skin-tone-3") == "tada");

    const auto removed = body<ReactionChanged>(R"({"type":"reaction_removed","user":"U1","reaction":"eyes",
        "item_user":"UBOT","item":{"type":"message","channel":"C1","ts":"1.2"}})");
    CHECK_FALSE(removed.added);
    CHECK(removed.channel == "C1");
    CHECK(removed.ts == "1.2");
    body<UnknownEvent>(R"({"type":"reaction_added","user":"U1","reaction":"x","item":{"type":"file","file":"F1"}})");
}

TEST_CASE("assistant and agent events", "[events]") {
    const auto started = body<AssistantThreadStarted>(R"({"type":"assistant_thread_started","assistant_thread":
        {"user_id":"U1","channel_id":"D1","thread_ts":"1729999327.187299",
         "context":{"channel_id":"C1","team_id":"T1","enterprise_id":"E1"}}})");
    CHECK_FALSE(started.context_changed);
    CHECK(started.user == "U1");
    CHECK(started.channel == "D1");
    CHECK(started.thread_ts == "1729999327.187299");
    CHECK(started.context_channel == "C1");
    CHECK(body<AssistantThreadStarted>(R"({"type":"assistant_thread_context_changed","assistant_thread":
        {"user_id":"U1","channel_id":"D1","thread_ts":"1.2","context":{}}})")
              .context_changed);

    const auto context = body<AppContextChanged>(R"({"type":"app_context_changed","channel":"D1","user":"U1",
        "context":{"entities":[{"type":"slack#/types/canvas_id","value":"F1"},
        {"type":"slack#/types/channel_id","value":"C1","team_id":"T1"}]}})");
    CHECK(context.context_channel == "C1");
    CHECK(body<AppContextChanged>(R"({"type":"app_context_changed","channel":"D1","user":"U1","context":{"entities":
        [{"type":"slack#/types/message_context","value":{"channel_id":"C2","message_ts":"1.2"}}]}})")
              .context_channel == "C2");

    const auto stopped = body<AgentSessionStopped>(R"({"type":"agent_session_stopped","channel":"D1","user":"U1",
        "thread_ts":"1.1","streaming_message_ts":["1.2",7,null,"1.3"],"event_ts":"2.2"})");
    CHECK(stopped.streaming_message_ts == std::vector<std::string>{"1.2", "1.3"});
}

TEST_CASE("events of the home tab, of channels and of the app's limits", "[events]") {
    const auto home = body<AppHomeOpened>(R"({"type":"app_home_opened","user":"U1","channel":"D1","tab":"messages"})");
    CHECK(home.user == "U1");
    CHECK(home.channel == "D1");
    CHECK(home.tab == "messages");
    CHECK(body<ChannelShared>(R"({"type":"channel_shared","channel":"C1"})").is_shared);
    CHECK_FALSE(body<ChannelShared>(R"({"type":"channel_unshared","channel":"C1","is_ext_shared":false})").is_shared);
    CHECK(body<ChannelShared>(R"({"type":"channel_unshared","channel":"C1","is_ext_shared":true})").is_shared);
    const auto joined =
        body<MemberJoinedChannel>(R"({"type":"member_joined_channel","user":"U1","channel":"C1","inviter":"U2"})");
    CHECK(joined.channel == "C1");
    CHECK(joined.inviter == "U2");

    const Event limited = parse_event(parse(R"({"token":"t","type":"app_rate_limited","team_id":"T1",
        "minute_rate_limited":1518467820,"api_app_id":"A1"})"));
    REQUIRE(std::holds_alternative<AppRateLimited>(limited.body));
    CHECK(std::get<AppRateLimited>(limited.body).team == "T1");
    CHECK(std::get<AppRateLimited>(limited.body).minute == 1518467820);
}

TEST_CASE("what is not known or not usable becomes an unknown event with a tidy name", "[events]") {
    CHECK(body<UnknownEvent>(R"({"type":"team_join","user":{"id":"U1"}})").type == "team_join");
    CHECK(body<UnknownEvent>(R"({"type":"bad name\n"})").type == "unknown");
    CHECK(body<UnknownEvent>(R"({"type":17})").type == "unknown");
    CHECK(body<UnknownEvent>(R"("text")").type == "unknown");
    CHECK(body<UnknownEvent>("null").type == "unknown");
    CHECK(body<UnknownEvent>(R"({"type":"message","channel":"C1"})").type == "message");
    CHECK(kind_of(wrapped(R"({"type":"team_join"})")) == "team_join");
    CHECK(kind_of(parse_event({})) == "unknown");
}

TEST_CASE("null and wrong types are the same as absent", "[events]") {
    const Event event = parse_event(parse(R"({"type":"event_callback","team_id":7,"api_app_id":null,"event_id":["x"],
        "event_time":"soon","authorizations":"none","is_ext_shared_channel":"yes","event":{"type":"message",
        "channel":"C1","ts":"1.2","user":null,"text":{"a":1},"thread_ts":1610241741.0002,"files":{},"edited":true,
        "bot_id":0,"bot_profile":[]}})"),
                                    2, "timeout");
    CHECK(event.team.empty());
    CHECK(event.event_id.empty());
    CHECK_FALSE(event.ext_shared_channel);
    CHECK(event.retry_attempt == 2);
    CHECK(event.retry_reason == "timeout");
    REQUIRE(std::holds_alternative<MessageEvent>(event.body));
    const auto& message = std::get<MessageEvent>(event.body);
    CHECK(message.user.empty());
    CHECK(message.text.empty());
    CHECK(message.thread_ts.empty());
    CHECK(message.bot_id.empty());
    CHECK_FALSE(message.edited);
    CHECK_FALSE(message.has_files);
}

TEST_CASE("huge payloads are bounded", "[events]") {
    std::string text;
    for (int i = 0; i < 100'000; ++i)
        text += "ä";
    json::object event = parse(R"({"type":"message","channel":"C1","ts":"1.2"})");
    event["text"] = text;
    event["user"] = std::string(300, 'U');
    json::object payload;
    payload["event"] = event;
    const Event parsed = parse_event(payload);
    REQUIRE(std::holds_alternative<MessageEvent>(parsed.body));
    const auto& message = std::get<MessageEvent>(parsed.body);
    CHECK(message.text.size() == 160'000);
    CHECK(message.text == text.substr(0, 160'000));
    CHECK(message.user.empty());

    json::array actions;
    for (int i = 0; i < 1000; ++i)
        actions.push_back(json::object{{"type", "button"}, {"action_id", "a"}});
    json::object click{{"type", "block_actions"}};
    click["actions"] = actions;
    CHECK(std::get<BlockActions>(parse_interaction(click)).actions.size() == 100);
}

TEST_CASE("a slash command", "[events]") {
    const SlashCommand command = parse_slash_command(parse(R"({"token":"t","team_id":"T1","team_domain":"acme",
        "channel_id":"C1","channel_name":"general","user_id":"U1","user_name":"ana","command":"/genie",
        "text":"revenue &amp; cost","api_app_id":"A1","is_enterprise_install":"false",
        "response_url":"https://hooks.slack.com/commands/T1/111/xxx","trigger_id":"111.222.xxx"})"));
    CHECK(command.team == "T1");
    CHECK(command.channel == "C1");
    CHECK(command.user == "U1");
    CHECK(command.user_name == "ana");
    CHECK(command.command == "/genie");
    CHECK(command.text == "revenue &amp; cost");
    CHECK(command.response_url == "https://hooks.slack.com/commands/T1/111/xxx");
    CHECK(command.trigger_id == "111.222.xxx");
    CHECK(kind_of(command) == "slash_commands");
}

TEST_CASE("a click in a message", "[events]") {
    const auto click = interaction<BlockActions>(R"({"type":"block_actions","user":{"id":"U1","username":"ana",
        "name":"ana","team_id":"T1"},"api_app_id":"A1","token":"t","container":{"type":"message","message_ts":"1.2",
        "channel_id":"C1","is_ephemeral":false,"thread_ts":"1.1"},"trigger_id":"1.2.abc",
        "team":{"id":"T1","domain":"acme"},"enterprise":null,"is_enterprise_install":false,
        "channel":{"id":"C1","name":"general"},"message":{"ts":"1.2","blocks":[]},
        "response_url":"https://hooks.slack.com/actions/x","actions":[{"type":"button","action_id":"a","block_id":"b",
        "text":{"type":"plain_text","text":"Go"},"value":"v","action_ts":"1.3"},{"type":"static_select","action_id":"s",
        "block_id":"b2","selected_option":{"text":{"type":"plain_text","text":"Sales"},"value":"space1"}},
        {"type":"feedback_buttons","action_id":"fb","block_id":"b3","value":"up:7"}]})");
    CHECK(click.team == "T1");
    CHECK(click.user == "U1");
    CHECK(click.user_name == "ana");
    CHECK(click.channel == "C1");
    CHECK(click.message_ts == "1.2");
    CHECK(click.thread_ts == "1.1");
    CHECK(click.trigger_id == "1.2.abc");
    CHECK(click.message.contains("blocks"));
    REQUIRE(click.actions.size() == 3);
    CHECK(click.actions[0].value == "v");
    CHECK(click.actions[1].value == "space1");
    CHECK(click.actions[1].value_text == "Sales");
    CHECK(click.actions[2].type == "feedback_buttons");
    CHECK(click.actions[2].value == "up:7");
}

TEST_CASE("a click in a view has no channel and no message", "[events]") {
    const auto click = interaction<BlockActions>(R"({"type":"block_actions","user":{"id":"U1"},"team":{"id":"T1"},
        "container":{"type":"view","view_id":"V1"},"view":{"id":"V1","type":"home"},"actions":[{"type":"button",
        "action_id":"a","value":"v"}]})");
    CHECK(click.channel.empty());
    CHECK(click.message_ts.empty());
    CHECK(click.view_id == "V1");
    CHECK(click.message.empty());
    CHECK(click.view.contains("type"));
}

TEST_CASE("a submitted view gives all its values", "[events]") {
    const auto view = interaction<ViewSubmission>(R"({"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1"},
        "trigger_id":"t","view":{"id":"V1","callback_id":"ask","private_metadata":"{\"c\":1}","hash":"h",
        "state":{"values":{"b1":{"a1":{"type":"plain_text_input","value":"how much?"}},
        "b2":{"a2":{"type":"static_select","selected_option":{"text":{"type":"plain_text","text":"Sales"},"value":"s"}}},
        "b3":{"a3":{"type":"datepicker","selected_date":"2026-01-31"}},
        "b4":{"a4":{"type":"users_select","selected_user":"U7"}},
        "b5":{"a5":{"type":"checkboxes","selected_options":[{"value":"x","text":{"text":"X"}},{"value":"y"}]}},
        "b6":{"a6":{"type":"plain_text_input","value":null}}}}}})");
    CHECK_FALSE(view.closed);
    CHECK(view.view_id == "V1");
    CHECK(view.callback_id == "ask");
    CHECK(view.private_metadata == R"({"c":1})");
    REQUIRE(view.values.size() == 6);
    CHECK(view.values[0].block_id == "b1");
    CHECK(view.values[0].action_id == "a1");
    CHECK(view.values[0].value == "how much?");
    CHECK(view.values[1].value_text == "Sales");
    CHECK(view.values[2].value == "2026-01-31");
    CHECK(view.values[3].value == "U7");
    CHECK(view.values[4].value == "x");
    CHECK(view.values[5].value == "y");

    CHECK(interaction<ViewSubmission>(R"({"type":"view_closed","view":{"id":"V1"},"is_cleared":false})").closed);
}

TEST_CASE("shortcuts, message actions and suggestions", "[events]") {
    const auto global = interaction<Shortcut>(R"({"type":"shortcut","callback_id":"ask","trigger_id":"t",
        "user":{"id":"U1"},"team":{"id":"T1"},"action_ts":"1.2"})");
    CHECK_FALSE(global.on_message);
    CHECK(global.callback_id == "ask");

    const auto on_message = interaction<Shortcut>(R"({"type":"message_action","callback_id":"ask","trigger_id":"t",
        "user":{"id":"U1"},"team":{"id":"T1"},"channel":{"id":"C1"},"message_ts":"1.2","response_url":"https://x",
        "message":{"ts":"1.2","thread_ts":"1.1","text":"hello","user":"U2"}})");
    CHECK(on_message.on_message);
    CHECK(on_message.channel == "C1");
    CHECK(on_message.message_ts == "1.2");
    CHECK(on_message.thread_ts == "1.1");
    CHECK(on_message.message_text == "hello");
    CHECK(on_message.message_user == "U2");

    const auto suggestion = interaction<BlockSuggestion>(R"({"type":"block_suggestion","user":{"id":"U1"},
        "team":{"id":"T1"},"channel":{"id":"C1"},"action_id":"space","block_id":"b","value":"sal"})");
    CHECK(suggestion.value == "sal");
    CHECK(suggestion.action_id == "space");
    CHECK(kind_of(Interaction(suggestion)) == "block_suggestion");

    CHECK(interaction<UnknownInteraction>(R"({"type":"workflow_step_edit"})").type == "workflow_step_edit");
}

}  // namespace events_test
