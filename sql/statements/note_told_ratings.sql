-- [{feedback_id, step_id, value | null}] -> [true]: Genie knows these ratings, or that one was taken back (null).
WITH call AS MATERIALIZED (
    SELECT element.position, (element.value->>'feedback_id')::uuid AS feedback_id,
           (element.value->>'step_id')::uuid AS step_id, (element.value->>'value')::integer AS told
    FROM jsonb_array_elements($1) WITH ORDINALITY AS element (value, position)
), noted AS (
    INSERT INTO genie_app.ratings AS rating (feedback_id, step_id, told, write_key)
    SELECT DISTINCT ON (call.feedback_id) call.feedback_id, call.step_id, call.told, ''
    FROM call
    WHERE call.told IS NOT NULL
    ORDER BY call.feedback_id, call.position DESC
    ON CONFLICT (feedback_id) DO UPDATE SET told = EXCLUDED.told
), forgotten AS (
    DELETE FROM genie_app.ratings AS rating
    USING call
    WHERE rating.feedback_id = call.feedback_id AND call.told IS NULL
      AND NOT EXISTS (SELECT FROM {chat}.feedbacks AS known WHERE known."id" = rating.feedback_id)
)
SELECT jsonb_agg(true ORDER BY call.position) FROM call
