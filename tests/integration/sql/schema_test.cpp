// What other programs rely on by name: Chainlit's columns, BI Hub's views and functions.
#include "tests/catch.hpp"
#include "tests/integration/sql/sql_database.hpp"

#include "storage/lakebase/migrations.hpp"

namespace schema_test {

using namespace genie_slack;
using sql_test::Database;
using sql_test::Rows;

// "name type" of a relation's columns in order, "!" marks NOT NULL.
std::string columns(const Database& database, const std::string& relation) {
    return database.value(
        "SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || "
        "CASE WHEN a.attnotnull THEN '!' ELSE '' END, ', ' ORDER BY a.attnum) FROM pg_attribute a "
        "WHERE a.attrelid = '" +
        relation + "'::regclass AND a.attnum > 0 AND NOT a.attisdropped");
}

std::string names(const Database& database, const std::string& relation) {
    return database.value(
        "SELECT string_agg(a.attname, ' ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = '" + relation +
        "'::regclass AND a.attnum > 0");
}

std::string result_of(const Database& database, const std::string& function) {
    return database.value("SELECT pg_get_function_result('" + function + "'::regprocedure)");
}

std::string indexes(const Database& database) {
    return database.value(
        "SELECT string_agg(substring(indexdef, 'INDEX (idx_.*)'), '; ' ORDER BY indexname) FROM pg_indexes "
        "WHERE schemaname = 'genie_app' AND indexname LIKE 'idx%' AND indexname NOT LIKE 'idx_threads_started_at%'");
}

constexpr const char* kIndexes =
    "idx_elements_for_id ON genie_app.elements USING btree (\"forId\"); "
    "idx_elements_thread_id ON genie_app.elements USING btree (\"threadId\"); "
    "idx_feedbacks_for_id ON genie_app.feedbacks USING btree (\"forId\"); "
    "idx_feedbacks_thread_id ON genie_app.feedbacks USING btree (\"threadId\"); "
    "idx_steps_created_at ON genie_app.steps USING btree (\"createdAt\"); "
    "idx_steps_error_analysis ON genie_app.steps USING btree (\"createdAt\") WHERE \"isError\"; "
    "idx_steps_thread_id ON genie_app.steps USING btree (\"threadId\", \"createdAt\"); "
    "idx_steps_type_created ON genie_app.steps USING btree (type, \"createdAt\"); "
    "idx_threads_created_at ON genie_app.threads USING btree (\"createdAt\"); "
    "idx_threads_user_id ON genie_app.threads USING btree (\"userId\"); "
    "idx_users_identifier_lower ON genie_app.users USING btree (lower(identifier))";

// Of the baseline what is about Chainlit's tables.
std::string chat_tables_of_baseline() {
    const std::string text = sql_test::source_file("sql/migrations/010_baseline.sql");
    const std::size_t begin = text.find("-- The five tables of Chainlit");
    const std::size_t end = text.find("-- One question's life");
    if (begin == std::string::npos || end == std::string::npos)
        throw std::runtime_error("the baseline's parts have other first lines");
    return text.substr(begin, end - begin);
}

void migrate(const Database& database) {
    const auto settings = test::database_settings(test::shared_postgres(), database.name());
    storage::Login login;
    login.password = Secret(test::kAppPassword);
    storage::lakebase::Session session(settings, login);
    storage::lakebase::migrate(session, settings);
}

TEST_CASE("tables, views and functions have the names, columns and order that others rely on", "[sql]") {
    const Database database;

    SECTION("Chainlit's tables") {
        CHECK(columns(database, "users") == "id uuid!, identifier text!, metadata jsonb!, createdAt text");
        CHECK(columns(database, "threads") ==
              "id uuid!, createdAt text, name text, userId uuid, userIdentifier text, tags text[], metadata jsonb");
        CHECK(columns(database, "steps") ==
              "id uuid!, name text!, type text!, threadId uuid!, parentId uuid, streaming boolean!, "
              "waitForAnswer boolean, isError boolean, metadata jsonb, tags text[], input text, output text, "
              "createdAt text, command text, start text, end text, generation jsonb, showInput text, language text, "
              "indent integer, defaultOpen boolean, modes jsonb, autoCollapse boolean");
        CHECK(columns(database, "elements") ==
              "id uuid!, threadId uuid, type text, url text, chainlitKey text, name text!, display text, "
              "objectKey text, size text, page integer, language text, forId uuid, mime text, props jsonb, "
              "autoPlay boolean, playerConfig jsonb");
        CHECK(columns(database, "feedbacks") == "id uuid!, forId uuid!, threadId uuid!, value integer!, comment text");
        CHECK(database.value("SELECT string_agg(table_name || '.' || column_name || ' ' || column_type, ', ' "
                             "ORDER BY table_name, column_name) FROM genie_app.required_chat_columns()") ==
              database.value("SELECT string_agg(c.relname || '.' || a.attname || ' ' || "
                             "format_type(a.atttypid, NULL), ', ' ORDER BY c.relname::text, a.attname::text) "
                             "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
                             "WHERE c.oid IN ('users'::regclass, 'threads'::regclass, 'steps'::regclass, "
                             "'elements'::regclass, 'feedbacks'::regclass) AND a.attnum > 0"));
    }

    SECTION("indexes") {
        CHECK(indexes(database) == kIndexes);
        CHECK(database.value("SELECT string_agg(indexname, ' ' ORDER BY indexname) FROM pg_indexes "
                             "WHERE indexname LIKE 'idx_threads_started_at%'") ==
              "idx_threads_started_at idx_threads_started_at_nulls_first");
        // Why they are not on times, as the documents have it.
        CHECK_THAT(database.error("CREATE INDEX ON steps (CAST(\"createdAt\" AS timestamp))"),
                   test::contains("must be marked IMMUTABLE"));
    }

    SECTION("views") {
        CHECK(names(database, "user_summary_view") ==
              "user_id user_email user_name user_department user_created_at total_conversations active_days "
              "first_conversation_date last_conversation_date total_interactions user_messages assistant_responses "
              "error_count avg_interactions_per_conversation engagement_level recency_level total_feedback_given "
              "avg_feedback_score positive_feedback_count negative_feedback_count view_last_updated");
        CHECK(names(database, "chat_summary_view") ==
              "thread_id conversation_name conversation_start_time user_id user_email total_steps user_messages "
              "assistant_responses error_count first_interaction last_interaction conversation_duration_minutes "
              "avg_response_time_seconds avg_input_length avg_output_length max_input_length max_output_length "
              "conversation_type conversation_quality feedback_count avg_feedback_score feedback_comments "
              "elements_count element_types conversation_tags thread_metadata view_last_updated");
        CHECK(names(database, "performance_dashboard_view") ==
              "metric_date daily_conversations daily_active_users daily_interactions daily_errors error_rate_percent "
              "daily_avg_feedback_score feedback_volume avg_response_time_seconds p95_response_time_seconds "
              "conversations_change_percent users_change_percent response_time_change_percent "
              "conversations_7day_avg users_7day_avg response_time_7day_avg error_health_status "
              "response_time_health_status feedback_health_status view_last_updated");
        const std::string times = database.value(
            "SELECT string_agg(DISTINCT format_type(atttypid, NULL), ', ') FROM pg_attribute WHERE attname IN "
            "('user_created_at', 'first_conversation_date', 'last_conversation_date', 'conversation_start_time', "
            "'first_interaction', 'last_interaction', 'view_last_updated')");
        CHECK(times == "timestamp with time zone");
    }

    SECTION("functions") {
        CHECK(result_of(database, "cleanup_old_conversations(interval, integer, boolean)") ==
              "TABLE(deleted_feedbacks integer, deleted_elements integer, deleted_steps integer, deleted_threads "
              "integer, cleanup_timestamp timestamp with time zone)");
        CHECK(result_of(database, "cleanup_orphaned_records(boolean)") ==
              "TABLE(orphaned_steps integer, orphaned_feedbacks integer, orphaned_elements integer, "
              "cleanup_timestamp timestamp with time zone)");
        CHECK(result_of(database, "update_table_statistics()") ==
              "TABLE(table_name text, analysis_timestamp timestamp with time zone)");
        CHECK(result_of(database, "reindex_tables()") ==
              "TABLE(table_name text, reindex_timestamp timestamp with time zone)");
        CHECK(result_of(database, "validate_and_fix_data(boolean)") ==
              "TABLE(issue_type text, records_affected integer, action_taken text, fix_timestamp timestamp with time "
              "zone)");
        CHECK(result_of(database, "create_archive_summary(timestamp)") ==
              "TABLE(metric_name text, metric_value bigint, archive_period text, summary_timestamp timestamp with "
              "time zone)");
        CHECK(result_of(database, "system_health_check()") ==
              "TABLE(alert_level text, alert_message text, metric_value numeric, threshold_value numeric, "
              "check_timestamp timestamp with time zone)");
        // One signature for each name, so that calls with BI Hub's arguments mean ours and are never ambiguous.
        CHECK(database
                  .query("SELECT proname FROM pg_proc WHERE pronamespace = 'genie_app'::regnamespace "
                         "GROUP BY proname HAVING count(*) > 1")
                  .empty());
        const Rows unpinned = database.query(
            "SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'genie_app'::regnamespace AND p.prosecdef");
        CHECK(unpinned.empty());
        CHECK(database
                  .query("SELECT p.proname FROM pg_proc p WHERE p.proname IN ('cleanup_old_conversations', "
                         "'cleanup_orphaned_records', 'update_table_statistics', 'reindex_tables', "
                         "'validate_and_fix_data', 'create_archive_summary', 'system_health_check', 'schema_alerts', "
                         "'chat_alerts', 'turn_alerts', 'server_alerts', 'conversations_idle_since', 'iso_timestamp', "
                         "'feedback_score', 'answer_seconds') "
                         "AND coalesce(p.proconfig::text, '') NOT LIKE '%search_path%' AND p.prosqlbody IS NULL")
                  .empty());
        // Whatever the caller's search_path says.
        CHECK(
            database.query("SET search_path = pg_catalog; SELECT * FROM genie_app.update_table_statistics()").size() ==
            5);
        CHECK(
            database.query("SET search_path = pg_catalog; SELECT * FROM genie_app.performance_dashboard_view").size() ==
            30);
    }

    SECTION("nothing in public, nothing for everybody") {
        CHECK(database.query("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace").empty());
        CHECK(database.query("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace").empty());
        CHECK(database
                  .query("SELECT p.proname FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) "
                         "acl WHERE p.pronamespace = 'genie_app'::regnamespace AND acl.grantee = 0")
                  .empty());
        CHECK(database
                  .query("SELECT c.relname FROM pg_class c, aclexplode(coalesce(c.relacl, acldefault('r', "
                         "c.relowner))) acl WHERE c.relnamespace = 'genie_app'::regnamespace AND acl.grantee = 0")
                  .empty());
    }

    SECTION("migrations may be applied to tables that are complete") {
        database.query(chat_tables_of_baseline());
        CHECK(indexes(database) == kIndexes);
    }
}

TEST_CASE("the tables of an older Chainlit are adopted in place", "[sql]") {
    const Database database(test::create_empty_database());
    const std::string old_tables = R"sql(
        CREATE TABLE users ("id" UUID PRIMARY KEY, "identifier" TEXT NOT NULL UNIQUE, "metadata" JSONB NOT NULL,
                            "createdAt" TEXT);
        CREATE TABLE threads ("id" UUID PRIMARY KEY, "createdAt" TEXT, "name" VARCHAR(80), "userId" UUID REFERENCES users,
                              "userIdentifier" TEXT, "tags" TEXT[], "metadata" JSONB);
        CREATE TABLE steps ("id" UUID PRIMARY KEY, "name" TEXT NOT NULL, "type" TEXT NOT NULL,
                            "threadId" UUID NOT NULL REFERENCES threads ON DELETE CASCADE, "parentId" UUID,
                            "disableFeedback" BOOLEAN NOT NULL, "streaming" BOOLEAN NOT NULL, "waitForAnswer" BOOLEAN,
                            "isError" BOOLEAN, "metadata" JSONB, "tags" TEXT[], "input" TEXT, "output" TEXT,
                            "createdAt" TEXT, "start" TEXT, "end" TEXT, "generation" JSONB, "showInput" TEXT,
                            "language" TEXT, "indent" INT);
        CREATE TABLE elements ("id" UUID PRIMARY KEY, "threadId" UUID, "type" TEXT, "url" TEXT, "chainlitKey" TEXT,
                               "name" TEXT NOT NULL, "display" TEXT, "objectKey" TEXT, "size" TEXT, "page" INT,
                               "language" TEXT, "forId" UUID, "mime" TEXT);
        CREATE TABLE feedbacks ("id" UUID PRIMARY KEY, "forId" UUID NOT NULL, "value" INT NOT NULL, "comment" TEXT);
    )sql";

    SECTION("missing columns are added, rows stay, BI Hub's views, functions and indexes are replaced") {
        database.query("CREATE SCHEMA genie_app; SET search_path = genie_app; " + old_tables + R"sql(
            INSERT INTO threads ("id") VALUES ('00000000-0000-0000-0000-000000000001');
            INSERT INTO steps ("id", "name", "type", "threadId", "disableFeedback", "streaming")
                VALUES ('00000000-0000-0000-0000-000000000002', 'n', 'run', '00000000-0000-0000-0000-000000000001', true,
                        false);
            INSERT INTO feedbacks VALUES ('00000000-0000-0000-0000-000000000003',
                                          '00000000-0000-0000-0000-000000000002', 1, 'good');
            CREATE INDEX idx_steps_thread_id ON steps ("threadId");
            CREATE INDEX idx_steps_error_analysis ON steps ("isError", "createdAt");
            CREATE VIEW chat_summary_view AS SELECT "id" AS thread_id, "createdAt" AS started FROM threads;
            GRANT SELECT ON chat_summary_view TO PUBLIC;
            CREATE FUNCTION cleanup_old_conversations(retention_period interval DEFAULT '180 days')
                RETURNS TABLE (deleted_threads integer, cleanup_timestamp timestamp) LANGUAGE plpgsql AS
                $$ BEGIN RETURN QUERY SELECT 1, now(); END $$;
            CREATE FUNCTION system_health_check() RETURNS TABLE (alert_level text) LANGUAGE sql AS $$ SELECT 'OK' $$;
        )sql");
        migrate(database);

        CHECK(indexes(database) == kIndexes);
        CHECK(
            database
                .query("SELECT table_name, column_name FROM genie_app.required_chat_columns() EXCEPT SELECT c.relname, "
                       "a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
                       "WHERE c.relnamespace = 'genie_app'::regnamespace")
                .empty());
        // Types are left as they were found.
        CHECK(columns(database, "threads").find("name character varying(80)") != std::string::npos);
        CHECK(database.value("SELECT \"threadId\" || ' ' || comment FROM feedbacks") ==
              "00000000-0000-0000-0000-000000000001 good");
        CHECK(database.error("INSERT INTO steps (\"id\", \"name\", \"type\", \"threadId\", \"streaming\", "
                             "\"autoCollapse\", \"modes\") VALUES (gen_random_uuid(), 'n', 'run', "
                             "'00000000-0000-0000-0000-000000000001', false, false, '{}')") == "");
        CHECK(database.query("SELECT deleted_steps FROM cleanup_old_conversations('180 days')").size() == 1);
        CHECK(database.value("SELECT count(*) FROM chat_summary_view WHERE total_steps = 2") == "1");
        CHECK_FALSE(database.query("SELECT threshold_value FROM system_health_check()").empty());
    }

    SECTION("of another role: an admin is told the statements, complete tables are taken as they are") {
        database.admin(
            "CREATE ROLE web_app; CREATE SCHEMA genie_app; GRANT USAGE, CREATE ON SCHEMA genie_app TO "
            "web_app, \"" +
            std::string(test::kAppRole) + "\"; SET ROLE web_app; SET search_path = genie_app; " + old_tables +
            "GRANT ALL ON users, threads, steps, elements, feedbacks TO \"" + test::kAppRole + "\"");
        const std::string failure = database.error(chat_tables_of_baseline());
        CHECK_THAT(failure, test::contains("belong to another role"));
        CHECK_THAT(failure, test::contains("ALTER TABLE genie_app.steps ADD COLUMN \"autoCollapse\" boolean;"));
        CHECK_THAT(failure,
                   test::contains("ALTER TABLE genie_app.steps ALTER COLUMN \"disableFeedback\" DROP NOT NULL;"));

        const auto hint = failure.find("Their owner has to run: ");
        REQUIRE(hint != std::string::npos);
        const auto begin = hint + std::string("Their owner has to run: ").size();
        database.admin("SET ROLE web_app; " + failure.substr(begin, failure.rfind(';') - begin));
        // Indexes are the owner's too, but only make it slow.
        CHECK(database.error("SET client_min_messages = error; " + chat_tables_of_baseline()) == "");
        CHECK(database.value("SELECT count(*) FROM pg_indexes WHERE indexname LIKE 'idx%'") == "0");
        database.admin("DROP OWNED BY web_app CASCADE; DROP ROLE web_app");
    }
}

}  // namespace schema_test
