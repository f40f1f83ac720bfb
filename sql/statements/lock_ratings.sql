-- Before delete_feedbacks: as lock_rated_answers, for ratings that are stored already.
SELECT pg_advisory_xact_lock(answer.key)
FROM (
    SELECT DISTINCT hashtextextended(rating.step_id::text, {rating_lock}) AS key
    FROM jsonb_array_elements($1) AS call
    JOIN genie_app.ratings AS rating ON rating.feedback_id = (call->>'id')::uuid
    ORDER BY key
) AS answer
