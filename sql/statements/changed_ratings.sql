-- [{}] -> [[{feedback_id, step_id, turn_id, value | null, comment}]]: ratings that were given, changed or taken back
-- (null) in Chainlit, at most 20, until note_told_ratings says that Genie knows. A thread that was deleted took its
-- ratings with it, which is no opinion.
WITH changed AS MATERIALIZED (
    -- Chainlit leaves the reason of a thumb down where it was when the thumb goes up.
    SELECT known."id" AS feedback_id, known."forId" AS step_id, known."value",
           CASE WHEN known."value" = 0 OR rating.feedback_id IS NULL THEN coalesce(known."comment", '') ELSE '' END
               AS comment
    FROM {chat}.feedbacks AS known
    LEFT JOIN genie_app.ratings AS rating ON rating.feedback_id = known."id"
    WHERE rating.feedback_id IS NULL OR rating.told <> known."value"
    UNION ALL
    SELECT rating.feedback_id, rating.step_id, NULL, ''
    FROM genie_app.ratings AS rating
    WHERE rating.told IS NOT NULL
      AND NOT EXISTS (SELECT FROM {chat}.feedbacks AS known WHERE known."id" = rating.feedback_id)
), found AS (
    SELECT changed.feedback_id, coalesce(rating.step_id, changed.step_id) AS step_id, changed."value", changed.comment,
           turn.id AS turn_id
    FROM changed
    LEFT JOIN genie_app.ratings AS rating ON rating.feedback_id = changed.feedback_id
    JOIN {chat}.steps AS step ON step."id" = coalesce(rating.step_id, changed.step_id)
    JOIN genie_app.turns AS turn
        ON turn.conversation_id = step."metadata" #>> '{genie,conversation_id}'
       AND turn.message_id = step."metadata" #>> '{genie,message_id}' AND turn.message_id <> ''
    ORDER BY changed.feedback_id
    LIMIT 20
)
SELECT jsonb_agg(
    (SELECT coalesce(jsonb_agg(jsonb_build_object('feedback_id', found.feedback_id, 'step_id', found.step_id,
                                                  'turn_id', found.turn_id, 'value', found."value",
                                                  'comment', found.comment) ORDER BY found.feedback_id), '[]')
     FROM found)
    ORDER BY call.position)
FROM jsonb_array_elements($1) WITH ORDINALITY AS call (value, position)
