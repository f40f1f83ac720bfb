// Who may ask where.
#include "app/relay/directory/gate.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

namespace gate_test {

using namespace genie_slack;
using namespace genie_slack::relay;

Visit visit(const std::string& user = "U1", const std::string& channel = "C1") {
    Visit visit;
    visit.team = "T1";
    visit.user = user;
    visit.channel = channel;
    return visit;
}

struct GateWorld : test::World {
    explicit GateWorld(AccessRules rules = {}) : door(slack, people, std::move(rules)) {}
    std::optional<Refusal> check(Visit who) {
        return test::run(time, context, door.check(std::move(who), Deadline::after(std::chrono::seconds(5))));
    }
    void add_person(const std::string& id, bool guest) {
        slack::UserInfo info;
        info.id = id;
        info.name = id;
        info.is_guest = guest;
        slack.users[id] = info;
    }
    Gate door;
};

AccessRules rules(std::set<std::string> teams, std::set<std::string> channels, std::set<std::string> users) {
    AccessRules made;
    made.teams = std::move(teams);
    made.channels = std::move(channels);
    made.users = std::move(users);
    return made;
}

TEST_CASE("without lists every member may ask, in every channel of our own", "[gate]") {
    GateWorld world;
    world.add_person("U1", false);
    CHECK_FALSE(world.check(visit()));
}

TEST_CASE("lists allow only who and what is named", "[gate]") {
    CHECK(GateWorld(rules({"T2"}, {}, {})).check(visit()) == Refusal::team);
    CHECK(GateWorld(rules({}, {"C2"}, {})).check(visit()) == Refusal::channel);
    CHECK(GateWorld(rules({}, {}, {"U2"})).check(visit()) == Refusal::user);
    CHECK_FALSE(GateWorld(rules({"T1"}, {"C1"}, {"U1"})).check(visit()));
    Visit direct = visit("U1", "D1");
    direct.is_im = true;
    CHECK_FALSE(GateWorld(rules({}, {"C2"}, {})).check(direct));
}

TEST_CASE("guests and people of other organisations are refused unless they are named", "[gate]") {
    Visit foreign = visit("U8");
    foreign.user_team = "T9";
    {
        GateWorld world;
        world.add_person("U9", true);
        CHECK_FALSE(world.door.check_known(visit("U9")));  // nobody has asked Slack yet
        CHECK(world.check(visit("U9")) == Refusal::guest);
        CHECK(world.door.check_known(visit("U9")) == Refusal::guest);
        CHECK(world.check(foreign) == Refusal::foreigner);
    }
    GateWorld named(rules({}, {}, {"U8", "U9"}));
    named.add_person("U9", true);
    CHECK_FALSE(named.check(visit("U9")));
    CHECK_FALSE(named.check(foreign));
}

// A colleague of another workspace of our organisation, which Slack does not tell; C1 is shared with others or not.
struct SisterWorld : GateWorld {
    explicit SisterWorld(bool is_shared, AccessRules rules = {}) : GateWorld(std::move(rules)) {
        door.introduce("T1", "E1");
        add_person("U8", false);
        slack.users["U8"].team = "T3";
        slack.channels["C1"].is_ext_shared = is_shared;
    }
};

TEST_CASE("a colleague of another workspace is known in a channel of our own, also in one that is named", "[gate]") {
    CHECK_FALSE(SisterWorld(false, rules({}, {"C1"}, {})).check(visit("U8")));
    CHECK(SisterWorld(true, rules({}, {"C1"}, {})).check(visit("U8")) == Refusal::foreigner);
}

TEST_CASE("a colleague who was seen in a channel of our own is one in a direct message, too", "[gate]") {
    Visit direct = visit("U8", "D8");
    direct.is_im = true;
    const bool is_shared = GENERATE(false, true);
    SisterWorld world(is_shared);
    CHECK(world.check(direct) == Refusal::foreigner);
    CHECK(world.check(visit("U8")).has_value() == is_shared);
    CHECK(world.check(direct).has_value() == is_shared);
}

TEST_CASE("who asks and who reads along are asked about at the same time", "[gate]") {
    GateWorld world;
    world.add_person("U1", false);
    world.slack.user_time = world.slack.channel_time = std::chrono::seconds(3);
    world.slack.channels["C1"].is_ext_shared = true;
    CHECK(world.check(visit()) == Refusal::shared_channel);
}

TEST_CASE("a channel shared with another organisation is refused unless it is named", "[gate]") {
    Visit shared = visit();
    shared.is_ext_shared = true;
    CHECK(GateWorld().check(shared) == Refusal::shared_channel);
    CHECK_FALSE(GateWorld(rules({}, {"C1"}, {})).check(shared));

    GateWorld asking;
    asking.slack.channels["C1"].is_ext_shared = true;
    CHECK(asking.check(visit()) == Refusal::shared_channel);
    CHECK(asking.check(visit()) == Refusal::shared_channel);
    CHECK(asking.slack.channel_calls == 1);
    CHECK(asking.door.check_known(visit()) == Refusal::shared_channel);
}

TEST_CASE("who reads along is asked anew for each answer, and where many ask once a minute", "[gate]") {
    GateWorld world;
    const auto calls_after = [&](Duration pause) {
        test::run(world.time, world.context, sleep_for(pause));
        test::run(world.time, world.context,
                  world.door.check(visit(), Deadline::after(std::chrono::seconds(5)), Gate::kAtOnce));
        return world.slack.channel_calls;
    };
    CHECK(calls_after(std::chrono::seconds(0)) == 1);
    CHECK(calls_after(std::chrono::seconds(5)) == 2);
    world.slack.rooms["conversations.info"] = 0.4;
    CHECK(calls_after(std::chrono::seconds(5)) == 2);
    CHECK(calls_after(std::chrono::seconds(56)) == 3);
}

TEST_CASE("a colleague of another workspace of our enterprise is no stranger where nobody else can be", "[gate]") {
    Visit colleague = visit("U8");
    colleague.user_team = "T3";
    CHECK(GateWorld().check(colleague) == Refusal::foreigner);
    colleague.enterprise = "E1";
    CHECK_FALSE(GateWorld().check(colleague));  // Slack says that the channel is ours alone
    colleague.is_ext_shared = false;
    CHECK_FALSE(GateWorld().door.check_known(colleague));
    colleague.is_ext_shared = true;
    CHECK(GateWorld(rules({}, {"C1"}, {})).check(colleague) == Refusal::foreigner);
    CHECK_FALSE(GateWorld(rules({"T1", "T3"}, {"C1"}, {})).check(colleague));
    // As the table of variables says: our own team stands for the whole organisation.
    colleague.is_ext_shared = false;
    CHECK_FALSE(GateWorld(rules({"T1"}, {}, {})).check(colleague));
    colleague.enterprise = "";
    CHECK(GateWorld(rules({"T1"}, {}, {})).check(colleague) == Refusal::foreigner);
}

TEST_CASE("a person's own team and organisation tell where no payload does", "[gate]") {
    GateWorld world;
    world.add_person("U8", false);
    world.slack.users["U8"].team = "T8";
    world.add_person("U9", false);
    world.slack.users["U9"].team = "T9";
    world.slack.users["U9"].enterprise = "E9";
    Visit direct = visit("U8", "D1");
    direct.is_im = true;
    CHECK(world.check(direct) == Refusal::foreigner);
    direct.user = "U9";
    CHECK(world.check(direct) == Refusal::foreigner);
    // Of our organisation: no stranger anywhere.
    world.door.introduce("T1", "E9");
    CHECK_FALSE(world.check(direct));
    Visit shared = visit("U9");
    shared.user_team = "T9";
    shared.is_ext_shared = true;
    CHECK(world.check(shared) == Refusal::shared_channel);
    world.door.introduce("T1", "E1");
    CHECK(world.check(direct) == Refusal::foreigner);
}

TEST_CASE("a stranger in a channel that is allowed is refused, whoever tells", "[gate]") {
    GateWorld world(rules({}, {"C1"}, {}));
    world.slack.channels["C1"].is_ext_shared = true;
    world.add_person("U2", false);
    CHECK_FALSE(world.check(visit("U2")));
    Visit told = visit("U2");
    told.user_team = "T2";
    CHECK(world.check(told) == Refusal::foreigner);
    world.add_person("U3", false);
    world.slack.users["U3"].is_stranger = true;
    CHECK(world.check(visit("U3")) == Refusal::foreigner);
}

TEST_CASE("a direct message is known as one when nothing but its id is told", "[gate]") {
    GateWorld world(rules({}, {"C2"}, {}));
    world.slack.channels["D1"].is_im = true;
    CHECK_FALSE(world.check(visit("U1", "D1")));
    CHECK(world.check(visit("U1", "C1")) == Refusal::channel);
}

TEST_CASE("a refused question is not recorded, and the person hears why", "[gate]") {
    test::World world;
    slack::Event event = world.question("revenue?", "100.1");
    event.ext_shared_channel = true;
    CHECK(world.deliver(event).send);
    world.settle();
    CHECK(world.genie.asked.empty());
    CHECK(world.slack.messages.empty());
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK_THAT(world.slack.ephemerals[0].second, test::contains("another organisation"));
}

}  // namespace gate_test
