// What the running process shows of itself, and the table in docs/metrics.md.
#include "core/random.hpp"
#include "tests/e2e/bot/bot_world.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

namespace metrics_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using test::BotWorld;
using test::free_port;
using test::get;

struct Series {
    std::string type;
    std::string meaning;
    std::set<std::string> labels;

    friend bool operator==(const Series&, const Series&) = default;
};
using AllSeries = std::map<std::string, Series>;

std::vector<std::string> split(const std::string& text, const std::string& separator) {
    std::vector<std::string> parts;
    std::size_t from = 0;
    for (std::size_t at; (at = text.find(separator, from)) != std::string::npos; from = at + separator.size())
        parts.push_back(text.substr(from, at - from));
    parts.push_back(text.substr(from));
    return parts;
}

// Rows "| `name` | type | labels | meaning |".
AllSeries documented() {
    AllSeries all;
    std::ifstream file(GENIE_SLACK_SOURCE_DIR "/docs/metrics.md");
    for (std::string line; std::getline(file, line);) {
        if (line.rfind("| `", 0) != 0)
            continue;
        const auto cells = split(line.substr(2, line.size() - 4), " | ");
        REQUIRE(cells.size() == 4);
        Series& series = all[cells[0].substr(1, cells[0].size() - 2)];
        series.type = cells[1];
        series.meaning = cells[3];
        for (const std::string& label : split(cells[2], ", "))
            if (!label.empty())
                series.labels.insert(label.substr(1, label.size() - 2));
    }
    return all;
}

// A sample's line belongs to the series whose name it has, with what histograms add to it.
std::string series_of(const std::string& sample, const AllSeries& all) {
    const std::string name = sample.substr(0, sample.find_first_of("{ "));
    for (const char* suffix : {"_bucket", "_sum", "_count"}) {
        const std::string_view end(suffix);
        if (name.ends_with(end) && all.contains(name.substr(0, name.size() - end.size())))
            return name.substr(0, name.size() - end.size());
    }
    return name;
}

std::set<std::string> labels_of(const std::string& sample) {
    std::set<std::string> labels;
    for (std::size_t at = sample.find('{'); at < sample.rfind('}');) {
        const std::size_t equals = sample.find("=\"", at);
        labels.insert(sample.substr(at + 1, equals - at - 1));
        at = sample.find('"', equals + 2) + 1;
    }
    labels.erase("le");
    return labels;
}

AllSeries shown(const std::string& text, std::set<std::string>& with_samples) {
    AllSeries all;
    std::istringstream lines(text.substr(text.find("\r\n\r\n") + 4));
    for (std::string line; std::getline(lines, line);) {
        const auto words = split(line, " ");
        if (line.rfind("# HELP ", 0) == 0) {
            all[words[2]].meaning = line.substr(8 + words[2].size());
        } else if (line.rfind("# TYPE ", 0) == 0) {
            all[words[2]].type = words[3];
        } else if (!line.empty()) {
            const std::string name = series_of(line, all);
            REQUIRE(all.contains(name));
            all[name].labels = labels_of(line);
            with_samples.insert(name);
        }
    }
    return all;
}

struct Scraped : BotWorld {
    explicit Scraped(std::map<std::string, std::string> changes = {}) : port(free_port(context())) {
        changes["PORT"] = std::to_string(port);
        start_connected(changes);
    }
    std::string scrape() { return get(context(), port, "/metrics"); }
    bool shows(const std::string& line) {
        return wait([&] { return scrape().find("\n" + line + "\n") != std::string::npos; });
    }
    std::uint16_t port;
};

TEST_CASE("the table of series in the documentation is what the process shows", "[metrics]") {
    Scraped world;
    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    std::set<std::string> with_samples;
    AllSeries shown_ones = shown(world.scrape(), with_samples);
    AllSeries documented_ones = documented();
    for (auto& [name, series] : documented_ones) {
        INFO(name);
        REQUIRE(shown_ones.contains(name));
        CHECK(shown_ones[name].type == series.type);
        CHECK(shown_ones[name].meaning == series.meaning);
        if (with_samples.contains(name))
            CHECK(shown_ones[name].labels == series.labels);
    }
    for (const auto& [name, series] : shown_ones) {
        INFO("| `" << name << "` | " << series.type << " | | " << series.meaning << " |");
        CHECK(documented_ones.contains(name));
    }
    CHECK(documented_ones.size() > 20);
}

// What Prometheus' own checker says of the text, which it reads from standard input.
std::string complaints_about(const std::string& text) {
    const std::string stem =
        (std::filesystem::temp_directory_path() / ("genie-slack-metrics-" + Random().uuid())).string();
    std::ofstream(stem) << text;
    const std::string command = "promtool check metrics < " + stem + " > " + stem + ".said 2>&1";
    const int code = std::system(command.c_str());
    std::ifstream file(stem + ".said");
    std::string said((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    for (const char* ending : {"", ".said"})
        std::filesystem::remove(stem + ending);
    return code == 0 ? "" : "promtool: " + said;
}

TEST_CASE("Prometheus' own checker has nothing against the series, where it is installed", "[metrics]") {
    if (std::system("promtool --version > /dev/null 2>&1") != 0) {
        WARN("promtool is not installed");
        return;
    }
    Scraped world;
    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    const std::string answer = world.scrape();
    const std::string text = answer.substr(answer.find("\r\n\r\n") + 4);
    CHECK(complaints_about(text).empty());
    INFO(complaints_about(text));
    CHECK_THAT(complaints_about(text + "# TYPE planted_total gauge\nplanted_total 1\n"),
               test::contains("planted_total"));
    CHECK_THAT(complaints_about(text + "not a series at all\n"), test::contains("error"));
}

TEST_CASE("a secret that Databricks refuses is counted", "[metrics]") {
    Scraped world({{"DATABRICKS_TOKEN", ""},
                   {"DATABRICKS_CLIENT_ID", "sandbox-client"},
                   {"DATABRICKS_CLIENT_SECRET", "not-right"}});
    const std::string series = "genie_slack_credential_failures_total{credential=\"workspace\",reason=\"refused\"} ";
    CHECK(world.wait([&] { return world.scrape().find(series) != std::string::npos; }));
}

TEST_CASE("an answered question can be followed in the numbers", "[metrics]") {
    Scraped world;
    const std::string ts = world.ask("revenue by region");
    REQUIRE(world.wait_for_answer(world.channel(), ts, "rate_answer"));
    for (const char* line :
         {"genie_slack_turns_finished_total{outcome=\"delivered\"} 1", "genie_slack_turn_seconds_count 1",
          "genie_slack_turn_wait_seconds_count 1", "genie_slack_questions_total{result=\"accepted\"} 1",
          "genie_slack_socket_connections 2", "genie_slack_socket_gap_seconds_total 0",
          "genie_slack_genie_seconds_count{phase=\"ask\"} 1", "genie_slack_genie_seconds_count{phase=\"wait\"} 1",
          "genie_slack_genie_seconds_count{phase=\"result\"} 1", "genie_slack_turns{state=\"asked\"} 0",
          "genie_slack_slack_calls_total{method=\"auth.test\",result=\"ok\"} 1"}) {
        INFO(line);
        CHECK(world.shows(line));
    }
    const std::string page = get(world.context(), world.port, "/");
    CHECK_THAT(page, test::contains("HTTP/1.1 200") && test::contains("text/html") &&
                         test::contains("2 of 2 connections") && test::contains("<td>ended</td><td>1</td><td>1</td>"));
    const std::string text = world.scrape() + page;
    CHECK_THAT(text, test::contains("HTTP/1.1 200") && test::contains("text/plain; version=0.0.4"));
    CHECK_THAT(text, test::contains("genie_slack_build_info{version=\"0."));
    for (const std::string& hidden : {world.person(), world.channel(), ts, std::string("revenue")})
        CHECK(text.find(hidden) == std::string::npos);
}

TEST_CASE("refused calls and a question that failed are counted by what happened", "[metrics]") {
    Scraped world;
    // The failure is told by one of these, however slow the machine is.
    for (const char* method : {"chat.update", "chat.postMessage"}) {
        sandbox::SlackFaults::CallFault busy;
        busy.method = method;
        busy.http_status = 429;
        world.slack().faults().calls.push_back(busy);
    }
    world.genie().faults().outcomes = {"FAILED"};
    world.ask("revenue by region");
    CHECK(world.shows("genie_slack_turns_finished_total{outcome=\"failed\"} 1"));
    CHECK_THAT(
        world.scrape(),
        test::contains("genie_slack_slack_calls_total{method=\"chat.update\",result=\"rate_limited\"} ") ||
            test::contains("genie_slack_slack_calls_total{method=\"chat.postMessage\",result=\"rate_limited\"} "));
}

}  // namespace metrics_test
