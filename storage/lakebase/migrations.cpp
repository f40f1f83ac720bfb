#include "storage/lakebase/migrations.hpp"

#include "core/log.hpp"
#include "storage/lakebase/checksum.hpp"
#include "storage/lakebase/migration_transaction.hpp"
#include "storage/lakebase/privileges.hpp"
#include "storage/lakebase/repeatables.hpp"
#include "storage/lakebase/schema_baseline.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>

namespace genie_slack::storage::lakebase {

// Compiled in by the build (EmbedFiles.cmake).
std::vector<std::pair<std::string_view, std::string_view>> migration_files();

namespace {

constexpr int kLockTries = 5;
constexpr std::size_t kLongestName = 63;  // in bytes, of PostgreSQL

std::vector<Migration> read_migrations() {
    std::vector<Migration> migrations;
    for (const auto& [file, sql] : migration_files()) {
        Migration& migration = migrations.emplace_back();
        const std::size_t underscore = file.find('_');
        migration.version = std::atoi(std::string(file.substr(0, underscore)).c_str());
        migration.name = file.substr(underscore + 1, file.size() - underscore - 1 - std::string_view(".sql").size());
        migration.checksum = sha256(sql);
        migration.sql = sql;
    }
    std::sort(migrations.begin(), migrations.end(), [](const auto& a, const auto& b) { return a.version < b.version; });
    return migrations;
}

std::string full_name(int version, std::string_view name) {
    std::string number = std::to_string(version);
    number.insert(0, 3 - std::min<std::size_t>(3, number.size()), '0');
    return number + "_" + std::string(name);
}

std::string full_name(const Migration& migration) {
    return full_name(migration.version, migration.name);
}

constexpr std::string_view kOwnersHint = "Their owner has to run: ";  // of the migrations' own errors

std::string with_statement(const std::string& text, const std::string& statement) {
    return statement.empty() ? text : text + "; run as an owner or administrator: " + statement;
}

std::string remedy_of(const SqlError& error, Session& session, const DatabaseSettings& settings) {
    if (error.fault() != SqlFault::privilege)
        return "";
    if (error.hint().starts_with(kOwnersHint))
        return error.hint().substr(kOwnersHint.size());
    try {
        return statement_for(session, settings, error.what());
    } catch (const SqlError&) {
        return "";
    }
}

// A privilege that is missing is told with its remedy; everything else passes.
[[noreturn]] void explain(const SqlError& error, Session& session, const DatabaseSettings& settings,
                          const std::string& what) {
    if (error.fault() == SqlFault::connection_lost || error.fault() == SqlFault::conflict)
        throw error;
    throw MigrationError(with_statement(what + ": " + error.what(), remedy_of(error, session, settings)));
}

void check_privileges(Session& session, const DatabaseSettings& settings, bool to_migrate) {
    std::string what;
    std::string statements;
    for (const MissingPrivilege& missing : missing_privileges(session, settings, to_migrate)) {
        what += (what.empty() ? "" : "; ") + missing.what;
        statements += (statements.empty() ? "" : " ") + missing.statement;
    }
    if (!what.empty())
        throw MigrationError(with_statement("the role " + settings.user + " lacks privileges: " + what, statements));
}

bool exists(Session& session, const std::string& regclass) {
    return session.query("SELECT to_regclass(" + quote_text(regclass) + ") IS NOT NULL").at(0).at(0) == "t";
}

bool schema_exists(Session& session, const std::string& name) {
    return !session.query("SELECT FROM pg_namespace WHERE nspname = " + quote_text(name)).empty();
}

bool can_read_version(Session& session) {
    return session
        .query(
            "SELECT FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = 'schema_version'"
            " WHERE n.nspname = 'genie_app' AND (NOT has_schema_privilege(n.oid, 'USAGE')"
            " OR NOT has_table_privilege(c.oid, 'SELECT'))")
        .empty();
}

// Which schema the chat tables were made in; "" when nobody knows yet. Before the baseline only the functions knew it.
std::string recorded_chat_schema(Session& session) {
    if (exists(session, "genie_app.installation")) {
        const auto found = session.query("SELECT chat_schema FROM genie_app.installation");
        if (!found.empty())
            return found[0].at(0);
    }
    const auto found = session.query(
        "SELECT trim(both '\"' FROM split_part(split_part(option, '=', 2), ',', 1)) FROM pg_proc p"
        " JOIN pg_namespace n ON n.oid = p.pronamespace, unnest(p.proconfig) option"
        " WHERE n.nspname = 'genie_app' AND p.proname = 'write_chat_rows' AND option LIKE 'search\\_path=%'");
    return found.empty() ? "" : found[0].at(0);
}

// The schemas, and the tables in which is written down what was done in them.
void create_records(Session& session, const DatabaseSettings& settings) {
    if (exists(session, "genie_app.installation") && schema_exists(session, settings.chat_schema))
        return;
    MigrationTransaction transaction(session, settings);
    for (const std::string& schema : {std::string("genie_app"), settings.chat_schema})
        if (!schema_exists(session, schema))
            session.query("CREATE SCHEMA " + quote_name(schema));
    if (!exists(session, "genie_app.schema_version"))
        session.query(
            "CREATE TABLE genie_app.schema_version ("
            " version integer PRIMARY KEY,"
            " name text NOT NULL,"
            " checksum text NOT NULL,"
            " applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),"
            " applied_by text NOT NULL DEFAULT current_user)");
    if (!exists(session, "genie_app.installation"))
        session.query(
            "CREATE TABLE genie_app.repeatable_files ("
            " name text PRIMARY KEY,"
            " checksum text NOT NULL,"
            " applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),"
            " applied_by text NOT NULL DEFAULT current_user);"
            "CREATE TABLE genie_app.installation ("
            " is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),"
            " chat_schema text NOT NULL);"
            "INSERT INTO genie_app.installation (chat_schema) VALUES (" +
            quote_text(settings.chat_schema) + ")");
    transaction.commit();
}

// False when another process was faster.
bool apply(Session& session, const DatabaseSettings& settings, const Migration& migration) {
    MigrationTransaction transaction(session, settings);
    const std::string version = std::to_string(migration.version);
    if (!session.query("SELECT FROM genie_app.schema_version WHERE version = " + version).empty())
        return false;
    const bool is_there_already =
        migration.version == kBaseline && !session.query("SELECT FROM genie_app.schema_version").empty();
    if (!is_there_already)
        session.query(std::string(migration.sql));
    session.query("INSERT INTO genie_app.schema_version (version, name, checksum) VALUES (" + version + ", " +
                  quote_text(migration.name) + ", " + quote_text(migration.checksum) + ")");
    transaction.commit();
    return true;
}

// A table that somebody works with may be locked for a moment.
template <class Apply>
auto patiently(const std::string& name, Apply apply_once) {
    for (int attempt = 1;; ++attempt) {
        try {
            return apply_once();
        } catch (const SqlError& error) {
            if (error.fault() != SqlFault::conflict || attempt == kLockTries)
                throw;
            log::warn("database.migration_waits", {{"migration", name}, {"error", error.what()}});
        }
    }
}

// search_path, by which migrations find the chat tables, gives some names a meaning of its own.
void check_chat_schema(Session& session, const DatabaseSettings& settings) {
    const std::string& name = settings.chat_schema;
    if (name.empty() || name == "$user" || name.starts_with("pg_") || name == "information_schema" ||
        name.size() > kLongestName)
        throw MigrationError("CHAINLIT_SCHEMA is '" + name +
                             "', which can be no schema of tables: choose another name");
    const std::string recorded = recorded_chat_schema(session);
    if (!recorded.empty() && recorded != name)
        throw MigrationError("CHAINLIT_SCHEMA is " + name +
                             ", but this database was set up with the chat tables in schema " + recorded +
                             ": set CHAINLIT_SCHEMA to " + recorded);
}

using Applied = std::map<int, std::string>;  // checksums by version

[[noreturn]] void refuse_changed(int version, std::string_view name, const std::string& found,
                                 std::string_view expected) {
    const std::string file = full_name(version, name) + ".sql";
    throw MigrationError(
        "migration " + file + " was applied with another content: the database has recorded checksum " +
        found.substr(0, 12) + ", the file of this release has " + std::string(expected.substr(0, 12)) +
        ". Whoever edited the file has to bring the tables to what the released file makes of them; then run: UPDATE "
        "genie_app.schema_version SET checksum = '" +
        std::string(expected) + "' WHERE version = " + std::to_string(version) + ";");
}

// A database from before the baseline has to have all that the baseline stands for.
void check_replaced(const Applied& applied) {
    if (applied.empty() || applied.contains(kBaseline))
        return;
    for (const ReplacedMigration& replaced : kReplacedMigrations) {
        const auto found = applied.find(replaced.version);
        if (found == applied.end())
            throw MigrationError("the database stopped before migration " + full_name(replaced.version, replaced.name) +
                                 ", which this release does not have any more: run \"genie-slack migrate\" of the last "
                                 "release that still has it (schema version 9), then this one");
        if (found->second != replaced.checksum)
            refuse_changed(replaced.version, replaced.name, found->second, replaced.checksum);
    }
}

Applied read_applied(Session& session) {
    Applied applied;
    if (exists(session, "genie_app.schema_version"))
        for (const auto& row : session.query("SELECT version, checksum FROM genie_app.schema_version"))
            applied[std::atoi(row.at(0).c_str())] = row.at(1);
    return applied;
}

}  // namespace

const std::vector<Migration>& known_migrations() {
    static const std::vector<Migration> migrations = read_migrations();
    return migrations;
}

SchemaState schema_state(Session& session, const DatabaseSettings& settings) {
    SchemaState state;
    check_chat_schema(session, settings);
    Applied applied;
    try {
        applied = read_applied(session);
    } catch (const SqlError& error) {
        explain(error, session, settings, "the schema's version cannot be read");
    }
    check_replaced(applied);
    for (const Migration& migration : known_migrations()) {
        const auto found = applied.find(migration.version);
        if (found == applied.end())
            state.pending.push_back(full_name(migration));
        else if (found->second != migration.checksum)
            refuse_changed(migration.version, migration.name, found->second, migration.checksum);
    }
    if (!applied.empty())
        state.version = applied.rbegin()->first;
    state.is_newer = !known_migrations().empty() && state.version > known_migrations().back().version;
    // A newer version's functions and views are better than ours.
    if (!state.is_newer)
        for (std::string& name : pending_repeatables(session))
            state.pending.push_back(std::move(name));
    return state;
}

std::vector<std::string> migrate(Session& session, const DatabaseSettings& settings) {
    SchemaState state;
    try {
        if (!can_read_version(session))
            check_privileges(session, settings, true);
        state = schema_state(session, settings);
        check_privileges(session, settings, !state.pending.empty());
        if (!state.pending.empty())
            create_records(session, settings);
    } catch (const SqlError& error) {
        explain(error, session, settings, "the schema genie_app cannot be created");
    }
    if (state.is_newer)
        log::warn("database.newer_schema", {{"version", state.version}});
    const auto is_pending = [&](const std::string& name) {
        return std::find(state.pending.begin(), state.pending.end(), name) != state.pending.end();
    };
    std::vector<std::string> applied;
    for (const Migration& migration : known_migrations()) {
        const std::string name = full_name(migration);
        if (!is_pending(name))
            continue;
        try {
            if (patiently(name, [&] { return apply(session, settings, migration); }))
                applied.push_back(name);
        } catch (const SqlError& error) {
            explain(error, session, settings, "migration " + name + " cannot be applied");
        }
    }
    if (state.is_newer || state.pending.empty())
        return applied;
    try {
        for (std::string& name : patiently("functions and views", [&] { return apply_repeatables(session, settings); }))
            applied.push_back(std::move(name));
    } catch (const SqlError& error) {
        explain(error, session, settings, "the functions and views for administrators cannot be made");
    }
    return applied;
}

}  // namespace genie_slack::storage::lakebase
