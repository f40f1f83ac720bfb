-- [{turn_id, action, owner, result?, ends?}] -> [whether the owner holds the action]. `result` replaces what was kept of
-- the action, `ends` lets others begin it. No two calls of a batch are about the same turn.
WITH call AS MATERIALIZED (
    SELECT element.position, element.value->>'turn_id' AS turn_id, element.value->>'action' AS action,
           element.value->>'owner' AS owner,
           jsonb_strip_nulls(jsonb_build_object(
               'result', element.value->>'result',
               'owner', CASE WHEN (element.value->>'ends')::boolean THEN '' END)) AS changes
    FROM jsonb_array_elements($1) WITH ORDINALITY AS element (value, position)
), updated AS (
    UPDATE genie_app.turns AS turn
    SET actions = turn.actions || jsonb_build_object(call.action, (turn.actions->call.action) || call.changes)
    FROM call
    WHERE turn.id = call.turn_id AND turn.actions->call.action->>'owner' = call.owner
    RETURNING call.position
)
SELECT jsonb_agg(updated.position IS NOT NULL ORDER BY call.position)
FROM call
LEFT JOIN updated ON updated.position = call.position
