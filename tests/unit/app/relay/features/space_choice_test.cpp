#include "app/answer/view/space_picker.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

namespace space_choice_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using test::World;

void add_spaces(World& world) {
    world.genie.add_space("space2", "Support");
    world.genie.add_space("space3", "Stock");
}

storage::Storage& store(World& world) {
    return *world.storage;
}

void set_default(World& world, storage::DefaultOf kind, const std::string& id, const std::string& space,
                 const std::string& title) {
    storage::SpaceDefault kept;
    kept.space_id = space;
    kept.space_name = title;
    test::run(world.time, world.context, store(world).set_default_space(kind, "T1", id, kept, Deadline::after(1s)))
        .value();
}

std::optional<storage::SpaceDefault> get_default(World& world, storage::DefaultOf kind, const std::string& id) {
    return test::run(world.time, world.context, store(world).get_default_space(kind, "T1", id, Deadline::after(1s)))
        .value();
}

std::string space_asked(World& world) {
    return world.genie.asked.empty() ? "" : world.genie.asked.back().space_id;
}

// A choice in a picker of "choose_space_for" or "change_space_for", with the check box beside it.
slack::Interaction choose(World& world, const std::string& block, const std::string& space, bool remember = false) {
    auto interaction = world.press("2000.000001", "100.1", answer::kSpaceAction, space, block);
    auto& actions = std::get<slack::BlockActions>(interaction);
    actions.response_url = "https://hooks.slack.com/actions/1";
    if (remember) {
        slack::Action box;
        box.action_id = answer::kRememberAction;
        box.value = "channel";
        actions.state.push_back(box);
    }
    return interaction;
}

std::string picker_of(World& world, const std::string& ts) {
    return answer::picker_block({false, world.turn(ts).id});
}

std::string change_of(World& world, const std::string& ts) {
    return answer::picker_block({true, world.turn(ts).id});
}

std::string offered(World& world, const std::string& typed, const std::string& block = "") {
    slack::BlockSuggestion suggestion;
    suggestion.block_id = block;
    suggestion.action_id = answer::kSpaceAction;
    suggestion.value = typed;
    const slack::Ack ack = world.deliver(suggestion);
    return ack.payload ? boost::json::serialize(*ack.payload) : "";
}

TEST_CASE("the list of a picker begins with what the question is about", "[relay][spaces]") {
    World world;
    add_spaces(world);
    world.deliver(world.question("how many support tickets are open?", "100.1"));
    world.settle();
    const std::string list = offered(world, "", picker_of(world, "100.1"));
    CHECK(list.find("Support") < list.find("Sales"));
    CHECK(list.find("Sales") < offered(world, "").find("Support"));
}

TEST_CASE("a new thread asks its channel's space, else the person's", "[relay][spaces]") {
    World world;
    add_spaces(world);
    set_default(world, storage::DefaultOf::person, "U1", "space3", "Stock");
    world.deliver(world.question("on stock?", "100.1"));
    world.settle();
    CHECK(space_asked(world) == "space3");

    set_default(world, storage::DefaultOf::channel, "C1", "space2", "Support");
    world.deliver(world.question("tickets?", "100.2"));
    world.settle();
    CHECK(space_asked(world) == "space2");

    // A thread keeps its own.
    world.deliver(world.reply("and now?", "100.3", "100.1"));
    world.settle();
    CHECK(space_asked(world) == "space3");
}

TEST_CASE("a default that is gone is passed over, and the picker says so", "[relay][spaces]") {
    World world;
    add_spaces(world);
    set_default(world, storage::DefaultOf::channel, "C1", "space9", "Old one");
    world.deliver(world.question("tickets?", "100.1"));
    world.settle();
    CHECK(world.genie.asked.empty());
    REQUIRE(world.slack.messages.size() == 1);
    CHECK_THAT(world.slack.messages[0].content.text, test::contains("“Old one” is not available any more"));
}

TEST_CASE("a thread's space that is gone is not replaced without asking", "[relay][spaces]") {
    World world;
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    REQUIRE(space_asked(world) == "space1");
    world.genie.spaces.clear();
    world.genie.add_space("space2", "Support");
    world.settle(10min);

    world.deliver(world.reply("and costs?", "100.2", "100.1"));
    world.settle();
    CHECK(world.genie.asked.size() == 1);
    REQUIRE(world.slack.messages.size() == 2);
    CHECK_THAT(world.slack.messages[1].content.text, test::contains("“Sales” is not available any more"));
    world.deliver(choose(world, answer::picker_block({false, world.turn("100.2", "100.1").id}), "space2"));
    world.settle();
    CHECK(world.genie.asked.size() == 2);
    CHECK(space_asked(world) == "space2");
}

TEST_CASE("a choice is kept for the channel when the box is checked", "[relay][spaces]") {
    World world;
    add_spaces(world);
    world.deliver(world.question("tickets?", "100.1"));
    world.settle();
    world.deliver(choose(world, picker_of(world, "100.1"), "space2", true));
    world.settle();
    CHECK(space_asked(world) == "space2");
    REQUIRE(get_default(world, storage::DefaultOf::channel, "C1"));
    CHECK(get_default(world, storage::DefaultOf::channel, "C1")->space_id == "space2");
    CHECK_THAT(world.slack.ephemerals.back().second, test::contains("New threads in this channel ask *Support*"));

    world.deliver(world.question("more tickets?", "100.2"));
    world.settle();
    CHECK(world.genie.asked.size() == 2);
    CHECK(space_asked(world) == "space2");
}

TEST_CASE("a choice is not kept when the box is not checked", "[relay][spaces]") {
    World world;
    add_spaces(world);
    world.deliver(world.question("tickets?", "100.1"));
    world.settle();
    world.deliver(choose(world, picker_of(world, "100.1"), "space2"));
    world.settle();
    CHECK_FALSE(get_default(world, storage::DefaultOf::channel, "C1"));
}

TEST_CASE("the list of spaces searches title and description among the allowed ones", "[relay][spaces]") {
    World world({"space1", "space2"});
    add_spaces(world);
    world.genie.spaces[1].description = "Open tickets of all customers";
    CHECK_THAT(offered(world, "customers"), test::contains("space2") && !test::contains("space1"));
    CHECK_THAT(offered(world, ""), test::contains("space1") && test::contains("space2") && !test::contains("space3"));
    CHECK(offered(world, "payroll") == R"({"options":[]})");
}

TEST_CASE("the list of spaces is answered in time when Databricks is not", "[relay][spaces]") {
    World world;
    world.genie.spaces_error = genie::GenieError(genie::GenieFault::unavailable, "down");
    const TimePoint start = Clock::now();
    CHECK(offered(world, "") == R"({"options":[]})");
    CHECK(Clock::now() - start < 2500ms);
}

TEST_CASE("a picker that Slack refuses becomes a simpler one", "[relay][spaces]") {
    World world;
    add_spaces(world);
    // The picker takes the place of the first sign.
    world.slack.update_errors.emplace_back(slack::ApiFault::payload, "chat.update", "invalid_blocks");
    world.deliver(world.question("tickets?", "100.1"));
    world.settle();
    REQUIRE(world.slack.messages.size() == 1);
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("static_select") && test::contains("Support"));
}

TEST_CASE("the space of a thread is changed by its answer's menu, and the thread says so", "[relay][spaces]") {
    World world;
    add_spaces(world);
    set_default(world, storage::DefaultOf::channel, "C1", "space1", "Sales");
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    const std::string first_conversation = world.genie.asked[0].conversation_id;

    const std::string turn = world.turn("100.1").id;
    world.deliver(world.press("2000.000001", "100.1", answer::kMoreAction, "space:" + turn));
    world.settle();
    REQUIRE(world.slack.ephemeral_messages.size() == 1);
    CHECK(world.slack.ephemerals[0].first == "U2");
    CHECK(world.slack.ephemeral_messages[0].thread_ts == "100.1");
    CHECK_THAT(boost::json::serialize(world.slack.ephemeral_messages[0].blocks),
               test::contains(change_of(world, "100.1")));

    const auto choice = choose(world, change_of(world, "100.1"), "space2");
    world.deliver(choice);
    world.deliver(choice);  // a second click
    world.settle();
    REQUIRE(world.slack.messages.size() == 2);
    CHECK(world.slack.messages[1].content.text ==
          "<@U2> changed the Genie space of this thread: the next questions go to *Support*, in a new Genie "
          "conversation.");
    REQUIRE_FALSE(world.slack.responses.empty());
    CHECK(world.slack.responses[0].second.delete_original);

    world.deliver(world.reply("tickets?", "100.2", "100.1"));
    world.settle();
    CHECK(space_asked(world) == "space2");
    CHECK(world.genie.asked.back().conversation_id != first_conversation);
}

TEST_CASE("a change of space is refused for a forged space and while a question runs", "[relay][spaces]") {
    World world({"space1", "space2"});
    add_spaces(world);
    set_default(world, storage::DefaultOf::channel, "C1", "space1", "Sales");
    world.deliver(world.question("revenue?", "100.1"));
    world.settle();
    world.deliver(choose(world, change_of(world, "100.1"), "space3"));
    world.settle();
    CHECK_THAT(world.slack.ephemerals.back().second, test::contains("cannot be asked"));

    world.deliver(world.reply("and costs?", "100.2", "100.1"));
    world.settle(1s);
    world.deliver(choose(world, change_of(world, "100.1"), "space2"));
    world.settle();
    CHECK_THAT(world.slack.ephemerals.back().second, test::contains("not answered yet"));
    world.deliver(world.reply("more?", "100.3", "100.1"));
    world.settle();
    CHECK(space_asked(world) == "space1");
    CHECK(world.genie.started.size() == 1);
}

TEST_CASE("a picker that is not wanted is put away", "[relay][spaces]") {
    World world;
    auto press = world.press("2000.1", "100.1", answer::kKeepSpaceAction, "turn");
    std::get<slack::BlockActions>(press).response_url = "https://hooks.slack.com/actions/1";
    CHECK(world.deliver(press).send);
    world.settle();
    REQUIRE(world.slack.responses.size() == 1);
    CHECK(world.slack.responses[0].first == "https://hooks.slack.com/actions/1");
    CHECK(world.slack.responses[0].second.delete_original);
}

slack::Event in_direct_message(World& world, const std::string& text, const std::string& ts,
                               const std::string& thread = "") {
    slack::Event event = world.reply(text, ts, thread);
    auto& message = std::get<slack::MessageEvent>(event.body);
    message.channel = "D1";
    message.channel_type = "im";
    return event;
}

TEST_CASE("a reply that names one of the offered spaces chooses it", "[relay][spaces]") {
    for (const char* line : {"Support", "the support space", "“Support”, please"})
        for (const bool names_bot : {true, false}) {
            INFO(line << ", names the bot: " << names_bot);
            World world;
            add_spaces(world);
            world.deliver(world.question("how many are open?", "100.1"));
            world.settle();
            REQUIRE(world.genie.asked.empty());
            slack::Event named = world.reply(line, "100.2", "100.1");
            if (names_bot) {
                named = world.question(line, "100.2", "100.1");
                // The same message, as the other event of a mention.
                slack::Event twin = named;
                std::get<slack::MessageEvent>(twin.body).mention = false;
                world.begin(twin);
            }
            world.deliver(named);
            world.settle();
            REQUIRE(world.genie.asked.size() == 1);
            CHECK(space_asked(world) == "space2");
            CHECK(world.genie.asked.back().content == "how many are open?");
            CHECK(world.turn("100.1").state == storage::TurnState::delivered);
            CHECK(world.slack.messages.size() == 1);
        }
}

TEST_CASE("in the direct message a space is named in the thread or outside of it", "[relay][spaces]") {
    for (const char* thread : {"", "100.1"}) {
        INFO(thread);
        World world;
        add_spaces(world);
        world.deliver(in_direct_message(world, "how many are open?", "100.1"));
        world.settle();
        world.deliver(in_direct_message(world, "support", "100.2", thread));
        world.settle();
        REQUIRE(world.genie.asked.size() == 1);
        CHECK(space_asked(world) == "space2");
        CHECK(world.genie.asked.back().content == "how many are open?");
    }
}

TEST_CASE("a colleague, or a line in another thread, names no space for a question that waits", "[relay][spaces]") {
    World world;
    add_spaces(world);
    world.deliver(world.question("how many are open?", "100.1"));
    world.settle();
    slack::Event colleague = world.reply("Support", "100.2", "100.1");
    std::get<slack::MessageEvent>(colleague.body).user = "U2";
    world.deliver(colleague);
    world.deliver(world.reply("Support", "200.2", "200.1"));
    world.settle();
    CHECK(world.genie.asked.empty());
    CHECK(world.turn("100.1").state == storage::TurnState::awaiting_space);
}

TEST_CASE("without a question that waits the name of a space is a question like any other", "[relay][spaces]") {
    World world;
    add_spaces(world);
    set_default(world, storage::DefaultOf::channel, "C1", "space1", "Sales");
    world.deliver(world.question("how many are open?", "100.1"));
    world.settle();
    world.deliver(world.question("Support", "100.2", "100.1"));
    world.settle();
    CHECK(world.genie.asked.size() == 2);
    CHECK(world.genie.asked.back().content == "Support");
}

}  // namespace space_choice_test
