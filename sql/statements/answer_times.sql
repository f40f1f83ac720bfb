-- [{space_id}] -> [[milliseconds]]: from asking Genie to the end, of the space's newest answers.
SELECT jsonb_agg(
    (SELECT coalesce(jsonb_agg(round(extract(epoch FROM found.finished_at - found.asked_at) * 1000)::bigint
                               ORDER BY found.received_at DESC), '[]')
     FROM (SELECT newest.*
           FROM (SELECT turn.space_id, turn.state, turn.asked_at, turn.finished_at, turn.received_at
                 FROM genie_app.turns AS turn
                 ORDER BY turn.received_at DESC
                 LIMIT 1000) AS newest
           WHERE newest.space_id = call.value->>'space_id' AND newest.state = 'delivered'
             AND newest.finished_at > newest.asked_at
           ORDER BY newest.received_at DESC
           LIMIT 100) AS found)
    ORDER BY call.position)
FROM jsonb_array_elements($1) WITH ORDINALITY AS call (value, position)
