// What the bot needs of the machine it runs on.
#pragma once

#include "app/config.hpp"
#include "app/doctor/finding.hpp"

#include <boost/asio/awaitable.hpp>

#include <string_view>

namespace genie_slack::doctor {

// Binds the port of /healthz for a moment, and asks who has it when that fails. `http` has to live as long.
boost::asio::awaitable<Findings> check_machine(net::HttpClient& http, const Config& config, Deadline deadline);

// What it means that the port could not be bound; `alive` is what GET /healthz answers there.
Finding taken_port_finding(int port, int error, std::string_view alive);

// Settings that are allowed, but hardly meant together.
Findings setting_findings(const LoadedConfig& loaded);

// Why the process would not start; `env_file` is where settings were looked for beside the environment.
Findings configuration_findings(const std::vector<std::string>& problems, const std::string& env_file);

}  // namespace genie_slack::doctor
