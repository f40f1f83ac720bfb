-- [{turn_id, token, lease_us, process, is_locked}] -> [whether the lease was still held]. A process that has no lock
-- counts by its leases' time, one that has it by its row, which a call from before it had it may have taken away.
WITH call AS MATERIALIZED (
    SELECT element.position, element.value->>'turn_id' AS turn_id, (element.value->>'token')::bigint AS token,
           (element.value->>'lease_us')::bigint * interval '1 microsecond' AS lease_time,
           element.value->>'process' AS process, (element.value->>'is_locked')::boolean AS is_locked
    FROM jsonb_array_elements($1) WITH ORDINALITY AS element (value, position)
), unlocked AS (
    DELETE FROM genie_app.processes AS process
    USING call
    WHERE process.owner = call.process AND NOT call.is_locked
), locked AS (
    INSERT INTO genie_app.processes (owner, lock_key)
    SELECT DISTINCT call.process, hashtextextended(call.process, {process_lock})
    FROM call
    WHERE call.is_locked
    ON CONFLICT DO NOTHING
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
