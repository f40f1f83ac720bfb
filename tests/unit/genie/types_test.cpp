#include "genie/types.hpp"

#include "tests/catch.hpp"

namespace types_test {

using namespace genie_slack::genie;

Attachment text(std::string content) {
    Attachment attachment;
    attachment.kind = Attachment::Kind::text;
    attachment.text = std::move(content);
    return attachment;
}
Attachment progress(std::string content) {
    Attachment attachment = text(std::move(content));
    attachment.phase = "thinking";
    return attachment;
}
Attachment follow_up(std::string content) {
    Attachment attachment = text(std::move(content));
    attachment.follow_up_question = true;
    return attachment;
}
Attachment query(std::string id) {
    Attachment attachment;
    attachment.kind = Attachment::Kind::query;
    attachment.id = std::move(id);
    attachment.sql = "SELECT 1";
    return attachment;
}
Attachment chart(std::string id, std::string query_id) {
    Attachment attachment;
    attachment.kind = Attachment::Kind::visualization;
    attachment.id = std::move(id);
    attachment.query_attachment_id = std::move(query_id);
    return attachment;
}
Attachment questions(std::vector<std::string> list) {
    Attachment attachment;
    attachment.kind = Attachment::Kind::suggested_questions;
    attachment.questions = std::move(list);
    return attachment;
}
AnswerParts select(std::vector<Attachment> attachments) {
    Message message;
    message.attachments = std::move(attachments);
    return select_answer(message);
}
using Texts = std::vector<std::string>;

TEST_CASE("every status of the API is known, exactly four are terminal", "[genie][types]") {
    for (const char* name :
         {"SUBMITTED", "FETCHING_METADATA", "FILTERING_CONTEXT", "ASKING_AI", "PENDING_WAREHOUSE", "EXECUTING_QUERY"}) {
        CHECK(parse_status(name) != MessageStatus::unknown);
        CHECK_FALSE(is_terminal(parse_status(name)));
        CHECK(std::string(to_string(parse_status(name))) == name);
    }
    for (const char* name : {"COMPLETED", "FAILED", "CANCELLED", "QUERY_RESULT_EXPIRED"}) {
        CHECK(is_terminal(parse_status(name)));
        CHECK(std::string(to_string(parse_status(name))) == name);
    }
    for (const char* name : {"IN_PROGRESS", "CANCELED", "completed", ""}) {
        CHECK(parse_status(name) == MessageStatus::unknown);
        CHECK_FALSE(is_terminal(parse_status(name)));
    }
}

TEST_CASE("a text answer without a query is an answer", "[genie][types]") {
    const AnswerParts parts = select({text("Hello"), text(""), text("World")});
    CHECK(parts.texts == Texts{"Hello", "World"});
    CHECK_FALSE(parts.query);
    CHECK(parts.clarification.empty());
}

TEST_CASE("after a self-correction the last query counts and texts between the attempts are dropped",
          "[genie][types]") {
    const AnswerParts parts = select({text("before"), query("q1"), text("wrong"), follow_up("which?"), query("q2"),
                                      text("also wrong"), query("q3"), text("after")});
    CHECK(parts.texts == Texts{"before", "after"});
    CHECK(parts.clarification.empty());
    REQUIRE(parts.query);
    CHECK(parts.query->id == "q3");
}

TEST_CASE("with one query the texts on both sides of it stay", "[genie][types]") {
    CHECK(select({text("a"), query("q"), text("b")}).texts == Texts{"a", "b"});
}

TEST_CASE("progress texts are no answer, but the newest one tells what Genie does", "[genie][types]") {
    Message message;
    message.attachments = {progress("looking"), text("answer"), progress("checking"), progress("")};
    CHECK(select_answer(message).texts == Texts{"answer"});
    CHECK(progress_text(message) == "checking");
    CHECK(progress_text(Message()).empty());
}

TEST_CASE("a question back is a clarification", "[genie][types]") {
    const AnswerParts parts = select({text("Hm."), follow_up("Which year?"), follow_up("Which region?")});
    CHECK(parts.texts == Texts{"Hm."});
    CHECK(parts.clarification == "Which year?\n\nWhich region?");
}

TEST_CASE("a chart belongs to the query that it names", "[genie][types]") {
    CHECK_FALSE(select({query("q1"), chart("v1", "q1"), query("q2")}).visualization);
    const AnswerParts parts = select({query("q1"), chart("v1", "q1"), query("q2"), chart("v2", "q2")});
    REQUIRE(parts.visualization);
    CHECK(parts.visualization->id == "v2");
    CHECK(select({query("q"), chart("v", "")}).visualization);
    CHECK_FALSE(select({chart("v", "")}).visualization);
}

TEST_CASE("suggested questions are collected without repetition", "[genie][types]") {
    CHECK(select({questions({"a", "", "b"}), questions({"b", "c"}), questions({})}).suggested_questions ==
          Texts{"a", "b", "c"});
}

Column column(std::string name, std::string type) {
    Column made;
    made.name = std::move(name);
    made.type_name = made.type_text = std::move(type);
    return made;
}

TEST_CASE("columns that a file only names take the types of the same query's result", "[genie][types]") {
    ResultTable whole;
    whole.columns = {column("day", "STRING"), column("mean", "STRING"), column("mean", "LONG")};
    const auto types = [&whole] {
        Texts all;
        for (const Column& each : whole.columns)
            all.push_back(each.type_name);
        return all;
    };
    SECTION("the same columns") {
        take_types(whole, {column("day", "DATE"), column("mean", "DOUBLE"), column("mean", "")});
        CHECK(types() == Texts{"DATE", "DOUBLE", "LONG"});
    }
    SECTION("fewer columns") {
        take_types(whole, {column("day", "DATE"), column("mean", "DOUBLE")});
        CHECK(types() == Texts{"STRING", "STRING", "LONG"});
    }
    SECTION("other columns") {
        take_types(whole, {column("day", "DATE"), column("median", "DOUBLE"), column("mean", "DOUBLE")});
        CHECK(types() == Texts{"STRING", "STRING", "LONG"});
    }
}

TEST_CASE("error types fall into the groups that people are told about", "[genie][types]") {
    CHECK(remedy_for("RATE_LIMIT_EXCEEDED_SPECIFIED_WAIT_EXCEPTION") == Remedy::retry_later);
    CHECK(remedy_for("CHAT_COMPLETION_NETWORK_EXCEPTION") == Remedy::retry_later);
    CHECK(remedy_for("GENERIC_SQL_EXEC_API_CALL_EXCEPTION") == Remedy::retry_later);
    CHECK(remedy_for("WAREHOUSE_ACCESS_MISSING_EXCEPTION") == Remedy::admin);
    CHECK(remedy_for("INTERNAL_CATALOG_PATH_OVERLAP_EXCEPTION") == Remedy::admin);
    CHECK(remedy_for("COULD_NOT_GET_UC_SCHEMA_EXCEPTION") == Remedy::admin);
    CHECK(remedy_for("INVALID_SQL_UNKNOWN_TABLE_EXCEPTION") == Remedy::rephrase);
    CHECK(remedy_for("SQL_EXECUTION_EXCEPTION") == Remedy::rephrase);
    CHECK(remedy_for("BLOCK_MULTIPLE_EXECUTIONS_EXCEPTION") == Remedy::wait_for_other);
    CHECK(remedy_for("MESSAGE_CANCELLED_WHILE_EXECUTING_EXCEPTION") == Remedy::cancelled);
    CHECK(remedy_for("SOMETHING_NEW_EXCEPTION") == Remedy::other);
    CHECK(remedy_for("") == Remedy::other);
}

}  // namespace types_test
