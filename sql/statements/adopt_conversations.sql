-- Before every statement about conversations: gives a row of the older bot its full key, the first time that its thread
-- is seen.
UPDATE genie_app.conversation_tracker AS old
SET team_id = call->>'team_id', channel_id = call->>'channel_id'
FROM jsonb_array_elements($1) AS call
WHERE old.thread_ts = call->>'thread_ts' AND old.team_id = '' AND call->>'team_id' <> ''
  -- Of two such rows the one whose channel is known.
  AND old.channel_id = (SELECT max(candidate.channel_id)
                        FROM genie_app.conversation_tracker AS candidate
                        WHERE candidate.thread_ts = call->>'thread_ts' AND candidate.team_id = ''
                          AND candidate.channel_id IN ('', call->>'channel_id'))
  AND NOT EXISTS (SELECT FROM genie_app.conversation_tracker AS known
                  WHERE known.thread_ts = call->>'thread_ts' AND known.channel_id = call->>'channel_id'
                    AND known.team_id = call->>'team_id')
