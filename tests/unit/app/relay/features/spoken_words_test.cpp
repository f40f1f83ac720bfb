// Words for a button where something is in the way: another process, an answer that moved, storage that is away, no
// answer at all.
#include "app/answer/message/answer.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

#include <boost/json/serialize.hpp>

#include <string>
#include <vector>

namespace spoken_words_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using storage::TurnState;
using test::World;

// With a second process on the same storage.
struct SpokenWorld : World {
    explicit SpokenWorld(relay::RelayOptions options = {}, relay::RunnerOptions running = World::runner_options())
        : World({}, options, std::move(running)),
          other(context.get_executor(), relay::Services{slack, genie, *storage},
                relay::Directory{spaces, people, gate, examples}, runner,
                relay::Self{"T1", "UBOT", "BBOT", "https://acme.slack.com/"}, options) {
        runner.introduce(relay::Self{"T1", "UBOT", "BBOT", "https://acme.slack.com/"});
        genie.query_title = "Revenue by region";
    }
    void ask() {
        deliver(question("revenue by region?", "100.1"));
        settle();
        REQUIRE(genie.asked.size() == 1);
    }
    slack::Ack deliver_to_other(slack::Payload payload) {
        auto handled = [](relay::Relay& process,
                          slack::Payload content) -> boost::asio::awaitable<std::vector<slack::Ack>> {
            std::vector<slack::Ack> acks;
            acks.push_back(co_await process.handle(std::move(content)));
            co_return acks;
        };
        return test::run(time, context, handled(other, std::move(payload))).front();
    }
    // The same words of a mention, as the plain message that Slack tells of beside it.
    slack::Event beside(const std::string& text, const std::string& ts, const std::string& thread) {
        slack::Event event = question(text, ts, thread, "EvBeside" + ts);
        auto& message = std::get<slack::MessageEvent>(event.body);
        message.mention = false;
        message.channel_type = "channel";
        return event;
    }
    void say(const std::string& text, const std::string& ts) {
        deliver(reply(text, ts, "100.1"));
        settle();
    }
    slack::Event edit(const std::string& before, const std::string& text, const std::string& ts,
                      const std::string& thread = "") {
        slack::MessageChanged change;
        change.channel = "C1";
        change.message = std::get<slack::MessageEvent>(reply(text, ts, thread).body);
        change.message.edited = true;
        change.message.edited_ts = "edited " + text;
        change.previous_text = before;
        return event_of(change, "EvEdit" + ts + text);
    }
    slack::Event in_direct(const std::string& text, const std::string& ts, const std::string& thread) {
        slack::Event event = reply(text, ts, thread);
        auto& message = std::get<slack::MessageEvent>(event.body);
        message.channel = "D-U1";
        message.channel_type = "im";
        return event;
    }
    std::string last_note() const { return slack.ephemerals.empty() ? "" : slack.ephemerals.back().second; }
    relay::Relay other;
};

TEST_CASE("words of a mention are done once, also when its two events come to two processes", "[actions][processes]") {
    SpokenWorld world;
    world.ask();
    const bool mention_first = GENERATE(true, false);
    const auto both = [&](const std::string& text, const std::string& ts) {
        auto mention = world.question(text, ts, "100.1");
        auto plain = world.beside(text, ts, "100.1");
        world.deliver(mention_first ? mention : plain);
        world.deliver_to_other(mention_first ? plain : mention);
        world.settle();
    };
    both("as CSV", "100.2");
    CHECK(world.slack.uploads.size() == 1);
    CHECK(world.slack.ephemerals.empty());
    both("run again", "100.3");
    CHECK(world.genie.executed_again == 1);
    CHECK(world.slack.ephemerals.size() == 1);
    both("show me the SQL", "100.4");
    CHECK(world.slack.ephemerals.size() == 2);
    CHECK(world.genie.asked.size() == 1);
    // What is only told is told once, too.
    world.deliver(world.beside("give me a file", "200.2", "200.1"));
    world.deliver_to_other(world.question("give me a file", "200.2", "200.1"));
    world.settle();
    CHECK(world.slack.ephemerals.size() == 3);
}

TEST_CASE("words that are delivered again to another process are done already", "[actions][processes]") {
    SpokenWorld world;
    world.ask();
    for (const char* text : {"run again", "as CSV", "as a pie chart"}) {
        const auto event = world.reply(text, std::string("100.2") + text[0] + text[3], "100.1");
        world.deliver(event);
        world.settle();
        const std::size_t notes = world.slack.ephemerals.size();
        CHECK(world.deliver_to_other(event).send);
        world.settle();
        CHECK(world.slack.ephemerals.size() == notes);
    }
    CHECK(world.genie.executed_again == 1);
    CHECK(world.slack.uploads.size() == 1);
    CHECK(world.genie.asked.size() == 1);
}

TEST_CASE("a try again that is delivered again asks Genie once", "[actions][again][processes]") {
    SpokenWorld world;
    world.genie.endings = {genie::MessageStatus::failed, genie::MessageStatus::failed};
    world.ask();
    const auto event = world.reply("try again", "100.2", "100.1");
    world.deliver(event);
    const bool while_running = GENERATE(false, true);
    world.settle(while_running ? 1s : 60s);
    CHECK(world.deliver_to_other(event).send);
    world.settle();
    CHECK(world.genie.asked.size() == 2);
    CHECK(world.slack.ephemerals.empty());
    // Said anew it is another wish.
    world.say("try again", "100.3");
    CHECK(world.genie.asked.size() == 3);
}

TEST_CASE("an answer that stands in a new message is still the one that words mean", "[actions]") {
    SpokenWorld world;
    world.ask();
    const std::string old = world.slack.messages.at(0).ts;
    world.slack.update_errors.emplace_back(slack::ApiFault::not_permitted, "chat.update", "edit_window_closed");
    world.say("as a pie chart", "100.2");
    REQUIRE(world.slack.messages.size() == 1);
    std::string now = world.slack.messages[0].ts;
    REQUIRE(now != old);
    std::erase(now, '.');
    CHECK_THAT(world.last_note(), test::contains("now shows it that way") && test::contains("/p" + now));
    world.say("as CSV", "100.3");
    CHECK(world.slack.uploads.size() == 1);
    world.say("run again", "100.4");
    CHECK(world.genie.executed_again == 1);
    world.say("good answer", "100.5");
    CHECK(world.genie.ratings.size() == 1);
    CHECK(world.genie.asked.size() == 1);
}

TEST_CASE("words that come while storage is away are delivered again, and are no question", "[actions][storage]") {
    const std::string call = GENERATE("get_steps", "find_turn_by_answer", "begin_action", "get_turn");
    CAPTURE(call);
    SpokenWorld world;
    world.ask();
    world.storage->fail(call, 1);
    const auto event = world.question("run again", "100.2", "100.1");
    CHECK_FALSE(world.deliver(event).send);
    world.settle();
    CHECK(world.genie.asked.size() == 1);
    CHECK(world.genie.executed_again == 0);
    CHECK(world.deliver(event).send);
    world.settle();
    CHECK(world.genie.asked.size() == 1);
    CHECK(world.genie.executed_again == 1);
}

TEST_CASE("words that an edit turns into stop end what runs", "[edit][stop]") {
    SpokenWorld world;
    world.genie.hang = true;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle(5s);
    SECTION("a reply") {
        world.deliver(world.reply("stpo", "100.2", "100.1"));
        world.settle(1s);
        world.deliver(world.edit("stpo", "stop", "100.2", "100.1"));
    }
    SECTION("the question itself") {
        world.deliver(world.edit("<@UBOT> revenue?", "<@UBOT> stop", "100.1"));
    }
    world.settle(5s);
    world.genie.hang = false;
    world.settle();
    CHECK(world.turn("100.1").failure == "stopped");
    CHECK(world.genie.asked.size() == 1);
    CHECK(world.genie.running == 0);
}

TEST_CASE("stop that is edited into another stop is no question", "[edit][stop]") {
    SpokenWorld world;
    world.ask();
    const std::string ts = World::young_ts();
    world.deliver(world.question("stop", ts, "100.1"));
    world.settle();
    for (const char* text : {"<@UBOT> stop!", "<@UBOT> stop please", "<@UBOT> Stopp"}) {
        world.deliver(world.edit("<@UBOT> stop", text, ts, "100.1"));
        world.settle();
    }
    CHECK(world.genie.asked.size() == 1);
}

TEST_CASE("a question that is edited into a button's words becomes that press", "[edit][actions]") {
    SpokenWorld world;
    world.ask();
    world.genie.hang = GENERATE(false, true);
    world.deliver(world.question("as a pie chrt", "100.2", "100.1"));
    world.settle(5s);
    REQUIRE(world.genie.asked.size() == 2);
    world.deliver(world.edit("<@UBOT> as a pie chrt", "<@UBOT> as a pie chart", "100.2", "100.1"));
    world.settle(5s);
    world.genie.hang = false;
    world.settle();
    CHECK(world.genie.asked.size() == 2);
    CHECK(world.genie.running == 0);
    CHECK_THAT(world.last_note(), test::contains("that way"));
    // Words of another button in the same message are another wish.
    world.deliver(world.edit("<@UBOT> as a pie chart", "<@UBOT> run again", "100.2", "100.1"));
    world.settle();
    CHECK(world.genie.executed_again == 1);
    CHECK(world.genie.asked.size() == 2);
}

TEST_CASE("after a question that has no answer, words are told so or ask it again", "[actions][again]") {
    SpokenWorld world;
    const bool stopped = GENERATE(false, true);
    if (stopped) {
        world.genie.hang = true;
        world.deliver(world.question("revenue by region?", "100.1"));
        world.settle(5s);
        world.deliver(world.reply("stop", "100.11", "100.1"));
        world.settle();
        world.genie.hang = false;
    } else {
        world.genie.endings.push_back(genie::MessageStatus::failed);
        world.ask();
    }
    REQUIRE(world.turn("100.1").state == TurnState::failed);
    for (const char* text : {"as CSV", "show me the SQL", "as a pie chart"}) {
        const std::size_t notes = world.slack.ephemerals.size();
        world.deliver(world.question(text, std::string("100.2") + text[3], "100.1"));
        world.settle();
        REQUIRE(world.slack.ephemerals.size() == notes + 1);
        CHECK_THAT(world.last_note(), test::contains("no answer"));
    }
    CHECK(world.genie.asked.size() == 1);
    world.say("run again", "100.3");
    REQUIRE(world.genie.asked.size() == 2);
    CHECK(world.genie.asked[1].content == world.genie.asked[0].content);
    CHECK(world.newest("100.1").state == TurnState::delivered);
}

TEST_CASE("with LINKS_ONLY words that would bring data are told so, and are no question", "[actions][links-only]") {
    relay::RelayOptions options;
    options.links_only = true;
    relay::RunnerOptions running = World::runner_options();
    running.links_only = true;
    SpokenWorld world(options, running);
    world.ask();
    for (const char* text : {"as CSV", "as a pie chart", "show table", "show me the SQL"}) {
        const std::size_t notes = world.slack.ephemerals.size();
        world.say(text, std::string("100.2") + text[1] + text[5] + text[3]);
        REQUIRE(world.slack.ephemerals.size() == notes + 1);
        CHECK_THAT(world.last_note(), test::contains("not shown in Slack"));
    }
    CHECK(world.genie.asked.size() == 1);
    CHECK(world.slack.uploads.empty());
}

TEST_CASE("words below the answer of a command mean that answer", "[actions][private]") {
    SpokenWorld world;
    slack::SlashCommand command;
    command.team = "T1";
    command.channel = "C1";
    command.user = "U1";
    command.command = "/genie";
    command.text = "revenue by region?";
    command.trigger_id = "111.222.abc";
    command.response_url = "https://hooks.slack.com/commands/1";
    world.deliver(command);
    world.settle();
    REQUIRE(world.slack.messages.size() == 1);
    REQUIRE(world.slack.messages[0].content.channel == "D-U1");
    const std::string root = world.slack.messages[0].ts;
    world.deliver(world.in_direct("as CSV", "900.2", root));
    world.settle();
    REQUIRE(world.slack.uploads.size() == 1);
    CHECK(world.slack.uploads[0].file.channel == "D-U1");
    CHECK(world.slack.uploads[0].file.thread_ts == root);
    world.deliver(world.in_direct("as a pie chart", "900.3", root));
    world.settle();
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("\"type\":\"pie\""));
    world.deliver(world.in_direct("run again", "900.4", root));
    world.settle();
    CHECK(world.genie.executed_again == 1);
    CHECK(world.genie.asked.size() == 1);
    world.deliver(world.in_direct("share in thread", "900.5", root));
    world.settle();
    REQUIRE(world.slack.messages.size() == 2);
    CHECK(world.slack.messages[1].content.channel == "C1");
}

TEST_CASE("in the thread that asked, words find no private answer, but its asker shares it", "[actions][private]") {
    relay::RelayOptions options;
    options.private_answers = true;
    SpokenWorld world(options);
    world.ask();
    REQUIRE(world.slack.messages.at(0).content.channel == "D-U1");
    for (const char* user : {"U1", "U2"})
        for (const char* text : {"as CSV", "show me the SQL", "as a pie chart"}) {
            const std::size_t notes = world.slack.ephemerals.size();
            auto event = world.question(text, std::string("100.2") + user[1] + text[3], "100.1");
            std::get<slack::MessageEvent>(event.body).user = user;
            world.deliver(event);
            world.settle();
            REQUIRE(world.slack.ephemerals.size() == notes + 1);
            CHECK(world.slack.ephemerals.back().first == user);
            CHECK_THAT(world.last_note(), test::contains("in the thread of the answer"));
        }
    CHECK(world.slack.uploads.empty());
    // What is nobody else's is shared by nobody else.
    auto strange = world.question("share in thread", "100.4", "100.1");
    std::get<slack::MessageEvent>(strange.body).user = "U2";
    world.deliver(strange);
    world.settle();
    CHECK(world.slack.messages.size() == 1);
    world.deliver(world.question("share in thread", "100.5", "100.1"));
    world.settle();
    REQUIRE(world.slack.messages.size() == 2);
    CHECK(world.slack.messages[1].content.channel == "C1");
    CHECK(world.genie.asked.size() == 1);
}

TEST_CASE("who wants to share an answer of the direct message reads that nobody else sees it", "[actions][private]") {
    SpokenWorld world;
    world.deliver(world.in_direct("revenue by region?", "100.1", ""));
    world.settle();
    REQUIRE(world.slack.messages.size() == 1);
    world.deliver(world.in_direct("share in thread", "100.2", "100.1"));
    world.settle();
    CHECK_THAT(world.last_note(), test::contains("only you see") && !test::contains("everybody"));
    CHECK(world.genie.asked.size() == 1);
}

TEST_CASE("who wishes a single number as a table reads that it stands in its sentence", "[actions]") {
    SpokenWorld world;
    world.genie.result.columns.resize(1);
    world.genie.result.rows = {{"570455.35"}};
    world.genie.result.total_rows = 1;
    world.ask();
    const int updates = world.slack.messages.at(0).updates;
    world.say("as a table please", "100.2");
    CHECK_THAT(world.last_note(), test::contains("single number"));
    CHECK(world.slack.messages[0].updates == updates);
    CHECK(world.genie.asked.size() == 1);
}

TEST_CASE("who wishes for Excel gets it, unless the files are set to be CSV", "[actions]") {
    relay::RunnerOptions running = World::runner_options();
    const bool is_csv = GENERATE(false, true);
    if (is_csv)
        running.files.format = answer::FileFormat::csv;
    SpokenWorld world({}, running);
    world.ask();
    world.say("as excel please", "100.2");
    REQUIRE(world.slack.uploads.size() == 1);
    CHECK_THAT(world.slack.uploads[0].file.filename, test::contains(is_csv ? ".csv" : ".xlsx"));
    CHECK_THAT(world.last_note(), is_csv ? test::contains("CSV file; Excel opens it") : test::contains(""));
    CHECK(world.slack.ephemerals.size() == (is_csv ? 1 : 0));
    // The one that stands there is the one that is wished.
    world.say("as excel", "100.3");
    CHECK(world.slack.uploads.size() == 1);
    CHECK_THAT(world.last_note(), test::contains("Here is the file"));
    // The other kind is another file.
    world.say("as csv", "100.4");
    CHECK(world.slack.uploads.size() == (is_csv ? 1 : 2));
    world.say("as excel", "100.5");
    CHECK(world.slack.uploads.size() == (is_csv ? 1 : 2));
    // Of newer rows both are made anew.
    world.say("run again", "100.6");
    world.say("as excel", "100.7");
    CHECK(world.slack.uploads.size() == (is_csv ? 2 : 3));
    CHECK(world.genie.asked.size() == 1);
}

TEST_CASE("a short SQL stands in the private line, a long one behind its button", "[actions]") {
    SpokenWorld world;
    world.ask();
    world.say("show me the SQL", "100.2");
    CHECK_THAT(world.last_note(), test::contains("```\nSELECT") && test::contains("\n```"));
    for (auto& attachment : world.genie.asked[0].attachments)
        if (!attachment.sql.empty())
            attachment.sql = "SELECT " + std::string(2000, 'x');
    world.say("show me the SQL", "100.3");
    CHECK_THAT(world.last_note(), !test::contains("```") && test::contains("How it was calculated"));
    CHECK(world.slack.ephemerals.size() == 2);
}

TEST_CASE("another chart that is wished meanwhile comes afterwards", "[actions]") {
    SpokenWorld world;
    world.ask();
    world.genie.result_time = 2s;
    world.deliver(world.reply("as a pie chart", "100.2", "100.1"));
    auto second = world.reply("as a table", "100.3", "100.1");
    std::get<slack::MessageEvent>(second.body).user = "U2";
    world.deliver(second);
    world.settle();
    CHECK_THAT(world.shown(world.slack.messages.at(0)), !test::contains("\"type\":\"pie\""));
    for (const auto& [user, note] : world.slack.ephemerals)
        CHECK_THAT(note, !test::contains("already on it"));
}

}  // namespace spoken_words_test
