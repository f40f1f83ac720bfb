// The program without its chart module: nothing else is missed.
#include "tests/e2e/bot/bot_world.hpp"

#include <filesystem>

#include <unistd.h>

namespace charts_test {

using namespace genie_slack;
using test::BotWorld;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

// The program under a second name, in a folder of its own, in which no module is.
class LoneProgram {
 public:
    LoneProgram()
        : folder_(fs::path(GENIE_SLACK_BINARY).parent_path() / ("alone-" + std::to_string(::getpid())) / "bin") {
        fs::create_directories(folder_);
        fs::remove(file());
        fs::create_hard_link(GENIE_SLACK_BINARY, file());
    }
    ~LoneProgram() {
        std::error_code ignored;
        fs::remove_all(folder_.parent_path(), ignored);
    }
    LoneProgram(const LoneProgram&) = delete;
    LoneProgram& operator=(const LoneProgram&) = delete;

    fs::path file() const { return folder_ / "genie-slack"; }

 private:
    fs::path folder_;
};

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

TEST_CASE("without the chart module answers come without drawn charts, and the log says so once", "[charts]") {
    const LoneProgram alone;
    BotWorld world;
    world.program = alone.file();
    world.slack().faults().refused_blocks = {"data_visualization"};
    world.genie().faults().no_charts = true;
    world.start_connected({{"ANSWER_STYLE", "full"}});
    for (int i = 0; i < 2; ++i) {
        const std::string thread = world.ask("Show revenue by region");
        REQUIRE(world.wait_for_answer(world.channel(), thread, "feedback"));
        const std::string shown = BotWorld::shown(world.answers(world.channel(), thread).back());
        CHECK(shown.find("\"type\":\"image\"") == std::string::npos);
    }
    CHECK(world.wait([&] { return count(world.bot().output(), "chart.not_drawn") == 1; }));
    CHECK_THAT(world.bot().output(), test::contains("genie-slack-charts.so is not installed"));
}

TEST_CASE("with the chart module the same answer has a drawn chart", "[charts]") {
    BotWorld world;
    world.slack().faults().refused_blocks = {"data_visualization"};
    world.genie().faults().no_charts = true;
    world.start_connected({{"ANSWER_STYLE", "full"}});
    const std::string thread = world.ask("Show revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), thread, "\"type\":\"image\""));
    CHECK(world.bot().output().find("chart.not_drawn") == std::string::npos);
}

TEST_CASE("check says how to get a missing chart module", "[check]") {
    const LoneProgram alone;
    BotWorld world;
    world.program = alone.file();
    world.start({}, {"check"});
    CHECK(world.wait_for_exit(60s) == 0);
    const std::string output = world.bot().output();
    CHECK_THAT(output, test::contains("Charts: genie-slack-charts.so is not installed"));
    CHECK_THAT(output, test::contains("package genie-slack-charts"));
}

}  // namespace charts_test
