#include "app/commands/database_commands.hpp"

#include "app/commands/database_entry.hpp"
#include "core/log.hpp"
#include "storage/lakebase/migrations.hpp"
#include "storage/lakebase/schema_check.hpp"
#include "storage/lakebase/session.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <regex>
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
        const bool incomplete = error.fault() == lakebase::SqlFault::schema;
        return fail(
            config,
            std::string(error.what()) +
                (incomplete ? ": the schema is missing or older than this program; run genie-slack migrate" : ""));
    } catch (const std::exception& error) {
        return fail(config, error.what());
    }
}

// A day or more, in words that PostgreSQL reads as we mean them.
bool is_time_span(const std::string& text) {
    static const std::regex kSpan(R"(\s*([1-9][0-9]{0,4}\s*(day|week|month|year)s?\s*)+)");
    return text.size() <= 100 && std::regex_match(text, kSpan);
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

// Migrations that were applied do not make again what was dropped since.
int check_statements(const Config& config, lakebase::Session& session, const storage::DatabaseSettings& settings) {
    const std::string broken = lakebase::broken_statement(session, settings);
    return broken.empty() ? 0 : fail(config, broken + ": restore it from a backup; genie-slack check says more");
}

}  // namespace

int migrate(const Config& config, bool check_only) {
    return with_session(config, [&](lakebase::Session& session, const storage::DatabaseSettings& settings) {
        if (check_only) {
            const lakebase::SchemaState state = lakebase::schema_state(session, settings);
            std::printf("schema version %d%s\n", state.version, state.is_newer ? ", newer than this program" : "");
            for (const std::string& name : state.pending)
                std::printf("pending: %s\n", name.c_str());
            return state.pending.empty() ? check_statements(config, session, settings) : 1;
        }
        const std::vector<std::string> applied = lakebase::migrate(session, settings);
        for (const std::string& name : applied)
            std::printf("applied: %s\n", name.c_str());
        std::printf("schema version %d\n", lakebase::schema_state(session, settings).version);
        return check_statements(config, session, settings);
    });
}

int cleanup(const Config& config, const std::string& older_than, bool dry_run) {
    if (!is_time_span(older_than)) {
        fail(config,
             "--older-than is no time span of a day or more: write a number and days, weeks, months or years, for "
             "instance \"180 days\" or \"6 months\"");
        return 2;
    }
    return with_session(config, [&](lakebase::Session& session, const storage::DatabaseSettings& settings) {
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
        const auto people =
            session.query("SELECT deleted_users FROM " + chat_object(settings, "cleanup_old_people") + "(" +
                          lakebase::quote_text(older_than) + "::interval" + (dry_run ? ", true)" : ")"));
        std::printf(dry_run ? "would be deleted, of whom nothing is left:\n" : "deleted, of whom nothing is left:\n");
        print_table({"people"}, people);
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
        const auto table = [&](const char* name) { return chat_object(settings, name); };
        // A question that failed or was stopped has an answer that says so: the one is an error, and neither an answer.
        const std::string counts =
            " count(*) FILTER (WHERE st.type = 'user_message') AS questions,"
            " count(*) FILTER (WHERE st.type = 'assistant_message' AND st.\"isError\" IS NOT TRUE"
            " AND stopped.id IS NULL) AS answers,"
            " count(*) FILTER (WHERE st.type = 'assistant_message' AND st.\"isError\") AS errors";
        const std::string steps =
            table("steps") + " st LEFT JOIN (SELECT id FROM " + table("steps") +
            " WHERE type = 'run' AND metadata ->> 'error' IN ('stopped', 'edited', 'deleted')) stopped"
            " ON stopped.id = st.\"parentId\"";
        print_table({"users", "threads", "questions", "answers", "errors", "ratings"},
                    session.query("SELECT count(DISTINCT coalesce(asker.user_id::text, t.\"userId\"::text,"
                                  " t.\"userIdentifier\")) FILTER (WHERE st.type = 'user_message'),"
                                  " (SELECT count(*) FROM " +
                                  table("threads") + ")," + counts + ", (SELECT count(*) FROM " + table("feedbacks") +
                                  ") FROM " + steps + " JOIN " + table("threads") +
                                  " t ON t.id = st.\"threadId\" LEFT JOIN genie_app.people asker"
                                  " ON asker.team_id = st.metadata #>> '{slack,team}'"
                                  " AND asker.slack_user = st.metadata #>> '{slack,user}'"));
        std::printf("\n");
        // One day more than is shown is read, for texts in local time with an offset.
        print_table(
            {"day", "threads", "users", "questions", "answers", "errors", "error %", "seconds", "p95", "feedback"},
            session.query(
                "WITH counted AS (SELECT (" + table("iso_timestamp") +
                "(st.\"createdAt\") AT TIME ZONE 'UTC')::date AS day," + counts + " FROM " + steps +
                " WHERE st.\"createdAt\" >= to_char((now() AT TIME ZONE 'UTC')::date - 31, 'YYYY-MM-DD')"
                " GROUP BY 1) SELECT metric_date, daily_conversations, daily_active_users, coalesce(questions, 0),"
                " coalesce(answers, 0), coalesce(errors, 0),"
                " coalesce(round(100.0 * errors / nullif(answers + errors, 0), 2), 0), avg_response_time_seconds,"
                " p95_response_time_seconds, daily_avg_feedback_score FROM " +
                table("performance_dashboard_view") + " LEFT JOIN counted ON day = metric_date" +
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
