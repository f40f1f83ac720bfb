// What the pool of sessions counts for /metrics (docs/metrics.md).
#pragma once

#include "core/metrics.hpp"

namespace genie_slack::storage::lakebase {

inline const metrics::Gauge kConnected("genie_slack_storage_sessions", "Sessions with the database");
inline const metrics::Gauge kBusy("genie_slack_storage_sessions_busy",
                                  "Sessions with the database that work on calls now");
inline const metrics::Histogram kBatches("genie_slack_storage_batch_calls", "Calls that went to the database together",
                                         metrics::sizes());

}  // namespace genie_slack::storage::lakebase
