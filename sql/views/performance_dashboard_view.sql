-- One of the three analytics views of BI Hub: same names, columns, order and labels, so that dashboards made for them
-- keep working. Every count is aggregated before anything is joined, every time is a real timestamptz, days are
-- calendar days in UTC, and what was never measured says 'No Data' or NULL, never Poor or Excellent.

-- One row per calendar day (UTC) of the last 30, newest first, days without traffic too. Conversations are dated by
-- their start; steps, errors and answers by their own time, since a Slack thread lives on for days; a rating by when it
-- was given, or else (Chainlit does not record it) by the step it rates. A week more than what is shown is computed, so
-- that the oldest rows have their day before and their seven-day means.
CREATE OR REPLACE VIEW performance_dashboard_view AS
WITH calendar AS (
    SELECT (now() AT TIME ZONE 'UTC')::date - back AS metric_date,
           to_char((now() AT TIME ZONE 'UTC')::date - back, 'YYYY-MM-DD') AS metric_text
    FROM generate_series(0, 37) AS back
), bounds AS (
    -- Compared with the text columns, so that their indexes serve; a day early, for texts in local time with an offset.
    -- The newest take nothing away. But of what lies between two values that it does not know PostgreSQL expects few
    -- rows, so it looks things up and compiles nothing just in time, which took longer than the rest; of what is beyond
    -- one value it expects a third of the table.
    SELECT to_char((now() AT TIME ZONE 'UTC')::date - 37, 'YYYY-MM-DD') AS oldest,
           (SELECT max("createdAt") FROM threads) AS newest_thread,
           (SELECT max("createdAt") FROM steps) AS newest_step
), started AS (
    SELECT t."id",
           -- After a date of the calendar only the time has to be looked at, which halves the work of iso_timestamp().
           CASE WHEN c.metric_date IS NOT NULL AND t."createdAt" LIKE '__________T__:__:__.______Z'
                     AND substr(t."createdAt", 11) ~ '^T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][.][0-9]+Z$'
                THEN c.metric_date
                ELSE (iso_timestamp(t."createdAt") AT TIME ZONE 'UTC')::date END AS metric_date,
           coalesce(t."userId"::text, t."userIdentifier") AS person
    FROM threads t
    LEFT JOIN calendar c ON c.metric_text = left(t."createdAt", 10)
    WHERE t."createdAt" BETWEEN (SELECT oldest FROM bounds) AND (SELECT newest_thread FROM bounds)
), step AS (
    SELECT st."id", st."threadId",
           CASE WHEN c.metric_date IS NOT NULL AND st."createdAt" LIKE '__________T__:__:__.______Z'
                     AND substr(st."createdAt", 11) ~ '^T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][.][0-9]+Z$'
                THEN c.metric_date
                ELSE (iso_timestamp(st."createdAt") AT TIME ZONE 'UTC')::date END AS own_date,
           st."type" = 'user_message' AS is_question,
           CASE WHEN st."type" = 'user_message' THEN st."metadata" #>> '{slack,team}' END AS slack_team,
           CASE WHEN st."type" = 'user_message' THEN st."metadata" #>> '{slack,user}' END AS slack_user,
           st."isError" AS is_error,
           CASE WHEN st."type" = 'assistant_message' THEN st."parentId" END AS run_id,
           CASE WHEN st."type" = 'assistant_message' AND st."isError" IS NOT TRUE
                THEN answer_seconds(st."start", st."end", st."metadata", NULL, NULL) END AS seconds,
           -- Of a question that was stopped, edited or deleted before it had an answer.
           CASE WHEN st."type" = 'run' THEN st."metadata" ->> 'error' END IN ('stopped', 'edited', 'deleted')
               AS is_stopped_run
    FROM (SELECT "id", "threadId", "parentId", "type", "createdAt", "start", "end", "metadata", "isError"
          FROM steps
          WHERE "createdAt" BETWEEN (SELECT oldest FROM bounds) AND (SELECT newest_step FROM bounds)
          UNION ALL
          SELECT "id", "threadId", "parentId", "type", "createdAt", "start", "end", "metadata", "isError"
          FROM steps
          WHERE "createdAt" IS NULL) st
    LEFT JOIN calendar c ON c.metric_text = left(st."createdAt", 10)
), interacted AS (
    SELECT coalesce(step.own_date, (iso_timestamp(t."createdAt") AT TIME ZONE 'UTC')::date) AS metric_date,
           step.is_question,
           -- Whoever asked, which in a Slack thread is not always who began it.
           CASE WHEN step.is_question
                THEN coalesce(asker.user_id::text, t."userId"::text, t."userIdentifier") END AS person,
           -- A run that failed and its answer are one error.
           step.is_error AND run."isError" IS NOT TRUE AS is_error,
           -- Of answers alone: what failed or was stopped is none. IN is a look into the few stopped ones, where a join
           -- would make the whole so expensive in the planner's eyes that it is compiled just in time.
           CASE WHEN step.is_error IS NOT TRUE
                     AND NOT (step.run_id IS NOT NULL
                              AND step.run_id IN (SELECT ended."id" FROM step ended WHERE ended.is_stopped_run))
                THEN coalesce(step.seconds, answer_seconds(NULL, NULL, NULL, run."start", run."end")) END AS seconds
    FROM step
    JOIN threads t ON t."id" = step."threadId"
    LEFT JOIN genie_app.people asker ON asker.team_id = step.slack_team AND asker.slack_user = step.slack_user
    -- Only of those answers that their run knows more about.
    LEFT JOIN steps run ON run."id" = CASE WHEN step.is_error OR step.seconds IS NULL THEN step.run_id END
        AND run."type" = 'run'
), rated AS (
    SELECT (given.created_at AT TIME ZONE 'UTC')::date AS metric_date, feedback_score(fb."value") AS score
    FROM genie_app.ratings given
    JOIN feedbacks fb ON fb."id" = given.feedback_id
    JOIN threads t ON t."id" = fb."threadId"
    WHERE given.created_at >= now() - interval '38 days'
    UNION ALL
    SELECT step.own_date, feedback_score(fb."value")
    FROM feedbacks fb
    JOIN step ON step."id" = fb."forId"
    JOIN threads t ON t."id" = fb."threadId"
    WHERE step.own_date IS NOT NULL
      AND NOT EXISTS (SELECT FROM genie_app.ratings given WHERE given.feedback_id = fb."id")
    UNION ALL
    -- What is rated has no time, or is no step: then by the conversation.
    SELECT started.metric_date, feedback_score(fb."value")
    FROM feedbacks fb
    JOIN started ON started."id" = fb."threadId"
    LEFT JOIN steps st ON st."id" = fb."forId"
    WHERE iso_timestamp(st."createdAt") IS NULL
      AND NOT EXISTS (SELECT FROM genie_app.ratings given WHERE given.feedback_id = fb."id")
), daily AS (
    SELECT c.metric_date,
           coalesce(s.conversations, 0) AS conversations,
           coalesce(p.people, 0) AS people,
           coalesce(i.interactions, 0) AS interactions,
           coalesce(i.errors, 0) AS errors,
           a.avg_seconds,
           a.p95_seconds,
           r.score,
           coalesce(r.ratings, 0) AS ratings
    FROM calendar c
    LEFT JOIN (SELECT metric_date, count(*) AS conversations FROM started GROUP BY metric_date) s USING (metric_date)
    LEFT JOIN (SELECT metric_date, count(person) AS people
               FROM (SELECT metric_date, person FROM started
                     UNION
                     SELECT metric_date, person FROM interacted WHERE is_question) seen
               GROUP BY metric_date) p USING (metric_date)
    LEFT JOIN (SELECT metric_date, count(*) AS interactions, count(*) FILTER (WHERE is_error) AS errors
               FROM interacted GROUP BY metric_date) i USING (metric_date)
    LEFT JOIN (SELECT metric_date,
                      avg(seconds) AS avg_seconds,
                      (percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds::double precision))::numeric AS p95_seconds
               FROM interacted WHERE seconds IS NOT NULL GROUP BY metric_date) a USING (metric_date)
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
