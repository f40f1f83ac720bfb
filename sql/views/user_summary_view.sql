-- One of the three analytics views of BI Hub: same names, columns, order and labels, so that dashboards made for them
-- keep working. Every count is aggregated before anything is joined, every time is a real timestamptz, days are
-- calendar days in UTC, and what was never measured says 'No Data' or NULL, never Poor or Excellent.

-- One row per user. The laterals go through the indexes on "userId" and "threadId": one user costs milliseconds.
CREATE OR REPLACE VIEW user_summary_view AS
SELECT
    u."identifier" AS user_id,
    coalesce(u."metadata" ->> 'email', substring(u."identifier", '^.+@.+$')) AS user_email,
    u."metadata" ->> 'name' AS user_name,
    u."metadata" ->> 'department' AS user_department,
    iso_timestamp(u."createdAt") AS user_created_at,
    c.conversations AS total_conversations,
    c.active_days,
    c.first_at AS first_conversation_date,
    c.last_at AS last_conversation_date,
    s.interactions AS total_interactions,
    s.user_messages,
    s.assistant_responses,
    s.errors AS error_count,
    coalesce(round(s.interactions::numeric / nullif(c.conversations, 0), 2), 0) AS avg_interactions_per_conversation,
    CASE
        WHEN c.conversations = 0 THEN 'Inactive'
        WHEN c.conversations <= 2 THEN 'Low'
        WHEN c.conversations <= 10 THEN 'Medium'
        WHEN c.conversations <= 25 THEN 'High'
        ELSE 'Very High'
    END AS engagement_level,
    CASE
        WHEN c.last_at >= now() - interval '1 day' THEN 'Very Recent'
        WHEN c.last_at >= now() - interval '7 days' THEN 'Recent'
        WHEN c.last_at >= now() - interval '30 days' THEN 'Moderate'
        WHEN c.last_at >= now() - interval '90 days' THEN 'Old'
        ELSE 'Very Old'
    END AS recency_level,
    f.ratings AS total_feedback_given,
    f.score AS avg_feedback_score,
    f.positive AS positive_feedback_count,
    f.negative AS negative_feedback_count,
    CURRENT_TIMESTAMP AS view_last_updated
FROM users u
CROSS JOIN LATERAL (
    SELECT count(*) AS conversations,
           count(DISTINCT (x.started_at AT TIME ZONE 'UTC')::date) AS active_days,
           min(x.started_at) AS first_at,
           max(x.started_at) AS last_at
    FROM (SELECT iso_timestamp(t."createdAt") AS started_at FROM threads t WHERE t."userId" = u."id" OFFSET 0) x
) c
CROSS JOIN LATERAL (
    SELECT count(*) AS interactions,
           count(*) FILTER (WHERE st."type" = 'user_message') AS user_messages,
           count(*) FILTER (WHERE st."type" = 'assistant_message') AS assistant_responses,
           -- A run that failed and its answer are one error.
           count(*) FILTER (WHERE st."isError" AND run."isError" IS NOT TRUE) AS errors
    FROM threads t JOIN steps st ON st."threadId" = t."id"
    LEFT JOIN steps run ON run."id" = st."parentId" AND run."type" = 'run' AND st."type" = 'assistant_message'
    WHERE t."userId" = u."id"
) s
CROSS JOIN LATERAL (
    SELECT count(*) AS ratings,
           round(avg(feedback_score(fb."value")), 2) AS score,
           count(*) FILTER (WHERE feedback_score(fb."value") >= 4) AS positive,
           count(*) FILTER (WHERE feedback_score(fb."value") <= 2) AS negative
    FROM threads t JOIN feedbacks fb ON fb."threadId" = t."id"
    WHERE t."userId" = u."id"
) f;

-- An installation of BI Hub may have left its own version, readable by everybody.
REVOKE ALL ON user_summary_view FROM PUBLIC;
