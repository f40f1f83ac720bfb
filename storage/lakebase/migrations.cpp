#include "storage/lakebase/migrations.hpp"

#include "core/log.hpp"
#include "storage/lakebase/privileges.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace genie_slack::storage::lakebase {

// Compiled in by the build (EmbedFiles.cmake).
std::vector<std::pair<std::string_view, std::string_view>> migration_files();

namespace {

constexpr int kLockTries = 5;

std::string sha256(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
        constexpr std::string_view kDigits = "0123456789abcdef";
        hex += kDigits[digest[i] >> 4];
        hex += kDigits[digest[i] & 15];
    }
    return hex;
}

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

std::string full_name(const Migration& migration) {
    std::string number = std::to_string(migration.version);
    number.insert(0, 3 - std::min<std::size_t>(3, number.size()), '0');
    return number + "_" + migration.name;
}

constexpr std::string_view kOwnersHint = "Their owner has to run: ";  // of the migrations' own errors

std::string with_statement(const std::string& text, const std::string& statement) {
    return statement.empty() ? text : text + "; run as an owner or administrator: " + statement;
}

std::string remedy_of(const SqlError& error, Session& session, const DatabaseSettings& settings) {
    if (error.error_class() != ErrorClass::privilege)
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
    if (error.error_class() == ErrorClass::connection_lost || error.error_class() == ErrorClass::conflict)
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

class Transaction {
 public:
    explicit Transaction(Session& session) : session_(session) { session_.query("BEGIN"); }
    ~Transaction() {
        if (!committed_)
            session_.settle();
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit() {
        session_.query("COMMIT");
        committed_ = true;
    }

 private:
    Session& session_;
    bool committed_ = false;
};

// Waits for other processes that migrate; ends with the transaction. An index on a large table may take its time.
void lock(Session& session) {
    session.query(
        "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '30s';"
        "SELECT pg_advisory_xact_lock(hashtextextended('genie_app.schema_version', 0));"
        "SET LOCAL lock_timeout = '5s'");
}

void create_schemas(Session& session, const DatabaseSettings& settings) {
    if (exists(session, "genie_app.schema_version") && schema_exists(session, settings.chat_schema))
        return;
    Transaction transaction(session);
    lock(session);
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
    transaction.commit();
}

// False when another process was faster.
bool apply(Session& session, const Migration& migration) {
    Transaction transaction(session);
    lock(session);
    const std::string version = std::to_string(migration.version);
    if (!session.query("SELECT FROM genie_app.schema_version WHERE version = " + version).empty())
        return false;
    session.query(std::string(migration.sql));
    session.query("INSERT INTO genie_app.schema_version (version, name, checksum) VALUES (" + version + ", " +
                  quote_text(migration.name) + ", " + quote_text(migration.checksum) + ")");
    transaction.commit();
    return true;
}

// A table that somebody works with may be locked for a moment.
bool apply_patiently(Session& session, const Migration& migration) {
    for (int attempt = 1;; ++attempt) {
        try {
            return apply(session, migration);
        } catch (const SqlError& error) {
            if (error.error_class() != ErrorClass::conflict || attempt == kLockTries)
                throw;
            log::warn("database.migration_waits", {{"migration", full_name(migration)}, {"error", error.what()}});
        }
    }
}

// The functions keep the schema that they were made for.
void check_chat_schema(Session& session, const DatabaseSettings& settings) {
    const auto found = session.query(
        "SELECT trim(both '\"' FROM split_part(split_part(option, '=', 2), ',', 1)) FROM pg_proc p"
        " JOIN pg_namespace n ON n.oid = p.pronamespace, unnest(p.proconfig) option"
        " WHERE n.nspname = 'genie_app' AND p.proname = 'write_chat_rows' AND option LIKE 'search\\_path=%'");
    if (!found.empty() && found[0].at(0) != settings.chat_schema)
        throw MigrationError("CHAINLIT_SCHEMA is " + settings.chat_schema +
                             ", but this database was set up with the chat tables in schema " + found[0].at(0) +
                             ": set CHAINLIT_SCHEMA to " + found[0].at(0));
}

}  // namespace

const std::vector<Migration>& known_migrations() {
    static const std::vector<Migration> migrations = read_migrations();
    return migrations;
}

SchemaState schema_state(Session& session, const DatabaseSettings& settings) {
    SchemaState state;
    check_chat_schema(session, settings);
    std::vector<std::pair<int, std::string>> applied;
    try {
        if (exists(session, "genie_app.schema_version"))
            for (const auto& row : session.query("SELECT version, checksum FROM genie_app.schema_version ORDER BY 1"))
                applied.emplace_back(std::atoi(row.at(0).c_str()), row.at(1));
    } catch (const SqlError& error) {
        explain(error, session, settings, "the schema's version cannot be read");
    }
    for (const Migration& migration : known_migrations()) {
        const auto found = std::find_if(applied.begin(), applied.end(),
                                        [&](const auto& entry) { return entry.first == migration.version; });
        if (found == applied.end())
            state.pending.push_back(full_name(migration));
        else if (found->second != migration.checksum)
            throw MigrationError("migration " + full_name(migration) + " was applied with another content (checksum " +
                                 found->second.substr(0, 12) + ", this program has " +
                                 migration.checksum.substr(0, 12) + "): the program does not fit this database");
    }
    if (!applied.empty())
        state.version = applied.back().first;
    state.is_newer = !known_migrations().empty() && state.version > known_migrations().back().version;
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
            create_schemas(session, settings);
    } catch (const SqlError& error) {
        explain(error, session, settings, "the schema genie_app cannot be created");
    }
    if (state.is_newer)
        log::warn("database.newer_schema", {{"version", state.version}});
    std::vector<std::string> applied;
    for (const Migration& migration : known_migrations()) {
        const std::string name = full_name(migration);
        if (std::find(state.pending.begin(), state.pending.end(), name) == state.pending.end())
            continue;
        try {
            if (apply_patiently(session, migration))
                applied.push_back(name);
        } catch (const SqlError& error) {
            explain(error, session, settings, "migration " + name + " cannot be applied");
        }
    }
    return applied;
}

}  // namespace genie_slack::storage::lakebase
