-- [{id}] -> [whether there was one]. Another person's rating of the same answer takes its place at the run.
WITH call AS MATERIALIZED (
    SELECT element.position, (element.value->>'id')::uuid AS id
    FROM jsonb_array_elements($1) WITH ORDINALITY AS element (value, position)
), forgotten AS (
    DELETE FROM genie_app.ratings AS rating
    USING call
    WHERE rating.feedback_id = call.id
    RETURNING rating.step_id
), deleted AS (
    DELETE FROM {chat}.feedbacks AS known
    USING call
    WHERE known."id" = call.id
    RETURNING call.position
), next AS (
    SELECT DISTINCT ON (rating.step_id) rating.step_id, rating.feedback_id
    FROM genie_app.ratings AS rating
    JOIN {chat}.feedbacks AS known ON known."id" = rating.feedback_id
    WHERE rating.step_id IN (SELECT forgotten.step_id FROM forgotten)
      AND rating.feedback_id NOT IN (SELECT call.id FROM call)
    ORDER BY rating.step_id, rating.created_at
), promoted AS (
    UPDATE {chat}.feedbacks AS known
    SET "forId" = next.step_id
    FROM next
    WHERE known."id" = next.feedback_id
      AND NOT EXISTS (SELECT FROM {chat}.feedbacks AS holder
                      WHERE holder."forId" = next.step_id AND holder."id" NOT IN (SELECT call.id FROM call))
)
SELECT jsonb_agg(deleted.position IS NOT NULL ORDER BY call.position)
FROM call
LEFT JOIN deleted USING (position)
