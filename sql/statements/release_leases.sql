-- [{turn_id, token}] -> [whether the lease was still held]
WITH call AS MATERIALIZED (
    SELECT element.position, element.value->>'turn_id' AS turn_id, (element.value->>'token')::bigint AS token
    FROM jsonb_array_elements($1) WITH ORDINALITY AS element (value, position)
), released AS (
    UPDATE genie_app.turns AS turn
    SET lease_token = NULL, lease_owner = NULL, lease_until = NULL, tries = greatest(turn.tries - 1, 0)
    FROM call
    WHERE turn.id = call.turn_id AND turn.lease_token = call.token
    RETURNING call.position
)
SELECT jsonb_agg(released.position IS NOT NULL ORDER BY call.position)
FROM call
LEFT JOIN released USING (position)
