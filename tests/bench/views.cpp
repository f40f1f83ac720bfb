// How fast the views, functions and statements are on a database of a year (big_database.sql): the best of some runs,
// in milliseconds, after each has been run before. Six figures have a goal; the program fails when one is missed.
#include "storage/lakebase/migrations.hpp"
#include "storage/lakebase/session.hpp"
#include "tests/support/postgres.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

using namespace genie_slack;
using namespace genie_slack::storage;

namespace {

constexpr const char* kRole = "bench";
constexpr const char* kPassword = "bench";
constexpr int kRuns = 5;
constexpr int kWaiting = 2000;  // turns, each in a thread of its own
constexpr double kNoGoal = 0;

std::string file_text(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

double milliseconds(const std::function<void()>& work) {
    const auto begun = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count();
}

class Bench {
 public:
    explicit Bench(lakebase::Session& session) : session_(session) {}

    void query(const std::string& what, const std::string& text, double goal = kNoGoal) {
        session_.query(text);
        std::vector<double> times;
        for (int i = 0; i < kRuns; ++i)
            times.push_back(milliseconds([&] { session_.query(text); }));
        print(what, *std::min_element(times.begin(), times.end()), goal);
    }

    // The median of calls that are each about something else.
    void calls(const std::string& what, const lakebase::Statement& statement, const std::vector<std::string>& batches,
               double goal = kNoGoal) {
        std::vector<double> times;
        for (const std::string& batch : batches)
            times.push_back(milliseconds([&] { session_.call(statement, {batch, "", ""}); }));
        std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
        print(what, times[times.size() / 2], goal);
    }

    bool holds() const { return holds_; }

 private:
    void print(const std::string& what, double time, double goal) {
        std::printf("%10.2f ms  %s", time, what.c_str());
        if (goal != kNoGoal)
            std::printf("  (goal: %g)%s", goal, time < goal ? "" : "  MISSED");
        std::printf("\n");
        std::fflush(stdout);
        holds_ = holds_ && (goal == kNoGoal || time < goal);
    }

    lakebase::Session& session_;
    bool holds_ = true;
};

void measure_views(Bench& bench) {
    const std::string newest = "SELECT * FROM chat_summary_view ";
    const std::string last = "ORDER BY conversation_start_time DESC LIMIT 50";
    bench.query("chat_summary_view, the newest fifty", newest + last, 50);
    bench.query("chat_summary_view, the same with NULLS LAST",
                newest + "ORDER BY conversation_start_time DESC NULLS LAST LIMIT 50", 50);
    bench.query("chat_summary_view, all of one e-mail", newest + "WHERE user_email = 'person77@example.com'");
    bench.query("chat_summary_view, the newest fifty of one e-mail",
                newest + "WHERE user_email = 'person77@example.com' " + last);
    bench.query("chat_summary_view, one day",
                newest +
                    "WHERE conversation_start_time >= date_trunc('day', now()) - interval '10 days' "
                    "AND conversation_start_time < date_trunc('day', now()) - interval '9 days'");
    bench.query("chat_summary_view, the newest fifty of one space",
                newest +
                    "WHERE EXISTS (SELECT FROM genie_app.turns q WHERE q.chat_thread_id = thread_id "
                    "AND q.space_id = 'space3') " +
                    last);
    bench.query("chat_summary_view, one conversation",
                newest + "WHERE thread_id = (SELECT \"id\" FROM threads LIMIT 1)");
    bench.query("performance_dashboard_view", "SELECT * FROM performance_dashboard_view", 500);
    bench.query("user_summary_view, one person",
                "SELECT * FROM user_summary_view WHERE user_id = 'person77@example.com'");
    bench.query("conversations_idle_since, 180 days",
                "SELECT count(*) FROM conversations_idle_since(now() - interval '180 days')", 1000);
    bench.query("system_health_check", "SELECT * FROM system_health_check()");
}

std::string claim(const std::string& turn) {
    return R"([{"key": "claim )" + turn + R"(", "turn_id": ")" + turn +
           R"(", "owner": "bench", "lease_us": 60000000, "process": "bench", "is_locked": true}])";
}

std::vector<std::string> claims(const std::string& prefix, int count) {
    std::vector<std::string> batches;
    for (int i = 1; i <= count; ++i)
        batches.push_back(claim(prefix + std::to_string(i)));
    return batches;
}

void measure_statements(Bench& bench, lakebase::Session& session) {
    namespace statements = lakebase::statements;
    const std::vector<std::string> recoverable(20, R"([{"limit": 50, "process": "bench", "judges": true}])");
    bench.calls("usage, which stats and the Home tab show", statements::usage, std::vector<std::string>(kRuns, "[{}]"));
    // Planned as a session does that has seen no waiting turn.
    bench.calls("claim_turns, of finished turns", statements::claim_turns, claims("turn", 10));
    bench.calls("recoverable_turns, none waits", statements::recoverable_turns, recoverable);
    session.query(
        "INSERT INTO genie_app.turns (id, team_id, channel_id, thread_ts, question_ts, chat_thread_id, user_id,"
        " channel_type, question, state, space_id, space_name, conversation_id, message_id, progress_ts, failure,"
        " received_at, accept_key, origin, audience, message_ts)"
        " SELECT 'waiting' || n, 'T1', 'W' || n % 50, 'w' || n, 'w' || n, gen_random_uuid(), 'U1', 'channel', 'q',"
        " 'received', '', '', '', '', '', '', now(), 'waiting' || n, 'mention', 'channel', 'w'"
        " FROM generate_series(1, " +
        std::to_string(kWaiting) + ") n");
    bench.calls("recoverable_turns, 2,000 wait", statements::recoverable_turns, recoverable, 0.5);
    bench.calls("claim_turns, 2,000 wait", statements::claim_turns, claims("waiting", 200), 0.5);
    std::vector<std::string> stops;
    for (int i = 1; i <= 200; ++i)
        stops.push_back(R"([{"turn_id": "waiting)" + std::to_string(i) + R"(", "user_id": "U1"}])");
    bench.calls("request_stops, 2,000 wait", statements::request_stops, stops, 0.5);
}

// The queries of a file, each with the comment's first line before it.
void measure_file(Bench& bench, const std::filesystem::path& path) {
    std::istringstream text(file_text(path));
    std::string title;
    std::string statement;
    for (std::string line; std::getline(text, line);) {
        if (statement.empty() && line.starts_with("--"))
            title += title.empty() ? line.substr(3) : "";
        else if (statement.empty() && line.empty())
            title.clear();
        else
            statement += line + "\n";
        if (line.ends_with(";")) {
            bench.query(path.filename().string() + ": " + title, statement);
            statement.clear();
            title.clear();
        }
    }
}

}  // namespace

int main() {
    test::PostgresServer server({{"shared_buffers", "512MB"}});
    server.create_role(kRole, kPassword);
    server.create_database("bench", kRole);
    DatabaseSettings settings;
    settings.host = "127.0.0.1";
    settings.port = server.port();
    settings.user = kRole;
    settings.database = "bench";
    settings.sslrootcert = server.ca_file();
    settings.sslmode = "verify-full";
    Login login;
    login.password = Secret(kPassword);
    const std::filesystem::path source = GENIE_SLACK_SOURCE_DIR;
    {
        lakebase::Session session(settings, login);
        lakebase::migrate(session, settings);
    }
    const double loaded = milliseconds([&] {
        server.query("bench", "SET search_path = genie_app; " + file_text(source / "tests/bench/big_database.sql"));
        server.query("bench", "VACUUM ANALYZE");
    });
    std::printf("PostgreSQL %s, %s, filled in %.0f s\n", server.value("bench", "SHOW server_version").c_str(),
                server.value("bench", "SELECT pg_size_pretty(pg_database_size('bench'))").c_str(), loaded / 1000);
    std::fflush(stdout);

    // The longest queries take longer than the bot gives a statement.
    lakebase::Session session(settings, login);
    session.query("SET search_path = genie_app; SET statement_timeout = 0");
    Bench bench(session);
    measure_views(bench);
    measure_statements(bench, session);
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(source / "sql/queries"))
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files)
        measure_file(bench, file);
    std::printf("%s\n", bench.holds() ? "all hold" : "NOT ALL HOLD");
    return bench.holds() ? 0 : 1;
}
