-- Verifies that a database is set up for genie-slack; creates and changes nothing. One line per check, PASS or FAIL
-- first, and a non-zero exit code (3, psql's for an error) when one failed.
--
--   psql [-v chainlit_schema=genie_app] -f sql/setup_sql_environment.sql
--
-- Any role may run it; what that role may not read fails, with the reason.
\set ON_ERROR_STOP on
\set QUIET on
\pset pager off
\pset format unaligned
\pset tuples_only on
\pset fieldsep ' | '
\if :{?chainlit_schema}
\else
  \set chainlit_schema genie_app
\endif

-- Failures are counted in a setting of the session, since a temporary table is a privilege that not every role has.
SELECT set_config('genie_slack.failures', '0', false) AS failures \gset
\set failures_now 'current_setting(''genie_slack.failures'')::integer'
\set count_failure 'set_config(''genie_slack.failures'', (' :failures_now ' + 1)::text, false)'
\set verdict 'CASE WHEN ok THEN ''PASS'' WHEN ' :count_failure ' <> '''' THEN ''FAIL'' END'

-- Relations are looked up by this, since to_regclass() raises for a role without USAGE on the schema.
SELECT coalesce((SELECT oid FROM pg_namespace WHERE nspname = :'chainlit_schema'), 0) AS chat_schema_oid \gset

\echo 'genie-slack: SQL environment, chat tables in schema' :chainlit_schema
SELECT format('database %s, role %s, %s UTC', current_database(), current_user,
              to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'));

SELECT :verdict, 'server', what, detail
FROM (VALUES
    ('version', current_setting('server_version_num')::integer >= 150000,
     'PostgreSQL ' || current_setting('server_version') || ', 15 or newer is needed')
) c (what, ok, detail);

SELECT :verdict, 'schema', what,
       CASE WHEN ok THEN '' ELSE format('missing, or role %s lacks USAGE on it', current_user) END
FROM (SELECT s.name AS what,
             coalesce((SELECT has_schema_privilege(n.oid, 'USAGE') FROM pg_namespace n WHERE n.nspname = s.name),
                      false) AS ok
      FROM (SELECT 'genie_app' AS name UNION SELECT :'chainlit_schema') s ORDER BY 1) c;

SELECT :verdict, 'table', what, CASE WHEN ok THEN purpose ELSE 'missing' END
FROM (SELECT t.position, format('%I.%I', t.schema_name, t.name) AS what, t.purpose,
             EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                     WHERE n.nspname = t.schema_name AND c.relname = t.name AND c.relkind IN ('r', 'p')) AS ok
      FROM (VALUES
          (1, :'chainlit_schema', 'users', 'people'),
          (2, :'chainlit_schema', 'threads', 'conversations'),
          (3, :'chainlit_schema', 'steps', 'messages, runs and queries'),
          (4, :'chainlit_schema', 'elements', 'attachments'),
          (5, :'chainlit_schema', 'feedbacks', 'ratings'),
          (6, 'genie_app', 'schema_version', 'migrations that were applied'),
          (7, 'genie_app', 'conversation_tracker', 'Genie conversation of each Slack thread'),
          (8, 'genie_app', 'turns', 'questions and their state'),
          (9, 'genie_app', 'events', 'deliveries of Slack'),
          (10, 'genie_app', 'dead_letters', 'what could not be written'),
          (11, 'genie_app', 'question_permits', 'questions to Genie in the last minutes'),
          (12, 'genie_app', 'question_pauses', 'until when Genie is not asked'),
          (13, 'genie_app', 'processes', 'which processes live')
      ) t (position, schema_name, name, purpose)) c
ORDER BY position;

SELECT :verdict, 'columns', what, CASE WHEN ok THEN present || ' columns' ELSE 'missing: ' || missing END
FROM (SELECT w.position, w.table_name AS what, bool_and(a.attname IS NOT NULL) AS ok, count(a.attname) AS present,
             string_agg(w.column_name, ', ' ORDER BY w.column_name) FILTER (WHERE a.attname IS NULL) AS missing
      FROM (SELECT t.position, t.table_name, unnest(string_to_array(t.columns, ' ')) AS column_name
            FROM (VALUES
                (1, 'users', 'id identifier metadata createdAt'),
                (2, 'threads', 'id createdAt name userId userIdentifier tags metadata'),
                (3, 'steps', 'id name type threadId parentId streaming waitForAnswer isError metadata tags input '
                    'output createdAt command start end generation showInput language indent defaultOpen modes '
                    'autoCollapse'),
                (4, 'elements', 'id threadId type url chainlitKey name display objectKey size page language forId mime '
                    'props autoPlay playerConfig'),
                (5, 'feedbacks', 'id forId threadId value comment')
            ) t (position, table_name, columns)) w
      LEFT JOIN pg_class c ON c.relname = w.table_name AND c.relnamespace = :chat_schema_oid
      LEFT JOIN pg_attribute a
          ON a.attrelid = c.oid AND a.attname = w.column_name AND a.attnum > 0 AND NOT a.attisdropped
      GROUP BY w.position, w.table_name) c
ORDER BY position;

SELECT :verdict, 'index', what,
       CASE WHEN found IS NULL THEN 'missing: ' || definition
            WHEN NOT valid THEN 'invalid: DROP INDEX ' || found::regclass || '; ' || definition
            WHEN NOT ok THEN 'is another one: DROP INDEX ' || found::regclass || '; ' || definition ELSE '' END
FROM (SELECT w.what, w.found, w.definition, x.indisvalid AS valid,
             coalesce(x.indisvalid AND replace(pg_get_indexdef(w.found), '(identifier)::text', 'identifier') || ';'
                                       = w.definition, false) AS ok
      FROM (SELECT i.name AS what,
                   (SELECT c.oid FROM pg_class c
                    WHERE c.relname = i.name AND c.relnamespace = :chat_schema_oid) AS found,
                   format('CREATE INDEX %I ON %I.%I USING btree (%s)%s;', i.name, :'chainlit_schema', i.table_name,
                          i.columns, coalesce(' WHERE ' || i.condition, '')) AS definition
            FROM (VALUES
                ('idx_users_identifier_lower', 'users', 'lower(identifier)', NULL),
                ('idx_threads_user_id', 'threads', '"userId"', NULL),
                ('idx_threads_created_at', 'threads', '"createdAt"', NULL),
                ('idx_steps_thread_id', 'steps', '"threadId", "createdAt"', NULL),
                ('idx_steps_created_at', 'steps', '"createdAt"', NULL),
                ('idx_steps_type_created', 'steps', 'type, "createdAt"', NULL),
                ('idx_steps_error_analysis', 'steps', '"createdAt"', '"isError"'),
                ('idx_feedbacks_thread_id', 'feedbacks', '"threadId"', NULL),
                ('idx_feedbacks_for_id', 'feedbacks', '"forId"', NULL),
                ('idx_elements_thread_id', 'elements', '"threadId"', NULL),
                ('idx_elements_for_id', 'elements', '"forId"', NULL)
            ) i (name, table_name, columns, condition)) w
      LEFT JOIN pg_index x ON x.indexrelid = w.found) c
ORDER BY what;

SELECT :verdict, 'view', what,
       CASE WHEN ok THEN '' WHEN columns IS NULL THEN 'missing' ELSE 'has other columns: ' || columns END
FROM (SELECT v.name AS what, found.columns, coalesce(found.columns = v.columns, false) AS ok
      FROM (VALUES
          ('user_summary_view',
           'user_id user_email user_name user_department user_created_at total_conversations active_days '
           'first_conversation_date last_conversation_date total_interactions user_messages assistant_responses '
           'error_count avg_interactions_per_conversation engagement_level recency_level total_feedback_given '
           'avg_feedback_score positive_feedback_count negative_feedback_count view_last_updated'),
          ('chat_summary_view',
           'thread_id conversation_name conversation_start_time user_id user_email total_steps user_messages '
           'assistant_responses error_count first_interaction last_interaction conversation_duration_minutes '
           'avg_response_time_seconds avg_input_length avg_output_length max_input_length max_output_length '
           'conversation_type conversation_quality feedback_count avg_feedback_score feedback_comments elements_count '
           'element_types conversation_tags thread_metadata view_last_updated'),
          ('performance_dashboard_view',
           'metric_date daily_conversations daily_active_users daily_interactions daily_errors error_rate_percent '
           'daily_avg_feedback_score feedback_volume avg_response_time_seconds p95_response_time_seconds '
           'conversations_change_percent users_change_percent response_time_change_percent conversations_7day_avg '
           'users_7day_avg response_time_7day_avg error_health_status response_time_health_status '
           'feedback_health_status view_last_updated'),
          ('thread_askers_view', 'thread_id user_id user_identifier slack_user')
      ) v (name, columns)
      LEFT JOIN LATERAL (
          SELECT string_agg(a.attname, ' ' ORDER BY a.attnum) AS columns
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
          WHERE n.nspname = :'chainlit_schema' AND c.relname = v.name AND c.relkind = 'v') found ON true) c
ORDER BY what;

SELECT :verdict, 'function', what, CASE WHEN ok THEN '' ELSE 'missing' END
FROM (SELECT f.name || '(' || f.arguments || ')' AS what,
             EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                     WHERE n.nspname = :'chainlit_schema' AND p.proname = f.name
                       AND pg_get_function_identity_arguments(p.oid) = f.arguments) AS ok
      FROM (VALUES
          ('cleanup_old_conversations', 'retention_period interval, max_threads integer, dry_run boolean'),
          ('cleanup_orphaned_records', 'dry_run boolean'),
          ('update_table_statistics', ''),
          ('reindex_tables', ''),
          ('validate_and_fix_data', 'dry_run boolean'),
          ('create_archive_summary', 'archive_date timestamp without time zone'),
          ('system_health_check', ''),
          ('iso_timestamp', 'value text'),
          ('feedback_score', 'value integer')
      ) f (name, arguments)) c
ORDER BY what;

-- Of the current role: what reading the analytics takes. Of everybody: nothing.
SELECT :verdict, 'privilege', what, detail
FROM (
    SELECT 1 AS position, 'SELECT on ' || r.name AS what,
           coalesce(has_table_privilege(c.oid, 'SELECT'), false) AS ok,
           'role ' || current_user AS detail
    FROM unnest(ARRAY['users', 'threads', 'steps', 'elements', 'feedbacks', 'user_summary_view', 'chat_summary_view',
                      'performance_dashboard_view']) r (name)
    LEFT JOIN pg_class c ON c.relname = r.name AND c.relnamespace = :chat_schema_oid
    UNION ALL
    SELECT 2, 'nothing for PUBLIC on tables and views', count(*) = 0,
           coalesce(string_agg(DISTINCT format('%I.%I', n.nspname, c.relname), ', '), '')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) acl
    WHERE c.relkind IN ('r', 'p', 'v') AND acl.grantee = 0
      AND (n.nspname = 'genie_app'
           OR (n.nspname = :'chainlit_schema'
               AND c.relname IN ('users', 'threads', 'steps', 'elements', 'feedbacks', 'user_summary_view',
                                 'chat_summary_view', 'performance_dashboard_view', 'thread_askers_view')))
    UNION ALL
    SELECT 3, 'nothing for PUBLIC on functions', count(*) = 0,
           coalesce(string_agg(DISTINCT format('%I.%I', n.nspname, p.proname), ', '), '')
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) acl
    WHERE acl.grantee = 0
      AND (n.nspname = 'genie_app'
           OR (n.nspname = :'chainlit_schema'
               AND p.proname IN ('cleanup_old_conversations', 'cleanup_old_people', 'cleanup_orphaned_records',
                                 'update_table_statistics',
                                 'reindex_tables', 'validate_and_fix_data', 'create_archive_summary',
                                 'system_health_check', 'schema_alerts', 'chat_alerts', 'turn_alerts', 'server_alerts',
                                 'conversations_idle_since', 'iso_timestamp', 'feedback_score', 'answer_seconds')))
) c
ORDER BY position, what;

-- What the tables hold. A statement for each table that is there and can be read.
SELECT format($$SELECT %1$s, 'data', %2$L,
                       format('%%s records, %%s valid, %%s, latest %%s', records, valid,
                              CASE WHEN records = 0 THEN 'EMPTY' WHEN valid = records THEN 'HEALTHY'
                                   WHEN valid > 0.9 * records THEN 'GOOD' WHEN valid > 0.7 * records THEN 'WARNING'
                                   ELSE 'POOR' END,
                              coalesce(latest, 'none'))
                FROM (SELECT *, records = 0 OR valid > 0.7 * records AS ok
                      FROM (SELECT count(*) AS records, count(*) FILTER (WHERE %3$s) AS valid, %4$s AS latest
                            FROM %5$I.%2$I) counted) c$$,
              :'verdict', t.name, t.valid, t.latest, :'chainlit_schema')
FROM (VALUES
    (1, 'users', '"identifier" <> ''''', 'max("createdAt")'),
    (2, 'threads', '"createdAt" <> ''''', 'max("createdAt")'),
    (3, 'steps', '"threadId" IS NOT NULL', 'max("createdAt")'),
    (4, 'elements', '"name" <> ''''', 'NULL::text'),
    (5, 'feedbacks', '"value" BETWEEN 0 AND 5', 'NULL::text')
) t (position, name, valid, latest)
JOIN pg_class c ON c.relname = t.name AND c.relnamespace = :chat_schema_oid
WHERE has_schema_privilege(:chat_schema_oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
  -- Only columns that are there can be asked for; that others are missing was said above.
  AND NOT EXISTS (SELECT FROM unnest(CASE t.name WHEN 'users' THEN ARRAY['identifier', 'createdAt']
                                                 WHEN 'threads' THEN ARRAY['createdAt']
                                                 WHEN 'steps' THEN ARRAY['threadId', 'createdAt']
                                                 WHEN 'elements' THEN ARRAY['name']
                                                 ELSE ARRAY['value'] END) needed (name)
                  WHERE NOT EXISTS (SELECT FROM pg_attribute a
                                    WHERE a.attrelid = c.oid AND a.attname = needed.name AND a.attnum > 0
                                      AND NOT a.attisdropped))
ORDER BY t.position
\gexec

SELECT :failures_now > 0 AS failed, :failures_now AS failures \gset
\if :failed
  \echo 'FAIL |' :failures 'checks failed; genie-slack migrate creates what is missing'
  DO $$ BEGIN RAISE EXCEPTION 'the SQL environment is not complete'; END $$;
\endif
\echo 'PASS | everything is there; go on with: SELECT * FROM system_health_check();'
