-- [{key, turn_id, owner, lease_us, process, is_locked}] -> [{token, turn} | null]. No two calls of a batch are about the
-- same turn; of two about one thread at most the first question's can succeed. A process that has no lock counts by its
-- leases' time.
WITH call AS MATERIALIZED (
    SELECT element.position, element.value->>'key' AS key, element.value->>'turn_id' AS turn_id,
           element.value->>'owner' AS owner,
           (element.value->>'lease_us')::bigint * interval '1 microsecond' AS lease_time,
           element.value->>'process' AS process, (element.value->>'is_locked')::boolean AS is_locked
    FROM jsonb_array_elements($1) WITH ORDINALITY AS element (value, position)
), dead AS MATERIALIZED (
    {dead_processes}
), unlocked AS (
    DELETE FROM genie_app.processes AS process
    USING call
    WHERE process.owner = call.process AND NOT call.is_locked
), claimed AS (
    UPDATE genie_app.turns AS turn
    SET lease_owner = call.owner, lease_token = nextval('genie_app.lease_tokens'),
        lease_until = clock_timestamp() + call.lease_time, claim_key = call.key, attempts = turn.attempts + 1,
        tries = turn.tries + 1
    FROM call
    WHERE turn.id = call.turn_id AND turn.claim_key IS DISTINCT FROM call.key
      -- Written so that the planner does not walk through all unfinished turns instead of looking up one.
      AND CASE WHEN turn.state IN ('delivered', 'failed') THEN false ELSE true END
      AND {is_free}
    RETURNING turn.*
)
SELECT jsonb_agg(
    CASE WHEN claimed.id IS NOT NULL
         THEN jsonb_build_object('token', claimed.lease_token, 'turn', to_jsonb(claimed))
         -- The same call, sent again.
         WHEN stored.claim_key = call.key AND stored.lease_token IS NOT NULL
         THEN jsonb_build_object('token', stored.lease_token, 'turn', to_jsonb(stored)) END
    ORDER BY call.position)
FROM call
LEFT JOIN claimed ON claimed.id = call.turn_id
LEFT JOIN genie_app.turns AS stored ON stored.id = call.turn_id
