// How the doctor's lines are printed.
#include "app/doctor/finding.hpp"

#include "tests/catch.hpp"

#include <boost/json/parse.hpp>

namespace finding_test {

using namespace genie_slack;
using doctor::Finding;
using doctor::Status;

const doctor::Findings kAll{{"slack", "Bot token", Status::ok, "signed in"},
                            {"slack", "Clock", Status::warning, "ahead", "set it"},
                            {"databricks", "Login", Status::failed, "refused\nBearer abcdefghijk", "mend\tit"},
                            {"configuration", "PORT", Status::skipped, "off", "set PORT"}};

TEST_CASE("a finding is a line, with its fix in the next one", "[doctor]") {
    CHECK(doctor::as_text(kAll) ==
          "ok       slack         Bot token: signed in\n"
          "warning  slack         Clock: ahead\n"
          "         -> set it\n"
          "FAILED   databricks    Login: refused Bearer ***\n"
          "         -> mend it\n"
          "skipped  configuration PORT: off\n"
          "         -> set PORT\n");
}

TEST_CASE("the document has the same as the lines", "[doctor]") {
    const auto document = boost::json::parse(doctor::as_json(kAll));
    REQUIRE(document.as_array().size() == 4);
    CHECK(document.at(2) == boost::json::object{{"part", "databricks"},
                                                {"check", "Login"},
                                                {"status", "FAILED"},
                                                {"found", "refused Bearer ***"},
                                                {"fix", "mend it"}});
    CHECK(document.at(0).at("fix") == "");
    CHECK(doctor::as_json({}) == "[]\n");
}

TEST_CASE("only what failed makes the exit code 1", "[doctor]") {
    CHECK(doctor::exit_code(kAll) == 1);
    CHECK(doctor::exit_code({kAll[0], kAll[1], kAll[3]}) == 0);
    CHECK(doctor::exit_code({}) == 0);
}

}  // namespace finding_test
