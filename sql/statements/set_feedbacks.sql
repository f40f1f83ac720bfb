-- [{key, and feedbacks' columns}] -> [value that was set here before | null]: what Genie knows, whatever Chainlit changed
-- since. Chainlit shows a step once for each row of feedbacks that names it, so only the first rating names the answer's
-- run; further ones name themselves. No two calls of a batch are about the same feedback. A thread that was deleted in
-- Chainlit keeps no rating.
WITH call AS MATERIALIZED (
    SELECT element.position, element.value->>'key' AS key, new.*,
           coalesce(given.told, known."value") AS previous,
           row_number() OVER (PARTITION BY new."forId"
                              ORDER BY coalesce(known."forId" = new."forId", false) DESC, element.position) = 1
           AND NOT EXISTS (SELECT FROM {chat}.feedbacks AS other
                           WHERE other."forId" = new."forId" AND other."id" <> new."id") AS names_run,
           EXISTS (SELECT FROM {chat}.threads AS thread WHERE thread."id" = new."threadId") AS is_kept
    FROM jsonb_array_elements($1) WITH ORDINALITY AS element (value, position)
    CROSS JOIN LATERAL jsonb_populate_record(NULL::{chat}.feedbacks, element.value) AS new
    LEFT JOIN {chat}.feedbacks AS known ON known."id" = new."id"
    LEFT JOIN genie_app.ratings AS given ON given.feedback_id = new."id"
), rated AS (
    INSERT INTO genie_app.ratings AS rating (feedback_id, step_id, previous, told, write_key)
    SELECT call."id", call."forId", call.previous, call."value", call.key
    FROM call
    WHERE call.is_kept
    ORDER BY call.position
    ON CONFLICT (feedback_id) DO UPDATE
    SET step_id = EXCLUDED.step_id, told = EXCLUDED.told, write_key = EXCLUDED.write_key,
        previous = CASE WHEN rating.write_key = EXCLUDED.write_key THEN rating.previous ELSE EXCLUDED.previous END
    RETURNING rating.feedback_id, rating.previous
), written AS (
    INSERT INTO {chat}.feedbacks ("id", "forId", "threadId", "value", "comment")
    SELECT call."id", CASE WHEN call.names_run THEN call."forId" ELSE call."id" END, call."threadId", call."value",
           call."comment"
    FROM call
    WHERE call.is_kept
    ORDER BY call."id"
    ON CONFLICT ("id") DO UPDATE
    SET "forId" = EXCLUDED."forId", "threadId" = EXCLUDED."threadId", "value" = EXCLUDED."value",
        "comment" = EXCLUDED."comment"
)
SELECT jsonb_agg(rated.previous ORDER BY call.position)
FROM call
LEFT JOIN rated ON rated.feedback_id = call."id"
