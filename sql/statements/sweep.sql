-- [{}] -> [true]. Slack repeats an event for up to 25 hours. A few rows at a time, so that nobody waits for it. A process
-- that ended a day ago has no lease or action left.
WITH old AS MATERIALIZED (
    SELECT event.team_id, event.event_id
    FROM genie_app.events AS event
    WHERE event.received_at < clock_timestamp() - interval '48 hours'
    ORDER BY event.received_at
    LIMIT 10000
    FOR UPDATE SKIP LOCKED
), deleted AS (
    DELETE FROM genie_app.events AS event
    USING old
    WHERE event.team_id = old.team_id AND event.event_id = old.event_id
), ended AS (
    DELETE FROM genie_app.processes AS process
    WHERE process.missing_since < clock_timestamp() - interval '1 day'
)
SELECT jsonb_agg(true) FROM jsonb_array_elements($1)
