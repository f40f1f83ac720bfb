#include "app/relay/intake.hpp"

#include "tests/catch.hpp"

namespace intake_test {

using namespace genie_slack;
using relay::IntakeDecision;
using Kind = relay::IntakeDecision::Kind;

const relay::Self kSelf{"T1", "UBOT", "BBOT", ""};

slack::Event event_in_team() {
    slack::Event event;
    event.event_id = "Ev1";
    event.team = "T1";
    return event;
}

slack::MessageEvent message(const std::string& text) {
    slack::MessageEvent written;
    written.channel = "C1";
    written.channel_type = "channel";
    written.user = "U1";
    written.text = text;
    written.ts = "100.000200";
    return written;
}

Kind kind(const slack::MessageEvent& written) {
    return relay::decide(event_in_team(), written, kSelf).kind;
}

TEST_CASE("a mention, a direct message and a message that names the bot are questions", "[intake]") {
    auto mention = message("<@UBOT> revenue?");
    mention.mention = true;
    CHECK(kind(mention) == Kind::question);

    auto direct = message("revenue?");
    direct.channel_type = "im";
    CHECK(kind(direct) == Kind::question);

    CHECK(kind(message("hey <@UBOT|genie> revenue?")) == Kind::question);
    CHECK(kind(message("<@UBOTHER> revenue?")) == Kind::ignore);
}

TEST_CASE("channel chatter is ignored without a look-up", "[intake]") {
    CHECK(kind(message("lunch?")) == Kind::ignore);
    auto root_of_thread = message("lunch?");
    root_of_thread.thread_ts = root_of_thread.ts;
    CHECK(kind(root_of_thread) == Kind::ignore);
}

TEST_CASE("a reply without a mention depends on whose thread it is", "[intake]") {
    auto reply = message("and by month?");
    reply.thread_ts = "90.000100";
    CHECK(kind(reply) == Kind::if_served);
    reply.text = "<@U7> <@UBOT> what do you think?";
    CHECK(kind(reply) == Kind::question);
}

TEST_CASE("own, bot, edited and special messages are ignored even when they mention the bot", "[intake]") {
    auto own = message("<@UBOT> x");
    own.user = "UBOT";
    CHECK(kind(own) == Kind::ignore);

    auto bot = message("<@UBOT> x");
    bot.bot_id = "BOTHER";
    CHECK(kind(bot) == Kind::ignore);

    auto edited = message("<@UBOT> x");
    edited.edited = true;
    CHECK(kind(edited) == Kind::ignore);

    for (const char* subtype : {"bot_message", "channel_join", "message_replied", "channel_topic"}) {
        auto special = message("<@UBOT> x");
        special.subtype = subtype;
        CHECK(kind(special) == Kind::ignore);
    }
    for (const char* subtype : {"file_share", "thread_broadcast", "me_message"}) {
        auto ordinary = message("<@UBOT> x");
        ordinary.subtype = subtype;
        CHECK(kind(ordinary) == Kind::question);
    }
}

std::string turn_id_of(const slack::Event& event, const slack::MessageEvent& written) {
    return relay::make_turn(event, written, kSelf).id;
}

TEST_CASE("a turn is named by team, channel and ts alone", "[intake]") {
    auto mention = message("<@UBOT> revenue?");
    mention.mention = true;
    const std::string id = turn_id_of(event_in_team(), mention);

    auto changed = message("<@UBOT> cost?");
    changed.user = "U2";
    changed.channel_type = "group";
    changed.thread_ts = "90.000100";
    changed.edited_ts = "100.000300";
    slack::Event another_event = event_in_team();
    another_event.event_id = "Ev2";
    CHECK(turn_id_of(another_event, changed) == id);

    auto in_channel = message("<@UBOT> revenue?");
    in_channel.channel = "C2";
    CHECK(turn_id_of(event_in_team(), in_channel) != id);
    auto later = message("<@UBOT> revenue?");
    later.ts = "100.000201";
    CHECK(turn_id_of(event_in_team(), later) != id);
    slack::Event in_team = event_in_team();
    in_team.team = "T2";
    CHECK(turn_id_of(in_team, mention) != id);
}

TEST_CASE("a question belongs to its thread, and its words are plain text", "[intake]") {
    const auto turn = relay::make_turn(event_in_team(), message("<@UBOT> revenue &amp; cost?"), kSelf);
    CHECK(turn.question == "revenue & cost?");
    CHECK(turn.thread == storage::ThreadKey("T1", "C1", "100.000200"));
    auto reply = message("and?");
    reply.thread_ts = "90.000100";
    CHECK(relay::make_turn(event_in_team(), reply, kSelf).thread == storage::ThreadKey("T1", "C1", "90.000100"));
}

}  // namespace intake_test
