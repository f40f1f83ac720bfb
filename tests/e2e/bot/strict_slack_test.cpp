// What people, guests and partners do out of the ordinary, and what Slack does out of the ordinary.
#include "tests/e2e/bot/bot_world.hpp"

namespace strict_slack_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using test::BotWorld;
using test::find_element;
namespace json = boost::json;

sandbox::GenieOptions slow_genie() {
    sandbox::GenieOptions options = test::quick_genie();
    options.status_time = 10s;
    return options;
}

// What the bot wrote at the channel's root for all to see.
std::string strays(BotWorld& world) {
    std::string all;
    for (const auto& message : world.slack().messages(world.channel()))
        if (!message.bot_id.empty() && message.thread_ts.empty() && message.ephemeral_for.empty())
            all += BotWorld::shown(message);
    return all;
}

// What the bot said to one person alone in the channel.
std::string told(BotWorld& world, const std::string& person) {
    std::string all;
    for (const auto& message : world.slack().messages(world.channel()))
        if (message.ephemeral_for == person)
            all += BotWorld::shown(message);
    return all;
}

// One press for each element that stands in the message, as Slack's client makes it.
std::vector<json::object> all_presses(const sandbox::SlackMessage& message) {
    std::vector<json::object> presses;
    for (const auto& block : message.blocks) {
        const auto* elements = block.as_object().if_contains("elements");
        if (!elements || !elements->is_array())
            continue;
        for (const auto& element : elements->as_array()) {
            if (!element.is_object() || !element.as_object().contains("action_id"))
                continue;
            json::object press = element.as_object();
            press["block_id"] = block.as_object().at("block_id");
            if (const auto* options = press.if_contains("options"))
                press["selected_option"] = options->as_array().at(0);
            if (const auto* button = press.if_contains("negative_button"))
                press["value"] = button->at("value");
            presses.push_back(std::move(press));
        }
    }
    return presses;
}

// Of the partner with whom a channel is shared.
std::string invite_stranger(BotWorld& world) {
    sandbox::SlackUser stranger;
    stranger.id = "U0NOOR";
    stranger.name = "noor";
    stranger.team_id = "T0PARTNER";
    stranger.enterprise_id = "E0PARTNER";
    return world.slack().add_user(stranger).id;
}

// Of another workspace of the same organisation.
std::string invite_colleague(BotWorld& world) {
    sandbox::SlackUser colleague;
    colleague.id = "U0SAM";
    colleague.name = "sam";
    colleague.team_id = "T0SISTER";
    colleague.enterprise_id = world.slack().options().enterprise_id;
    return world.slack().add_user(colleague).id;
}

TEST_CASE("a question that is deleted while it is answered leaves its tombstone and nothing of the bot", "[strict]") {
    BotWorld world(slow_genie());
    world.start_connected();
    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait([&] { return !world.answers(world.channel(), ts).empty(); }));
    world.slack().say(world.person(), world.channel(), "<@U0BEN> look at this", ts);
    world.slack().remove(world.channel(), ts);
    REQUIRE(world.slack().find_message(world.channel(), ts)->subtype == "tombstone");
    REQUIRE(world.wait([&] { return world.answers(world.channel(), ts).empty(); }));
    // What Genie says afterwards has no place any more.
    world.genie().finish_questions();
    const std::string next = world.ask("orders by month");
    REQUIRE(world.wait([&] { return world.genie().questions().size() == 2; }));
    world.genie().finish_questions();
    REQUIRE(world.wait_for_answer(world.channel(), next, "rate_answer"));
    CHECK(world.answers(world.channel(), ts).empty());
    CHECK(strays(world).empty());
}

TEST_CASE("a question that is gone before it is answered leaves nothing at the channel's root", "[strict]") {
    const bool streams = GENERATE(true, false);
    const bool is_told = GENERATE(true, false);
    auto options = test::with_manifest();
    if (!is_told)
        std::erase(options.bot_events, "message.channels");
    BotWorld world(test::quick_genie(), options);
    world.slack().faults().no_streaming = !streams;
    world.start_connected();
    const std::string ts = world.ask("revenue by region");
    world.slack().remove(world.channel(), ts);
    REQUIRE(world.slack().find_message(world.channel(), ts) == nullptr);
    // Slack takes a reply into a thread that is gone for a message of the channel, unless a status told before.
    if (!is_told && !streams)
        REQUIRE(world.wait([&] { return world.bot().output().find("failure=deleted") != std::string::npos; }));
    const std::string next = world.ask("orders by month");
    REQUIRE(world.wait_for_answer(world.channel(), next, "rate_answer"));
    REQUIRE(world.wait([&] { return strays(world).empty(); }));
    CHECK(world.answers(world.channel(), ts).empty());
    CHECK(told(world, world.person()).empty());
}

TEST_CASE("presses of a stranger and of a guest on an answer give nothing", "[strict]") {
    auto options = test::with_manifest();
    options.actions_name_own_team = GENERATE(false, true);
    CAPTURE(options.actions_name_own_team);
    BotWorld world(test::quick_genie(), options);
    invite_stranger(world);
    world.slack().share_channel(world.channel(), true);
    world.start_connected({{"ALLOWED_CHANNELS", world.channel()}});
    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    const auto answer = world.answers(world.channel(), ts).back();
    const auto presses = all_presses(answer);
    REQUIRE(presses.size() > 3);
    for (const char* person : {"U0NOOR", "U0GUEST"}) {
        for (const auto& press : presses)
            REQUIRE(world.slack().press(person, world.channel(), answer.ts, press));
        CHECK(world.wait([&] { return !told(world, person).empty(); }));
    }
    const std::string next = world.ask("orders by month");
    REQUIRE(world.wait_for_answer(world.channel(), next, "rate_answer"));
    CHECK(world.genie().questions().size() == 2);
    CHECK(world.genie().questions()[0].rating.empty());
    CHECK(BotWorld::shown(world.answers(world.channel(), ts).back()) == BotWorld::shown(answer));
    CHECK(world.answers(world.channel(), ts).size() == 1);
    CHECK(world.files(world.channel(), ts).empty());
    for (const char* person : {"U0NOOR", "U0GUEST"}) {
        CHECK(world.slack().open_views(person).empty());
        CHECK_THAT(told(world, person), !test::contains("SELECT") && !test::contains("1,527,428.21"));
        for (const auto& message : world.slack().messages(world.slack().direct_message(person)))
            CHECK(BotWorld::shown(message).empty());
    }
}

// users.info calls a person a stranger only while it shares no channel with the bot; the team tells who it is.
TEST_CASE("a person of the partner gets nothing in a direct message, nor on Home", "[strangers]") {
    auto options = test::with_manifest();
    options.enterprise_id = GENERATE("", "E0SANDBOX");
    CAPTURE(options.enterprise_id);
    BotWorld world(test::quick_genie(), options);
    const std::string stranger = invite_stranger(world);
    world.slack().share_channel(world.channel(), true);
    world.start_connected();
    world.slack().open_home(stranger, "home");
    REQUIRE(world.wait([&] { return world.slack().home_view(stranger) != nullptr; }));
    CHECK_THAT(json::serialize(*world.slack().home_view(stranger)), test::contains("only answer members"));
    const std::string direct = world.slack().direct_message(stranger);
    const std::string ts = world.slack().say(stranger, direct, "revenue by region");
    CHECK(world.wait([&] { return world.slack().messages(direct).size() > 1; }));
    const std::string other = world.slack().direct_message(world.person());
    const std::string next = world.slack().say(world.person(), other, "orders by month");
    REQUIRE(world.wait_for_answer(other, next, "rate_answer"));
    CHECK(world.answers(direct, ts).empty());
    CHECK(world.genie().questions().size() == 1);
}

TEST_CASE("a colleague of a sister workspace is a member in a shared channel too", "[colleagues]") {
    auto options = test::with_manifest();
    options.enterprise_id = "E0SANDBOX";
    BotWorld world(test::quick_genie(), options);
    const std::string colleague = invite_colleague(world);
    world.slack().share_channel(world.channel(), true);
    SECTION("who is told that others read along") {
        world.start_connected();
        world.slack().say(colleague, world.channel(), world.mention() + "revenue by region");
        REQUIRE(world.wait([&] { return !told(world, colleague).empty(); }));
        CHECK_THAT(told(world, colleague), test::contains("another organisation"));
    }
    SECTION("who is answered where the channel is named") {
        world.start_connected({{"ALLOWED_CHANNELS", world.channel()}});
        const std::string ts = world.slack().say(colleague, world.channel(), world.mention() + "revenue by region");
        REQUIRE(
            world.wait([&] { return !world.answers(world.channel(), ts).empty() || !told(world, colleague).empty(); }));
        CHECK(told(world, colleague) == "");
    }
}

TEST_CASE("a colleague of a sister workspace whom Slack does not tell as one is known by a channel of our own",
          "[colleagues]") {
    auto options = test::with_manifest();
    options.enterprise_id = "E0SANDBOX";
    options.tells_enterprise = false;
    BotWorld world(test::quick_genie(), options);
    const std::string colleague = invite_colleague(world);
    world.start_connected({{"ALLOWED_CHANNELS", world.channel()}});
    const std::string ts = world.slack().say(colleague, world.channel(), world.mention() + "revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    const std::string direct = world.slack().direct_message(colleague);
    const std::string own = world.slack().say(colleague, direct, "orders by month");
    CHECK(world.wait_for_answer(direct, own, "rate_answer"));
}

TEST_CASE("a message that is forwarded to the bot is the question", "[strict]") {
    BotWorld world;
    world.start_connected();
    const std::string original = world.slack().say("U0BEN", world.channel(), "What was our revenue by region?");
    const std::string direct = world.slack().direct_message(world.person());
    const std::string ts = world.slack().forward(world.person(), world.channel(), original, direct, "");
    REQUIRE(world.wait_for_answer(direct, ts, "rate_answer"));
    REQUIRE(world.genie().questions().size() == 1);
    CHECK_THAT(world.genie().questions()[0].content, test::contains("What was our revenue by region?"));
    CHECK(world.answers(direct, ts).size() == 1);
}

TEST_CASE("what is said in a voice clip is the question", "[strict]") {
    BotWorld world;
    world.start_connected();
    const std::string direct = world.slack().direct_message(world.person());
    const std::string ts = world.slack().speak(world.person(), direct, "revenue by region");
    REQUIRE(world.wait_for_answer(direct, ts, "rate_answer"));
    REQUIRE(world.genie().questions().size() == 1);
    CHECK(world.genie().questions()[0].content == "revenue by region");
    CHECK(world.answers(direct, ts).size() == 1);
}

TEST_CASE("an answer comes in a simpler form where Slack cannot draw a kind of block", "[broken_blocks]") {
    const std::string broken = GENERATE("data_visualization", "data_table");
    BotWorld world;
    world.slack().faults().broken_blocks = {broken};
    world.start_connected();
    const std::string ts = world.ask(broken == "data_table" ? "revenue by product in 2025" : "revenue by region");
    REQUIRE(world.wait([&] { return !world.answers(world.channel(), ts).empty(); }));
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    REQUIRE(world.wait([&] { return world.answers(world.channel(), ts).size() == 1; }));
    const std::string shown = BotWorld::shown(world.answers(world.channel(), ts)[0]);
    CHECK_THAT(shown, test::contains("\"type\":\"table\"") && !test::contains("\"" + broken + "\""));
}

TEST_CASE("a file that Slack took and never shows is told of", "[strict]") {
    BotWorld world;
    world.slack().faults().refused_blocks = {"data_table"};
    world.slack().faults().lost_uploads = 1;
    world.start_connected();
    const std::string ts = world.ask("Show the customer notes");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    CHECK(world.wait([&] {
        std::string all = told(world, world.person());
        for (const auto& message : world.slack().thread(world.channel(), ts))
            all += BotWorld::shown(message);
        return all.find("I could not post the file") != std::string::npos;
    }));
    CHECK(world.files(world.channel(), ts).empty());
}

TEST_CASE("a file that a command asked for where the bot is no member is told of beside the answer", "[strict]") {
    BotWorld world;
    world.slack().faults().refused_blocks = {"data_table"};
    world.slack().faults().lost_uploads = 1;
    sandbox::SlackChannel closed;
    closed.id = "C0CLOSED1";
    closed.name = "closed";
    closed.bot_is_member = false;
    world.slack().add_channel(closed);
    world.start_connected();
    world.slack().slash(world.person(), closed.id, "/genie", "Show the customer notes");
    CHECK(world.wait([&] {
        std::string all;
        for (const auto& message : world.slack().messages(world.slack().direct_message(world.person())))
            all += BotWorld::shown(message);
        return all.find("I could not post the file") != std::string::npos;
    }));
}

TEST_CASE("who uses the shortcut where the bot is no member is told why it does nothing", "[strict]") {
    BotWorld world;
    sandbox::SlackChannel closed;
    closed.id = "C0CLOSED1";
    closed.name = "closed";
    closed.bot_is_member = false;
    world.slack().add_channel(closed);
    world.start_connected();
    const std::string ts = world.slack().say("U0GUEST", closed.id, "revenue by region?");
    world.slack().message_shortcut("U0GUEST", closed.id, ts, "ask_genie");
    CHECK(world.wait([&] {
        for (const auto& message : world.slack().messages(closed.id))
            if (message.ephemeral_for == "U0GUEST" && message.text.find("only answer members") != std::string::npos)
                return true;
        return false;
    }));
    CHECK(world.slack().open_views("U0GUEST").empty());
}

// Nobody outside knows whether chat.update takes away what was streamed.
struct KeepingWorld : BotWorld {
    explicit KeepingWorld(sandbox::GenieOptions genie_options) : BotWorld(std::move(genie_options)) {
        slack().faults().keeps_streamed = true;
        start_connected();
    }

    // The question ended with these words, which stand alone in its thread, and so does the next answer.
    void check_end(const std::string& ts, const std::string& words) {
        // The words stand below the stream for a moment.
        REQUIRE(wait([&] {
            const auto all = answers(channel(), ts);
            return all.size() == 1 && shown(all[0]).find(words) != std::string::npos &&
                   find_element(all[0], "stop_turn").empty();
        }));
        check_nothing_works(ts);
        genie().finish_questions();
        const std::string next = ask("orders by month");
        REQUIRE(wait([&] { return genie().questions().size() == 2; }));
        genie().finish_questions();
        REQUIRE(wait_for_answer(channel(), next, "rate_answer"));
        check_nothing_works(next);
        check_nothing_works(ts);
        CHECK(slack().calls_of("chat.startStream").size() == 1);
    }

 private:
    void check_nothing_works(const std::string& ts) {
        const auto all = answers(channel(), ts);
        REQUIRE(all.size() == 1);
        CHECK_THAT(shown(all[0]), !test::contains("stop_turn") && !test::contains("task_card") &&
                                      !test::contains("in_progress") && !test::contains("Working on it"));
        CHECK_FALSE(all[0].streaming);
        CHECK(slack().status(channel(), ts).empty());
    }
};

TEST_CASE("where what was streamed would stay, an answer stands alone, without a Stop", "[strict][kept_stream]") {
    KeepingWorld world(test::quick_genie());
    const std::string ts = world.ask("revenue by region");
    world.check_end(ts, "rate_answer");
}

TEST_CASE("where what was streamed would stay, a stop stands alone, without a Stop", "[strict][kept_stream]") {
    KeepingWorld world(slow_genie());
    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "stop_turn"));
    REQUIRE(world.wait([&] { return world.genie().questions().size() == 1; }));
    const auto progress = world.answers(world.channel(), ts).back();
    REQUIRE(world.slack().press(world.person(), world.channel(), progress.ts, find_element(progress, "stop_turn")));
    world.check_end(ts, "Stopped");
}

TEST_CASE("where what was streamed would stay, a failure stands alone, without a Stop", "[strict][kept_stream]") {
    sandbox::GenieOptions genie = test::quick_genie();
    genie.status_time = 500ms;
    KeepingWorld world(std::move(genie));
    world.genie().faults().outcomes = {"FAILED"};
    world.genie().faults().failed_error_text = "[DIVIDE_BY_ZERO] Division by zero.";
    const std::string ts = world.ask("revenue by region");
    world.check_end(ts, "but it failed");
}

}  // namespace strict_slack_test
