#include "app/relay/features/command.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

namespace slash_commands_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using relay::CommandText;
using test::World;

slack::SlashCommand slash(const std::string& text, const std::string& trigger = "111.222.abc") {
    slack::SlashCommand command;
    command.team = "T1";
    command.channel = "C1";
    command.user = "U1";
    command.command = "/genie";
    command.text = text;
    command.trigger_id = trigger;
    command.response_url = "https://hooks.slack.com/commands/1";
    return command;
}

boost::json::object reply_to(World& world, const std::string& text, const std::string& trigger = "111.222.abc") {
    const slack::Ack ack = world.deliver(slash(text, trigger));
    REQUIRE(ack.send);
    REQUIRE(ack.payload);
    REQUIRE(ack.payload->as_object().at("response_type").as_string() == "ephemeral");
    return ack.payload->as_object();
}

std::string said(World& world, const std::string& text) {
    return std::string(reply_to(world, text).at("text").as_string());
}

std::string kept_for(World& world, const std::string& user) {
    const auto kept =
        test::run(world.time, world.context,
                  world.storage->get_default_space(storage::DefaultOf::person, "T1", user, Deadline::after(1s)))
            .value();
    return kept ? kept->space_id : "";
}

CommandText::Kind kind_of(const std::string& text) {
    return relay::parse_command(text).kind;
}

// Asks by command and shares the answer at the channel's root; the ts of the copy.
std::string share_answer(World& world, const std::string& question) {
    world.deliver(slash(question));
    world.settle();
    REQUIRE(world.slack.messages.size() == 1);
    REQUIRE(world.genie.asked.size() == 1);
    auto pressed =
        world.press(world.slack.messages[0].ts, "", answer::kShareAction, world.newest("slash/111.222.abc").id);
    auto& actions = std::get<slack::BlockActions>(pressed);
    actions.channel = world.slack.messages[0].content.channel;
    actions.user = "U1";
    world.deliver(pressed);
    world.settle();
    REQUIRE(world.slack.messages.size() == 2);
    return world.slack.messages[1].ts;
}

TEST_CASE("below a shared answer to a command everybody may ask, apart from the owner's own conversation", "[slash]") {
    World world;
    const std::string copy = share_answer(world, "revenue?");
    slack::Event reply = world.reply("How many orders did we have in 2025?", "300.1", copy);
    std::get<slack::MessageEvent>(reply.body).user = "U2";
    world.deliver(reply);
    world.settle();
    REQUIRE(world.genie.asked.size() == 2);
    CHECK(world.genie.asked[1].content == "How many orders did we have in 2025?");
    CHECK(world.genie.asked[1].space_id == world.genie.asked[0].space_id);
    CHECK(world.genie.asked[1].conversation_id != world.genie.asked[0].conversation_id);
    CHECK(world.slack.in_thread("C1", copy).size() == 1);
}

TEST_CASE("what Genie asks back is not offered to be shared", "[slash]") {
    World world;
    world.genie.clarification = "I do not know that question.";
    world.deliver(slash("as csv of all"));
    world.settle();
    REQUIRE(world.slack.messages.size() == 1);
    const std::string shown = world.shown(world.slack.messages[0]);
    CHECK_THAT(shown, test::contains("I do not know that question."));
    CHECK_THAT(shown, !test::contains(answer::kShareAction) && !test::contains("Only you can see this answer"));
}

TEST_CASE("who shares into a channel without the bot reads to invite it, and no code of Slack's", "[slash]") {
    for (const char* code : {"not_in_channel", "channel_not_found"}) {
        World world;
        world.deliver(slash("revenue?"));
        world.settle();
        REQUIRE(world.slack.messages.size() == 1);
        for (int i = 0; i < 9; ++i)
            world.slack.post_errors.emplace_back(slack::ApiFault::not_permitted, "chat.postMessage", code);
        auto pressed =
            world.press(world.slack.messages[0].ts, "", answer::kShareAction, world.newest("slash/111.222.abc").id);
        auto& actions = std::get<slack::BlockActions>(pressed);
        actions.channel = world.slack.messages[0].content.channel;
        actions.user = "U1";
        world.deliver(pressed);
        world.settle();
        REQUIRE_FALSE(world.slack.ephemerals.empty());
        const std::string note = world.slack.ephemerals.back().second;
        CHECK_THAT(note, test::contains("/invite") && test::contains("<#C1>"));
        CHECK_THAT(note, !test::contains(code));
    }
}

TEST_CASE("the first words below a shared answer that lean on it are asked with its question", "[slash]") {
    World world;
    const std::string copy = share_answer(world, "Revenue by region in 2025");
    SECTION("by a mention of anybody") {
        slack::Event asked = world.question("And by month?", "300.1", copy);
        std::get<slack::MessageEvent>(asked.body).user = "U2";
        world.deliver(asked);
    }
    SECTION("by a reply of anybody that is a question") {
        slack::Event asked = world.reply("And by month?", "300.1", copy);
        std::get<slack::MessageEvent>(asked.body).user = "U2";
        world.deliver(asked);
    }
    SECTION("by a question's button") {
        world.deliver(world.press(copy, "", answer::kFollowUpAction, "And by month?"));
    }
    world.settle();
    REQUIRE(world.genie.asked.size() == 2);
    CHECK(world.genie.asked[1].content == "And by month? (Revenue by region in 2025)");
    // Genie's conversation knows the rest.
    world.deliver(world.question("Only EMEA", "300.9", copy));
    world.settle();
    REQUIRE(world.genie.asked.size() == 3);
    CHECK(world.genie.asked[2].content == "Only EMEA");
}

TEST_CASE("who shared an answer has asked below its copy", "[slash]") {
    World world;
    const std::string copy = share_answer(world, "Revenue by region in 2025");
    slack::Event reply = world.reply("by month", "300.1", copy);
    std::get<slack::MessageEvent>(reply.body).user = "U2";
    world.deliver(reply);
    world.settle();
    CHECK(world.genie.asked.size() == 1);
    world.deliver(world.reply("by month", "300.2", copy));
    world.settle();
    REQUIRE(world.genie.asked.size() == 2);
    CHECK(world.genie.asked[1].content == "by month (Revenue by region in 2025)");
}

TEST_CASE("a command is told from a question", "[slash]") {
    CHECK(kind_of("") == CommandText::Kind::empty);
    CHECK(kind_of("  \n ") == CommandText::Kind::empty);
    CHECK(kind_of("ask") == CommandText::Kind::empty);
    CHECK(kind_of("help") == CommandText::Kind::help);
    CHECK(kind_of(" HELP ") == CommandText::Kind::help);
    for (const char* word : {"hilfe", "ayuda", "Aide"})
        CHECK(kind_of(word) == CommandText::Kind::help);
    CHECK(kind_of("spaces") == CommandText::Kind::spaces);
    CHECK(kind_of("spaces in use by region") == CommandText::Kind::ask);
    CHECK(kind_of("help me count orders") == CommandText::Kind::ask);
    CHECK(kind_of("use") == CommandText::Kind::use);
    CHECK(kind_of("settings") == CommandText::Kind::unknown);
    CHECK(kind_of("revenue?") == CommandText::Kind::ask);
    CHECK(kind_of("2025") == CommandText::Kind::ask);
    CHECK(relay::parse_command("ask  revenue by region ").argument == "revenue by region");
    CHECK(relay::parse_command("revenue by region").argument == "revenue by region");
    CHECK(relay::parse_command("Use  Global Sales").argument == "Global Sales");
}

TEST_CASE("where others read along, a member gets what shows no data, and alone", "[slash][gate]") {
    World world;
    world.slack.channels["C1"].is_ext_shared = true;
    CHECK_THAT(said(world, "help"), test::contains("mention <@UBOT>"));
    CHECK_THAT(said(world, ""), test::contains("mention <@UBOT>"));
    CHECK_THAT(said(world, "spaces"), test::contains("*Sales*"));
    CHECK_THAT(said(world, "use Sales"), test::contains("ask *Sales*"));
    CHECK_THAT(said(world, "revenue by region"), test::contains("another organisation"));
    world.settle();
    CHECK(world.genie.asked.empty());
    CHECK(world.slack.messages.empty());
    world.slack.users["U1"].is_stranger = true;
    world.settle(2h);
    for (const char* text : {"help", "spaces", ""})
        CHECK_THAT(said(world, text), test::contains("members of this organisation") && !test::contains("Sales"));
}

TEST_CASE("a question by command is asked once, and answered in the direct message", "[slash]") {
    World world;
    CHECK_THAT(said(world, "revenue &amp; costs by region"), test::contains("in our direct message"));
    said(world, "revenue &amp; costs by region");  // Slack delivers it again
    world.settle();
    REQUIRE(world.genie.asked.size() == 1);
    CHECK(world.genie.asked[0].content == "revenue & costs by region");
    const auto answers = world.slack.in_thread("D-U1", "");
    REQUIRE(answers.size() == 1);
    CHECK_THAT(world.shown(*answers[0]), test::contains("Answer to: revenue"));

    reply_to(world, "revenue &amp; costs by region", "111.333.xyz");
    world.settle();
    CHECK(world.genie.asked.size() == 2);
}

TEST_CASE("a command in the direct message says nothing of where its answer comes", "[slash]") {
    World world;
    slack::SlashCommand command = slash("revenue?");
    command.channel = "D-U1";
    const slack::Ack ack = world.deliver(command);
    CHECK(ack.send);
    CHECK_FALSE(ack.payload);
    world.settle();
    CHECK(world.genie.asked.size() == 1);
    command.trigger_id = "another";
    command.channel = "D-with-a-colleague";
    CHECK(world.deliver(command).payload);
}

TEST_CASE("what is asked below a private answer goes on with its conversation", "[slash]") {
    World world;
    world.genie.add_space("space2", "Support");
    said(world, "use Sales");
    said(world, "ask revenue?");
    world.settle();
    const auto answers = world.slack.in_thread("D-U1", "");
    REQUIRE(answers.size() == 1);
    auto reply = world.reply("and costs?", "900.1", answers[0]->ts);
    auto& message = std::get<slack::MessageEvent>(reply.body);
    message.channel = "D-U1";
    message.channel_type = "im";
    world.deliver(reply);
    world.settle();
    REQUIRE(world.genie.asked.size() == 2);
    CHECK(world.genie.asked[1].conversation_id == world.genie.asked[0].conversation_id);
}

TEST_CASE("help, nothing and an unknown word get one friendly text with examples", "[slash]") {
    World world;
    world.genie.spaces[0].sample_questions = {"Revenue by region?", "Top customers?"};
    for (const char* text : {"", "help"}) {
        const std::string shown = said(world, text);
        CHECK_THAT(shown, test::contains("I answer questions about your company's data"));
        CHECK_THAT(shown, test::contains("mention <@UBOT>"));
        CHECK_THAT(shown, test::contains("For example, from “Sales”:\n• Revenue by region?\n• Top customers?"));
    }
    CHECK_THAT(said(world, "settings"), test::contains("“settings” is not one of my commands"));
    CHECK(world.genie.asked.empty());
}

TEST_CASE("help is there although nothing else answers", "[slash]") {
    World world;
    world.genie.spaces_error = genie::GenieError(genie::GenieFault::unavailable, "down");
    const TimePoint start = Clock::now();
    CHECK_THAT(said(world, "help"), test::contains("Which tables can I ask about?"));
    CHECK(Clock::now() - start < 2500ms);
}

TEST_CASE("the spaces are listed, with the ones in use", "[slash]") {
    World world;
    world.genie.add_space("space2", "Support <&>");
    world.genie.spaces[0].description = "Orders";
    said(world, "use sales");
    const std::string shown = said(world, "spaces");
    CHECK_THAT(shown, test::contains("You can ask 2 Genie spaces:\n• *Sales* (yours): Orders\n"
                                     "• *Support &lt;&amp;&gt;*\n`/genie use &lt;space&gt;`"));
}

TEST_CASE("a person's space is set by title or id, and taken away", "[slash]") {
    World world;
    world.genie.add_space("space2", "Support");
    CHECK_THAT(said(world, "use support"), test::contains("Your new threads ask *Support* from now on"));
    CHECK(kept_for(world, "U1") == "space2");
    said(world, "use space1");
    CHECK(kept_for(world, "U1") == "space1");
    CHECK_THAT(said(world, "use none"), test::contains("no Genie space of their own any more"));
    CHECK(kept_for(world, "U1").empty());
}

TEST_CASE("for a space that is not known close ones are offered", "[slash]") {
    World world({"space1", "space2"});
    world.genie.add_space("space2", "Support");
    world.genie.add_space("space3", "Payroll");
    const auto reply = reply_to(world, "use suport");
    const std::string blocks = boost::json::serialize(reply.at("blocks"));
    CHECK_THAT(std::string(reply.at("text").as_string()),
               test::contains("I do not know a Genie space called “suport”"));
    CHECK_THAT(blocks, test::contains("space2") && !test::contains("space1"));
    CHECK_THAT(said(world, "use payroll"), test::contains("`/genie spaces` lists them all"));

    auto press = world.press("", "", answer::numbered(answer::kUseSpaceAction, 0), "space2");
    std::get<slack::BlockActions>(press).response_url = "https://hooks.slack.com/actions/1";
    world.deliver(press);
    world.settle();
    CHECK(kept_for(world, "U2") == "space2");
    REQUIRE(world.slack.responses.size() == 1);
    CHECK(world.slack.responses[0].second.replace_original);
    CHECK_THAT(world.slack.responses[0].second.text, test::contains("*Support*"));

    // Never one that was not offered.
    world.deliver(world.press("", "", answer::numbered(answer::kUseSpaceAction, 0), "space3"));
    world.settle();
    CHECK(kept_for(world, "U2") == "space2");
}

}  // namespace slash_commands_test
