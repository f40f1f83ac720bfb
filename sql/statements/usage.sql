-- [{}] -> [{today, week, month}]: what admins see at a glance in Slack. Counted from turns, which know every person of
-- a thread and the time from question to answer; days are calendar days in UTC, as in performance_dashboard_view.
WITH period AS (
    SELECT name, ((now() AT TIME ZONE 'UTC')::date - back)::timestamp AT TIME ZONE 'UTC' AS began
    FROM (VALUES ('today', 0), ('week', 6), ('month', 29)) AS days (name, back)
), asked AS (
    SELECT period.name,
           count(*) AS questions,
           count(DISTINCT turn.chat_thread_id) AS conversations,
           count(DISTINCT (turn.team_id, turn.user_id)) AS people,
           count(*) FILTER (WHERE turn.state = 'failed' AND NOT turn.was_stopped) AS failed,
           count(*) FILTER (WHERE turn.was_stopped) AS stopped,
           avg(waited.seconds) AS average_seconds,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY waited.seconds) AS p95_seconds
    FROM period
    JOIN genie_app.turns AS turn ON turn.received_at >= period.began
        -- The month once more, as a value that the planner knows: then it takes the index.
        AND turn.received_at >= ((now() AT TIME ZONE 'UTC')::date - 29)::timestamp AT TIME ZONE 'UTC'
    CROSS JOIN LATERAL (
        SELECT CASE WHEN turn.state = 'delivered' AND turn.finished_at > turn.received_at
                    THEN extract(epoch FROM turn.finished_at - turn.received_at)::double precision END AS seconds
    ) AS waited
    GROUP BY period.name
), rated AS (
    -- Thumbs are 0 and 1; a web app may have written stars from 2 to 5. See feedback_score().
    SELECT period.name,
           count(*) FILTER (WHERE given."value" IN (1, 4, 5)) AS ratings_up,
           count(*) FILTER (WHERE given."value" IN (0, 2)) AS ratings_down
    FROM period
    JOIN genie_app.ratings AS rating ON rating.created_at >= period.began
        AND rating.created_at >= ((now() AT TIME ZONE 'UTC')::date - 29)::timestamp AT TIME ZONE 'UTC'
    JOIN {chat}.feedbacks AS given ON given."id" = rating.feedback_id
    GROUP BY period.name
), counted AS (
    SELECT jsonb_object_agg(period.name, jsonb_build_object(
               'conversations', coalesce(asked.conversations, 0),
               'questions', coalesce(asked.questions, 0),
               'people', coalesce(asked.people, 0),
               'failed', coalesce(asked.failed, 0),
               'stopped', coalesce(asked.stopped, 0),
               'average_seconds', coalesce(asked.average_seconds, 0),
               'p95_seconds', coalesce(asked.p95_seconds, 0),
               'ratings_up', coalesce(rated.ratings_up, 0),
               'ratings_down', coalesce(rated.ratings_down, 0))) AS numbers
    FROM period
    LEFT JOIN asked USING (name)
    LEFT JOIN rated USING (name)
)
SELECT jsonb_agg(counted.numbers) FROM jsonb_array_elements($1), counted
