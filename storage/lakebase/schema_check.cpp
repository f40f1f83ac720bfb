#include "storage/lakebase/schema_check.hpp"

#include "storage/lakebase/migrations.hpp"

#include <algorithm>

namespace genie_slack::storage::lakebase {

std::string broken_statement(Session& session, const DatabaseSettings& settings) {
    for (const std::string_view name : statement_names()) {
        try {
            session.query("PREPARE schema_check (jsonb) AS " + statement_text(name, settings.chat_schema) +
                          "; DEALLOCATE schema_check");
        } catch (const SqlError& error) {
            if (error.fault() != SqlFault::schema)
                throw;
            return "the database cannot execute " + std::string(name) + ": " + error.what();
        }
    }
    return "";
}

std::vector<MissingIndex> indexes_of(std::string_view migration) {
    std::vector<MissingIndex> indexes;
    while (!migration.empty()) {
        const std::string_view line = migration.substr(0, migration.find('\n'));
        migration.remove_prefix(std::min(line.size() + 1, migration.size()));
        for (const std::string_view start : {"CREATE INDEX ", "CREATE UNIQUE INDEX "}) {
            const std::size_t on = line.find(" ON genie_app.");
            if (!line.starts_with(start) || on == std::string_view::npos || !line.ends_with(';'))
                continue;
            MissingIndex& index = indexes.emplace_back();
            index.name = "genie_app." + std::string(line.substr(start.size(), on - start.size()));
            index.table = line.substr(on + 4, line.find(' ', on + 4) - on - 4);
            index.statement = line;
            index.is_unique = start.starts_with("CREATE UNIQUE");
        }
    }
    return indexes;
}

std::vector<MissingIndex> missing_indexes(Session& session) {
    std::vector<MissingIndex> all;
    for (const Migration& migration : known_migrations())
        for (MissingIndex& index : indexes_of(migration.sql))
            all.push_back(std::move(index));
    std::erase_if(all, [&session](const MissingIndex& index) {
        return session
            .query("SELECT FROM pg_class WHERE oid = to_regclass(" + quote_text(index.table) +
                   ") AND NOT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass(" + quote_text(index.name) +
                   ") AND indisvalid)")
            .empty();
    });
    return all;
}

}  // namespace genie_slack::storage::lakebase
