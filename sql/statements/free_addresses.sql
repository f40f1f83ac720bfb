-- [{turn_id, rows}], after part_people and before write_people: an address that Slack gives to somebody by now is free
-- for them. The row that has it keeps its person and their threads, under a name by which nobody signs in, until Slack
-- tells that person's new address. So nobody gets to see what somebody else asked who had the address before.
WITH person AS MATERIALIZED (
    SELECT DISTINCT ON (person."id") person."id", person."identifier",
           person."metadata"->'slack'->>'team' AS team_id, person."metadata"->'slack'->>'user' AS slack_user
    FROM jsonb_array_elements($1) WITH ORDINALITY AS call (value, position)
    CROSS JOIN LATERAL jsonb_populate_recordset(NULL::{chat}.users, call.value->'rows'->'users') AS person
    JOIN genie_app.turns AS turn
        ON turn.id = call.value->>'turn_id' AND turn.xmin = pg_current_xact_id()::xid
    WHERE person."metadata" ? 'email'
    ORDER BY person."id", call.position DESC
), freed AS MATERIALIZED (
    SELECT DISTINCT ON (holder."id") holder."id", holder."identifier" AS address,
           CASE WHEN EXISTS (SELECT FROM {chat}.users AS found
                             WHERE found."identifier" = other.team_id || '/' || other.slack_user)
                THEN holder."id"::text ELSE other.team_id || '/' || other.slack_user END AS identifier
    FROM person
    JOIN {chat}.users AS holder ON lower(holder."identifier") = lower(person."identifier")
    JOIN genie_app.people AS other
        ON other.user_id = holder."id" AND other.team_id = person.team_id AND other.slack_user <> person.slack_user
    WHERE NOT EXISTS (SELECT FROM genie_app.people AS own
                      WHERE own.user_id = holder."id" AND own.team_id = person.team_id
                        AND own.slack_user = person.slack_user)
    ORDER BY holder."id", other.slack_user
), renamed AS (
    UPDATE {chat}.users AS person
    SET "identifier" = freed.identifier,
        "metadata" = CASE WHEN lower(person."metadata"->>'email') = lower(freed.address)
                          THEN person."metadata" - 'email' ELSE person."metadata" END
    FROM freed
    WHERE person."id" = freed."id"
      AND person."id" = ANY (ARRAY(SELECT given_up."id" FROM freed AS given_up))
)
UPDATE {chat}.threads AS thread
SET "userIdentifier" = freed.identifier
FROM freed
WHERE thread."userId" = freed."id" AND thread."userId" = ANY (ARRAY(SELECT given_up."id" FROM freed AS given_up))
