// How fast turns are recorded in a real, durable PostgreSQL: one caller alone, and 64 that wait at a time, against the
// direct path (one statement for each row) and against pgbench with the same rows in batches of 100. Only ratios of one
// run mean something: the time of a disk flush swings with the machine.
#include "core/random.hpp"
#include "storage/lakebase/migrations.hpp"
#include "storage/lakebase/row_codec.hpp"
#include "storage/lakebase/session.hpp"
#include "storage/lakebase/turn_columns.hpp"
#include "storage/lakebase_storage.hpp"
#include "tests/support/postgres.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

using namespace genie_slack;
using namespace genie_slack::storage;
namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr const char* kRole = "bench";
constexpr const char* kPassword = "bench";
constexpr int kSessions = 4;
constexpr int kWriters = 64;
constexpr int kBatch = 100;
constexpr int kRounds = 3;
constexpr Duration kRoundTime = std::chrono::seconds(3);

struct Rate {
    double rows_per_second = 0;
    Duration median{};
    Duration p99{};
};

Rate rate_of(std::vector<Duration> times, Duration took) {
    std::sort(times.begin(), times.end());
    Rate rate;
    rate.rows_per_second = static_cast<double>(times.size()) / std::chrono::duration<double>(took).count();
    rate.median = times[times.size() / 2];
    rate.p99 = times[times.size() * 99 / 100];
    return rate;
}

DatabaseSettings settings_of(const test::PostgresServer& server) {
    DatabaseSettings settings;
    settings.host = "127.0.0.1";
    settings.port = server.port();
    settings.user = kRole;
    settings.database = "bench";
    settings.sslrootcert = server.ca_file();
    settings.sslmode = "verify-full";
    return settings;
}

Login login() {
    Login login;
    login.password = Secret(kPassword);
    return login;
}

Turn make_turn(const std::string& channel) {
    Turn turn;
    turn.thread = ThreadKey("T1", channel, "100.000001");
    turn.question_ts = "101.000001";
    turn.id = turn_id(turn.thread, turn.question_ts);
    turn.user = "U1";
    turn.question = "What was revenue by region?";
    turn.received_at = wall_now();
    return turn;
}

// One step forward with one row: what most writes of a turn are.
ChatRows answer_rows(const Turn& turn) {
    ChatRows rows;
    Step& step = rows.steps.emplace_back();
    step.id = step_id(turn.id, "assistant_message");
    step.name = "Genie";
    step.type = "assistant_message";
    step.thread_id = thread_id(turn.thread);
    step.output = std::string(300, 'x');
    step.created_at = format_utc(turn.received_at);
    step.metadata = {{"latency_ms", 1234}, {"genie", {{"conversation_id", "01f0"}}}};
    return rows;
}

ChatRows first_rows(const Turn& turn) {
    ChatRows rows;
    Thread& thread = rows.threads.emplace_back();
    thread.id = thread_id(turn.thread);
    thread.created_at = format_utc(turn.received_at);
    thread.name = turn.question;
    return rows;
}

// A turn that is leased for the whole run.
struct Leased {
    Turn turn;
    Lease lease;
};

json::object store_call(const Leased& leased, const std::string& key) {
    json::object call;
    call["key"] = key;
    call["token"] = leased.lease.token;
    call["turn"] = lakebase::encode(leased.turn);
    call["has_rows"] = true;
    return call;
}

std::string rows_of(const Leased& leased) {
    return lakebase::rows_text(leased.turn.id, answer_rows(leased.turn), true);
}

asio::awaitable<void> lease_turn(Storage& storage, std::string channel, std::vector<Leased>& leased) {
    const Deadline deadline = Deadline::after(std::chrono::minutes(1));
    const Turn turn = make_turn(channel);
    auto rows = first_rows(turn);
    (co_await storage.accept(turn, "", std::move(rows), deadline)).value();
    auto claim = co_await storage.claim(turn.id, "bench", std::chrono::hours(24), deadline);
    leased.push_back({claim.value()->turn, claim.value()->lease});
}

asio::awaitable<void> start(Storage& storage) {
    (co_await storage.start(Deadline::after(std::chrono::minutes(1)))).value();
}

asio::awaitable<void> write_until(Storage& storage, const Leased& leased, TimePoint end, std::vector<Duration>& times) {
    while (Clock::now() < end) {
        const TimePoint begun = Clock::now();
        auto rows = answer_rows(leased.turn);
        auto kept = co_await storage.advance(leased.lease, leased.turn, std::move(rows),
                                             Deadline::after(std::chrono::minutes(1)));
        if (!kept || !*kept) {
            std::fprintf(stderr, "a write was refused\n");
            std::exit(1);
        }
        times.push_back(Clock::now() - begun);
    }
}

void run_all(asio::io_context& context, std::vector<asio::awaitable<void>> tasks) {
    std::size_t left = tasks.size();
    for (auto& task : tasks)
        asio::co_spawn(context, std::move(task), [&](std::exception_ptr failure) {
            --left;
            if (failure)
                std::rethrow_exception(failure);
        });
    context.restart();
    while (left > 0)
        context.run_one();
}

Rate through_storage(asio::io_context& context, Storage& storage, const std::vector<Leased>& leased, int writers) {
    std::vector<Duration> times;
    const TimePoint begun = Clock::now();
    std::vector<asio::awaitable<void>> tasks;
    for (int i = 0; i < writers; ++i)
        tasks.push_back(write_until(storage, leased[static_cast<std::size_t>(i)], begun + kRoundTime, times));
    run_all(context, std::move(tasks));
    return rate_of(std::move(times), Clock::now() - begun);
}

// One statement for each row, on so many sessions side by side.
Rate direct(const DatabaseSettings& settings, const std::vector<Leased>& leased, int sessions) {
    std::vector<std::vector<Duration>> times(static_cast<std::size_t>(sessions));
    std::vector<std::jthread> threads;
    std::vector<std::unique_ptr<lakebase::Session>> connections;
    for (int i = 0; i < sessions; ++i)
        connections.push_back(std::make_unique<lakebase::Session>(settings, login()));
    const TimePoint begun = Clock::now();
    for (int i = 0; i < sessions; ++i)
        threads.emplace_back([&, i] {
            Random random;
            for (std::size_t n = static_cast<std::size_t>(i); Clock::now() < begun + kRoundTime;
                 n += static_cast<std::size_t>(sessions)) {
                const TimePoint start_of_one = Clock::now();
                const Leased& one = leased[n % leased.size()];
                lakebase::BatchText batch;
                batch.calls = "[" + json::serialize(store_call(one, random.uuid())) + "]";
                batch.rows = "[" + rows_of(one) + "]";
                connections[static_cast<std::size_t>(i)]->call(lakebase::statements::store_turns, batch);
                times[static_cast<std::size_t>(i)].push_back(Clock::now() - start_of_one);
            }
        });
    threads.clear();
    std::vector<Duration> all;
    for (const auto& some : times)
        all.insert(all.end(), some.begin(), some.end());
    return rate_of(std::move(all), Clock::now() - begun);
}

// Rows per second of pgbench with two clients, whose batches lie in a table as text.
double pgbench(test::PostgresServer& server, const std::string& programs) {
    const std::string script = server.socket_directory() + "/script.sql";
    {
        std::ofstream file(script);
        file << "BEGIN;\n";
        for (const auto& [name, column] : {std::pair("lock_for_store", "calls"), std::pair("store_turns", "calls"),
                                           std::pair("write_chat_rows", "chat_rows")}) {
            std::string text = lakebase::statement_text(name, "genie_app");
            const std::string batch_text =
                "(SELECT " + std::string(column) + "::jsonb FROM batches WHERE id = :client_id)";
            for (std::size_t at = 0; (at = text.find("$1", at)) != std::string::npos; at += batch_text.size())
                text.replace(at, 2, batch_text);
            std::replace(text.begin(), text.end(), '\n', ' ');
            file << text << ";\n";
        }
        file << "COMMIT;\n";
    }
    const std::string command = "PGOPTIONS='-c search_path=genie_app,public' " + programs +
                                "/pgbench -n -M prepared -c 2 -j 2 -T 3 -f " + script + " -h " +
                                server.socket_directory() + " -p " + std::to_string(server.port()) +
                                " -U postgres bench 2>&1";
    FILE* output = popen(command.c_str(), "r");
    double batches = 0;
    char line[512];
    while (output && std::fgets(line, sizeof(line), output))
        std::sscanf(line, "tps = %lf", &batches);
    if (!output || pclose(output) != 0 || batches == 0) {
        std::fprintf(stderr, "pgbench did not run\n");
        std::exit(1);
    }
    return batches * kBatch;
}

double median_of(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void print(const char* what, const Rate& rate) {
    std::printf("%-34s %8.0f rows/s  p50 %6.2f ms  p99 %6.2f ms\n", what, rate.rows_per_second,
                std::chrono::duration<double, std::milli>(rate.median).count(),
                std::chrono::duration<double, std::milli>(rate.p99).count());
}

}  // namespace

int main() {
    test::PostgresServer server({{"fsync", "on"}, {"shared_buffers", "128MB"}});
    server.create_role(kRole, kPassword);
    server.create_database("bench", kRole);
    const DatabaseSettings settings = settings_of(server);

    asio::io_context context;
    LakebaseOptions options;
    options.database = settings;
    options.sessions = kSessions;
    const auto storage =
        create_lakebase_storage(context.get_executor(), options,
                                [](bool, const std::function<void(StorageResult<Login>)>& done) { done(login()); });
    std::vector<Leased> leased;
    std::vector<Leased> leased_by_pgbench;
    std::vector<asio::awaitable<void>> first;
    first.push_back(start(*storage));
    run_all(context, std::move(first));
    std::vector<asio::awaitable<void>> leasing;
    for (int i = 0; i < kWriters; ++i)
        leasing.push_back(lease_turn(*storage, "C" + std::to_string(i), leased));
    for (int i = 0; i < 2 * kBatch; ++i)
        leasing.push_back(lease_turn(*storage, "P" + std::to_string(i), leased_by_pgbench));
    run_all(context, std::move(leasing));
    server.query("bench", "CREATE TABLE batches (id int PRIMARY KEY, calls text, chat_rows text)");
    for (int client = 0; client < 2; ++client) {
        json::array batch;
        std::string rows;
        for (int i = 0; i < kBatch; ++i) {
            const Leased& one = leased_by_pgbench[static_cast<std::size_t>(client * kBatch + i)];
            batch.push_back(store_call(one, "key"));
            rows += (rows.empty() ? "[" : ",") + rows_of(one);
        }
        server.query("bench", "INSERT INTO batches VALUES (" + std::to_string(client) + ", " +
                                  lakebase::quote_text(json::serialize(batch)) + ", " +
                                  lakebase::quote_text(rows + "]") + ")");
    }

    std::vector<double> alone;
    std::vector<double> grouped;
    std::vector<double> to_pgbench;
    for (int round = 0; round < kRounds; ++round) {
        const Rate one_direct = direct(settings, leased, 1);
        const Rate one_stored = through_storage(context, *storage, leased, 1);
        const Rate many_direct = direct(settings, leased, kSessions);
        const Rate many_stored = through_storage(context, *storage, leased, kWriters);
        const double reached = pgbench(server, server.programs());
        print("direct, 1 session", one_direct);
        print("storage, 1 caller", one_stored);
        print("direct, 4 sessions", many_direct);
        print("storage, 64 callers", many_stored);
        std::printf("%-34s %8.0f rows/s\n\n", "pgbench, 2 clients x 100 rows", reached);
        alone.push_back(std::chrono::duration<double>(one_stored.median) /
                        std::chrono::duration<double>(one_direct.median));
        grouped.push_back(many_stored.rows_per_second / many_direct.rows_per_second);
        to_pgbench.push_back(many_stored.rows_per_second / reached);
    }
    std::printf("one write alone / direct (p50):        %.2f  (at most 1.3)\n", median_of(alone));
    std::printf("64 callers / direct single rows:       %.2f  (at least 5)\n", median_of(grouped));
    std::printf("64 callers / pgbench, batches of 100:  %.2f  (at least 0.5)\n", median_of(to_pgbench));
    const bool holds = median_of(alone) <= 1.3 && median_of(grouped) >= 5 && median_of(to_pgbench) >= 0.5;
    std::printf("%s\n", holds ? "all hold" : "NOT ALL HOLD");
    return holds ? 0 : 1;
}
