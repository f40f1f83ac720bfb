-- Maintenance of the chat tables: BI Hub's functions with the same names and result columns, callable with its
-- arguments. Further parameters have defaults. All run with the rights of their caller, who has to own the tables or
-- have been granted what they do; search_path is pinned, so that they work on the tables of this schema whatever the
-- caller's says.

-- BI Hub's own versions: with them a call with one argument would go on meaning theirs.
DROP FUNCTION IF EXISTS cleanup_old_conversations(interval);
DROP FUNCTION IF EXISTS cleanup_orphaned_records();
DROP FUNCTION IF EXISTS update_table_statistics();
DROP FUNCTION IF EXISTS reindex_tables();
DROP FUNCTION IF EXISTS validate_and_fix_data();
DROP FUNCTION IF EXISTS create_archive_summary(timestamp);

-- Threads whose last activity (their latest step; their start, if they have no step with a readable time) lies before
-- `cutoff` and none of whose questions is still being worked on. A thread without any readable time is of unknown age
-- and is left alone.
CREATE OR REPLACE FUNCTION conversations_idle_since(cutoff timestamptz) RETURNS TABLE (thread_id uuid)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT t."id"
    FROM threads t
    -- Bounds of texts, a day or two around the cutoff for those with an offset.
    CROSS JOIN (SELECT to_char((cutoff AT TIME ZONE 'UTC') - interval '1 day', 'YYYY-MM-DD') AS early,
                       to_char((cutoff AT TIME ZONE 'UTC') + interval '2 days', 'YYYY-MM-DD') AS late
                OFFSET 0) bound
    WHERE CASE
            -- LIMIT 1 and not EXISTS: looks into the index on ("threadId", "createdAt") for each thread, where
            -- PostgreSQL would else read the times of all steps first. At first what began later, with all its steps.
            WHEN t."createdAt" >= bound.late
                 AND (SELECT true FROM steps s WHERE s."threadId" = t."id" AND s."createdAt" < bound.late LIMIT 1)
                     IS NULL THEN false
            WHEN (SELECT true FROM steps s
                  WHERE s."threadId" = t."id" AND s."createdAt" >= bound.early
                    AND iso_timestamp(s."createdAt") >= cutoff
                  LIMIT 1) THEN false
            WHEN iso_timestamp(t."createdAt") < cutoff THEN true
            ELSE (SELECT true FROM steps s
                  WHERE s."threadId" = t."id" AND iso_timestamp(s."createdAt") < cutoff
                  LIMIT 1) END
      AND NOT EXISTS (
            SELECT FROM genie_app.turns q
            WHERE q.chat_thread_id = t."id" AND q.state NOT IN ('delivered', 'failed'));
END;

-- Deletes conversations without activity for `retention_period`, with everything that belongs to them, also what the
-- bot knows of them: then a new question in that Slack thread starts a new conversation. Users are kept: see
-- cleanup_old_people(). At most
-- `max_threads` per call (NULL: all), in batches: call again until deleted_threads is 0. Rows that somebody else has
-- locked are left for the next call. With `dry_run` nothing is deleted and the numbers say what would be.
CREATE OR REPLACE FUNCTION cleanup_old_conversations(retention_period interval DEFAULT '180 days',
                                                     max_threads integer DEFAULT 10000,
                                                     dry_run boolean DEFAULT false)
RETURNS TABLE (deleted_feedbacks integer, deleted_elements integer, deleted_steps integer, deleted_threads integer,
               cleanup_timestamp timestamptz)
LANGUAGE plpgsql SET search_path FROM CURRENT SET jit = off AS $$
#variable_conflict use_column
DECLARE
    batch_size constant integer := 500;
    cutoff timestamptz;
    candidates uuid[];
    locked uuid[];
    batch uuid[];
    batch_feedbacks uuid[];
    batch_turns text[];
    affected integer;
BEGIN
    IF retention_period IS NULL OR retention_period < interval '1 day' THEN
        RAISE EXCEPTION 'the retention period must be at least one day, not %', coalesce(retention_period::text, 'NULL')
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'Write it with its unit: cleanup_old_conversations(''180 days'').';
    END IF;
    IF max_threads < 0 THEN
        RAISE EXCEPTION 'max_threads must not be negative' USING ERRCODE = 'invalid_parameter_value';
    END IF;

    deleted_feedbacks := 0;
    deleted_elements := 0;
    deleted_steps := 0;
    deleted_threads := 0;
    cleanup_timestamp := now();

    -- Beyond the years that the text columns can hold nothing is that old, and comparing with them would go wrong.
    IF retention_period > interval '1900 years' THEN
        RETURN NEXT;
        RETURN;
    END IF;
    cutoff := now() - retention_period;

    IF dry_run THEN
        RETURN QUERY
        WITH idle AS MATERIALIZED (
            SELECT i.thread_id FROM conversations_idle_since(cutoff) i ORDER BY i.thread_id LIMIT max_threads
        )
        SELECT (SELECT count(*)::integer FROM feedbacks f WHERE f."threadId" IN (SELECT thread_id FROM idle)),
               (SELECT count(*)::integer FROM elements e WHERE e."threadId" IN (SELECT thread_id FROM idle)),
               (SELECT count(*)::integer FROM steps s WHERE s."threadId" IN (SELECT thread_id FROM idle)),
               (SELECT count(*)::integer FROM idle),
               now();
        RETURN;
    END IF;

    SELECT array_agg(x.thread_id ORDER BY x.thread_id) INTO candidates
    FROM (SELECT i.thread_id FROM conversations_idle_since(cutoff) i ORDER BY i.thread_id LIMIT max_threads) x;

    FOR batch_start IN 1 .. coalesce(cardinality(candidates), 0) BY batch_size LOOP
        SELECT coalesce(array_agg(x.id), '{}') INTO locked
        FROM (SELECT t."id" AS id
              FROM threads t
              WHERE t."id" = ANY (candidates[batch_start : batch_start + batch_size - 1])
              ORDER BY t."id"
              FOR UPDATE SKIP LOCKED) x;

        -- A step or a question may have come between looking and locking. From here on nobody can add one: that needs
        -- the thread's row.
        SELECT coalesce(array_agg(i.thread_id), '{}') INTO batch
        FROM conversations_idle_since(cutoff) i
        WHERE i.thread_id = ANY (locked);

        SELECT coalesce(array_agg(q.id), '{}') INTO batch_turns
        FROM genie_app.turns q WHERE q.chat_thread_id = ANY (batch);

        -- Where the bot has no turn (any more), the thread's metadata say which Slack thread it was.
        DELETE FROM genie_app.conversation_tracker c
        USING (SELECT q.thread_ts, q.channel_id, q.team_id FROM genie_app.turns q WHERE q.id = ANY (batch_turns)
               UNION
               SELECT t."metadata" -> 'slack' ->> 'thread_ts', t."metadata" -> 'slack' ->> 'channel',
                      t."metadata" -> 'slack' ->> 'team'
               FROM threads t WHERE t."id" = ANY (batch)) slack
        WHERE c.thread_ts = slack.thread_ts AND c.channel_id = slack.channel_id AND c.team_id = slack.team_id;
        -- As long as Slack may deliver an event again, it has to be known that it was handled.
        DELETE FROM genie_app.events e
        WHERE e.turn_id = ANY (batch_turns) AND e.received_at < now() - interval '25 hours';
        DELETE FROM genie_app.turns q WHERE q.id = ANY (batch_turns);

        WITH gone AS (DELETE FROM feedbacks f WHERE f."threadId" = ANY (batch) RETURNING f."id")
        SELECT coalesce(array_agg(gone."id"), '{}') INTO batch_feedbacks FROM gone;
        deleted_feedbacks := deleted_feedbacks + cardinality(batch_feedbacks);
        DELETE FROM genie_app.ratings r WHERE r.feedback_id = ANY (batch_feedbacks);

        DELETE FROM elements e WHERE e."threadId" = ANY (batch);
        GET DIAGNOSTICS affected = ROW_COUNT;
        deleted_elements := deleted_elements + affected;

        DELETE FROM steps s WHERE s."threadId" = ANY (batch);
        GET DIAGNOSTICS affected = ROW_COUNT;
        deleted_steps := deleted_steps + affected;

        DELETE FROM threads t WHERE t."id" = ANY (batch);
        GET DIAGNOSTICS affected = ROW_COUNT;
        deleted_threads := deleted_threads + affected;
    END LOOP;

    -- What the bot still knows of threads that were deleted in Chainlit, and events that outlived their turn.
    DELETE FROM genie_app.turns q
    WHERE q.state IN ('delivered', 'failed') AND q.finished_at < cutoff
      AND NOT EXISTS (SELECT FROM threads t WHERE t."id" = q.chat_thread_id);
    DELETE FROM genie_app.events e
    WHERE e.received_at < now() - interval '25 hours'
      AND NOT EXISTS (SELECT FROM genie_app.turns q WHERE q.id = e.turn_id);
    DELETE FROM genie_app.ratings r
    WHERE r.created_at < cutoff AND NOT EXISTS (SELECT FROM feedbacks f WHERE f."id" = r.feedback_id);

    RETURN NEXT;
END
$$;

-- Deletes the people of whom nothing is left: rows of users that the bot made, and what it knows them by in Slack. Somebody
-- stays who has a conversation (also one that somebody else began), a space of their own, or came within
-- `retention_period`; so do rows that Chainlit made or that a login has put something into. Ratings name nobody. With
-- `dry_run` nothing is deleted, and the number says who would be once the old conversations are.
CREATE OR REPLACE FUNCTION cleanup_old_people(retention_period interval DEFAULT '180 days', dry_run boolean DEFAULT false)
RETURNS TABLE (deleted_users integer, cleanup_timestamp timestamptz)
LANGUAGE plpgsql SET search_path FROM CURRENT SET jit = off AS $$
#variable_conflict use_column
DECLARE
    cutoff timestamptz;
    candidates uuid[];
    locked uuid[];
BEGIN
    IF retention_period IS NULL OR retention_period < interval '1 day' THEN
        RAISE EXCEPTION 'the retention period must be at least one day, not %', coalesce(retention_period::text, 'NULL')
            USING ERRCODE = 'invalid_parameter_value',
                  HINT = 'Write it with its unit: cleanup_old_people(''180 days'').';
    END IF;
    deleted_users := 0;
    cleanup_timestamp := now();
    IF retention_period > interval '1900 years' THEN
        RETURN NEXT;
        RETURN;
    END IF;
    cutoff := now() - retention_period;

    WITH idle AS MATERIALIZED (
        SELECT i.thread_id FROM conversations_idle_since(cutoff) i WHERE dry_run
    ), busy AS MATERIALIZED (
        SELECT t."userId" AS user_id FROM threads t WHERE t."id" NOT IN (SELECT thread_id FROM idle)
        UNION
        SELECT p.user_id
        FROM genie_app.people p
        JOIN genie_app.turns q ON q.team_id = p.team_id AND q.user_id = p.slack_user
        WHERE q.received_at >= cutoff OR q.state NOT IN ('delivered', 'failed')
           OR EXISTS (SELECT FROM threads t WHERE t."id" = q.chat_thread_id)
              AND q.chat_thread_id NOT IN (SELECT thread_id FROM idle)
        UNION
        SELECT p.user_id
        FROM genie_app.people p
        JOIN genie_app.space_defaults d ON d.kind = 'person' AND d.team_id = p.team_id AND d.id = p.slack_user
    )
    SELECT array_agg(u."id" ORDER BY u."id") INTO candidates
    FROM users u
    -- The versions of UUIDs that the bot makes; Chainlit's are of version 4.
    WHERE substr(u."id"::text, 15, 1) IN ('5', '8')
      AND CASE WHEN jsonb_typeof(u."metadata") = 'object'
               THEN u."metadata" - ARRAY['slack', 'name', 'email'] = '{}' ELSE false END
      AND iso_timestamp(u."createdAt") < cutoff
      AND NOT EXISTS (SELECT FROM busy WHERE busy.user_id = u."id");
    IF dry_run THEN
        deleted_users := coalesce(cardinality(candidates), 0);
        RETURN NEXT;
        RETURN;
    END IF;

    SELECT coalesce(array_agg(x.id), '{}') INTO locked
    FROM (SELECT u."id" AS id FROM users u WHERE u."id" = ANY (candidates) ORDER BY u."id" FOR UPDATE SKIP LOCKED) x;
    -- Whoever came back between looking and locking has a conversation; from here on nobody can begin one for them.
    DELETE FROM users u
    WHERE u."id" = ANY (locked) AND NOT EXISTS (SELECT FROM threads t WHERE t."userId" = u."id");
    GET DIAGNOSTICS deleted_users = ROW_COUNT;
    DELETE FROM genie_app.people p WHERE NOT EXISTS (SELECT FROM users u WHERE u."id" = p.user_id);
    RETURN NEXT;
END
$$;

-- Deletes steps, feedbacks and elements whose thread does not exist. Foreign keys prevent that; tables that something
-- else made may lack them. Elements without any thread are none. With `dry_run` the numbers say what would be deleted.
CREATE OR REPLACE FUNCTION cleanup_orphaned_records(dry_run boolean DEFAULT false)
RETURNS TABLE (orphaned_steps integer, orphaned_feedbacks integer, orphaned_elements integer,
               cleanup_timestamp timestamptz)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
#variable_conflict use_column
BEGIN
    IF dry_run THEN
        SELECT count(*) INTO orphaned_steps FROM steps s
        WHERE NOT EXISTS (SELECT FROM threads t WHERE t."id" = s."threadId") AND s."threadId" IS NOT NULL;
        SELECT count(*) INTO orphaned_feedbacks FROM feedbacks f
        WHERE NOT EXISTS (SELECT FROM threads t WHERE t."id" = f."threadId") AND f."threadId" IS NOT NULL;
        SELECT count(*) INTO orphaned_elements FROM elements e
        WHERE NOT EXISTS (SELECT FROM threads t WHERE t."id" = e."threadId") AND e."threadId" IS NOT NULL;
    ELSE
        DELETE FROM steps s
        WHERE NOT EXISTS (SELECT FROM threads t WHERE t."id" = s."threadId") AND s."threadId" IS NOT NULL;
        GET DIAGNOSTICS orphaned_steps = ROW_COUNT;
        DELETE FROM feedbacks f
        WHERE NOT EXISTS (SELECT FROM threads t WHERE t."id" = f."threadId") AND f."threadId" IS NOT NULL;
        GET DIAGNOSTICS orphaned_feedbacks = ROW_COUNT;
        DELETE FROM elements e
        WHERE NOT EXISTS (SELECT FROM threads t WHERE t."id" = e."threadId") AND e."threadId" IS NOT NULL;
        GET DIAGNOSTICS orphaned_elements = ROW_COUNT;
    END IF;
    cleanup_timestamp := now();
    RETURN NEXT;
END
$$;

-- ANALYZE of the five tables. A role that may not analyse a table only gets a warning from PostgreSQL: then its
-- timestamp is NULL, since nothing was analysed.
CREATE OR REPLACE FUNCTION update_table_statistics()
RETURNS TABLE (table_name text, analysis_timestamp timestamptz)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
    relation regclass;
    allowed boolean;
BEGIN
    FOREACH table_name IN ARRAY ARRAY['users', 'threads', 'steps', 'elements', 'feedbacks'] LOOP
        relation := table_name::regclass;
        SELECT pg_has_role(c.relowner, 'USAGE') OR pg_has_role(d.datdba, 'USAGE') INTO allowed
        FROM pg_class c, pg_database d
        WHERE c.oid = relation AND d.datname = current_database();
        -- A privilege of its own since PostgreSQL 17; older servers do not know its name.
        IF NOT allowed AND current_setting('server_version_num')::integer >= 170000 THEN
            allowed := has_table_privilege(relation, 'MAINTAIN');
        END IF;
        analysis_timestamp := NULL;
        IF allowed THEN
            EXECUTE format('ANALYZE %s', relation);
            analysis_timestamp := clock_timestamp();
        END IF;
        RETURN NEXT;
    END LOOP;
END
$$;

-- Rebuilds the indexes of the five tables. Blocks writers of each table until the end of the transaction: for a quiet
-- hour.
CREATE OR REPLACE FUNCTION reindex_tables()
RETURNS TABLE (table_name text, reindex_timestamp timestamptz)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
#variable_conflict use_column
BEGIN
    FOREACH table_name IN ARRAY ARRAY['users', 'threads', 'steps', 'elements', 'feedbacks'] LOOP
        EXECUTE format('REINDEX TABLE %s', table_name::regclass);
        reindex_timestamp := clock_timestamp();
        RETURN NEXT;
    END LOOP;
END
$$;

-- Mends what Chainlit trips over, with a row for each kind of thing that was mended (with `dry_run`: would be). The
-- last row only says that the function came to its end. Times that are there but unreadable are left: nobody knows what
-- they meant.
CREATE OR REPLACE FUNCTION validate_and_fix_data(dry_run boolean DEFAULT false)
RETURNS TABLE (issue_type text, records_affected integer, action_taken text, fix_timestamp timestamptz)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
#variable_conflict use_column
BEGIN
    fix_timestamp := now();

    IF dry_run THEN
        SELECT count(*) INTO records_affected FROM threads t
        WHERE coalesce(t."createdAt", '') = ''
          AND EXISTS (SELECT FROM steps s WHERE s."threadId" = t."id" AND iso_timestamp(s."createdAt") IS NOT NULL);
    ELSE
        UPDATE threads t
        SET "createdAt" = to_char(first.step_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        FROM (SELECT s."threadId", min(iso_timestamp(s."createdAt")) AS step_at
              FROM steps s GROUP BY s."threadId") first
        WHERE first."threadId" = t."id" AND first.step_at IS NOT NULL AND coalesce(t."createdAt", '') = '';
        GET DIAGNOSTICS records_affected = ROW_COUNT;
    END IF;
    IF records_affected > 0 THEN
        issue_type := 'missing_thread_timestamps';
        action_taken := 'Set from the earliest step';
        RETURN NEXT;
    END IF;

    IF dry_run THEN
        SELECT count(*) INTO records_affected FROM steps s
        WHERE coalesce(s."createdAt", '') = ''
          AND EXISTS (SELECT FROM threads t WHERE t."id" = s."threadId"
                      AND (iso_timestamp(t."createdAt") IS NOT NULL
                           OR (coalesce(t."createdAt", '') = ''
                               AND EXISTS (SELECT FROM steps o WHERE o."threadId" = t."id"
                                           AND iso_timestamp(o."createdAt") IS NOT NULL))));
    ELSE
        UPDATE steps s
        SET "createdAt" = t."createdAt"
        FROM threads t
        WHERE t."id" = s."threadId" AND iso_timestamp(t."createdAt") IS NOT NULL AND coalesce(s."createdAt", '') = '';
        GET DIAGNOSTICS records_affected = ROW_COUNT;
    END IF;
    IF records_affected > 0 THEN
        issue_type := 'missing_step_timestamps';
        action_taken := 'Set from the thread';
        RETURN NEXT;
    END IF;

    -- Chainlit's thumbs down is 0, so the lower end is 0: clamping to 1 would turn it into a thumbs up.
    IF dry_run THEN
        SELECT count(*) INTO records_affected FROM feedbacks f WHERE f."value" NOT BETWEEN 0 AND 5;
    ELSE
        UPDATE feedbacks f SET "value" = least(greatest(f."value", 0), 5) WHERE f."value" NOT BETWEEN 0 AND 5;
        GET DIAGNOSTICS records_affected = ROW_COUNT;
    END IF;
    IF records_affected > 0 THEN
        issue_type := 'invalid_feedback_values';
        action_taken := 'Clamped to 0-5';
        RETURN NEXT;
    END IF;

    issue_type := 'validation_complete';
    records_affected := 0;
    action_taken := 'All checks passed';
    RETURN NEXT;
END
$$;

-- How much there is in threads that began before a date (UTC). Archives nothing.
CREATE OR REPLACE FUNCTION create_archive_summary(archive_date timestamp)
RETURNS TABLE (metric_name text, metric_value bigint, archive_period text, summary_timestamp timestamptz)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH old AS MATERIALIZED (
        SELECT t."id", coalesce(t."userId"::text, t."userIdentifier") AS person
        FROM threads t
        WHERE iso_timestamp(t."createdAt") < archive_date AT TIME ZONE 'UTC'
    ), counted (position, metric_name, metric_value) AS (
        SELECT 1, 'total_users_archived', (SELECT count(DISTINCT o.person) FROM old o)
        UNION ALL
        SELECT 2, 'total_conversations_archived', (SELECT count(*) FROM old)
        UNION ALL
        SELECT 3, 'total_interactions_archived',
               (SELECT count(*) FROM steps s WHERE s."threadId" IN (SELECT o."id" FROM old o))
        UNION ALL
        SELECT 4, 'total_feedback_archived',
               (SELECT count(*) FROM feedbacks f WHERE f."threadId" IN (SELECT o."id" FROM old o))
    )
    SELECT c.metric_name, c.metric_value, 'before_' || to_char(archive_date, 'YYYY-MM-DD'), now()
    FROM counted c
    ORDER BY c.position;
END
$$;

REVOKE ALL ON FUNCTION conversations_idle_since(timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION cleanup_old_conversations(interval, integer, boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION cleanup_old_people(interval, boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION cleanup_orphaned_records(boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION update_table_statistics() FROM PUBLIC;
REVOKE ALL ON FUNCTION reindex_tables() FROM PUBLIC;
REVOKE ALL ON FUNCTION validate_and_fix_data(boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION create_archive_summary(timestamp) FROM PUBLIC;
