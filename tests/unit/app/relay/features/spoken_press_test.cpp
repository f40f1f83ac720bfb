// What the buttons below an answer do, done for who says it in words.
#include "app/answer/message/answer.hpp"
#include "tests/unit/app/answer/answer_examples.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

#include <boost/json/serialize.hpp>

#include <utility>

namespace spoken_press_test {

using namespace genie_slack;
using test::World;

struct AnsweredWorld : World {
    explicit AnsweredWorld(relay::RelayOptions options = {}, relay::RunnerOptions running = World::runner_options())
        : World({}, std::move(options), std::move(running)) {
        genie.query_title = "Revenue by region";
        genie.query_description = "The revenue, one row per region. Cancelled orders do not count.";
    }
    void ask() {
        deliver(question("revenue by region?", "100.1"));
        settle();
        REQUIRE(genie.asked.size() == 1);
    }
    void say(const std::string& text, const std::string& ts) {
        deliver(reply(text, ts, "100.1"));
        settle();
    }
    std::string last_note() const { return slack.ephemerals.empty() ? "" : slack.ephemerals.back().second; }
    void check_nothing_asked() const {
        CHECK(genie.asked.size() == 1);
        CHECK(slack.messages.size() == 1);
    }
};

TEST_CASE("run again, said in words, runs the query again", "[actions]") {
    AnsweredWorld world;
    world.ask();
    world.say("run again", "100.2");
    CHECK(world.genie.executed_again == 1);
    CHECK_THAT(world.last_note(), test::contains("nothing has changed"));
    world.deliver(world.question("run again", "100.3", "100.1"));
    world.settle();
    CHECK(world.genie.executed_again == 2);
    world.check_nothing_asked();
}

TEST_CASE("a rating in words counts as the button's, and nobody else reads of it", "[actions][rating]") {
    AnsweredWorld world;
    world.ask();
    world.say("Good answer!", "100.2");
    REQUIRE(world.genie.ratings.size() == 1);
    CHECK(world.genie.ratings[0] == genie::Rating::positive);
    CHECK_THAT(world.last_note(), test::contains("Thanks"));
    auto line = world.reply("not helpful", "100.3", "100.1");
    std::get<slack::MessageEvent>(line.body).user = "U2";
    world.deliver(line);
    world.settle();
    REQUIRE(world.genie.ratings.size() == 2);
    CHECK(world.genie.ratings[1] == genie::Rating::negative);
    // Without a trigger the form is offered.
    CHECK_THAT(world.slack.ephemeral_messages.back().text +
                   boost::json::serialize(world.slack.ephemeral_messages.back().blocks),
               test::contains("Tell why"));
    CHECK(world.slack.ephemerals.back().first == "U2");
    world.check_nothing_asked();
}

TEST_CASE("how it was calculated is told in the private line itself", "[actions]") {
    AnsweredWorld world;
    world.ask();
    for (const char* text : {"how was that calculated?", "explain how you got this number"}) {
        world.slack.ephemerals.clear();
        world.say(text, std::string("100.") + (text[0] == 'h' ? "2" : "3"));
        REQUIRE(world.slack.ephemerals.size() == 1);
        CHECK_THAT(world.last_note(), test::contains("one row per region. Cancelled orders do not count."));
        CHECK_THAT(world.last_note(), test::contains("SELECT region"));
    }
    world.check_nothing_asked();
}

TEST_CASE("who doubts an answer reads what it counts, and no query", "[actions]") {
    AnsweredWorld world;
    world.ask();
    const char* seen[] = {"is that right?", "are you sure?", "is this correct?", "stimmt das?"};
    const char* asked[] = {"correct?", "double check please", "is that correct"};
    int second = 2;
    const auto check = [&world] {
        REQUIRE(world.slack.ephemerals.size() == 1);
        CHECK(world.last_note().starts_with("I can't check this against other sources.\nThe revenue, one row"));
        CHECK_THAT(world.last_note(), test::contains("“How it was calculated” below <https://"));
        CHECK_THAT(world.last_note(), !test::contains("SELECT"));
        world.slack.ephemerals.clear();
    };
    for (const char* text : seen) {
        INFO(text);
        world.say(text, "100." + std::to_string(second++));
        check();
    }
    for (const char* text : asked) {
        INFO(text);
        world.deliver(world.question(text, "100." + std::to_string(second++), "100.1"));
        world.settle();
        check();
    }
    world.check_nothing_asked();
}

TEST_CASE("who doubts an answer without a description reads where its query is", "[actions]") {
    AnsweredWorld world;
    world.genie.query_description.clear();
    world.ask();
    world.say("is that right?", "100.2");
    CHECK(world.last_note().starts_with("I can't check this against other sources.\n“How it was calculated” below"));
}

TEST_CASE("where no data is shown in Slack, words bring none of it", "[actions]") {
    relay::RelayOptions options;
    options.links_only = true;
    AnsweredWorld world(options);
    world.ask();
    for (const char* text : {"how was that calculated?", "is that right?"}) {
        world.say(text, std::string("100.") + (text[0] == 'h' ? "2" : "3"));
        CHECK_THAT(world.last_note(), !test::contains("Cancelled orders"));
        CHECK_THAT(world.last_note(), test::contains("https://"));
    }
}

TEST_CASE("change space, said in words, offers the spaces to who says it", "[actions]") {
    AnsweredWorld world;
    world.ask();
    world.say("change space", "100.2");
    REQUIRE(world.slack.ephemeral_messages.size() == 1);
    CHECK_THAT(boost::json::serialize(world.slack.ephemeral_messages[0].blocks), test::contains("choose_space"));
    world.check_nothing_asked();
}

TEST_CASE("who wants to share what everybody sees reads so", "[actions]") {
    AnsweredWorld world;
    world.ask();
    world.say("share in thread", "100.2");
    CHECK_THAT(world.last_note(), test::contains("nothing to share"));
    world.check_nothing_asked();
}

TEST_CASE("try again asks the last question again in its place", "[actions][again]") {
    AnsweredWorld world;
    world.genie.endings.push_back(genie::MessageStatus::failed);
    world.ask();
    world.say("try again", "100.2");
    REQUIRE(world.genie.asked.size() == 2);
    CHECK(world.genie.asked[1].content == world.genie.asked[0].content);
    CHECK(world.slack.messages.size() == 1);
}

TEST_CASE("such words at the beginning of a thread mean no answer of it", "[actions]") {
    for (const bool direct : {false, true}) {
        World world;
        std::size_t notes = 0;
        for (const char* text : {"as a pie chart", "give me a file", "how was that calculated?", "show me the SQL"}) {
            const std::string ts = std::to_string(100 + notes) + ".1";
            auto event = world.question(text, ts);
            auto& message = std::get<slack::MessageEvent>(event.body);
            if (direct) {
                message.mention = false;
                message.channel = "D1";
                message.channel_type = "im";
                message.text = text;
            }
            world.deliver(event);
            world.settle();
            REQUIRE(world.slack.ephemerals.size() == ++notes);
            CHECK_THAT(world.slack.ephemerals.back().second, test::contains("in the thread of the answer"));
        }
        CHECK(world.genie.asked.empty());
        CHECK(world.slack.messages.empty());
    }
}

TEST_CASE("a mention with such words in a thread that nobody has asked in is no question either", "[actions]") {
    World world;
    world.deliver(world.question("give me a file", "100.2", "100.1"));
    world.settle();
    CHECK(world.genie.asked.empty());
    REQUIRE(world.slack.ephemerals.size() == 1);
    // Among people it is nothing at all.
    world.deliver(world.reply("give me a file", "200.2", "200.1"));
    world.settle();
    CHECK(world.slack.ephemerals.size() == 1);
}

TEST_CASE("who wishes for a pie of a top two reads why there is none", "[actions]") {
    AnsweredWorld world;
    world.deliver(world.question("top 2 regions by revenue?", "100.1"));
    world.settle();
    const std::string before = world.shown(world.slack.messages.at(0));
    world.say("as a pie chart", "100.2");
    CHECK_THAT(world.last_note(), test::contains("these rows are only some of it") && test::contains("Bar chart"));
    CHECK(world.shown(world.slack.messages[0]) == before);
    world.check_nothing_asked();
}

TEST_CASE("who wishes for CSV gets it, also where a spreadsheet would come by itself", "[actions]") {
    AnsweredWorld world;
    // A program that opens a CSV file would take it for a number.
    world.genie.result.rows[0][0] = "000123";
    world.genie.result.truncated = true;
    world.genie.whole_result = world.genie.result;
    world.genie.whole_result->truncated = false;
    world.ask();
    REQUIRE(world.slack.uploads.size() == 1);
    CHECK_THAT(world.slack.uploads[0].file.filename, test::contains(".xlsx"));
    world.say("as csv", "100.2");
    REQUIRE(world.slack.uploads.size() == 2);
    CHECK_THAT(world.slack.uploads[1].file.filename, test::contains(".csv"));
    CHECK_THAT(world.slack.uploads[1].file.content, test::contains("000123"));
    CHECK(world.slack.ephemerals.empty());
    // Both stand there.
    for (const char* wish : {"as csv", "as excel"}) {
        world.say(wish, "100." + std::to_string(3 + world.slack.ephemerals.size()));
        CHECK_THAT(world.last_note(), test::contains("Here is the file"));
    }
    CHECK(world.slack.uploads.size() == 2);
}

TEST_CASE("who wishes for CSV reads that it is a spreadsheet, where the files are set to be such", "[actions]") {
    relay::RunnerOptions running = World::runner_options();
    running.files.format = answer::FileFormat::xlsx;
    AnsweredWorld world({}, running);
    world.ask();
    world.say("as csv", "100.2");
    REQUIRE(world.slack.uploads.size() == 1);
    CHECK_THAT(world.slack.uploads[0].file.filename, test::contains(".xlsx"));
    CHECK_THAT(world.last_note(), test::contains("Excel saves it as CSV"));
    CHECK(world.slack.ephemerals.size() == 1);
}

TEST_CASE("a chart that leaves its kind open is drawn in the answer's place", "[actions]") {
    AnsweredWorld world;
    world.ask();
    world.say("just the table please", "100.2");
    world.say("as a chart", "100.3");
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("\"bar\""));
    world.check_nothing_asked();
}

TEST_CASE("what is shown as wished already stays as it is, with its next questions", "[actions]") {
    AnsweredWorld world;
    world.ask();
    world.deliver(world.question("by month?", "100.9", "100.1"));
    world.settle();
    const std::string before = world.shown(world.slack.messages[1]);
    REQUIRE_THAT(before, test::contains("\"bar\""));
    int second = 20;
    for (const char* text : {"as a chart", "graph?", "plot it", "as a bar chart"}) {
        INFO(text);
        world.slack.ephemerals.clear();
        world.say(text, "100." + std::to_string(second++));
        REQUIRE(world.slack.ephemerals.size() == 1);
        CHECK_THAT(world.last_note(), test::contains("It is shown that way already: Bar chart."));
        CHECK(world.shown(world.slack.messages[1]) == before);
    }
    world.say("as a table", "100.40");
    CHECK_THAT(world.last_note(), test::contains("now shows it that way"));
    const std::string table = world.shown(world.slack.messages[1]);
    CHECK(table != before);
    world.say("just the table please", "100.41");
    CHECK(world.last_note().starts_with("It is shown as a table already. What works as well: Bar chart"));
    CHECK(world.shown(world.slack.messages[1]) == table);
    world.say("as a chart", "100.42");
    CHECK_THAT(world.shown(world.slack.messages[1]), test::contains("\"bar\""));
}

TEST_CASE("where Slack does not tell what is shown, it is drawn as wished", "[actions]") {
    AnsweredWorld world;
    world.ask();
    world.slack.replies_errors.emplace_back(slack::ApiFault::transient, "conversations.replies", "timeout");
    world.say("as a chart", "100.2");
    CHECK_THAT(world.last_note(), test::contains("now shows it that way"));
}

TEST_CASE("of a big result no part is drawn, and nothing is posted again", "[actions]") {
    AnsweredWorld world;
    world.genie.result.truncated = true;
    world.ask();
    const std::size_t uploads = world.slack.uploads.size();
    world.say("as a chart", "100.2");
    REQUIRE_FALSE(world.slack.ephemerals.empty());
    CHECK_THAT(world.last_note(), test::contains("more rows than I show"));
    CHECK(world.slack.uploads.size() == uploads);
    world.check_nothing_asked();
}

TEST_CASE("help and Home tell whom the bot hears in a thread, as it is set", "[help][home]") {
    using relay::ThreadReplies;
    const std::pair<ThreadReplies, const char*> modes[] = {{ThreadReplies::automatic, "questions of everybody else"},
                                                           {ThreadReplies::mention, "only hear who mentions me"},
                                                           {ThreadReplies::all, "take everything for a question"}};
    for (const auto& [mode, says] : modes) {
        relay::RelayOptions options;
        options.thread_replies = mode;
        World world({}, options);
        world.deliver(world.question("help", "100.1"));
        world.settle();
        REQUIRE(world.slack.messages.size() == 1);
        CHECK_THAT(world.shown(world.slack.messages[0]), test::contains(says));
        slack::AppHomeOpened opened;
        opened.user = "U1";
        opened.channel = "D1";
        opened.tab = "home";
        world.deliver(world.event_of(std::move(opened)));
        world.settle();
        REQUIRE_FALSE(world.slack.homes.empty());
        CHECK_THAT(boost::json::serialize(world.slack.homes.back().view), test::contains(says));
    }
}

}  // namespace spoken_press_test
