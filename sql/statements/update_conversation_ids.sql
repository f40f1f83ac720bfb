-- [{team_id, channel_id, thread_ts, conversation_id}] -> [whether the thread has a row]
WITH call AS MATERIALIZED (
    SELECT element.position, element.value->>'team_id' AS team_id, element.value->>'channel_id' AS channel_id,
           element.value->>'thread_ts' AS thread_ts, nullif(element.value->>'conversation_id', '') AS conversation_id
    FROM jsonb_array_elements($1) WITH ORDINALITY AS element (value, position)
), updated AS (
    UPDATE genie_app.conversation_tracker AS known
    SET conversation_id = call.conversation_id, updated_at = clock_timestamp() AT TIME ZONE 'UTC'
    FROM call
    WHERE known.thread_ts = call.thread_ts AND known.channel_id = call.channel_id AND known.team_id = call.team_id
    RETURNING call.position
)
SELECT jsonb_agg(updated.position IS NOT NULL ORDER BY call.position)
FROM call
LEFT JOIN updated USING (position)
