#include "app/relay/features/shortcut.hpp"
#include "app/answer/message/help.hpp"
#include "slack/blocks/limits.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

#include <boost/json/serialize.hpp>

namespace message_shortcut_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using test::World;

slack::Interaction shortcut(const std::string& text, const std::string& thread = "") {
    slack::Shortcut shortcut;
    shortcut.on_message = true;
    shortcut.team = "T1";
    shortcut.user = "U3";
    shortcut.callback_id = answer::kAskShortcut;
    shortcut.trigger_id = "trigger";
    shortcut.channel = "C1";
    shortcut.message_ts = "100.5";
    shortcut.thread_ts = thread;
    shortcut.message_text = text;
    return shortcut;
}

// The form as it was opened, sent with `question`.
slack::Interaction submit(const World& world, const std::string& question) {
    const auto& view = world.slack.opened_views.back().view;
    slack::ViewSubmission submission;
    submission.team = "T1";
    submission.user = "U3";
    submission.callback_id = std::string(view.at("callback_id").as_string());
    submission.private_metadata = std::string(view.at("private_metadata").as_string());
    slack::Action value;
    value.action_id = answer::kQuestionInput;
    value.value = question;
    submission.values.push_back(value);
    return submission;
}

std::string violations(const boost::json::object& view) {
    std::string found;
    for (const auto& violation : slack::limits::check_view(view))
        found += violation.pointer + ": " + violation.message + "\n";
    return found;
}

std::string error_in(const slack::Ack& ack) {
    if (!ack.payload)
        return "";
    return std::string(ack.payload->at("errors").at(answer::kQuestionInput).as_string());
}

TEST_CASE("a message becomes a question in its thread, after the person has looked at it", "[shortcut]") {
    World world;
    CHECK(world.deliver(shortcut("Revenue &gt; 10 by *region*, <@UBOT>?")).send);
    world.settle(2s);
    REQUIRE(world.slack.opened_views.size() == 1);
    CHECK(world.slack.opened_views[0].trigger_id == "trigger");
    const auto& view = world.slack.opened_views[0].view;
    CHECK(violations(view) == "");
    CHECK_THAT(boost::json::serialize(view), test::contains("Revenue > 10 by *region*"));

    const slack::Ack ack = world.deliver(submit(world, "Revenue above 10 by region?"));
    CHECK(ack.send);
    CHECK_FALSE(ack.payload);
    world.settle();
    REQUIRE(world.genie.asked.size() == 1);
    CHECK(world.genie.asked[0].content == "Revenue above 10 by region?");
    const auto answers = world.slack.in_thread("C1", "100.5");
    REQUIRE(answers.size() == 1);
    CHECK_THAT(world.shown(*answers[0]), test::contains("<@U3>"));

    // Not twice.
    CHECK_THAT(error_in(world.deliver(submit(world, "Revenue?"))), test::contains("already"));
    world.settle();
    CHECK(world.genie.asked.size() == 1);
}

TEST_CASE("a shortcut within a thread asks there", "[shortcut]") {
    World world;
    world.deliver(shortcut("Revenue?", "100.1"));
    world.settle(2s);
    REQUIRE(world.slack.opened_views.size() == 1);
    world.deliver(submit(world, "Revenue?"));
    world.settle();
    CHECK(world.slack.in_thread("C1", "100.1").size() == 1);
}

TEST_CASE("the form says where the answer comes", "[shortcut]") {
    relay::RelayOptions options;
    options.private_answers = GENERATE(false, true);
    World world({}, options);
    world.deliver(shortcut("Revenue?"));
    world.settle(2s);
    REQUIRE(world.slack.opened_views.size() == 1);
    const std::string form = boost::json::serialize(world.slack.opened_views[0].view);
    CHECK((form.find("in the thread of that") != std::string::npos) == !options.private_answers);
    CHECK((form.find("our direct message") != std::string::npos) == options.private_answers);
}

TEST_CASE("below an answer of the bot itself the form begins empty", "[shortcut]") {
    World world;
    auto on_answer = shortcut("Revenue grew. Show table. AI-generated, please verify.", "100.1");
    std::get<slack::Shortcut>(on_answer).message_user = "UBOT";
    world.deliver(on_answer);
    world.settle(2s);
    REQUIRE(world.slack.opened_views.size() == 1);
    CHECK_THAT(boost::json::serialize(world.slack.opened_views[0].view), !test::contains("Revenue grew"));
}

TEST_CASE("an empty form is not taken, and a long message is cut to what a form may hold", "[shortcut]") {
    World world;
    world.deliver(shortcut(std::string(9'000, 'x')));
    world.settle(2s);
    REQUIRE(world.slack.opened_views.size() == 1);
    CHECK(violations(world.slack.opened_views[0].view) == "");
    CHECK_FALSE(error_in(world.deliver(submit(world, " \n"))).empty());
    world.settle();
    CHECK(world.genie.asked.empty());
}

TEST_CASE("who used a shortcut is told when no form opens", "[shortcut]") {
    World world;
    world.slack.view_errors.emplace_back(slack::ApiFault::expired, "views.open", "expired_trigger_id");
    world.deliver(shortcut("Revenue?"));
    world.settle();
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK(world.slack.ephemerals[0].first == "U3");
    CHECK_THAT(world.slack.ephemerals[0].second, test::contains("did not open the form"));
}

TEST_CASE("where the bot is no member the form says that the answer comes as a direct message", "[shortcut]") {
    World world;
    world.slack.channels["C1"].is_member = false;
    world.deliver(shortcut("Revenue by region?"));
    world.settle(2s);
    REQUIRE(world.slack.opened_views.size() == 1);
    CHECK_THAT(boost::json::serialize(world.slack.opened_views[0].view), test::contains("in our direct message"));
    world.deliver(submit(world, "Revenue by region?"));
    world.settle();
    REQUIRE(world.genie.asked.size() == 1);
    CHECK(world.slack.in_thread("C1", "100.5").empty());
    REQUIRE(world.slack.messages.size() == 1);
    CHECK(world.slack.messages[0].content.channel == "D-U3");
}

}  // namespace message_shortcut_test
