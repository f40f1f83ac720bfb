#include "app/relay/directory/people.hpp"

#include "core/task_group.hpp"
#include "tests/catch.hpp"
#include "tests/support/fake_slack_api.hpp"
#include "tests/support/run.hpp"

namespace people_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using relay::Person;

struct World {
    World() : people(slack) { tell("U1", "Ada", "ada@example.com"); }
    void tell(const std::string& id, const std::string& name, const std::string& email) {
        slack.users[id].id = id;
        slack.users[id].name = name;
        slack.users[id].email = email;
    }
    std::optional<Person> find(const std::string& user = "U1", Duration limit = 10s) {
        return test::run(time, context, people.find("T1", user, Deadline::after(limit)));
    }
    std::string name(const std::string& user = "U1") {
        const auto person = find(user);
        return person ? person->name + " " + person->email : "nobody";
    }
    void fail(slack::ApiFault fault, const std::string& code) {
        slack.user_errors.emplace_back(fault, "users.info", code);
    }

    VirtualTime time;
    boost::asio::io_context context;
    test::FakeSlackApi slack;
    relay::People people;
};

boost::asio::awaitable<void> ask(relay::People& people, std::string user, std::vector<std::string>& names) {
    auto person = co_await people.find("T1", std::move(user), Deadline::after(10s));
    names.push_back(person ? person->name : "nobody");
}

TEST_CASE("a person is asked for once a day", "[people]") {
    World world;
    CHECK_FALSE(world.people.known("T1", "U1"));
    CHECK(world.name() == "Ada ada@example.com");
    CHECK(world.people.known("T1", "U1")->name == "Ada");
    CHECK_FALSE(world.people.known("T2", "U1"));
    world.tell("U1", "Ada L.", "ada@example.com");
    world.time.run_for(world.context, 23h);
    CHECK(world.name() == "Ada ada@example.com");
    CHECK(world.slack.user_calls.size() == 1);
    world.time.run_for(world.context, 2h);
    CHECK(world.people.known("T1", "U1")->name == "Ada");
    CHECK(world.name() == "Ada L. ada@example.com");
    CHECK(world.slack.user_calls.size() == 2);
}

TEST_CASE("it is known since when a person is known as now", "[people]") {
    World world;
    CHECK(world.find());
    const WallTime told = wall_now();
    CHECK_FALSE(world.people.known_since("T1", "U1", told));
    CHECK(world.people.known_since("T1", "U1", told + 2s));
    CHECK_FALSE(world.people.known_since("T1", "U2", told + 2s));
    world.time.run_for(world.context, 25h);
    CHECK(world.find());
    CHECK(world.people.known_since("T1", "U1", told + 2s));
    CHECK(world.people.known("T1", "U1")->told_at > told + 24h);
    world.time.run_for(world.context, 25h);
    world.tell("U1", "Ada L.", "");
    CHECK(world.find());
    CHECK_FALSE(world.people.known_since("T1", "U1", told + 50h));
}

TEST_CASE("many callers share one request for a person", "[people]") {
    World world;
    world.tell("U2", "Grace", "");
    std::vector<std::string> names;
    TaskGroup callers(world.context.get_executor(), "callers");
    for (int i = 0; i < 5; ++i)
        callers.spawn("caller", ask(world.people, "U1", names));
    callers.spawn("caller", ask(world.people, "U2", names));
    world.time.run_for(world.context, 1s);
    CHECK(names.size() == 6);
    CHECK(std::count(names.begin(), names.end(), "Ada") == 5);
    CHECK(world.slack.user_calls.size() == 2);
}

TEST_CASE("when the caller who asks is cancelled another one asks", "[people]") {
    World world;
    world.slack.user_time = 2s;
    std::vector<std::string> names;
    TaskGroup first(world.context.get_executor(), "first");
    TaskGroup second(world.context.get_executor(), "second");
    first.spawn("caller", ask(world.people, "U1", names));
    second.spawn("caller", ask(world.people, "U1", names));
    world.time.run_for(world.context, 1s);
    first.cancel();
    world.time.run_for(world.context, 5s);
    CHECK(first.size() == 0);
    CHECK(names == std::vector<std::string>{"Ada"});
    CHECK(world.slack.user_calls.size() == 2);
}

TEST_CASE("a person whom Slack does not tell is not asked for again at once", "[people]") {
    World world;
    CHECK(world.name("U9") == "nobody");
    CHECK(world.name("U9") == "nobody");
    CHECK(world.slack.user_calls.size() == 1);
    world.time.run_for(world.context, 11min);
    CHECK(world.name("U9") == "nobody");
    CHECK(world.slack.user_calls.size() == 2);
    CHECK(world.name("U1") == "Ada ada@example.com");
}

TEST_CASE("without the scope nobody is asked for any more for an hour", "[people]") {
    World world;
    world.fail(slack::ApiFault::not_permitted, "missing_scope");
    CHECK(world.name("U1") == "nobody");
    CHECK(world.name("U2") == "nobody");
    CHECK(world.slack.user_calls.size() == 1);
    world.time.run_for(world.context, 61min);
    CHECK(world.name("U1") == "Ada ada@example.com");
}

TEST_CASE("while Slack fails the old knowledge serves, and Slack is asked again soon", "[people]") {
    World world;
    CHECK(world.find());
    world.time.run_for(world.context, 25h);
    world.fail(slack::ApiFault::transient, "http_503");
    CHECK(world.name() == "Ada ada@example.com");
    CHECK(world.slack.user_calls.size() == 2);
    world.time.run_for(world.context, 31s);
    CHECK(world.name() == "Ada ada@example.com");
    CHECK(world.slack.user_calls.size() == 3);
}

TEST_CASE("a slow Slack holds nobody longer than they want to wait", "[people]") {
    World world;
    world.slack.user_time = 1min;
    const TimePoint start = Clock::now();
    CHECK_FALSE(world.find("U1", 1s));
    CHECK(Clock::now() - start <= 1s);
}

TEST_CASE("the memory for people is bounded", "[people]") {
    World world;
    relay::PeopleOptions options;
    options.limit = 3;
    relay::People people(world.slack, options);
    for (int i = 1; i <= 5; ++i) {
        const std::string id = "U" + std::to_string(i);
        world.tell(id, "Person", "");
        CHECK(test::run(world.time, world.context, people.find("T1", id, Deadline::after(10s))));
    }
    CHECK_FALSE(people.known("T1", "U2"));
    CHECK(people.known("T1", "U3"));
    CHECK(people.known("T1", "U5"));
}

TEST_CASE("names and addresses are made fit to be stored", "[people]") {
    World world;
    world.tell("U1", std::string("A\0d\na", 5), "no address");
    CHECK(world.find()->name == "Ada");
    CHECK(world.find()->email.empty());
    world.tell("U2", std::string(5000, 'x'), std::string(300, 'x') + "@example.com");
    CHECK(world.find("U2")->name.size() < 300);
    CHECK(world.find("U2")->email.empty());
}

}  // namespace people_test
