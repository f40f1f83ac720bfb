#include "app/answer/view/home_view.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

namespace home_tab_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using test::World;

relay::RelayOptions with_admin() {
    relay::RelayOptions options;
    options.admins = {"U1"};
    return options;
}

void open_home(World& world, const std::string& user = "U1") {
    slack::Event event;
    event.event_id = "EvHome";
    event.team = "T1";
    event.body = slack::AppHomeOpened{user, "D-" + user, "home"};
    const slack::Ack ack = world.deliver(std::move(event));
    CHECK(ack.send);
    world.settle();
}

std::string last_home(const World& world) {
    return boost::json::serialize(world.slack.homes.back().view);
}

slack::Interaction press_home(const World& world, const std::string& action_id, const std::string& value) {
    slack::BlockActions actions;
    actions.team = "T1";
    actions.user = "U1";
    actions.view_id = "V1";
    actions.view = world.slack.homes.back().view;
    actions.view["hash"] = "hash" + std::to_string(world.slack.homes.size());
    slack::Action action;
    action.action_id = action_id;
    action.value = value;
    actions.actions.push_back(action);
    return actions;
}

std::string kept(World& world) {
    const auto space =
        test::run(world.time, world.context,
                  world.storage->get_default_space(storage::DefaultOf::person, "T1", "U1", Deadline::after(1s)))
            .value();
    return space ? space->space_id : "";
}

TEST_CASE("the Home tab lists the person's own questions", "[home]") {
    World world;
    world.deliver(world.question("revenue by region?", "100.1"));
    auto of_another = world.question("salaries?", "100.2");
    std::get<slack::MessageEvent>(of_another.body).user = "U2";
    world.deliver(of_another);
    world.settle();
    open_home(world);
    REQUIRE(world.slack.homes.size() == 1);
    CHECK(world.slack.homes[0].user == "U1");
    CHECK_THAT(last_home(world), test::contains("revenue by region?") && !test::contains("salaries?"));
    CHECK_THAT(last_home(world), !test::contains("only admins"));
}

TEST_CASE("the Home tab lists no fragments, and each question of a thread once", "[home]") {
    World world;
    for (const auto& [text, ts] :
         std::vector<std::pair<std::string, std::string>>{{"revenue by region", "100.1"},
                                                          {"only EMEA", "100.2"},
                                                          {"und 2024?", "100.3"},
                                                          {"what were the returns in May?", "100.4"},
                                                          {"what were the returns in May?", "100.5"}}) {
        world.deliver(world.question(text, ts, "100.1"));
        world.settle();
    }
    open_home(world);
    const std::string home = last_home(world);
    CHECK_THAT(home, test::contains("revenue by region") && test::contains("what were the returns in May?"));
    CHECK_THAT(home, !test::contains("|only EMEA") && !test::contains("|und 2024?"));
    const std::string twice = "what were the returns in May?";
    CHECK(home.find(twice) == home.rfind(twice));
}

TEST_CASE("the Home tab leads to answers that are replies in a thread", "[home]") {
    World world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    open_home(world);
    CHECK_THAT(last_home(world), test::contains("?thread_ts=100.1&amp;cid=C1|"));
}

TEST_CASE("the Home tab sets and takes away the person's space", "[home]") {
    World world({"space1", "space2"});
    world.genie.add_space("space2", "Support");
    world.genie.add_space("space3", "Payroll");
    open_home(world);
    CHECK(world.deliver(press_home(world, answer::kHomeSpaceAction, "space2")).send);
    world.settle();
    CHECK(kept(world) == "space2");
    CHECK_THAT(last_home(world), test::contains("New threads ask *Support*"));

    world.deliver(press_home(world, answer::kHomeSpaceAction, "space3"));
    world.settle();
    CHECK(kept(world) == "space2");
    CHECK_THAT(last_home(world), test::contains("cannot be asked"));

    world.deliver(press_home(world, answer::kHomeNoSpaceAction, "none"));
    world.settle();
    CHECK(kept(world).empty());
}

TEST_CASE("a question of the Home tab is asked once, in the direct message, and the tab says so", "[home]") {
    World world;
    world.genie.spaces[0].sample_questions = {"Revenue by region?"};
    open_home(world);
    const auto press = press_home(world, std::string(answer::kHomeAskAction) + ":0", "Revenue by region?");
    world.deliver(press);
    world.deliver(press);
    world.settle();
    REQUIRE(world.genie.asked.size() == 1);
    REQUIRE(world.slack.in_thread("D-U1", "").size() == 1);
    CHECK_THAT(last_home(world), test::contains("I am answering “Revenue by region?” in our direct message"));

    world.deliver(press_home(world, std::string(answer::kHomeAskAction) + ":0", "Revenue by region?"));
    world.settle();
    CHECK(world.genie.asked.size() == 2);
}

TEST_CASE("admins see the numbers, and a list that Slack refuses becomes a plain one", "[home]") {
    World world({}, with_admin());
    world.genie.add_space("space2", "Support");
    const bool is_indigestible = GENERATE(false, true);
    if (is_indigestible)
        world.slack.home_errors.emplace_back(slack::ApiFault::transient, "views.publish", "internal_error");
    else
        world.slack.home_errors.emplace_back(slack::ApiFault::payload, "views.publish", "invalid_arguments");
    open_home(world);
    REQUIRE(world.slack.homes.size() == 1);
    CHECK_THAT(last_home(world), test::contains("only admins see this") && test::contains("static_select"));
    open_home(world, "U2");
    CHECK_THAT(last_home(world), !test::contains("only admins") && test::contains("external_select"));
}

TEST_CASE("the Home tab is shown although Genie does not answer", "[home]") {
    World world;
    world.genie.spaces_error = genie::GenieError(genie::GenieFault::unavailable, "down");
    open_home(world);
    REQUIRE(world.slack.homes.size() == 1);
    CHECK_THAT(last_home(world), test::contains("Genie cannot be reached"));
}

TEST_CASE("who may not ask is shown and offered nothing but why", "[home][gate]") {
    World world;
    world.genie.add_space("space2", "Support");
    slack::UserInfo guest;
    guest.id = "U1";
    guest.is_guest = true;
    world.slack.users["U1"] = guest;
    open_home(world);
    REQUIRE(world.slack.homes.size() == 1);
    CHECK_THAT(last_home(world), test::contains("I only answer members") && !test::contains("Support"));

    slack::SlashCommand command;
    command.team = "T1";
    command.channel = "C1";
    command.user = "U1";
    command.text = "spaces";
    command.trigger_id = "1.2";
    const slack::Ack listed = world.deliver(command);
    REQUIRE(listed.payload);
    CHECK_THAT(boost::json::serialize(*listed.payload),
               test::contains("I only answer members") && !test::contains("Support"));
    slack::BlockSuggestion suggestion;
    suggestion.team = "T1";
    suggestion.user = "U1";
    suggestion.channel = "C1";
    suggestion.action_id = "choose_space";
    CHECK(boost::json::serialize(*world.deliver(suggestion).payload) == R"({"options":[]})");

    slack::Event opened;
    opened.event_id = "EvMessages";
    opened.team = "T1";
    opened.body = slack::AppHomeOpened{"U1", "D-U1", "messages"};
    world.deliver(opened);
    world.settle();
    CHECK(world.slack.prompts.empty());
}

TEST_CASE("a reply that was perhaps said to people is no recent question", "[home]") {
    World world;
    world.deliver(world.question("revenue by region?", "100.1"));
    world.settle();
    world.genie.clarification = "I do not know that question.";
    slack::Event event = world.question("", "100.2", "100.1");
    auto& message = std::get<slack::MessageEvent>(event.body);
    message.text = "which kid was crying in the kitchen?";
    message.mention = false;
    world.deliver(event);
    world.settle();
    REQUIRE(world.genie.asked.size() == 2);
    open_home(world);
    CHECK_THAT(last_home(world), test::contains("revenue by region?") && !test::contains("crying"));
}

TEST_CASE("a mention without words is no recent question", "[home]") {
    World world;
    world.deliver(world.question("", "100.1"));
    world.deliver(world.question("what did EMEA sell?", "100.2"));
    world.settle();
    open_home(world);
    CHECK_THAT(last_home(world), test::contains("what did EMEA sell?"));
    std::size_t asked = 0;
    const std::string home = last_home(world);
    for (std::size_t at = home.find("/archives/C1/"); at != std::string::npos; at = home.find("/archives/C1/", at + 1))
        ++asked;
    CHECK(asked == 1);
}

TEST_CASE("a suggestion is asked in the space that it comes from, and its answer cannot be shared in a thread",
          "[home]") {
    World world({"space1", "space2"});
    world.genie.add_space("space2", "Support");
    const std::string suggestion = "Revenue by region?";
    world.genie.spaces[0].sample_questions = {suggestion};
    open_home(world);
    REQUIRE_THAT(last_home(world), test::contains(suggestion));
    world.deliver(press_home(world, answer::numbered(answer::kHomeAskAction, 0), suggestion));
    world.settle();
    REQUIRE(world.genie.asked.size() == 1);
    CHECK(world.genie.asked[0].space_id == "space1");
    CHECK_THAT(world.shown(world.slack.messages.back()), test::contains("Answer to: " + suggestion));
    CHECK_THAT(world.shown(world.slack.messages.back()), !test::contains(answer::kShareAction));
}

}  // namespace home_tab_test
