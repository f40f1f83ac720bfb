-- [{thread_id}] -> [[steps' row]], in the order in which Chainlit shows them.
SELECT jsonb_agg(
    (SELECT coalesce(jsonb_agg(to_jsonb(step) ORDER BY step."createdAt" COLLATE "C", step."id"), '[]')
     FROM {chat}.steps AS step
     WHERE step."threadId" = (call.value->>'thread_id')::uuid)
    ORDER BY call.position)
FROM jsonb_array_elements($1) WITH ORDINALITY AS call (value, position)
