#include "app/ops/gauges.hpp"

#include "core/metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

namespace genie_slack::ops {

using metrics::Counter;
using metrics::Gauge;

namespace gauges_detail {

const Gauge kBuild("genie_slack_build_info", "1; its label is the version", {"version"});
const Gauge kMemory("process_resident_memory_bytes", "Resident memory of the process");
const Counter kCpu("process_cpu_seconds_total", "Time that the process spent on processors");
const Gauge kStart("process_start_time_seconds", "When the process started, in seconds since 1970");

const Gauge kConnections("genie_slack_socket_connections", "Socket Mode connections that serve");
const Gauge kAppConnections("genie_slack_socket_app_connections",
                            "Socket Mode connections of the app with those of other processes, as Slack said last");
const Counter kReconnects("genie_slack_socket_reconnects_total", "Socket Mode connections after the first ones");
const Counter kGaps("genie_slack_socket_gap_seconds_total",
                    "Time without any connection to Slack, after the first one");
const Counter kAcks("genie_slack_acks_total",
                    "What became of envelopes: sent, or withheld so that Slack delivers again", {"result"});

const Counter kQuestions("genie_slack_questions_total",
                         "Messages by what the intake made of them: accepted, duplicate, ignored, not_recorded",
                         {"result"});
const Gauge kWorking("genie_slack_turns", "Questions that this process works on now, by state", {"state"});
const Gauge kQueued("genie_slack_turns_queued",
                    "Questions that wait for others of their thread, or for a choice of space");
const Gauge kLanes("genie_slack_threads_running", "Threads whose questions are worked on now");
const Gauge kLimiter("genie_slack_genie_waiting", "Questions that wait until Databricks may be asked again");
const Gauge kRate("genie_slack_genie_questions_per_minute",
                  "Limit for questions to Genie, 0 for none; it may be learned");

const Gauge kBudget("genie_slack_slack_budget_ratio", "What is left of a method's budget: 1 is all, at 0 a call waits",
                    {"method"});

const Counter kBudgetCalls("genie_slack_slack_budget_calls_total",
                           "Calls to Slack by their urgency, and by what the budgets made of them: at_once, waited, "
                           "dropped",
                           {"urgency", "result"});

double seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double started_at() {
    return std::chrono::duration<double>(wall_now().time_since_epoch()).count();
}

// A static of this file: it is made before main.
const double kProcessStart = started_at();

// Of /proc/self/statm: pages, the second number is what is resident. 0 where there is no such file.
double resident_bytes() {
    std::ifstream file("/proc/self/statm");
    double all = 0;
    double resident = 0;
    file >> all >> resident;
    return file ? resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) : 0;
}

void read_process() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    kMemory.set(resident_bytes());
    kCpu.set_total(seconds(usage.ru_utime) + seconds(usage.ru_stime));
    kStart.set(kProcessStart);
}

void read_socket(const slack::SocketModeStatus& status) {
    Duration gaps = status.gaps;
    if (status.gap_from)
        gaps += Clock::now() - *status.gap_from;
    kConnections.set(status.connected);
    kAppConnections.set(status.num_connections);
    kReconnects.set_total(static_cast<double>(status.reconnects));
    kGaps.set_total(seconds(gaps));
    kAcks.set_total(static_cast<double>(status.acks), {"sent"});
    kAcks.set_total(static_cast<double>(status.unacked), {"withheld"});
}

void read_relay(const relay::RelayStatus& status) {
    kQuestions.set_total(static_cast<double>(status.intake.questions), {"accepted"});
    kQuestions.set_total(static_cast<double>(status.intake.duplicates), {"duplicate"});
    kQuestions.set_total(static_cast<double>(status.intake.ignored), {"ignored"});
    kQuestions.set_total(static_cast<double>(status.intake.not_recorded), {"not_recorded"});
    kLanes.set(static_cast<double>(status.threads_running));
    kQueued.set(static_cast<double>(status.turns_queued));
}

void read_runner(const relay::TurnRunner& runner) {
    using storage::TurnState;
    const auto working = runner.working();
    for (const TurnState state : {TurnState::received, TurnState::awaiting_space, TurnState::asking, TurnState::asked,
                                  TurnState::answered, TurnState::delivered, TurnState::failed}) {
        const auto found = working.find(state);
        kWorking.set(found == working.end() ? 0 : static_cast<double>(found->second), {storage::to_string(state)});
    }
}

void read_slack(const slack::WebApi& api) {
    for (const slack::ApiMethod* method : slack::methods::kWatched)
        kBudget.set(api.room(*method, ""), {method->name});
    for (const slack::Urgency urgency : slack::kUrgencies) {
        const slack::CallCounts::OfUrgency& calls = api.call_counts()[urgency];
        const std::string_view name = slack::to_string(urgency);
        kBudgetCalls.set_total(static_cast<double>(calls.sent - calls.waited), {name, "at_once"});
        kBudgetCalls.set_total(static_cast<double>(calls.waited), {name, "waited"});
        kBudgetCalls.set_total(static_cast<double>(calls.not_sent), {name, "dropped"});
    }
}

}  // namespace gauges_detail

using namespace gauges_detail;

void read_gauges(const Watched& watched) {
    read_process();
    if (watched.socket)
        read_socket(watched.socket->status());
    if (watched.relay)
        read_relay(watched.relay->status());
    if (watched.runner)
        read_runner(*watched.runner);
    if (watched.limiter) {
        kLimiter.set(static_cast<double>(watched.limiter->waiting()));
        kRate.set(watched.limiter->rate(Clock::now()).value_or(0));
    }
    if (watched.slack)
        read_slack(*watched.slack);
}

void tell_version(const std::string& version) {
    kBuild.set(1, {version});
}

}  // namespace genie_slack::ops
