-- [{key, token, turn, rows}] -> ['held' | 'lost' | 'invalid' | 'taken']. A final state ends the lease. What a call's
-- turn does not name stays as it is stored. 'taken': Genie's message belongs to another turn; nothing is written.
-- 'invalid': the turn's thread or question is another one.
WITH call AS MATERIALIZED (
    SELECT element.position, element.value->>'key' AS key, (element.value->>'token')::bigint AS token,
           element.value->'turn' AS turn, element.value->'turn'->>'id' AS turn_id
    FROM jsonb_array_elements($1) WITH ORDINALITY AS element (value, position)
), stored AS MATERIALIZED (
    SELECT call.position, known.id, known.write_key, known.conversation_id, known.message_id,
           known.lease_token = call.token AS is_held,
           (known.team_id, known.channel_id, known.thread_ts, known.question_ts)
           = (new.team_id, new.channel_id, new.thread_ts, new.question_ts) AS is_same,
           new
    FROM call
    JOIN genie_app.turns AS known ON known.id = call.turn_id
    CROSS JOIN LATERAL jsonb_populate_record(known, call.turn) AS new
), candidate AS MATERIALIZED (
    -- Those that record a message which their turn does not have yet.
    SELECT stored.position, (stored.new).conversation_id, (stored.new).message_id,
           EXISTS (SELECT FROM genie_app.turns AS other
                   WHERE other.conversation_id = (stored.new).conversation_id
                     AND other.message_id = (stored.new).message_id AND other.message_id <> ''
                     AND other.id <> stored.id) AS is_known
    FROM stored
    WHERE stored.is_held AND stored.is_same AND (stored.new).message_id <> ''
      AND (stored.conversation_id <> (stored.new).conversation_id OR stored.message_id <> (stored.new).message_id)
), taken AS MATERIALIZED (
    SELECT ranked.position
    FROM (SELECT candidate.position, candidate.is_known,
                 row_number() OVER (PARTITION BY candidate.conversation_id, candidate.message_id
                                    ORDER BY candidate.is_known, candidate.position) AS place
          FROM candidate) AS ranked
    WHERE ranked.is_known OR ranked.place > 1
), written AS (
    UPDATE genie_app.turns AS turn
    SET ({stored_columns}) = ROW ({stored_values}),
        tries = CASE WHEN turn.state = (stored.new).state THEN turn.tries ELSE 0 END,
        write_key = call.key,
        lease_token = CASE WHEN (stored.new).state NOT IN ('delivered', 'failed') THEN turn.lease_token END,
        lease_owner = CASE WHEN (stored.new).state NOT IN ('delivered', 'failed') THEN turn.lease_owner END
    FROM call
    JOIN stored USING (position)
    WHERE turn.id = call.turn_id AND turn.lease_token = call.token AND stored.is_same
      AND call.position NOT IN (SELECT taken.position FROM taken)
    RETURNING call.position
)
SELECT jsonb_agg(
    CASE WHEN written.position IS NOT NULL OR stored.write_key = call.key THEN 'held'
         WHEN taken.position IS NOT NULL THEN 'taken'
         WHEN stored.is_held AND NOT stored.is_same THEN 'invalid'
         ELSE 'lost' END
    ORDER BY call.position)
FROM call
LEFT JOIN stored USING (position)
LEFT JOIN taken USING (position)
LEFT JOIN written USING (position)
