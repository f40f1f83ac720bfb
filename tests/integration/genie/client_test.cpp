#include "genie/client.hpp"

#include "tests/catch.hpp"
#include "tests/integration/genie/genie_fixture.hpp"

namespace client_test {

using namespace genie_slack;
using namespace genie_slack::genie;
using namespace std::chrono_literals;
using test::GenieFixture;

TEST_CASE("a question is asked, followed and answered with its rows", "[genie][live]") {
    GenieFixture genie;
    genie.options.user_agent = "genie-slack/1.2.3";
    std::vector<MessageStatus> seen;
    const auto asked = genie.start();
    REQUIRE(asked);
    CHECK(asked->content == "Top 5 customers by revenue in 2025");

    auto note = [&seen](const Message& message) { seen.push_back(message.status); };
    const auto answered = genie.run(genie.client().wait_for_answer(asked->space_id, asked->conversation_id, asked->id,
                                                                   AnswerWatch(note, {}), GenieFixture::soon()));
    REQUIRE(answered);
    CHECK(answered->status == MessageStatus::completed);
    REQUIRE_FALSE(seen.empty());
    CHECK(seen.back() == MessageStatus::completed);
    CHECK(std::adjacent_find(seen.begin(), seen.end()) == seen.end());
    // The sandbox sends milliseconds.
    CHECK(answered->created_ms > 1'600'000'000'000);

    const AnswerParts parts = select_answer(*answered);
    REQUIRE(parts.query);
    CHECK_THAT(parts.query->sql, test::contains("SELECT"));
    CHECK(parts.query->row_count == 5);
    const auto table = genie.result_of(*answered);
    REQUIRE(table);
    CHECK(table->rows.size() == 5);
    CHECK(table->total_rows == 5);
    CHECK_FALSE(table->truncated);
    CHECK(table->columns.size() == table->rows[0].size());

    const auto follow_up = genie.run(
        genie.client().create_message(asked->space_id, asked->conversation_id, "and for 2024?", GenieFixture::soon()));
    REQUIRE(follow_up);
    CHECK(follow_up->conversation_id == asked->conversation_id);
    const auto second = genie.wait(*follow_up);
    REQUIRE(second);
    CHECK(second->status == MessageStatus::completed);

    const auto messages =
        genie.run(genie.client().list_messages(asked->space_id, asked->conversation_id, 10, GenieFixture::soon()));
    REQUIRE(messages);
    REQUIRE(messages->size() == 2);
    CHECK(messages->at(0).id == follow_up->id);
    CHECK(messages->at(1).content == asked->content);
    CHECK(genie.server().questions().size() == 2);
    CHECK(genie.server().calls().back().user_agent == "genie-slack/1.2.3");
}

TEST_CASE("spaces are listed over pages and read with their sample questions", "[genie][live]") {
    auto server_options = GenieFixture::quick();
    server_options.spaces = 130;
    GenieFixture genie(GenieFixture::SignIn::m2m, server_options);
    const auto spaces = genie.run(genie.client().list_spaces(GenieFixture::soon()));
    REQUIRE(spaces);
    CHECK(spaces->size() == 130);
    CHECK(spaces->at(0).title == "Sales");
    CHECK(genie.calls("GET /api/2.0/genie/spaces") == 2);

    const auto space = genie.run(genie.client().get_space(genie.space(), GenieFixture::soon()));
    REQUIRE(space);
    CHECK(space->title == "Sales");
    CHECK(space->sample_questions.size() == 4);

    genie.fail("GET /api/2.0/genie/spaces/" + genie.space() + "?include", 403);
    const auto plain = genie.run(genie.client().get_space(genie.space(), GenieFixture::soon()));
    REQUIRE(plain);
    CHECK(plain->sample_questions.empty());

    const auto none = genie.run(genie.client().get_space("01f0", GenieFixture::soon()));
    REQUIRE_FALSE(none);
    CHECK(none.error().fault == GenieFault::not_found);
    CHECK_FALSE(none.error().request_id.empty());
}

TEST_CASE("conversations are listed over pages", "[genie][live]") {
    GenieFixture genie;
    for (int i = 0; i < 5; ++i)
        REQUIRE(genie.start("question " + std::to_string(i)));
    const auto some = genie.run(genie.client().list_conversations(genie.space(), 2, GenieFixture::soon()));
    REQUIRE(some);
    CHECK(some->size() == 2);
    const auto all = genie.run(genie.client().list_conversations(genie.space(), 100, GenieFixture::soon()));
    REQUIRE(all);
    CHECK(all->size() == 5);
    CHECK(all->at(0).title == "question 4");
}

TEST_CASE("feedback is stored and replaced", "[genie][live]") {
    GenieFixture genie;
    const auto message = genie.answer();
    REQUIRE(message);
    const auto rate = [&](Rating rating, const std::string& comment) {
        return genie.run(genie.client().send_feedback(message->space_id, message->conversation_id, message->id, rating,
                                                      comment, GenieFixture::soon()));
    };
    CHECK(rate(Rating::positive, ""));
    CHECK(genie.server().questions().at(0).rating == "POSITIVE");
    CHECK(rate(Rating::negative, "wrong sum"));
    CHECK(genie.server().questions().at(0).rating == "NEGATIVE");
    CHECK(genie.server().questions().at(0).comment == "wrong sum");
    genie.fail("/feedback").reset_after = true;
    CHECK(rate(Rating::none, ""));
    CHECK(genie.server().questions().at(0).rating == "NONE");
}

TEST_CASE("every outcome of a question is told apart", "[genie][live]") {
    SECTION("failed") {
        GenieFixture genie;
        const auto message = genie.answer("FAILED");
        REQUIRE(message);
        CHECK(message->status == MessageStatus::failed);
        CHECK(message->error_type == "SQL_EXECUTION_EXCEPTION");
        CHECK_THAT(message->error_text, test::contains("TABLE_OR_VIEW_NOT_FOUND"));
    }
    SECTION("failed with suggestions") {
        GenieFixture genie;
        const auto message = genie.answer("FAILED_WITH_SUGGESTIONS");
        REQUIRE(message);
        CHECK(message->status == MessageStatus::failed);
        CHECK_FALSE(select_answer(*message).suggested_questions.empty());
    }
    SECTION("cancelled") {
        GenieFixture genie;
        const auto message = genie.answer("CANCELLED");
        REQUIRE(message);
        CHECK(message->status == MessageStatus::cancelled);
    }
    SECTION("self-correction") {
        GenieFixture genie;
        const auto message = genie.answer("SELF_CORRECTION");
        REQUIRE(message);
        const AnswerParts parts = select_answer(*message);
        REQUIRE(parts.query);
        CHECK(parts.query->sql.find("a_table_that_is_not_there") == std::string::npos);
        for (const std::string& text : parts.texts)
            CHECK(text.find("The first query failed") == std::string::npos);
        CHECK(genie.result_of(*message));
    }
    SECTION("unknown status on the way") {
        GenieFixture genie;
        const auto message = genie.answer("UNKNOWN_STATUS");
        REQUIRE(message);
        CHECK(message->status == MessageStatus::completed);
    }
    SECTION("null attachments on the way or at the end") {
        GenieFixture genie;
        const auto message = genie.answer("NULL_ATTACHMENTS");
        REQUIRE(message);
        CHECK(is_terminal(message->status));
    }
    SECTION("a second question while one runs") {
        GenieFixture genie;
        const auto message = genie.answer("BLOCK_MULTIPLE");
        REQUIRE(message);
        CHECK(message->status == MessageStatus::failed);
        CHECK(remedy_for(message->error_type) == Remedy::wait_for_other);
    }
    SECTION("a warehouse that starts slowly") {
        GenieFixture genie;
        const auto message = genie.answer("WAREHOUSE");
        REQUIRE(message);
        CHECK(message->status == MessageStatus::completed);
    }
    SECTION("an older wire form") {
        GenieFixture genie;
        const auto message = genie.answer("LEGACY");
        REQUIRE(message);
        CHECK(message->status == MessageStatus::completed);
        CHECK(message->created_ms > 1'600'000'000'000);
    }
    SECTION("one that never ends") {
        GenieFixture genie;
        genie.faults().outcomes.push_back("HANG");
        const auto asked = genie.start();
        REQUIRE(asked);
        const auto message = genie.wait(*asked, Deadline::after(400ms));
        REQUIRE_FALSE(message);
        CHECK(message.error().fault == GenieFault::timeout);
        CHECK_THAT(message.error().message, test::contains("ASKING_AI"));
        genie.server().finish_questions();
        CHECK(genie.wait(*asked));
    }
}

TEST_CASE("Genie's own progress texts are told while it works", "[genie][live]") {
    GenieFixture genie;
    genie.faults().outcomes.push_back("THINKING");
    const auto asked = genie.start();
    REQUIRE(asked);
    std::vector<std::string> progress;
    auto note = [&progress](const Message& message) {
        if (std::string text = progress_text(message); !text.empty())
            progress.push_back(std::move(text));
    };
    const auto answered = genie.run(genie.client().wait_for_answer(asked->space_id, asked->conversation_id, asked->id,
                                                                   AnswerWatch(note, {}), GenieFixture::soon()));
    REQUIRE(answered);
    CHECK_FALSE(progress.empty());
    for (const std::string& text : select_answer(*answered).texts)
        CHECK(std::find(progress.begin(), progress.end(), text) == progress.end());
}

TEST_CASE("a result comes in every wire form", "[genie][live]") {
    for (const char* outcome : {"", "TYPED_ARRAY", "CHUNKS", "EXTERNAL_LINKS"}) {
        GenieFixture genie;
        const auto message = genie.answer(outcome);
        REQUIRE(message);
        const auto table = genie.result_of(*message);
        REQUIRE(table);
        CHECK(table->rows.size() == 5);
        CHECK(table->total_rows == 5);
        CHECK_FALSE(table->truncated);
        for (const auto& row : table->rows)
            CHECK(row.size() == table->columns.size());
    }
}

TEST_CASE("a result that counts rows and brings none is gone, and no empty one", "[genie][live]") {
    GenieFixture genie;
    const auto message = genie.answer("MISSING_RESULT");
    REQUIRE(message);
    const auto table = genie.result_of(*message);
    REQUIRE(table.has_error());
    CHECK(table.error().fault == GenieFault::result_expired);
}

TEST_CASE("results larger than we take are cut", "[genie][live]") {
    GenieFixture genie;
    genie.options.max_result_rows = 3;
    const auto message = genie.answer("CHUNKS");
    REQUIRE(message);
    const auto table = genie.result_of(*message);
    REQUIRE(table);
    CHECK(table->rows.size() == 3);
    CHECK(table->total_rows == 5);
    CHECK(table->truncated);
}

TEST_CASE("failed SQL is told with its text", "[genie][live]") {
    GenieFixture genie;
    const auto message = genie.answer("SQL_FAILED");
    REQUIRE(message);
    const auto table = genie.result_of(*message);
    REQUIRE_FALSE(table);
    CHECK(table.error().fault == GenieFault::query_failed);
    CHECK_THAT(table.error().message, test::contains("TABLE_OR_VIEW_NOT_FOUND"));
}

TEST_CASE("an expired or closed result is had again by running the query", "[genie][live]") {
    for (const char* outcome : {"QUERY_RESULT_EXPIRED", "RESULT_CLOSED"}) {
        GenieFixture genie;
        const auto message = genie.answer(outcome);
        REQUIRE(message);
        const auto gone = genie.result_of(*message);
        REQUIRE_FALSE(gone);
        CHECK(gone.error().fault == GenieFault::result_expired);
        const auto table = genie.execute(*message);
        REQUIRE(table);
        CHECK(table->rows.size() == 5);
    }
}

TEST_CASE("a result that Genie cut is downloaded whole", "[genie][live]") {
    GenieFixture genie;
    const auto asked = genie.start("Show every temperature reading");
    REQUIRE(asked);
    const auto message = genie.wait(*asked);
    REQUIRE(message);
    const auto query = select_answer(*message).query;
    REQUIRE(query);
    CHECK(query->truncated);
    const auto part = genie.result_of(*message);
    REQUIRE(part);
    CHECK(part->rows.size() == 5'000);
    CHECK(part->truncated);
    const auto whole = genie.run(genie.client().download_result(message->space_id, message->conversation_id,
                                                                message->id, query->id, GenieFixture::soon()));
    REQUIRE(whole);
    CHECK(whole->rows.size() == 12'480);
    CHECK(whole->total_rows == 12'480);
    CHECK_FALSE(whole->truncated);
    REQUIRE(whole->columns.size() == part->columns.size());
    for (std::size_t i = 0; i < part->columns.size(); ++i)
        CHECK(whole->columns[i].name == part->columns[i].name);
    // The same values, NULLs and quotes included.
    REQUIRE(whole->rows.size() > part->rows.size());
    CHECK(std::equal(part->rows.begin(), part->rows.end(), whole->rows.begin()));
}

TEST_CASE("Genie's own chart comes as a picture, where the workspace has it", "[genie][live]") {
    GenieFixture genie;
    genie.options.visualizations = true;
    const auto asked = genie.start();
    REQUIRE(asked);
    const auto message = genie.wait(*asked);
    REQUIRE(message);
    const auto chart = select_answer(*message).visualization;
    REQUIRE(chart);
    const auto picture = [&] {
        return genie.run(genie.client().visualization_png(message->space_id, message->conversation_id, message->id,
                                                          chart->id, GenieFixture::soon()));
    };
    CHECK(picture().substr(1, 3) == "PNG");
    genie.faults().no_charts = true;
    CHECK(picture().empty());
}

TEST_CASE("the look-alike tells who asks, and ends a query that runs", "[genie][live]") {
    auto slow = GenieFixture::quick();
    slow.status_time = 2s;
    GenieFixture genie(GenieFixture::SignIn::pat, slow);
    const auto identity = genie.run(genie.client().identity(GenieFixture::soon()));
    REQUIRE(identity);
    CHECK(identity->name() == "Local sandbox");
    const auto asked = genie.start();
    REQUIRE(asked);
    std::string statement;
    auto note = [&](const Message& message) {
        for (const Attachment& attachment : message.attachments)
            if (statement.empty())
                statement = attachment.statement_id;
    };
    // Waits until the query is seen, which is before the answer is complete.
    for (int polls = 0; statement.empty() && polls < 500; ++polls) {
        const auto now = genie.run(
            genie.client().get_message(asked->space_id, asked->conversation_id, asked->id, GenieFixture::soon()));
        REQUIRE(now);
        REQUIRE_FALSE(is_terminal(now->status));
        note(*now);
        genie.run(sleep_for(20ms));
    }
    REQUIRE_FALSE(statement.empty());
    CHECK(genie.run(genie.client().cancel_statement(statement, GenieFixture::soon())));
    const auto ended = genie.wait(*asked);
    REQUIRE(ended);
    CHECK(ended->status == MessageStatus::failed);
    CHECK(remedy_for(ended->error_type) == Remedy::cancelled);
    CHECK_FALSE(genie.run(genie.client().cancel_statement("unknown", GenieFixture::soon())));
}

}  // namespace client_test
