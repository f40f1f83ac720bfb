-- [{}] -> [how many rows there were]. One call is a batch.
WITH deleted AS (
    DELETE FROM genie_app.conversation_tracker RETURNING 1
), counted AS (
    SELECT count(*) AS number FROM deleted
)
SELECT jsonb_agg(counted.number) FROM jsonb_array_elements($1), counted
