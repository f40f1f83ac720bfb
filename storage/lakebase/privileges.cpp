#include "storage/lakebase/privileges.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace genie_slack::storage::lakebase {

namespace privileges_detail {

// Columns: what is missing, the statement. {role} and {chats} are texts, {migrate} is a boolean. The older Python bot's
// message_tracker is only read, and only while its conversations are taken over.
constexpr std::string_view kCatalogQuery = R"sql(
WITH schemas AS (
    SELECT oid, nspname AS name FROM pg_namespace WHERE nspname IN ('genie_app', {chats})
), relations AS (
    SELECT c.oid, c.relname AS name, c.relkind AS kind, c.relowner AS owner, s.name AS schema,
           format('%I.%I', s.name, c.relname) AS full_name
    FROM pg_class c JOIN schemas s ON s.oid = c.relnamespace
    WHERE s.name = 'genie_app' OR c.relname IN ('users', 'threads', 'steps', 'elements', 'feedbacks')
), older_bot AS (
    SELECT oid, owner FROM relations
    WHERE full_name = 'genie_app.conversation_tracker'
      AND NOT EXISTS (SELECT FROM pg_attribute a
                      WHERE a.attrelid = relations.oid AND a.attname = 'team_id' AND NOT a.attisdropped)
)
SELECT what, statement || ' TO ' || {role} || ';' FROM (
    SELECT 1 AS position, 'schema ' || min(wanted.name) || ' is missing and may not be created' AS what,
           format('GRANT CONNECT, CREATE ON DATABASE %I', current_database()) AS statement
    FROM (VALUES ('genie_app'), ({chats})) AS wanted (name)
    WHERE {migrate} AND wanted.name NOT IN (SELECT name FROM schemas)
      AND NOT has_database_privilege(current_database(), 'CREATE')
    HAVING count(*) > 0
    UNION ALL
    SELECT 2, format('schema %s may not be used%s', name, CASE WHEN {migrate} THEN ' and extended' END),
           format('GRANT USAGE%s ON SCHEMA %I', CASE WHEN {migrate} THEN ', CREATE' END, name)
    FROM schemas
    WHERE NOT has_schema_privilege(oid, 'USAGE') OR {migrate} AND NOT has_schema_privilege(oid, 'CREATE')
    UNION ALL
    -- It gets columns and another key, which is its owner's right alone.
    SELECT 3, 'table genie_app.conversation_tracker belongs to another role',
           'ALTER TABLE genie_app.conversation_tracker OWNER'
    FROM older_bot
    WHERE {migrate} AND NOT pg_has_role(owner, 'USAGE')
    UNION ALL
    SELECT 4, 'table genie_app.message_tracker may not be read', 'GRANT SELECT ON TABLE genie_app.message_tracker'
    FROM relations
    WHERE {migrate} AND full_name = 'genie_app.message_tracker' AND NOT has_table_privilege(oid, 'SELECT')
      AND EXISTS (SELECT FROM older_bot)
    UNION ALL
    -- These are written by migrations alone.
    SELECT 5, format('tables may not be read and written: %s', string_agg(full_name, ', ' ORDER BY full_name)),
           format('GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE %s', string_agg(full_name, ', ' ORDER BY full_name))
    FROM relations
    WHERE kind IN ('r', 'p') AND full_name <> 'genie_app.message_tracker' AND oid NOT IN (SELECT oid FROM older_bot)
      AND NOT (has_table_privilege(oid, 'SELECT')
               AND (full_name IN ('genie_app.schema_version', 'genie_app.repeatable_files', 'genie_app.installation')
                       AND NOT {migrate}
                    OR has_table_privilege(oid, 'INSERT') AND has_table_privilege(oid, 'UPDATE')
                       AND has_table_privilege(oid, 'DELETE')))
    HAVING count(*) > 0
    UNION ALL
    SELECT 6, 'sequences of schema genie_app may not be used', 'GRANT USAGE ON ALL SEQUENCES IN SCHEMA genie_app'
    FROM relations
    WHERE schema = 'genie_app' AND CASE WHEN kind = 'S' THEN NOT has_sequence_privilege(oid, 'USAGE') END
    HAVING count(*) > 0
    UNION ALL
    SELECT 7, 'functions of schema genie_app may not be called', 'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA genie_app'
    FROM pg_proc p
    WHERE p.pronamespace = (SELECT oid FROM schemas WHERE name = 'genie_app')
      AND NOT has_function_privilege(p.oid, 'EXECUTE')
    HAVING count(*) > 0
) AS missing
ORDER BY position, what
)sql";

}  // namespace privileges_detail

std::vector<MissingPrivilege> missing_privileges(Session& session, const DatabaseSettings& settings, bool to_migrate) {
    const std::string query =
        fill_in(privileges_detail::kCatalogQuery, {{"migrate", to_migrate ? "true" : "false"},
                                                   {"chats", quote_text(settings.chat_schema)},
                                                   {"role", quote_text(quote_name(settings.user))}});
    std::vector<MissingPrivilege> missing;
    for (const auto& row : session.query(query)) {
        MissingPrivilege& one = missing.emplace_back();
        one.what = row.at(0);
        one.statement = row.at(1);
    }
    return missing;
}

RefusedObject refused_object(const std::string& message) {
    constexpr std::array<std::string_view, 9> kKinds = {"database", "schema",   "relation", "table",  "view",
                                                        "index",    "function", "sequence", "routine"};
    RefusedObject object;
    for (const bool ownership : {false, true})
        for (const std::string_view kind : kKinds) {
            const std::string start =
                (ownership ? "must be owner of " : "permission denied for ") + std::string(kind) + " ";
            const std::size_t at = message.find(start);
            if (at == std::string::npos)
                continue;
            object.kind = kind;
            object.needs_ownership = ownership;
            // Quoted or not, depending on the server's version; the SQLSTATE follows in parentheses.
            std::string name = message.substr(at + start.size());
            if (!name.empty() && name.front() == '"')
                name = name.substr(1, name.find('"', 1) - 1);
            else
                name = name.substr(0, std::min(name.rfind(" ("), name.find(" at character ")));
            object.name = name;
            return object;
        }
    return object;
}

std::string statement_for(Session& session, const DatabaseSettings& settings, const std::string& message) {
    const std::string role = quote_name(settings.user);
    const RefusedObject object = refused_object(message);
    if (object.kind.empty())
        return "";
    if (object.kind == "database")
        return "GRANT CONNECT, CREATE ON DATABASE " + quote_name(settings.database) + " TO " + role + ";";
    if (object.kind == "schema")
        return (object.needs_ownership ? "ALTER SCHEMA " + quote_name(object.name) + " OWNER TO "
                                       : "GRANT USAGE, CREATE ON SCHEMA " + quote_name(object.name) + " TO ") +
               role + ";";
    const auto look_up = [&](std::string_view query) {
        return session.query(
            fill_in(query, {{"name", quote_text(object.name)}, {"chats", quote_text(settings.chat_schema)}}));
    };
    if (object.kind == "function" || object.kind == "routine") {
        const auto found = look_up(
            "SELECT format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))"
            " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE p.proname = {name} AND n.nspname IN ('genie_app', {chats})"
            " ORDER BY pg_has_role(p.proowner, 'USAGE'), 1 LIMIT 1");
        if (found.empty())
            return "";
        return object.needs_ownership ? "ALTER FUNCTION " + found[0].at(0) + " OWNER TO " + role + ";"
                                      : "GRANT EXECUTE ON FUNCTION " + found[0].at(0) + " TO " + role + ";";
    }
    // An index belongs to whom its table belongs.
    const auto found = look_up(
        "SELECT CASE t.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'"
        " ELSE 'TABLE' END, format('%I.%I', n.nspname, t.relname)"
        " FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid"
        " JOIN pg_class t ON t.oid = coalesce(i.indrelid, c.oid) JOIN pg_namespace n ON n.oid = t.relnamespace"
        " WHERE c.relname = {name} AND n.nspname IN ('genie_app', {chats})"
        " ORDER BY pg_has_role(t.relowner, 'USAGE'), 2 LIMIT 1");
    if (found.empty())
        return "";
    const std::string& kind = found[0].at(0);
    const std::string& relation = found[0].at(1);
    if (object.needs_ownership)
        return "ALTER " + kind + " " + relation + " OWNER TO " + role + ";";
    return kind == "SEQUENCE"
               ? "GRANT USAGE ON SEQUENCE " + relation + " TO " + role + ";"
               : "GRANT SELECT, INSERT, UPDATE, DELETE, REFERENCES ON TABLE " + relation + " TO " + role + ";";
}

}  // namespace genie_slack::storage::lakebase
