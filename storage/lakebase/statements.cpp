#include "storage/lakebase/statements.hpp"

#include "storage/lakebase/sql_text.hpp"
#include "storage/lakebase/turn_columns.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace genie_slack::storage::lakebase {

// Compiled in by the build (EmbedFiles.cmake).
std::vector<std::pair<std::string_view, std::string_view>> statement_files();

namespace {

constexpr std::string_view kEnding = ".sql";

// Processes whose lock has been gone for longer than it takes to get one back after a cut session.
constexpr const char* kDeadProcesses =
    "SELECT process.owner FROM genie_app.processes AS process "
    "WHERE process.missing_since <= clock_timestamp() - interval '1 second'";

// Of an unfinished `turn`, beside `dead` with the owners that are: nobody holds it, and nobody else its thread. A
// session may have its plan from a time when no turn was unfinished: CASE keeps that from being a walk through all that
// are now, once for each.
constexpr const char* kIsFree =
    "(turn.lease_token IS NULL OR turn.lease_until <= clock_timestamp() "
    "OR turn.lease_owner IN (SELECT dead.owner FROM dead)) "
    "AND NOT EXISTS ("
    "SELECT FROM genie_app.turns AS other "
    "WHERE other.team_id = turn.team_id AND other.channel_id = turn.channel_id "
    "AND other.thread_ts = turn.thread_ts AND other.id <> turn.id "
    "AND CASE WHEN other.state IN ('delivered', 'failed') THEN false "
    "ELSE other.sequence < turn.sequence "
    "OR (other.lease_token IS NOT NULL AND other.lease_until > clock_timestamp() "
    "AND other.lease_owner NOT IN (SELECT dead.owner FROM dead)) END)";

std::string lock_number(LockSpace space) {
    return std::to_string(static_cast<int>(space));
}

// Lines that are comments as a whole.
std::string without_comments(std::string_view text) {
    std::string kept;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
        const std::string_view line = text.substr(0, end);
        const std::size_t begin = line.find_first_not_of(' ');
        if (begin == std::string_view::npos || line.substr(begin, 2) != "--")
            kept += line;
        text.remove_prefix(end);
    }
    return kept;
}

}  // namespace

std::vector<std::string_view> statement_names() {
    std::vector<std::string_view> names;
    for (const auto& [file, text] : statement_files())
        names.push_back(file.substr(0, file.size() - kEnding.size()));
    return names;
}

std::string statement_text(std::string_view name, const std::string& chat_schema) {
    for (const auto& [file, text] : statement_files()) {
        if (file.substr(0, file.size() - kEnding.size()) != name)
            continue;
        const TurnColumnLists& turn = turn_column_lists();
        return fill_in(without_comments(text), {{"chat", quote_name(chat_schema)},
                                                {"accepted_columns", turn.accepted_columns},
                                                {"accepted_values", turn.accepted_values},
                                                {"stored_columns", turn.stored_columns},
                                                {"stored_values", turn.stored_values},
                                                {"thread_lock", lock_number(LockSpace::thread)},
                                                {"rating_lock", lock_number(LockSpace::rating)},
                                                {"message_lock", lock_number(LockSpace::message)},
                                                {"budget_lock", lock_number(LockSpace::budget)},
                                                {"process_lock", lock_number(LockSpace::process)},
                                                {"dead_processes", kDeadProcesses},
                                                {"is_free", kIsFree}});
    }
    throw std::logic_error("there is no statement " + std::string(name));
}

}  // namespace genie_slack::storage::lakebase
