// What people see and can do around an answer, with the real binary and real sockets.
#include "tests/e2e/bot/bot_world.hpp"

namespace experience_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using test::BotWorld;

sandbox::GenieOptions slow_genie() {
    sandbox::GenieOptions options = test::quick_genie();
    options.status_time = 10s;
    return options;
}

TEST_CASE("where every rich block is refused and updates are rate-limited, text, values and file still arrive",
          "[experience]") {
    BotWorld world;
    auto& faults = world.slack().faults();
    faults.refused_blocks = {"data_table", "data_visualization", "table",          "markdown", "image", "task_card",
                             "plan",       "rich_text",          "context_actions"};
    faults.no_streaming = true;
    sandbox::SlackFaults::CallFault limited;
    limited.method = "chat.update";
    limited.http_status = 429;
    limited.retry_after = 30;
    limited.times = 1'000'000;
    faults.calls.push_back(limited);
    world.start_connected();

    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    // The message that could not be updated goes when the new one stands.
    REQUIRE(world.wait([&] { return world.answers(world.channel(), ts).size() == 1; }));
    const auto answers = world.answers(world.channel(), ts);
    const std::string shown = BotWorld::shown(answers[0]);
    CHECK_THAT(shown, test::contains("1,527,428.21"));
    CHECK_THAT(shown, test::contains("453,203.00"));

    const std::string many = world.ask("revenue by week in 2025");
    REQUIRE(world.wait_for_answer(world.channel(), many, "rate_answer"));
    REQUIRE(world.wait([&] { return !world.files(world.channel(), many).empty(); }));
    CHECK_THAT(boost::json::serialize(world.files(world.channel(), many)[0]), test::contains(".csv"));
}

TEST_CASE("progress streams with a Stop button that ends the question", "[experience]") {
    BotWorld world(slow_genie());
    world.start_connected();
    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "stop_turn"));
    const auto progress = world.answers(world.channel(), ts).back();
    CHECK(progress.streaming);
    CHECK_THAT(BotWorld::shown(progress), test::contains("Asking Genie"));
    REQUIRE(
        world.slack().press(world.person(), world.channel(), progress.ts, test::find_element(progress, "stop_turn")));
    REQUIRE(world.wait_for_answer(world.channel(), ts, "Stopped"));
    CHECK(world.answers(world.channel(), ts).size() == 1);
    CHECK(world.genie().questions().size() == 1);
}

TEST_CASE("a private answer goes to the direct message and is shared from there", "[experience]") {
    BotWorld world;
    world.start_connected({{"ANSWERS_IN_CHANNELS", "private"}});
    const std::string ts = world.ask("revenue by region");
    std::string direct;
    std::vector<sandbox::SlackMessage> private_messages;
    REQUIRE(world.wait([&] {
        for (const auto& channel : world.slack().channels())
            if (channel.is_im && channel.im_user == world.person())
                direct = channel.id;
        private_messages = direct.empty() ? private_messages : world.slack().messages(direct);
        return !private_messages.empty() &&
               BotWorld::shown(private_messages.back()).find("share_answer") != std::string::npos;
    }));
    CHECK(world.answers(world.channel(), ts).empty());
    REQUIRE(world.wait([&] { return world.notes(world.channel(), ts).size() == 1; }));
    CHECK_THAT(world.notes(world.channel(), ts)[0].text, test::contains("/archives/" + direct));

    const auto& answer = private_messages.back();
    REQUIRE(world.slack().press(world.person(), direct, answer.ts, test::find_element(answer, "share_answer")));
    REQUIRE(world.wait_for_answer(world.channel(), ts, "1,527,428.21"));
    CHECK(world.answers(world.channel(), ts).size() == 1);
}

TEST_CASE("people of a shared channel are told why nothing is answered there", "[experience]") {
    BotWorld world;
    sandbox::SlackChannel shared;
    shared.id = "C0SHARED";
    shared.name = "with-others";
    shared.bot_is_member = true;
    shared.is_ext_shared = true;
    world.slack().add_channel(shared);
    world.start_connected();
    const std::string ts = world.slack().say(world.person(), "C0SHARED", world.mention() + "revenue by region");
    REQUIRE(world.wait([&] { return !world.notes("C0SHARED", ts).empty(); }));
    CHECK_THAT(world.notes("C0SHARED", ts)[0].text, test::contains("another organisation"));
    CHECK(world.genie().questions().empty());
}

TEST_CASE("BOT_LANGUAGE=de answers in German, with German numbers", "[experience]") {
    BotWorld world;
    world.start_connected({{"BOT_LANGUAGE", "de"}, {"ANSWER_STYLE", "full"}});
    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    const std::string shown = BotWorld::shown(world.answers(world.channel(), ts)[0]);
    CHECK_THAT(shown, test::contains("1.527.428,21"));
    CHECK_THAT(shown, test::contains("KI"));
}

}  // namespace experience_test
