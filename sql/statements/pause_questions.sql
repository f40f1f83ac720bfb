-- [{pause_us}] -> [true]
WITH written AS (
    INSERT INTO genie_app.question_pauses AS known (paused_until)
    SELECT clock_timestamp() + max((call->>'pause_us')::bigint) * interval '1 microsecond'
    FROM jsonb_array_elements($1) AS call
    ON CONFLICT (is_only) DO UPDATE SET paused_until = greatest(known.paused_until, EXCLUDED.paused_until)
)
SELECT jsonb_agg(true) FROM jsonb_array_elements($1)
