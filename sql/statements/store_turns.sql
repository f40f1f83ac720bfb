-- [{key, token, turn, has_rows}] -> ['held' | 'lost' | 'invalid' | 'taken']. A final state ends the lease. What a
-- call's turn does not name stays as it is stored. 'taken': Genie's message belongs to another turn, and nothing is
-- written. 'invalid': the turn's thread or question is another one.
WITH call AS MATERIALIZED (
    SELECT element.position, element.value->>'key' AS key, (element.value->>'token')::bigint AS token,
           element.value->'turn' AS turn, element.value->'turn'->>'id' AS turn_id
    FROM jsonb_array_elements($1) WITH ORDINALITY AS element (value, position)
), stored AS MATERIALIZED (
    SELECT call.position, call.key, call.token, new.*,
           known.write_key AS known_write_key,
           known.lease_token = call.token AS is_held,
           (known.team_id, known.channel_id, known.thread_ts, known.question_ts)
           = (new.team_id, new.channel_id, new.thread_ts, new.question_ts) AS is_same,
           new.message_id <> '' AND (known.conversation_id <> new.conversation_id
                                     OR known.message_id <> new.message_id) AS has_new_message
    FROM call
    JOIN genie_app.turns AS known ON known.id = call.turn_id
    CROSS JOIN LATERAL jsonb_populate_record(known, call.turn) AS new
), candidate AS MATERIALIZED (
    -- Those that record a message which their turn does not have yet.
    SELECT stored.position, stored.conversation_id, stored.message_id,
           EXISTS (SELECT FROM genie_app.turns AS other
                   WHERE other.conversation_id = stored.conversation_id AND other.message_id = stored.message_id
                     AND other.message_id <> '' AND other.id <> stored.id) AS is_known
    FROM stored
    WHERE stored.is_held AND stored.is_same AND stored.has_new_message
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
        tries = CASE WHEN turn.state = stored.state THEN turn.tries ELSE 0 END,
        write_key = stored.key,
        lease_token = CASE WHEN stored.state NOT IN ('delivered', 'failed') THEN turn.lease_token END,
        lease_owner = CASE WHEN stored.state NOT IN ('delivered', 'failed') THEN turn.lease_owner END
    FROM stored
    WHERE turn.id = stored.id AND turn.lease_token = stored.token AND stored.is_same
      AND stored.position NOT IN (SELECT taken.position FROM taken)
    RETURNING stored.position
)
SELECT jsonb_agg(
    CASE WHEN written.position IS NOT NULL OR stored.known_write_key = call.key THEN 'held'
         WHEN taken.position IS NOT NULL THEN 'taken'
         WHEN stored.is_held AND NOT stored.is_same THEN 'invalid'
         ELSE 'lost' END
    ORDER BY call.position)
FROM call
LEFT JOIN stored ON stored.position = call.position
LEFT JOIN taken ON taken.position = call.position
LEFT JOIN written ON written.position = call.position
