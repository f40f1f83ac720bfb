-- The three analytics views of BI Hub: same names, columns, order and labels, so that dashboards made for them keep
-- working. Every count is aggregated before anything is joined, every time is a real timestamptz, days are calendar
-- days in UTC, and what was never measured says 'No Data' or NULL, never Poor or Excellent.

-- An installation of BI Hub may have left its own versions, with other types and readable by everybody.
DROP VIEW IF EXISTS user_summary_view;
DROP VIEW IF EXISTS chat_summary_view;
DROP VIEW IF EXISTS performance_dashboard_view;

-- ISO 8601 text -> point in time; NULL for everything else ('', 'now', 30 February), never an error. A text without a
-- zone is UTC, as Chainlit means it. Immutable in truth: text::timestamptz would depend on DateStyle, TimeZone and the
-- clock. Not an SQL function: inlined into the views it makes expressions that take seconds to compile just in time.
CREATE OR REPLACE FUNCTION iso_timestamp(value text) RETURNS timestamptz
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
    moment timestamp;
BEGIN
    IF value !~ ('^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])'
                 '[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?'
                 '(?:Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])?$')
       OR left(value, 4) = '0000'
       OR substring(value, 6, 5) IN ('02-30', '02-31', '04-31', '06-31', '09-31', '11-31') THEN
        RETURN NULL;
    END IF;
    IF substring(value, 6, 5) = '02-29'
       AND (left(value, 4)::integer % 4 <> 0
            OR (left(value, 4)::integer % 100 = 0 AND left(value, 4)::integer % 400 <> 0)) THEN
        RETURN NULL;
    END IF;

    IF right(value, 1) = 'Z' THEN
        RETURN make_timestamp(left(value, 4)::integer, substring(value, 6, 2)::integer, substring(value, 9, 2)::integer,
                              substring(value, 12, 2)::integer, substring(value, 15, 2)::integer,
                              -- Nine characters: what is beyond microseconds would be rounded.
                              substring(value, 18, least(length(value) - 18, 9))::double precision) AT TIME ZONE 'UTC';
    END IF;
    moment := make_timestamp(left(value, 4)::integer, substring(value, 6, 2)::integer, substring(value, 9, 2)::integer,
                             substring(value, 12, 2)::integer, substring(value, 15, 2)::integer,
                             substring(value, '^.{17}([0-9]{2}(?:\.[0-9]{1,6})?)')::double precision);
    IF value ~ '[+-][0-9]{2}:?[0-9]{2}$' THEN
        -- The offset is taken off before it becomes a timestamptz: timestamptz - interval is only stable.
        moment := moment - CASE WHEN value ~ '-[0-9]{2}:?[0-9]{2}$' THEN -1 ELSE 1 END
                           * make_interval(hours => substring(value, '([0-9]{2}):?[0-9]{2}$')::integer,
                                           mins => right(value, 2)::integer);
    END IF;
    RETURN moment AT TIME ZONE 'UTC';
END
$$;

-- SQL functions whose bodies are bound when they are created (RETURN, BEGIN ATOMIC) do not depend on anybody's
-- search_path; without a SET clause they are inlined into the queries that use them.

-- Ratings on one scale from 1 to 5. Chainlit knows thumbs only: 0 down, 1 up. Anything outside 0..5 is no rating: NULL.
CREATE OR REPLACE FUNCTION feedback_score(value integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN value = 0 THEN 1 WHEN value = 1 THEN 5 WHEN value BETWEEN 2 AND 5 THEN value END;

-- How long a person waited for an answer, in seconds; NULL when nobody measured it. Chainlit writes an answer with
-- start = end, which measures nothing, so the next best is asked: metadata.latency_ms, then the run that the answer is
-- part of.
CREATE OR REPLACE FUNCTION answer_seconds(answer_start text, answer_end text, answer_metadata jsonb,
                                          run_start text, run_end text) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN answer_end <> answer_start AND iso_timestamp(answer_end) > iso_timestamp(answer_start)
        THEN extract(epoch FROM iso_timestamp(answer_end) - iso_timestamp(answer_start))
    WHEN jsonb_typeof(answer_metadata -> 'latency_ms') = 'number' AND answer_metadata -> 'latency_ms' > '0'
        THEN (answer_metadata ->> 'latency_ms')::numeric / 1000
    WHEN iso_timestamp(run_end) > iso_timestamp(run_start)
        THEN extract(epoch FROM iso_timestamp(run_end) - iso_timestamp(run_start))
END;

REVOKE ALL ON FUNCTION iso_timestamp(text) FROM PUBLIC;
REVOKE ALL ON FUNCTION feedback_score(integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION answer_seconds(text, text, jsonb, text, text) FROM PUBLIC;

-- One row per user. The laterals go through the indexes on "userId" and "threadId": one user costs milliseconds.
CREATE VIEW user_summary_view AS
SELECT
    u."identifier" AS user_id,
    u."metadata" ->> 'email' AS user_email,
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
           count(*) FILTER (WHERE st."isError") AS errors
    FROM threads t JOIN steps st ON st."threadId" = t."id"
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

-- One row per thread.
CREATE VIEW chat_summary_view AS
SELECT
    t."id" AS thread_id,
    t."name" AS conversation_name,
    iso_timestamp(t."createdAt") AS conversation_start_time,
    coalesce(u."identifier", t."userIdentifier") AS user_id,
    u."metadata" ->> 'email' AS user_email,
    s.steps AS total_steps,
    s.user_messages,
    s.assistant_responses,
    s.errors AS error_count,
    s.first_at AS first_interaction,
    s.last_at AS last_interaction,
    round(extract(epoch FROM s.last_at - s.first_at) / 60, 2) AS conversation_duration_minutes,
    s.response_seconds AS avg_response_time_seconds,
    s.avg_input AS avg_input_length,
    s.avg_output AS avg_output_length,
    s.max_input AS max_input_length,
    s.max_output AS max_output_length,
    CASE
        WHEN s.steps = 0 THEN 'No Data'
        WHEN s.steps = 1 THEN 'Single Interaction'
        WHEN s.steps <= 5 THEN 'Short Conversation'
        WHEN s.steps <= 15 THEN 'Medium Conversation'
        WHEN s.steps <= 30 THEN 'Long Conversation'
        ELSE 'Extended Conversation'
    END AS conversation_type,
    CASE
        WHEN s.errors = 0 THEN 'No Errors'
        WHEN s.errors = 1 THEN 'Minor Issues'
        WHEN s.errors <= 3 THEN 'Some Issues'
        ELSE 'Major Issues'
    END AS conversation_quality,
    f.ratings AS feedback_count,
    f.score AS avg_feedback_score,
    f.comments AS feedback_comments,
    e.elements AS elements_count,
    e.types AS element_types,
    array_to_string(t."tags", ', ') AS conversation_tags,
    t."metadata" AS thread_metadata,
    CURRENT_TIMESTAMP AS view_last_updated
FROM threads t
LEFT JOIN users u ON u."id" = t."userId"
CROSS JOIN LATERAL (
    SELECT count(*) AS steps,
           count(*) FILTER (WHERE x."type" = 'user_message') AS user_messages,
           count(*) FILTER (WHERE x."type" = 'assistant_message') AS assistant_responses,
           count(*) FILTER (WHERE x."isError") AS errors,
           min(x.created_at) AS first_at,
           max(x.created_at) AS last_at,
           round(avg(x.response_seconds), 2) AS response_seconds,
           round(avg(length(x.asked)), 2) AS avg_input,
           round(avg(length(x.answered)), 2) AS avg_output,
           max(length(x.asked)) AS max_input,
           max(length(x.answered)) AS max_output
    FROM (
        SELECT st."type", st."isError",
               iso_timestamp(st."createdAt") AS created_at,
               -- What people wrote stands in "output" of their own messages: "input" is used by runs and tools only.
               CASE WHEN st."type" = 'user_message'
                    THEN coalesce(nullif(st."input", ''), nullif(st."output", ''))
                    ELSE nullif(st."input", '') END AS asked,
               CASE WHEN st."type" <> 'user_message' THEN nullif(st."output", '') END AS answered,
               CASE WHEN st."type" = 'assistant_message'
                    THEN answer_seconds(st."start", st."end", st."metadata", run."start", run."end")
               END AS response_seconds
        FROM steps st
        LEFT JOIN steps run ON run."id" = st."parentId" AND run."type" = 'run' AND st."type" = 'assistant_message'
        WHERE st."threadId" = t."id"
        OFFSET 0  -- keeps what is computed here from being computed again for each aggregate
    ) x
) s
CROSS JOIN LATERAL (
    SELECT count(*) AS ratings,
           round(avg(feedback_score(fb."value")), 2) AS score,
           string_agg(nullif(fb."comment", ''), ' | ' ORDER BY fb."id") AS comments
    FROM feedbacks fb
    WHERE fb."threadId" = t."id"
) f
CROSS JOIN LATERAL (
    SELECT count(*) AS elements,
           string_agg(DISTINCT el."type", ', ' ORDER BY el."type") AS types
    FROM elements el
    WHERE el."threadId" = t."id"
) e;

-- One row per calendar day (UTC) of the last 30, newest first, days without traffic too. Conversations are dated by
-- their start; steps, errors and answers by their own time, since a Slack thread lives on for days; a rating by when it
-- was given, or else (Chainlit does not record it) by the step it rates. A week more than what is shown is computed, so
-- that the oldest rows have their day before and their seven-day means.
CREATE VIEW performance_dashboard_view AS
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
           coalesce(t."userId"::text, t."userIdentifier") AS person,
           st."isError" AS is_error,
           CASE WHEN st."type" = 'assistant_message'
                THEN answer_seconds(st."start", st."end", st."metadata", run."start", run."end") END AS seconds
    FROM steps st
    JOIN threads t ON t."id" = st."threadId"
    LEFT JOIN steps run ON run."id" = st."parentId" AND run."type" = 'run' AND st."type" = 'assistant_message'
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
