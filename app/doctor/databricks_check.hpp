// Asks Databricks what the bot will ask: who it is, which spaces there are, and a question when one is given.
#pragma once

#include "app/config.hpp"
#include "app/doctor/finding.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <string>

namespace genie_slack::doctor {

// Ends by the deadline; a `question` ("" for none) gets two minutes of its own per space beyond it. `http` and `config`
// have to live as long.
boost::asio::awaitable<Findings> check_databricks(boost::asio::any_io_executor executor, net::HttpClient& http,
                                                  const Config& config, std::string question, Deadline deadline);

}  // namespace genie_slack::doctor
