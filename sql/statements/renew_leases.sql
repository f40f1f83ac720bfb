-- [{turn_id, token, lease_us}] -> [whether the lease was still held]
WITH call AS MATERIALIZED (
    SELECT element.position, element.value->>'turn_id' AS turn_id, (element.value->>'token')::bigint AS token,
           (element.value->>'lease_us')::bigint * interval '1 microsecond' AS lease_time
    FROM jsonb_array_elements($1) WITH ORDINALITY AS element (value, position)
), renewed AS (
    UPDATE genie_app.turns AS turn
    SET lease_until = clock_timestamp() + call.lease_time
    FROM call
    WHERE turn.id = call.turn_id AND turn.lease_token = call.token
    RETURNING call.position
)
SELECT jsonb_agg(renewed.position IS NOT NULL ORDER BY call.position)
FROM call
LEFT JOIN renewed USING (position)
