-- [{key, event_id, turn}] -> [{id, first, turn}]. A repeated question (by event id, or by team, channel and ts)
-- writes nothing and gets the stored turn; null when that one was cleaned up already. So does a question that replaces
-- what another one replaces already, and gets that one; its event may come again. No two calls of a batch are about the
-- same event, question or turn, or replace the same.
WITH call AS MATERIALIZED (
    SELECT element.position, element.value->>'key' AS key, element.value->>'event_id' AS event_id,
           element.value->'turn' AS turn
    FROM jsonb_array_elements($1) WITH ORDINALITY AS element (value, position)
), known AS MATERIALIZED (
    SELECT call.position, coalesce(event.turn_id, asked.id, faster.id) AS turn_id,
           coalesce(event.turn_id, asked.id) IS NULL AND faster.id IS NOT NULL AS is_late
    FROM call
    LEFT JOIN genie_app.events AS event
        ON event.team_id = call.turn->>'team_id' AND event.event_id = call.event_id
    LEFT JOIN genie_app.turns AS asked
        ON asked.team_id = call.turn->>'team_id' AND asked.channel_id = call.turn->>'channel_id'
           AND asked.question_ts = call.turn->>'question_ts'
    LEFT JOIN LATERAL (
        SELECT turn.id
        FROM genie_app.turns AS turn
        WHERE turn.team_id = call.turn->>'team_id' AND turn.channel_id = call.turn->>'channel_id'
              AND turn.thread_ts = call.turn->>'thread_ts'
              AND turn.replaces <> '' AND turn.replaces = call.turn->>'replaces'
        ORDER BY turn.sequence
        LIMIT 1
    ) AS faster ON true
), accepted AS (
    INSERT INTO genie_app.turns ({accepted_columns}, chat_thread_id, accept_key)
    SELECT {accepted_values}, new.chat_thread_id, call.key
    FROM call
    JOIN known USING (position)
    CROSS JOIN LATERAL jsonb_populate_record(NULL::genie_app.turns, call.turn) AS new
    WHERE known.turn_id IS NULL
    ORDER BY call.position
    RETURNING *
), delivered AS (
    INSERT INTO genie_app.events (team_id, event_id, turn_id)
    SELECT call.turn->>'team_id', call.event_id, coalesce(known.turn_id, call.turn->>'id')
    FROM call
    JOIN known USING (position)
    WHERE call.event_id <> '' AND NOT known.is_late
    ORDER BY 1, 2
    ON CONFLICT DO NOTHING
)
SELECT jsonb_agg(
    jsonb_build_object(
        'id', coalesce(known.turn_id, call.turn->>'id'),
        'first', coalesce(coalesce(accepted.accept_key, stored.accept_key) = call.key, false),
        'turn', coalesce(to_jsonb(accepted), to_jsonb(stored)))
    ORDER BY call.position)
FROM call
JOIN known USING (position)
LEFT JOIN accepted ON known.turn_id IS NULL AND accepted.id = call.turn->>'id'
LEFT JOIN genie_app.turns AS stored ON stored.id = known.turn_id
