// "Answer this" below the note about a line that was left alone.
#include "app/answer/actions.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

#include <boost/json/serialize.hpp>

namespace left_alone_test {

using namespace genie_slack;
using test::World;

constexpr const char* kLine = "can you do top 10?";

void ask(World& world) {
    world.deliver(world.question("revenue by region?", "100.1"));
    world.settle();
    REQUIRE(world.genie.asked.size() == 1);
}

// Said by a colleague who has not asked, and shown by Slack in the thread.
void say(World& world, const std::string& text, const std::string& ts, const std::string& user = "U2") {
    slack::Event event = world.reply(text, ts, "100.1");
    std::get<slack::MessageEvent>(event.body).user = user;
    slack::ThreadMessage line;
    line.ts = ts;
    line.user = user;
    line.text = text;
    world.slack.people_wrote.push_back(line);
    world.deliver(event);
    world.settle();
}

slack::Interaction answer_this(World& world, const std::string& ts) {
    slack::Interaction press =
        world.press("900.1", "100.1", answer::kAnswerLineAction, answer::line_value({"100.1", ts}));
    std::get<slack::BlockActions>(press).response_url = "https://hooks.slack.com/actions/1";
    return press;
}

TEST_CASE("a colleague's line that may be for the bot gets a note with a button, which has it answered", "[manners]") {
    World world;
    ask(world);
    say(world, kLine, "100.2");
    CHECK(world.genie.asked.size() == 1);
    REQUIRE(world.slack.ephemeral_messages.size() == 1);
    CHECK(world.slack.ephemerals.front().first == "U2");
    CHECK(boost::json::serialize(world.slack.ephemeral_messages.front().blocks)
              .find(answer::line_value({"100.1", "100.2"})) != std::string::npos);

    world.deliver(answer_this(world, "100.2"));
    world.settle();
    REQUIRE(world.genie.asked.size() == 2);
    CHECK(world.genie.asked.back().content == kLine);
    const storage::Turn turn = world.turn("100.2", "100.1");
    CHECK(turn.state == storage::TurnState::delivered);
    CHECK(turn.user == "U2");
    // As clear as a mention: what Genie does not understand is said where everybody reads.
    CHECK(turn.origin == storage::Origin::after_all);
    // Other lines may stand between.
    const auto shown = boost::json::serialize(world.slack.messages.back().content.blocks);
    CHECK_THAT(shown, test::contains("<@U2>: *can you do top 10?*"));
    REQUIRE(world.slack.responses.size() == 1);
    CHECK(world.slack.responses.front().second.delete_original);
    // Pressed again, or the event comes late, it is the same question.
    world.deliver(answer_this(world, "100.2"));
    world.settle();
    CHECK(world.genie.asked.size() == 2);
}

TEST_CASE("what is asked is the line as it reads when the button is pressed", "[manners]") {
    World world;
    ask(world);
    say(world, kLine, "100.2");
    world.slack.people_wrote.back().text = "can you do top 20?";
    world.deliver(answer_this(world, "100.2"));
    world.settle();
    REQUIRE(world.genie.asked.size() == 2);
    CHECK(world.genie.asked.back().content == "can you do top 20?");
}

TEST_CASE("nobody asks another person's line, or one that is gone", "[manners]") {
    World world;
    ask(world);
    say(world, kLine, "100.2", "U3");
    REQUIRE(world.slack.ephemerals.size() == 1);
    world.deliver(answer_this(world, "100.2"));
    world.settle();
    CHECK(world.genie.asked.size() == 1);
    world.slack.people_wrote.clear();
    world.deliver(answer_this(world, "100.2"));
    world.settle();
    CHECK(world.genie.asked.size() == 1);
    REQUIRE(world.slack.ephemerals.size() == 2);
    CHECK(world.slack.ephemerals.back().second.find("do not remember") != std::string::npos);
}

TEST_CASE("words for a button that were left alone press it", "[manners]") {
    World world;
    ask(world);
    say(world, "looks right to me", "100.2");
    say(world, "we had an outage in May", "100.3", "U1");
    say(world, "show the SQL", "100.4");
    REQUIRE(world.slack.ephemerals.size() == 1);
    world.deliver(answer_this(world, "100.4"));
    world.settle();
    CHECK(world.genie.asked.size() == 1);
    CHECK(world.slack.ephemerals.size() == 2);
}

TEST_CASE("of a colleague's lines only what may be for the bot gets a note", "[manners]") {
    const auto notes_for = [](const char* line) {
        World world;
        ask(world);
        say(world, line, "100.2");
        CHECK(world.genie.asked.size() == 1);
        return world.slack.ephemerals.size();
    };
    for (const char* line : {"can you do top 10?", "could you split that by channel?", "only APAC please",
                             "kannst du das nach Region machen?", "exclude APAC", "ich brauche das nach Monat",
                             "only EMEA", "and by month", "top 10"}) {
        INFO(line);
        CHECK(notes_for(line) == 1);
    }
    for (const char* line : {"EMEA again", "looks right to me", "only because of the campaign",
                             "can you forward this to finance?", "could you look at this?", "can you take this one?",
                             "one moment please", "thanks!", "2024", "what do you think?", "yes please"}) {
        INFO(line);
        CHECK(notes_for(line) == 0);
    }
}

}  // namespace left_alone_test
