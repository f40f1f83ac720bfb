#include "app/relay/mention_events.hpp"

#include "core/log.hpp"
#include "tests/catch.hpp"

namespace mention_events_test {

using namespace genie_slack;

constexpr int kEnough = 8;  // messages with a mention without any app_mention

const relay::Self kSelf{"T1", "UBOT", "BBOT", ""};

slack::MessageEvent plain_mention() {
    slack::MessageEvent message;
    message.channel = "C1";
    message.channel_type = "channel";
    message.user = "U1";
    message.text = "<@UBOT> revenue?";
    message.ts = "100.1";
    return message;
}

slack::MessageEvent app_mention() {
    slack::MessageEvent message = plain_mention();
    message.mention = true;
    message.channel_type = "";
    return message;
}

TEST_CASE("the bot is named by its mention alone", "[mention events]") {
    for (const char* text : {"<@UBOT>", "hey <@UBOT|genie>, revenue?", "<@U1> <@UBOT>", "<@UBOTHER> <@UBOT>"})
        CHECK(relay::names_us(text, kSelf));
    for (const char* text : {"", "UBOT", "@UBOT", "<@UBOTHER>", "<@UBOT", "&lt;@UBOT&gt;", "<#UBOT>"})
        CHECK_FALSE(relay::names_us(text, kSelf));
}

TEST_CASE("a message that mentions the bot in a channel comes as app_mention, too", "[mention events]") {
    const relay::MentionEvents events(kSelf);
    CHECK(events.comes_as_mention(plain_mention()));
    for (const char* subtype : {"file_share", "thread_broadcast"}) {
        slack::MessageEvent message = plain_mention();
        message.subtype = subtype;
        CHECK(events.comes_as_mention(message));
    }
}

TEST_CASE("what Slack tells once is not waited for a second time", "[mention events]") {
    const relay::MentionEvents events(kSelf);
    CHECK_FALSE(events.comes_as_mention(app_mention()));
    slack::MessageEvent unnamed = plain_mention();
    unnamed.text = "revenue?";
    CHECK_FALSE(events.comes_as_mention(unnamed));
    slack::MessageEvent direct = plain_mention();
    direct.channel_type = "im";
    CHECK_FALSE(events.comes_as_mention(direct));
    slack::MessageEvent own = plain_mention();
    own.user = "UBOT";
    CHECK_FALSE(events.comes_as_mention(own));
    slack::MessageEvent by_app = plain_mention();
    by_app.bot_id = "BAPP";
    CHECK_FALSE(events.comes_as_mention(by_app));
    slack::MessageEvent special = plain_mention();
    special.subtype = "channel_topic";
    CHECK_FALSE(events.comes_as_mention(special));
}

TEST_CASE("an app that gets no app_mention speaks at the message, from the eighth one on, and says so once",
          "[mention events]") {
    const log::Capture capture;
    relay::MentionEvents events(kSelf);
    for (int seen = 1; seen < kEnough; ++seen) {
        events.see(plain_mention());
        CHECK(events.comes_as_mention(plain_mention()));
    }
    CHECK_FALSE(capture.contains("events.no_app_mention"));
    events.see(plain_mention());
    CHECK_FALSE(events.comes_as_mention(plain_mention()));
    CHECK(capture.contains("events.no_app_mention"));
    const std::size_t lines = capture.lines().size();
    events.see(plain_mention());
    CHECK(capture.lines().size() == lines);
}

TEST_CASE("one app_mention shows that the app gets them, however late it comes", "[mention events]") {
    relay::MentionEvents events(kSelf);
    SECTION("before the messages") {
        events.see(app_mention());
        for (int seen = 0; seen < 2 * kEnough; ++seen)
            events.see(plain_mention());
    }
    SECTION("behind them") {
        for (int seen = 0; seen < 2 * kEnough; ++seen)
            events.see(plain_mention());
        REQUIRE_FALSE(events.comes_as_mention(plain_mention()));
        events.see(app_mention());
    }
    CHECK(events.comes_as_mention(plain_mention()));
}

TEST_CASE("messages that no app_mention goes with say nothing about the app", "[mention events]") {
    relay::MentionEvents events(kSelf);
    slack::MessageEvent unnamed = plain_mention();
    unnamed.text = "lunch?";
    slack::MessageEvent direct = plain_mention();
    direct.channel_type = "im";
    for (int seen = 0; seen < 2 * kEnough; ++seen) {
        events.see(unnamed);
        events.see(direct);
    }
    CHECK(events.comes_as_mention(plain_mention()));
}

}  // namespace mention_events_test
