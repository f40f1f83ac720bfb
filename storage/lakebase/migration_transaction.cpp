#include "storage/lakebase/migration_transaction.hpp"

namespace genie_slack::storage::lakebase {

// Waits for other processes that migrate. An index on a large table may take its time.
MigrationTransaction::MigrationTransaction(Session& session, const DatabaseSettings& settings) : session_(session) {
    session_.query("BEGIN");
    try {
        session_.query(
            "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 60000;"
            "SET LOCAL client_min_messages = warning; SET LOCAL TimeZone = 'UTC'; SET LOCAL lock_timeout = '30s';"
            "SELECT pg_advisory_xact_lock(hashtextextended('genie_app.schema_version', " +
            std::to_string(static_cast<int>(LockSpace::schema)) +
            ")); SET LOCAL lock_timeout = '5s'; SET LOCAL search_path = " + quote_name(settings.chat_schema) +
            ", genie_app");
    } catch (...) {
        session_.settle();
        throw;
    }
}

MigrationTransaction::~MigrationTransaction() {
    if (!committed_)
        session_.settle();
}

void MigrationTransaction::commit() {
    session_.query("COMMIT");
    committed_ = true;
}

}  // namespace genie_slack::storage::lakebase
