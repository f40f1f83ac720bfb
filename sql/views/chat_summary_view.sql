-- One of the three analytics views of BI Hub: same names, columns, order and labels, so that dashboards made for them
-- keep working. Every count is aggregated before anything is joined, every time is a real timestamptz, days are
-- calendar days in UTC, and what was never measured says 'No Data' or NULL, never Poor or Excellent.

-- One row per thread. An order or a bound on conversation_start_time goes through idx_threads_started_at, a person's
-- e-mail through idx_threads_user_id; what is counted is looked up for the rows that are left.
CREATE OR REPLACE VIEW chat_summary_view AS
SELECT
    t."id" AS thread_id,
    t."name" AS conversation_name,
    -- What iso_timestamp() says, but of functions that everybody may execute: whoever writes a thread computes what is
    -- in its indexes. Migration 015 has the same expression; PostgreSQL compares them.
    CASE WHEN t."createdAt" ~ ('^(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])'
                       '|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))'
                       '|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)'
                       '[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,9})?'
                       '(?:Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])?$')
          AND t."createdAt" NOT LIKE '0000%'
        -- The time as it is written, less its offset.
        THEN timezone('UTC', make_timestamp(substr(t."createdAt", 1, 4)::integer, substr(t."createdAt", 6, 2)::integer,
                                            substr(t."createdAt", 9, 2)::integer, substr(t."createdAt", 12, 2)::integer,
                                            substr(t."createdAt", 15, 2)::integer,
                                            substring(substr(t."createdAt", 18, 9), '^[0-9.]+')::double precision)
                             - make_interval(0, 0, 0, 0,
                                   coalesce(substring(t."createdAt", '([+-][0-9]{2}):?[0-9]{2}$'), '0')::integer,
                                   coalesce(substring(t."createdAt", '[+-](?=[0-9]{2}:?[0-9]{2}$)')
                                            || right(t."createdAt", 2), '0')::integer))
    END AS conversation_start_time,
    coalesce(u."identifier", t."userIdentifier") AS user_id,
    -- The empty text in front makes it NULL without a user, as it is anyway, in a way that the planner understands: one
    -- e-mail is then looked for among the users first.
    left(u."id"::text, 0) || coalesce(u."metadata" ->> 'email', substring(u."identifier", '^.+@.+$')) AS user_email,
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
           count(*) FILTER (WHERE x.is_error) AS errors,
           min(x.created_at) AS first_at,
           max(x.created_at) AS last_at,
           round(avg(x.response_seconds), 2) AS response_seconds,
           round(avg(length(x.asked)), 2) AS avg_input,
           round(avg(length(x.answered)), 2) AS avg_output,
           max(length(x.asked)) AS max_input,
           max(length(x.answered)) AS max_output
    FROM (
        SELECT st."type",
               -- A run that failed and its answer are one error.
               st."isError" AND run."isError" IS NOT TRUE AS is_error,
               iso_timestamp(st."createdAt") AS created_at,
               -- What people wrote stands in "output" of their own messages: "input" is used by runs and tools only.
               CASE WHEN st."type" = 'user_message'
                    THEN coalesce(nullif(st."input", ''), nullif(st."output", ''))
                    ELSE nullif(st."input", '') END AS asked,
               CASE WHEN st."type" <> 'user_message' THEN nullif(st."output", '') END AS answered,
               -- What ended without an answer answered nobody: it failed, or it was stopped, edited or deleted.
               CASE WHEN st."type" = 'assistant_message' AND st."isError" IS NOT TRUE
                         AND coalesce(run."metadata" ->> 'error', '') NOT IN ('stopped', 'edited', 'deleted')
                    THEN answer_seconds(st."start", st."end", st."metadata", run."start", run."end")
               END AS response_seconds
        FROM steps st
        LEFT JOIN steps run ON run."id" = CASE WHEN st."type" = 'assistant_message' THEN st."parentId" END
            AND run."type" = 'run'
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

-- An installation of BI Hub may have left its own version, readable by everybody.
REVOKE ALL ON chat_summary_view FROM PUBLIC;
