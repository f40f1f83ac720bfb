-- [{turn_id}] -> [turn | null]
SELECT jsonb_agg(to_jsonb(turn) ORDER BY call.position)
FROM jsonb_array_elements($1) WITH ORDINALITY AS call (value, position)
LEFT JOIN genie_app.turns AS turn ON turn.id = call.value->>'turn_id'
