#include "genie/readable_error.hpp"

#include "tests/catch.hpp"

namespace readable_error_test {

using genie_slack::genie::error_class;
using genie_slack::genie::readable_error;
using genie_slack::genie::without_error_class;

TEST_CASE("a sentence stays as it is", "[genie][errors]") {
    CHECK(readable_error("[TABLE_OR_VIEW_NOT_FOUND] The table `a`.`b` cannot be found.") ==
          "[TABLE_OR_VIEW_NOT_FOUND] The table `a`.`b` cannot be found.");
    CHECK(readable_error("  Only {x} and [y] at 5 (five)  ") == "Only {x} and [y] at 5 (five)");
    CHECK(readable_error("[1]") == "[1]");
    CHECK(readable_error("").empty());
}

TEST_CASE("of JSON the message is read, however deep it stands", "[genie][errors]") {
    CHECK(readable_error(R"({"error_code":"BAD_REQUEST","message":"[X] No such column."})") == "[X] No such column.");
    CHECK(readable_error(R"(Query failed: {"error":{"code":7,"message":"No such column."}})") == "No such column.");
    CHECK(readable_error(R"({"message":"{\"message\":\"inner\"}"})") == "inner");
    CHECK(readable_error(R"([{"errorMessage":"first"},{"errorMessage":"second"}])") == "first");
    CHECK(readable_error(R"([PARSE] Failed with {"message":"inner text"})") == "inner text");
    CHECK(readable_error(R"(The query failed: {"code":7})") == "The query failed");
    CHECK(readable_error(R"({"code":7})").empty());
    CHECK(readable_error(R"(Error in {t}: {"message":"inner"})") == "inner");
    CHECK(readable_error(R"({"message":"first"} {"message":"second"})") == "first");
    CHECK(readable_error(R"(Row [{"a":1}] of {x} is wrong)") == "Row");
}

TEST_CASE("JSON that is cut off, or that Python wrote, does not reach a person either", "[genie][errors]") {
    CHECK(readable_error(R"({"error_code":"BAD_REQUEST","message":"[X] No such col)") == "[X] No such col");
    CHECK(readable_error(R"(Query failed: {"error_code":"BAD_REQ)") == "Query failed");
    CHECK(readable_error("{'error_code': 'X', 'message': \"No such 'column'.\"}") == "No such 'column'.");
    CHECK(readable_error(R"({"message":"line one\nsays \"no\"", "at": 1, broken)") == "line one\nsays \"no\"");
    CHECK(readable_error(R"({"error_code":"BAD)").empty());
}

TEST_CASE("stacks, plans and classes are left out", "[genie][errors]") {
    CHECK(readable_error(
              "org.apache.spark.sql.AnalysisException: [UNRESOLVED_COLUMN] A column `x` cannot be "
              "resolved.; line 1 pos 7;\n'Project ['x]\n+- Relation t\n\tat com.databricks.A.b(A.scala:12)\n") ==
          "[UNRESOLVED_COLUMN] A column `x` cannot be resolved.; line 1 pos 7;");
    CHECK(readable_error("java.lang.RuntimeException: com.x.QueryException: boom\n    at x.Y.z(Y.java:3)\nCaused by: "
                         "java.io.IOException: y\n... 3 more") == "boom");
    CHECK(readable_error("boom at com.x.Y.z(Y.java:3) at com.x.Y.w(Y.java:4)") == "boom");
    CHECK(readable_error("Traceback (most recent call last):\n  File \"x.py\", line 1, in f\n    g()\nValueError: no "
                         "such table") == "no such table");
    CHECK(readable_error(R"j({"message":"boom\n\tat x.Y.z(Y.java:3)"})j") == "boom");
    CHECK(readable_error("boom\n    at /app/dist/x.js:10:22\n    at f (/app/y.js:1:2)") == "boom");
    CHECK(readable_error("boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/x.go:3 +0x1d") == "boom");
    CHECK(readable_error(
              "Job aborted due to stage failure: Task 0 in stage 1.0 failed 4 times, most recent failure: Lost "
              "task 0.3 in stage 1.0 (TID 5) (10.0.0.1 executor 1): org.apache.spark.SparkException: "
              "[DIVIDE_BY_ZERO] Division by zero. Driver stacktrace:\n\tat x.Y(Y.scala:3)") ==
          "[DIVIDE_BY_ZERO] Division by zero.");
    CHECK(readable_error("meet at 5:30") == "meet at 5:30");
}

TEST_CASE("people read what an error says, admins its class", "[genie]") {
    const std::string error = "[TABLE_OR_VIEW_NOT_FOUND] The table `a`.`b` cannot be found. SQLSTATE: 42P01";
    CHECK(error_class(error) == "TABLE_OR_VIEW_NOT_FOUND");
    CHECK(without_error_class(error) == "The table `a`.`b` cannot be found.");
    CHECK(without_error_class(error + "; line 1 pos 14") == "The table `a`.`b` cannot be found.");
    CHECK(error_class("[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column") == "UNRESOLVED_COLUMN.WITH_SUGGESTION");
    for (const char* plain : {"No such column.", "[1] is no column", "[see above] no", "[OPEN", "", "in [A] or [B]",
                              "SQLSTATE: 42P01 is what it says"}) {
        INFO(plain);
        CHECK(without_error_class(plain) == plain);
    }
}

}  // namespace readable_error_test
