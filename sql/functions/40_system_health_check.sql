-- What is wrong with the data, the schema and the database, one row per check: BI Hub's alerts first, then the
-- storage's own. alert_level is OK, INFO (worth knowing; or a check that the caller has no right to make), WARNING or
-- CRITICAL. Always at least one row; 'All systems healthy' (with NULL values) only when there was activity and nothing
-- is WARNING or CRITICAL. Works for a role that owns nothing and without extensions.

-- BI Hub's own version has other columns.
DROP FUNCTION IF EXISTS system_health_check();

-- Whether the tables are as they have to be. Reads the catalogs only, so that it also works when something is missing.
CREATE OR REPLACE FUNCTION schema_alerts()
RETURNS TABLE (alert_level text, alert_message text, metric_value numeric, threshold_value numeric,
               check_timestamp timestamptz)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
    chat_schema constant text := current_schema();
    newest integer;
    problems integer;
BEGIN
    BEGIN
        SELECT max(v.version) INTO newest FROM genie_app.schema_version v;
        RETURN QUERY SELECT CASE WHEN newest IS NULL THEN 'CRITICAL' ELSE 'OK' END,
                            CASE WHEN newest IS NULL THEN 'No schema version is recorded: run genie-slack migrate'
                                 ELSE 'Schema version' END,
                            newest::numeric, NULL::numeric, now();
    EXCEPTION
        WHEN undefined_table OR invalid_schema_name THEN
            RETURN QUERY SELECT 'CRITICAL', 'No schema version is recorded: run genie-slack migrate', NULL::numeric,
                                NULL::numeric, now();
        WHEN insufficient_privilege THEN
            RETURN QUERY SELECT 'INFO', format('Schema version not checked: role %s may not read it', current_user),
                                NULL::numeric, NULL::numeric, now();
    END;

    RETURN QUERY
    SELECT 'CRITICAL',
           format('Column %I of %I.%I is missing: ALTER TABLE %2$I.%3$I ADD COLUMN %1$I %4$s;', c.column_name,
                  chat_schema, c.table_name, c.column_type),
           1::numeric, 0::numeric, now()
    FROM genie_app.required_chat_columns() c
    WHERE NOT EXISTS (
        SELECT FROM pg_attribute a
        WHERE a.attrelid = to_regclass(format('%I.%I', chat_schema, c.table_name))
          AND a.attname = c.column_name AND a.attnum > 0 AND NOT a.attisdropped);
    GET DIAGNOSTICS problems = ROW_COUNT;
    IF problems = 0 THEN
        RETURN QUERY SELECT 'OK', 'Required columns are all there', 0::numeric, 0::numeric, now();
    END IF;

    RETURN QUERY
    SELECT 'WARNING',
           format('Index %I is missing, invalid or of another definition: %s', i.index_name, i.definition),
           1::numeric, 0::numeric, now()
    FROM (SELECT r.index_name,
                 format('CREATE INDEX %I ON %I.%I USING btree (%s)%s', r.index_name, chat_schema, r.table_name,
                        r.index_columns, coalesce(' WHERE ' || r.index_condition, '')) AS definition
          FROM genie_app.required_chat_indexes() r) i
    WHERE NOT EXISTS (
        SELECT FROM pg_index x
        WHERE x.indexrelid = to_regclass(format('%I.%I', chat_schema, i.index_name))
          -- A column of another text type than ours is written with a cast.
          AND x.indisvalid
          AND replace(pg_get_indexdef(x.indexrelid), '(identifier)::text', 'identifier') = i.definition);
    GET DIAGNOSTICS problems = ROW_COUNT;
    IF problems = 0 THEN
        RETURN QUERY SELECT 'OK', 'Required indexes are all there', 0::numeric, 0::numeric, now();
    END IF;

    -- Nothing fails without them.
    RETURN QUERY
    SELECT 'INFO',
           format('Index %I on %I.threads is missing or invalid, so chat_summary_view finds the newest conversations '
                  'slowly: as the owner of the table SET search_path = %2$I and run sql/migrations/'
                  '015_thread_indexes.sql', wanted.index_name, chat_schema),
           1::numeric, 0::numeric, now()
    FROM (VALUES ('idx_threads_started_at'), ('idx_threads_started_at_nulls_first')) AS wanted (index_name)
    WHERE NOT EXISTS (
        SELECT FROM pg_index x
        WHERE x.indexrelid = to_regclass(format('%I.%I', chat_schema, wanted.index_name))
          AND x.indrelid = to_regclass(format('%I.threads', chat_schema)) AND x.indisvalid);

    RETURN QUERY
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'WARNING' END,
           CASE WHEN count(*) = 0 THEN 'No invalid indexes'
                ELSE 'Invalid indexes, to be dropped and built again: '
                     || string_agg(x.indexrelid::regclass::text, ', ' ORDER BY x.indexrelid::regclass::text) END,
           count(*)::numeric, 0::numeric, now()
    FROM pg_index x
    JOIN pg_class c ON c.oid = x.indexrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN (chat_schema, 'genie_app') AND NOT x.indisvalid;
END
$$;

-- What people and Chainlit would notice. BI Hub's three alerts, then rows that Chainlit cannot show.
CREATE OR REPLACE FUNCTION chat_alerts()
RETURNS TABLE (alert_level text, alert_message text, metric_value numeric, threshold_value numeric,
               check_timestamp timestamptz)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
    -- Compared with text, so that the indexes serve; a day early, for texts in local time with an offset.
    oldest constant text := to_char((now() AT TIME ZONE 'UTC') - interval '2 days', 'YYYY-MM-DD');
    -- Reading every time takes seconds per million steps. In a table that large the last week is read, and whatever
    -- does not sort among times at all; the message says so.
    is_large constant boolean := (SELECT c.reltuples > 200000 FROM pg_class c WHERE c.oid = 'steps'::regclass);
    read_from constant text := CASE WHEN is_large
                                    THEN to_char((now() AT TIME ZONE 'UTC') - interval '7 days', 'YYYY-MM-DD')
                                    ELSE '' END;
    interactions bigint;
    errors bigint;
    response_seconds numeric;
    active_threads bigint;
    found bigint;
    no_output bigint;
    no_time bigint;
    unreadable_time bigint;
    last_write timestamptz;
BEGIN
    -- A run that failed and its answer are one error.
    SELECT count(*), count(*) FILTER (WHERE s."isError" AND run."isError" IS NOT TRUE),
           avg(answer_seconds(s."start", s."end", s."metadata", run."start", run."end"))
               -- Of answers alone: what failed or was stopped is none.
               FILTER (WHERE s."type" = 'assistant_message' AND s."isError" IS NOT TRUE
                         AND coalesce(run."metadata" ->> 'error', '') NOT IN ('stopped', 'edited', 'deleted'))
    INTO interactions, errors, response_seconds
    FROM steps s
    LEFT JOIN steps run ON run."id" = s."parentId" AND run."type" = 'run' AND s."type" = 'assistant_message'
    WHERE s."createdAt" >= oldest AND iso_timestamp(s."createdAt") >= now() - interval '24 hours';

    IF 100.0 * errors / nullif(interactions, 0) > 5 THEN
        RETURN QUERY SELECT 'WARNING', 'High error rate detected', round(100.0 * errors / interactions, 2), 5.0, now();
    END IF;
    IF response_seconds > 30 THEN
        RETURN QUERY SELECT 'WARNING', 'Slow response times detected', round(response_seconds, 2), 30.0, now();
    END IF;

    -- A question in an old thread is activity too.
    SELECT count(*) INTO active_threads
    FROM (SELECT t."id" FROM threads t
          WHERE t."createdAt" >= oldest AND iso_timestamp(t."createdAt") >= now() - interval '1 hour'
          UNION
          SELECT s."threadId" FROM steps s
          WHERE s."createdAt" >= oldest AND iso_timestamp(s."createdAt") >= now() - interval '1 hour') active;
    IF active_threads = 0 THEN
        RETURN QUERY SELECT 'INFO', 'No recent activity detected', 0::numeric, 1.0, now();
    END IF;

    -- '1' to '3': the years 1000 to 2999, which keeps texts that are no times out of the way.
    SELECT max(iso_timestamp(latest."createdAt")) INTO last_write
    FROM (SELECT s."createdAt" FROM steps s WHERE s."createdAt" >= '1' AND s."createdAt" < '3'
          ORDER BY s."createdAt" DESC LIMIT 20) latest;
    RETURN QUERY SELECT CASE WHEN last_write IS NULL THEN 'INFO' ELSE 'OK' END,
                        CASE WHEN last_write IS NULL THEN 'No step was written yet'
                             ELSE 'Seconds since the last step' END,
                        round(extract(epoch FROM now() - last_write)), NULL::numeric, now();

    SELECT (SELECT count(*) FROM steps s WHERE NOT EXISTS (SELECT FROM threads t WHERE t."id" = s."threadId"))
         + (SELECT count(*) FROM elements e WHERE e."threadId" IS NOT NULL
              AND NOT EXISTS (SELECT FROM threads t WHERE t."id" = e."threadId"))
         + (SELECT count(*) FROM feedbacks f WHERE NOT EXISTS (SELECT FROM threads t WHERE t."id" = f."threadId"))
    INTO found;
    RETURN QUERY SELECT CASE WHEN found = 0 THEN 'OK' ELSE 'WARNING' END,
                        CASE WHEN found = 0 THEN 'No orphaned records'
                             ELSE 'Records without a thread: see cleanup_orphaned_records(true)' END,
                        found::numeric, 0::numeric, now();

    SELECT count(*) INTO found
    FROM (SELECT FROM feedbacks f GROUP BY f."forId" HAVING count(*) > 1) doubled;
    RETURN QUERY SELECT CASE WHEN found = 0 THEN 'OK' ELSE 'WARNING' END,
                        CASE WHEN found = 0 THEN 'No step has two feedbacks'
                             ELSE 'Steps with more than one feedback: Chainlit shows such a step once for each' END,
                        found::numeric, 0::numeric, now();

    SELECT count(*) FILTER (WHERE s."output" IS NULL), count(*) FILTER (WHERE s."createdAt" IS NULL)
    INTO no_output, no_time
    FROM steps s;
    SELECT no_time + count(*) INTO no_time FROM threads t WHERE t."createdAt" IS NULL;
    SELECT (SELECT count(*) FROM steps s
            WHERE (s."createdAt" >= read_from OR s."createdAt" < '1') AND iso_timestamp(s."createdAt") IS NULL)
         + (SELECT count(*) FROM threads t
            WHERE (t."createdAt" >= read_from OR t."createdAt" < '1') AND iso_timestamp(t."createdAt") IS NULL)
    INTO unreadable_time;
    RETURN QUERY SELECT CASE WHEN no_output = 0 THEN 'OK' ELSE 'WARNING' END,
                        CASE WHEN no_output = 0 THEN 'Every step has an output'
                             ELSE 'Steps with NULL output: Chainlit''s search fails on them' END,
                        no_output::numeric, 0::numeric, now();
    RETURN QUERY SELECT CASE WHEN no_time = 0 THEN 'OK' ELSE 'WARNING' END,
                        CASE WHEN no_time = 0 THEN 'Every thread and step has a time'
                             ELSE 'Threads and steps with NULL createdAt: see validate_and_fix_data(true)' END,
                        no_time::numeric, 0::numeric, now();
    RETURN QUERY SELECT CASE WHEN unreadable_time = 0 THEN 'OK' ELSE 'WARNING' END,
                        CASE WHEN unreadable_time = 0 THEN 'Every time is readable'
                             ELSE 'Threads and steps whose createdAt is no ISO 8601 time: they count on no day' END
                        || CASE WHEN is_large THEN ' (of the last 7 days)' ELSE '' END,
                        unreadable_time::numeric, 0::numeric, now();
EXCEPTION
    WHEN insufficient_privilege THEN
        RETURN QUERY SELECT 'INFO', format('Chat tables not checked: role %s may not read them', current_user),
                            NULL::numeric, NULL::numeric, now();
END
$$;

-- Questions that wait, and what could not be written.
CREATE OR REPLACE FUNCTION turn_alerts()
RETURNS TABLE (alert_level text, alert_message text, metric_value numeric, threshold_value numeric,
               check_timestamp timestamptz)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
#variable_conflict use_column
BEGIN
    -- A question whose space was not chosen yet waits for a person, for as long as that person likes.
    RETURN QUERY
    SELECT 'OK', 'Questions being worked on', count(*)::numeric, NULL::numeric, now()
    FROM genie_app.turns q WHERE q.state IN ('received', 'asking', 'asked', 'answered');
    RETURN QUERY
    SELECT 'OK', 'Questions waiting for somebody to choose a space', count(*)::numeric, NULL::numeric, now()
    FROM genie_app.turns q WHERE q.state = 'awaiting_space';
    -- Genie gets 600 s by default; half as much again leaves room for the queue of a thread.
    RETURN QUERY
    SELECT CASE WHEN max(now() - q.received_at) > interval '900 seconds' THEN 'WARNING' ELSE 'OK' END,
           CASE WHEN count(*) = 0 THEN 'No question waits' ELSE 'Seconds that the oldest open question has waited' END,
           round(extract(epoch FROM max(now() - q.received_at))), 900::numeric, now()
    FROM genie_app.turns q WHERE q.state IN ('received', 'asking', 'asked', 'answered');
    -- Another process takes over within 90 s: after two minutes there is none.
    RETURN QUERY
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'WARNING' END,
           CASE WHEN count(*) = 0 THEN 'No lease expired unnoticed'
                ELSE 'Questions whose lease expired more than two minutes ago: is any genie-slack running?' END,
           count(*)::numeric, 0::numeric, now()
    FROM genie_app.turns q
    WHERE q.state NOT IN ('delivered', 'failed') AND q.lease_token IS NOT NULL
      AND q.lease_until < now() - interval '2 minutes';
    RETURN QUERY
    SELECT CASE WHEN count(*) = 0 THEN 'OK' ELSE 'WARNING' END,
           CASE WHEN count(*) = 0 THEN 'No dead letters'
                ELSE 'Rows that could not be written: see genie_app.dead_letters' END,
           count(*)::numeric, 0::numeric, now()
    FROM genie_app.dead_letters;
EXCEPTION
    WHEN insufficient_privilege THEN
        RETURN QUERY SELECT 'INFO', format('Questions not checked: role %s may not read genie_app.turns', current_user),
                            NULL::numeric, NULL::numeric, now();
    WHEN undefined_table OR undefined_column OR invalid_schema_name THEN
        RETURN QUERY SELECT 'CRITICAL', 'Tables of genie_app are missing: run genie-slack migrate', NULL::numeric,
                            NULL::numeric, now();
END
$$;

-- The server, as far as any role may look.
CREATE OR REPLACE FUNCTION server_alerts()
RETURNS TABLE (alert_level text, alert_message text, metric_value numeric, threshold_value numeric,
               check_timestamp timestamptz)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
    chat_schema constant text := current_schema();
    used numeric;
    allowed numeric;
BEGIN
    -- pg_stat_activity hides the kind of other roles' sessions; this counter hides nothing.
    SELECT sum(d.numbackends) INTO used FROM pg_stat_database d;
    allowed := current_setting('max_connections')::numeric - current_setting('superuser_reserved_connections')::numeric;
    RETURN QUERY SELECT CASE WHEN used > allowed * 0.95 THEN 'CRITICAL' WHEN used > allowed * 0.8 THEN 'WARNING'
                             ELSE 'OK' END,
                        format('Connections used of %s', allowed), used, round(allowed * 0.8), now();

    -- Other roles' sessions show no times: then the number is that of the visible ones, and says so.
    RETURN QUERY
    SELECT CASE WHEN max(now() - a.xact_start) > interval '5 minutes' THEN 'WARNING' ELSE 'OK' END,
           'Seconds of the longest transaction'
           || CASE WHEN count(*) FILTER (WHERE a.query = '<insufficient privilege>') = 0 THEN ''
                   ELSE format(' (%s sessions of other roles not visible to role %s)',
                               count(*) FILTER (WHERE a.query = '<insufficient privilege>'), current_user) END,
           coalesce(round(extract(epoch FROM max(now() - a.xact_start))), 0), 300::numeric, now()
    FROM pg_stat_activity a
    WHERE a.datname = current_database() AND a.pid <> pg_backend_pid();

    -- Small tables reach high shares for moments; autovacuum looks after them.
    RETURN QUERY
    SELECT CASE WHEN coalesce(max(x.share), 0) > 20 THEN 'WARNING' ELSE 'OK' END,
           CASE WHEN coalesce(max(x.share), 0) > 20
                THEN 'Many dead rows, vacuum falls behind: '
                     || string_agg(x.relname::text, ', ' ORDER BY x.share DESC) FILTER (WHERE x.share > 20)
                ELSE 'Percent of dead rows, highest of the tables with more than 10000' END,
           coalesce(max(x.share), 0), 20::numeric, now()
    FROM (SELECT s.relname, round(100.0 * s.n_dead_tup / (s.n_live_tup + s.n_dead_tup), 1) AS share
          FROM pg_stat_all_tables s
          WHERE s.schemaname IN (chat_schema, 'genie_app') AND s.n_dead_tup > 10000) x;

    RETURN QUERY SELECT 'OK', 'Database size in bytes', pg_database_size(current_database())::numeric, NULL::numeric,
                        now();
END
$$;

CREATE OR REPLACE FUNCTION system_health_check()
RETURNS TABLE (alert_level text, alert_message text, metric_value numeric, threshold_value numeric,
               check_timestamp timestamptz)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
    healthy boolean := true;
BEGIN
    FOR alert_level, alert_message, metric_value, threshold_value, check_timestamp IN
        SELECT * FROM schema_alerts()
    LOOP
        healthy := healthy AND alert_level NOT IN ('WARNING', 'CRITICAL');
        RETURN NEXT;
    END LOOP;

    IF EXISTS (SELECT FROM schema_alerts() s WHERE s.alert_level = 'CRITICAL' AND s.alert_message LIKE 'Column %') THEN
        RETURN QUERY SELECT 'CRITICAL', 'Chat tables not checked: columns are missing', NULL::numeric, NULL::numeric,
                            now();
    ELSE
        FOR alert_level, alert_message, metric_value, threshold_value, check_timestamp IN
            SELECT * FROM chat_alerts()
        LOOP
            healthy := healthy AND alert_level NOT IN ('WARNING', 'CRITICAL')
                       AND alert_message <> 'No recent activity detected'
                       AND alert_message NOT LIKE 'Chat tables not checked%';
            RETURN NEXT;
        END LOOP;
    END IF;

    FOR alert_level, alert_message, metric_value, threshold_value, check_timestamp IN
        SELECT * FROM turn_alerts() UNION ALL SELECT * FROM server_alerts()
    LOOP
        healthy := healthy AND alert_level NOT IN ('WARNING', 'CRITICAL');
        RETURN NEXT;
    END LOOP;

    IF healthy THEN
        RETURN QUERY SELECT 'OK', 'All systems healthy', NULL::numeric, NULL::numeric, now();
    END IF;
END
$$;

REVOKE ALL ON FUNCTION schema_alerts() FROM PUBLIC;
REVOKE ALL ON FUNCTION chat_alerts() FROM PUBLIC;
REVOKE ALL ON FUNCTION turn_alerts() FROM PUBLIC;
REVOKE ALL ON FUNCTION server_alerts() FROM PUBLIC;
REVOKE ALL ON FUNCTION system_health_check() FROM PUBLIC;
