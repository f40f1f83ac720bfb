#include "tests/catch.hpp"
#include "tests/unit/sandbox/local_slack.hpp"

namespace slack_people_test {

using namespace local_slack_test;
using namespace std::chrono_literals;

json::object plain(const std::string& text) {
    return {{"type", "plain_text"}, {"text", text}};
}

json::object modal(const std::string& title = "T") {
    return {{"type", "modal"},
            {"callback_id", "cb"},
            {"title", plain(title)},
            {"submit", plain("OK")},
            {"blocks", json::array{json::object{{"type", "input"},
                                                {"block_id", "b"},
                                                {"label", plain("L")},
                                                {"element", {{"type", "plain_text_input"}, {"action_id", "a"}}}}}}};
}

json::array buttons() {
    const json::object menu{{"type", "static_select"},
                            {"action_id", "space"},
                            {"options", json::array{json::object{{"text", plain("One")}, {"value", "1"}},
                                                    json::object{{"text", plain("Two")}, {"value", "2"}}}}};
    const json::object button{{"type", "button"}, {"action_id", "go"}, {"text", plain("Go")}, {"value", "v"}};
    const json::object options{{"type", "external_select"}, {"action_id", "ask"}};
    const json::object actions{
        {"type", "actions"}, {"block_id", "acts"}, {"elements", json::array{menu, button, options}}};
    return json::array{actions};
}

std::string post_buttons(Local& local) {
    return local.call("chat.postMessage", {{"channel", "C0SALES"}, {"text", "choose"}, {"blocks", buttons()}})
        .member("ts");
}

// Opens a modal by a slash command; its id.
std::string open_modal(Local& local, Bot& bot, const json::object& view = modal()) {
    const auto before = bot.messages("slash_commands").size();
    local.slack->slash("U0ANA", "C0SALES", "/genie", "x");
    local.until([&] { return bot.messages("slash_commands").size() > before; });
    const auto payload = bot.messages("slash_commands").back().at("payload").as_object();
    const auto opened = local.call("views.open", {{"trigger_id", payload.at("trigger_id")}, {"view", view}});
    return opened.ok() ? text_member(opened.body.at("view").as_object(), "id") : opened.error();
}

TEST_CASE("a direct message comes as message.im, a plain one in a channel without a mention event") {
    Local local;
    const auto bot = open_bot(local);
    const std::string dm = local.slack->direct_message("U0ANA");
    local.slack->say("U0ANA", dm, "<@U0GENIE> hi");
    local.slack->say("U0ANA", "C0SALES", "hello all");
    local.slack->say("U0ANA", "C0RANDOM", "<@U0GENIE> not here");
    REQUIRE(local.until([&] { return bot->messages("events_api").size() == 2; }));
    local.wait(50ms);
    CHECK(bot->events("app_mention").empty());
    const auto events = bot->events("message");
    REQUIRE(events.size() == 2);
    CHECK(events[0].at("channel_type") == "im");
    CHECK(events[1].at("channel_type") == "channel");
}

TEST_CASE("events that the app did not subscribe to are not delivered") {
    SlackOptions options;
    options.bot_events = {"app_mention"};
    Local local(options);
    const auto bot = open_bot(local);
    local.slack->say("U0ANA", "C0SALES", "hello all");
    local.slack->say("U0ANA", "C0SALES", "<@U0GENIE> hi");
    REQUIRE(local.until([&] { return bot->messages("events_api").size() == 1; }));
    CHECK(bot->events("app_mention").size() == 1);
}

TEST_CASE("edits and deletions of people arrive, a mention added by an edit as one with the ts of the message") {
    Local local;
    const auto bot = open_bot(local);
    const std::string ts = local.slack->say("U0ANA", "C0SALES", "hello");
    local.slack->edit("C0SALES", ts, "<@U0GENIE> hello");
    local.slack->remove("C0SALES", ts);
    REQUIRE(local.until([&] { return bot->events("message").size() == 3; }));
    const auto events = bot->events("message");
    CHECK(events[1].at("subtype") == "message_changed");
    CHECK(events[1].at("message").as_object().contains("edited"));
    CHECK(events[2].at("subtype") == "message_deleted");
    const auto mentions = bot->events("app_mention");
    REQUIRE(mentions.size() == 1);
    CHECK(mentions[0].at("ts") == json::value(ts));
    CHECK(mentions[0].at("edited").at("user") == "U0ANA");
}

TEST_CASE("another bot's message has a bot_id and no subtype") {
    Local local;
    SlackUser other;
    other.id = "U0OTHER";
    other.name = "other";
    other.is_bot = true;
    local.slack->add_user(other);
    const auto bot = open_bot(local);
    local.slack->say("U0OTHER", "C0SALES", "beep");
    REQUIRE(local.until([&] { return bot->events("message").size() == 1; }));
    CHECK(bot->events("message")[0].at("bot_id") == "B0OTHER");
    CHECK_FALSE(bot->events("message")[0].contains("subtype"));
}

TEST_CASE("a press brings the message, the state of all elements and a response_url with five uses") {
    Local local;
    const auto bot = open_bot(local);
    const std::string ts = post_buttons(local);
    const json::object choice{{"text", plain("Two")}, {"value", "2"}};
    CHECK_FALSE(local.slack->press("U0ANA", "C0SALES", ts, {{"action_id", "missing"}}));
    CHECK(local.slack->press("U0ANA", "C0SALES", ts, {{"action_id", "space"}, {"selected_option", choice}}));
    CHECK(local.slack->press("U0ANA", "C0SALES", ts, {{"action_id", "go"}}));
    REQUIRE(local.until([&] { return bot->interactions("block_actions").size() == 2; }));
    const auto payload = bot->interactions("block_actions")[1];
    CHECK(payload.at("container").at("message_ts") == json::value(ts));
    CHECK(payload.at("message").at("blocks").as_array().size() == 1);
    CHECK(payload.at("state").at("values").at("acts").at("space").at("selected_option").at("value") == "2");
    CHECK(payload.at("actions").at(0).at("value") == "v");
    CHECK(payload.at("actions").at(0).at("block_id") == "acts");
    CHECK(payload.at("team").at("id") == "T0SANDBOX");

    const std::string url = text_member(payload, "response_url");
    CHECK(local.post_url(url, {{"text", "new"}, {"replace_original", true}}).text == "ok");
    CHECK(local.slack->find_message("C0SALES", ts)->text == "new");
    for (int i = 0; i < 4; ++i)
        CHECK(local.post_url(url, {{"text", "psst"}}).status == 200);
    CHECK(local.slack->last_message("C0SALES")->ephemeral_for == "U0ANA");
    const auto sixth = local.post_url(url, {{"text", "psst"}});
    CHECK(sixth.status == 404);
    CHECK(sixth.error() == "used_url");
}

TEST_CASE("a response_url ends after its time") {
    SlackOptions options;
    options.response_url_life = 20ms;
    Local local(options);
    const auto bot = open_bot(local);
    local.slack->slash("U0ANA", "C0SALES", "/genie", "x");
    REQUIRE(local.until([&] { return bot->messages("slash_commands").size() == 1; }));
    const auto payload = bot->messages("slash_commands")[0].at("payload").as_object();
    CHECK(payload.at("is_enterprise_install") == "false");
    local.wait(40ms);
    CHECK(local.post_url(text_member(payload, "response_url"), {{"text", "x"}}).error() == "expired_url");
}

TEST_CASE("a slash command's ack speaks, and without an ack the person is told") {
    SlackOptions options;
    options.ack_timeout = 100ms;
    Local local(options);
    std::vector<json::object> notices;
    local.slack->on_change([&](const json::object& change) {
        if (text_member(change, "type") == "notice")
            notices.push_back(change);
    });
    local.slack->slash("U0ANA", "C0SALES", "/genie", "x");
    REQUIRE(local.until([&] { return notices.size() == 1; }));
    CHECK(test::contains("operation_timeout").match(text_member(notices[0], "text")));
    local.slack->slash("U0ANA", "C0SALES", "/nothing", "x");
    CHECK(notices.size() == 2);

    Local patient;
    const auto bot = open_bot(patient);
    bot->ack_payloads["slash_commands"] = json::object{{"text", "done"}, {"response_type", "in_channel"}};
    patient.slack->slash("U0ANA", "C0RANDOM", "/genie", "x");
    REQUIRE(patient.until([&] { return patient.slack->messages("C0RANDOM").size() == 1; }));
    CHECK(patient.slack->last_message("C0RANDOM")->ephemeral_for.empty());
}

TEST_CASE("a trigger opens one view within its time") {
    SlackOptions options;
    options.trigger_life = 60ms;
    Local local(options);
    const auto bot = open_bot(local);
    const std::string ts = post_buttons(local);
    local.slack->press("U0ANA", "C0SALES", ts, {{"action_id", "go"}});
    REQUIRE(local.until([&] { return bot->interactions("block_actions").size() == 1; }));
    const auto trigger = bot->interactions("block_actions")[0].at("trigger_id");
    local.wait(100ms);
    CHECK(local.call("views.open", {{"trigger_id", trigger}, {"view", modal()}}).error() == "expired_trigger_id");
    CHECK(local.call("views.open", {{"trigger_id", "1.2.x"}, {"view", modal()}}).error() == "invalid_trigger_id");

    Local patient;
    const auto other = open_bot(patient);
    const std::string id = open_modal(patient, *other);
    CHECK(patient.slack->open_views("U0ANA").size() == 1);
    const auto used = other->messages("slash_commands")[0].at("payload").at("trigger_id");
    CHECK(patient.call("views.open", {{"trigger_id", used}, {"view", modal()}}).error() == "exchanged_trigger_id");
    json::object wrong = modal(std::string(25, 'x'));
    const auto refused = patient.call("views.update", {{"view_id", id}, {"view", wrong}});
    CHECK(refused.error() == "invalid_arguments");
    CHECK(test::contains("/view/title/text").match(refused.text.empty() ? "" : json::serialize(refused.body)));
    CHECK(patient.call("views.update", {{"view_id", id}, {"view", modal()}, {"hash", "old"}}).error() ==
          "hash_conflict");
    CHECK(patient.call("views.update", {{"view_id", id}, {"view", modal("New")}}).ok());
    CHECK(patient.call("views.update", {{"view_id", "V0"}, {"view", modal()}}).error() == "not_found");
}

TEST_CASE("a submission is answered by errors, update, push or clear") {
    Local local;
    const auto bot = open_bot(local);
    json::object errors;
    local.slack->on_change([&](const json::object& change) {
        if (text_member(change, "type") == "view_errors")
            errors = change.at("errors").as_object();
    });
    const std::string id = open_modal(local, *bot);
    const json::object typed{{"b", {{"a", {{"type", "plain_text_input"}, {"value", "zz"}}}}}};
    bot->ack_payloads["view_submission"] =
        json::object{{"response_action", "errors"}, {"errors", {{"b", "too short"}}}};
    local.slack->submit_view("U0ANA", id, typed);
    REQUIRE(local.until([&] { return !errors.empty(); }));
    CHECK(errors.at("b") == "too short");
    const auto payload = bot->interactions("view_submission")[0];
    CHECK(payload.at("view").at("state").at("values").at("b").at("a").at("value") == "zz");

    bot->ack_payloads["view_submission"] = json::object{{"response_action", "update"}, {"view", modal("Next")}};
    local.slack->submit_view("U0ANA", id, typed);
    REQUIRE(local.until([&] { return local.slack->open_views("U0ANA").back().at("title").at("text") == "Next"; }));
    CHECK(text_member(local.slack->open_views("U0ANA").back(), "id") == id);

    bot->ack_payloads["view_submission"] = json::object{{"response_action", "push"}, {"view", modal("Top")}};
    local.slack->submit_view("U0ANA", id, typed);
    REQUIRE(local.until([&] { return local.slack->open_views("U0ANA").size() == 2; }));
    const std::string top = text_member(local.slack->open_views("U0ANA").back(), "id");
    CHECK(local.slack->open_views("U0ANA").back().at("previous_view_id") == json::value(id));

    bot->ack_payloads["view_submission"] = json::object{{"response_action", "clear"}};
    local.slack->submit_view("U0ANA", top, typed);
    REQUIRE(local.until([&] { return local.slack->open_views("U0ANA").empty(); }));
    CHECK(local.slack->violations().empty());

    const std::string again = open_modal(local, *bot);
    bot->ack_payloads["view_submission"] = json::object{{"response_action", "update"}};
    local.slack->submit_view("U0ANA", again, typed);
    CHECK(local.until([&] { return local.slack->violations().size() == 1; }));
}

TEST_CASE("a submission without an answer tells the person") {
    SlackOptions options;
    options.ack_timeout = 500ms;
    Local local(options);
    const auto bot = open_bot(local, false);
    json::object errors;
    local.slack->on_change([&](const json::object& change) {
        if (text_member(change, "type") == "view_errors")
            errors = change.at("errors").as_object();
    });
    const std::string id = open_modal(local, *bot);
    local.slack->submit_view("U0ANA", id, {});
    REQUIRE(local.until([&] { return !errors.empty(); }));
    CHECK(errors.contains(""));
    CHECK(local.slack->open_views("U0ANA").size() == 1);
}

TEST_CASE("no more than three views can stand on each other") {
    Local local;
    const auto bot = open_bot(local);
    json::object view = modal();
    view["blocks"].as_array().push_back(buttons()[0]);
    std::string id = open_modal(local, *bot, view);
    for (int depth = 2; depth <= 4; ++depth) {
        const auto before = bot->interactions("block_actions").size();
        REQUIRE(local.slack->press_view("U0ANA", id, {{"action_id", "go"}}));
        REQUIRE(local.until([&] { return bot->interactions("block_actions").size() > before; }));
        const auto payload = bot->interactions("block_actions").back();
        CHECK(payload.at("container").at("type") == "view");
        const auto pushed = local.call("views.push", {{"trigger_id", payload.at("trigger_id")}, {"view", view}});
        CHECK(pushed.error() == (depth == 4 ? "push_limit_reached" : ""));
        if (pushed.ok())
            id = text_member(pushed.body.at("view").as_object(), "id");
    }
    CHECK(local.slack->open_views("U0ANA").size() == 3);
}

TEST_CASE("options are asked of the bot") {
    Local local;
    const auto bot = open_bot(local);
    const std::string ts = post_buttons(local);
    const json::object options{{"options", json::array{json::object{{"text", plain("A")}, {"value", "a"}}}}};
    bot->ack_payloads["block_suggestion"] = options;
    const auto answer = test::run(local.context, local.slack->suggest("U0ANA", "C0SALES", ts, "ask", "re"));
    REQUIRE(answer);
    CHECK(*answer == options);
    CHECK(bot->interactions("block_suggestion")[0].at("value") == "re");
    CHECK_FALSE(test::run(local.context, local.slack->suggest("U0ANA", "C0SALES", ts, "nothing", "re")));
}

TEST_CASE("the home tab is published, shown in the next event, and changed only with a fresh hash") {
    Local local;
    const auto bot = open_bot(local);
    local.slack->open_home("U0ANA", "home");
    REQUIRE(local.until([&] { return bot->events("app_home_opened").size() == 1; }));
    CHECK_FALSE(bot->events("app_home_opened")[0].contains("view"));
    const json::object view{{"type", "home"}, {"blocks", buttons()}};
    const auto first = local.call("views.publish", {{"user_id", "U0ANA"}, {"view", view}});
    REQUIRE(first.ok());
    const auto hash = first.body.at("view").at("hash");
    CHECK(local.call("views.publish", {{"user_id", "U0ANA"}, {"view", view}, {"hash", hash}}).ok());
    CHECK(local.call("views.publish", {{"user_id", "U0ANA"}, {"view", view}, {"hash", hash}}).error() ==
          "hash_conflict");
    local.slack->open_home("U0ANA", "home");
    REQUIRE(local.until([&] { return bot->events("app_home_opened").size() == 2; }));
    CHECK(bot->events("app_home_opened")[1].contains("view"));
    const std::string id = text_member(*local.slack->home_view("U0ANA"), "id");
    CHECK(local.slack->press_view("U0ANA", id, {{"action_id", "go"}}));
    CHECK(local.until([&] { return bot->interactions("block_actions").size() == 1; }));
}

TEST_CASE("the agent pane opens in both experiences") {
    Local local;
    const auto bot = open_bot(local);
    CHECK(local.slack->open_agent_pane("U0ANA", "C0SALES").empty());
    REQUIRE(local.until([&] { return bot->messages("events_api").size() == 2; }));
    CHECK(bot->events("app_home_opened")[0].at("tab") == "messages");
    CHECK(bot->events("app_context_changed")[0].at("context").at("entities").at(0).at("value") == "C0SALES");

    SlackOptions options;
    options.agent_view = false;
    Local old(options);
    const auto other = open_bot(old);
    const std::string ts = old.slack->open_agent_pane("U0ANA", "C0SALES");
    REQUIRE(old.until([&] { return other->events("assistant_thread_started").size() == 1; }));
    const auto thread = other->events("assistant_thread_started")[0].at("assistant_thread").as_object();
    CHECK(text_member(thread, "thread_ts") == ts);
    CHECK(thread.at("context").at("channel_id") == "C0SALES");
}

TEST_CASE("shortcuts and shared files arrive in their shapes") {
    Local local;
    const auto bot = open_bot(local);
    const std::string ts = local.slack->say("U0ANA", "C0SALES", "look");
    local.slack->message_shortcut("U0ANA", "C0SALES", ts, "explain");
    local.slack->global_shortcut("U0ANA", "ask");
    const std::string shared = local.slack->share_file("U0ANA", "C0SALES", "a.txt", "content", "see");
    REQUIRE(
        local.until([&] { return bot->messages("interactive").size() == 2 && bot->events("message").size() == 2; }));
    const auto action = bot->interactions("message_action")[0];
    CHECK(action.at("callback_id") == "explain");
    CHECK(action.at("message").at("text") == "look");
    CHECK(text_member(action, "message_ts") == ts);
    CHECK(bot->interactions("shortcut")[0].at("callback_id") == "ask");
    CHECK(bot->events("message")[1].at("subtype") == "file_share");
    CHECK(bot->events("message")[1].at("files").at(0).at("name") == "a.txt");
}

TEST_CASE("a closed view is told when it asked for it") {
    Local local;
    const auto bot = open_bot(local);
    json::object view = modal();
    view["notify_on_close"] = true;
    const std::string id = open_modal(local, *bot, view);
    local.slack->close_view("U0ANA", id);
    REQUIRE(local.until([&] { return bot->interactions("view_closed").size() == 1; }));
    CHECK(local.slack->open_views("U0ANA").empty());
}

TEST_CASE("what the page sees follows every change") {
    Local local;
    std::map<std::string, json::object> shown;
    local.slack->on_change([&](const json::object& change) {
        if (text_member(change, "type") == "message") {
            const auto& message = change.at("message").as_object();
            shown[text_member(message, "ts")] = message;
        }
    });
    const std::string root = local.slack->say("U0ANA", "C0SALES", "root");
    local.call("chat.postMessage", {{"channel", "C0SALES"}, {"text", "reply"}, {"thread_ts", root}});
    local.slack->react("U0BEN", "C0SALES", root, "tada", true);
    const auto snapshot = local.slack->snapshot("U0ANA");
    const auto& messages = snapshot.at("messages").at("C0SALES").as_array();
    REQUIRE(messages.size() == 2);
    for (const auto& message : messages)
        CHECK(message == json::value(shown.at(text_member(message.as_object(), "ts"))));
    CHECK(messages[0].at("reply_count") == 1);
    CHECK(messages[0].at("reactions").at(0).at("users").at(0) == "U0BEN");
    CHECK(snapshot.at("me").at("name") == "ana");
    CHECK(snapshot.at("connections") == 0);
    CHECK(snapshot.at("channels").as_array().size() == 3);
}

}  // namespace slack_people_test
