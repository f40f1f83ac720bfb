-- Is what is stored right? Every query runs as it stands with search_path set to the schema of the chat tables.

-- Twelve checks: PASS without a finding, WARNING up to ten, FAIL beyond.
SELECT table_name, check_name, issues,
       CASE WHEN issues = 0 THEN 'PASS' WHEN issues <= 10 THEN 'WARNING' ELSE 'FAIL' END AS status
FROM (
    SELECT 1 AS position, 'users' AS table_name, 'missing_identifiers' AS check_name,
           (SELECT count(*) FROM users WHERE coalesce("identifier", '') = '') AS issues
    UNION ALL
    SELECT 2, 'users', 'invalid_metadata',
           (SELECT count(*) FROM users WHERE coalesce(jsonb_typeof("metadata"), '') <> 'object')
    UNION ALL
    SELECT 3, 'users', 'duplicate_identifiers',
           (SELECT count(*) FROM (SELECT FROM users GROUP BY lower("identifier") HAVING count(*) > 1) doubled)
    UNION ALL
    -- A thread needs no user; but one that names a user needs that user.
    SELECT 4, 'threads', 'orphaned_threads',
           (SELECT count(*) FROM threads t WHERE t."userId" IS NOT NULL
                AND NOT EXISTS (SELECT FROM users u WHERE u."id" = t."userId"))
    UNION ALL
    SELECT 5, 'threads', 'missing_timestamps', (SELECT count(*) FROM threads WHERE iso_timestamp("createdAt") IS NULL)
    UNION ALL
    SELECT 6, 'steps', 'orphaned_steps',
           (SELECT count(*) FROM steps s WHERE NOT EXISTS (SELECT FROM threads t WHERE t."id" = s."threadId"))
    UNION ALL
    -- Chainlit's own types.
    SELECT 7, 'steps', 'invalid_step_types',
           (SELECT count(*) FROM steps WHERE "type" NOT IN (
                'user_message', 'assistant_message', 'system_message', 'run', 'tool', 'llm', 'embedding', 'retrieval',
                'rerank', 'undefined'))
    UNION ALL
    -- What people and the bot say stands in "output"; "input" is for runs and tools.
    SELECT 8, 'steps', 'missing_content',
           (SELECT count(*) FROM steps WHERE "type" IN ('user_message', 'assistant_message', 'system_message')
                AND coalesce("output", '') = '' AND coalesce("input", '') = '')
    UNION ALL
    SELECT 9, 'steps', 'timing_inconsistencies',
           (SELECT count(*) FROM steps WHERE iso_timestamp("end") < iso_timestamp("start"))
    UNION ALL
    -- 0 and 1 are Chainlit's thumbs.
    SELECT 10, 'feedbacks', 'invalid_feedback_values',
           (SELECT count(*) FROM feedbacks WHERE "value" NOT BETWEEN 0 AND 5)
    UNION ALL
    SELECT 11, 'feedbacks', 'orphaned_feedbacks',
           (SELECT count(*) FROM feedbacks f WHERE NOT EXISTS (SELECT FROM threads t WHERE t."id" = f."threadId"))
    UNION ALL
    SELECT 12, 'elements', 'orphaned_elements',
           (SELECT count(*) FROM elements e WHERE e."threadId" IS NOT NULL
                AND NOT EXISTS (SELECT FROM threads t WHERE t."id" = e."threadId"))
) checks
ORDER BY position;

-- Freshness of each table, by the last hundred texts between the years 1000 and 2999; NO DATA when none is a time.
SELECT table_name, newest AS newest_record,
       CASE WHEN newest IS NULL THEN 'NO DATA'
            WHEN newest >= now() - interval '1 day' THEN 'FRESH'
            WHEN newest >= now() - interval '7 days' THEN 'RECENT'
            WHEN newest >= now() - interval '30 days' THEN 'STALE'
            ELSE 'VERY_STALE' END AS freshness
FROM (
    SELECT 1 AS position, 'users' AS table_name, max(iso_timestamp("createdAt")) AS newest FROM users
    UNION ALL
    SELECT 2, 'threads', max(iso_timestamp("createdAt"))
    FROM (SELECT "createdAt" FROM threads WHERE "createdAt" >= '1' AND "createdAt" < '3'
          ORDER BY "createdAt" DESC LIMIT 100) latest
    UNION ALL
    SELECT 3, 'steps', max(iso_timestamp("createdAt"))
    FROM (SELECT "createdAt" FROM steps WHERE "createdAt" >= '1' AND "createdAt" < '3'
          ORDER BY "createdAt" DESC LIMIT 100) latest
) newest_of
ORDER BY position;

-- Conversations of the last 30 days that are more than three standard deviations from the others.
WITH conversation AS (
    SELECT thread_id, conversation_start_time, total_steps, conversation_duration_minutes, avg_input_length,
           avg_output_length
    FROM chat_summary_view
    WHERE conversation_start_time >= now() - interval '30 days'
), usual AS (
    SELECT avg(total_steps) AS steps, stddev(total_steps) AS steps_sd,
           avg(conversation_duration_minutes) AS minutes, stddev(conversation_duration_minutes) AS minutes_sd,
           avg(avg_input_length) AS input, stddev(avg_input_length) AS input_sd,
           avg(avg_output_length) AS output, stddev(avg_output_length) AS output_sd
    FROM conversation
)
SELECT c.thread_id, c.conversation_start_time, o.outlier, o.value, round(o.mean, 2) AS mean
FROM conversation c
CROSS JOIN usual u
CROSS JOIN LATERAL (VALUES
    ('OUTLIER_STEPS', c.total_steps::numeric, u.steps, u.steps_sd),
    ('OUTLIER_DURATION', c.conversation_duration_minutes, u.minutes, u.minutes_sd),
    ('OUTLIER_INPUT_LENGTH', c.avg_input_length, u.input, u.input_sd),
    ('OUTLIER_OUTPUT_LENGTH', c.avg_output_length, u.output, u.output_sd)
) o (outlier, value, mean, deviation)
WHERE o.deviation > 0 AND abs(o.value - o.mean) > 3 * o.deviation
ORDER BY abs(o.value - o.mean) / o.deviation DESC;

-- Scores from 0 to 100; NULL and NO DATA when there is nothing to judge.
WITH measured AS (
    SELECT 1 AS position, 'Data Completeness' AS metric,
           round(100.0 * count(*) FILTER (WHERE "createdAt" <> '' AND "output" IS NOT NULL)
                 / nullif(count(*), 0), 2) AS score
    FROM steps
    UNION ALL
    SELECT 2, 'Data Consistency',
           round(100.0 * count(*) FILTER (WHERE t."id" IS NOT NULL
                                            AND (iso_timestamp(s."end") < iso_timestamp(s."start")) IS NOT TRUE)
                 / nullif(count(*), 0), 2)
    FROM steps s LEFT JOIN threads t ON t."id" = s."threadId"
    UNION ALL
    SELECT 3, 'Data Validity', round(100.0 * sum(valid) / nullif(sum(total), 0), 2)
    FROM (SELECT count(*) AS total, count(*) FILTER (WHERE iso_timestamp("createdAt") IS NOT NULL) AS valid FROM steps
          UNION ALL
          SELECT count(*), count(*) FILTER (WHERE "value" BETWEEN 0 AND 5) FROM feedbacks) parts
), scored AS (
    SELECT position, metric, score FROM measured
    UNION ALL
    SELECT 4, 'Overall Quality Score', round(avg(score), 2) FROM measured
)
SELECT metric, score,
       CASE WHEN score IS NULL THEN 'NO DATA' WHEN score >= 95 THEN 'EXCELLENT' WHEN score >= 90 THEN 'GOOD'
            WHEN score >= 80 THEN 'FAIR' ELSE 'POOR' END AS rating
FROM scored
ORDER BY position;

-- What the maintenance functions would do, without doing it. For the role that may call them, which readers may not.
SELECT * FROM cleanup_orphaned_records(true);

-- The same for missing times and impossible ratings.
SELECT * FROM validate_and_fix_data(true);
