// An answer as Genie has it: what its message says, and the rows of its query.
#pragma once

#include "app/answer/message/answer.hpp"
#include "app/relay/directory/people.hpp"
#include "app/relay/directory/spaces.hpp"
#include "genie/client.hpp"
#include "storage/types.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace genie_slack::relay {

class AnswerReader {
 public:
    // The references must outlive it. `links_only`: no rows are read, and none are shown.
    AnswerReader(genie::Client& client, const SpaceDirectory& spaces, const People& people, bool links_only,
                 answer::AnswerStyle style)
        : client_(client), spaces_(spaces), people_(people), links_only_(links_only), style_(style) {}

    // For a turn whose message is terminal and no failure. Rows that cannot be had are no error: the input says why.
    // `run_again`: by executing the query anew; one that does not end in time is a timeout.
    boost::asio::awaitable<genie::GenieResult<answer::AnswerInput>> read(storage::Turn turn, genie::Message message,
                                                                         words::Language language, bool run_again,
                                                                         Deadline deadline);
    // The same for an answer that was delivered before.
    boost::asio::awaitable<genie::GenieResult<answer::AnswerInput>> read_again(storage::Turn turn,
                                                                               words::Language language, bool run_again,
                                                                               Deadline deadline);
    // Runs the query of an answer that was delivered before. `has_other_rows`: not known to be the same as before.
    struct Rerun {
        answer::AnswerInput input;
        bool has_other_rows = true;
        bool still_runs = false;  // at the deadline: there is no input
    };
    boost::asio::awaitable<genie::GenieResult<Rerun>> run_again(storage::Turn turn, words::Language language,
                                                                Deadline deadline);
    // The rows that Genie gives.
    boost::asio::awaitable<genie::GenieResult<genie::ResultTable>> read_rows(storage::Turn turn, genie::Message message,
                                                                             std::string attachment, bool run_again,
                                                                             Deadline deadline);
    // Whole, also when Genie's own result was cut off (as far as a download goes).
    boost::asio::awaitable<genie::GenieResult<genie::ResultTable>> read_all_rows(storage::Turn turn,
                                                                                 genie::Message message,
                                                                                 std::string attachment,
                                                                                 Deadline deadline);
    // The whole result of which Genie gave `part`, with the same types of columns; `part` when it cannot be had.
    boost::asio::awaitable<genie::ResultTable> download(storage::Turn turn, std::string attachment,
                                                        genie::ResultTable part, Deadline deadline);
    // As whom Genie is asked; "" when Databricks does not tell.
    boost::asio::awaitable<std::string> identity();

 private:
    genie::Client& client_;
    const SpaceDirectory& spaces_;
    const People& people_;
    bool links_only_;
    answer::AnswerStyle style_;
    std::string identity_;
    TimePoint ask_identity_at_{};
};

}  // namespace genie_slack::relay
