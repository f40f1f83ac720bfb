#include "app/relay/turn/genie_failure.hpp"

#include "core/log.hpp"

namespace genie_slack::relay {

void log_genie_error(const storage::Turn& turn, const char* event, const genie::GenieError& error) {
    log::warn(event, {{"turn", turn.id},
                      {"kind", genie::to_string(error.kind)},
                      {"error", error.message},
                      {"status", error.http_status},
                      {"request_id", error.request_id}});
}

}  // namespace genie_slack::relay
