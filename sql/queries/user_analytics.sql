-- Who uses it, how often, and who comes back. Days and months are calendar days and months in UTC. Every query runs as
-- it stands with search_path set to the schema of the chat tables.
-- A conversation is of who began it and of everybody who asked in it, which in a Slack thread are several; one is active
-- when one begins a conversation or asks.

-- Daily active users of the last 30 days: who started or continued a conversation. Days without anybody are rows with
-- 0.
WITH calendar AS (
    SELECT (now() AT TIME ZONE 'UTC')::date - back AS day FROM generate_series(0, 29) AS back
), active AS (
    SELECT (iso_timestamp(t."createdAt") AT TIME ZONE 'UTC')::date AS day,
           coalesce(t."userId"::text, t."userIdentifier") AS person
    FROM threads t
    WHERE t."createdAt" >= to_char((now() AT TIME ZONE 'UTC')::date - 31, 'YYYY-MM-DD')
    UNION
    SELECT (iso_timestamp(s."createdAt") AT TIME ZONE 'UTC')::date,
           coalesce(asker.user_id::text, t."userId"::text, t."userIdentifier")
    FROM steps s
    JOIN threads t ON t."id" = s."threadId"
    LEFT JOIN thread_askers_view asker
        ON asker.thread_id = s."threadId" AND asker.slack_user = s."metadata" #>> '{slack,user}'
    WHERE s."type" = 'user_message'
      AND s."createdAt" >= to_char((now() AT TIME ZONE 'UTC')::date - 31, 'YYYY-MM-DD')
)
SELECT c.day, count(a.person) AS daily_active_users
FROM calendar c
LEFT JOIN active a ON a.day = c.day
GROUP BY c.day
ORDER BY c.day DESC;

-- Conversations of each user, of those that began in the last 90 days.
WITH conversation AS (
    SELECT part.user_id,
           t."id",
           iso_timestamp(t."createdAt") AS started_at,
           s.interactions,
           s.minutes
    FROM threads t
    CROSS JOIN LATERAL (
        SELECT coalesce((SELECT u."identifier" FROM users u WHERE u."id" = t."userId"), t."userIdentifier") AS user_id
        UNION
        SELECT a.user_identifier FROM thread_askers_view a WHERE a.thread_id = t."id"
    ) part
    CROSS JOIN LATERAL (
        SELECT count(*) AS interactions,
               extract(epoch FROM max(iso_timestamp(st."createdAt")) - min(iso_timestamp(st."createdAt"))) / 60
                   AS minutes
        FROM steps st WHERE st."threadId" = t."id"
    ) s
    WHERE t."createdAt" >= to_char((now() AT TIME ZONE 'UTC')::date - 91, 'YYYY-MM-DD')
      AND iso_timestamp(t."createdAt") >= now() - interval '90 days'
)
SELECT user_id,
       count(*) AS conversations,
       sum(interactions) AS interactions,
       round(avg(interactions), 2) AS avg_interactions_per_conversation,
       round(avg(minutes), 2) AS avg_conversation_minutes,
       min(started_at) AS first_conversation,
       max(started_at) AS last_conversation
FROM conversation
GROUP BY user_id
ORDER BY conversations DESC, user_id;

-- The 20 most active users, by the conversations that began in the last 30 days, of those with at least 5.
SELECT part.user_id,
       max(u."metadata" ->> 'name') AS user_name,
       count(*) AS conversations,
       sum(s.interactions) AS interactions
FROM threads t
CROSS JOIN LATERAL (
    SELECT coalesce((SELECT u."identifier" FROM users u WHERE u."id" = t."userId"), t."userIdentifier") AS user_id
    UNION
    SELECT a.user_identifier FROM thread_askers_view a WHERE a.thread_id = t."id"
) part
LEFT JOIN users u ON u."identifier" = part.user_id
CROSS JOIN LATERAL (SELECT count(*) AS interactions FROM steps st WHERE st."threadId" = t."id") s
WHERE t."createdAt" >= to_char((now() AT TIME ZONE 'UTC')::date - 31, 'YYYY-MM-DD')
  AND iso_timestamp(t."createdAt") >= now() - interval '30 days'
GROUP BY 1
HAVING count(*) >= 5
ORDER BY conversations DESC, interactions DESC, user_id
LIMIT 20;

-- Retention: of those who began a conversation or asked for the first time in a month, how many did n months later.
-- Months count over the turn of the year.
WITH activity AS (
    SELECT coalesce(t."userId"::text, t."userIdentifier") AS person,
           date_trunc('month', iso_timestamp(t."createdAt") AT TIME ZONE 'UTC')::date AS month
    FROM threads t
    WHERE iso_timestamp(t."createdAt") IS NOT NULL
    UNION
    SELECT coalesce(asker.user_id::text, t."userId"::text, t."userIdentifier"),
           date_trunc('month', iso_timestamp(s."createdAt") AT TIME ZONE 'UTC')::date
    FROM steps s
    JOIN threads t ON t."id" = s."threadId"
    LEFT JOIN thread_askers_view asker
        ON asker.thread_id = s."threadId" AND asker.slack_user = s."metadata" #>> '{slack,user}'
    WHERE s."type" = 'user_message' AND iso_timestamp(s."createdAt") IS NOT NULL
), cohort AS (
    SELECT person, min(month) AS cohort_month FROM activity WHERE person IS NOT NULL GROUP BY person
), size AS (
    SELECT cohort_month, count(*) AS users FROM cohort GROUP BY cohort_month
)
SELECT c.cohort_month,
       z.users AS cohort_users,
       ((extract(year FROM a.month) - extract(year FROM c.cohort_month)) * 12
        + extract(month FROM a.month) - extract(month FROM c.cohort_month))::integer AS month_number,
       count(*) AS active_users,
       round(100.0 * count(*) / z.users, 1) AS retention_percent
FROM cohort c
JOIN activity a ON a.person = c.person
JOIN size z ON z.cohort_month = c.cohort_month
GROUP BY c.cohort_month, z.users, month_number
ORDER BY c.cohort_month, month_number;

-- The summary of every user.
SELECT * FROM user_summary_view ORDER BY last_conversation_date DESC NULLS LAST;
