-- [{limit}] -> [[turn id]]: what claim_turns would grant now and needs nobody's choice, oldest first.
SELECT jsonb_agg(
    (SELECT coalesce(jsonb_agg(found.id ORDER BY found.sequence), '[]')
     FROM (SELECT turn.id, turn.sequence
           FROM genie_app.turns AS turn
           WHERE turn.state NOT IN ('delivered', 'failed') AND turn.state <> 'awaiting_space'
             AND (turn.lease_token IS NULL OR turn.lease_until <= clock_timestamp())
             AND NOT EXISTS (
                 SELECT FROM genie_app.turns AS other
                 WHERE other.team_id = turn.team_id AND other.channel_id = turn.channel_id
                   AND other.thread_ts = turn.thread_ts AND other.id <> turn.id
                   AND other.state NOT IN ('delivered', 'failed')
                   AND (other.sequence < turn.sequence
                        OR (other.lease_token IS NOT NULL AND other.lease_until > clock_timestamp())))
           ORDER BY turn.sequence
           LIMIT (call.value->>'limit')::bigint) AS found)
    ORDER BY call.position)
FROM jsonb_array_elements($1) WITH ORDINALITY AS call (value, position)
