-- Who asked in which thread: in a Slack thread that is not only who began it, to whom "userId" belongs. A Chainlit app
-- that shows people the threads in which they asked reads it (resources/chainlit does), by "user_id" or "thread_id".
-- Whoever may read the view needs no rights on the tables behind it.
CREATE OR REPLACE VIEW thread_askers_view AS
SELECT DISTINCT
    turn.chat_thread_id AS thread_id,
    person."id" AS user_id,
    person."identifier" AS user_identifier,
    turn.user_id AS slack_user
FROM genie_app.turns AS turn
JOIN genie_app.people AS known ON known.team_id = turn.team_id AND known.slack_user = turn.user_id
JOIN users AS person ON person."id" = known.user_id;

REVOKE ALL ON thread_askers_view FROM PUBLIC;
