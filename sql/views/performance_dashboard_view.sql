-- One of the three analytics views of BI Hub: same names, columns, order and labels, so that dashboards made for them
-- keep working. Every count is aggregated before anything is joined, every time is a real timestamptz, days are
-- calendar days in UTC, and what was never measured says 'No Data' or NULL, never Poor or Excellent.

-- One row per calendar day (UTC) of the last 30, newest first, days without traffic too. Conversations are dated by
-- their start; steps, errors and answers by their own time, since a Slack thread lives on for days; a rating by when it
-- was given, or else (Chainlit does not record it) by the step it rates. A week more than what is shown is computed, so
-- that the oldest rows have their day before and their seven-day means.
CREATE OR REPLACE VIEW performance_dashboard_view AS
WITH calendar AS (
    SELECT (now() AT TIME ZONE 'UTC')::date - back AS metric_date FROM generate_series(0, 36) AS back
), bounds AS (
    -- Compared with the text columns, so that their indexes serve; a day early, for texts in local time with an offset.
    SELECT to_char((now() AT TIME ZONE 'UTC')::date - 37, 'YYYY-MM-DD') AS oldest
), started AS (
    SELECT (iso_timestamp(t."createdAt") AT TIME ZONE 'UTC')::date AS metric_date,
           coalesce(t."userId"::text, t."userIdentifier") AS person
    FROM threads t
    WHERE t."createdAt" >= (SELECT oldest FROM bounds)
), interacted AS (
    SELECT (coalesce(iso_timestamp(st."createdAt"), iso_timestamp(t."createdAt"))
            AT TIME ZONE 'UTC')::date AS metric_date,
           -- Whoever asked, which in a Slack thread is not always who began it.
           CASE WHEN st."type" = 'user_message'
                THEN coalesce(asker.user_id::text, t."userId"::text, t."userIdentifier") END AS person,
           -- A run that failed and its answer are one error.
           st."isError" AND run."isError" IS NOT TRUE AS is_error,
           CASE WHEN st."type" = 'assistant_message'
                THEN answer_seconds(st."start", st."end", st."metadata", run."start", run."end") END AS seconds
    FROM steps st
    JOIN threads t ON t."id" = st."threadId"
    LEFT JOIN steps run ON run."id" = st."parentId" AND run."type" = 'run' AND st."type" = 'assistant_message'
    LEFT JOIN genie_app.people asker ON st."type" = 'user_message'
        AND asker.team_id = st."metadata" #>> '{slack,team}' AND asker.slack_user = st."metadata" #>> '{slack,user}'
    WHERE st."createdAt" >= (SELECT oldest FROM bounds) OR st."createdAt" IS NULL
), rated AS (
    SELECT (coalesce(given.created_at, iso_timestamp(st."createdAt"), iso_timestamp(t."createdAt"))
            AT TIME ZONE 'UTC')::date AS metric_date,
           feedback_score(fb."value") AS score
    FROM feedbacks fb
    JOIN threads t ON t."id" = fb."threadId"
    LEFT JOIN genie_app.ratings given ON given.feedback_id = fb."id"
    LEFT JOIN steps st ON st."id" = fb."forId"
), daily AS (
    SELECT c.metric_date,
           coalesce(s.conversations, 0) AS conversations,
           coalesce(p.people, 0) AS people,
           coalesce(i.interactions, 0) AS interactions,
           coalesce(i.errors, 0) AS errors,
           i.avg_seconds,
           i.p95_seconds,
           r.score,
           coalesce(r.ratings, 0) AS ratings
    FROM calendar c
    LEFT JOIN (SELECT metric_date, count(*) AS conversations FROM started GROUP BY metric_date) s USING (metric_date)
    LEFT JOIN (SELECT metric_date, count(DISTINCT person) AS people
               FROM (SELECT metric_date, person FROM started UNION SELECT metric_date, person FROM interacted) seen
               GROUP BY metric_date) p USING (metric_date)
    LEFT JOIN (SELECT metric_date,
                      count(*) AS interactions,
                      count(*) FILTER (WHERE is_error) AS errors,
                      avg(seconds) AS avg_seconds,
                      (percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds::double precision))::numeric AS p95_seconds
               FROM interacted GROUP BY metric_date) i USING (metric_date)
    LEFT JOIN (SELECT metric_date, avg(score) AS score, count(*) AS ratings
               FROM rated GROUP BY metric_date) r USING (metric_date)
), compared AS (
    SELECT d.*,
           lag(conversations) OVER by_day AS conversations_before,
           lag(people) OVER by_day AS people_before,
           lag(avg_seconds) OVER by_day AS avg_seconds_before,
           avg(conversations) OVER week AS conversations_week,
           avg(people) OVER week AS people_week,
           avg(avg_seconds) OVER week AS avg_seconds_week
    FROM daily d
    WINDOW by_day AS (ORDER BY metric_date),
           week AS (ORDER BY metric_date ROWS BETWEEN 6 PRECEDING AND CURRENT ROW)
)
SELECT
    metric_date,
    conversations AS daily_conversations,
    people AS daily_active_users,
    interactions AS daily_interactions,
    errors AS daily_errors,
    coalesce(round(100.0 * errors / nullif(interactions, 0), 2), 0) AS error_rate_percent,
    round(score, 2) AS daily_avg_feedback_score,
    ratings AS feedback_volume,
    round(avg_seconds, 2) AS avg_response_time_seconds,
    round(p95_seconds, 2) AS p95_response_time_seconds,
    round(100.0 * (conversations - conversations_before) / nullif(conversations_before, 0), 1)
        AS conversations_change_percent,
    round(100.0 * (people - people_before) / nullif(people_before, 0), 1) AS users_change_percent,
    round(100.0 * (avg_seconds - avg_seconds_before) / nullif(avg_seconds_before, 0), 1)
        AS response_time_change_percent,
    round(conversations_week, 1) AS conversations_7day_avg,
    round(people_week, 1) AS users_7day_avg,
    round(avg_seconds_week, 2) AS response_time_7day_avg,
    CASE
        WHEN interactions = 0 THEN 'No Data'
        WHEN 100.0 * errors / interactions > 5 THEN 'Poor'
        WHEN 100.0 * errors / interactions > 2 THEN 'Fair'
        WHEN 100.0 * errors / interactions > 1 THEN 'Good'
        ELSE 'Excellent'
    END AS error_health_status,
    CASE
        WHEN avg_seconds IS NULL THEN 'No Data'
        WHEN avg_seconds > 30 THEN 'Poor'
        WHEN avg_seconds > 15 THEN 'Fair'
        WHEN avg_seconds > 5 THEN 'Good'
        ELSE 'Excellent'
    END AS response_time_health_status,
    CASE
        WHEN score IS NULL THEN 'No Data'
        WHEN score >= 4.5 THEN 'Excellent'
        WHEN score >= 4.0 THEN 'Good'
        WHEN score >= 3.5 THEN 'Fair'
        ELSE 'Poor'
    END AS feedback_health_status,
    CURRENT_TIMESTAMP AS view_last_updated
FROM compared
WHERE metric_date > (now() AT TIME ZONE 'UTC')::date - 30
ORDER BY metric_date DESC;

-- An installation of BI Hub may have left its own version, readable by everybody.
REVOKE ALL ON performance_dashboard_view FROM PUBLIC;
