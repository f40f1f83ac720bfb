#include "tests/integration/storage/release_009.hpp"

#include "storage/lakebase/schema_baseline.hpp"
#include "storage/lakebase/sql_text.hpp"
#include "tests/support/lakebase_harness.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace genie_slack::test {

using storage::lakebase::kReplacedMigrations;
using storage::lakebase::quote_name;
using storage::lakebase::quote_text;

namespace {

std::string session_of_release_009(const std::string& chat_schema) {
    return "SET ROLE " + quote_name(kAppRole) + "; SET TimeZone = 'UTC'; SET search_path = " + quote_name(chat_schema) +
           ", genie_app; ";
}

std::string migration_text(const std::string& file) {
    std::ifstream stream(std::string(GENIE_SLACK_SOURCE_DIR) + "/tests/integration/storage/fixtures/" + file);
    if (!stream)
        throw std::runtime_error("no fixture " + file);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

}  // namespace

void migrate_as_release_009(const std::string& database, int count, const std::string& chat_schema) {
    const std::string session = session_of_release_009(chat_schema);
    for (const std::string& schema : {std::string("genie_app"), chat_schema})
        shared_postgres().query(database, session + "CREATE SCHEMA IF NOT EXISTS " + quote_name(schema));
    shared_postgres().query(database,
                            session +
                                "CREATE TABLE genie_app.schema_version (version integer PRIMARY KEY, name text "
                                "NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT "
                                "clock_timestamp(), applied_by text NOT NULL DEFAULT current_user)");
    for (int i = 0; i < count; ++i) {
        const auto& migration = kReplacedMigrations.at(static_cast<std::size_t>(i));
        const std::string number = std::to_string(migration.version);
        const std::string name(migration.name);
        shared_postgres().query(
            database, session + migration_text("00" + number + "_" + name + ".sql") +
                          "; INSERT INTO genie_app.schema_version (version, name, checksum) VALUES (" + number + ", " +
                          quote_text(name) + ", " + quote_text(migration.checksum) + ")");
    }
}

std::string call_release_009(const std::string& database, const std::string& function, const std::string& batch) {
    return shared_postgres().value(database, session_of_release_009("genie_app") + "SELECT genie_app." + function +
                                                 "(CAST(" + quote_text(batch) + " AS jsonb))::text");
}

}  // namespace genie_slack::test
