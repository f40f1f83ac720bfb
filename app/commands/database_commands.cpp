#include "app/commands/database_commands.hpp"

#include "app/commands/database_entry.hpp"
#include "core/log.hpp"
#include "storage/lakebase/migrations.hpp"
#include "storage/lakebase/session.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <vector>

namespace genie_slack::commands {

namespace lakebase = storage::lakebase;

namespace {

constexpr int kCleanupThreads = 10'000;
constexpr Duration kStatementTime = std::chrono::minutes(30);  // cleaning a large database takes its time

// For people one plain line, for machines JSON like everything else.
int fail(const Config& config, const std::string& problem) {
    if (config.log.format == log::Format::json) {
        log::stop();  // the line goes to standard error
        log::error("command.failed", {{"error", problem}});
    } else {
        std::fprintf(stderr, "genie-slack: %s\n", redact(problem).c_str());
    }
    return 1;
}

int with_session(const Config& config,
                 const std::function<int(lakebase::Session&, const storage::DatabaseSettings&)>& body) {
    try {
        DatabaseEntry entry(config, kStatementTime);
        const auto session = entry.open();
        // The bot's own statements look rows up by key; these read whole tables. Behind a pooler nothing was set.
        if (!session->is_pooled())
            session->query("RESET enable_seqscan; RESET jit");
        return body(*session, entry.settings());
    } catch (const lakebase::SqlError& error) {
        const bool incomplete = error.error_class() == lakebase::ErrorClass::schema;
        return fail(
            config,
            std::string(error.what()) +
                (incomplete ? ": the schema is missing or older than this program; run genie-slack migrate" : ""));
    } catch (const std::exception& error) {
        return fail(config, error.what());
    }
}

// Throws when `text` is no time span of a day or more.
void check_time_span(lakebase::Session& session, const std::string& text) {
    constexpr const char* kExample = "; write for instance \"180 days\" or \"6 months\"";
    std::string long_enough;
    try {
        long_enough =
            session.query("SELECT " + lakebase::quote_text(text) + "::interval >= interval '1 day'").at(0).at(0);
    } catch (const lakebase::SqlError& error) {
        if (error.error_class() != lakebase::ErrorClass::bad_row)
            throw;
        throw std::runtime_error("--older-than is no time span" + std::string(kExample));
    }
    if (long_enough != "t")
        throw std::runtime_error("--older-than is less than a day" + std::string(kExample));
}

std::string chat_object(const storage::DatabaseSettings& settings, const std::string& name) {
    return lakebase::quote_name(settings.chat_schema) + "." + name;
}

// Columns as wide as their widest value.
void print_table(const std::vector<std::string>& header, const lakebase::Session::Rows& rows) {
    std::vector<std::size_t> widths;
    for (const std::string& name : header)
        widths.push_back(name.size());
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    const auto print_row = [&](const std::vector<std::string>& row) {
        std::string line;
        for (std::size_t i = 0; i < widths.size(); ++i) {
            const std::string value = row[i].empty() ? "-" : row[i];
            line += value + std::string(widths[i] + 2 - std::min(widths[i] + 1, value.size()), ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        std::printf("%s\n", line.c_str());
    };
    print_row(header);
    for (const auto& row : rows)
        print_row(row);
}

}  // namespace

int migrate(const Config& config, bool check_only) {
    return with_session(config, [&](lakebase::Session& session, const storage::DatabaseSettings& settings) {
        if (check_only) {
            const lakebase::SchemaState state = lakebase::schema_state(session, settings);
            std::printf("schema version %d%s\n", state.version, state.is_newer ? ", newer than this program" : "");
            for (const std::string& name : state.pending)
                std::printf("pending: %s\n", name.c_str());
            return state.pending.empty() ? 0 : 1;
        }
        const std::vector<std::string> applied = lakebase::migrate(session, settings);
        for (const std::string& name : applied)
            std::printf("applied: %s\n", name.c_str());
        std::printf("schema version %d\n", lakebase::schema_state(session, settings).version);
        return 0;
    });
}

int cleanup(const Config& config, const std::string& older_than, bool dry_run) {
    return with_session(config, [&](lakebase::Session& session, const storage::DatabaseSettings& settings) {
        check_time_span(session, older_than);
        // Each call is a transaction, of limited size. A dry run counts everything at once.
        const std::string call = "SELECT deleted_threads, deleted_steps, deleted_elements, deleted_feedbacks FROM " +
                                 chat_object(settings, "cleanup_old_conversations") + "(" +
                                 lakebase::quote_text(older_than) + "::interval, " +
                                 (dry_run ? "NULL, true)" : std::to_string(kCleanupThreads) + ")");
        std::vector<std::int64_t> sums(4);
        for (bool more = true; more;) {
            const auto row = session.query(call).at(0);
            for (std::size_t i = 0; i < sums.size(); ++i)
                sums[i] += std::atoll(row.at(i).c_str());
            more = !dry_run && row.at(0) != "0";
        }
        lakebase::Session::Rows deleted(1);
        for (const std::int64_t sum : sums)
            deleted[0].push_back(std::to_string(sum));
        std::printf(dry_run ? "would be deleted, without activity for %s:\n" : "deleted, without activity for %s:\n",
                    older_than.c_str());
        print_table({"threads", "steps", "elements", "feedbacks"}, deleted);
        const auto orphaned =
            session.query("SELECT orphaned_steps, orphaned_feedbacks, orphaned_elements FROM " +
                          chat_object(settings, "cleanup_orphaned_records") + (dry_run ? "(true)" : "()"));
        std::printf(dry_run ? "would be deleted, without a thread:\n" : "deleted, without a thread:\n");
        print_table({"steps", "feedbacks", "elements"}, orphaned);
        if (!dry_run)
            session.query("SELECT * FROM " + chat_object(settings, "update_table_statistics") + "()");
        return 0;
    });
}

int stats(const Config& config, int days) {
    return with_session(config, [&](lakebase::Session& session, const storage::DatabaseSettings& settings) {
        const auto count_of = [&](const char* table) {
            return "(SELECT count(*) FROM " + chat_object(settings, table) + ")";
        };
        print_table({"users", "threads", "questions", "answers", "errors", "ratings"},
                    session.query("SELECT " + count_of("users") + ", " + count_of("threads") +
                                  ", count(*) FILTER (WHERE type = 'user_message'),"
                                  " count(*) FILTER (WHERE type = 'assistant_message'),"
                                  " count(*) FILTER (WHERE type = 'assistant_message' AND \"isError\"), " +
                                  count_of("feedbacks") + " FROM " + chat_object(settings, "steps")));
        std::printf("\n");
        print_table({"day", "threads", "users", "steps", "errors", "error %", "seconds", "p95", "feedback"},
                    session.query("SELECT metric_date, daily_conversations, daily_active_users, daily_interactions,"
                                  " daily_errors, error_rate_percent, avg_response_time_seconds,"
                                  " p95_response_time_seconds, daily_avg_feedback_score FROM " +
                                  chat_object(settings, "performance_dashboard_view") +
                                  " ORDER BY metric_date DESC LIMIT " + std::to_string(days)));
        return 0;
    });
}

int health(const Config& config) {
    return with_session(config, [&](lakebase::Session& session, const storage::DatabaseSettings& settings) {
        const auto rows = session.query("SELECT alert_level, alert_message, metric_value, threshold_value FROM " +
                                        chat_object(settings, "system_health_check") + "()");
        print_table({"level", "check", "value", "threshold"}, rows);
        return std::any_of(rows.begin(), rows.end(),
                           [](const auto& row) { return row.at(0) == "WARNING" || row.at(0) == "CRITICAL"; })
                   ? 1
                   : 0;
    });
}

}  // namespace genie_slack::commands
