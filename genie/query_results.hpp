// Rows of a query attachment (databricks.md 1.7): waits for the statement, follows chunks and external links.
#pragma once

#include "genie/api.hpp"
#include "genie/parse.hpp"

#include <string>

namespace genie_slack::genie {

// All references must outlive it.
class QueryResults {
 public:
    QueryResults(Api& api, Random& random, const ClientOptions& options)
        : api_(api), random_(random), options_(options) {}

    // `attachment_path`: /api/2.0/genie/.../attachments/{id}, encoded.
    boost::asio::awaitable<GenieResult<ResultTable>> fetch(std::string attachment_path, Deadline deadline);
    // Runs the query once. Where the outcome of that call is unknown, what stands at the result decides.
    boost::asio::awaitable<GenieResult<ResultTable>> execute(std::string attachment_path, Deadline deadline);
    // The whole result, as files that Databricks writes. `ambiguous`: perhaps it writes them.
    boost::asio::awaitable<GenieResult<ResultTable>> download(std::string attachment_path, Deadline deadline);

 private:
    struct Limits {
        std::size_t rows = 0;
        std::size_t bytes = 0;  // behind links
    };
    // Polls `state_path` until the statement has ended.
    boost::asio::awaitable<GenieResult<Statement>> finish(std::string state_path, Statement statement,
                                                          Deadline deadline);
    boost::asio::awaitable<GenieResult<Statement>> ask_state(std::string state_path, Deadline deadline);
    boost::asio::awaitable<GenieResult<ResultTable>> collect(Statement statement, Limits limits, Deadline deadline);
    // The rows behind `link`; `room` is how many bytes more may come, and gets less.
    boost::asio::awaitable<GenieResult<std::string>> follow_link(ExternalLink link, std::size_t& room,
                                                                 Deadline deadline);
    boost::asio::awaitable<GenieResult<ResultChunk>> next_chunk(std::string statement_id, std::int64_t index,
                                                                Deadline deadline);

    Api& api_;
    Random& random_;
    const ClientOptions& options_;
};

}  // namespace genie_slack::genie
