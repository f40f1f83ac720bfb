// How fast irrelevant channel events are acked: the real program, pinned to one core, behind the local Slack. With
// "refresh" Slack refreshes every connection every second meanwhile, and no ack may be missing or take over 250 ms.
// Usage: bench_firehose PROGRAM [events per second] [seconds] [refresh]
#include "core/log.hpp"
#include "core/task_group.hpp"
#include "sandbox/genie/genie_server.hpp"
#include "sandbox/slack/slack_server.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/run.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace genie_slack;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

// User and system CPU time of a process so far.
Duration cpu_time(int pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    std::istringstream rest(text.substr(text.rfind(')') + 2));
    std::string field;
    long long ticks = 0;
    for (int number = 3; number <= 15 && rest >> field; ++number)
        if (number == 14 || number == 15)
            ticks += std::stoll(field);
    return std::chrono::nanoseconds(ticks * (1'000'000'000LL / sysconf(_SC_CLK_TCK)));
}

long resident_kib(int pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(file, line);)
        if (line.rfind("VmRSS:", 0) == 0)
            return std::atol(line.c_str() + 6);
    return 0;
}

void pin(int pid, int core) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(core, &cores);
    sched_setaffinity(pid, sizeof cores, &cores);
}

boost::json::object chatter(int number) {
    const std::string ts = "17" + std::to_string(10'000'000 + number) + ".000100";
    boost::json::object event;
    event["type"] = "message";
    event["channel"] = "C0GENERAL";
    event["channel_type"] = "channel";
    event["user"] = "U0SOMEONE";
    event["text"] =
        "an ordinary message that is not for the bot, of the length that people write in channels, number " +
        std::to_string(number);
    event["ts"] = ts;
    event["event_ts"] = ts;
    event["client_msg_id"] = "f058c6a2-0000-4000-8000-000000000000";
    return event;
}

asio::awaitable<void> send(sandbox::SlackServer& slack, int per_second, int total) {
    const TimePoint start = Clock::now();
    for (int sent = 0; sent < total;) {
        const auto elapsed = Clock::now() - start;
        const int due = std::min<int>(total, static_cast<int>(elapsed * per_second / 1s) + 1);
        for (; sent < due; ++sent)
            slack.send_event(chatter(sent));
        co_await sleep_for(1ms);
    }
}

// Takes the acks that came since the last call; the server itself remembers only so many.
class AckLog {
 public:
    void collect(const std::vector<sandbox::SlackAck>& acks) {
        const std::size_t before = latencies_.size();
        for (auto ack = acks.rbegin(); ack != acks.rend() && ack->envelope_id != last_; ++ack)
            latencies_.push_back(ack->after);
        if (latencies_.size() != before)
            last_ = acks.back().envelope_id;
    }
    void forget() { latencies_.clear(); }
    std::size_t size() const { return latencies_.size(); }
    std::vector<Duration> take() { return std::move(latencies_); }

 private:
    std::string last_;
    std::vector<Duration> latencies_;
};

asio::awaitable<void> keep_collecting(const sandbox::SlackServer& slack, AckLog& log) {
    for (;;) {
        log.collect(slack.acks());
        co_await sleep_for(100ms);
    }
}

asio::awaitable<void> keep_refreshing(sandbox::SlackServer& slack, int& refreshed) {
    for (;;) {
        co_await sleep_for(1s);
        for (const int connection : slack.connection_ids()) {
            slack.send_disconnect(connection, "refresh_requested");
            ++refreshed;
        }
    }
}

double milliseconds(Duration duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: %s PROGRAM [events per second] [seconds] [refresh]\n", argv[0]);
        return 2;
    }
    const int per_second = argc > 2 ? std::atoi(argv[2]) : 5000;
    const int seconds = argc > 3 ? std::atoi(argv[3]) : 10;
    const int total = per_second * seconds;
    const bool refresh = argc > 4 && std::string(argv[4]) == "refresh";
    log::Settings quiet;
    quiet.level = log::Level::error;
    log::use(quiet);

    asio::io_context context;
    TaskGroup tasks(context.get_executor(), "bench");
    auto slack = sandbox::create_slack_server(context.get_executor());
    auto genie = sandbox::create_genie_server(context.get_executor());
    tasks.spawn("slack", slack->run());
    tasks.spawn("genie", genie->run());
    test::ChildProcess bot(argv[1], {"--env-file", "/dev/null"},
                           {{"SLACK_API_URL", slack->api_url()},
                            {"SLACK_APP_TOKEN", slack->options().app_token},
                            {"SLACK_BOT_TOKEN", slack->options().bot_token},
                            {"SLACK_CONNECTIONS", "2"},
                            {"DATABRICKS_HOST", genie->host()},
                            {"DATABRICKS_TOKEN", genie->options().token},
                            {"IS_LOCAL", "true"}});
    const bool two_cores = sysconf(_SC_NPROCESSORS_ONLN) > 1;
    if (two_cores) {
        pin(bot.pid(), 0);
        pin(0, 1);
    }
    if (!test::run_until(context, [&] { return slack->open_connections() == 2; }, 20s)) {
        std::fprintf(stderr, "the bot did not connect:\n%s", bot.output().c_str());
        return 1;
    }
    const long resident_before = resident_kib(bot.pid());
    const Duration cpu_before = cpu_time(bot.pid());
    AckLog acks;
    acks.collect(slack->acks());
    acks.forget();
    const TimePoint start = Clock::now();
    tasks.spawn("sender", send(*slack, per_second, total));
    tasks.spawn("acks", keep_collecting(*slack, acks));
    int refreshed = 0;
    if (refresh)
        tasks.spawn("refresh", keep_refreshing(*slack, refreshed));
    const bool complete = test::run_until(
        context, [&] { return acks.size() >= static_cast<std::size_t>(total); },
        std::chrono::seconds(seconds * 3 + 20));
    const double took = milliseconds(Clock::now() - start) / 1000.0;
    const double cpu = milliseconds(cpu_time(bot.pid()) - cpu_before) * 1000.0;

    const std::size_t acked = acks.size();
    std::vector<Duration> latencies = acks.take();
    std::sort(latencies.begin(), latencies.end());
    const auto at = [&](double share) {
        return latencies.empty()
                   ? 0.0
                   : milliseconds(
                         latencies[static_cast<std::size_t>(share * static_cast<double>(latencies.size() - 1))]);
    };
    std::printf("events %d  wanted %d/s  acked %zu  acks/s %.0f\n", total, per_second, acked,
                static_cast<double>(acked) / took);
    std::printf("ack latency ms  p50 %.3f  p99 %.3f  max %.3f\n", at(0.5), at(0.99), at(1.0));
    std::printf("bot  CPU us/event %.1f  RSS KiB before %ld after %ld\n", cpu / total, resident_before,
                resident_kib(bot.pid()));
    if (refresh)
        std::printf("refreshed connections %d  slowest ack %.3f ms (at most 250)\n", refreshed, at(1.0));
    if (!complete)
        std::printf("not all were acked; the bot says:\n%s", bot.output().c_str());
    bot.signal(SIGTERM);
    test::run_until(context, [&] { return bot.exit_code().has_value(); }, 15s);
    tasks.cancel();
    test::run(context, tasks.join(Deadline::after(5s)));
    const bool in_time = !refresh || (refreshed > 0 && at(1.0) <= 250.0);
    return complete && in_time ? 0 : 1;
}
