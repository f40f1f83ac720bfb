-- [{team_id, channel_id, thread_ts}] -> [whether there was a row]
WITH call AS MATERIALIZED (
    SELECT element.position, element.value->>'team_id' AS team_id, element.value->>'channel_id' AS channel_id,
           element.value->>'thread_ts' AS thread_ts
    FROM jsonb_array_elements($1) WITH ORDINALITY AS element (value, position)
), deleted AS (
    DELETE FROM genie_app.conversation_tracker AS known
    USING call
    WHERE known.thread_ts = call.thread_ts AND known.channel_id = call.channel_id AND known.team_id = call.team_id
    RETURNING call.position
)
SELECT jsonb_agg(deleted.position IS NOT NULL ORDER BY call.position)
FROM call
LEFT JOIN deleted USING (position)
