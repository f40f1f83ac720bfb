// When talk among people keeps the bot out of a served thread, and what brings it back.
#include "app/relay/manners/quiet_wish.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

namespace talk_among_people_test {

using namespace genie_slack;
using test::World;

slack::Event said_by(World& world, const std::string& user, const std::string& text, const std::string& ts,
                     const std::string& thread = "100.1") {
    slack::Event event = world.reply(text, ts, thread);
    std::get<slack::MessageEvent>(event.body).user = user;
    return event;
}

void ask(World& world) {
    world.deliver(world.question("revenue by region?", "100.1"));
    world.settle();
    REQUIRE(world.genie.asked.size() == 1);
}

void say(World& world, const std::string& user, const std::string& text, const std::string& ts) {
    world.deliver(said_by(world, user, text, ts));
    world.settle();
}

TEST_CASE("whoever is alone with the bot in a thread is never held to talk with others", "[manners]") {
    World world;
    ask(world);
    say(world, "U1", "hmm March looks odd", "100.2");
    say(world, "U1", "I will check with Ben", "100.3");
    say(world, "U1", "the numbers look off", "100.4");
    say(world, "U1", "what about orders?", "100.5");
    CHECK(world.genie.asked.size() == 2);
    say(world, "U1", "that is the number for the deck", "100.6");
    say(world, "U1", "looks right to me", "100.7");
    say(world, "U1", "only EMEA", "100.8");
    CHECK(world.genie.asked.size() == 3);
    CHECK(world.slack.ephemerals.empty());
}

TEST_CASE("a process that did not see the thread counts no talk of whoever is alone there", "[manners]") {
    relay::RelayOptions options;
    options.hand_over = true;
    World world({}, options);
    ask(world);
    for (const char* ts : {"2000000000.2", "2000000000.3", "2000000000.4"}) {
        slack::ThreadMessage line;
        line.user = "U1";
        line.text = "the numbers look off";
        line.ts = ts;
        world.slack.people_wrote.push_back(line);
    }
    say(world, "U1", "and by month?", "2000000000.5");
    CHECK(world.genie.asked.size() == 2);
    CHECK(world.slack.ephemerals.empty());
}

void talk(World& world) {
    say(world, "U2", "looks right to me", "100.2");
    say(world, "U1", "<@U2> we had the campaign in March", "100.3");
}

TEST_CASE("called by its name the bot comes back after talk among people, for what asks or wishes", "[manners]") {
    World world;
    ask(world);
    std::size_t asked = 1;
    int at = 90'000;
    for (const char* line :
         {"genie, revenue by category this year?", "Genie: top 10", "hey genie show me the orders",
          "hi Genie, how many customers are new?", "ok genie, only EMEA", "and by month, genie?",
          "genie can you do top 10?", "genie kannst du das nach Region machen?", "genie, zeig das nach Monat",
          "Hallo Genie, und nach Region?", "genie, can you split that by channel?"}) {
        INFO(line);
        say(world, "U2", "the campaign was in March", "100." + std::to_string(++at));
        say(world, "U1", "we had an outage in May", "100." + std::to_string(++at));
        say(world, "U2", line, "100." + std::to_string(++at));
        CHECK(world.genie.asked.size() == ++asked);
        CHECK(world.genie.asked.back().content.find("enie") == std::string::npos);
    }
    for (const char* line :
         {"genie is great", "genie knows more than my boss", "thanks genie", "hey genie", "genie, you are wrong",
          "I asked genie yesterday", "the genie is out of the bottle", "genie, das passt so", "let's ask genie"}) {
        INFO(line);
        say(world, "U2", line, "100." + std::to_string(++at));
        CHECK(world.genie.asked.size() == asked);
    }
}

TEST_CASE("who is asked to be quiet keeps out until somebody mentions it", "[manners]") {
    World world;
    ask(world);
    world.deliver(world.question("please stop answering in this thread", "100.2", "100.1"));
    world.settle();
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK_THAT(world.slack.ephemerals[0].second, test::contains("keep out"));
    int at = 2;
    for (const char* line : {"and by month?", "only EMEA", "which of them grew most?"})
        for (const char* user : {"U1", "U2"})
            say(world, user, line, "100." + std::to_string(++at));
    CHECK(world.genie.asked.size() == 1);
    CHECK(world.slack.ephemerals.size() == 1);
    world.deliver(world.question("and by month?", "100.9", "100.1"));
    world.settle();
    CHECK(world.genie.asked.size() == 2);
    CHECK(relay::asks_for_quiet("<@UBOT> sei bitte still", "UBOT"));
    CHECK(relay::asks_for_quiet("<@UBOT> Tais-toi !", "UBOT"));
    CHECK_FALSE(relay::asks_for_quiet("be quiet", "UBOT"));
    CHECK_FALSE(relay::asks_for_quiet("<@UBOT> stop", "UBOT"));
    CHECK_FALSE(relay::asks_for_quiet("<@UBOT> which shops stay quiet in March?", "UBOT"));
}

TEST_CASE("yes behind what a colleague said is said to the colleague", "[manners]") {
    World world;
    world.genie.clarification = "Shall I show how it developed?";
    ask(world);
    world.genie.clarification.clear();
    say(world, "U2", "seasonal I guess", "100.2");
    say(world, "U1", "ok 👍", "100.3");
    say(world, "U1", "ja", "100.4");
    CHECK(world.genie.asked.size() == 1);
}

TEST_CASE("whoever plainly asks or wishes among people reads why nothing comes, every two minutes", "[manners]") {
    World world;
    ask(world);
    talk(world);
    // Both of who has asked and of others.
    const auto hints_for = [&world](const std::string& user, const std::string& line) {
        static int at = 100;
        world.settle(std::chrono::minutes(2));
        const std::size_t before = world.slack.ephemerals.size();
        say(world, user, line, "100." + std::to_string(++at));
        say(world, user, line, "100." + std::to_string(++at));
        return world.slack.ephemerals.size() - before;
    };
    for (const char* line :
         {"which of them grew most?", "show it as bars", "can I have this as a table?", "show it as a table",
          "revenue per customer by region?", "same as excel", "as csv please", "wie viele Kunden sind neu?",
          "zeig mir die Bestellungen", "als Tabelle bitte", "which segment is the biggest by revenue?"})
        for (const char* user : {"U1", "U3"}) {
            INFO(user << ": " << line);
            CHECK(hints_for(user, line) == 1);
        }
    for (const char* line : {"top 10 instead", "only coffee please", "bar chart please, and only APAC", "nur EMEA"}) {
        INFO(line);
        CHECK(hints_for("U1", line) == 1);
        CHECK(hints_for("U3", line) == 0);
    }
    for (const char* line : {"looks right to me", "wow, December", "who presents on Monday?", "danke!",
                             "can you send this to Chen?", "I will tell the team", "Thursday works",
                             "https://example.com/deck see slide 4", "maybe the campaign in March?", "Maple Group"}) {
        INFO(line);
        CHECK(hints_for("U1", line) == 0);
    }
    CHECK(world.genie.asked.size() == 1);
}

// Two lines among people while the question is worked on, and the answer below them.
void ask_while_people_talk(World& world) {
    world.begin(world.question("revenue by region?", "100.1"));
    world.settle(std::chrono::milliseconds(500));
    world.deliver(said_by(world, "U2", "looks right to me", "100.2"));
    world.deliver(said_by(world, "U1", "<@U2> we had the campaign in March", "100.3"));
    world.settle(std::chrono::seconds(30));
    REQUIRE(world.newest("100.1").state == storage::TurnState::delivered);
}

TEST_CASE("right below its own answer a person is taken up though others talked before it", "[manners]") {
    for (const char* line : {"top 10 instead", "and for 2024?", "only coffee please", "show me the orders"}) {
        INFO(line);
        World world;
        ask_while_people_talk(world);
        say(world, "U1", line, World::young_ts());
        CHECK(world.genie.asked.size() == 2);
        CHECK(world.slack.ephemerals.empty());
    }
}

TEST_CASE("below somebody else's answer, below another line or later it is not", "[manners]") {
    World world;
    ask_while_people_talk(world);
    SECTION("somebody else's, then below a line") {
        world.deliver(said_by(world, "U2", "top 10 instead", World::young_ts()));
        world.settle(std::chrono::seconds(10));
        CHECK(world.genie.asked.size() == 1);
    }
    SECTION("later") {
        world.settle(std::chrono::minutes(3));
    }
    say(world, "U1", "top 10 instead", World::young_ts());
    CHECK(world.genie.asked.size() == 1);
}

TEST_CASE("an answer to what a colleague has just said asks nothing", "[manners]") {
    World world;
    ask(world);
    say(world, "U2", "wow EMEA is way ahead", "100.2");
    say(world, "U1", "yes, the Germany deals", "100.3");
    CHECK(world.genie.asked.size() == 1);
    say(world, "U1", "by month", "100.4");
    CHECK(world.genie.asked.size() == 1);
    world.deliver(world.question("by month", "100.5", "100.1"));
    world.settle();
    say(world, "U2", "wow EMEA is way ahead", "100.6");
    say(world, "U1", "yes, by region", "100.7");
    CHECK(world.genie.asked.size() == 3);
}

// The colleague has written before, and Genie takes its time.
void ask_among_people(World& world, const std::string& line) {
    ask(world);
    say(world, "U2", "looks right to me", "100.2");
    world.begin(said_by(world, "U1", line, "100.3"));
    world.settle(std::chrono::seconds(2));
}

TEST_CASE("among people no message tells that a reply is worked on, the status does", "[manners]") {
    World world;
    ask_among_people(world, "and by month?");
    CHECK(world.slack.messages.size() == 1);
    REQUIRE_FALSE(world.slack.statuses.empty());
    CHECK(world.slack.statuses.back().thread_ts == "100.1");
    world.settle();
    REQUIRE(world.slack.messages.size() == 2);
    CHECK(world.slack.messages.back().updates == 0);
    CHECK(world.turn("100.3", "100.1").state == storage::TurnState::delivered);
}

TEST_CASE("what Genie does not understand among people never stood in the thread", "[manners]") {
    for (const bool asks_back : {true, false}) {
        INFO(asks_back);
        World world;
        if (asks_back)
            world.genie.clarification = "I do not know zorblax.";
        ask(world);
        say(world, "U2", "looks right to me", "100.2");
        const std::size_t before = world.slack.messages.size();
        if (!asks_back)
            world.genie.endings.push_back(genie::MessageStatus::failed);
        say(world, "U1", "and the zorblax by month?", "100.3");
        CHECK(world.genie.asked.size() == 2);
        CHECK(world.slack.messages.size() == before);
        CHECK(world.slack.removed.empty());
        REQUIRE(world.slack.ephemerals.size() == 1);
        REQUIRE_FALSE(world.slack.statuses.empty());
        CHECK(world.slack.statuses.back().status.empty());
    }
}

TEST_CASE("whoever is alone with the bot, or names it, sees the message that becomes the answer at once", "[manners]") {
    for (const bool names_bot : {true, false}) {
        INFO(names_bot);
        World world;
        ask(world);
        if (names_bot)
            say(world, "U2", "looks right to me", "100.2");
        slack::Event next = said_by(world, "U1", "and by month?", "100.3");
        if (names_bot)
            next = world.question("and by month?", "100.3", "100.1");
        world.begin(next);
        world.settle(std::chrono::seconds(2));
        CHECK(world.slack.messages.size() == 2);
        world.settle();
        CHECK(world.slack.messages.size() == 2);
    }
}

TEST_CASE("where no status can be shown a message tells of progress among people, too", "[manners]") {
    World world;
    world.slack.status_errors.emplace_back(slack::ApiFault::not_permitted, "assistant.threads.setStatus",
                                           "channel_not_found");
    ask_among_people(world, "and by month?");
    CHECK(world.slack.messages.size() == 2);
    world.settle();
    CHECK(world.slack.messages.size() == 2);
}

TEST_CASE("a process that has not seen the thread learns in it that others have written", "[manners]") {
    relay::RelayOptions options;
    options.hand_over = true;
    World world({}, options);
    ask(world);
    slack::ThreadMessage line;
    line.user = "U2";
    line.text = "looks right to me";
    line.ts = "2000000000.2";
    world.slack.people_wrote.push_back(line);
    world.begin(said_by(world, "U1", "and by month?", "2000000000.3"));
    world.settle(std::chrono::seconds(2));
    CHECK(world.slack.messages.size() == 1);
    CHECK_FALSE(world.slack.statuses.empty());
    world.settle();
    CHECK(world.slack.messages.size() == 2);
}

}  // namespace talk_among_people_test
