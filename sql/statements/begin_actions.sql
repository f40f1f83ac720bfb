-- [{turn_id, action, owner, hold_us}] -> [{granted, result}]. An owner who begins again what it holds goes on. No two
-- calls of a batch are about the same turn.
WITH call AS MATERIALIZED (
    SELECT element.position, element.value->>'turn_id' AS turn_id, element.value->>'action' AS action,
           element.value->>'owner' AS owner,
           extract(epoch FROM clock_timestamp()) + (element.value->>'hold_us')::bigint / 1000000.0 AS until
    FROM jsonb_array_elements($1) WITH ORDINALITY AS element (value, position)
), begun AS (
    UPDATE genie_app.turns AS turn
    SET actions = turn.actions || jsonb_build_object(
        call.action, coalesce(turn.actions->call.action, '{}') || jsonb_build_object('owner', call.owner,
                                                                                     'until', call.until))
    FROM call
    WHERE turn.id = call.turn_id
      AND (coalesce(turn.actions->call.action->>'owner', '') IN ('', call.owner)
           OR (turn.actions->call.action->>'until')::numeric <= extract(epoch FROM clock_timestamp()))
    RETURNING call.position, turn.actions->call.action->>'result' AS result
)
SELECT jsonb_agg(jsonb_build_object('granted', begun.position IS NOT NULL, 'result', coalesce(begun.result, ''))
                 ORDER BY call.position)
FROM call
LEFT JOIN begun ON begun.position = call.position
