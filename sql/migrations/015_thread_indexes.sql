-- For chat_summary_view: its conversation_start_time, by which people order and bound, has to be found in an index. Only
-- with functions that everybody may execute, so not iso_timestamp(): who writes a thread computes what is in its
-- indexes, and Chainlit may be another role. The view has the same expression.

-- As long as an index is built, nobody can write a thread: a second or two for 100,000 of them. Who has many more
-- builds them beforehand with CONCURRENTLY, under these names; then nothing is done here. On a table of another role a
-- missing index costs speed but nothing else.
DO $indexes$
DECLARE
    chat_schema constant text := current_schema();
    started_at constant text := $expression$
        CASE WHEN "createdAt" ~ ('^(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])'
                           '|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))'
                           '|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)'
                           '[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,9})?'
                           '(?:Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])?$')
              AND "createdAt" NOT LIKE '0000%'
            -- The time as it is written, less its offset.
            THEN timezone('UTC', make_timestamp(substr("createdAt", 1, 4)::integer, substr("createdAt", 6, 2)::integer,
                                                substr("createdAt", 9, 2)::integer, substr("createdAt", 12, 2)::integer,
                                                substr("createdAt", 15, 2)::integer,
                                                substring(substr("createdAt", 18, 9), '^[0-9.]+')::double precision)
                                 - make_interval(0, 0, 0, 0,
                                       coalesce(substring("createdAt", '([+-][0-9]{2}):?[0-9]{2}$'), '0')::integer,
                                       coalesce(substring("createdAt", '[+-](?=[0-9]{2}:?[0-9]{2}$)')
                                                || right("createdAt", 2), '0')::integer))
        END
        $expression$;
    wanted record;
BEGIN
    -- The first serves ORDER BY ... DESC, the second DESC NULLS LAST.
    FOR wanted IN
        SELECT i.index_name,
               format('CREATE INDEX %I ON %I.threads ((%s)%s)', i.index_name, chat_schema, started_at, i.nulls)
                   AS definition
        FROM (VALUES ('idx_threads_started_at', ''), ('idx_threads_started_at_nulls_first', ' NULLS FIRST'))
            AS i (index_name, nulls)
    LOOP
        CONTINUE WHEN to_regclass(format('%I.%I', chat_schema, wanted.index_name)) IS NOT NULL;
        IF NOT (SELECT pg_has_role(c.relowner, 'USAGE') FROM pg_class c
                WHERE c.oid = format('%I.threads', chat_schema)::regclass) THEN
            RAISE WARNING 'index % is missing and table threads belongs to another role', wanted.index_name
                USING HINT = 'Its owner should run: ' || wanted.definition || ';';
            CONTINUE;
        END IF;
        EXECUTE wanted.definition;
    END LOOP;
END
$indexes$;
