-- One of the three analytics views of BI Hub: same names, columns, order and labels, so that dashboards made for them
-- keep working. Every count is aggregated before anything is joined, every time is a real timestamptz, days are
-- calendar days in UTC, and what was never measured says 'No Data' or NULL, never Poor or Excellent.

-- One row per user. What somebody did is theirs, also in a Slack thread that somebody else began: a conversation is of who
-- began it and of everybody who asked in it, the dates and days are those on which one began or asked, and messages, answers
-- and errors are of one's own questions (what belongs to no question is of who began the conversation). Ratings alone
-- are counted by the conversations that one began, whoever gave them: nothing tells who rated.
-- The laterals go through indexes: one user costs milliseconds. Whose a step is is looked up only in conversations in
-- which somebody else asked.
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
    SELECT count(DISTINCT x.thread_id) AS conversations,
           count(DISTINCT (x.active_at AT TIME ZONE 'UTC')::date) AS active_days,
           min(x.active_at) AS first_at,
           max(x.active_at) AS last_at
    FROM (SELECT t."id" AS thread_id, iso_timestamp(t."createdAt") AS active_at FROM threads t WHERE t."userId" = u."id"
          UNION ALL
          SELECT t."id", q.received_at
          FROM genie_app.people asker
          JOIN genie_app.turns q ON q.team_id = asker.team_id AND q.user_id = asker.slack_user
          JOIN threads t ON t."id" = q.chat_thread_id
          WHERE asker.user_id = u."id"
          OFFSET 0) x
) c
CROSS JOIN LATERAL (
    SELECT count(*) AS interactions,
           count(*) FILTER (WHERE st."type" = 'user_message') AS user_messages,
           count(*) FILTER (WHERE st."type" = 'assistant_message') AS assistant_responses,
           -- A run that failed and its answer are one error.
           count(*) FILTER (WHERE st."isError" AND (st."type" = 'assistant_message' AND parent."type" = 'run'
                                                    AND parent."isError") IS NOT TRUE) AS errors
    FROM (
        SELECT t."id" AS thread_id, true AS is_own,
               -- LIMIT 1 and not EXISTS: a look into the index for each conversation.
               (SELECT true
                FROM genie_app.turns q
                LEFT JOIN genie_app.people asker ON asker.team_id = q.team_id AND asker.slack_user = q.user_id
                WHERE q.chat_thread_id = t."id" AND asker.user_id IS DISTINCT FROM u."id"
                LIMIT 1) IS NOT NULL AS is_shared
        FROM threads t
        WHERE t."userId" = u."id"
        UNION ALL
        SELECT DISTINCT t."id", false, true
        FROM genie_app.people asker
        JOIN genie_app.turns q ON q.team_id = asker.team_id AND q.user_id = asker.slack_user
        JOIN threads t ON t."id" = q.chat_thread_id
        WHERE asker.user_id = u."id" AND t."userId" IS DISTINCT FROM u."id"
    ) part
    JOIN steps st ON st."threadId" = part.thread_id
    LEFT JOIN steps parent
        ON parent."id" = CASE WHEN part.is_shared OR st."type" = 'assistant_message' THEN st."parentId" END
    LEFT JOIN steps top ON top."id" = CASE WHEN part.is_shared THEN parent."parentId" END
    CROSS JOIN LATERAL (
        SELECT CASE WHEN NOT part.is_shared THEN NULL
                    WHEN st."type" = 'user_message' THEN st."metadata"
                    WHEN parent."type" = 'user_message' THEN parent."metadata"
                    WHEN top."type" = 'user_message' THEN top."metadata" END AS of_question
        OFFSET 0
    ) chain
    LEFT JOIN genie_app.people asker ON asker.team_id = chain.of_question #>> '{slack,team}'
                                    AND asker.slack_user = chain.of_question #>> '{slack,user}'
    WHERE NOT part.is_shared OR CASE WHEN asker.user_id IS NULL THEN part.is_own ELSE asker.user_id = u."id" END
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
