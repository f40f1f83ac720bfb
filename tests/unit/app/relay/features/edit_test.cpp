// A question is edited while it is asked, and afterwards.
#include "app/answer/message/answer.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

namespace edit_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using storage::TurnState;
using test::World;

slack::Event edit(World& world, const std::string& ts, const std::string& text, const std::string& event_id,
                  const std::string& thread = "") {
    slack::MessageChanged change;
    change.channel = "C1";
    change.message = std::get<slack::MessageEvent>(world.question(text, ts, thread).body);
    change.message.edited = true;
    change.message.edited_ts = "edited by " + event_id;
    return world.event_of(change, event_id);
}

TEST_CASE("an edited question is asked again, and answered in the same message", "[edit]") {
    World world;
    const bool while_running = GENERATE(false, true);
    INFO("while running: " << while_running);
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(while_running ? 2s : 60s);
    world.deliver(edit(world, "100.1", "revenue by month?", "EvE1"));
    world.settle();
    CHECK(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue by month?"));
    CHECK(world.newest("100.1").state == TurnState::delivered);
    CHECK(world.turn("100.1").state == (while_running ? TurnState::failed : TurnState::delivered));

    // Delivered again, or without a change of words: nothing new.
    const std::size_t asked = world.genie.asked.size();
    world.deliver(edit(world, "100.1", "revenue by month?", "EvE1"));
    world.deliver(edit(world, "100.1", "revenue by month?", "EvE2"));
    world.settle();
    CHECK(world.genie.asked.size() == asked);

    // And edited once more.
    world.deliver(edit(world, "100.1", "revenue by year?", "EvE3"));
    world.settle();
    CHECK(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue by year?"));
}

TEST_CASE("a running question is not lost to an edition that storage does not take", "[edit]") {
    World world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(2s);
    const slack::Event event = edit(world, "100.1", "revenue by month?", "EvE1");
    SECTION("the edition") {
        world.storage->fail("accept", 1);
        CHECK_FALSE(world.deliver(event).send);
        // Whoever would have taken it died with this event.
        world.settle();
        CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue?"));
    }
    SECTION("or the end of the question before it") {
        world.storage->fail("request_stop", 1);
        CHECK_FALSE(world.deliver(event).send);
        CHECK(world.turn("100.1").stopped_by.empty());
        CHECK(world.deliver(event).send);
        CHECK(world.turn("100.1").stopped_by == "edited");
    }
    // Delivered again.
    CHECK(world.deliver(event).send);
    world.settle();
    CHECK(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue by month?"));
}

TEST_CASE("of edits that come in another order the last one counts", "[edit]") {
    World world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    slack::Event first = edit(world, "100.1", "revenue by month?", "EvE1");
    std::get<slack::MessageChanged>(first.body).message.edited_ts = "200.000001";
    slack::Event second = edit(world, "100.1", "revenue by year?", "EvE2");
    std::get<slack::MessageChanged>(second.body).message.edited_ts = "200.000002";
    world.deliver(second);
    world.deliver(first);
    world.settle();
    CHECK(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue by year?"));
    CHECK(world.genie.asked.size() == 2);
    // Delivered once more.
    world.deliver(first);
    world.settle();
    CHECK(world.genie.asked.size() == 2);
}

TEST_CASE("an edit that leaves no question leaves the answer as it is", "[edit]") {
    World world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    int edits = 0;
    for (const char* words : {"never mind", "Never mind, thanks!", "nvm", "sorry, forget it", "vergiss es",
                              "hat sich erledigt, danke", "olvídalo", "laisse tomber"}) {
        INFO(words);
        world.deliver(edit(world, "100.1", words, "EvE" + std::to_string(++edits)));
        world.settle();
        CHECK(world.genie.asked.size() == 1);
        CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue?"));
    }
    world.deliver(edit(world, "100.1", "never mind, revenue by month?", "EvE" + std::to_string(++edits)));
    world.settle();
    CHECK(world.genie.asked.size() == 2);
}

TEST_CASE("an edit right after an answer shows life within a second", "[edit]") {
    World world;
    world.deliver(world.question("revenue?", "100.1"));
    for (int i = 0; i < 600 && world.newest("100.1").state != TurnState::delivered; ++i)
        world.settle(100ms);
    REQUIRE(world.newest("100.1").state == TurnState::delivered);
    world.deliver(edit(world, "100.1", "revenue by month?", "EvE1"));
    world.settle(1s);
    REQUIRE(world.slack.messages.size() == 1);
    CHECK(world.newest("100.1").state != TurnState::delivered);
    CHECK_THAT(world.shown(world.slack.messages[0]), !test::contains("Answer to"));
    world.settle();
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue by month?"));
}

TEST_CASE("an edit that overtakes its question is asked all the same", "[edit]") {
    World world;
    const std::string ts = World::young_ts();
    world.begin(edit(world, ts, "revenue by month?", "EvE1"));
    world.settle(300ms);
    world.deliver(world.question("revenue?", ts));
    world.settle();
    REQUIRE(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue by month?"));
    CHECK(world.turn(ts).failure == "edited");
}

TEST_CASE("an edit of a message that is no question of ours is acked in time", "[edit]") {
    World world;
    const std::string ts = World::young_ts();
    const TimePoint before = Clock::now();
    CHECK(world.deliver(edit(world, ts, "revenue by month?", "EvE1")).send);
    CHECK(Clock::now() - before < 2s);
}

// A message of another kind before the edit: "" for the words that are not told.
slack::Event became(World& world, const std::string& previous, const std::string& text, const std::string& ts,
                    const std::string& channel, const std::string& thread = "") {
    slack::Event event = edit(world, ts, "", "EvE" + text, thread);
    auto& change = std::get<slack::MessageChanged>(event.body);
    change.channel = change.message.channel = channel;
    change.message.channel_type = channel == "C1" ? "channel" : "im";
    change.message.mention = false;
    change.message.text = text;
    change.message.edited_by = "U1";
    change.previous_text = previous;
    return event;
}

TEST_CASE("what an edit makes a question of is asked, once", "[edit]") {
    World world;
    const std::string ts = World::young_ts();
    SECTION("a mention that was added") {
        world.deliver(became(world, "revenue by month?", "<@UBOT> revenue by month?", ts, "C1"));
        // Where Slack tells it as a mention, too.
        auto mention = world.question("revenue by month?", ts);
        std::get<slack::MessageEvent>(mention.body).edited = true;
        world.deliver(mention);
        world.settle();
        CHECK(world.slack.in_thread("C1", ts).size() == 1);
    }
    SECTION("thanks in the direct message") {
        world.deliver(became(world, "thanks", "revenue by month?", ts, "D-U1"));
    }
    SECTION("a call for help, which had its help") {
        slack::Event help = world.reply("help", ts, "");
        auto& message = std::get<slack::MessageEvent>(help.body);
        message.channel = "D-U1";
        message.channel_type = "im";
        world.deliver(help);
        world.settle();
        CHECK(world.genie.asked.empty());
        world.deliver(became(world, "help", "revenue by month?", ts, "D-U1"));
    }
    SECTION("a file alone") {
        auto event = became(world, "", "revenue by month?", ts, "D-U1");
        auto& message = std::get<slack::MessageChanged>(event.body).message;
        message.subtype = "file_share";
        message.has_files = true;
        message.file_count = 1;
        world.deliver(event);
    }
    SECTION("a line in a thread that the bot serves") {
        world.deliver(world.question("revenue?", "100.1"));
        world.settle();
        world.genie.asked.clear();
        world.deliver(world.reply("looks right to me", ts, "100.1"));
        world.settle();
        CHECK(world.genie.asked.empty());
        world.deliver(became(world, "looks right to me", "revenue by month?", ts, "C1", "100.1"));
        world.settle();
        REQUIRE(world.genie.asked.size() == 1);
        world.deliver(became(world, "looks right to me", "revenue by month?", ts, "C1", "100.1"));
    }
    world.settle();
    REQUIRE(world.genie.asked.size() == 1);
    CHECK(world.genie.asked[0].content == "revenue by month?");
}

TEST_CASE("an edit of what asks nothing, of long ago, by somebody else or by Slack itself stays nothing", "[edit]") {
    World world;
    std::string ts = World::young_ts();
    slack::Event event = became(world, "thanks", "revenue by month?", ts, "D-U1");
    auto& change = std::get<slack::MessageChanged>(event.body);
    SECTION("long ago") {
        const auto hours_ago = std::chrono::duration_cast<std::chrono::seconds>(wall_now().time_since_epoch()) - 2h;
        change.message.ts = std::to_string(std::chrono::seconds(hours_ago).count()) + ".000100";
    }
    SECTION("by somebody else") {
        change.message.edited_by = "U5";
    }
    SECTION("by Slack") {
        change.previous_edited_ts = change.message.edited_ts;
    }
    SECTION("thanks after all") {
        change.message.text = "thanks a lot!";
    }
    SECTION("among people") {
        change.channel = change.message.channel = "C1";
        change.message.channel_type = "channel";
    }
    CHECK(world.deliver(event).send);
    world.settle();
    CHECK(world.genie.asked.empty());
    CHECK(world.slack.messages.empty());
    CHECK(world.slack.ephemerals.empty());
}

TEST_CASE("whoever may not ask is told so also where an edit made the question", "[edit][gate]") {
    World world;
    world.slack.users["U1"].is_guest = true;
    world.deliver(became(world, "revenue?", "<@UBOT> help", World::young_ts(), "C1"));
    world.settle();
    CHECK(world.genie.asked.empty());
    CHECK(world.slack.messages.empty());
    CHECK(world.slack.ephemerals.size() == 1);
}

TEST_CASE("who edits a question where it may not be asked any more is told so, once", "[edit][gate]") {
    World world;
    const std::string ts = World::young_ts();
    world.deliver(world.question("revenue?", ts));
    world.settle();
    for (const char* words : {"revenue by month?", "revenue by year?"}) {
        slack::Event event = edit(world, ts, words, std::string("EvE") + words);
        // Slack tells of such an edit by no app_mention.
        std::get<slack::MessageChanged>(event.body).message.mention = false;
        event.ext_shared_channel = true;
        world.deliver(event);
        world.settle();
    }
    CHECK(world.genie.asked.size() == 1);
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK(world.slack.ephemerals[0].second ==
          words::say(words::Language::english, words::Word::refused_shared_channel));
}

TEST_CASE("an edit of a message that nobody meant for us waits for nothing", "[edit]") {
    World world;
    const std::string ts = World::young_ts();
    slack::Event event = edit(world, ts, "lunch at one?", "EvE1");
    auto& change = std::get<slack::MessageChanged>(event.body);
    change.message.mention = false;
    change.message.text = "lunch at one?";
    change.previous_text = "lunch at two?";
    const TimePoint before = Clock::now();
    CHECK(world.deliver(event).send);
    CHECK(Clock::now() - before < 100ms);
    CHECK(world.genie.asked.empty());
}

TEST_CASE("an edit of anything but the thread's last question asks nothing", "[edit]") {
    World world;
    world.deliver(world.question("revenue?", "100.1"));
    world.deliver(world.question("cost?", "100.2", "100.1"));
    world.settle();
    world.deliver(edit(world, "100.1", "something else?", "EvE1"));
    auto by_someone_else = edit(world, "100.2", "something else?", "EvE2", "100.1");
    std::get<slack::MessageChanged>(by_someone_else.body).message.user = "U5";
    world.deliver(by_someone_else);
    world.settle();
    CHECK(world.genie.asked.size() == 2);
}

TEST_CASE("the author of an older question reads once that its edit changes nothing", "[edit]") {
    World world;
    const std::string ts = World::young_ts();
    world.deliver(world.question("revenue?", ts));
    world.settle();
    const std::string later = ts.substr(0, ts.find('.')) + ".000200";
    world.deliver(world.question("cost?", later, ts));
    world.settle();
    const auto edited = [&](const std::string& text, const std::string& before, const std::string& event_id) {
        auto event = edit(world, ts, text, event_id);
        std::get<slack::MessageChanged>(event.body).previous_text = "<@UBOT> " + before;
        world.deliver(event);
        world.settle();
    };
    edited("revenue?", "revenue?", "EvE1");
    CHECK(world.slack.ephemerals.empty());
    edited("revenue in 2024?", "revenue?", "EvE2");
    edited("revenue in 2023?", "revenue in 2024?", "EvE3");
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK(world.slack.ephemerals[0].first == "U1");
    CHECK_THAT(world.slack.ephemerals[0].second, test::contains("newest question only"));
    CHECK(world.genie.asked.size() == 2);
}

TEST_CASE("also a question that was edited while it ran is an older one once another follows", "[edit]") {
    World world;
    const std::string ts = World::young_ts();
    world.begin(world.question("revenue in 2022?", ts));
    world.settle(1s);
    world.deliver(edit(world, ts, "revenue in 2023?", "EvE1"));
    world.settle();
    const std::string later = ts.substr(0, ts.find('.')) + ".000200";
    world.deliver(world.question("cost?", later, ts));
    world.settle();
    auto event = edit(world, ts, "revenue in 2024?", "EvE2");
    std::get<slack::MessageChanged>(event.body).previous_text = "<@UBOT> revenue in 2023?";
    world.deliver(event);
    world.settle();
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK_THAT(world.slack.ephemerals[0].second, test::contains("newest question only"));
    CHECK(world.slack.ephemeral_messages[0].thread_ts == ts);
}

TEST_CASE("a guest who edits an older question reads that guests are not answered", "[edit][gate]") {
    World world;
    const std::string ts = World::young_ts();
    world.slack.users["U1"].is_guest = true;
    world.deliver(world.question("revenue?", ts));
    world.settle();
    const std::string later = ts.substr(0, ts.find('.')) + ".000200";
    slack::Event of_member = world.question("cost?", later, ts);
    std::get<slack::MessageEvent>(of_member.body).user = "U2";
    world.deliver(of_member);
    world.settle();
    slack::Event event = edit(world, ts, "revenue in 2024?", "EvE2");
    std::get<slack::MessageChanged>(event.body).previous_text = "<@UBOT> revenue?";
    world.deliver(event);
    world.settle();
    for (const auto& [user, text] : world.slack.ephemerals)
        CHECK_THAT(text, !test::contains("newest question only"));
    CHECK_FALSE(world.slack.ephemerals.empty());
}

TEST_CASE("a change that no person made asks nothing again", "[edit]") {
    World world;
    const std::string text = "revenue of https://example.com/ " + std::string(10'500, 'x');
    world.deliver(world.question(text, "100.1"));
    world.settle();
    const auto preview = [&](const std::string& shown, const std::string& event_id) {
        auto event = edit(world, "100.1", shown, event_id);
        auto& change = std::get<slack::MessageChanged>(event.body);
        change.message.edited_ts = "90.1";
        change.previous_edited_ts = "90.1";
        return event;
    };
    world.deliver(preview(text + " with another view of the link", "EvE1"));
    world.deliver(preview("another view of the link in " + text, "EvE2"));
    world.settle();
    CHECK(world.genie.asked.size() == 1);
}

TEST_CASE("an edit beyond what is kept of a question asks nothing again", "[edit]") {
    World world;
    const std::string text = "revenue of " + std::string(10'500, 'x');
    world.deliver(world.question(text, "100.1"));
    world.settle();
    world.deliver(edit(world, "100.1", text + " and more", "EvE1"));
    world.settle();
    CHECK(world.genie.asked.size() == 1);
    world.deliver(edit(world, "100.1", "orders and " + text, "EvE2"));
    world.settle();
    CHECK(world.genie.asked.size() == 2);
}

TEST_CASE("an edit that changes no words asks nothing again, whoever is named in the question", "[edit]") {
    World world;
    world.slack.users["U05ANA1"].name = "A colleague";
    world.deliver(world.question("deals of <@U05ANA1>?", "100.1"));
    world.settle();
    REQUIRE(world.genie.asked.size() == 1);
    CHECK_THAT(world.genie.asked[0].content, test::contains("A colleague"));
    auto same = edit(world, "100.1", "deals of <@U05ANA1>?", "EvE1");
    auto& change = std::get<slack::MessageChanged>(same.body);
    SECTION("with its words of before") {
        change.previous_text = "<@UBOT> deals of <@U05ANA1>?";
    }
    SECTION("without them") {}
    SECTION("that only added the mention") {
        change.previous_text = "deals of <@U05ANA1>?";
    }
    world.deliver(same);
    world.settle();
    CHECK(world.genie.asked.size() == 1);

    auto other = edit(world, "100.1", "deals of <@U05BEN2>?", "EvE2");
    std::get<slack::MessageChanged>(other.body).previous_text = "<@UBOT> deals of <@U05ANA1>?";
    world.deliver(other);
    world.settle();
    CHECK(world.genie.asked.size() == 2);
}

TEST_CASE("a mention that an edit adds is a question, once", "[edit]") {
    World world;
    auto mention = world.question("revenue?", "100.1");
    auto& message = std::get<slack::MessageEvent>(mention.body);
    message.edited = true;
    message.edited_ts = "101.1";
    world.deliver(mention);
    world.settle();
    REQUIRE(world.genie.asked.size() == 1);
    // The same after a later edit, with an event of its own.
    mention.event_id = "EvLater";
    message.edited_ts = "102.1";
    world.deliver(mention);
    world.settle();
    CHECK(world.genie.asked.size() == 1);
}

TEST_CASE("quick edits while Genie is slow to take the question leave one message with the last answer", "[edit]") {
    World world;
    world.genie.posting_time = 5s;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(1s);
    world.deliver(edit(world, "100.1", "revenue by month?", "EvE1"));
    world.settle(1s);
    world.deliver(edit(world, "100.1", "revenue by year?", "EvE2"));
    const bool is_deleted = GENERATE(false, true);
    INFO("deleted: " << is_deleted);
    if (is_deleted) {
        world.settle(1s);
        slack::MessageDeleted deletion;
        deletion.channel = "C1";
        deletion.deleted_ts = "100.1";
        world.deliver(world.event_of(deletion, "EvD"));
    }
    world.settle(3min);
    CHECK(storage::is_final(world.newest("100.1").state));
    REQUIRE(world.slack.messages.size() == (is_deleted ? 0u : 1u));
    if (!is_deleted)
        CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue by year?"));
}

TEST_CASE("of an edition and Ask again, pressed before it began, the edition alone is asked", "[edit]") {
    World world;
    world.genie.endings.push_back(genie::MessageStatus::failed);
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    const storage::Turn failed = world.turn("100.1");
    REQUIRE(failed.state == TurnState::failed);
    world.deliver(edit(world, "100.1", "revenue by month?", "EvE1"));
    world.deliver(world.press(failed.progress_ts, "100.1", "ask_again", failed.id, ""));
    world.settle();
    CHECK(world.genie.asked.size() == 2);
    REQUIRE(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Answer to: revenue by month?"));
}

}  // namespace edit_test
