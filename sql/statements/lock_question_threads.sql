-- Before accept_turns: what decides about the order in a thread is done by one transaction at a time. Sorted, so that
-- two processes never wait for each other in a circle.
SELECT pg_advisory_xact_lock(thread.key)
FROM (
    SELECT DISTINCT hashtextextended(
        concat_ws('/', call->'turn'->>'team_id', call->'turn'->>'channel_id', call->'turn'->>'thread_ts'),
        {thread_lock}) AS key
    FROM jsonb_array_elements($1) AS call
    ORDER BY key
) AS thread
