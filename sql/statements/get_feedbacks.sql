-- [{thread_id}] -> [[feedbacks' row, naming the rated step]]
SELECT jsonb_agg(
    (SELECT coalesce(jsonb_agg(to_jsonb(known) || jsonb_build_object('forId', coalesce(rating.step_id, known."forId"))
                               ORDER BY rating.created_at, known."id"), '[]')
     FROM {chat}.feedbacks AS known
     LEFT JOIN genie_app.ratings AS rating ON rating.feedback_id = known."id"
     WHERE known."threadId" = (call.value->>'thread_id')::uuid)
    ORDER BY call.position)
FROM jsonb_array_elements($1) WITH ORDINALITY AS call (value, position)
