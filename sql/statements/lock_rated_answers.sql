-- Before set_feedbacks: which rating stands at an answer's run is decided by one transaction at a time.
SELECT pg_advisory_xact_lock(answer.key)
FROM (
    SELECT DISTINCT hashtextextended(call->>'forId', {rating_lock}) AS key
    FROM jsonb_array_elements($1) AS call
    ORDER BY key
) AS answer
