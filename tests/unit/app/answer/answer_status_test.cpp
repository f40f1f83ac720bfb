#include "app/answer/message/answer.hpp"
#include "app/answer/message/failure.hpp"
#include "app/answer/message/status.hpp"
#include "tests/catch.hpp"
#include "tests/unit/app/answer/rendered_text.hpp"

namespace answer_status_test {

using namespace genie_slack;
using namespace genie_slack::answer;
using namespace std::chrono_literals;
using test::contains;
using test::limits_broken;
using test::shown_text;

std::string progress(genie::MessageStatus status, Duration elapsed = 1s) {
    genie::Message message;
    message.status = status;
    ProgressInput input;
    input.message = &message;
    input.elapsed = elapsed;
    return render_progress(input).text;
}

std::string failure_text(Failure failure, const std::string& error_type = "", const std::string& title = "") {
    FailureInput input;
    input.failure = failure;
    input.error_type = error_type;
    input.space_title = title;
    const Rendered rendered = render_failure(input);
    CHECK(limits_broken(rendered) == "");
    return rendered.text;
}

TEST_CASE("progress is told in words that people understand", "[answer]") {
    using genie::MessageStatus;
    CHECK(render_progress({}).text == "Asking Genie…");
    CHECK(progress(MessageStatus::submitted) == "Asking Genie…");
    CHECK(progress(MessageStatus::fetching_metadata) == "Looking at the tables…");
    CHECK(progress(MessageStatus::filtering_context) == "Picking the relevant data…");
    CHECK(progress(MessageStatus::asking_ai) == "Thinking about your question…");
    CHECK(progress(MessageStatus::pending_warehouse) == "Starting the SQL warehouse, this can take some minutes…");
    CHECK(progress(MessageStatus::executing_query) == "Running the query…");
    CHECK(progress(MessageStatus::completed) == "Preparing the answer…");
    CHECK(progress(MessageStatus::unknown) == "Working on it…");
    const Rendered rendered = render_progress({});
    CHECK(shown_text(rendered) == "[text] Asking Genie…\n[context] Asking Genie…\n");
}

TEST_CASE("a long wait shows how long it is", "[answer]") {
    using genie::MessageStatus;
    CHECK(progress(MessageStatus::asking_ai, 14'999ms) == "Thinking about your question…");
    CHECK(progress(MessageStatus::asking_ai, 15s) == "Thinking about your question… (15 s)");
    CHECK(progress(MessageStatus::asking_ai, 59'999ms) == "Thinking about your question… (59 s)");
    CHECK(progress(MessageStatus::asking_ai, 60s) == "Thinking about your question… (1 min)");
    CHECK(progress(MessageStatus::executing_query, 125s) == "Running the query… (2 min 5 s)");
    CHECK(progress(MessageStatus::executing_query, 2h + 3min) == "Running the query… (2 h 3 min)");
}

TEST_CASE("what Genie says it is doing stands behind the status", "[answer]") {
    genie::Message message;
    message.status = genie::MessageStatus::asking_ai;
    genie::Attachment& thinking = message.attachments.emplace_back();
    thinking.kind = genie::Attachment::Kind::text;
    thinking.phase = "RESPONSE_PHASE_THINKING";
    thinking.text = "Comparing\n<!channel> regions";
    ProgressInput input;
    input.message = &message;
    input.elapsed = 20s;
    CHECK(render_progress(input).text == "Thinking about your question… (20 s) · Comparing &lt;!channel&gt; regions");
}

TEST_CASE("every failure has a sentence of its own that says what to do", "[answer]") {
    const std::pair<Failure, const char*> cases[] = {
        {Failure::genie_failed, "Genie could not answer this question. Try to ask it in other words."},
        {Failure::genie_cancelled, "This question was cancelled in Genie. Ask it again if you still need the answer."},
        {Failure::genie_timeout,
         "Genie took too long for this question, so I stopped waiting. Try again later, or ask for less at once."},
        {Failure::genie_unreachable, "I could not reach Genie. Please ask again in a few minutes."},
        {Failure::genie_auth,
         "I could not sign in to Databricks, so Genie did not get your question. An admin has to renew the bot's "
         "credentials."},
        {Failure::genie_auth_lost,
         "I could not sign in to Databricks any more, so I cannot tell what Genie made of your question. An admin has "
         "to "
         "renew the bot's credentials."},
        {Failure::genie_permission,
         "The bot may not use the Genie space “A &amp; B”. An admin of that space has to give it access."},
        {Failure::genie_not_found,
         "I cannot find the Genie space “A &amp; B” or this conversation in it any more: it was deleted, or it "
         "is not shared with the bot. An admin of that space can share it; in a new thread another space can be "
         "chosen."},
        {Failure::genie_rate_limited,
         "Too many questions are waiting for Genie at the moment. Please ask again in a minute."},
        {Failure::genie_configuration,
         "Genie refused this question because the bot is not set up correctly. An admin has to look at its "
         "configuration."},
        {Failure::outcome_unknown,
         "I lost the connection while I asked Genie, and your question did not arrive there. Please ask it again."},
        {Failure::no_spaces, "There is no Genie space that I may use yet. An admin has to give the bot access to one."},
        {Failure::spaces_unreachable, "I could not get the list of Genie spaces. Please ask again in a few minutes."},
        {Failure::cannot_deliver,
         "Genie has answered, but Slack did not accept the answer in any form. Try to ask for a shorter one."},
        {Failure::empty_question,
         "I did not find a question in your message. Write what you want to know about your data."},
        {Failure::interrupted, "I was restarted while I worked on this question. Please ask it again."},
        {Failure::internal, "Something went wrong on my side. Please ask your question again."},
    };
    int kinds = 0;
    for (const auto& [failure, sentence] : cases) {
        INFO(to_string(failure));
        CHECK(static_cast<int>(failure) == kinds++);
        CHECK(failure_text(failure, "", "A & B") == sentence);
    }
    CHECK(std::string(to_string(static_cast<Failure>(kinds - 1))) == "internal");
    CHECK(std::string(to_string(static_cast<Failure>(kinds))) == "unknown");
    CHECK_THAT(failure_text(Failure::genie_permission), contains("may not use this Genie space."));
}

TEST_CASE("errors of Genie are told by what can be done about them", "[answer]") {
    const std::pair<const char*, const char*> cases[] = {
        {"RATE_LIMIT_EXCEEDED_GENERIC_EXCEPTION",
         "Genie has too many questions to answer at the moment. Please ask again in a minute."},
        {"REPLY_PROCESS_TIMEOUT_EXCEPTION",
         "Genie could not finish this question just now. Please ask it again in a few minutes."},
        {"WAREHOUSE_ACCESS_MISSING_EXCEPTION",
         "Genie cannot answer in the Genie space “Sales”: the bot may not use its SQL warehouse. Please tell an admin "
         "of that space."},
        {"WAREHOUSE_NOT_FOUND_EXCEPTION",
         "Genie cannot answer in the Genie space “Sales”: its SQL warehouse does not exist any more. Please tell an "
         "admin of that space."},
        {"NO_TABLES_TO_QUERY_EXCEPTION",
         "Genie cannot answer in the Genie space “Sales”: it has no tables that can be queried. Please tell an admin "
         "of that space."},
        {"TOO_MANY_TABLES_EXCEPTION",
         "Genie cannot answer in the Genie space “Sales”: it has more tables than Genie can handle. Please tell an "
         "admin of that space."},
        {"BUDGET_EXCEEDED_EXCEPTION",
         "Genie cannot answer in the Genie space “Sales”: its budget is used up. Please tell an admin of that space."},
        {"COULD_NOT_GET_UC_SCHEMA_EXCEPTION",
         "Genie cannot answer in the Genie space “Sales”: something in it is not set up. Please tell an admin of that "
         "space."},
        {"CONTENT_FILTER_EXCEPTION", "Genie's content filter stopped this question. Try to ask it in other words."},
        {"LOCAL_CONTEXT_EXCEEDED_EXCEPTION",
         "This conversation has become too long for Genie. Please ask your question in a new thread."},
        {"GENERATED_SQL_QUERY_TOO_LONG_EXCEPTION",
         "This question needs more than Genie can handle at once. Try to ask for less, or in several steps."},
        {"SQL_EXECUTION_EXCEPTION",
         "Genie wrote a query for this question, but it failed when it ran. Try to ask more precisely or in other "
         "words."},
        {"INVALID_SQL_UNKNOWN_TABLE_EXCEPTION",
         "Genie could not turn this question into a working query. Try to ask more precisely or in other words."},
        {"BLOCK_MULTIPLE_EXECUTIONS_EXCEPTION",
         "Genie is still busy with another question of this conversation. Please ask again when that one is answered."},
        {"MESSAGE_DELETED_WHILE_EXECUTING_EXCEPTION",
         "This question was changed or removed in Genie while it was being answered. Please ask it again."},
        {"MESSAGE_CANCELLED_WHILE_EXECUTING_EXCEPTION",
         "This question was cancelled in Genie. Ask it again if you still need the answer."},
        {"SOMETHING_NEW_EXCEPTION", "Genie could not answer this question. Try to ask it in other words."},
    };
    for (const auto& [type, sentence] : cases) {
        INFO(type);
        CHECK(failure_text(Failure::genie_failed, type, "Sales") == sentence);
    }
}

TEST_CASE("a failed query shows its error, cut and harmless, and how to go on", "[answer]") {
    FailureInput input;
    input.failure = Failure::genie_failed;
    input.error_type = "SQL_EXECUTION_EXCEPTION";
    input.error_text = "[DIVIDE_BY_ZERO] <!channel> ``` x\n" + std::string(1'000, 'y');
    input.suggested_questions = {"Which columns are there?"};
    const Rendered rendered = render_failure(input);
    CHECK(limits_broken(rendered) == "");
    const std::string shown = shown_text(rendered);
    CHECK_THAT(shown, contains("[section] Genie wrote a query for this question, but it failed"));
    CHECK_THAT(shown, contains("&lt;!channel&gt;") && !contains("DIVIDE_BY_ZERO"));
    CHECK_THAT(shown, !contains(std::string(300, 'y')));
    CHECK_THAT(shown, contains("(ask_follow_up:0) Which columns are there? -> Which columns are there?"));
}

TEST_CASE("what only an admin can mend asks nobody to ask otherwise, and names what to look for", "[answer]") {
    FailureInput input;
    input.failure = Failure::genie_failed;
    input.error_type = "SQL_EXECUTION_EXCEPTION";
    input.space_title = "Sales";
    input.reference = "req-42";
    const std::pair<const char*, const char*> cases[] = {
        {"[TABLE_OR_VIEW_NOT_FOUND] The table `a`.`b` cannot be found. SQLSTATE: 42P01", "table or column"},
        {"[SCHEMA_NOT_FOUND] The schema `a` cannot be found.", "table or column"},
        {"[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column `x` cannot be resolved.", "table or column"},
        {"[INSUFFICIENT_PERMISSIONS] Insufficient privileges: no SELECT on table 'b'.", "lacks a permission"}};
    for (const auto& [error, why] : cases) {
        INFO(error);
        input.error_text = error;
        CHECK(admin_must_help(input));
        const Rendered rendered = render_failure(input);
        const std::string shown = shown_text(rendered);
        CHECK_THAT(shown, contains("Please tell an admin of that space") && contains(why) && contains(":warning:"));
        CHECK_THAT(shown, !contains("[TABLE") && !contains("WITH_SUGGESTION]") && !contains("SQLSTATE"));
        CHECK_FALSE(failure_reason(input).empty());
        CHECK_THAT(shown, !contains("more precisely") && contains("[context] Reference for an admin: `req-42`"));
        CHECK_THAT(rendered.text, contains("(Reference for an admin: req-42)"));
    }
    input.hides_error = true;
    CHECK(failure_reason(input).empty());
    CHECK(admin_must_help(input));
}

TEST_CASE("what the person goes on from alone is no warning, and has nothing for an admin", "[answer]") {
    FailureInput input;
    input.reference = "req-42";
    const std::pair<Failure, const char*> cases[] = {
        {Failure::empty_question, ""},
        {Failure::genie_cancelled, ""},
        {Failure::genie_failed, "SQL_EXECUTION_EXCEPTION"},
        {Failure::genie_failed, "CONTENT_FILTER_EXCEPTION"},
        {Failure::genie_failed, "BLOCK_MULTIPLE_EXECUTIONS_EXCEPTION"},
        {Failure::genie_failed, "MESSAGE_CANCELLED_WHILE_EXECUTING_EXCEPTION"}};
    for (const auto& [failure, type] : cases) {
        INFO(to_string(failure) << " " << type);
        input.failure = failure;
        input.error_type = type;
        CHECK_THAT(shown_text(render_failure(input)), !contains("req-42") && !contains(":warning:"));
    }
    input.failure = Failure::genie_failed;
    input.error_type = "SOMETHING_NEW_EXCEPTION";
    CHECK_THAT(shown_text(render_failure(input)), contains("req-42") && contains(":warning:"));
}

TEST_CASE("raw error texts stay hidden when they would not help", "[answer]") {
    FailureInput input;
    input.error_text = "host 10.0.0.1 refused";
    for (const Failure failure : {Failure::genie_failed, Failure::genie_unreachable, Failure::internal}) {
        input.failure = failure;
        input.error_type = failure == Failure::genie_failed ? "UNEXPECTED_REPLY_PROCESS_EXCEPTION" : "SQL_EXECUTION";
        CHECK_THAT(shown_text(render_failure(input)), !contains("10.0.0.1"));
    }
}

}  // namespace answer_status_test
