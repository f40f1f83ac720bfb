-- Rights of the roles beside the bot's own, which owns everything. Run with psql by the bot's role (or another that
-- owns the objects), again after every migration:
--
--   psql -v reader_role=analysts -v chainlit_role=<client id of the web app> [-v chainlit_schema=genie_app] \
--        -f sql/grants.sql
--
-- reader_role    people and dashboards: reads the views, the chat tables and the health check; changes nothing.
-- chainlit_role  a Chainlit web app: reads and writes the five chat tables, and reads who asked in which thread.
-- One of the two may be left out. The roles have to exist. Nothing is granted to PUBLIC, and what an older installation
-- granted to PUBLIC on these objects is taken back.
\set ON_ERROR_STOP on
\if :{?chainlit_schema}
\else
  \set chainlit_schema genie_app
\endif

\if :{?reader_role}
\elif :{?chainlit_role}
\else
  \warn 'grants.sql: set reader_role, chainlit_role or both: psql -v reader_role=... -f sql/grants.sql'
  DO $$ BEGIN RAISE EXCEPTION 'no role given'; END $$;
\endif

BEGIN;
SELECT set_config('search_path', quote_ident(:'chainlit_schema') || ', genie_app', true) AS search_path \gset

REVOKE ALL ON users, threads, steps, elements, feedbacks FROM PUBLIC;
REVOKE ALL ON user_summary_view, chat_summary_view, performance_dashboard_view, thread_askers_view FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA genie_app FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA genie_app FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA genie_app FROM PUBLIC;

\if :{?reader_role}
  GRANT USAGE ON SCHEMA :"chainlit_schema", genie_app TO :"reader_role";
  GRANT SELECT ON users, threads, steps, elements, feedbacks TO :"reader_role";
  GRANT SELECT ON user_summary_view, chat_summary_view, performance_dashboard_view, thread_askers_view
      TO :"reader_role";
  -- Functions in a view run with the rights of who reads the view.
  GRANT EXECUTE ON FUNCTION iso_timestamp(text), feedback_score(integer), answer_seconds(text, text, jsonb, text, text)
      TO :"reader_role";
  -- Those that only look.
  GRANT EXECUTE ON FUNCTION system_health_check(), schema_alerts(), chat_alerts(), turn_alerts(), server_alerts(),
      conversations_idle_since(timestamptz), create_archive_summary(timestamp),
      genie_app.required_chat_columns(), genie_app.required_chat_indexes() TO :"reader_role";
  -- What these functions look at beside the chat tables.
  GRANT SELECT (chat_thread_id, state, received_at, lease_token, lease_until) ON genie_app.turns
      TO :"reader_role";
  GRANT SELECT ON genie_app.dead_letters, genie_app.schema_version TO :"reader_role";
\endif

\if :{?chainlit_role}
  GRANT USAGE ON SCHEMA :"chainlit_schema" TO :"chainlit_role";
  GRANT SELECT, INSERT, UPDATE, DELETE ON users, threads, steps, elements, feedbacks TO :"chainlit_role";
  GRANT SELECT ON thread_askers_view TO :"chainlit_role";
  -- Tables that a later version of Chainlit needs are made by the bot's migrations. Not where the chat tables share the
  -- schema of the bot's own: there the default would hand those to the web app too; this script is run again instead.
  SELECT :'chainlit_schema' <> 'genie_app' AS own_schema \gset
  \if :own_schema
    ALTER DEFAULT PRIVILEGES IN SCHEMA :"chainlit_schema"
        GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"chainlit_role";
  \endif
\endif
COMMIT;

-- Each line as it is to be written there: a schema's name goes through PostgreSQL's quotes, libpq's blanks, and those of
-- the shell or of Python.
SELECT 'PGOPTIONS=''' || replace(option, '''', '''\''''') || ''' psql ...' AS for_psql,
       'connect_args={"options": ' || to_json(option) || '}' AS for_psycopg,
       'connect_args={"server_settings": {"search_path": ' || to_json(path) || '}}' AS for_asyncpg
FROM (SELECT path, '-csearch_path=' || regexp_replace(path, '([\\ ])', '\\\1', 'g') AS option
      FROM quote_ident(:'chainlit_schema') AS path) AS written \gset
\echo The names are found without their schema by search_path, one of:
\echo '  psql:    ' :for_psql
\echo '  psycopg: ' :for_psycopg
\echo '  asyncpg: ' :for_asyncpg
