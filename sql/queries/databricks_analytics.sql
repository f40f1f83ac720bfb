-- Trends, segments, funnel and churn. Days are calendar days in UTC. Every query runs as it stands with search_path set
-- to the schema of the chat tables.

-- Trend of the last 60 days with means over seven calendar days, days without traffic included. Users are those who began a
-- conversation or asked in one.
WITH calendar AS (
    SELECT (now() AT TIME ZONE 'UTC')::date - back AS day FROM generate_series(0, 65) AS back
), started AS (
    SELECT (iso_timestamp(t."createdAt") AT TIME ZONE 'UTC')::date AS day,
           coalesce(t."userId"::text, t."userIdentifier") AS person
    FROM threads t
    WHERE t."createdAt" >= to_char((now() AT TIME ZONE 'UTC')::date - 66, 'YYYY-MM-DD')
), active AS (
    SELECT day, person FROM started
    UNION
    SELECT (iso_timestamp(s."createdAt") AT TIME ZONE 'UTC')::date,
           coalesce(asker.user_id::text, t."userId"::text, t."userIdentifier")
    FROM steps s
    JOIN threads t ON t."id" = s."threadId"
    LEFT JOIN thread_askers_view asker
        ON asker.thread_id = s."threadId" AND asker.slack_user = s."metadata" #>> '{slack,user}'
    WHERE s."type" = 'user_message'
      AND s."createdAt" >= to_char((now() AT TIME ZONE 'UTC')::date - 66, 'YYYY-MM-DD')
), daily AS (
    SELECT c.day, coalesce(s.conversations, 0) AS conversations, coalesce(a.users, 0) AS users
    FROM calendar c
    LEFT JOIN (SELECT day, count(*) AS conversations FROM started GROUP BY day) s ON s.day = c.day
    LEFT JOIN (SELECT day, count(person) AS users FROM active GROUP BY day) a ON a.day = c.day
), smoothed AS (
    SELECT day, conversations, users,
           round(avg(conversations) OVER week, 2) AS conversations_7day_avg,
           round(avg(users) OVER week, 2) AS users_7day_avg
    FROM daily
    WINDOW week AS (ORDER BY day ROWS BETWEEN 6 PRECEDING AND CURRENT ROW)
)
SELECT * FROM smoothed
WHERE day > (now() AT TIME ZONE 'UTC')::date - 60
ORDER BY day DESC;

-- Segments of the users of the last 180 days by recency, frequency and engagement, each scored from 1 to 5. Of the
-- conversations that somebody began or asked in; last_conversation is when they last did.
WITH part AS (
    SELECT thread_id, user_id, max(moment) AS last_active
    FROM (
        SELECT t."id" AS thread_id, coalesce(u."identifier", t."userIdentifier") AS user_id,
               iso_timestamp(t."createdAt") AS moment
        FROM threads t
        LEFT JOIN users u ON u."id" = t."userId"
        WHERE t."createdAt" >= to_char((now() AT TIME ZONE 'UTC')::date - 181, 'YYYY-MM-DD')
        UNION ALL
        SELECT t."id", coalesce(u."identifier", t."userIdentifier"), iso_timestamp(s."createdAt")
        FROM steps s
        JOIN threads t ON t."id" = s."threadId"
        LEFT JOIN thread_askers_view asker
            ON asker.thread_id = s."threadId" AND asker.slack_user = s."metadata" #>> '{slack,user}'
        LEFT JOIN users u ON u."id" = coalesce(asker.user_id, t."userId")
        WHERE s."type" = 'user_message'
          AND s."createdAt" >= to_char((now() AT TIME ZONE 'UTC')::date - 181, 'YYYY-MM-DD')
    ) began_or_asked
    WHERE moment >= now() - interval '180 days'
    GROUP BY thread_id, user_id
), usage AS (
    SELECT user_id,
           max(last_active) AS last_conversation,
           count(*) AS conversations,
           sum((SELECT count(*) FROM steps s WHERE s."threadId" = part.thread_id)) AS interactions
    FROM part
    GROUP BY user_id
), scored AS (
    SELECT user_id, last_conversation, conversations, interactions,
           CASE WHEN last_conversation >= now() - interval '7 days' THEN 5
                WHEN last_conversation >= now() - interval '30 days' THEN 4
                WHEN last_conversation >= now() - interval '60 days' THEN 3
                WHEN last_conversation >= now() - interval '90 days' THEN 2 ELSE 1 END AS recency,
           CASE WHEN conversations >= 20 THEN 5 WHEN conversations >= 10 THEN 4 WHEN conversations >= 5 THEN 3
                WHEN conversations >= 2 THEN 2 ELSE 1 END AS frequency,
           CASE WHEN interactions >= 100 THEN 5 WHEN interactions >= 50 THEN 4 WHEN interactions >= 20 THEN 3
                WHEN interactions >= 10 THEN 2 ELSE 1 END AS engagement
    FROM usage
)
SELECT user_id, last_conversation, conversations, interactions, recency, frequency, engagement,
       CASE WHEN recency >= 4 AND frequency >= 4 AND engagement >= 4 THEN 'Champions'
            WHEN recency >= 3 AND frequency >= 3 AND engagement >= 3 THEN 'Loyal Users'
            WHEN recency >= 4 AND frequency <= 2 THEN 'New Users'
            WHEN recency <= 2 AND frequency >= 4 THEN 'Cannot Lose Them'
            WHEN recency <= 2 AND frequency >= 3 THEN 'At Risk'
            WHEN recency <= 2 AND frequency <= 2 THEN 'Lost Users'
            WHEN recency >= 3 AND frequency >= 2 THEN 'Potential Loyalists'
            ELSE 'Others' END AS segment
FROM scored
ORDER BY recency DESC, frequency DESC, engagement DESC, user_id;

-- Funnel of the conversations of the last 30 days: how many reached so many steps. Percentages are NULL without
-- conversations.
WITH conversation AS (
    SELECT (SELECT count(*) FROM steps s WHERE s."threadId" = t."id") AS steps
    FROM threads t
    WHERE t."createdAt" >= to_char((now() AT TIME ZONE 'UTC')::date - 31, 'YYYY-MM-DD')
      AND iso_timestamp(t."createdAt") >= now() - interval '30 days'
), reached AS (
    SELECT stage.steps, count(c.steps) AS conversations
    FROM (VALUES (1), (2), (5), (10), (20)) stage (steps)
    LEFT JOIN conversation c ON c.steps >= stage.steps
    GROUP BY stage.steps
)
SELECT steps AS at_least_steps,
       conversations,
       round(100.0 * conversations / nullif(first_value(conversations) OVER by_steps, 0), 2) AS conversion_percent,
       round(100.0 * (lag(conversations) OVER by_steps - conversations)
             / nullif(lag(conversations) OVER by_steps, 0), 2) AS drop_off_percent
FROM reached
WINDOW by_steps AS (ORDER BY steps)
ORDER BY steps;

-- Churn risk and health score of the users of the last 90 days, by the conversations that they began or asked in. The score
-- is at most 100: conversations 30, length 25, recency 25, feedback 20. Without feedback there is nothing to score: the
-- other parts are scaled up to 100.
WITH part AS (
    SELECT thread_id, user_id, max(moment) AS last_active
    FROM (
        SELECT t."id" AS thread_id, coalesce(u."identifier", t."userIdentifier") AS user_id,
               iso_timestamp(t."createdAt") AS moment
        FROM threads t
        LEFT JOIN users u ON u."id" = t."userId"
        WHERE t."createdAt" >= to_char((now() AT TIME ZONE 'UTC')::date - 91, 'YYYY-MM-DD')
        UNION ALL
        SELECT t."id", coalesce(u."identifier", t."userIdentifier"), iso_timestamp(s."createdAt")
        FROM steps s
        JOIN threads t ON t."id" = s."threadId"
        LEFT JOIN thread_askers_view asker
            ON asker.thread_id = s."threadId" AND asker.slack_user = s."metadata" #>> '{slack,user}'
        LEFT JOIN users u ON u."id" = coalesce(asker.user_id, t."userId")
        WHERE s."type" = 'user_message'
          AND s."createdAt" >= to_char((now() AT TIME ZONE 'UTC')::date - 91, 'YYYY-MM-DD')
    ) began_or_asked
    WHERE moment >= now() - interval '90 days'
    GROUP BY thread_id, user_id
), usage AS (
    SELECT user_id,
           count(*) AS conversations,
           avg((SELECT count(*) FROM steps s WHERE s."threadId" = part.thread_id)) AS avg_steps,
           max(last_active) AS last_active,
           sum((SELECT sum(feedback_score(f."value")) FROM feedbacks f WHERE f."threadId" = part.thread_id))
               / nullif(sum((SELECT count(feedback_score(f."value")) FROM feedbacks f
                             WHERE f."threadId" = part.thread_id)), 0) AS avg_score
    FROM part
    GROUP BY user_id
), scored AS (
    SELECT usage.*,
           extract(day FROM now() - last_active)::integer AS days_inactive,
           least(conversations, 10) * 3.0 AS conversation_points,
           least(avg_steps, 10) * 2.5 AS length_points,
           greatest(0, 25 - extract(epoch FROM now() - last_active) / 86400) AS recency_points,
           avg_score * 4 AS feedback_points
    FROM usage
)
SELECT user_id, conversations, round(avg_steps, 2) AS avg_steps, last_active, days_inactive,
       round(avg_score, 2) AS avg_feedback_score,
       CASE WHEN last_active < now() - interval '30 days' THEN 'High'
            WHEN last_active < now() - interval '14 days' THEN 'Medium'
            WHEN last_active < now() - interval '7 days' THEN 'Low' ELSE 'Active' END AS churn_risk,
       round(CASE WHEN feedback_points IS NULL
                  THEN (conversation_points + length_points + recency_points) * 100 / 80
                  ELSE conversation_points + length_points + recency_points + feedback_points END, 1) AS health_score
FROM scored
ORDER BY health_score, user_id;

-- Response times by hour of the day (UTC) over the last 7 days, in seconds, of answers alone: what failed or was stopped is
-- none. Hours without an answer say No Data.
WITH answer AS (
    SELECT extract(hour FROM iso_timestamp(s."createdAt") AT TIME ZONE 'UTC')::integer AS hour,
           answer_seconds(s."start", s."end", s."metadata", run."start", run."end")::double precision AS seconds
    FROM steps s
    LEFT JOIN steps run ON run."id" = s."parentId" AND run."type" = 'run'
    WHERE s."type" = 'assistant_message'
      AND s."isError" IS NOT TRUE AND coalesce(run."metadata" ->> 'error', '') NOT IN ('stopped', 'edited', 'deleted')
      AND s."createdAt" >= to_char((now() AT TIME ZONE 'UTC')::date - 8, 'YYYY-MM-DD')
      AND iso_timestamp(s."createdAt") >= now() - interval '7 days'
), hourly AS (
    SELECT h.hour,
           count(a.seconds) AS answers,
           percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY a.seconds) AS percentiles
    FROM generate_series(0, 23) AS h (hour)
    LEFT JOIN answer a ON a.hour = h.hour
    GROUP BY h.hour
)
SELECT hour,
       CASE WHEN hour BETWEEN 6 AND 11 THEN 'Morning' WHEN hour BETWEEN 12 AND 17 THEN 'Afternoon'
            WHEN hour BETWEEN 18 AND 21 THEN 'Evening' ELSE 'Night' END AS day_period,
       answers,
       round(percentiles[1]::numeric, 2) AS p50_seconds,
       round(percentiles[2]::numeric, 2) AS p95_seconds,
       round(percentiles[3]::numeric, 2) AS p99_seconds,
       CASE WHEN percentiles[2] IS NULL THEN 'No Data' WHEN percentiles[2] <= 5 THEN 'Excellent'
            WHEN percentiles[2] <= 10 THEN 'Good' WHEN percentiles[2] <= 20 THEN 'Fair' ELSE 'Poor' END AS rating
FROM hourly
ORDER BY hour;
