#include "slack/blocks/limits.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

namespace welcome_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using test::World;

template <class Body>
slack::Event event_of(Body body) {
    slack::Event event;
    event.event_id = "EvWelcome";
    event.team = "T1";
    event.body = std::move(body);
    return event;
}

slack::Event opened(const std::string& tab) {
    return event_of(slack::AppHomeOpened{"U1", "D-U1", tab});
}

slack::Event joined(const std::string& user, const std::string& channel = "C7", const std::string& inviter = "U1") {
    return event_of(slack::MemberJoinedChannel{user, channel, inviter});
}

slack::Event direct(World& world, const std::string& text, const std::string& ts, const std::string& thread = "") {
    slack::Event event = world.reply(text, ts, thread);
    auto& message = std::get<slack::MessageEvent>(event.body);
    message.channel = "D-U1";
    message.channel_type = "im";
    return event;
}

slack::ApiError refused(const char* method, const char* code) {
    return slack::ApiError(slack::ApiFault::not_permitted, method, code);
}

TEST_CASE("who opens the direct message is offered questions of the space", "[welcome]") {
    World world;
    world.genie.spaces[0].sample_questions = {"Revenue by region?", "Top customers?", "a", "b", "c", "d"};
    CHECK(world.deliver(opened("messages")).send);
    world.settle();
    REQUIRE(world.slack.prompts.size() == 1);
    CHECK(world.slack.prompts[0].channel == "D-U1");
    CHECK(world.slack.prompts[0].thread_ts.empty());
    CHECK(world.slack.prompts[0].title == "What would you like to know?");
    REQUIRE(world.slack.prompts[0].prompts.size() == 4);
    CHECK(world.slack.prompts[0].prompts[0].message == "Revenue by region?");
    CHECK(world.slack.messages.empty());
}

TEST_CASE("an older app's assistant thread gets its prompts in the person's language", "[welcome]") {
    World world;
    world.slack.users["U1"].locale = "de-DE";
    slack::AssistantThreadStarted started;
    started.user = "U1";
    started.channel = "D-U1";
    started.thread_ts = "100.1";
    CHECK(world.deliver(event_of(started)).send);
    world.settle();
    REQUIRE(world.slack.prompts.size() == 1);
    CHECK(world.slack.prompts[0].thread_ts == "100.1");
    CHECK(world.slack.prompts[0].title == "Was willst du wissen?");
    CHECK(world.slack.prompts[0].prompts.size() == 3);
}

TEST_CASE("the channel that a person looks at decides which space's questions are offered", "[welcome]") {
    World world;
    world.genie.add_space("space2", "Support");
    world.genie.spaces[0].sample_questions = {"Revenue?"};
    world.genie.spaces[1].sample_questions = {"Open tickets?"};
    storage::SpaceDefault support;
    support.space_id = "space2";
    test::run(world.time, world.context,
              world.storage->set_default_space(storage::DefaultOf::channel, "T1", "C2", support, Deadline::after(1s)))
        .value();
    world.deliver(event_of(slack::AppContextChanged{"U1", "D-U1", "C2"}));
    world.settle();
    REQUIRE(world.slack.prompts.size() == 1);
    REQUIRE(world.slack.prompts[0].prompts.size() == 1);
    CHECK(world.slack.prompts[0].prompts[0].message == "Open tickets?");
}

TEST_CASE("an app that may offer no prompts stops trying for a while", "[welcome]") {
    World world;
    world.slack.prompt_errors.push_back(refused("assistant.threads.setSuggestedPrompts", "missing_scope"));
    world.deliver(opened("messages"));
    world.settle();
    world.deliver(opened("messages"));
    world.settle();
    CHECK(world.slack.prompts.size() == 1);
    world.settle(61min);
    world.deliver(opened("messages"));
    world.settle();
    CHECK(world.slack.prompts.size() == 2);
}

TEST_CASE("a refusal about one person keeps prompts from nobody else", "[welcome]") {
    World world;
    world.slack.prompt_errors.push_back(refused("assistant.threads.setSuggestedPrompts", "user_not_found"));
    world.deliver(opened("messages"));
    world.settle();
    world.deliver(opened("messages"));
    world.settle();
    CHECK(world.slack.prompts.size() == 2);
}

TEST_CASE("thanks and emoji in the direct message are no questions", "[welcome]") {
    World world;
    world.deliver(direct(world, "revenue by region?", "100.2", "100.1"));
    world.settle();
    const std::size_t messages = world.slack.messages.size();
    int number = 3;
    for (const char* text : {"thanks!", ":+1:", "great, thanks", "danke dir", ":tada:"})
        CHECK(world.deliver(direct(world, text, "100." + std::to_string(number++), "100.1")).send);
    world.settle();
    CHECK(world.genie.asked.size() == 1);
    CHECK(world.slack.messages.size() == messages);
    // What may be an answer, or goes on, is for the bot.
    world.deliver(direct(world, "only EMEA", "100.9", "100.1"));
    world.settle();
    CHECK(world.genie.asked.size() == 2);
}

TEST_CASE("the first question gives its thread a title", "[welcome]") {
    World world;
    world.deliver(direct(world, "revenue by region?", "100.2", "100.1"));
    world.settle();
    world.deliver(direct(world, "and costs?", "100.3", "100.1"));
    world.settle();
    REQUIRE(world.slack.titles.size() == 1);
    CHECK(world.slack.titles[0].first == "100.1");
    CHECK(world.slack.titles[0].second == "revenue by region?");
    CHECK(world.genie.asked.size() == 2);
}

TEST_CASE("invited into a channel, the bot says hello once", "[welcome]") {
    World world;
    world.deliver(joined("U5"));
    world.deliver(joined("UBOT"));
    world.deliver(joined("UBOT"));
    world.settle();
    const auto said = world.slack.in_thread("C7", "");
    REQUIRE(said.size() == 1);
    CHECK_THAT(said[0]->content.text, test::contains("Hello!") && test::contains("mention <@UBOT>"));
    CHECK(slack::limits::check_message(said[0]->content.text, said[0]->content.blocks).empty());
}

TEST_CASE("where nobody may ask, the bot says no hello", "[welcome][gate]") {
    relay::AccessRules rules;
    SECTION("in a channel of several organisations") {
        World world;
        world.slack.channels["C7"].is_ext_shared = true;
        world.deliver(joined("UBOT"));
        world.settle();
        CHECK(world.slack.messages.empty());
    }
    SECTION("in a channel that is not allowed") {
        rules.channels = {"C1"};
        World world({}, {}, World::runner_options(), rules);
        world.deliver(joined("UBOT"));
        world.settle();
        CHECK(world.slack.messages.empty());
        world.deliver(joined("UBOT", "C1"));
        world.settle();
        CHECK(world.slack.messages.size() == 1);
    }
}

TEST_CASE("invited by somebody who may not ask, the bot names no space and no questions", "[welcome][gate]") {
    const std::string inviter = GENERATE("U2", "U3", "");
    INFO(inviter);
    relay::AccessRules rules;
    if (inviter.empty())
        rules.users = {"U1"};
    World world({}, {}, World::runner_options(), rules);
    world.slack.users["U2"].is_guest = true;
    world.slack.users["U3"].is_stranger = true;
    world.genie.spaces[0].sample_questions = {"Revenue by region?"};
    world.deliver(joined("UBOT", "C7", inviter));
    world.deliver(joined("UBOT", "C8", "U1"));
    world.settle();
    REQUIRE(world.slack.in_thread("C7", "").size() == 1);
    const std::string hello = world.shown(*world.slack.in_thread("C7", "")[0]);
    CHECK_THAT(hello, test::contains("Hello!") && !test::contains("Sales") && !test::contains("Revenue by region?"));
    REQUIRE(world.slack.in_thread("C8", "").size() == 1);
    CHECK_THAT(world.shown(*world.slack.in_thread("C8", "")[0]), test::contains("Revenue by region?"));
}

TEST_CASE("greetings, thanks and calls for help of every language that the bot speaks want no answer of Genie",
          "[help]") {
    World world;
    int number = 1;
    for (const char* text : {"¡Hola!", "Buenos días", "ayuda", "¿Qué puedes hacer?", "Bonjour", "Aide",
                             "que peux-tu faire ?", "Qu’est-ce que tu peux faire ?", "À l’aide", "Hallo", "Hilfe"}) {
        INFO(text);
        const std::string ts = "100." + std::to_string(number++);
        world.deliver(direct(world, text, ts));
        world.settle();
        CHECK(world.slack.in_thread("D-U1", ts).size() == 1);
    }
    const std::size_t helped = world.slack.messages.size();
    for (const char* text : {"perfecto", "genial", "parfait", "super", "jaja", "mdr", "gracias", "¡Muchas gracias!",
                             "Merci !", "merci beaucoup", "OK merci", "vielen Dank", "thank you!"})
        world.deliver(direct(world, text, "100." + std::to_string(number++)));
    world.settle();
    CHECK(world.genie.asked.empty());
    CHECK(world.slack.messages.size() == helped);
    for (const char* text : {"vale la pena ampliar EMEA?", "gracias a qué producto crecimos", "ayuda por región",
                             "merci de lister les ventes", "aide par région"})
        world.deliver(direct(world, text, "100." + std::to_string(number++)));
    world.settle();
    CHECK(world.genie.asked.size() == 5);
}

TEST_CASE("greetings and calls for help are answered without Genie", "[help]") {
    World world;
    world.deliver(world.question("Hello!", "100.1"));
    auto as_message = world.question("Hello!", "100.1", "", "Ev2");
    std::get<slack::MessageEvent>(as_message.body).mention = false;
    world.deliver(as_message);
    world.deliver(direct(world, "was kannst du?", "100.2"));
    world.settle();
    CHECK(world.genie.asked.empty());
    REQUIRE(world.slack.in_thread("C1", "100.1").size() == 1);
    CHECK_THAT(world.slack.in_thread("C1", "100.1")[0]->content.text, test::contains("Just ask in your own words"));
    REQUIRE(world.slack.in_thread("D-U1", "100.2").size() == 1);
    CHECK_THAT(world.slack.in_thread("D-U1", "100.2")[0]->content.text, test::contains("For example"));

    // A question after all. Thanks for its answer want none.
    world.deliver(world.question("hello world orders by region", "100.3"));
    world.settle();
    world.deliver(world.question("thanks", "100.4", "100.3"));
    world.settle();
    CHECK(world.genie.asked.size() == 1);
}

TEST_CASE("who thanks the bot by name in a channel gets neither help nor an answer", "[help]") {
    World world;
    int number = 1;
    for (const char* text : {"thanks!", "Thank you", "danke", "vielen Dank!", "gracias", "merci", "ok thanks",
                             ":+1:", "great, thanks :tada:"}) {
        INFO(text);
        world.deliver(world.question(text, "100." + std::to_string(number++)));
        world.settle();
        CHECK(world.slack.messages.empty());
    }
    CHECK(world.genie.asked.empty());
    CHECK(world.slack.ephemerals.empty());
    world.deliver(world.question("hello", "200.1"));
    world.settle();
    CHECK(world.slack.messages.size() == 1);
}

TEST_CASE("a mention without a question is answered with examples", "[help]") {
    World world;
    world.genie.spaces[0].sample_questions = {"Revenue by region?"};
    world.deliver(world.question("", "100.1"));
    world.settle();
    CHECK(world.genie.asked.empty());
    REQUIRE(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Revenue by region?"));
}

TEST_CASE("help that Slack cannot draw comes as words, and where nothing may be posted it comes alone", "[help]") {
    World world;
    world.genie.spaces[0].sample_questions = {"Revenue by region?"};
    SECTION("blocks that it cannot draw") {
        world.slack.post_errors.emplace_back(slack::ApiFault::transient, "chat.postMessage", "internal_error");
        world.deliver(world.question("help", "100.1"));
        world.settle();
        REQUIRE(world.slack.messages.size() == 1);
        CHECK(world.slack.messages[0].content.thread_ts == "100.1");
        CHECK(world.slack.messages[0].content.blocks.empty());
    }
    SECTION("a channel in which it may not write") {
        world.slack.post_errors.emplace_back(slack::ApiFault::not_permitted, "chat.postMessage", "restricted_action");
        world.deliver(world.question("help", "100.1"));
        world.settle();
        REQUIRE(world.slack.messages.size() == 1);
        CHECK(world.slack.messages[0].content.channel == "D-U1");
        CHECK_THAT(world.slack.messages[0].content.text, test::contains("<#C1>"));
    }
}

}  // namespace welcome_test
