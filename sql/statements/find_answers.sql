-- [{team_id, channel_id, progress_ts}] -> [turn | null]: whose progress message is that message.
SELECT jsonb_agg(
    (SELECT to_jsonb(turn)
     FROM genie_app.turns AS turn
     WHERE turn.team_id = call.value->>'team_id' AND turn.progress_ts = call.value->>'progress_ts'
       AND turn.progress_ts <> ''
       AND coalesce(nullif(turn.answer_channel, ''), turn.channel_id) = call.value->>'channel_id'
     ORDER BY turn.sequence DESC
     LIMIT 1)
    ORDER BY call.position)
FROM jsonb_array_elements($1) WITH ORDINALITY AS call (value, position)
