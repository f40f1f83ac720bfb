-- Indexes on the chat tables, under their documented names. Two corrections to the documented definitions:
-- CAST("createdAt" AS TIMESTAMP) is not immutable, so no such index can exist; the plain text column sorts the same way
-- (ISO 8601 in UTC), is what Chainlit itself orders by, and is scanned by ranges of ISO constants. And the foreign keys
-- and "forId" columns without an index made each deleted thread scan elements and feedbacks whole (70 times slower).

-- Once for everything that has to know them: their creation below, system_health_check() and the checks at start.
CREATE OR REPLACE FUNCTION genie_app.required_chat_indexes()
RETURNS TABLE (index_name text, table_name text, index_columns text, index_condition text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT i.n, i.t, i.c, i.w
    FROM (VALUES
        ('idx_threads_user_id', 'threads', '"userId"', NULL),
        ('idx_threads_created_at', 'threads', '"createdAt"', NULL),
        -- The second column serves Chainlit's GROUP BY thread / MAX("createdAt") and its ORDER BY as an index-only
        -- scan.
        ('idx_steps_thread_id', 'steps', '"threadId", "createdAt"', NULL),
        ('idx_steps_created_at', 'steps', '"createdAt"', NULL),
        ('idx_steps_type_created', 'steps', 'type, "createdAt"', NULL),
        -- Errors are few: the partial index holds only them.
        ('idx_steps_error_analysis', 'steps', '"createdAt"', '"isError"'),
        ('idx_feedbacks_thread_id', 'feedbacks', '"threadId"', NULL),
        ('idx_feedbacks_for_id', 'feedbacks', '"forId"', NULL),
        ('idx_elements_thread_id', 'elements', '"threadId"', NULL),
        ('idx_elements_for_id', 'elements', '"forId"', NULL)
    ) AS i (n, t, c, w);
END;

REVOKE ALL ON FUNCTION genie_app.required_chat_indexes() FROM PUBLIC;

-- CREATE INDEX needs ownership of the table even when IF NOT EXISTS has nothing to do, hence the look first. An index
-- of that name with another definition, or one that a broken CREATE INDEX CONCURRENTLY left invalid, is replaced: it
-- would not serve. On tables of another role a missing index costs speed but nothing else: a warning here, and
-- system_health_check() says it for as long as it is missing.
DO $indexes$
DECLARE
    chat_schema constant text := current_schema();
    wanted record;
    found_index regclass;
    is_valid boolean;
BEGIN
    FOR wanted IN
        SELECT i.index_name, i.table_name,
               -- Exactly as pg_get_indexdef() writes it.
               format('CREATE INDEX %I ON %I.%I USING btree (%s)%s', i.index_name, chat_schema, i.table_name,
                      i.index_columns, coalesce(' WHERE ' || i.index_condition, '')) AS definition
        FROM genie_app.required_chat_indexes() i
    LOOP
        found_index := to_regclass(format('%I.%I', chat_schema, wanted.index_name));
        SELECT x.indisvalid INTO is_valid FROM pg_index x WHERE x.indexrelid = found_index;
        CONTINUE WHEN is_valid AND pg_get_indexdef(found_index) = wanted.definition;

        IF NOT (SELECT pg_has_role(c.relowner, 'USAGE') FROM pg_class c
                WHERE c.oid = format('%I.%I', chat_schema, wanted.table_name)::regclass) THEN
            RAISE WARNING 'index % is missing and table % belongs to another role', wanted.index_name, wanted.table_name
                USING HINT = 'Its owner should run: ' || CASE WHEN found_index IS NULL THEN ''
                             ELSE format('DROP INDEX %s; ', found_index) END || wanted.definition || ';';
            CONTINUE;
        END IF;

        IF found_index IS NOT NULL THEN
            EXECUTE format('DROP INDEX %I.%I', chat_schema, wanted.index_name);
        END IF;
        EXECUTE replace(wanted.definition, 'CREATE INDEX ', 'CREATE INDEX IF NOT EXISTS ');
    END LOOP;
END
$indexes$;
