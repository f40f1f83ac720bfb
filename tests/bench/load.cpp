// What people see while many of them ask: the real program behind the local Slack, which enforces its rate limits, and
// the local Genie. "burst" asks all questions at once, "steady" so many a minute: it fails, if it lasts a minute or
// more, when more than half of what Slack allows of a method is used. "stored" is the same with a PostgreSQL of its
// own, where the others keep nothing. Usage: bench_load PROGRAM burst [questions] [channels] [Genie's ms] [share of the
// rate limits]
//        bench_load PROGRAM steady|stored [questions a minute] [minutes] [Genie's ms] [share of the rate limits]
#include "core/log.hpp"
#include "core/task_group.hpp"
#include "sandbox/genie/genie_server.hpp"
#include "sandbox/slack/rate_tiers.hpp"
#include "sandbox/slack/slack_server.hpp"
#include "tests/bench/process_use.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/run.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <vector>

using namespace genie_slack;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

constexpr int kStatuses = 6;  // that Genie goes through for a question with a query
constexpr int kPeople = 40;

struct Question {
    std::string text;
    TimePoint said{};
    std::optional<TimePoint> sign;   // the first thing of the bot that is seen
    std::optional<TimePoint> asked;  // of Genie
    std::optional<TimePoint> seen;   // the answer
};

struct Plan {
    int questions = 200;
    int channels = 50;
    Duration between{};  // two questions
    Duration genie = 3s;
    double share = 1;
    bool stored = false;
};

class Load {
 public:
    explicit Load(const Plan& plan) : plan_(plan), tasks_(context_.get_executor(), "bench") {
        sandbox::SlackOptions slack;
        slack.rate_share = plan.share;
        slack_ = sandbox::create_slack_server(context_.get_executor(), slack);
        sandbox::GenieOptions genie;
        genie.status_time = plan.genie / kStatuses;
        genie_ = sandbox::create_genie_server(context_.get_executor(), genie);
        tasks_.spawn("slack", slack_->run());
        tasks_.spawn("genie", genie_->run());
        slack_->on_change([this](const boost::json::object& change) { note(change); });
        for (int i = 0; i < plan.channels; ++i) {
            sandbox::SlackChannel channel;
            channel.id = "C0LOAD" + std::to_string(i);
            channel.name = "load-" + std::to_string(i);
            channel.bot_is_member = true;
            slack_->add_channel(channel);
        }
        for (int i = 0; i < kPeople; ++i) {
            sandbox::SlackUser person;
            person.id = "U0LOAD" + std::to_string(i);
            person.name = person.real_name = "Person " + std::to_string(i);
            slack_->add_user(person);
        }
    }
    ~Load() {
        tasks_.cancel();
        test::run(context_, tasks_.join(Deadline::after(5s)));
    }

    int run(const char* program) {
        std::map<std::string, std::string> environment{{"SLACK_API_URL", slack_->api_url()},
                                                       {"SLACK_APP_TOKEN", slack_->options().app_token},
                                                       {"SLACK_BOT_TOKEN", slack_->options().bot_token},
                                                       {"DATABRICKS_HOST", genie_->host()},
                                                       {"DATABRICKS_TOKEN", genie_->options().token},
                                                       {"GENIE_QUESTIONS_PER_MINUTE", "10000"},
                                                       {"LOG_LEVEL", "warn"}};
        if (plan_.stored)
            environment.merge(database());
        else
            environment["IS_LOCAL"] = "true";
        test::ChildProcess bot(program, {"--env-file", "/nonexistent"}, environment);
        if (!test::run_until(context_, [&] { return slack_->open_connections() >= 1; }, 20s)) {
            std::fprintf(stderr, "the bot did not connect:\n%s", bot.output().c_str());
            return 1;
        }
        const TimePoint start = Clock::now();
        const Duration used_before = bench::cpu_time(bot.pid());
        tasks_.spawn("people", ask_all());
        const Duration limit = plan_.between * plan_.questions + plan_.genie + 300s;
        test::run_until(context_, [&] { return answered_ == plan_.questions; }, limit);
        // Nothing is to follow an answer but what takes progress away.
        test::run(context_, sleep_for(2s));
        const double took = report(start);
        report_needs(bot.pid(), bench::cpu_time(bot.pid()) - used_before, Clock::now() - start);
        const bool is_modest = report_calls(took);
        bot.signal(SIGTERM);
        test::run_until(context_, [&] { return bot.exit_code().has_value(); }, 15s);
        if (std::getenv("BENCH_LOG"))
            std::printf("%s", bot.output().c_str());
        return answered_ == plan_.questions && doubled_ == 0 && is_modest ? 0 : 1;
    }

 private:
    // Starts one; returns the settings that lead to it.
    std::map<std::string, std::string> database() {
        database_ = std::make_unique<test::PostgresServer>();
        database_->create_role("bench", "a password");
        database_->create_database("bench", "bench");
        return {{"PGHOST", "localhost"},
                {"PGPORT", std::to_string(database_->port())},
                {"PGDATABASE", "bench"},
                {"PGUSER", "bench"},
                {"PGPASSWORD", "a password"},
                {"PGSSLMODE", "verify-full"},
                {"PGSSLROOTCERT", database_->ca_file()}};
    }

    asio::awaitable<void> ask_all() {
        for (int i = 0; i < plan_.questions; ++i) {
            const std::string channel = "C0LOAD" + std::to_string(i % plan_.channels);
            const std::string person = "U0LOAD" + std::to_string(i % kPeople);
            Question question;
            // Each its own words, and all the same to the local Genie, for which a number would be a "top 17".
            question.text = "what was revenue by region?" + std::string(static_cast<std::size_t>(i) % 20, '?') +
                            std::string(static_cast<std::size_t>(i) / 20, '!');
            question.said = Clock::now();
            const std::string said = "<@" + slack_->options().bot_user_id + "> " + question.text;
            const std::string ts = slack_->say(person, channel, said);
            questions_[{channel, ts}] = std::move(question);
            if (plan_.between > Duration::zero())
                co_await sleep_for(plan_.between);
        }
    }

    void note(const boost::json::object& change) {
        const auto text_of = [](const boost::json::object& object, const char* name) {
            const auto* value = object.if_contains(name);
            return value && value->is_string() ? std::string(value->get_string().c_str()) : std::string();
        };
        const std::string type = text_of(change, "type");
        if (type == "status" && !text_of(change, "status").empty())
            sign(text_of(change, "channel"), text_of(change, "thread_ts"));
        const auto* message = change.if_contains("message");
        if (type != "message" || !message || !message->is_object() || !message->get_object().contains("bot_id"))
            return;
        const boost::json::object& content = message->get_object();
        const auto key = std::make_pair(text_of(change, "channel"), text_of(content, "thread_ts"));
        sign(key.first, key.second);
        const auto found = questions_.find(key);
        if (found == questions_.end() || boost::json::serialize(content).find("rate_answer") == std::string::npos)
            return;
        std::string& answer = answers_[key];
        const std::string ts = text_of(content, "ts");
        if (!found->second.seen) {
            found->second.seen = Clock::now();
            ++answered_;
        } else if (answer != ts) {
            ++doubled_;
        }
        answer = ts;
    }

    void sign(const std::string& channel, const std::string& thread_ts) {
        const auto found = questions_.find({channel, thread_ts});
        if (found != questions_.end() && !found->second.sign)
            found->second.sign = Clock::now();
    }

    static double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

    static void print(const char* what, std::vector<double> values) {
        std::sort(values.begin(), values.end());
        const auto at = [&](double share) {
            return values.empty() ? 0.0
                                  : values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
        };
        std::printf("%-28s p50 %6.2f s  p99 %6.2f s  max %6.2f s\n", what, at(0.5), at(0.99), at(1.0));
    }

    // How many seconds it took.
    double report(TimePoint start) {
        std::map<std::string, TimePoint> asked;
        for (const auto& call : genie_->calls())
            if (const auto* content = call.body.if_contains("content"); content && call.method == "POST")
                asked.try_emplace(std::string(content->as_string()), call.at);
        std::vector<double> signs;
        std::vector<double> asks;
        std::vector<double> waits;
        TimePoint last = start;
        for (const auto& [key, question] : questions_) {
            if (question.sign)
                signs.push_back(seconds(*question.sign - question.said));
            const auto when = asked.find(question.text);
            if (when == asked.end())
                continue;
            asks.push_back(seconds(when->second - question.said));
            if (question.seen)
                waits.push_back(seconds(*question.seen - when->second - plan_.genie));
            last = std::max(last, question.seen.value_or(last));
        }
        const double took = seconds(last - start);
        std::printf("questions %d  channels %d  answered %d  twice %d  in %.1f s\n", plan_.questions, plan_.channels,
                    answered_, doubled_, took);
        std::printf("answers a second after Genie's first %.2f\n",
                    answered_ / std::max(0.001, took - seconds(plan_.genie)));
        print("said -> first sign", std::move(signs));
        print("said -> Genie asked", std::move(asks));
        print("Genie done -> answer seen", std::move(waits));
        return took;
    }

    // What the bot needed for all of it.
    void report_needs(int pid, Duration used, Duration took) const {
        std::printf("processor time %.2f s, %.1f ms a question, %.2f %% of a processor\n", seconds(used),
                    seconds(used) * 1000 / plan_.questions, seconds(used) * 100 / seconds(took));
        std::printf("resident memory %.1f MiB, at most %.1f MiB\n",
                    static_cast<double>(bench::resident_kib(pid)) / 1024,
                    static_cast<double>(bench::resident_kib(pid, "VmHWM:")) / 1024);
    }

    // False when a load that is spread over minutes takes more of Slack's limits than is left to others.
    bool report_calls(double took) {
        std::map<std::string, std::pair<int, int>> calls;
        int refused = 0;
        int sent = 0;
        for (const auto& call : slack_->calls()) {
            auto& [all, limited] = calls[call.method];
            ++all;
            ++sent;
            limited += call.http_status == 429 ? 1 : 0;
            refused += call.http_status == 429 ? 1 : 0;
        }
        const bool is_judged = plan_.between > Duration::zero() && took >= 60;
        bool is_modest = !is_judged || refused == 0;
        std::printf("calls to Slack %d (%.1f a minute), refused with 429: %d\n", sent,
                    sent * 60.0 / std::max(1.0, took), refused);
        for (const auto& [method, counts] : calls) {
            const double a_minute = counts.first * 60.0 / std::max(1.0, took);
            const double allowed = sandbox::calls_a_minute(method) * plan_.share;
            const bool is_much = is_judged && allowed > 0 && a_minute > allowed / 2;
            const std::string limit = allowed > 0 ? " of " + std::to_string(std::lround(allowed)) + " allowed" : "";
            std::printf("  %-40s %5d  (%.1f a minute%s)  429: %d%s\n", method.c_str(), counts.first, a_minute,
                        limit.c_str(), counts.second, is_much ? "  MORE THAN HALF" : "");
            is_modest = is_modest && !is_much;
        }
        return is_modest;
    }

    Plan plan_;
    asio::io_context context_;
    TaskGroup tasks_;
    std::unique_ptr<sandbox::SlackServer> slack_;
    std::unique_ptr<sandbox::GenieServer> genie_;
    std::unique_ptr<test::PostgresServer> database_;
    std::map<std::pair<std::string, std::string>, Question> questions_;
    std::map<std::pair<std::string, std::string>, std::string> answers_;  // ts of the message
    int answered_ = 0;
    int doubled_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    const std::string form = argc > 2 ? argv[2] : "";
    if (form != "burst" && form != "steady" && form != "stored") {
        std::fprintf(stderr, "usage: %s PROGRAM burst|steady|stored [arguments]\n", argv[0]);
        return 2;
    }
    const auto number = [&](int index, int usual) { return argc > index ? std::atoi(argv[index]) : usual; };
    Plan plan;
    plan.stored = form == "stored";
    if (form == "burst") {
        plan.questions = number(3, 200);
        plan.channels = number(4, 50);
        plan.genie = std::chrono::milliseconds(number(5, 3000));
    } else {
        const int per_minute = number(3, 20);
        const double minutes = argc > 4 ? std::atof(argv[4]) : 10;
        plan.questions = std::max(1, static_cast<int>(per_minute * minutes));
        plan.channels = 20;
        plan.between = Duration(1min) / per_minute;
        plan.genie = std::chrono::milliseconds(number(5, 15000));
    }
    plan.share = argc > 6 ? std::atof(argv[6]) : 1;
    log::Settings quiet;
    quiet.level = log::Level::error;
    log::use(quiet);
    Load load(plan);
    return load.run(argv[1]);
}
