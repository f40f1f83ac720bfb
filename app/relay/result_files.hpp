// The complete result of an answer as a CSV file in its thread, when the message cannot show all of it.
#pragma once

#include "app/relay/chat_rows.hpp"
#include "app/relay/lease_keeper.hpp"
#include "genie/types.hpp"
#include "slack/web_api.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

namespace genie_slack::relay {

class ResultFiles {
 public:
    explicit ResultFiles(slack::WebApi& api) : api_(api) {}

    // Below the answer that stands at turn.progress_ts. A turn that was claimed before may have its file already: it is
    // looked for first, and so is a file whose upload ended nobody knows how. Nothing when no file is there, which is
    // logged and no failure of the answer.
    boost::asio::awaitable<std::optional<ResultFile>> share(storage::Turn turn, LeaseKeeper& lease,
                                                            genie::ResultTable table, std::string title,
                                                            Deadline deadline);

 private:
    // The permalink; nothing when the thread does not hold the file.
    boost::asio::awaitable<slack::ApiResult<std::optional<std::string>>> find(const storage::Turn& turn,
                                                                              std::string name, Deadline deadline);

    slack::WebApi& api_;
};

}  // namespace genie_slack::relay
