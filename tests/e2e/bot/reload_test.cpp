// SIGHUP: settings are read again while the process serves.
#include "tests/e2e/bot/bot_world.hpp"

#include <unistd.h>

#include <cstdio>
#include <fstream>

namespace reload_test {

using namespace genie_slack;
using test::BotWorld;

struct FileWorld : BotWorld {
    explicit FileWorld(int spaces = 1) : BotWorld(test::quick_genie(spaces)) {
        env_file = "/tmp/genie-slack-reload-" + std::to_string(::getpid()) + ".env";
    }
    ~FileWorld() { std::remove(env_file.c_str()); }
    void write(const std::string& lines) { std::ofstream(env_file) << lines; }
    // Writes the file, and waits for the line of the log that says what came of it.
    bool reload(const std::string& lines, const std::string& told) {
        write(lines);
        bot().signal(SIGHUP);
        return wait([&] { return bot().output().find(told) != std::string::npos; });
    }
};

TEST_CASE("who may ask, the language and the log's level change without a restart", "[reload]") {
    FileWorld world;
    world.write("");
    world.start_connected();
    std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    const int process = world.bot().pid();

    REQUIRE(
        world.reload("ALLOWED_USERS=U0NOBODY00\nLOG_LEVEL=debug\n", "config.reloaded changed=ALLOWED_USERS,LOG_LEVEL"));
    ts = world.ask("revenue by region");
    REQUIRE(world.wait([&] { return world.bot().output().find("question.refused") != std::string::npos; }));
    CHECK(world.genie().questions().size() == 1);

    REQUIRE(world.reload("BOT_LANGUAGE=de\nLOG_LEVEL=debug\n", "config.reloaded changed=ALLOWED_USERS,BOT_LANGUAGE"));
    ts = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    CHECK_THAT(BotWorld::shown(world.answers(world.channel(), ts).back()), test::contains("1.527.428"));
    CHECK_THAT(world.bot().output(), test::contains(" debug turn.step"));
    CHECK(world.bot().pid() == process);
}

TEST_CASE("a space that is not allowed any more gets no further question", "[reload]") {
    FileWorld world(2);
    const std::string first = world.genie().space_ids().at(0);
    const std::string second = world.genie().space_ids().at(1);
    world.write("GENIE_SPACE_IDS=" + first + "\n");
    world.start_connected();
    std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    REQUIRE(world.reload("GENIE_SPACE_IDS=" + second + "\n", "config.reloaded changed=GENIE_SPACE_IDS"));
    ts = world.ask("revenue by region");
    REQUIRE(world.wait([&] { return world.genie().questions().size() == 2; }));
    CHECK(world.genie().questions()[0].space_id == first);
    CHECK(world.genie().questions()[1].space_id == second);
}

TEST_CASE("what needs a restart is named, and a file with a mistake changes nothing", "[reload]") {
    FileWorld world;
    world.write("SLACK_CONNECTIONS=2\n");
    world.start_connected();
    REQUIRE(world.reload("SLACK_CONNECTIONS=3\nPGPASSWORD=kept-between-us\n",
                         "config.needs_restart changed=SLACK_CONNECTIONS,PGPASSWORD"));
    REQUIRE(world.reload("ALLOWED_USERS=nobody\nSLACK_CONNECTIONS=99\n", "config.not_reloaded"));
    const std::string refused = world.bot().output().substr(world.bot().output().find("config.not_reloaded"));
    CHECK_THAT(refused.substr(0, refused.find('\n')), test::contains("ALLOWED_USERS") && test::contains("99"));
    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));

    std::remove(world.env_file.c_str());
    world.bot().signal(SIGHUP);
    REQUIRE(world.wait([&] { return world.bot().output().find("is gone") != std::string::npos; }));
    CHECK(world.bot().output().find("kept-between-us") == std::string::npos);
    world.bot().signal(SIGTERM);
    CHECK(world.wait_for_exit() == 0);
}

}  // namespace reload_test
