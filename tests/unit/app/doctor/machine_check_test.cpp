// What the doctor says about the machine and about settings.
#include "app/doctor/machine_check.hpp"

#include "tests/catch.hpp"

#include <cerrno>

namespace machine_check_test {

using namespace genie_slack;
using doctor::Status;

TEST_CASE("a port in use may be the bot's own", "[doctor]") {
    CHECK(doctor::taken_port_finding(8000, EADDRINUSE, R"({"alive":true})").status == Status::warning);
    const auto other = doctor::taken_port_finding(8000, EADDRINUSE, "<html>");
    CHECK(other.status == Status::failed);
    CHECK_THAT(other.found, test::contains("8000 is in use by another program"));
    CHECK(doctor::taken_port_finding(8000, EADDRINUSE, "").status == Status::failed);
    CHECK_THAT(doctor::taken_port_finding(80, EACCES, "").fix, test::contains("from 1024 on"));
}

TEST_CASE("settings that are hardly meant together are warnings", "[doctor]") {
    const auto warned = [](const LoadedConfig& loaded) {
        std::string checks;
        for (const auto& finding : doctor::setting_findings(loaded)) {
            CHECK(finding.status == Status::warning);
            checks += finding.check + " ";
        }
        return checks;
    };
    LoadedConfig loaded;
    CHECK(warned(loaded).empty());
    loaded.config.database.password = Secret("fixed");
    loaded.config.database.database_instance = "lakebase";
    CHECK(warned(loaded) == "PGPASSWORD ");
    loaded.config.database.password = Secret();
    loaded.config.databricks.client_id = "app-id";
    loaded.config.database.user = "app-id";
    CHECK(warned(loaded).empty());
    loaded.config.database.user = "ann@acme.com";
    CHECK(warned(loaded) == "PGUSER ");
    loaded.config.is_local = true;
    CHECK(warned(loaded).empty());
    loaded.config.admin_users = {"U1", "U2"};
    CHECK(warned(loaded).empty());
    loaded.config.allowed_users = {"U2"};
    CHECK(warned(loaded) == "ADMIN_USERS ");
    loaded.notes = {"ALL_PROXY is set", "PGSSLMODE: is odd"};
    CHECK(warned(loaded) == "Settings PGSSLMODE ADMIN_USERS ");
}

TEST_CASE("problems of the configuration are lines under the variable's name", "[doctor]") {
    const auto findings = doctor::configuration_findings({"PORT: is none", ".env cannot be read: no permission"},
                                                         "/etc/genie-slack/genie-slack.env");
    REQUIRE(findings.size() == 2);
    CHECK(findings[0].check == "PORT");
    CHECK(findings[0].found == "is none");
    CHECK(findings[0].status == Status::failed);
    // Where it is to be corrected is the file that was read.
    CHECK_THAT(findings[0].fix, test::contains("in the environment or in /etc/genie-slack/genie-slack.env,"));
    CHECK(findings[1].check == "Settings");
    CHECK(findings[1].found == ".env cannot be read: no permission");
}

}  // namespace machine_check_test
