#include "storage/lakebase/doctor.hpp"
#include "storage/lakebase/sql_error.hpp"
#include "tests/catch.hpp"

namespace doctor_login_test {

using namespace genie_slack;
using namespace genie_slack::storage;

// The remedy for what libpq says when it cannot connect.
std::string remedy(const std::string& said) {
    DatabaseSettings settings;
    settings.host = "db.example.com";
    settings.port = 5433;
    settings.sslrootcert = "/etc/company.pem";
    const std::string text = "connection to server at \"db.example.com\" (10.0.0.1), port 5433 failed: " + said;
    const lakebase::SqlError error(lakebase::classify_connect_failure(text), "", text);
    const auto finding = lakebase::explain_login(error, settings);
    CHECK(finding.check == "TLS");
    CHECK(finding.what.find(said) != std::string::npos);
    return finding.remedy;
}

TEST_CASE("each way in which TLS with the database fails has its own fix", "[doctor][database]") {
    CHECK_THAT(remedy("SSL error: certificate verify failed"), test::contains("db.example.com:5433") &&
                                                                   test::contains("/etc/company.pem") &&
                                                                   test::contains("update-ca-certificates"));
    CHECK_THAT(remedy("server certificate for \"pg.internal\" does not match host name \"db.example.com\""),
               test::contains("set PGHOST to a name") && test::contains("one for db.example.com"));
    CHECK_THAT(remedy("server does not support SSL, but SSL was required"), test::contains("ssl = on"));
    CHECK_THAT(remedy("could not open certificate file \"x\": No such file"), test::contains("PGSSLROOTCERT"));
}

}  // namespace doctor_login_test
