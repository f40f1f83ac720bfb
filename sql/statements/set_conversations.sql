-- [{team_id, channel_id, thread_ts, genie_room_id, genie_room_name}] -> [true]. A conversation belongs to its room. No
-- two calls of a batch are about the same thread.
WITH written AS (
    INSERT INTO genie_app.conversation_tracker AS known
        (thread_ts, channel_id, team_id, genie_room_id, genie_room_name, created_at, updated_at)
    SELECT call->>'thread_ts', call->>'channel_id', call->>'team_id', call->>'genie_room_id',
           call->>'genie_room_name', clock_timestamp() AT TIME ZONE 'UTC', clock_timestamp() AT TIME ZONE 'UTC'
    FROM jsonb_array_elements($1) AS call
    ORDER BY 1, 2, 3
    ON CONFLICT (thread_ts, channel_id, team_id) DO UPDATE
    SET conversation_id = CASE WHEN known.genie_room_id = EXCLUDED.genie_room_id THEN known.conversation_id END,
        genie_room_id = EXCLUDED.genie_room_id,
        genie_room_name = EXCLUDED.genie_room_name,
        updated_at = EXCLUDED.updated_at
)
SELECT jsonb_agg(true) FROM jsonb_array_elements($1)
