-- Before claim_turns: as lock_question_threads, for turns that are stored already.
SELECT pg_advisory_xact_lock(thread.key)
FROM (
    SELECT DISTINCT hashtextextended(concat_ws('/', turn.team_id, turn.channel_id, turn.thread_ts),
                                     {thread_lock}) AS key
    FROM jsonb_array_elements($1) AS call
    JOIN genie_app.turns AS turn ON turn.id = call->>'turn_id'
    ORDER BY key
) AS thread
