-- [{turn_id, action, owner, hold_us, process, judges}] -> [{granted, result, is_missing}]. An owner who begins again what
-- it holds goes on; `process` is where it lives, which counts for as long as the action has that owner. is_missing: the
-- lock of the process that holds the action is gone. No two calls of a batch are about the same turn.
WITH dead AS MATERIALIZED (
    {dead_processes}
), call AS MATERIALIZED (
    SELECT element.position, element.value->>'turn_id' AS turn_id, element.value->>'action' AS action,
           element.value->>'owner' AS owner, element.value->>'process' AS process,
           extract(epoch FROM clock_timestamp()) + (element.value->>'hold_us')::bigint / 1000000.0 AS until
    FROM jsonb_array_elements($1) WITH ORDINALITY AS element (value, position)
), held AS MATERIALIZED (
    SELECT call.position, turn.actions->call.action->>'owner' AS owner,
           CASE WHEN turn.actions->call.action->'home'->>'owner' = turn.actions->call.action->>'owner'
                THEN turn.actions->call.action->'home'->>'process' END AS process
    FROM call
    JOIN genie_app.turns AS turn ON turn.id = call.turn_id
), begun AS (
    UPDATE genie_app.turns AS turn
    SET actions = turn.actions || jsonb_build_object(
        call.action, coalesce(turn.actions->call.action, '{}') || jsonb_build_object(
            'owner', call.owner, 'until', call.until,
            'home', jsonb_build_object('owner', call.owner, 'process', call.process)))
    FROM call
    LEFT JOIN held ON held.position = call.position
    WHERE turn.id = call.turn_id
      AND (coalesce(turn.actions->call.action->>'owner', '') IN ('', call.owner)
           OR (turn.actions->call.action->>'until')::numeric <= extract(epoch FROM clock_timestamp())
           -- Unless somebody else was faster.
           OR (held.process IN (SELECT dead.owner FROM dead)
               AND turn.actions->call.action->>'owner' = held.owner))
    RETURNING call.position, turn.actions->call.action->>'result' AS result
)
SELECT jsonb_agg(jsonb_build_object(
                     'granted', begun.position IS NOT NULL, 'result', coalesce(begun.result, ''),
                     'is_missing', EXISTS (SELECT FROM genie_app.processes AS process
                                           WHERE process.owner = held.process
                                             AND process.missing_since IS NOT NULL))
                 ORDER BY call.position)
FROM call
LEFT JOIN held ON held.position = call.position
LEFT JOIN begun ON begun.position = call.position
