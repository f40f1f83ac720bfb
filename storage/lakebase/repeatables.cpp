#include "storage/lakebase/repeatables.hpp"

#include "storage/lakebase/checksum.hpp"
#include "storage/lakebase/migration_transaction.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace genie_slack::storage::lakebase {

// Compiled in by the build (EmbedFiles.cmake).
std::vector<std::pair<std::string_view, std::string_view>> function_files();
std::vector<std::pair<std::string_view, std::string_view>> view_files();

namespace {

constexpr std::string_view kEnding = ".sql";
constexpr std::string_view kFirstAfterViews = "functions/30";
constexpr std::string_view kDependentObjects = "2BP01";
constexpr std::string_view kInvalidTableDefinition = "42P16";  // other columns than the view has

bool is_view(const Repeatable& repeatable) {
    return repeatable.name.starts_with("views/");
}

// Functions below 30, views, functions from 30 on.
int stage_of(const Repeatable& repeatable) {
    return is_view(repeatable) ? 1 : repeatable.name < kFirstAfterViews ? 0 : 2;
}

std::vector<Repeatable> read_repeatables() {
    std::vector<Repeatable> all;
    const auto add = [&all](const std::string& folder, const auto& files) {
        for (const auto& [file, sql] : files) {
            Repeatable& one = all.emplace_back();
            one.name = folder + std::string(file.substr(0, file.size() - kEnding.size()));
            one.checksum = sha256(sql);
            one.sql = sql;
        }
    };
    add("functions/", function_files());
    add("views/", view_files());
    std::sort(all.begin(), all.end(), [](const Repeatable& a, const Repeatable& b) {
        return std::pair(stage_of(a), a.name) < std::pair(stage_of(b), b.name);
    });
    return all;
}

// What named roles may do with our views and functions, as statements with the object that they are about.
using Grants = std::vector<std::pair<std::string, std::string>>;

Grants read_grants(Session& session) {
    Grants grants;
    for (const auto& row : session.query(
             "SELECT 'class', format('%I.%I', n.nspname, c.relname),"
             " format('GRANT %s ON TABLE %I.%I TO %I', a.privilege_type, n.nspname, c.relname, r.rolname)"
             " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a"
             " JOIN pg_roles r ON r.oid = a.grantee"
             " WHERE c.relkind = 'v' AND n.nspname = ANY (current_schemas(false)) AND a.grantee <> c.relowner"
             " UNION ALL "
             "SELECT 'procedure', p.oid::regprocedure::text,"
             " format('GRANT %s ON FUNCTION %s TO %I', a.privilege_type, p.oid::regprocedure, r.rolname)"
             " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace, aclexplode(p.proacl) a"
             " JOIN pg_roles r ON r.oid = a.grantee"
             " WHERE n.nspname = ANY (current_schemas(false)) AND a.grantee <> p.proowner AND p.prokind = 'f'"))
        grants.emplace_back("SELECT to_reg" + row.at(0) + "(" + quote_text(row.at(1)) + ") IS NOT NULL", row.at(2));
    return grants;
}

// Not those that are still there: they may be somebody else's to give.
void restore(Session& session, const Grants& before) {
    const Grants now = read_grants(session);
    for (const auto& grant : before)
        if (std::find(now.begin(), now.end(), grant) == now.end() && session.query(grant.first).at(0).at(0) == "t")
            session.query(grant.second);
}

void drop_view(Session& session, const std::string& name) {
    try {
        session.query("DROP VIEW " + name);
    } catch (const SqlError& error) {
        if (error.sqlstate() != kDependentObjects)
            throw;
        throw SqlError(error.fault(), error.sqlstate(),
                       std::string(error.what()) + "; " + name +
                           " gets other columns: drop what was built on it, and make that again afterwards");
    }
}

void apply_view(Session& session, const Repeatable& view) {
    session.query("SAVEPOINT before_view");
    try {
        session.query(std::string(view.sql));
    } catch (const SqlError& error) {
        if (error.sqlstate() != kInvalidTableDefinition)
            throw;
        session.query("ROLLBACK TO before_view");
        drop_view(session, view.name.substr(view.name.find('/') + 1));
        session.query(std::string(view.sql));
    }
    session.query("RELEASE before_view");
}

}  // namespace

const std::vector<Repeatable>& known_repeatables() {
    static const std::vector<Repeatable> repeatables = read_repeatables();
    return repeatables;
}

std::vector<std::string> pending_repeatables(Session& session) {
    std::map<std::string, std::string> applied;
    if (session.query("SELECT to_regclass('genie_app.repeatable_files') IS NOT NULL").at(0).at(0) == "t")
        for (const auto& row : session.query("SELECT name, checksum FROM genie_app.repeatable_files"))
            applied[row.at(0)] = row.at(1);
    std::vector<std::string> pending;
    for (const Repeatable& repeatable : known_repeatables())
        if (applied[repeatable.name] != repeatable.checksum)
            pending.push_back(repeatable.name);
    return pending;
}

std::vector<std::string> apply_repeatables(Session& session, const DatabaseSettings& settings) {
    MigrationTransaction transaction(session, settings);
    const std::vector<std::string> pending = pending_repeatables(session);
    if (pending.empty())
        return pending;
    const Grants grants = read_grants(session);
    for (const Repeatable& repeatable : known_repeatables()) {
        if (std::find(pending.begin(), pending.end(), repeatable.name) == pending.end())
            continue;
        if (is_view(repeatable))
            apply_view(session, repeatable);
        else
            session.query(std::string(repeatable.sql));
        session.query("INSERT INTO genie_app.repeatable_files AS known (name, checksum) VALUES (" +
                      quote_text(repeatable.name) + ", " + quote_text(repeatable.checksum) +
                      ") ON CONFLICT (name) DO UPDATE SET checksum = EXCLUDED.checksum,"
                      " applied_at = EXCLUDED.applied_at, applied_by = EXCLUDED.applied_by");
    }
    restore(session, grants);
    transaction.commit();
    return pending;
}

}  // namespace genie_slack::storage::lakebase
