// How fast irrelevant channel events are acked: the real program, pinned to one core, behind the local Slack. Events
// come at a rate, or so that always the same number of them waits for its ack. With --refresh Slack refreshes every
// connection every second meanwhile. No ack may be missing, or take longer than --at-most.
#include "core/log.hpp"
#include "core/task_group.hpp"
#include "sandbox/genie/genie_server.hpp"
#include "sandbox/slack/slack_server.hpp"
#include "tests/bench/process_use.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/run.hpp"

#include <sched.h>
#include <unistd.h>
#include <CLI/CLI.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>

using namespace genie_slack;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using bench::cpu_time;
using bench::resident_kib;

namespace {

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

struct Load {
    std::string program;
    int per_second = 5000;
    int outstanding = 0;  // else at a rate
    int seconds = 10;
    bool refresh = false;
    int at_most = 0;  // milliseconds; 0: any time will do
};

// What was sent so far, and whether that was all.
struct Sent {
    int events = 0;
    bool finished = false;
};

asio::awaitable<void> send_at_rate(sandbox::SlackServer& slack, const Load& load, Sent& sent) {
    const TimePoint start = Clock::now();
    const int total = load.per_second * load.seconds;
    while (sent.events < total) {
        const auto elapsed = Clock::now() - start;
        const int due = std::min<int>(total, static_cast<int>(elapsed * load.per_second / 1s) + 1);
        for (; sent.events < due; ++sent.events)
            slack.send_event(chatter(sent.events));
        co_await sleep_for(1ms);
    }
    sent.finished = true;
}

asio::awaitable<void> send_as_acked(sandbox::SlackServer& slack, AckLog& acks, const Load& load, Sent& sent) {
    const TimePoint end = Clock::now() + load.seconds * 1s;
    while (Clock::now() < end) {
        acks.collect(slack.acks());
        for (; sent.events < static_cast<int>(acks.size()) + load.outstanding; ++sent.events)
            slack.send_event(chatter(sent.events));
        co_await asio::post(asio::use_awaitable);
    }
    sent.finished = true;
}

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

bool connect(asio::io_context& context, const sandbox::SlackServer& slack, TimePoint started) {
    const auto is_there = [&] { return slack.open_connections() >= 1; };
    if (!test::run_until(context, is_there, 20s))
        return false;
    // It is greeted in the moment in which it counts as open.
    std::printf("start -> hello ms  %.1f\n", milliseconds(Clock::now() - started));
    // Some clients open one connection, others several: all of those that come within a second.
    test::run(context, sleep_for(1s));
    return true;
}

void report(const Load& load, std::vector<Duration> latencies, double took, double cpu_microseconds) {
    std::sort(latencies.begin(), latencies.end());
    const auto at = [&](double share) {
        return latencies.empty()
                   ? 0.0
                   : milliseconds(
                         latencies[static_cast<std::size_t>(share * static_cast<double>(latencies.size() - 1))]);
    };
    if (load.outstanding > 0)
        std::printf("outstanding %d", load.outstanding);
    else
        std::printf("wanted %d/s", load.per_second);
    std::printf("  acked %zu  acks/s %.0f\n", latencies.size(), static_cast<double>(latencies.size()) / took);
    std::printf("ack latency ms  p50 %.3f  p99 %.3f  max %.3f\n", at(0.5), at(0.99), at(1.0));
    std::printf("CPU us/event %.1f\n",
                cpu_microseconds / static_cast<double>(std::max<std::size_t>(1, latencies.size())));
}

int measure(const Load& load) {
    asio::io_context context;
    TaskGroup tasks(context.get_executor(), "bench");
    auto slack = sandbox::create_slack_server(context.get_executor());
    auto genie = sandbox::create_genie_server(context.get_executor());
    tasks.spawn("slack", slack->run());
    tasks.spawn("genie", genie->run());
    const TimePoint started = Clock::now();
    test::ChildProcess bot(load.program, {"--env-file", "/dev/null"},
                           {{"SLACK_API_URL", slack->api_url()},
                            {"SLACK_APP_TOKEN", slack->options().app_token},
                            {"SLACK_BOT_TOKEN", slack->options().bot_token},
                            {"SLACK_CONNECTIONS", "2"},
                            {"DATABRICKS_HOST", genie->host()},
                            {"DATABRICKS_TOKEN", genie->options().token},
                            {"IS_LOCAL", "true"}});
    if (sysconf(_SC_NPROCESSORS_ONLN) > 1) {
        pin(bot.pid(), 0);
        pin(0, 1);
    }
    if (!connect(context, *slack, started)) {
        std::fprintf(stderr, "the client did not connect:\n%s", bot.output().c_str());
        return 1;
    }
    const long resident_before = resident_kib(bot.pid());
    const Duration cpu_before = cpu_time(bot.pid());
    AckLog acks;
    acks.collect(slack->acks());
    acks.forget();
    Sent sent;
    const TimePoint start = Clock::now();
    if (load.outstanding > 0)
        tasks.spawn("sender", send_as_acked(*slack, acks, load, sent));
    else
        tasks.spawn("sender", send_at_rate(*slack, load, sent));
    tasks.spawn("acks", keep_collecting(*slack, acks));
    int refreshed = 0;
    if (load.refresh)
        tasks.spawn("refresh", keep_refreshing(*slack, refreshed));
    const auto is_complete = [&] { return sent.finished && acks.size() >= static_cast<std::size_t>(sent.events); };
    const bool complete = test::run_until(context, is_complete, std::chrono::seconds(load.seconds * 3 + 20));
    const double took = milliseconds(Clock::now() - start) / 1000.0;
    const double cpu = milliseconds(cpu_time(bot.pid()) - cpu_before) * 1000.0;
    const std::vector<Duration> latencies = acks.take();
    report(load, latencies, took, cpu);
    std::printf("RSS KiB before %ld after %ld\n", resident_before, resident_kib(bot.pid()));
    const Duration slowest = latencies.empty() ? Duration() : *std::max_element(latencies.begin(), latencies.end());
    if (load.refresh)
        std::printf("refreshed connections %d  slowest ack %.3f ms\n", refreshed, milliseconds(slowest));
    if (!complete)
        std::printf("not all were acked; the client says:\n%s", bot.output().c_str());
    bot.signal(SIGTERM);
    test::run_until(context, [&] { return bot.exit_code().has_value(); }, 15s);
    tasks.cancel();
    test::run(context, tasks.join(Deadline::after(5s)));
    const bool in_time = load.at_most == 0 || slowest <= std::chrono::milliseconds(load.at_most);
    return complete && in_time && (!load.refresh || refreshed > 0) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    Load load;
    CLI::App options("How fast a Socket Mode client acks events");
    options.add_option("program", load.program, "the client; its environment says where Slack is")->required();
    options.add_option("--rate", load.per_second, "events a second")->capture_default_str();
    options.add_option("--outstanding", load.outstanding, "so many wait for their ack at any time, instead of a rate");
    options.add_option("--seconds", load.seconds)->capture_default_str();
    options.add_flag("--refresh", load.refresh, "refresh every connection every second");
    options.add_option("--at-most", load.at_most, "milliseconds that an ack may take");
    CLI11_PARSE(options, argc, argv);
    log::Settings quiet;
    quiet.level = log::Level::error;
    log::use(quiet);
    return measure(load);
}
