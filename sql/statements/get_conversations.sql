-- [{team_id, channel_id, thread_ts}] -> [conversation_tracker's row | null]. Its times are UTC.
SELECT jsonb_agg(to_jsonb(known) ORDER BY call.position)
FROM jsonb_array_elements($1) WITH ORDINALITY AS call (value, position)
LEFT JOIN genie_app.conversation_tracker AS known
    ON known.thread_ts = call.value->>'thread_ts' AND known.channel_id = call.value->>'channel_id'
       AND known.team_id = call.value->>'team_id'
