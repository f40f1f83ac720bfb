-- [{kind, team_id, id}] -> [space_defaults' row | null]
SELECT jsonb_agg(to_jsonb(known) ORDER BY call.position)
FROM jsonb_array_elements($1) WITH ORDINALITY AS call (value, position)
LEFT JOIN genie_app.space_defaults AS known
    ON known.kind = call.value->>'kind' AND known.team_id = call.value->>'team_id' AND known.id = call.value->>'id'
