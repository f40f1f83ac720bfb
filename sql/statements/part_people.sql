-- [{turn_id, rows}], before write_people: two in Slack who have one row of users, but are not one person, part. Within a
-- team everybody has an address of their own, so two people of one team in a row are an address that went from one to
-- the other; who is in two teams is one person for as long as the address is the same there. The row stays with whom it
-- was made for, and with it chats that do not come from Slack; who leaves gets a row without an address, and the threads
-- that they began.
-- LATERAL and ARRAY() see to it that rows are looked up by their keys, however many the planner takes a batch for.
WITH person AS MATERIALIZED (
    SELECT DISTINCT ON (person."id") person."id", person."identifier",
           person."metadata"->'slack'->>'team' AS team_id, person."metadata"->'slack'->>'user' AS slack_user,
           person."metadata" ? 'email' AS has_email, (told.value->>'told_at')::timestamptz AS told_at
    FROM jsonb_array_elements($1) WITH ORDINALITY AS call (value, position)
    CROSS JOIN LATERAL jsonb_array_elements(call.value->'rows'->'users') AS told (value)
    CROSS JOIN LATERAL jsonb_populate_record(NULL::{chat}.users, told.value) AS person
    JOIN genie_app.turns AS turn
        ON turn.id = call.value->>'turn_id' AND turn.xmin = pg_current_xact_id()::xid
    ORDER BY person."id", call.position DESC
), shared AS MATERIALIZED (
    SELECT row_of."id" AS user_id, who.team_id, who.slack_user,
           -- Of version 8, which neither Chainlit nor the bot gives to anybody else; the same at every repetition.
           overlay(overlay(md5('slack:' || who.team_id || ':parted:' || who.slack_user) PLACING '8' FROM 13)
                   PLACING 'a' FROM 17)::uuid AS new_id
    FROM person
    JOIN LATERAL (
        SELECT found.user_id, found.told_at FROM genie_app.people AS found
        WHERE found.team_id = person.team_id AND found.slack_user = person.slack_user LIMIT 1) AS stands_for ON true
    JOIN LATERAL (
        SELECT found."id", found."identifier" FROM {chat}.users AS found
        WHERE found."id" = stands_for.user_id LIMIT 1) AS row_of ON true
    JOIN LATERAL (
        SELECT found.team_id, found.slack_user FROM genie_app.people AS found
        WHERE found.user_id = stands_for.user_id OFFSET 0) AS other
        ON (other.team_id, other.slack_user) <> (person.team_id, person.slack_user)
           AND (other.team_id = person.team_id
                OR person.has_email AND (person.told_at >= stands_for.told_at) IS NOT FALSE
                   AND lower(row_of."identifier") <> lower(person."identifier"))
    CROSS JOIN LATERAL (
        SELECT CASE WHEN row_of."id" = person."id" THEN other.team_id ELSE person.team_id END AS team_id,
               CASE WHEN row_of."id" = person."id" THEN other.slack_user ELSE person.slack_user END AS slack_user
    ) AS who
), leaving AS MATERIALIZED (
    SELECT DISTINCT ON (shared.new_id) shared.user_id, shared.team_id, shared.slack_user, shared.new_id,
           coalesce(known."identifier",
                    CASE WHEN (SELECT true FROM {chat}.users AS found
                               WHERE found."identifier" = shared.team_id || '/' || shared.slack_user LIMIT 1)
                         THEN shared.new_id::text ELSE shared.team_id || '/' || shared.slack_user END) AS identifier
    FROM shared
    LEFT JOIN LATERAL (
        SELECT found."identifier" FROM {chat}.users AS found
        WHERE found."id" = shared.new_id LIMIT 1) AS known ON true
    ORDER BY shared.new_id
), made AS (
    INSERT INTO {chat}.users ("id", "identifier", "metadata", "createdAt")
    SELECT leaving.new_id, leaving.identifier,
           jsonb_build_object('slack', jsonb_build_object('team', leaving.team_id, 'user', leaving.slack_user)),
           to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    FROM leaving
    ORDER BY leaving.new_id
    ON CONFLICT ("id") DO NOTHING
), parted AS (
    UPDATE genie_app.people AS stands_for
    SET user_id = leaving.new_id
    FROM leaving
    WHERE stands_for.team_id = leaving.team_id AND stands_for.slack_user = leaving.slack_user
      AND stands_for.user_id = ANY (ARRAY(SELECT parting.user_id FROM leaving AS parting))
)
UPDATE {chat}.threads AS thread
SET "userId" = leaving.new_id, "userIdentifier" = leaving.identifier
FROM leaving
WHERE thread."userId" = leaving.user_id
  AND thread."metadata"->'slack'->>'team' = leaving.team_id AND thread."metadata"->'slack'->>'user' = leaving.slack_user
  AND thread."userId" = ANY (ARRAY(SELECT parting.user_id FROM leaving AS parting))
