#include "app/doctor/machine_check.hpp"

#include "app/answer/chart/chart_canvas.hpp"
#include "app/answer/chart/chart_module.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace genie_slack::doctor {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace machine_check_detail {

constexpr const char* kMachine = "machine";
constexpr const char* kConfiguration = "configuration";
constexpr Duration kProbeTime = std::chrono::seconds(3);

// As the bot itself would do it; 0 when it works, else errno.
int try_to_bind(const asio::any_io_executor& executor, int port) {
    boost::system::error_code error;
    tcp::acceptor acceptor(executor);
    const tcp::endpoint everywhere(asio::ip::address_v4::any(), static_cast<std::uint16_t>(port));
    acceptor.open(everywhere.protocol(), error);
    if (!error)
        acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error)
        acceptor.bind(everywhere, error);
    if (!error)
        acceptor.listen(1, error);
    return error.value();
}

Finding chart_finding() {
    const answer::ChartModule& module = answer::chart_module();
    if (!module.pen)
        return Finding(
            kMachine, "Charts", Status::warning,
            module.problem + ": charts that Slack does not draw itself are left out of answers",
            "install the package genie-slack-charts of this version; or put genie-slack-charts.so beside the "
            "program, and install libpangocairo-1.0-0 and fonts-dejavu-core");
    if (answer::Canvas::has_fonts())
        return Finding(kMachine, "Fonts", Status::ok, "charts can be drawn");
    return Finding(kMachine, "Fonts", Status::warning,
                   "there is no font: charts that Slack does not draw itself are left out of answers",
                   "install one, for instance the packages fontconfig and fonts-dejavu-core");
}

// "NAME: what is wrong" -> NAME; "" when the text does not begin so.
std::string variable_of(const std::string& problem) {
    const std::size_t end = problem.find(": ");
    const bool is_name = end != std::string::npos &&
                         std::all_of(problem.begin(), problem.begin() + static_cast<std::ptrdiff_t>(end), [](char c) {
                             return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
                         });
    return is_name ? problem.substr(0, end) : "";
}

}  // namespace machine_check_detail

using namespace machine_check_detail;

Finding taken_port_finding(int port, int error, std::string_view alive) {
    const std::string name = "port " + std::to_string(port);
    if (error == EADDRINUSE && alive.find("\"alive\":true") != std::string_view::npos)
        return Finding(kMachine, "Port", Status::warning, name + " is in use, by what answers as genie-slack does",
                       "nothing, when that is your running bot; a second one on this machine needs another PORT");
    if (error == EADDRINUSE)
        return Finding(kMachine, "Port", Status::failed, name + " is in use by another program",
                       "set PORT (or DATABRICKS_APP_PORT) to a free one, or end the other program");
    return Finding(kMachine, "Port", Status::failed, name + " cannot be used: " + std::strerror(error),
                   "set PORT (or DATABRICKS_APP_PORT) to a free one from 1024 on");
}

asio::awaitable<Findings> check_machine(net::HttpClient& http, const Config& config, Deadline deadline) {
    Findings findings;
    if (config.health_port == 0) {
        findings.emplace_back(kMachine, "Port", Status::skipped, "neither PORT nor DATABRICKS_APP_PORT is set",
                              "set PORT where something should ask /healthz and /readyz");
    } else {
        const auto executor = co_await asio::this_coro::executor;
        const int error = try_to_bind(executor, config.health_port);
        if (error == 0) {
            findings.emplace_back(kMachine, "Port", Status::ok, std::to_string(config.health_port) + " is free");
        } else {
            net::HttpRequest request("GET", "http://127.0.0.1:" + std::to_string(config.health_port) + "/healthz");
            request.max_response_bytes = 1u << 16;
            const auto reply = co_await http.send(std::move(request), deadline.sooner(kProbeTime));
            findings.push_back(taken_port_finding(config.health_port, error, reply ? reply->body : ""));
        }
    }
    findings.push_back(chart_finding());
    co_return findings;
}

Findings setting_findings(const LoadedConfig& loaded) {
    const Config& config = loaded.config;
    Findings findings;
    const auto warn = [&findings](const std::string& check, std::string found, std::string fix) {
        findings.emplace_back(kConfiguration, check, Status::warning, std::move(found), std::move(fix));
    };
    for (const std::string& note : loaded.notes) {
        const std::string name = variable_of(note);
        warn(name.empty() ? "Settings" : name, name.empty() ? note : note.substr(name.size() + 2),
             "change it, unless that is meant");
    }
    const DatabaseConfig& database = config.database;
    const bool has_source = !database.lakebase_endpoint.empty() || !database.database_instance.empty();
    if (!config.is_local && !database.password.empty() && has_source)
        warn("PGPASSWORD", "is used as the password, so that no credential is asked for of the workspace",
             "remove PGPASSWORD where LAKEBASE_ENDPOINT or DATABASE_INSTANCE is meant");
    const std::string& client = config.databricks.client_id;
    if (!config.is_local && database.password.empty() && !client.empty() && !database.user.empty() &&
        database.user != client)
        warn("PGUSER", "is " + database.user + ", but the credential belongs to the service principal " + client,
             "remove PGUSER, unless it is the role of a group that the service principal belongs to");
    for (const std::string& admin : config.admin_users)
        if (!config.allowed_users.empty() &&
            std::find(config.allowed_users.begin(), config.allowed_users.end(), admin) == config.allowed_users.end())
            warn("ADMIN_USERS", admin + " sees the numbers, but may not ask: ALLOWED_USERS does not name them",
                 "add " + admin + " to ALLOWED_USERS, unless that is meant");
    return findings;
}

Findings configuration_findings(const std::vector<std::string>& problems, const std::string& env_file) {
    Findings findings;
    for (const std::string& problem : problems) {
        const std::string name = variable_of(problem);
        findings.emplace_back(kConfiguration, name.empty() ? "Settings" : name, Status::failed,
                              name.empty() ? problem : problem.substr(name.size() + 2),
                              "correct it in the environment or in " + env_file +
                                  ", then check again; `genie-slack variables` lists all settings");
    }
    return findings;
}

}  // namespace genie_slack::doctor
