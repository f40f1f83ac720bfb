// The buttons of an answer.
#include "app/answer/message/answer.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

#include <algorithm>

namespace answer_actions_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using test::World;

relay::RunnerOptions compact() {
    relay::RunnerOptions options = World::runner_options();
    options.answer_style = answer::AnswerStyle::compact;
    return options;
}

struct AnsweredWorld : World {
    explicit AnsweredWorld(std::vector<std::string> allowed_spaces = {}, relay::RelayOptions options = {},
                           relay::RunnerOptions running = World::runner_options())
        : World(std::move(allowed_spaces), std::move(options), std::move(running)) {
        genie.query_title = "Revenue by region";
        deliver(question("revenue?", "100.1"));
        settle();
        id = turn("100.1").id;
    }
    void act(const std::string& action_id, const std::string& value) {
        auto pressed = press(slack.messages.at(0).ts, "100.1", action_id, value);
        std::get<slack::BlockActions>(pressed).trigger_id = "1.2.abc";
        deliver(pressed);
        settle();
    }
    // As Slack does: with the message that the button stands in.
    void act_in_message(const std::string& action_id, const std::string& value) {
        auto pressed = press(slack.messages.at(0).ts, "100.1", action_id, value);
        std::get<slack::BlockActions>(pressed).message["blocks"] = slack.messages.at(0).content.blocks;
        deliver(pressed);
        settle();
    }
    void act_often(int times, const std::string& action_id, const std::string& value) {
        for (int i = 0; i < times; ++i)
            deliver(press(slack.messages.at(0).ts, "100.1", action_id, value));
        settle();
    }
    std::size_t told(const std::string& text) const {
        return static_cast<std::size_t>(
            std::count_if(slack.ephemerals.begin(), slack.ephemerals.end(),
                          [&text](const auto& note) { return note.second.find(text) != std::string::npos; }));
    }
    std::string id;
};

TEST_CASE("the SQL opens in a window", "[actions]") {
    AnsweredWorld world;
    CHECK_THAT(world.shown(world.slack.messages[0]), !test::contains("SELECT region"));
    world.act(answer::kSqlAction, world.id);
    REQUIRE(world.slack.opened_views.size() == 1);
    CHECK_THAT(boost::json::serialize(world.slack.opened_views[0].view), test::contains("revenue"));
    CHECK_THAT(boost::json::serialize(world.slack.opened_views[0].view), test::contains("SELECT"));
}

TEST_CASE("a form that Slack does not fill with the SQL says so, and loads no longer", "[actions]") {
    AnsweredWorld world;
    const int refusals = GENERATE(1, 2);
    for (int i = 0; i < refusals; ++i)
        world.slack.view_update_errors.emplace_back(slack::ApiFault::payload, "views.update", "invalid_arguments");
    world.act(answer::kSqlAction, world.id);
    REQUIRE(world.slack.opened_views.size() == 1);
    const std::string form = boost::json::serialize(world.slack.opened_views[0].view);
    CHECK((form.find("could not get this answer") != std::string::npos) == (refusals == 1));
    CHECK(world.told("did not open the form") == (refusals == 1 ? 0 : 1));
}

TEST_CASE("the CSV file comes on demand, once", "[actions]") {
    AnsweredWorld world;
    CHECK(world.slack.uploads.empty());
    world.act(answer::kMoreAction, "csv:" + world.id);
    REQUIRE(world.slack.uploads.size() == 1);
    CHECK(world.slack.uploads[0].file.thread_ts == "100.1");
    CHECK_THAT(world.slack.uploads[0].file.content, test::contains("EMEA"));
    // It is seen; only where it stood already its place is told.
    CHECK(world.slack.ephemerals.empty());
    world.act(answer::kMoreAction, "csv:" + world.id);
    CHECK(world.slack.uploads.size() == 1);
    CHECK(world.told("Revenue_by_region.csv") == 1);
}

TEST_CASE("a file of which Slack tells no link is named without one", "[actions]") {
    AnsweredWorld world;
    world.slack.has_permalinks = false;
    world.act(answer::kMoreAction, "csv:" + world.id);
    world.act(answer::kMoreAction, "csv:" + world.id);
    CHECK(world.told("file: Revenue_by_region.csv") == 1);
}

TEST_CASE("the file of a result that Genie cut off is downloaded whole", "[actions]") {
    AnsweredWorld world;
    world.genie.result.truncated = true;
    world.genie.whole_result = world.genie.result;
    world.genie.whole_result->truncated = false;
    world.genie.whole_result->rows.push_back(world.genie.result.rows[0]);
    world.genie.whole_result->rows.back()[0] = "LATAM";
    world.act(answer::kMoreAction, "csv:" + world.id);
    CHECK(world.genie.downloads == 1);
    REQUIRE(world.slack.uploads.size() == 1);
    CHECK_THAT(world.slack.uploads[0].file.content, test::contains("LATAM"));
}

TEST_CASE("a file that is downloaded whole has the numbers of a small one", "[actions]") {
    World world;
    world.slack.users["U1"].locale = world.slack.users["U2"].locale = "de-DE";
    world.genie.result.columns[1].type_name = "DOUBLE";
    world.genie.result.rows[0][1] = "1200.5";
    world.genie.result.truncated = true;
    world.genie.whole_result = world.genie.result;
    world.genie.whole_result->truncated = false;
    world.genie.whole_result->columns[1].type_name = "STRING";
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    // The file of the answer itself.
    REQUIRE(world.slack.uploads.size() == 1);
    CHECK_THAT(world.slack.uploads[0].file.content, test::contains("EMEA;1200,5"));
    // And the one that somebody wants once the other is gone.
    world.slack.messages.erase(world.slack.messages.begin() + 1, world.slack.messages.end());
    world.slack.uploads.clear();
    world.deliver(
        world.press(world.slack.messages.at(0).ts, "100.1", answer::kMoreAction, "csv:" + world.turn("100.1").id));
    world.settle();
    REQUIRE(world.slack.uploads.size() == 1);
    CHECK_THAT(world.slack.uploads[0].file.content, test::contains("EMEA;1200,5"));
}

TEST_CASE("run again brings today's rows into the same message", "[actions]") {
    AnsweredWorld world;
    world.genie.new_rows = world.genie.result;
    world.genie.new_rows->rows[0][0] = "Atlantis";
    world.act(answer::kMoreAction, "again:" + world.id);
    CHECK(world.genie.executed_again == 1);
    CHECK(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Atlantis"));
}

TEST_CASE("rows that are perhaps from before are not called new", "[actions]") {
    AnsweredWorld world;
    world.genie.new_rows = world.genie.result;
    world.genie.new_rows->may_be_old = true;
    SECTION("the same ones") {
        const std::string before = world.shown(world.slack.messages[0]);
        world.act(answer::kMoreAction, "again:" + world.id);
        CHECK(world.told("nothing has changed") == 0);
        CHECK(world.told("could not run the query again") == 1);
        CHECK(world.shown(world.slack.messages[0]) == before);
    }
    SECTION("others are new") {
        world.genie.new_rows->rows[0][0] = "Atlantis";
        world.act(answer::kMoreAction, "again:" + world.id);
        CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Atlantis"));
    }
}

TEST_CASE("what another organisation reads by the time it is there is not shown", "[actions]") {
    AnsweredWorld world;
    const std::string before = world.shown(world.slack.messages[0]);
    SECTION("run again") {
        world.genie.execution_time = 10s;
        world.genie.new_rows = world.genie.result;
        world.genie.new_rows->rows[0][0] = "Atlantis";
        world.deliver(world.press(world.slack.messages[0].ts, "100.1", answer::kMoreAction, "again:" + world.id));
    }
    SECTION("the file") {
        world.genie.result.truncated = true;
        world.deliver(world.press(world.slack.messages[0].ts, "100.1", answer::kMoreAction, "csv:" + world.id));
    }
    world.time.run_for(world.context, 1s);
    world.slack.channels["C1"].is_ext_shared = true;
    world.settle();
    CHECK(world.slack.uploads.empty());
    CHECK(world.shown(world.slack.messages[0]) == before);
    CHECK(world.told("another organisation") == 1);
}

TEST_CASE("an answer about today says which day that is to a person who has another one", "[actions]") {
    World world;
    const bool is_morning = format_utc(wall_now()).substr(11, 2) < "12";
    world.slack.users["U1"].utc_offset = is_morning ? -12h : 12h;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    const auto told = [&world] { return world.shown(world.slack.messages.at(0)).find("(UTC)") != std::string::npos; };
    CHECK_FALSE(told());
    world.genie.asked.at(0).attachments.at(0).sql = "SELECT sum(x) FROM t WHERE day = CURRENT_DATE()";
    world.deliver(world.press(world.slack.messages[0].ts, "100.1", answer::kMoreAction,
                              answer::more_value({answer::MoreChoice::again, world.turn("100.1").id})));
    world.settle(20s);
    CHECK(told());
}

TEST_CASE("words that are older than the rows say so, through everything that follows", "[actions]") {
    AnsweredWorld world;
    const auto& shown = world.slack.messages.at(0);
    CHECK_THAT(world.shown(shown), !test::contains("Text from"));
    world.settle(3min);
    world.act_in_message(answer::kMoreAction, "again:" + world.id);
    CHECK_THAT(world.shown(shown), !test::contains("Text from"));
    CHECK(world.told("nothing has changed") == 1);
    world.genie.new_rows = world.genie.result;
    world.genie.new_rows->rows[0][0] = "Atlantis";
    world.act_in_message(answer::kMoreAction, "again:" + world.id);
    CHECK_THAT(world.shown(shown), test::contains("Text from <!date^"));
    CHECK(world.slack.ephemerals.size() == 2);
    const auto marked = answer::read_shown_answer({{"blocks", shown.content.blocks}});
    CHECK(marked.text_at != WallTime{});
    CHECK(marked.data_at > marked.text_at);
    world.settle(3min);
    // The rows are the same as a moment ago, the words are as old as before.
    world.act_in_message(answer::kMoreAction, "again:" + world.id);
    const auto again = answer::read_shown_answer({{"blocks", shown.content.blocks}});
    CHECK(again.text_at == marked.text_at);
    CHECK(again.data_at > marked.data_at);
    world.act_in_message(answer::kChartAction, "pie:" + world.id);
    const auto charted = answer::read_shown_answer({{"blocks", shown.content.blocks}});
    CHECK(charted.text_at == again.text_at);
    CHECK(charted.data_at == again.data_at);
    CHECK(charted.chart == "pie");
    world.act_in_message(answer::kMoreAction, "again:" + world.id);
    CHECK(answer::read_shown_answer({{"blocks", shown.content.blocks}}).chart == "pie");
    // Words for these rows are to be had from Genie, in the same message.
    CHECK(world.genie.asked.size() == 1);
    CHECK_THAT(world.shown(shown), test::contains(answer::kAskAgainAction));
    world.act_in_message(answer::kAskAgainAction, world.id);
    CHECK(world.genie.asked.size() == 2);
    CHECK(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(shown), !test::contains("Text from") && !test::contains(answer::kAskAgainAction));
}

TEST_CASE("a query that takes its time says so, and that once", "[actions]") {
    AnsweredWorld world;
    world.genie.execution_time = 30s;
    world.act(answer::kMoreAction, "again:" + world.id);
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK(world.told("Running the query again") == 1);
}

TEST_CASE("a query that is still running at the limit leaves the answer as it was, and that is told", "[actions]") {
    AnsweredWorld world;
    const std::string before = world.shown(world.slack.messages.at(0));
    world.genie.execution_time = 5min;
    world.act(answer::kMoreAction, "again:" + world.id);
    world.settle(2min);
    CHECK(world.told("still running") == 1);
    CHECK(world.shown(world.slack.messages.at(0)) == before);
    // It is not lost: the next one may be quicker.
    world.genie.execution_time = Duration::zero();
    world.genie.new_rows = world.genie.result;
    world.genie.new_rows->rows[0][0] = "Atlantis";
    world.act(answer::kMoreAction, "again:" + world.id);
    CHECK_THAT(world.shown(world.slack.messages.at(0)), test::contains("Atlantis"));
}

TEST_CASE("the kind of chart that was chosen comes back after the table", "[actions]") {
    AnsweredWorld world({}, {}, compact());
    const auto& shown = world.slack.messages.at(0);
    world.act_in_message(answer::kMoreAction, "pie:" + world.id);
    REQUIRE_THAT(world.shown(shown), test::contains("\"type\":\"pie\"") && test::contains("Show table"));
    world.act_in_message(answer::kViewAction, "none:" + world.id);
    REQUIRE_THAT(world.shown(shown), !test::contains("data_visualization"));
    const std::string back = "\"value\":\"pie:" + world.id + "\"";
    CHECK_THAT(world.shown(shown), test::contains(back));
    // Also after what shows the table anew.
    world.act_in_message(answer::kMoreAction, "again:" + world.id);
    CHECK_THAT(world.shown(shown), test::contains(back) && !test::contains("data_visualization"));
    world.act_in_message(answer::kViewAction, "pie:" + world.id);
    CHECK_THAT(world.shown(shown), test::contains("\"type\":\"pie\""));
}

TEST_CASE("the chart is switched in the same message", "[actions]") {
    AnsweredWorld world;
    world.act(answer::kChartAction, "pie:" + world.id);
    CHECK(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("\"type\":\"pie\""));
    world.act(answer::kChartAction, "none:" + world.id);
    CHECK_THAT(world.shown(world.slack.messages[0]), !test::contains("data_visualization"));
}

TEST_CASE("whoever presses a button, the answer stays in the language of who asked", "[actions]") {
    World world;
    world.slack.users["U1"].locale = "de-DE";
    world.slack.users["U2"].locale = "en-US";
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    const std::string id = world.turn("100.1").id;
    REQUIRE_THAT(world.shown(world.slack.messages.at(0)), test::contains("So wurde gerechnet"));
    for (const std::string& value : {"pie:" + id, "none:" + id}) {
        world.deliver(world.press(world.slack.messages.at(0).ts, "100.1", answer::kChartAction, value));
        world.settle();
        CHECK_THAT(world.shown(world.slack.messages.at(0)),
                   test::contains("So wurde gerechnet") && !test::contains("How it was calculated"));
    }
    world.deliver(world.press(world.slack.messages.at(0).ts, "100.1", answer::kMoreAction, "again:" + id));
    world.settle();
    CHECK_THAT(world.shown(world.slack.messages.at(0)), test::contains("So wurde gerechnet"));
    // What is told to one person alone is in that person's.
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK(world.slack.ephemerals.back().first == "U2");
    CHECK_THAT(world.slack.ephemerals.back().second, test::contains("I ran the query again"));
}

TEST_CASE("a query that cannot be run again leaves what stands", "[actions]") {
    AnsweredWorld world;
    const std::string before = world.shown(world.slack.messages.at(0));
    for (const genie::GenieFault fault : {genie::GenieFault::permission, genie::GenieFault::query_failed}) {
        world.genie.execution_error = genie::GenieError(fault, "not now");
        world.act(answer::kMoreAction, "again:" + world.id);
        CHECK(world.shown(world.slack.messages.at(0)) == before);
    }
    CHECK(world.told("left the answer as it was") == 2);
}

TEST_CASE("an answer that a newer one follows loses its next questions in the update it gets anyway", "[actions]") {
    AnsweredWorld world;
    world.genie.asked[0].attachments.emplace_back();
    world.genie.asked[0].attachments.back().kind = genie::Attachment::Kind::suggested_questions;
    world.genie.asked[0].attachments.back().questions = {"And by month?"};
    world.genie.suggestions = {"Only EMEA"};
    const std::size_t before = world.slack.messages.size();
    world.act(answer::kChartAction, "pie:" + world.id);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains(answer::kFollowUpAction));
    world.deliver(world.question("and by month?", "100.2", "100.1"));
    world.settle();
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains(answer::kFollowUpAction));
    world.act(answer::kChartAction, "bar:" + world.id);
    CHECK_THAT(world.shown(world.slack.messages[0]), !test::contains(answer::kFollowUpAction));
    CHECK_THAT(world.shown(world.slack.messages[1]), test::contains(answer::kFollowUpAction));
    CHECK(world.slack.messages.size() == before + 1);
}

TEST_CASE("an older answer that is shown anew gets its next questions back neither as buttons nor as bullets",
          "[actions]") {
    AnsweredWorld world({}, {}, compact());
    auto& said = world.genie.asked.at(0).attachments;
    REQUIRE(said.at(1).kind == genie::Attachment::Kind::text);
    said[1].text = "Revenue grew.\n\n- And by month?\n- Only EMEA";
    said.emplace_back();
    said.back().kind = genie::Attachment::Kind::suggested_questions;
    said.back().questions = {"And by month?", "Only EMEA"};
    world.act(answer::kChartAction, "pie:" + world.id);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains(answer::kFollowUpAction));
    world.deliver(world.question("returns?", "100.2", "100.1"));
    world.settle();
    world.act(answer::kChartAction, "bar:" + world.id);
    CHECK_THAT(world.shown(world.slack.messages[0]),
               test::contains("Revenue grew.") && !test::contains("by month") && !test::contains("Only EMEA"));
}

TEST_CASE("a chart that is chosen while the query runs again stays", "[actions]") {
    AnsweredWorld world;
    world.genie.execution_time = 10s;
    world.genie.new_rows = world.genie.result;
    world.genie.new_rows->rows[0][0] = "Atlantis";
    world.deliver(world.press(world.slack.messages[0].ts, "100.1", answer::kMoreAction, "again:" + world.id));
    world.time.run_for(world.context, 3s);
    auto chart = world.press(world.slack.messages[0].ts, "100.1", answer::kChartAction, "pie:" + world.id);
    std::get<slack::BlockActions>(chart).message["blocks"] = world.slack.messages[0].content.blocks;
    world.deliver(chart);
    world.time.run_for(world.context, 5s);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("\"type\":\"pie\""));
    world.settle();
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Atlantis"));
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("\"type\":\"pie\""));
}

TEST_CASE("a chart that is drawn late does not say that old words are new", "[actions]") {
    AnsweredWorld world;
    world.genie.new_rows = world.genie.result;
    world.genie.new_rows->rows[0][0] = "Atlantis";
    // Pressed in the message as it was before the query ran again.
    auto chart = world.press(world.slack.messages[0].ts, "100.1", answer::kChartAction, "pie:" + world.id);
    std::get<slack::BlockActions>(chart).message["blocks"] = world.slack.messages[0].content.blocks;
    world.act(answer::kMoreAction, "again:" + world.id);
    REQUIRE_THAT(world.shown(world.slack.messages[0]), test::contains("Text from"));
    world.deliver(chart);
    world.settle();
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("\"type\":\"pie\""));
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("Text from"));
}

TEST_CASE("the buttons of an answer that is forgotten say so", "[actions]") {
    AnsweredWorld world;
    world.act(answer::kMoreAction, "csv:unknown");
    CHECK(world.slack.uploads.empty());
    CHECK_THAT(world.slack.ephemerals.back().second, test::contains("do not remember"));
}

TEST_CASE("a space that may not be asked any more gives nothing more under its old answers", "[actions]") {
    AnsweredWorld world;
    const std::string before = world.shown(world.slack.messages.at(0));
    world.genie.spaces.clear();
    world.genie.add_space("space2", "Support");
    world.settle(10min);
    world.act(answer::kMoreAction, answer::more_value({answer::MoreChoice::csv, world.id}));
    world.act(answer::kMoreAction, answer::more_value({answer::MoreChoice::again, world.id}));
    world.act(answer::kChartAction, answer::chart_value({"pie", world.id}));
    CHECK(world.slack.uploads.empty());
    CHECK(world.genie.executed_again == 0);
    CHECK(world.shown(world.slack.messages.at(0)) == before);
    REQUIRE(world.slack.ephemerals.size() == 3);
    for (const auto& [user, text] : world.slack.ephemerals)
        CHECK_THAT(text, test::contains("may no longer ask the Genie space *Sales*"));
    world.act(answer::kSqlAction, world.id);
    REQUIRE(world.slack.opened_views.size() == 1);
    CHECK_THAT(boost::json::serialize(world.slack.opened_views[0].view),
               test::contains("may no longer ask") && !test::contains("SELECT"));
}

TEST_CASE("links only holds for the data and the SQL of older answers", "[actions]") {
    relay::RelayOptions options;
    options.links_only = true;
    AnsweredWorld world({}, options);
    world.act(answer::kMoreAction, answer::more_value({answer::MoreChoice::csv, world.id}));
    CHECK(world.slack.uploads.empty());
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK_THAT(world.slack.ephemerals[0].second, test::contains("example.databricks.com"));
    world.act(answer::kSqlAction, world.id);
    REQUIRE(world.slack.opened_views.size() == 1);
    CHECK_THAT(boost::json::serialize(world.slack.opened_views[0].view),
               test::contains("example.databricks.com") && !test::contains("SELECT"));
}

TEST_CASE("what is pressed again while it is being done is done once", "[actions]") {
    AnsweredWorld world;
    world.genie.execution_time = 10s;
    world.genie.result_time = 5s;
    const std::string again = answer::more_value({answer::MoreChoice::again, world.id});
    world.act_often(15, answer::kMoreAction, again);
    CHECK(world.genie.executed_again == 1);
    CHECK(world.told("already on it") == 14);
    CHECK(world.told("Running the query again") == 1);
    world.act_often(15, answer::kMoreAction, answer::more_value({answer::MoreChoice::csv, world.id}));
    CHECK(world.slack.uploads.size() == 1);
    CHECK(world.told("already on it") == 28);
    // What has ended can be wanted anew.
    world.act(answer::kMoreAction, again);
    CHECK(world.genie.executed_again == 2);
}

TEST_CASE("different wishes about an answer, and about different answers, do not wait for each other", "[actions]") {
    AnsweredWorld world;
    world.deliver(world.question("cost?", "200.1"));
    world.settle();
    const std::string other = world.turn("200.1").id;
    world.genie.execution_time = 10s;
    world.genie.result_time = 5s;
    const auto press = [&world](std::size_t message, const std::string& thread, answer::MoreChoice choice,
                                const std::string& id) {
        world.deliver(world.press(world.slack.messages.at(message).ts, thread, answer::kMoreAction,
                                  answer::more_value({choice, id})));
    };
    press(0, "100.1", answer::MoreChoice::again, world.id);
    press(0, "100.1", answer::MoreChoice::csv, world.id);
    press(1, "200.1", answer::MoreChoice::again, other);
    world.settle();
    CHECK(world.genie.executed_again == 2);
    CHECK(world.slack.uploads.size() == 1);
    CHECK(world.told("already on it") == 0);
}

TEST_CASE("the SQL opens for each who looks, also at the same time", "[actions]") {
    AnsweredWorld world;
    world.settle(10min);  // then the space is looked up anew, which takes time
    for (const char* user : {"U2", "U3"}) {
        auto pressed = world.press(world.slack.messages.at(0).ts, "100.1", answer::kSqlAction, world.id);
        std::get<slack::BlockActions>(pressed).user = user;
        world.deliver(pressed);
    }
    world.settle();
    CHECK(world.slack.opened_views.size() == 2);
}

TEST_CASE("a late result does not overwrite the answer to the edited question", "[actions]") {
    AnsweredWorld world;
    world.genie.execution_time = 60s;
    world.deliver(world.press(world.slack.messages.at(0).ts, "100.1", answer::kMoreAction,
                              answer::more_value({answer::MoreChoice::again, world.id})));
    slack::MessageChanged change;
    change.channel = "C1";
    change.message = std::get<slack::MessageEvent>(world.question("revenue by month?", "100.1").body);
    change.message.edited = true;
    world.deliver(world.event_of(change, "EvE1"));
    world.settle(30s);
    CHECK_THAT(world.shown(world.slack.messages.at(0)), test::contains("Answer to: revenue by month?"));
    world.settle();
    CHECK(world.genie.executed_again == 1);
    CHECK(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages.at(0)), test::contains("Answer to: revenue by month?"));
    CHECK(world.told("newer answer") == 1);
    CHECK(world.told("ran the query") == 0);
}

TEST_CASE("a result that waits for Slack does not overwrite what was answered meanwhile", "[actions]") {
    AnsweredWorld world;
    slack::ApiError limited(slack::ApiFault::rate, "chat.update", "ratelimited");
    limited.retry_after = 8s;
    world.slack.update_errors.push_back(limited);
    world.deliver(world.press(world.slack.messages.at(0).ts, "100.1", answer::kMoreAction,
                              answer::more_value({answer::MoreChoice::again, world.id})));
    world.settle(1s);
    REQUIRE(world.slack.update_errors.empty());
    slack::MessageChanged change;
    change.channel = "C1";
    change.message = std::get<slack::MessageEvent>(world.question("revenue by month?", "100.1").body);
    change.message.edited = true;
    world.deliver(world.event_of(change, "EvE1"));
    world.settle(6s);
    CHECK_THAT(world.shown(world.slack.messages.at(0)), test::contains("Answer to: revenue by month?"));
    world.settle();
    CHECK(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages.at(0)), test::contains("Answer to: revenue by month?"));
    CHECK(world.told("newer answer") == 1);
    CHECK(world.told("ran the query") == 0);
}

TEST_CASE("an answer whose rows did not come is completed by its button", "[actions]") {
    World world;
    world.genie.result_error = genie::GenieError(genie::GenieFault::unavailable, "no rows");
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    const std::string before = world.shown(world.slack.messages.at(0));
    const std::string value = answer::more_value({answer::MoreChoice::again, world.turn("100.1").id});
    CHECK_THAT(before, test::contains("Try again") && test::contains(value) && !test::contains("EMEA"));
    world.deliver(world.press(world.slack.messages.at(0).ts, "100.1", answer::kMoreAction, value));
    world.settle();
    CHECK_THAT(world.shown(world.slack.messages.at(0)), test::contains("EMEA") && !test::contains("Try again"));
}

TEST_CASE("rows that are gone are no empty result", "[actions]") {
    World world;
    world.genie.result_error = genie::GenieError(genie::GenieFault::result_expired, "gone");
    world.genie.execution_error = world.genie.result_error;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    CHECK_THAT(world.shown(world.slack.messages.at(0)),
               test::contains("Run again") && test::contains("Try again") && !test::contains("no rows"));
}

TEST_CASE("what a workspace refused is not tried again for a while", "[actions]") {
    World world;
    slack::ApiError unknown(slack::ApiFault::payload, "chat.update", "invalid_blocks");
    unknown.details = {"[ERROR] unsupported type: data_table [json-pointer:/blocks/2/type]"};
    world.slack.update_errors.push_back(unknown);
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    const std::string first = world.shown(world.slack.messages.at(0));
    CHECK_THAT(first, !test::contains("data_table"));
    world.deliver(world.question("cost?", "200.1"));
    world.settle(2min);
    CHECK_THAT(world.shown(world.slack.messages.at(1)), !test::contains("data_table"));
    world.settle(31min);
    world.deliver(world.question("profit?", "300.1"));
    world.settle(2min);
    CHECK_THAT(world.shown(world.slack.messages.at(2)), test::contains("data_table"));
}

TEST_CASE("an answer that moved through a button is recorded where it stands", "[actions]") {
    AnsweredWorld world;
    const std::string old = world.slack.messages[0].ts;
    world.slack.update_errors.emplace_back(slack::ApiFault::not_permitted, "chat.update", "edit_window_closed");
    world.act(answer::kMoreAction, "again:" + world.id);
    REQUIRE(world.slack.messages.size() == 1);
    CHECK(world.slack.messages[0].ts != old);
    CHECK(world.turn("100.1").progress_ts == world.slack.messages[0].ts);
    world.act(answer::kMoreAction, "again:" + world.id);
    CHECK(world.genie.executed_again == 2);
    CHECK(world.slack.messages.size() == 1);
}

TEST_CASE("whoever moves an answer too late takes the own message away again", "[actions]") {
    AnsweredWorld world;
    const std::string old = world.slack.messages[0].ts;
    world.slack.update_errors.emplace_back(slack::ApiFault::not_permitted, "chat.update", "edit_window_closed");
    world.slack.post_time = 5s;
    world.deliver(world.press(old, "100.1", answer::kMoreAction, "again:" + world.id));
    world.settle(2s);
    const auto moved =
        test::run(world.time, world.context, world.storage->move_answer(world.id, old, "900.1", Deadline::after(1s)));
    REQUIRE((moved && *moved));
    world.settle();
    REQUIRE(world.slack.messages.size() == 1);
    CHECK(world.slack.messages[0].ts == old);
    CHECK(world.turn("100.1").progress_ts == "900.1");
}

TEST_CASE("an answer's file is found by its id, not by the name of another answer's", "[actions]") {
    AnsweredWorld world;
    world.act(answer::kMoreAction, "csv:" + world.id);
    REQUIRE(world.slack.uploads.size() == 1);
    world.deliver(world.question("revenue?", "100.2", "100.1"));
    world.settle();
    world.deliver(
        world.press(world.slack.messages.back().ts, "100.1", answer::kMoreAction, "csv:" + world.newest("100.1").id));
    world.settle();
    CHECK(world.slack.uploads.size() == 2);
    world.act(answer::kMoreAction, "csv:" + world.id);
    CHECK(world.slack.uploads.size() == 2);
    CHECK_THAT(world.slack.ephemerals.back().second, test::contains("files/F1|"));
}

TEST_CASE("after the query was run again the file is a new one", "[actions]") {
    AnsweredWorld world;
    world.act(answer::kMoreAction, "csv:" + world.id);
    world.act(answer::kMoreAction, "again:" + world.id);
    world.act(answer::kMoreAction, "csv:" + world.id);
    CHECK(world.slack.uploads.size() == 2);
}

TEST_CASE("a file that is on its way while the query runs again is no file of the newer rows", "[actions]") {
    AnsweredWorld world;
    world.slack.upload_time = 15s;
    const std::string file = answer::more_value({answer::MoreChoice::csv, world.id});
    const auto press = [&world](const std::string& value) {
        world.deliver(world.press(world.slack.messages.at(0).ts, "100.1", answer::kMoreAction, value));
    };
    press(file);
    world.settle(5s);
    press(answer::more_value({answer::MoreChoice::again, world.id}));
    world.settle();
    REQUIRE(world.slack.uploads.size() == 1);
    press(file);
    world.settle();
    CHECK(world.slack.uploads.size() == 2);
}

TEST_CASE("a guest of whom Slack tells late is shown no data", "[actions]") {
    AnsweredWorld world;
    world.slack.users["U2"].is_guest = true;
    world.slack.user_time = 2s;
    world.act(answer::kMoreAction, "csv:" + world.id);
    CHECK(world.slack.uploads.empty());
    CHECK(world.told("members of this organisation") == 1);
}

TEST_CASE("what another process does with the answer just now is not begun again", "[actions]") {
    AnsweredWorld world;
    const auto begun =
        test::run(world.time, world.context,
                  world.storage->begin_action(world.id, "again", "another process", 1min, Deadline::after(1s)));
    REQUIRE((begun && begun->granted));
    world.act(answer::kMoreAction, "again:" + world.id);
    CHECK(world.genie.executed_again == 0);
    CHECK(world.told("I am already on it.") == 1);
    world.settle(2min);
    // It has died.
    world.act(answer::kMoreAction, "again:" + world.id);
    CHECK(world.genie.executed_again == 1);
}

}  // namespace answer_actions_test
