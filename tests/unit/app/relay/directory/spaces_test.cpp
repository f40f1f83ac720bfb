#include "app/relay/directory/spaces.hpp"

#include "tests/catch.hpp"
#include "tests/support/fake_genie.hpp"
#include "tests/support/run.hpp"

namespace spaces_test {

using namespace genie_slack;
using namespace std::chrono_literals;

struct World {
    World() : spaces(genie, relay::SpaceDirectoryOptions()) { genie.add_space("space2", "Finance"); }
    std::string ids() {
        const auto list = test::run(time, context, spaces.list(Deadline::after(10s)));
        std::string text;
        for (const genie::Space& space : list.value())
            text += (text.empty() ? "" : " ") + space.id;
        return text;
    }

    VirtualTime time;
    boost::asio::io_context context;
    test::FakeGenie genie;
    relay::SpaceDirectory spaces;
};

TEST_CASE("other spaces may be asked at once, also while Databricks is away", "[spaces]") {
    World world;
    CHECK(world.ids() == "space2 space1");
    world.genie.spaces_error = genie::GenieError(genie::GenieFault::unavailable, "away");
    world.spaces.allow({"space1"});
    CHECK(world.ids() == "space1");
    CHECK(world.spaces.known()->size() == 1);
    world.spaces.allow({});
    CHECK(world.ids() == "space2 space1");
}

TEST_CASE("a space that is named in the settings may be asked though Databricks does not list it", "[spaces]") {
    World world;
    world.spaces.allow({"space1"});
    SECTION("since it lists others only") {
        world.genie.unlisted = {"space1"};
        CHECK(world.ids() == "space1");
    }
    SECTION("since it lists none") {
        world.genie.spaces_error = genie::GenieError(genie::GenieFault::permission, "may not list");
        CHECK(world.ids() == "space1");
    }
    SECTION("but not one that is not there") {
        world.spaces.allow({"space1", "space9"});
        world.genie.unlisted = {"space1"};
        CHECK(world.ids() == "space1");
    }
}

TEST_CASE("where Databricks lists nothing and knows no named space, its error is told", "[spaces]") {
    World world;
    world.spaces.allow({"space9"});
    world.genie.spaces_error = genie::GenieError(genie::GenieFault::permission, "may not list");
    const auto listed =
        test::run(world.time, world.context, world.spaces.list(Deadline::after(std::chrono::seconds(30))));
    REQUIRE_FALSE(listed);
    CHECK(listed.error().fault == genie::GenieFault::permission);
}

}  // namespace spaces_test
