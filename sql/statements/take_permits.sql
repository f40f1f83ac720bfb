-- [{key, per_minute}] -> [microseconds to wait before asking again, 0: granted]. A permit counts for a minute and is
-- remembered for longer, so that a call that is sent again finds its own.
WITH present AS MATERIALIZED (
    SELECT clock_timestamp() AS moment
), forgotten AS (
    DELETE FROM genie_app.question_permits AS permit
    USING present
    WHERE permit.granted_at < present.moment - interval '10 minutes'
), pause AS MATERIALIZED (
    SELECT max(known.paused_until) AS paused_until
    FROM genie_app.question_pauses AS known, present
    WHERE known.paused_until > present.moment
), recent AS MATERIALIZED (
    SELECT permit.granted_at, row_number() OVER (ORDER BY permit.granted_at DESC) AS place
    FROM genie_app.question_permits AS permit, present
    WHERE permit.granted_at > present.moment - interval '1 minute'
), call AS MATERIALIZED (
    SELECT element.position, element.value->>'key' AS key, (element.value->>'per_minute')::integer AS per_minute,
           permit.call_key IS NOT NULL AS has_permit
    FROM jsonb_array_elements($1) WITH ORDINALITY AS element (value, position)
    LEFT JOIN genie_app.question_permits AS permit ON permit.call_key = element.value->>'key'
), decided AS MATERIALIZED (
    SELECT call.*,
           call.has_permit
           OR (pause.paused_until IS NULL
               AND (call.per_minute <= 0
                    OR (SELECT count(*) FROM recent)
                       + count(*) FILTER (WHERE call.per_minute > 0 AND NOT call.has_permit)
                             OVER (ORDER BY call.position) <= call.per_minute)) AS is_granted
    FROM call, pause
), granted AS (
    INSERT INTO genie_app.question_permits (call_key, granted_at)
    SELECT decided.key, present.moment
    FROM decided, present
    WHERE decided.is_granted AND NOT decided.has_permit AND decided.per_minute > 0
), used AS MATERIALIZED (
    SELECT count(*) AS number
    FROM decided
    WHERE decided.is_granted AND NOT decided.has_permit AND decided.per_minute > 0
)
SELECT jsonb_agg(
    CASE WHEN decided.is_granted THEN 0
         -- When the permit that fills the budget is a minute old, and no pause runs.
         ELSE greatest(1, coalesce((extract(epoch FROM greatest(
             CASE WHEN decided.per_minute <= 0 THEN NULL
                  WHEN decided.per_minute <= used.number THEN present.moment
                  ELSE (SELECT recent.granted_at FROM recent
                        WHERE recent.place = decided.per_minute - used.number) END + interval '1 minute',
             pause.paused_until) - present.moment) * 1000000)::bigint, 0)) END
    ORDER BY decided.position)
FROM decided, used, present, pause
