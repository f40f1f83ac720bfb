-- [{team_id, channel_id, thread_ts}] -> [whether it is one of our threads]
SELECT jsonb_agg(
    EXISTS (SELECT FROM genie_app.turns AS turn
            WHERE turn.team_id = call.value->>'team_id' AND turn.channel_id = call.value->>'channel_id'
              AND turn.thread_ts = call.value->>'thread_ts')
    OR EXISTS (SELECT FROM genie_app.conversation_tracker AS known
               WHERE known.thread_ts = call.value->>'thread_ts'
                 AND known.channel_id IN (call.value->>'channel_id', '')
                 AND known.team_id IN (call.value->>'team_id', ''))
    ORDER BY call.position)
FROM jsonb_array_elements($1) WITH ORDINALITY AS call (value, position)
