-- What conversations look like, how fast answers come, what goes wrong, how people rate it. Every query runs as it
-- stands with search_path set to the schema of the chat tables.

-- Lengths of the conversations of the last 30 days, in steps.
WITH conversation AS (
    SELECT (SELECT count(*) FROM steps s WHERE s."threadId" = t."id") AS steps
    FROM threads t
    WHERE t."createdAt" >= to_char((now() AT TIME ZONE 'UTC')::date - 31, 'YYYY-MM-DD')
      AND iso_timestamp(t."createdAt") >= now() - interval '30 days'
), bucketed AS (
    SELECT CASE WHEN steps = 0 THEN 0 WHEN steps = 1 THEN 1 WHEN steps <= 5 THEN 2 WHEN steps <= 10 THEN 3
                WHEN steps <= 20 THEN 4 ELSE 5 END AS bucket
    FROM conversation
)
SELECT label AS conversation_length,
       count(b.bucket) AS conversations,
       round(100.0 * count(b.bucket) / nullif(sum(count(b.bucket)) OVER (), 0), 2) AS percentage
FROM (VALUES (0, '0'), (1, '1'), (2, '2-5'), (3, '6-10'), (4, '11-20'), (5, '20+')) l (bucket, label)
LEFT JOIN bucketed b USING (bucket)
GROUP BY bucket, label
ORDER BY bucket;

-- Response times of each of the last 7 days, in seconds, of answers alone: what failed or was stopped is none. NULL on
-- days on which nothing was answered.
WITH calendar AS (
    SELECT (now() AT TIME ZONE 'UTC')::date - back AS day FROM generate_series(0, 6) AS back
), answer AS (
    SELECT (iso_timestamp(s."createdAt") AT TIME ZONE 'UTC')::date AS day,
           answer_seconds(s."start", s."end", s."metadata", run."start", run."end") AS seconds
    FROM steps s
    LEFT JOIN steps run ON run."id" = s."parentId" AND run."type" = 'run'
    WHERE s."type" = 'assistant_message'
      AND s."isError" IS NOT TRUE AND coalesce(run."metadata" ->> 'error', '') NOT IN ('stopped', 'edited', 'deleted')
      AND s."createdAt" >= to_char((now() AT TIME ZONE 'UTC')::date - 8, 'YYYY-MM-DD')
)
SELECT c.day,
       count(a.seconds) AS measured_answers,
       round(avg(a.seconds), 2) AS avg_response_seconds,
       round((percentile_cont(0.5) WITHIN GROUP (ORDER BY a.seconds::double precision))::numeric, 2)
           AS median_response_seconds,
       round((percentile_cont(0.95) WITHIN GROUP (ORDER BY a.seconds::double precision))::numeric, 2)
           AS p95_response_seconds
FROM calendar c
LEFT JOIN answer a ON a.day = c.day
GROUP BY c.day
ORDER BY c.day DESC;

-- How long questions are, in characters, over the last 30 days. Chainlit keeps what people wrote in "output".
WITH question AS (
    SELECT length(coalesce(nullif(s."input", ''), s."output")) AS characters
    FROM steps s
    WHERE s."type" = 'user_message' AND s."createdAt" >= to_char((now() AT TIME ZONE 'UTC')::date - 31, 'YYYY-MM-DD')
      AND iso_timestamp(s."createdAt") >= now() - interval '30 days'
)
SELECT label AS query_length,
       count(q.characters) AS questions,
       round(avg(q.characters), 1) AS avg_characters
FROM (VALUES (1, 'Short (up to 50)', 0, 50), (2, 'Medium (51-100)', 51, 100), (3, 'Long (101-200)', 101, 200),
             (4, 'Very long (over 200)', 201, 2147483647)) l (position, label, shortest, longest)
LEFT JOIN question q ON q.characters BETWEEN l.shortest AND l.longest
GROUP BY position, label
ORDER BY position;

-- Errors of each of the last 30 days. The rate is NULL on days without a step: nothing went right either.
WITH calendar AS (
    SELECT (now() AT TIME ZONE 'UTC')::date - back AS day FROM generate_series(0, 29) AS back
), step AS (
    SELECT (iso_timestamp(s."createdAt") AT TIME ZONE 'UTC')::date AS day, count(*) AS steps
    FROM steps s
    WHERE s."createdAt" >= to_char((now() AT TIME ZONE 'UTC')::date - 31, 'YYYY-MM-DD')
    GROUP BY 1
), error AS (
    SELECT (iso_timestamp(s."createdAt") AT TIME ZONE 'UTC')::date AS day, count(*) AS errors
    FROM steps s
    LEFT JOIN steps run ON run."id" = s."parentId" AND run."type" = 'run' AND s."type" = 'assistant_message'
    -- A run that failed and its answer are one error.
    WHERE s."isError" AND run."isError" IS NOT TRUE
      AND s."createdAt" >= to_char((now() AT TIME ZONE 'UTC')::date - 31, 'YYYY-MM-DD')
    GROUP BY 1
)
SELECT c.day,
       coalesce(s.steps, 0) AS steps,
       coalesce(e.errors, 0) AS errors,
       round(100.0 * coalesce(e.errors, 0) / s.steps, 2) AS error_rate_percent
FROM calendar c
LEFT JOIN step s ON s.day = c.day
LEFT JOIN error e ON e.day = c.day
ORDER BY c.day DESC;

-- What kinds of errors there were in the last 30 days, as far as the answer's run recorded one.
SELECT coalesce(s."metadata" ->> 'error', 'not recorded') AS error,
       count(*) AS runs,
       max(iso_timestamp(s."createdAt")) AS last_seen
FROM steps s
WHERE s."isError" AND s."type" = 'run' AND s."createdAt" >= to_char((now() AT TIME ZONE 'UTC')::date - 31, 'YYYY-MM-DD')
  AND iso_timestamp(s."createdAt") >= now() - interval '30 days'
GROUP BY 1
ORDER BY runs DESC, error;

-- Ratings: how many of each score (1 = thumbs down, 5 = thumbs up), their share, and how many came with a comment.
SELECT score,
       count(*) AS feedbacks,
       round(100.0 * count(*) / sum(count(*)) OVER (), 2) AS percentage,
       count(*) FILTER (WHERE has_comment) AS with_comment
FROM (SELECT feedback_score(f."value") AS score, coalesce(f."comment", '') <> '' AS has_comment FROM feedbacks f) rated
GROUP BY score
ORDER BY score DESC NULLS LAST;

-- Ratings of the last 30 days by the day of the conversation's step that they rate; NULL on days without.
WITH calendar AS (
    SELECT (now() AT TIME ZONE 'UTC')::date - back AS day FROM generate_series(0, 29) AS back
), rated AS (
    SELECT (coalesce(iso_timestamp(s."createdAt"), iso_timestamp(t."createdAt")) AT TIME ZONE 'UTC')::date AS day,
           feedback_score(f."value") AS score
    FROM feedbacks f
    JOIN threads t ON t."id" = f."threadId"
    LEFT JOIN steps s ON s."id" = f."forId"
)
SELECT c.day,
       count(r.day) AS feedbacks,
       round(avg(r.score), 2) AS avg_score,
       count(*) FILTER (WHERE r.score >= 4) AS positive,
       count(*) FILTER (WHERE r.score <= 2) AS negative
FROM calendar c
LEFT JOIN rated r ON r.day = c.day
GROUP BY c.day
ORDER BY c.day DESC;

-- Which Genie spaces answer, how fast and how well, over the last 30 days. An error is no answer, and neither is what was
-- stopped.
SELECT coalesce(s."metadata" -> 'genie' ->> 'space_id', 'unknown') AS space_id,
       count(*) FILTER (WHERE s."isError" IS NOT TRUE) AS answers,
       count(*) FILTER (WHERE s."isError") AS errors,
       round(avg(answer_seconds(s."start", s."end", s."metadata", run."start", run."end"))
                 FILTER (WHERE s."isError" IS NOT TRUE), 2) AS avg_response_seconds
FROM steps s
LEFT JOIN steps run ON run."id" = s."parentId" AND run."type" = 'run'
WHERE s."type" = 'assistant_message' AND s."createdAt" >= to_char((now() AT TIME ZONE 'UTC')::date - 31, 'YYYY-MM-DD')
  AND iso_timestamp(s."createdAt") >= now() - interval '30 days'
  AND coalesce(run."metadata" ->> 'error', '') NOT IN ('stopped', 'edited', 'deleted')
GROUP BY 1
ORDER BY answers DESC, space_id;

-- The summary of the newest conversations.
SELECT * FROM chat_summary_view ORDER BY conversation_start_time DESC NULLS LAST LIMIT 100;

-- The dashboard: one row per day.
SELECT * FROM performance_dashboard_view;
