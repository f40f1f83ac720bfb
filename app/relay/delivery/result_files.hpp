// The complete result of an answer as a CSV file in its thread, when the message cannot show all of it.
#pragma once

#include "app/answer/message/answer.hpp"
#include "app/relay/turn/lease_keeper.hpp"
#include "app/words/words.hpp"
#include "genie/client.hpp"
#include "slack/api/web_api.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

namespace genie_slack::relay {

// The file with the result that stands below the answer.
struct ResultFile {
    std::string name;
    std::string permalink;
    std::int64_t rows = 0;
    std::size_t columns = 0;
};

class ResultFiles {
 public:
    // Both references must outlive it.
    ResultFiles(slack::WebApi& api, genie::Client& genie) : api_(api), genie_(genie) {}

    // Below the answer that stands at turn.progress_ts. A turn that was claimed before may have its file already: it is
    // looked for first, and so is a file whose upload ended nobody knows how. Nothing when no file is there, which is
    // logged and no failure of the answer.
    boost::asio::awaitable<std::optional<ResultFile>> share(storage::Turn turn, LeaseKeeper& lease,
                                                            genie::ResultTable table, std::string title,
                                                            words::Language language, Deadline deadline);
    // The same on somebody's wish, for an answer that was delivered before.
    boost::asio::awaitable<std::optional<ResultFile>> share_again(storage::Turn turn, genie::ResultTable table,
                                                                  std::string title, words::Language language,
                                                                  Deadline deadline);
    // The drawn chart of an answer, Genie's own when it came with it: uploaded without a message of its own. The file's
    // id; "" when there is no chart or Slack does not take it, which is logged.
    boost::asio::awaitable<std::string> upload_chart(const storage::Turn& turn, const answer::AnswerInput& input,
                                                     Deadline deadline);

 private:
    // The permalink; nothing when the thread does not hold the file.
    boost::asio::awaitable<slack::ApiResult<std::optional<std::string>>> find(const storage::Turn& turn,
                                                                              std::string name, Deadline deadline);

    boost::asio::awaitable<std::optional<ResultFile>> upload(const storage::Turn& turn, LeaseKeeper* lease,
                                                             genie::ResultTable table, std::string title,
                                                             words::Language language, Deadline deadline);

    slack::WebApi& api_;
    genie::Client& genie_;
};

}  // namespace genie_slack::relay
