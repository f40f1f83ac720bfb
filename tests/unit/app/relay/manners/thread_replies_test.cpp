// Replies without a mention in a served thread, from the event to the question of Genie.
#include "tests/unit/app/relay/relay_world.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace thread_replies_test {

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

TEST_CASE("thanks and statements in a served thread ask Genie nothing, what continues does", "[manners]") {
    World world;
    ask(world);
    say(world, "U1", "thanks! :+1:", "100.2");
    say(world, "U2", "looks right to me, EMEA had the campaign in March", "100.3");
    say(world, "U2", "and by month", "100.4");
    CHECK(world.genie.asked.size() == 1);
}

TEST_CASE("a file alone, in a thread that was asked in, is told not to work, to who asked", "[manners]") {
    World world;
    ask(world);
    for (const char* user : {"U2", "U1"}) {
        slack::Event file = said_by(world, user, "", std::string("100.2") + user[1]);
        auto& message = std::get<slack::MessageEvent>(file.body);
        message.subtype = "file_share";
        message.has_files = true;
        message.file_count = 1;
        world.deliver(file);
        world.settle();
        CHECK(world.slack.ephemerals.size() == (std::string(user) == "U1" ? 1 : 0));
    }
    CHECK(world.genie.asked.size() == 1);
}

TEST_CASE("a message forwarded without a word, in a thread that was asked in, is asked by who asked", "[manners]") {
    World world;
    ask(world);
    for (const char* user : {"U2", "U1"}) {
        slack::Event shared = said_by(world, user, "", std::string("100.2") + user[1]);
        slack::Forwarded forwarded;
        forwarded.author = "A colleague";
        forwarded.text = "What was churn in May?";
        std::get<slack::MessageEvent>(shared.body).forwarded.push_back(forwarded);
        world.deliver(shared);
        world.settle();
        CHECK(world.genie.asked.size() == (std::string(user) == "U1" ? 2 : 1));
    }
    CHECK(world.genie.asked.back().content == "What was churn in May?");
}

TEST_CASE("what is said in a clip is weighed as what is written", "[manners]") {
    World world;
    ask(world);
    const auto speak = [&world](const std::string& words, const std::string& ts) {
        slack::Event spoken = said_by(world, "U2", "", ts);
        auto& message = std::get<slack::MessageEvent>(spoken.body);
        message.subtype = "file_share";
        message.has_files = true;
        message.file_count = 1;
        slack::Clip clip;
        clip.status = "complete";
        clip.text = words;
        message.clips.push_back(clip);
        world.deliver(spoken);
        world.settle();
    };
    speak("how many orders were there in May?", "100.2");
    CHECK(world.genie.asked.size() == 2);
    speak("looks right to me, EMEA had the campaign in March", "100.3");
    CHECK(world.genie.asked.size() == 2);
}

TEST_CASE("who asked goes on in a few words, anybody else with a question", "[manners]") {
    World world;
    ask(world);
    say(world, "U2", "only EMEA", "100.2");
    CHECK(world.genie.asked.size() == 1);
    say(world, "U1", "only EMEA", "100.3");
    CHECK(world.genie.asked.size() == 2);
    say(world, "U2", "how many orders were there in May?", "100.4");
    CHECK(world.genie.asked.size() == 3);
    // Now that one has asked as well.
    say(world, "U2", "by country", "100.5");
    CHECK(world.genie.asked.size() == 4);
}

TEST_CASE("after two lines among people only a mention brings the bot back", "[manners]") {
    World world;
    ask(world);
    say(world, "U2", "looks right to me", "100.2");
    say(world, "U1", "<@U2> we had the campaign in March", "100.3");
    say(world, "U1", "and by month?", "100.4");
    CHECK(world.genie.asked.size() == 1);
    world.deliver(world.question("and by month?", "100.5", "100.1"));
    world.settle();
    CHECK(world.genie.asked.size() == 2);
    say(world, "U1", "only EMEA", "100.6");
    CHECK(world.genie.asked.size() == 3);
}

TEST_CASE("who asks after people have talked reads once, alone, how to bring the bot back", "[manners]") {
    World world;
    ask(world);
    say(world, "U2", "looks right to me", "100.2");
    say(world, "U1", "<@U2> we had the campaign in March", "100.3");
    say(world, "U1", "only because of the fair", "100.4");
    say(world, "U2", "only EMEA", "100.5");
    CHECK(world.slack.ephemerals.empty());
    // Whether or not the person has asked here before.
    for (const char* user : {"U1", "U2"}) {
        say(world, user, "how many orders were there in May?", std::string("100.6") + user[1]);
        say(world, user, "and for APAC only?", std::string("100.7") + user[1]);
        const auto& told = world.slack.ephemerals;
        REQUIRE(told.size() == (std::string(user) == "U1" ? 1 : 2));
        CHECK(told.back().first == user);
        CHECK_THAT(told.back().second, test::contains("Mention me"));
        CHECK(world.slack.ephemeral_messages.back().thread_ts == "100.1");
    }
    CHECK(world.genie.asked.size() == 1);
}

TEST_CASE("who may not ask is not told to mention the bot", "[manners]") {
    relay::AccessRules rules;
    rules.users = {"U1"};
    World world({}, {}, World::runner_options(), rules);
    ask(world);
    say(world, "U2", "looks right to me", "100.2");
    say(world, "U1", "<@U2> we had the campaign in March", "100.3");
    say(world, "U2", "how many orders were there in May?", "100.4");
    CHECK(world.slack.ephemerals.empty());
}

TEST_CASE("THREAD_REPLIES=mention waits for its name in channels, not in direct messages", "[manners]") {
    relay::RelayOptions options;
    options.thread_replies = relay::ThreadReplies::mention;
    World world({}, options);
    ask(world);
    say(world, "U1", "and by month?", "100.2");
    CHECK(world.genie.asked.size() == 1);
    slack::Event direct = said_by(world, "U1", "thanks for all of it, now what was churn", "200.1", "");
    auto& message = std::get<slack::MessageEvent>(direct.body);
    message.channel = "D1";
    message.channel_type = "im";
    world.deliver(direct);
    world.settle();
    CHECK(world.genie.asked.size() == 2);
}

TEST_CASE("a process that did not see the thread reads how long people have talked there", "[manners]") {
    relay::RelayOptions options;
    options.hand_over = true;  // others may have heard what this one did not
    World world({}, options);
    ask(world);
    const auto people_say = [&world](const std::string& user, const std::string& text, const std::string& ts) {
        slack::ThreadMessage line;
        line.user = user;
        line.text = text;
        line.ts = ts;
        world.slack.people_wrote.push_back(line);
    };
    say(world, "U1", "only EMEA", "2000000000.1");
    CHECK(world.genie.asked.size() == 2);
    people_say("U2", "looks right to me", "2000000000.2");
    people_say("U3", "yes", "2000000000.3");
    people_say("U3", "the campaign was in March", "2000000000.4");
    say(world, "U1", "and by month?", "2000000000.5");
    CHECK(world.genie.asked.size() == 2);
}

// An Ack is nothing that a spawned coroutine could give.
boost::asio::awaitable<void> handled(relay::Relay& relay, slack::Payload payload) {
    co_await relay.handle(std::move(payload));
}

TEST_CASE("where the thread cannot be read, who asked is served and others are not", "[manners]") {
    relay::RelayOptions options;
    options.hand_over = true;
    World world({}, options);
    ask(world);
    // A second relay on the same storage: a process that has just started.
    relay::Relay later(world.context.get_executor(), relay::Services{world.slack, world.genie, *world.storage},
                       relay::Directory{world.spaces, world.people, world.gate, world.examples}, world.runner,
                       relay::Self{"T1", "UBOT", "BBOT", "https://acme.slack.com/"}, options);
    const auto deliver = [&](const slack::Event& event) {
        world.slack.replies_errors.emplace_back(slack::ApiFault::rate, "conversations.replies", "ratelimited");
        boost::asio::co_spawn(world.context, handled(later, event), boost::asio::detached);
        world.settle();
    };
    deliver(said_by(world, "U2", "how many orders were there in May?", "100.2"));
    CHECK(world.genie.asked.size() == 1);
    deliver(said_by(world, "U1", "only EMEA", "100.3"));
    CHECK(world.genie.asked.size() == 2);
}

TEST_CASE("yes is an answer where Genie asked back, else agreement", "[manners]") {
    World world;
    world.genie.clarification = "Do you mean net revenue?";
    ask(world);
    world.genie.clarification.clear();
    say(world, "U2", "yes", "100.2");
    CHECK(world.genie.asked.size() == 1);
    say(world, "U1", "yes", "100.3");
    CHECK(world.genie.asked.size() == 2);
    say(world, "U1", "yes", "100.4");
    CHECK(world.genie.asked.size() == 2);
}

TEST_CASE("what is not understood again right below says so without offering the same again", "[manners]") {
    World world;
    world.genie.clarification = "I do not know that question.";
    world.genie.suggestions = {"Revenue by month"};
    ask(world);
    // Words that name the bot: of others only their author reads that they were not understood.
    const auto name = [&world](const std::string& text, const std::string& ts) {
        world.deliver(world.question(text, ts, "100.1"));
        world.settle();
    };
    name("what about zorblax?", "100.2");
    const auto answers = world.slack.in_thread("C1", "100.1");
    REQUIRE(answers.size() == 2);
    CHECK_THAT(world.shown(*answers[0]), test::contains("Revenue by month"));
    CHECK_THAT(world.shown(*answers[1]), test::contains("I do not know that question."));
    CHECK_THAT(world.shown(*answers[1]), !test::contains("Revenue by month"));
    // Whoever was understood since is helped anew.
    world.genie.clarification.clear();
    for (const char* ts : {"100.3", "100.4", "100.5"})
        say(world, "U1", "how many orders were there in May?", ts);
    world.genie.clarification = "I do not know that question.";
    name("what about zorblax?", "100.6");
    CHECK_THAT(world.shown(*world.slack.in_thread("C1", "100.1").back()), test::contains("Revenue by month"));
}

TEST_CASE("whom Genie asked back it hears, also when a colleague said something in between", "[manners]") {
    for (const char* line :
         {"ok. top customers", "can you do top 10?", "only APAC please", "the net revenue", "and EMEA?"}) {
        INFO(line);
        World world;
        world.genie.clarification = "What would you like to know?";
        world.deliver(world.question("revenue things", "100.1"));
        world.settle();
        say(world, "U2", "we had the campaign in March, I think", "100.2");
        say(world, "U1", line, "100.3");
        CHECK(world.genie.asked.size() == 2);
    }
}

TEST_CASE("whoever is asked back twice sees what there is to choose each time", "[manners]") {
    World world;
    world.genie.clarification = "Which region?";
    world.genie.suggestions = {"Only EMEA"};
    ask(world);
    world.genie.clarification = "Which year?";
    world.genie.suggestions = {"In 2024", "In 2025"};
    world.deliver(world.question("only EMEA", "100.2", "100.1"));
    world.settle();
    CHECK_THAT(world.shown(*world.slack.in_thread("C1", "100.1").back()), test::contains("In 2024"));
}

TEST_CASE("in the direct message yes is an answer where Genie asked back last, else it wants none", "[manners]") {
    World world;
    const auto write = [&world](const std::string& text, const std::string& ts, const std::string& thread) {
        slack::Event event = said_by(world, "U1", text, ts, thread);
        auto& message = std::get<slack::MessageEvent>(event.body);
        message.channel = "D1";
        message.channel_type = "im";
        world.deliver(event);
        world.settle();
        return world.genie.asked.size();
    };
    CHECK(write("ok", "90.1", "") == 0);
    world.genie.clarification = "Do you mean net revenue?";
    CHECK(write("revenue by region?", "100.1", "") == 1);
    CHECK(write("yes", "100.2", "100.1") == 2);
    // Outside of the thread it answers the question all the same.
    CHECK(write("de acuerdo", "110.1", "") == 3);
    world.genie.clarification.clear();
    CHECK(write("revenue by month?", "120.1", "") == 4);
    CHECK(write("ok merci", "120.2", "120.1") == 4);
    CHECK(write("vale", "130.1", "") == 4);
}

TEST_CASE("in a channel only its author reads that a reply without a mention was not understood", "[manners]") {
    World world;
    ask(world);
    const std::size_t before = world.slack.messages.size();
    world.genie.endings.push_back(genie::MessageStatus::failed);
    say(world, "U1", "only the zorblax", "100.2");
    CHECK(world.slack.messages.size() == before);
    REQUIRE(world.slack.ephemeral_messages.size() == 1);
    CHECK(world.slack.ephemerals[0].first == "U1");
    CHECK(world.slack.ephemeral_messages[0].thread_ts == "100.1");
    CHECK(world.slack.lost_ephemerals == 0);
    CHECK(world.turn("100.2", "100.1").state == storage::TurnState::failed);
}

TEST_CASE("in a channel only its author reads what Genie asks back of a reply without a mention", "[manners]") {
    World world;
    ask(world);
    const std::size_t before = world.slack.messages.size();
    world.genie.clarification = "I do not know *zorblax*.";
    world.genie.suggestions = {"Revenue by month"};
    // Whoever asked the thread's first question, and anybody else.
    say(world, "U1", "only the zorblax", "100.2");
    say(world, "U2", "how many zorblax were there in May?", "100.3");
    CHECK(world.genie.asked.size() == 3);
    CHECK(world.slack.messages.size() == before);
    REQUIRE(world.slack.ephemerals.size() == 2);
    CHECK(world.slack.ephemerals[0].first == "U1");
    CHECK(world.slack.ephemerals[1].first == "U2");
    for (const auto& told : world.slack.ephemerals)
        CHECK_THAT(told.second, test::contains("I do not know") && test::contains("mention me"));
    CHECK_THAT(world.slack.ephemerals[0].second, !test::contains("Revenue by month"));
    CHECK(world.slack.ephemeral_messages[0].thread_ts == "100.1");
    // What was asked back may be answered.
    world.genie.clarification.clear();
    say(world, "U2", "yes", "100.4");
    CHECK(world.genie.asked.size() == 4);
    CHECK(world.slack.messages.size() == before + 1);
}

TEST_CASE("two replies in a row that were none for the bot make it quiet among people, not for one alone",
          "[manners]") {
    World world;
    ask(world);
    const bool is_alone = GENERATE(false, true);
    if (!is_alone)
        say(world, "U2", "looks right to me", "100.15");
    world.genie.clarification = "I do not know that question. Try:\n- Revenue by month";
    world.genie.suggestions = {"Revenue by month"};
    say(world, "U1", "only the zorblax", "100.2");
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK_THAT(world.slack.ephemerals[0].second,
               test::contains("I do not know that question") && !test::contains("Revenue by month"));
    say(world, "U1", "only the frobnitz", "100.3");
    CHECK(world.genie.asked.size() == 3);
    // Nor does a remark answer what was asked back of words that were none for it.
    say(world, "U1", "last quarter was rough", "100.35");
    CHECK(world.genie.asked.size() == 3);
    CHECK(world.slack.ephemerals.size() == 2);
    world.genie.clarification.clear();
    say(world, "U1", "only EMEA", "100.4");
    CHECK(world.genie.asked.size() == (is_alone ? 4 : 3));
    // A mention is understood, and ends it.
    world.deliver(world.question("by month", "100.5", "100.1"));
    world.settle();
    const std::size_t asked = world.genie.asked.size();
    say(world, "U1", "only APAC", "100.6");
    CHECK(world.genie.asked.size() == asked + 1);
}

TEST_CASE("everybody reads what Genie asks back where the note to its author fails", "[manners]") {
    World world;
    ask(world);
    const std::size_t before = world.slack.messages.size();
    world.genie.clarification = "I do not know zorblax.";
    world.slack.ephemeral_errors.emplace_back(slack::ApiFault::not_permitted, "chat.postEphemeral",
                                              "user_not_in_channel");
    say(world, "U1", "only the zorblax", "100.2");
    CHECK(world.slack.messages.size() == before + 1);
    CHECK_THAT(world.shown(*world.slack.in_thread("C1", "100.1").back()), test::contains("I do not know zorblax"));
}

TEST_CASE("everybody reads that something is missing which no other words bring", "[manners]") {
    World world;
    ask(world);
    const std::size_t before = world.slack.messages.size();
    world.genie.endings.push_back(genie::MessageStatus::failed);
    world.genie.error_text = "[TABLE_OR_VIEW_NOT_FOUND] nothing there";
    say(world, "U1", "only EMEA", "100.2");
    CHECK(world.slack.messages.size() == before + 1);
    CHECK(world.slack.ephemerals.empty());
}

TEST_CASE("everybody reads it of a mention, and where the note to its author fails", "[manners]") {
    World world;
    ask(world);
    const std::size_t before = world.slack.messages.size();
    world.genie.endings.push_back(genie::MessageStatus::failed);
    world.deliver(world.question("only the zorblax", "100.2", "100.1"));
    world.settle();
    CHECK(world.slack.messages.size() == before + 1);
    CHECK(world.slack.ephemerals.empty());
    world.genie.endings.push_back(genie::MessageStatus::failed);
    world.slack.ephemeral_errors.emplace_back(slack::ApiFault::not_permitted, "chat.postEphemeral",
                                              "user_not_in_channel");
    say(world, "U1", "only the zorblax", "100.3");
    CHECK(world.slack.messages.size() == before + 2);
}

}  // namespace thread_replies_test
