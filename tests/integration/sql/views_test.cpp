// The analytics views, against every defect that storage.md 5.2 found in BI Hub's.
#include "tests/catch.hpp"
#include "tests/integration/sql/sql_database.hpp"

namespace views_test {

using namespace genie_slack;
using sql_test::Database;
using sql_test::Rows;

// The named columns of the one row that a condition selects, separated by "|".
std::string row(const Database& database, const std::string& view, const std::string& condition,
                const std::string& columns) {
    std::string text;
    const Rows rows = database.query("SELECT " + columns + " FROM " + view + " WHERE " + condition);
    if (rows.size() != 1)
        return std::to_string(rows.size()) + " rows";
    for (const std::string& field : rows.front())
        text += (text.empty() ? "" : "|") + field;
    return text;
}

TEST_CASE("counts of a conversation are not multiplied by its ratings and attachments", "[sql]") {
    const Database database;
    database.add_fixture_functions();
    database.query(R"sql(
        SELECT fixture.user_(1, 'ann@example.com', '{"email": "ann@example.com", "name": "Ann", "department": "Sales"}');
        SELECT fixture.thread(1, 1, fixture.day(2));
        SELECT fixture.step(1, 1, 'user_message', fixture.day(2), output => 'How many?'),
               fixture.step(2, 1, 'user_message', fixture.day(2, 90), true, output => 'Why?');
        SELECT fixture.feedback(1, 1, 1, 0, 'wrong'), fixture.feedback(2, 1, 2, 1, 'right');
        SELECT fixture.element(1, 1, 'file'), fixture.element(2, 1, 'image'), fixture.element(3, 1, 'file');
        UPDATE threads SET "tags" = '{sales,weekly}';
    )sql");

    // The original joined all of them: what it counted shows that this fixture would catch it.
    REQUIRE(
        database.value("SELECT count(s.id) FROM threads t JOIN steps s ON s.\"threadId\" = t.id JOIN feedbacks f ON "
                       "f.\"threadId\" = t.id JOIN elements e ON e.\"threadId\" = t.id") == "12");

    CHECK(row(database, "chat_summary_view", "true",
              "total_steps, user_messages, assistant_responses, error_count, feedback_count, elements_count, "
              "conversation_type, conversation_quality") == "2|2|0|1|2|3|Short Conversation|Minor Issues");
    CHECK(row(database, "chat_summary_view", "true",
              "conversation_name, user_id, user_email, conversation_duration_minutes, avg_feedback_score, "
              "feedback_comments, element_types, conversation_tags, thread_metadata") ==
          "thread 1|ann@example.com|ann@example.com|1.50|3.00|wrong | right|file, image|sales, weekly|{}");
    CHECK(row(database, "chat_summary_view", "true",
              "avg_response_time_seconds, avg_input_length, max_input_length, avg_output_length, max_output_length") ==
          "<null>|6.50|9|<null>|<null>");

    // Chainlit's login replaces what we know of a person.
    database.query("UPDATE users SET \"metadata\" = '{\"provider\": \"header\"}'");
    CHECK(row(database, "chat_summary_view", "true", "user_email") == "ann@example.com");
    CHECK(row(database, "user_summary_view", "true", "user_email") == "ann@example.com");
    database.query(
        "UPDATE users SET \"metadata\" = '{\"email\": \"ann@example.com\", \"name\": \"Ann\", \"department\": "
        "\"Sales\"}'");

    CHECK(row(database, "user_summary_view", "true",
              "user_id, user_email, user_name, user_department, total_conversations, active_days, total_interactions, "
              "user_messages, assistant_responses, error_count, avg_interactions_per_conversation") ==
          "ann@example.com|ann@example.com|Ann|Sales|1|1|2|2|0|1|2.00");
    CHECK(row(database, "user_summary_view", "true",
              "engagement_level, recency_level, total_feedback_given, avg_feedback_score, positive_feedback_count, "
              "negative_feedback_count") == "Low|Recent|2|3.00|1|1");
    CHECK(row(database, "user_summary_view", "true", "user_created_at AT TIME ZONE 'UTC'") ==
          "2025-01-02 03:04:05.000006");

    CHECK(row(database, "performance_dashboard_view", "metric_date = (now() AT TIME ZONE 'UTC')::date - 2",
              "daily_conversations, daily_active_users, daily_interactions, daily_errors, error_rate_percent, "
              "feedback_volume, daily_avg_feedback_score") == "1|1|2|1|50.00|2|3.00");
}

TEST_CASE("ratings, times and response times are read for what they are", "[sql]") {
    const Database database;
    database.add_fixture_functions();

    SECTION("thumbs are the ends of the scale, stars stay, anything else is no rating") {
        CHECK(database.value("SELECT string_agg(coalesce(feedback_score(v)::text, 'none'), ' ' ORDER BY v) "
                             "FROM generate_series(-1, 6) v") == "none 1 5 2 3 4 5 none");
        database.query(R"sql(
            SELECT fixture.user_(1, 'ann'), fixture.thread(1, 1, fixture.day(0)), fixture.thread(2, 1, fixture.day(0));
            SELECT fixture.step(1, 1, 'run', fixture.day(0)), fixture.step(2, 2, 'run', fixture.day(0));
            SELECT fixture.feedback(1, 1, 1, 1), fixture.feedback(2, 2, 2, 7);
        )sql");
        CHECK(row(database, "chat_summary_view", "conversation_name = 'thread 1'",
                  "feedback_count, avg_feedback_score") == "1|5.00");
        CHECK(row(database, "chat_summary_view", "conversation_name = 'thread 2'",
                  "feedback_count, avg_feedback_score") == "1|<null>");
        // With the original's thresholds on 0 and 1, feedback health was Poor whatever people pressed.
        CHECK(row(database, "performance_dashboard_view", "metric_date = (now() AT TIME ZONE 'UTC')::date",
                  "daily_avg_feedback_score, feedback_volume, feedback_health_status") == "5.00|2|Excellent");
    }

    SECTION("texts that are no times are NULL and break nothing, whatever the session's settings") {
        const std::string texts =
            "(VALUES (1, '2025-01-02T03:04:05.123456Z'), (2, '2025-01-02T03:04:05Z'), (3, '2025-01-02 03:04:05'), "
            "(4, '2025-01-02T03:04:05.5+02:00'), (5, '2025-01-02T03:04:05-0530'), (6, '2024-02-29T00:00:00Z'), "
            "(7, '2023-02-29T00:00:00Z'), (8, '2025-02-30T00:00:00Z'), (9, ''), (10, 'now'), (11, NULL), "
            "(12, '0000-01-01T00:00:00Z'), (13, '2025-01-02'), (14, '2025-01-02T24:00:00Z'), "
            "(15, '9999-12-31T23:59:59.9999999Z'), (16, '1900-02-29T00:00:00Z'), (17, '2000-02-29T12:00:00Z')) t (n, "
            "v)";
        const std::string expected =
            "2025-01-02 03:04:05.123456,2025-01-02 03:04:05,2025-01-02 03:04:05,2025-01-02 01:04:05.5,"
            "2025-01-02 08:34:05,2024-02-29 00:00:00,-,-,-,-,-,-,-,-,9999-12-31 23:59:59.999999,-,2000-02-29 12:00:00";
        for (const std::string settings : {"", "SET TimeZone = 'America/New_York'; "})
            CHECK(database.value(settings +
                                 "SELECT string_agg(coalesce((iso_timestamp(v) AT TIME ZONE 'UTC')::text, '-'), "
                                 "',' ORDER BY n) FROM " +
                                 texts) == expected);
        CHECK(database.value("SET DateStyle = 'German, DMY'; SELECT iso_timestamp('2025-01-02T03:04:05Z') = "
                             "make_timestamptz(2025, 1, 2, 3, 4, 5, 'UTC')") == "t");
        // Immutable in truth, so an index on it can be built where somebody wants one.
        CHECK(database.error("CREATE INDEX ON steps (iso_timestamp(\"createdAt\"))") == "");

        database.query(R"sql(
            SELECT fixture.user_(1, 'ann', created => 'yesterday'), fixture.thread(1, 1, ''), fixture.thread(2, 1, NULL);
            SELECT fixture.step(1, 1, 'user_message', 'now'), fixture.step(2, 1, 'run', ''),
                   fixture.step(3, 1, 'run', NULL);
        )sql");
        CHECK(row(database, "chat_summary_view", "conversation_name = 'thread 1'",
                  "conversation_start_time, total_steps, first_interaction, conversation_duration_minutes") ==
              "<null>|3|<null>|<null>");
        CHECK(row(database, "user_summary_view", "true",
                  "user_created_at, total_conversations, active_days, last_conversation_date, recency_level") ==
              "<null>|2|0|<null>|Very Old");
        CHECK(database.value("SELECT sum(daily_interactions) FROM performance_dashboard_view") == "0");
    }

    SECTION("an answer took from start to end, or what was measured, and nothing is not zero") {
        database.query(R"sql(
            SELECT fixture.thread(n) FROM generate_series(1, 6) n;
            -- As documented.
            SELECT fixture.step(1, 1, 'assistant_message', started => '2025-01-02T03:04:05Z',
                                ended => '2025-01-02T03:04:15.5Z');
            -- As Chainlit and we write answers: start = end says nothing, the metadata do.
            SELECT fixture.step(2, 2, 'assistant_message', started => '2025-01-02T03:04:05Z',
                                ended => '2025-01-02T03:04:05Z', metadata => '{"latency_ms": 4200}');
            -- As Chainlit alone writes them: the run was measured.
            SELECT fixture.step(3, 3, 'run', started => '2025-01-02T03:04:05Z', ended => '2025-01-02T03:04:12Z'),
                   fixture.step(4, 3, 'assistant_message', started => '2025-01-02T03:04:12Z',
                                ended => '2025-01-02T03:04:12Z', parent => 3);
            -- Nobody measured anything.
            SELECT fixture.step(5, 4, 'assistant_message', started => '2025-01-02T03:04:05Z',
                                ended => '2025-01-02T03:04:05Z'),
                   fixture.step(6, 4, 'run', started => '2025-01-02T03:04:05Z', ended => '2025-01-02T03:05:05Z');
            SELECT fixture.step(7, 5, 'assistant_message', started => 'x', ended => '',
                                metadata => '{"latency_ms": "soon"}');
        )sql");
        CHECK(database.value("SELECT string_agg(coalesce(avg_response_time_seconds::text, '-'), ' ' ORDER BY "
                             "conversation_name) FROM chat_summary_view") == "10.50 4.20 7.00 - - -");
        CHECK(row(database, "chat_summary_view", "conversation_name = 'thread 6'",
                  "total_steps, conversation_type, conversation_quality, feedback_count, avg_feedback_score, "
                  "elements_count, element_types") == "0|No Data|No Errors|0|<null>|0|<null>");
    }

    SECTION("labels change where they should") {
        database.query(R"sql(
            SELECT fixture.user_(n, 'user ' || n) FROM generate_series(0, 4) n;
            SELECT fixture.thread(1, 1, fixture.iso('1 hour'));
            SELECT fixture.thread(10 + n, 2, fixture.iso('5 days')) FROM generate_series(1, 3) n;
            SELECT fixture.thread(20 + n, 3, fixture.iso('29 days')) FROM generate_series(1, 11) n;
            SELECT fixture.thread(40 + n, 4, fixture.iso('89 days')) FROM generate_series(1, 26) n;
            SELECT fixture.step(100 + n, 11, 'run') FROM generate_series(1, 1) n;
            SELECT fixture.step(200 + n, 12, 'run') FROM generate_series(1, 6) n;
            SELECT fixture.step(300 + n, 13, 'run', is_error => n <= 3) FROM generate_series(1, 16) n;
            SELECT fixture.step(400 + n, 21, 'run', is_error => n <= 4) FROM generate_series(1, 31) n;
        )sql");
        CHECK(database.value("SELECT string_agg(engagement_level || '/' || recency_level, ', ' ORDER BY user_id) "
                             "FROM user_summary_view") ==
              "Inactive/Very Old, Low/Very Recent, Medium/Recent, High/Moderate, Very High/Old");
        CHECK(database.value("SELECT string_agg(conversation_type || '/' || conversation_quality, ', ' ORDER BY "
                             "conversation_name) FROM chat_summary_view WHERE conversation_name IN ('thread 11', "
                             "'thread 12', 'thread 13', 'thread 21')") ==
              "Single Interaction/No Errors, Medium Conversation/No Errors, Long Conversation/Some Issues, "
              "Extended Conversation/Major Issues");
        CHECK(row(database, "user_summary_view", "user_id = 'user 0'",
                  "avg_interactions_per_conversation, avg_feedback_score, total_feedback_given, "
                  "first_conversation_date") == "0|<null>|0|<null>");
    }
}

TEST_CASE("the dashboard has a row for each of 30 calendar days", "[sql]") {
    const Database database;
    database.add_fixture_functions();
    const auto day = [&database](int days_ago, const std::string& columns) {
        return row(database, "performance_dashboard_view",
                   "metric_date = (now() AT TIME ZONE 'UTC')::date - " + std::to_string(days_ago), columns);
    };

    SECTION("days without traffic say that there is no data, not Poor or Excellent") {
        CHECK(
            database.value("SELECT count(*) || ' ' || count(DISTINCT metric_date) || ' ' || (max(metric_date) = (now() "
                           "AT TIME ZONE 'UTC')::date) || ' ' || (max(metric_date) - min(metric_date)) "
                           "FROM performance_dashboard_view") == "30 30 true 29");
        CHECK(database.value(
                  "SELECT bool_and(error_health_status = 'No Data' AND response_time_health_status = 'No Data' "
                  "AND feedback_health_status = 'No Data') FROM performance_dashboard_view") == "t");
        CHECK(day(3,
                  "daily_conversations, error_rate_percent, avg_response_time_seconds, daily_avg_feedback_score, "
                  "conversations_change_percent, conversations_7day_avg, response_time_7day_avg") ==
              "0|0|<null>|<null>|<null>|0.0|<null>");
        const Rows rows = database.query("SELECT metric_date FROM performance_dashboard_view");
        CHECK(rows.front().front() > rows.back().front());
    }

    SECTION("changes are against the day before, means over seven days, traffic or not") {
        database.query(R"sql(
            SELECT fixture.user_(1, 'ann'), fixture.user_(2, 'bob');
            -- Six days ago four conversations, nothing on the days after, yesterday two, today three.
            SELECT fixture.thread(n, 1, fixture.day(6)) FROM generate_series(1, 4) n;
            SELECT fixture.thread(10 + n, n, fixture.day(1)) FROM generate_series(1, 2) n;
            SELECT fixture.thread(20 + n, 1, fixture.day(0)) FROM generate_series(1, 3) n;
            SELECT fixture.step(1, 1, 'assistant_message', fixture.day(6), metadata => '{"latency_ms": 40000}');
            SELECT fixture.step(2, 11, 'assistant_message', fixture.day(1), metadata => '{"latency_ms": 10000}');
            SELECT fixture.step(20 + n, 21, 'assistant_message', fixture.day(0),
                                metadata => jsonb_build_object('latency_ms', n * 1000)) FROM generate_series(1, 3) n;
        )sql");
        CHECK(day(0,
                  "daily_conversations, daily_active_users, conversations_change_percent, users_change_percent, "
                  "conversations_7day_avg, users_7day_avg") == "3|1|50.0|-50.0|1.3|0.6");
        // By row the day before would be the one six days ago: -50.0.
        CHECK(day(1, "daily_conversations, conversations_change_percent, conversations_7day_avg") == "2|<null>|0.9");
        CHECK(day(5, "daily_conversations, conversations_change_percent") == "0|-100.0");
        CHECK(day(0,
                  "avg_response_time_seconds, p95_response_time_seconds, response_time_change_percent, "
                  "response_time_7day_avg, response_time_health_status") == "2.00|2.90|-80.0|17.33|Excellent");
        CHECK(day(6, "avg_response_time_seconds, response_time_change_percent, response_time_health_status") ==
              "40.00|<null>|Poor");
    }

    SECTION("the oldest rows know the days before them") {
        database.query(R"sql(
            SELECT fixture.thread(n, NULL, fixture.day(30)) FROM generate_series(1, 4) n;
            SELECT fixture.thread(10 + n, NULL, fixture.day(29)) FROM generate_series(1, 3) n;
        )sql");
        CHECK(day(29, "daily_conversations, conversations_change_percent, conversations_7day_avg") == "3|-25.0|1.0");
    }

    SECTION("what happens in an old conversation counts on its own day") {
        database.query(R"sql(
            SELECT fixture.user_(1, 'ann'), fixture.thread(1, 1, fixture.day(50));
            SELECT fixture.step(1, 1, 'user_message', fixture.day(2)),
                   fixture.step(2, 1, 'assistant_message', fixture.day(2), true, metadata => '{"latency_ms": 20000}'),
                   fixture.step(4, 1, 'assistant_message', fixture.day(2), metadata => '{"latency_ms": 20000}');
            SELECT fixture.feedback(1, 1, 2, 0);
            -- A step whose time is missing counts on the day of its conversation, which is not shown any more.
            SELECT fixture.step(3, 1, 'run', NULL);
        )sql");
        CHECK(day(2,
                  "daily_conversations, daily_active_users, daily_interactions, daily_errors, error_rate_percent, "
                  "error_health_status, response_time_health_status, feedback_health_status") ==
              "0|1|3|1|33.33|Poor|Fair|Poor");
        CHECK(database.value("SELECT sum(daily_interactions) FROM performance_dashboard_view") == "3");
    }

    SECTION("a further person's rating counts on the day when it was given") {
        database.query(R"sql(
            SELECT fixture.thread(1, NULL, fixture.day(9)), fixture.step(1, 1, 'run', fixture.day(9));
            SELECT fixture.feedback(1, 1, 1, 1);
            INSERT INTO feedbacks VALUES (fixture.id('feedback', 2), fixture.id('feedback', 2), fixture.id('thread', 1), 0);
            INSERT INTO genie_app.ratings (feedback_id, step_id, write_key, created_at)
                VALUES (fixture.id('feedback', 2), fixture.id('step', 1), 'key', iso_timestamp(fixture.day(4)));
        )sql");
        CHECK(day(9, "feedback_volume, daily_avg_feedback_score, feedback_health_status") == "1|5.00|Excellent");
        CHECK(day(4, "feedback_volume, daily_avg_feedback_score, feedback_health_status") == "1|1.00|Poor");
    }

    SECTION("a question that failed is one error, though its run and its answer say so") {
        database.query(R"sql(
            SELECT fixture.user_(1, 'ann'), fixture.thread(1, 1, fixture.day(0));
            SELECT fixture.step(1, 1, 'user_message', fixture.day(0)),
                   fixture.step(2, 1, 'run', fixture.day(0), true, parent => 1),
                   fixture.step(3, 1, 'assistant_message', fixture.day(0), true, parent => 2),
                   -- Of a run that goes on.
                   fixture.step(4, 1, 'run', fixture.day(0)),
                   fixture.step(5, 1, 'assistant_message', fixture.day(0), true, parent => 4);
        )sql");
        CHECK(day(0, "daily_interactions, daily_errors, error_rate_percent") == "5|2|40.00");
        CHECK(row(database, "chat_summary_view", "true", "error_count, conversation_quality") == "2|Some Issues");
        CHECK(row(database, "user_summary_view", "true", "error_count") == "2");
        CHECK(database.value("SELECT metric_value FROM system_health_check() "
                             "WHERE alert_message = 'High error rate detected'") == "40.00");
    }

    SECTION("response times are of answers alone, not of what failed, was stopped, edited or deleted") {
        database.query(R"sql(
            SELECT fixture.thread(1, NULL, fixture.day(0)), fixture.thread(2, NULL, fixture.day(0));
            -- An answer of four seconds.
            SELECT fixture.step(1, 1, 'run', fixture.day(0)),
                   fixture.step(2, 1, 'assistant_message', fixture.day(0), metadata => '{"latency_ms": 4000}', parent => 1);
            SELECT fixture.step(10 * n, 2, 'run', fixture.day(0), n = 4, fixture.day(0), fixture.day(0, 35),
                                jsonb_build_object('error', code, 'latency_ms', 35000)),
                   fixture.step(10 * n + 1, 2, 'assistant_message', fixture.day(0), n = 4, parent => 10 * n,
                                metadata => CASE WHEN n <> 3 THEN '{"latency_ms": 35000}'::jsonb ELSE '{}' END)
            FROM (VALUES (1, 'stopped'), (2, 'edited'), (3, 'deleted'), (4, 'genie_failed')) AS ending (n, code);
        )sql");
        CHECK(day(0,
                  "avg_response_time_seconds, p95_response_time_seconds, response_time_health_status, daily_errors, "
                  "daily_interactions") == "4.00|4.00|Excellent|1|10");
        CHECK(database.value("SELECT string_agg(coalesce(avg_response_time_seconds::text, '-'), ' ' ORDER BY "
                             "conversation_name) FROM chat_summary_view") == "4.00 -");
        CHECK(database.query("SELECT FROM system_health_check() WHERE alert_message = 'Slow response times detected'")
                  .empty());
    }

    SECTION("who asks in somebody else's thread is active too, and who is only answered is not") {
        database.query(R"sql(
            SELECT fixture.user_(1, 'ann'), fixture.user_(2, 'bob'), fixture.thread(1, 1, fixture.day(2));
            INSERT INTO genie_app.people VALUES ('T1', 'UANN', fixture.id('user', 1)), ('T1', 'UBOB', fixture.id('user', 2));
            SELECT fixture.step(1, 1, 'user_message', fixture.day(2), metadata => '{"slack": {"team": "T1", "user": "UANN"}}'),
                   fixture.step(2, 1, 'user_message', fixture.day(2), metadata => '{"slack": {"team": "T1", "user": "UBOB"}}'),
                   fixture.step(3, 1, 'user_message', fixture.day(1), metadata => '{"slack": {"team": "T1", "user": "UBOB"}}'),
                   fixture.step(4, 1, 'assistant_message', fixture.day(1));
        )sql");
        CHECK(day(2, "daily_conversations, daily_active_users") == "1|2");
        CHECK(day(1, "daily_conversations, daily_active_users") == "0|1");
    }
}

TEST_CASE("what somebody asked is theirs, whoever began the conversation", "[sql]") {
    const Database database;
    database.add_fixture_functions();
    // Ann began 1 a week ago; Bob and Cem go on in it today, and Cem's question fails. 2 is Ann's alone, from the web.
    database.query(R"sql(
        SELECT fixture.user_(1, 'ann'), fixture.user_(2, 'bob'), fixture.user_(3, 'cem'), fixture.user_(4, 'dan');
        INSERT INTO genie_app.people VALUES ('T1', 'UANN', fixture.id('user', 1)), ('T1', 'UBOB', fixture.id('user', 2)),
                                            ('T1', 'UCEM', fixture.id('user', 3)), ('T2', 'UBOB', fixture.id('user', 4));
        SELECT fixture.thread(1, 1, fixture.day(7)), fixture.thread(2, 1, fixture.day(3));
        SELECT fixture.step(10 * n, 1, 'user_message', fixture.day(ago),
                            metadata => jsonb_build_object('slack', jsonb_build_object('team', 'T1', 'user', who))),
               fixture.step(10 * n + 1, 1, 'run', fixture.day(ago), n = 4, parent => 10 * n),
               fixture.step(10 * n + 2, 1, 'tool', fixture.day(ago), parent => 10 * n + 1),
               fixture.step(10 * n + 3, 1, 'assistant_message', fixture.day(ago), n = 4, parent => 10 * n + 1),
               fixture.turn(n, 1, 'delivered', iso_timestamp(fixture.day(ago)))
        FROM (VALUES (1, 'UANN', 7), (2, 'UBOB', 1), (3, 'UBOB', 0), (4, 'UCEM', 0)) AS asked (n, who, ago);
        UPDATE genie_app.turns SET user_id = CASE id WHEN 'turn 1' THEN 'UANN' WHEN 'turn 4' THEN 'UCEM' ELSE 'UBOB' END;
        SELECT fixture.step(5, 1, 'tool', fixture.day(0));
        SELECT fixture.step(6, 2, 'user_message', fixture.day(3)), fixture.step(7, 2, 'assistant_message', fixture.day(3));
        SELECT fixture.feedback(1, 1, 21, 1);
    )sql");
    const std::string counts =
        "total_conversations, active_days, total_interactions, user_messages, assistant_responses, error_count, "
        "engagement_level, recency_level, total_feedback_given";
    CHECK(row(database, "user_summary_view", "user_id = 'ann'", counts) == "2|2|7|2|2|0|Low|Recent|1");
    CHECK(row(database, "user_summary_view", "user_id = 'bob'",
              counts + ", last_conversation_date::date = now()::date") == "1|2|8|2|2|0|Low|Very Recent|0|t");
    CHECK(row(database, "user_summary_view", "user_id = 'cem'", counts) == "1|1|4|1|1|1|Low|Very Recent|0");
    CHECK(row(database, "user_summary_view", "user_id = 'dan'", counts) == "0|0|0|0|0|0|Inactive|Very Old|0");
    // Every step is of one person.
    CHECK(database.value("SELECT sum(total_interactions) = (SELECT count(*) FROM steps) FROM user_summary_view") ==
          "t");
    // A conversation that was deleted in Chainlit is nobody's.
    database.query("DELETE FROM threads WHERE name = 'thread 1'");
    CHECK(row(database, "user_summary_view", "user_id = 'bob'", counts) == "0|0|0|0|0|0|Inactive|Very Old|0");
}

}  // namespace views_test
