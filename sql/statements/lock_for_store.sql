-- Before store_turns. Whoever records a message of Genie's that its turn does not have yet does so alone. And a
-- conversation that was deleted at Chainlit stays deleted, and must not keep its question from being finished: one that
-- is still there stays until the rows of this batch are written.
WITH message AS MATERIALIZED (
    SELECT DISTINCT hashtextextended(
        concat_ws('/', call->'turn'->>'conversation_id', call->'turn'->>'message_id'), {message_lock}) AS key
    FROM jsonb_array_elements($1) AS call
    JOIN genie_app.turns AS turn ON turn.id = call->'turn'->>'id'
    WHERE call->'turn'->>'message_id' <> ''
      AND (turn.conversation_id <> call->'turn'->>'conversation_id'
           OR turn.message_id <> call->'turn'->>'message_id')
    ORDER BY key
), locked AS MATERIALIZED (
    SELECT pg_advisory_xact_lock(message.key) FROM message
), chat AS MATERIALIZED (
    SELECT thread."id"
    FROM {chat}.threads AS thread
    WHERE thread."id" IN (
        SELECT (call->'turn'->>'chat_thread_id')::uuid
        FROM jsonb_array_elements($1) AS call
        WHERE (call->>'has_rows')::boolean)
    ORDER BY thread."id"
    FOR KEY SHARE
)
SELECT (SELECT count(*) FROM locked), (SELECT count(*) FROM chat)
