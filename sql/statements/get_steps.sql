-- [{thread_id, most}] -> [[steps' row]]: the newest ones, in the order in which Chainlit shows them.
SELECT jsonb_agg(
    (SELECT coalesce(jsonb_agg(to_jsonb(step) ORDER BY step."createdAt" COLLATE "C", step."id"), '[]')
     FROM (SELECT *
           FROM {chat}.steps AS found
           WHERE found."threadId" = (call.value->>'thread_id')::uuid
           ORDER BY found."createdAt" DESC
           LIMIT (call.value->>'most')::integer) AS step)
    ORDER BY call.position)
FROM jsonb_array_elements($1) WITH ORDINALITY AS call (value, position)
