// The complete result of an answer as a file in its thread, when the message cannot show all of it.
#pragma once

#include "app/answer/message/answer.hpp"
#include "app/answer/result/csv.hpp"
#include "app/answer/result/result_file.hpp"
#include "app/relay/delivery/seen.hpp"
#include "app/relay/directory/people.hpp"
#include "app/relay/lease_keeper.hpp"
#include "app/words/words.hpp"
#include "genie/client.hpp"
#include "slack/api/web_api.hpp"
#include "storage/storage.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace genie_slack::relay {

// The file with the result that stands below the answer.
struct ResultFile {
    std::string id;  // Slack's
    std::string name;
    std::string permalink;
    std::int64_t rows = 0;
    std::size_t columns = 0;
    bool was_there = false;  // before it was asked for now
};

// Whether it is one, and not CSV.
bool is_spreadsheet(const ResultFile& file);

// Why there is none, and what helps.
std::string why_no_file(words::Language language, const slack::ApiError& error);
// Whether Slack takes no files of ours there at all, as long as nobody changes that.
bool are_files_refused(const slack::ApiError& error);
// Stands among Refusals for files with results.
inline constexpr const char* kFilesRefused = "files.upload";

struct ResultFileSettings {
    answer::FileFormat format = answer::FileFormat::automatic;
    answer::CsvForm csv_form = answer::CsvForm::of_reader;
};

// Keeps the id of a file that is about to be seen; false when that cannot be done.
using RecordFile = std::function<boost::asio::awaitable<bool>(std::string id)>;

// RecordFile for an answer's file: the result of an action that `owner` has begun. An answer whose file cannot be
// recorded gets it all the same.
boost::asio::awaitable<bool> keep_file(storage::Storage& storage, std::string turn_id, std::string action,
                                       std::string owner, std::string file);

class ResultFiles {
 public:
    // All references must outlive it.
    ResultFiles(slack::WebApi& api, genie::Client& genie, const People& people, ResultFileSettings settings)
        : api_(api), genie_(genie), people_(people), settings_(settings) {}

    // Shares the table below the answer that stands at turn.progress_ts, written as the spreadsheet program of whoever
    // asked expects it, and tells `record` the file's id before anybody sees it. The file of `known_ids` ("" for none,
    // else as `record` was told: of a CSV file and a spreadsheet, both with a space between them) that stands there
    // already is taken instead. That no file is there in the end is logged, and no failure of the answer.
    boost::asio::awaitable<slack::ApiResult<ResultFile>> share(storage::Turn turn, LeaseKeeper& lease,
                                                               genie::ResultTable table, std::string title,
                                                               words::Language language, std::string known_ids,
                                                               RecordFile record, Deadline deadline);
    // The same on the wish of `reader`, a user of the turn's team, for an answer that was delivered before. A wished
    // spreadsheet is made where the settings leave the form open; `automatic` wishes none.
    boost::asio::awaitable<slack::ApiResult<ResultFile>> share_again(storage::Turn turn, std::string reader,
                                                                     genie::ResultTable table, std::string title,
                                                                     words::Language language,
                                                                     answer::FileFormat wished, std::string known_ids,
                                                                     RecordFile record, Deadline deadline);
    // Shares all that Genie said in words, as a file of the turn below its answer; false when none is there in the end.
    // `lease` is null for a turn that is over.
    boost::asio::awaitable<bool> share_text(storage::Turn turn, LeaseKeeper* lease, std::string markdown,
                                            words::Language language, Seen seen, Deadline deadline);
    // The drawn chart of an answer, Genie's own when it came with it: uploaded without a message of its own. The file's
    // id; "" when there is no chart or Slack does not take it, which is logged.
    boost::asio::awaitable<std::string> upload_chart(const storage::Turn& turn, const answer::AnswerInput& input,
                                                     Deadline deadline);

 private:
    // The file of that id, or of that name where the id is ""; nothing when the thread does not hold it.
    boost::asio::awaitable<slack::ApiResult<std::optional<slack::SharedFile>>> find(const storage::Turn& turn,
                                                                                    std::string id, std::string name,
                                                                                    Deadline deadline);
    answer::CsvDialect dialect_of(const std::string& team, const std::string& user) const;
    boost::asio::awaitable<slack::ApiResult<ResultFile>> find_or_upload(
        const storage::Turn& turn, LeaseKeeper* lease, answer::CsvDialect dialect, const genie::ResultTable& table,
        const std::string& title, words::Language language, answer::FileFormat wished, const std::string& known_ids,
        RecordFile record, Deadline deadline);
    // The file as it stands in the thread in the end, logged when it does not.
    boost::asio::awaitable<slack::ApiResult<slack::SharedFile>> upload(const storage::Turn& turn, LeaseKeeper* lease,
                                                                       slack::FileUpload upload, RecordFile record,
                                                                       Deadline deadline);
    boost::asio::awaitable<slack::ApiResult<slack::SharedFile>> send(slack::FileUpload upload, LeaseKeeper* lease,
                                                                     Deadline deadline);
    // Whether Slack made a message of the file, which it does later, if at all.
    boost::asio::awaitable<bool> appears(const storage::Turn& turn, std::string id, Deadline deadline);

    slack::WebApi& api_;
    genie::Client& genie_;
    const People& people_;
    ResultFileSettings settings_;
};

}  // namespace genie_slack::relay
