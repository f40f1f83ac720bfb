// Several processes of the real binary on one real PostgreSQL, a person who asks without end, somebody who breaks
// things at random moments of a seeded plan, and a checker that compares what Slack and Genie saw with what is stored.
#pragma once

#include "core/random.hpp"
#include "tests/e2e/bot/bot_world.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/postgres_pooler.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace genie_slack::test {

struct ChaosOptions {
    std::uint64_t seed = 1;
    int processes = 1;
    int threads = 6;   // Slack threads that are asked in
    int max_open = 6;  // questions that are asked at a time
    int lease_seconds = 2;
    bool pooled = false;  // a transaction pooler stands before the database: no process holds a lock
    Duration status_time = std::chrono::milliseconds(60);  // of each of Genie's statuses
    Duration limit = std::chrono::seconds(60);             // for everything that was asked to be answered
    int spaces = 1;                                        // of Genie
    std::string enterprise_id;                             // of the Slack workspace, "" for none
    double rate_share = 1;                                 // of what Slack allows a bot; 0 lifts all limits
    std::map<std::string, std::string> settings;           // of the processes, beside those that every form needs
};

class ChaosWorld {
 public:
    static constexpr const char* kDatabase = "chats";

    explicit ChaosWorld(const ChaosOptions& options);
    ~ChaosWorld();

    void start_process(int number);
    void kill_process(int number);
    // SIGTERM, and waits for its end; the exit code.
    int stop_process(int number);
    void pause_process(int number, bool pause);
    bool is_running(int number) const { return bots_.at(static_cast<std::size_t>(number)) != nullptr; }

    // Whether that process is the one that owns leases by this name.
    bool works_as(int number, const std::string& owner) const;

    // Lets `duration` go by; people go on asking while `asking`.
    void pass(Duration duration, bool asking = true);
    // Until every question has its end.
    bool wait_for_answers();
    std::size_t asked() const { return asked_.size(); }
    std::size_t open() const;

    // Everything that is not as promised, a line each; empty when all is well. `failures_allowed`: a question may end
    // in a failure message instead of an answer.
    std::vector<std::string> check(bool failures_allowed = false);
    std::string logs() const;
    // Whether a process had to decide without knowing who somebody is: what Slack does not tell in time is no reason to
    // refuse.
    bool was_slow_to_tell() const;
    // Of processes, that nobody caused.
    std::vector<std::string> deaths() const;

    Random& random() { return random_; }
    BotWorld& world() { return world_; }
    PostgresServer& database() { return database_; }
    const ChaosOptions& options() const { return options_; }

 private:
    struct Question {
        std::string text;
        std::string channel;
        std::string thread;
        std::string ts;
    };

    void ask();
    void note(const boost::json::object& change);
    std::vector<sandbox::SlackMessage> answers_in(const std::string& channel, const std::string& thread) const;

    ChaosOptions options_;
    Random random_;
    PostgresServer database_;
    std::unique_ptr<PostgresPooler> pooler_;
    BotWorld world_;
    std::vector<std::unique_ptr<ChildProcess>> bots_;
    std::string earlier_logs_;
    std::vector<std::string> deaths_;
    std::vector<Question> asked_;
    std::set<std::pair<std::string, std::string>> ended_;       // channel, ts of answers
    std::vector<std::pair<std::string, std::string>> threads_;  // channel, ts of the first question
};

// A kill (or whatever `strike` does) at so many random moments, fewer when `enough` says so, and the checks afterwards.
// Prints the seed when they fail.
void run_chaos(
    ChaosWorld& chaos, int strikes, const std::function<void(int)>& strike,
    const std::function<bool()>& enough = [] { return false; });

// How many strikes: `brief` in ./test, `lengthy` with GENIE_SLACK_CHAOS=long, a sixth of it with "ci".
// GENIE_SLACK_CHAOS_SEED replays one seed.
int chaos_strikes(int brief, int lengthy);
std::uint64_t chaos_seed(std::uint64_t usual);

}  // namespace genie_slack::test
