-- [{team_id, channel_id, thread_ts}] -> [turn | null]: the last accepted one of the thread.
SELECT jsonb_agg(
    (SELECT to_jsonb(turn)
     FROM genie_app.turns AS turn
     WHERE turn.team_id = call.value->>'team_id' AND turn.channel_id = call.value->>'channel_id'
       AND turn.thread_ts = call.value->>'thread_ts'
     ORDER BY turn.sequence DESC
     LIMIT 1)
    ORDER BY call.position)
FROM jsonb_array_elements($1) WITH ORDINALITY AS call (value, position)
