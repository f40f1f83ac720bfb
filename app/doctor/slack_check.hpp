// Asks Slack who the tokens are. Two calls that nobody sees; no socket is opened, since events would come over it.
#pragma once

#include "app/config.hpp"
#include "app/doctor/finding.hpp"

#include <boost/asio/awaitable.hpp>

namespace genie_slack::doctor {

// Ends by the deadline. `http` and `config` have to live as long.
boost::asio::awaitable<Findings> check_slack(net::HttpClient& http, const Config& config, Deadline deadline);

}  // namespace genie_slack::doctor
