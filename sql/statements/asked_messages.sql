-- [{conversation_id}] -> [[message id]]: Genie's messages that turns of that conversation have, newest first.
SELECT jsonb_agg(
    (SELECT coalesce(jsonb_agg(found.message_id ORDER BY found.sequence DESC), '[]')
     FROM (SELECT turn.message_id, turn.sequence
           FROM genie_app.turns AS turn
           WHERE turn.conversation_id = call.value->>'conversation_id' AND turn.message_id <> ''
           ORDER BY turn.sequence DESC
           LIMIT 100) AS found)
    ORDER BY call.position)
FROM jsonb_array_elements($1) WITH ORDINALITY AS call (value, position)
