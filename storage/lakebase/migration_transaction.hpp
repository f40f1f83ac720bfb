// A transaction that changes the schema, one process at a time.
#pragma once

#include "storage/lakebase/session.hpp"

#include <string>

namespace genie_slack::storage::lakebase {

// Begins with the constructor; without commit() it is rolled back. Unqualified names mean the chat tables' schema, then
// genie_app; nothing of that outlives the transaction, as a pooler demands. Throws SqlError.
class MigrationTransaction {
 public:
    MigrationTransaction(Session& session, const DatabaseSettings& settings);
    ~MigrationTransaction();
    MigrationTransaction(const MigrationTransaction&) = delete;
    MigrationTransaction& operator=(const MigrationTransaction&) = delete;

    void commit();

 private:
    Session& session_;
    bool committed_ = false;
};

}  // namespace genie_slack::storage::lakebase
