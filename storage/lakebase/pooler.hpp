// Whether a transaction pooler stands before the database (PgBouncer, Lakebase's "-pooler" hosts): there each
// transaction may get another server process, so nothing that belongs to a session may be used.
#pragma once

#include <string_view>

namespace genie_slack::storage::lakebase {

// `same_process`: whether the process that answers is the one that the login named. PgBouncer and its kind name
// processes of their own. Databricks' front door may do so too, but its poolers are known by the host's name.
bool is_pooled(std::string_view host, bool same_process);

}  // namespace genie_slack::storage::lakebase
