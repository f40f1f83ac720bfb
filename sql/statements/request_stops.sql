-- [{turn_id, user_id}] -> [turn | null]: as it is stored then. No two calls of a batch are about the same turn.
WITH call AS MATERIALIZED (
    SELECT element.position, element.value->>'turn_id' AS turn_id, element.value->>'user_id' AS user_id
    FROM jsonb_array_elements($1) WITH ORDINALITY AS element (value, position)
), stopped AS (
    UPDATE genie_app.turns AS turn
    SET stopped_by = call.user_id
    FROM call
    WHERE turn.id = call.turn_id AND turn.stopped_by = ''
      -- Written so that the planner does not walk through all unfinished turns instead of looking up one.
      AND CASE WHEN turn.state IN ('delivered', 'failed') THEN false ELSE true END
    RETURNING turn.*
)
SELECT jsonb_agg(coalesce(to_jsonb(stopped), to_jsonb(stored)) ORDER BY call.position)
FROM call
LEFT JOIN stopped ON stopped.id = call.turn_id
LEFT JOIN genie_app.turns AS stored ON stored.id = call.turn_id
