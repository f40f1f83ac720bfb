// What people in Slack see, with the real binary and real sockets.
#include "tests/e2e/bot/bot_world.hpp"

#include <boost/json/value.hpp>

namespace question_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using test::BotWorld;
using test::find_element;

TEST_CASE("a mention in a channel is answered in its thread, in one message", "[question]") {
    BotWorld world;
    world.start_connected();
    const TimePoint asked = Clock::now();
    const std::string ts = world.ask("What was revenue by region?");
    REQUIRE(world.wait([&] { return !world.answers(world.channel(), ts).empty(); }));
    // A second is promised (relay_test measures it on virtual time); a busy machine may need longer for all of it.
    CHECK(Clock::now() - asked < test::patience(3s));
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    const auto answers = world.answers(world.channel(), ts);
    REQUIRE(answers.size() == 1);
    const std::string shown = BotWorld::shown(answers[0]);
    CHECK_THAT(shown, test::contains("show_sql") && !test::contains("SELECT"));
    CHECK_THAT(shown, test::contains("\"type\":\"data_visualization\"") && test::contains("switch_view"));
    CHECK_THAT(shown, test::contains("ask_follow_up"));
    CHECK(world.genie().questions().size() == 1);
    CHECK(world.genie().questions()[0].content == "What was revenue by region?");
    CHECK(world.slack().violations().empty());
}

TEST_CASE("a direct message and a reply without a mention continue the same conversation", "[question]") {
    BotWorld world;
    world.start_connected();
    const std::string direct = world.slack().direct_message(world.person());
    const std::string ts = world.slack().say(world.person(), direct, "revenue by region");
    REQUIRE(world.wait_for_answer(direct, ts, "rate_answer"));
    world.slack().say(world.person(), direct, "and by month?", ts);
    REQUIRE(world.wait([&] { return world.answers(direct, ts).size() == 2; }));
    REQUIRE(world.wait_for_answer(direct, ts, "rate_answer"));
    REQUIRE(world.genie().questions().size() == 2);
    CHECK(world.genie().questions()[0].conversation_id == world.genie().questions()[1].conversation_id);
}

TEST_CASE("a result that the message cannot show whole comes as a CSV file into the thread", "[question][csv]") {
    BotWorld world;
    world.slack().faults().refused_blocks = {"data_table"};
    world.start_connected();
    const std::string small = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), small, "rate_answer"));
    const std::string ts = world.ask("Show the customer notes");
    REQUIRE(world.wait([&] { return !world.files(world.channel(), ts).empty(); }));
    const auto answers = world.answers(world.channel(), ts);
    REQUIRE(answers.size() == 1);
    CHECK_THAT(BotWorld::shown(answers[0]), test::contains("Showing 20 of "));

    const auto file = world.files(world.channel(), ts).at(0);
    CHECK(file.at("name") == "Customer_notes.csv");
    CHECK_THAT(std::string(file.at("title").as_string()), test::contains("Customer notes · "));
    const std::string csv = world.slack().file_content(std::string(file.at("id").as_string())).value_or("");
    CHECK(csv.rfind("\xEF\xBB\xBFnote_id,author,note,stars,approved,written_at\r\n", 0) == 0);
    for (const char* row : {R"(Customer 1002,"He said ""never again"" and 'really' meant it",1,)",
                            R"(Customer 1003,a|b|c and a \| backslash \ too,3,)", "Customer 1013,'=SUM(A1:A9),2,",
                            "Customer 1014,\"line one\nline two\r\nline three\ttab\",3,",
                            R"(Customer 1015,"  spaces before and after  ",3,)", R"(Customer 1016,"",3,,)",
                            "Customer 1017,,0,,", "Customer 1018,NULL,3,"})
        CHECK_THAT(csv, test::contains(row));
    // The file is no question, and what was shown whole has none.
    CHECK(world.genie().questions().size() == 2);
    CHECK(world.files(world.channel(), small).empty());
    CHECK(world.slack().violations().empty());
}

TEST_CASE("the file is a spreadsheet where the setting says so", "[question][xlsx]") {
    BotWorld world;
    world.slack().faults().refused_blocks = {"data_table"};
    world.start_connected({{"FILE_FORMAT", "xlsx"}});
    const std::string ts = world.ask("Show the customer notes");
    REQUIRE(world.wait([&] { return !world.files(world.channel(), ts).empty(); }));
    const auto file = world.files(world.channel(), ts).at(0);
    CHECK(file.at("name") == "Customer_notes.xlsx");
    const std::string sheet = world.slack().file_content(std::string(file.at("id").as_string())).value_or("");
    CHECK(sheet.rfind("PK\x03\x04", 0) == 0);
    CHECK(world.bot().output().find("xlsx.not_written") == std::string::npos);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("an answer that Slack takes in no form comes as files", "[question][csv]") {
    BotWorld world;
    world.slack().faults().no_streaming = true;
    world.start_connected();
    const std::string ts = world.ask("What was revenue by region?");
    REQUIRE(world.wait([&] { return !world.answers(world.channel(), ts).empty(); }));
    // Nothing in place, and none of its four forms as a new message.
    for (const auto& [method, times] : {std::pair("chat.update", 100), std::pair("chat.postMessage", 4)}) {
        sandbox::SlackFaults::CallFault fault;
        fault.method = method;
        fault.error = "invalid_arguments";
        fault.times = times;
        world.slack().faults().calls.push_back(fault);
    }
    REQUIRE(world.wait_for_answer(world.channel(), ts, "it stands in the file below"));
    REQUIRE(world.wait([&] { return world.files(world.channel(), ts).size() == 2; }));
    const auto files = world.files(world.channel(), ts);
    CHECK_THAT(std::string(files[0].at("name").as_string()), test::contains(".md"));
    CHECK_THAT(std::string(files[1].at("name").as_string()), test::contains(".csv"));
    REQUIRE(world.wait([&] { return world.bot().output().find("turn.delivered") != std::string::npos; }));
    CHECK(world.answers(world.channel(), ts).size() == 1);
    CHECK(world.slack().violations().empty());
}

TEST_CASE("an answer stands although Slack takes no files", "[question][csv]") {
    sandbox::SlackOptions options;
    std::erase(options.bot_scopes, "files:write");
    BotWorld world(test::quick_genie(), options);
    world.slack().faults().refused_blocks = {"data_table"};
    world.start_connected();
    const std::string ts = world.ask("Show the customer notes");
    REQUIRE(world.wait([&] { return world.bot().output().find("turn.delivered") != std::string::npos; }));
    CHECK(world.answers(world.channel(), ts).size() == 1);
    CHECK(world.files(world.channel(), ts).empty());
    CHECK_THAT(world.bot().output(), test::contains("file.not_shared"));
}

TEST_CASE("channel chatter and other bots are left alone", "[question]") {
    BotWorld world;
    world.start_connected();
    const std::string chatter = world.slack().say(world.person(), world.channel(), "lunch?");
    world.slack().say(world.person(), world.channel(), "pizza", chatter);
    sandbox::SlackUser other;
    other.id = "U0OTHERBOT";
    other.name = "otherbot";
    other.is_bot = true;
    world.slack().add_user(other);
    world.slack().say("U0OTHERBOT", world.channel(), world.mention() + "revenue by region");
    REQUIRE(world.wait([&] { return world.slack().acks().size() >= 3; }));
    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    CHECK(world.genie().questions().size() == 1);
}

TEST_CASE("with several spaces a picker comes first, and the question is answered after the choice", "[question]") {
    BotWorld world(test::quick_genie(3));
    world.start_connected();
    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "choose_space"));
    const auto picker = world.answers(world.channel(), ts).back();
    const auto select = find_element(picker, "choose_space");
    const auto boxes = find_element(picker, "remember_space");
    REQUIRE_FALSE(select.empty());
    REQUIRE_FALSE(boxes.empty());
    CHECK(world.suggestions(picker, "choose_space", "").size() == 3);
    const auto found = world.suggestions(picker, "choose_space", "revenue");
    REQUIRE(found.size() == 1);
    CHECK(world.genie().questions().empty());

    boost::json::object box;
    box["type"] = "checkboxes";
    box["action_id"] = boxes.at("action_id");
    box["block_id"] = boxes.at("block_id");
    box["selected_options"] = boxes.at("options");
    REQUIRE(world.slack().press(world.person(), world.channel(), picker.ts, box));
    boost::json::object action;
    action["type"] = "external_select";
    action["action_id"] = select.at("action_id");
    action["block_id"] = select.at("block_id");
    action["selected_option"] = found[0];
    const std::string space(action.at("selected_option").at("value").as_string());
    REQUIRE(world.slack().press(world.person(), world.channel(), picker.ts, action));
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    REQUIRE(world.genie().questions().size() == 1);
    CHECK(world.genie().questions()[0].space_id == space);
    CHECK(world.answers(world.channel(), ts).size() == 1);

    // The channel has its space now.
    const std::string next = world.ask("orders by month");
    REQUIRE(world.wait_for_answer(world.channel(), next, "rate_answer"));
    REQUIRE(world.genie().questions().size() == 2);
    CHECK(world.genie().questions()[1].space_id == space);
}

TEST_CASE("a follow-up button asks in the thread, and a rating reaches Genie", "[question]") {
    BotWorld world;
    world.start_connected();
    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    const auto answer = world.answers(world.channel(), ts).back();

    auto button = find_element(answer, "ask_follow_up");
    REQUIRE_FALSE(button.empty());
    REQUIRE(world.slack().press(world.person(), world.channel(), answer.ts, button));
    REQUIRE(world.slack().press(world.person(), world.channel(), answer.ts, button));
    REQUIRE(world.wait([&] { return world.answers(world.channel(), ts).size() == 2; }));
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    REQUIRE(world.genie().questions().size() == 2);
    CHECK(world.genie().questions()[1].content == button.at("value").as_string());

    auto rating = find_element(answer, "rate_answer");
    REQUIRE_FALSE(rating.empty());
    boost::json::object action;
    action["type"] = rating.at("type");
    action["action_id"] = rating.at("action_id");
    action["block_id"] = rating.contains("block_id") ? rating.at("block_id") : boost::json::value("");
    action["value"] = rating.at("negative_button").at("value");
    REQUIRE(world.slack().press(world.person(), world.channel(), answer.ts, action));
    REQUIRE(world.wait([&] { return world.genie().questions()[0].rating == "NEGATIVE"; }));
}

TEST_CASE("a redelivered question is answered once, also as app_mention and message", "[question]") {
    sandbox::SlackOptions slack;
    slack.ack_timeout = 500ms;
    BotWorld world(test::quick_genie(), slack);
    world.slack().faults().duplicate_envelopes = true;
    world.slack().faults().both_mention_events = true;
    world.start_connected();
    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    REQUIRE(world.wait([&] { return world.slack().acks().size() >= 4; }));
    CHECK(world.genie().questions().size() == 1);
    CHECK(world.answers(world.channel(), ts).size() == 1);
}

TEST_CASE("the same ts in two channels is two conversations", "[question]") {
    BotWorld world;
    world.start_connected();
    sandbox::SlackChannel second;
    second.id = "C0SECOND";
    second.name = "second";
    world.slack().add_channel(second);
    const std::string ts = world.ask("revenue by region");
    world.slack().say(world.person(), "C0SECOND", world.mention() + "orders by month", "", ts);
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    REQUIRE(world.wait_for_answer("C0SECOND", ts, "rate_answer"));
    REQUIRE(world.genie().questions().size() == 2);
    CHECK(world.genie().questions()[0].conversation_id != world.genie().questions()[1].conversation_id);
}

TEST_CASE("a workspace that refuses rich blocks still gets text, values and buttons", "[question]") {
    BotWorld world;
    world.slack().faults().refused_blocks = {"table", "data_table", "data_visualization", "context_actions",
                                             "markdown"};
    world.start_connected();
    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer_up"));
    const auto answers = world.answers(world.channel(), ts);
    REQUIRE(answers.size() == 1);
    CHECK_THAT(BotWorld::shown(answers[0]), test::contains("rate_answer"));
    CHECK(BotWorld::shown(answers[0]).find("\"type\":\"table\"") == std::string::npos);
}

TEST_CASE("every failure of Genie ends in a sentence in the thread", "[question]") {
    for (const char* outcome : {"FAILED", "CANCELLED"}) {
        BotWorld world;
        world.genie().faults().outcomes = {outcome};
        world.start_connected();
        const std::string ts = world.ask("revenue by region");
        INFO(outcome);
        REQUIRE(world.wait([&] { return world.bot().output().find("turn.failed") != std::string::npos; }));
        const auto answers = world.answers(world.channel(), ts);
        REQUIRE(answers.size() == 1);
        CHECK(answers[0].text.size() > 20);
    }
}

TEST_CASE("odd answers of Genie still end in a rendered answer", "[question]") {
    for (const char* outcome : {"SELF_CORRECTION", "UNKNOWN_STATUS", "QUERY_RESULT_EXPIRED", "TYPED_ARRAY",
                                "NULL_ATTACHMENTS", "MISSING_RESULT", "SQL_FAILED"}) {
        BotWorld world;
        world.genie().faults().outcomes = {outcome};
        world.start_connected();
        const std::string ts = world.ask("revenue by region");
        INFO(outcome);
        REQUIRE(world.wait([&] { return world.bot().output().find("turn.delivered") != std::string::npos; }));
        CHECK(world.answers(world.channel(), ts).size() == 1);
    }
}

TEST_CASE("resets and rate limits of Slack and Genie on the way neither lose nor double the answer", "[question]") {
    BotWorld world;
    world.start_connected();
    sandbox::SlackFaults::CallFault reset_post;
    reset_post.method = "chat.postMessage";
    reset_post.reset_after = true;
    world.slack().faults().calls.push_back(reset_post);
    sandbox::SlackFaults::CallFault limited_update;
    limited_update.method = "chat.update";
    limited_update.http_status = 429;
    limited_update.retry_after = 1;
    limited_update.times = 2;
    world.slack().faults().calls.push_back(limited_update);
    sandbox::GenieFaults::CallFault reset_ask;
    reset_ask.path = "start-conversation";
    reset_ask.reset_after = true;
    world.genie().faults().calls.push_back(reset_ask);
    sandbox::GenieFaults::CallFault broken_poll;
    broken_poll.path = "GET /api/2.0/genie/spaces/";
    broken_poll.http_status = 503;
    broken_poll.times = 2;
    world.genie().faults().calls.push_back(broken_poll);

    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    CHECK(world.genie().questions().size() == 1);
    CHECK(world.answers(world.channel(), ts).size() == 1);
}

TEST_CASE("a question that runs at SIGTERM is finished before the process ends", "[question]") {
    sandbox::GenieOptions slow = test::quick_genie();
    slow.status_time = 300ms;
    BotWorld world(slow);
    world.start_connected();
    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait([&] { return !world.genie().questions().empty(); }));
    world.bot().signal(SIGTERM);
    CHECK(world.wait_for_exit(15s) == 0);
    const auto answers = world.answers(world.channel(), ts);
    REQUIRE(answers.size() == 1);
    CHECK_THAT(BotWorld::shown(answers[0]), test::contains("rate_answer"));
}

TEST_CASE("M2M tokens that are refused in the middle are replaced", "[question]") {
    BotWorld world;
    world.start_connected({{"DATABRICKS_TOKEN", ""},
                           {"DATABRICKS_CLIENT_ID", world.genie().options().client_id},
                           {"DATABRICKS_CLIENT_SECRET", world.genie().options().client_secret}});
    const std::string first = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), first, "rate_answer"));
    world.genie().faults().expire_tokens = true;
    const std::string second = world.ask("orders by month");
    REQUIRE(world.wait_for_answer(world.channel(), second, "rate_answer"));
}

TEST_CASE("a socket refresh loses no question", "[question]") {
    BotWorld world;
    world.start_connected();
    for (int round = 0; round < 3; ++round) {
        for (const int connection : world.slack().connection_ids())
            world.slack().send_disconnect(connection, "refresh_requested");
        const std::string ts = world.ask("revenue by region");
        REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    }
    CHECK(world.genie().questions().size() == 3);
    CHECK(world.slack().violations().empty());
}

}  // namespace question_test
