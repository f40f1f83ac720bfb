-- [{team_id, user_id, limit}] -> [[turn]]: a person's, the last accepted first.
SELECT jsonb_agg(
    (SELECT coalesce(jsonb_agg(to_jsonb(found) ORDER BY found.sequence DESC), '[]')
     FROM (SELECT turn.*
           FROM genie_app.turns AS turn
           WHERE turn.team_id = call.value->>'team_id' AND turn.user_id = call.value->>'user_id'
           ORDER BY turn.sequence DESC
           LIMIT (call.value->>'limit')::bigint) AS found)
    ORDER BY call.position)
FROM jsonb_array_elements($1) WITH ORDINALITY AS call (value, position)
