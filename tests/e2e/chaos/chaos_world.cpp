#include "tests/e2e/chaos/chaos_world.hpp"

#include "storage/types.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>

namespace genie_slack::test {

namespace {

constexpr const char* kRole = "chaos";
constexpr const char* kPassword = "chaos";

sandbox::GenieOptions genie_of(const ChaosOptions& options) {
    sandbox::GenieOptions genie = quick_genie(options.spaces);
    genie.status_time = options.status_time;
    return genie;
}

// Delivers for as long as it takes: what is lost here is lost by us.
sandbox::SlackOptions slack_of(const ChaosOptions& options) {
    sandbox::SlackOptions slack;
    slack.seed = options.seed;
    slack.enterprise_id = options.enterprise_id;
    slack.ack_timeout = 2s;
    slack.rate_share = options.rate_share;
    slack.retry_after = std::vector<Duration>(600, Duration(400ms));
    return slack;
}

bool lengthy_form() {
    const char* form = std::getenv("GENIE_SLACK_CHAOS");
    return form && std::string(form) == "long";
}

bool is_answer(const sandbox::SlackMessage& message) {
    return BotWorld::shown(message).find("rate_answer") != std::string::npos;
}

}  // namespace

ChaosWorld::ChaosWorld(const ChaosOptions& options)
    : options_(options), random_(options.seed), world_(genie_of(options), slack_of(options)) {
    database_.create_role(kRole, kPassword);
    database_.create_database(kDatabase, kRole);
    if (options_.pooled)
        pooler_ = std::make_unique<PostgresPooler>(database_, kRole, kPassword, 4);
    world_.slack().on_change([this](const boost::json::object& change) { note(change); });
    bots_.resize(static_cast<std::size_t>(options.processes));
    for (int i = 0; i < options.processes; ++i)
        start_process(i);
}

ChaosWorld::~ChaosWorld() = default;

void ChaosWorld::start_process(int number) {
    auto variables = world_.environment();
    variables["IS_LOCAL"] = "false";
    variables["PGHOST"] = "127.0.0.1";
    variables["PGPORT"] = std::to_string(pooler_ ? pooler_->port() : database_.port());
    variables["PGUSER"] = kRole;
    variables["PGPASSWORD"] = kPassword;
    variables["PGDATABASE"] = kDatabase;
    variables["PGSSLMODE"] = "require";
    variables["SLACK_CONNECTIONS"] = "1";
    variables["GENIE_QUESTIONS_PER_MINUTE"] = "6000";  // what a 429 teaches would slow everything down
    variables["LEASE_SECONDS"] = std::to_string(options_.lease_seconds);
    for (const auto& [name, value] : options_.settings)
        variables[name] = value;
    bots_[static_cast<std::size_t>(number)] = std::make_unique<ChildProcess>(
        GENIE_SLACK_BINARY, std::vector<std::string>{"--env-file", "/dev/null"}, std::move(variables));
}

void ChaosWorld::kill_process(int number) {
    auto& bot = bots_[static_cast<std::size_t>(number)];
    if (!bot)
        return;
    if (bot->exit_code())
        deaths_.push_back("a process ended by itself with " + std::to_string(*bot->exit_code()));
    bot->signal(SIGKILL);
    world_.wait([&] { return bot->exit_code().has_value(); });
    earlier_logs_ += "--- killed\n" + bot->output();
    bot.reset();
}

int ChaosWorld::stop_process(int number) {
    auto& bot = bots_[static_cast<std::size_t>(number)];
    bot->signal(SIGTERM);
    world_.wait([&] { return bot->exit_code().has_value(); });
    const int code = bot->exit_code().value_or(-1);
    earlier_logs_ += "--- stopped\n" + bot->output();
    bot.reset();
    return code;
}

void ChaosWorld::pause_process(int number, bool pause) {
    bots_[static_cast<std::size_t>(number)]->signal(pause ? SIGSTOP : SIGCONT);
}

bool ChaosWorld::works_as(int number, const std::string& owner) const {
    return bots_[static_cast<std::size_t>(number)]->output().find(owner) != std::string::npos;
}

void ChaosWorld::pass(Duration duration, bool asking) {
    const TimePoint end = Clock::now() + duration;
    world_.wait(
        [&] {
            for (std::size_t left = open(); asking && left < static_cast<std::size_t>(options_.max_open); ++left)
                ask();
            return Clock::now() >= end;
        },
        duration + 30s);
}

bool ChaosWorld::wait_for_answers() {
    return world_.wait([&] { return open() == 0; }, options_.limit);
}

void ChaosWorld::ask() {
    Question question;
    question.text = "Question " + std::to_string(asked_.size() + 1) + ": what was revenue by region?";
    const std::string said = world_.mention() + question.text;
    if (threads_.size() < static_cast<std::size_t>(options_.threads)) {
        // A channel each: Slack takes one message a second in a channel.
        sandbox::SlackChannel channel;
        channel.id = "C0CHAOS" + std::to_string(threads_.size());
        channel.name = "chaos-" + std::to_string(threads_.size());
        channel.bot_is_member = true;
        question.channel = world_.slack().add_channel(channel).id;
        question.ts = world_.slack().say(world_.person(), question.channel, said);
        question.thread = question.ts;
        threads_.emplace_back(question.channel, question.ts);
    } else {
        const auto& [channel, thread] = threads_[random_.between(0, threads_.size() - 1)];
        question.channel = channel;
        question.thread = thread;
        question.ts = world_.slack().say(world_.person(), channel, said, thread);
    }
    asked_.push_back(std::move(question));
}

std::vector<sandbox::SlackMessage> ChaosWorld::answers_in(const std::string& channel, const std::string& thread) const {
    auto messages = world_.answers(channel, thread);
    std::erase_if(messages, [](const sandbox::SlackMessage& message) { return !message.ephemeral_for.empty(); });
    return messages;
}

std::size_t ChaosWorld::open() const {
    return asked_.size() - std::min(asked_.size(), ended_.size());
}

// Counted as they come: looking through thousands of messages again and again would starve everything else here.
void ChaosWorld::note(const boost::json::object& change) {
    const auto* message = change.if_contains("message");
    if (!message || !message->is_object())
        return;
    const auto* from_bot = message->as_object().if_contains("bot_id");
    if (!from_bot || boost::json::serialize(*message).find("rate_answer") == std::string::npos)
        return;
    ended_.insert({std::string(change.at("channel").as_string()), std::string(message->at("ts").as_string())});
}

std::vector<std::string> ChaosWorld::check(bool failures_allowed) {
    std::vector<std::string> problems = deaths();
    const auto expect = [&](bool holds, const std::string& problem) {
        if (!holds)
            problems.push_back(problem);
    };
    // Slack: as many messages of ours as questions, each of them an answer.
    for (const auto& [channel, thread] : threads_) {
        const auto questions = static_cast<std::size_t>(std::count_if(
            asked_.begin(), asked_.end(), [&](const Question& question) { return question.thread == thread; }));
        const auto answers = answers_in(channel, thread);
        expect(answers.size() == questions, "thread " + thread + ": " + std::to_string(questions) + " questions, " +
                                                std::to_string(answers.size()) + " messages of the bot");
        for (const auto& answer : answers)
            expect(failures_allowed || is_answer(answer), "thread " + thread + ": no answer but: " + answer.text);
    }
    for (const std::string& violation : world_.slack().violations())
        problems.push_back("Slack's protocol: " + violation);

    // Genie: every question once, all of a thread in one conversation.
    std::map<std::string, int> seen;
    std::map<std::string, std::string> conversations;
    for (const auto& question : world_.genie().questions()) {
        ++seen[question.content];
        conversations[question.content] = question.conversation_id;
    }
    std::map<std::string, std::set<std::string>> of_thread;
    for (const Question& question : asked_) {
        expect(seen[question.text] == 1 || (failures_allowed && seen[question.text] == 0),
               "Genie saw " + std::to_string(seen[question.text]) + " times: " + question.text);
        of_thread[question.thread].insert(conversations[question.text]);
    }
    for (const auto& [thread, ids] : of_thread)
        expect(failures_allowed || ids.size() == 1,
               "thread " + thread + " has " + std::to_string(ids.size()) + " conversations");

    // The database: every turn finished, with all its steps in order, and nothing parked.
    const auto count = [&](const std::string& sql) { return std::atoll(database_.value(kDatabase, sql).c_str()); };
    expect(count("SELECT count(*) FROM genie_app.turns") == static_cast<long long>(asked_.size()),
           "turns stored: " + std::to_string(count("SELECT count(*) FROM genie_app.turns")) + " of " +
               std::to_string(asked_.size()));
    for (const auto& row : database_.query(
             kDatabase, "SELECT id, state, failure FROM genie_app.turns WHERE state <> 'delivered' ORDER BY sequence"))
        expect(failures_allowed && row[1] == "failed", "turn " + row[0] + " is " + row[1] + " (" + row[2] + ")");
    std::map<std::string, std::string> steps;  // id -> time
    for (const auto& row : database_.query(kDatabase, "SELECT id, \"createdAt\" FROM genie_app.steps"))
        steps[row[0]] = row[1];
    for (const auto& row : database_.query(kDatabase, "SELECT id FROM genie_app.turns WHERE state = 'delivered'")) {
        std::string before;
        for (const char* role : {"user_message", "run", "tool", "assistant_message"}) {
            const std::string time = steps[storage::step_id(row[0], role)];
            expect(!time.empty() && before < time, "turn " + row[0] + ": step " + role + " at '" + time + "'");
            before = time;
        }
    }
    for (const auto& row : database_.query(kDatabase, "SELECT kind, turn_id, detail FROM genie_app.dead_letters"))
        expect(failures_allowed, "dead letter: " + row[0] + " " + row[1] + " " + row[2]);
    return problems;
}

bool ChaosWorld::was_slow_to_tell() const {
    const std::string all = logs();
    for (const char* call : {"method=users.info code=timeout", "method=conversations.info code=timeout"})
        if (all.find(call) != std::string::npos)
            return true;
    return false;
}

std::vector<std::string> ChaosWorld::deaths() const {
    std::vector<std::string> all = deaths_;
    for (const auto& bot : bots_)
        if (bot && bot->exit_code())
            all.push_back("a process ended by itself with " + std::to_string(*bot->exit_code()));
    return all;
}

std::string ChaosWorld::logs() const {
    std::string all = earlier_logs_;
    for (const auto& bot : bots_)
        if (bot)
            all += "--- running\n" + bot->output();
    return all;
}

void run_chaos(ChaosWorld& chaos, int strikes, const std::function<void(int)>& strike,
               const std::function<bool()>& enough) {
    INFO("GENIE_SLACK_CHAOS_SEED=" << chaos.options().seed << " replays this");
    for (int i = 0; i < strikes && !enough(); ++i) {
        if (lengthy_form())
            std::cerr << "strike " << i << ": " << chaos.asked() << " questions, " << chaos.open() << " open\n";
        chaos.pass(std::chrono::milliseconds(chaos.random().between(100, 3000)));
        strike(i);
    }
    for (int i = 0; i < chaos.options().processes; ++i)
        if (!chaos.is_running(i))
            chaos.start_process(i);
    const bool answered = chaos.wait_for_answers();
    // The last record may follow the last message by a moment.
    chaos.world().wait(
        [&] {
            return chaos.database().value("chats",
                                          "SELECT count(*) FROM genie_app.turns WHERE state NOT IN ('delivered', "
                                          "'failed')") == "0";
        },
        30s);
    // A stream that Slack began too late is taken away within a minute.
    chaos.world().wait([&] { return chaos.check().empty(); }, 70s);
    const auto problems = chaos.check();
    std::string report;
    for (const std::string& problem : problems)
        report += problem + "\n";
    INFO((answered && report.empty() ? "" : chaos.logs()));
    INFO(report);
    INFO(chaos.asked() << " questions, " << chaos.open() << " open, " << problems.size() << " problems");
    CHECK(answered);
    CHECK(problems.empty());
    CHECK((enough() || chaos.asked() >= static_cast<std::size_t>(strikes) / 4));
}

int chaos_strikes(int brief, int lengthy) {
    if (lengthy_form())
        return lengthy;
    const char* form = std::getenv("GENIE_SLACK_CHAOS");
    return form && std::string(form) == "ci" ? std::max(brief, lengthy / 6) : brief;
}

std::uint64_t chaos_seed(std::uint64_t usual) {
    const char* given = std::getenv("GENIE_SLACK_CHAOS_SEED");
    return given ? std::strtoull(given, nullptr, 10) : usual;
}

}  // namespace genie_slack::test
