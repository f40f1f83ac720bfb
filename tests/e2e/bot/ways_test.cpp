// The ways in beside mentions: slash command, shortcut, Home tab, the agent's pane, an invitation.
#include "tests/e2e/bot/bot_world.hpp"

namespace ways_test {

using namespace genie_slack;
using test::BotWorld;
namespace json = boost::json;

std::string text_of(const json::value& value) {
    return json::serialize(value);
}

// What the person alone was told in the channel.
std::string told(BotWorld& world) {
    std::string all;
    for (const auto& message : world.slack().messages(world.channel()))
        if (message.ephemeral_for == world.person())
            all += BotWorld::shown(message);
    return all;
}

// The bot's messages to the person alone, in their direct message.
std::string direct_answers(BotWorld& world) {
    std::string all;
    for (const auto& message : world.slack().messages(world.slack().direct_message(world.person())))
        if (!message.bot_id.empty())
            all += BotWorld::shown(message);
    return all;
}

// The button or select of a view with this action id.
json::object element_of(const json::object& view, const std::string& action_id) {
    for (const auto& block : view.at("blocks").as_array()) {
        const auto* elements = block.as_object().if_contains("elements");
        if (!elements)
            continue;
        for (const auto& element : elements->as_array())
            if (const auto* id = element.as_object().if_contains("action_id"); id && id->as_string() == action_id) {
                json::object found = element.as_object();
                found["block_id"] = block.as_object().at("block_id");
                return found;
            }
    }
    return {};
}

json::object home_of(BotWorld& world) {
    const auto* view = world.slack().home_view(world.person());
    return view ? *view : json::object();
}

TEST_CASE("a slash command is answered in the direct message, and tells about spaces", "[ways]") {
    BotWorld world(test::quick_genie(3));
    world.start_connected();
    world.slack().slash(world.person(), world.channel(), "/genie", "spaces");
    REQUIRE(world.wait([&] { return told(world).find("You can ask 3 Genie spaces") != std::string::npos; }));
    world.slack().slash(world.person(), world.channel(), "/genie", "use sales");
    REQUIRE(world.wait([&] { return told(world).find("ask *Sales* from now on") != std::string::npos; }));
    world.slack().slash(world.person(), world.channel(), "/genie", "revenue by region");
    REQUIRE(world.wait([&] { return told(world).find("answer in our direct message") != std::string::npos; }));
    REQUIRE(world.wait([&] { return direct_answers(world).find("rate_answer") != std::string::npos; }));
    CHECK(world.genie().questions().size() == 1);
    CHECK(world.slack().calls_of("chat.postMessage").size() == 1);
}

TEST_CASE("the shortcut of a message asks in its thread", "[ways]") {
    BotWorld world;
    world.start_connected();
    const std::string ts = world.slack().say(world.person(), world.channel(), "What is our revenue by region?");
    world.slack().message_shortcut(world.person(), world.channel(), ts, "ask_genie");
    REQUIRE(world.wait([&] { return world.slack().open_views(world.person()).size() == 1; }));
    const auto view = world.slack().open_views(world.person()).back();
    CHECK_THAT(text_of(view), test::contains("What is our revenue by region?"));
    json::object input{{"type", "plain_text_input"}, {"value", "revenue by region"}};
    json::object block{{"question", std::move(input)}};
    json::object state{{"question", std::move(block)}};
    world.slack().submit_view(world.person(), std::string(view.at("id").as_string()), state);
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    CHECK(world.slack().open_views(world.person()).empty());
}

TEST_CASE("the Home tab asks, and remembers the person's space", "[ways]") {
    BotWorld world(test::quick_genie(3));
    world.start_connected({{"ADMIN_USERS", world.person()}});
    world.slack().open_home(world.person(), "home");
    REQUIRE(world.wait([&] { return !home_of(world).empty(); }));
    auto home = home_of(world);
    CHECK_THAT(text_of(home), test::contains("Nothing asked yet") && test::contains("only admins see this"));
    const std::string id(home.at("id").as_string());

    auto select = element_of(home, "home_space");
    REQUIRE_FALSE(select.empty());
    auto offered = test::run(world.context(), world.slack().suggest_view(world.person(), id, "home_space", "sales"));
    REQUIRE(offered);
    json::object choice;
    choice["type"] = "external_select";
    choice["action_id"] = "home_space";
    choice["block_id"] = select.at("block_id");
    choice["selected_option"] = offered->at("options").as_array().at(0);
    REQUIRE(world.slack().press_view(world.person(), id, choice));
    REQUIRE(world.wait([&] { return text_of(home_of(world)).find("ask *Sales*") != std::string::npos; }));

    auto button = element_of(home_of(world), "home_ask:0");
    REQUIRE_FALSE(button.empty());
    REQUIRE(world.slack().press_view(world.person(), std::string(home_of(world).at("id").as_string()), button));
    REQUIRE(world.wait([&] { return direct_answers(world).find("rate_answer") != std::string::npos; }));
    world.slack().open_home(world.person(), "home");
    REQUIRE(world.wait([&] {
        const std::string shown = text_of(home_of(world));
        return shown.find("/archives/") != std::string::npos &&
               shown.find("1 question by 1 person") != std::string::npos;
    }));
}

TEST_CASE("the direct message offers questions of the space when it is opened", "[ways]") {
    BotWorld world;
    world.start_connected();
    world.slack().open_home(world.person(), "messages");
    REQUIRE(world.wait([&] { return !world.slack().calls_of("assistant.threads.setSuggestedPrompts").empty(); }));
    const auto call = world.slack().calls_of("assistant.threads.setSuggestedPrompts").back();
    CHECK(call.ok);
    CHECK_THAT(text_of(call.arguments), test::contains("What was our revenue by region last quarter?"));
}

TEST_CASE("an invitation into a channel is answered with one hello", "[ways]") {
    BotWorld world;
    world.start_connected();
    json::object joined;
    joined["type"] = "member_joined_channel";
    joined["user"] = world.slack().options().bot_user_id;
    joined["channel"] = world.channel();
    world.slack().send_event(joined);
    REQUIRE(world.wait([&] {
        const auto* last = world.slack().last_message(world.channel());
        return last && last->text.find("Hello!") != std::string::npos;
    }));
}

TEST_CASE("an older app's assistant thread has prompts and a title", "[ways]") {
    sandbox::SlackOptions options;
    options.agent_view = false;
    BotWorld world(test::quick_genie(), options);
    world.start_connected();
    const std::string thread = world.slack().open_agent_pane(world.person(), world.channel());
    REQUIRE_FALSE(thread.empty());
    REQUIRE(world.wait([&] { return !world.slack().calls_of("assistant.threads.setSuggestedPrompts").empty(); }));
    const auto prompts = world.slack().calls_of("assistant.threads.setSuggestedPrompts").back();
    CHECK(prompts.ok);
    CHECK(prompts.arguments.at("thread_ts").as_string() == thread);
    const std::string direct = world.slack().direct_message(world.person());
    world.slack().say(world.person(), direct, "revenue by region", thread);
    REQUIRE(world.wait_for_answer(direct, thread, "rate_answer"));
    REQUIRE(world.wait([&] { return !world.slack().calls_of("assistant.threads.setTitle").empty(); }));
    CHECK(world.slack().calls_of("assistant.threads.setTitle").back().ok);
}

}  // namespace ways_test
