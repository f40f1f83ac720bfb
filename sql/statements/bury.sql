-- [{kind, turn_id, sqlstate, detail}] -> [true]. A turn is buried once for each reason.
WITH buried AS (
    INSERT INTO genie_app.dead_letters (kind, turn_id, sqlstate, detail)
    SELECT call->>'kind', call->>'turn_id', call->>'sqlstate', call->>'detail'
    FROM jsonb_array_elements($1) AS call
    ON CONFLICT DO NOTHING
)
SELECT jsonb_agg(true) FROM jsonb_array_elements($1)
