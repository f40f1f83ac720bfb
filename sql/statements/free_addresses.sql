-- [{turn_id, rows}], after part_people and before write_people: an address that Slack gives to somebody by now is free
-- for them. The row that has it keeps its person and their threads, under a name by which nobody signs in, until Slack
-- tells that person's new address. So nobody gets to see what somebody else asked who had the address before. Of two who
-- came with it the one is right to whom Slack gave it later: a process may know an address of a day ago.
WITH person AS MATERIALIZED (
    SELECT DISTINCT ON (person."id") person."id", person."identifier",
           person."metadata"->'slack'->>'team' AS team_id, person."metadata"->'slack'->>'user' AS slack_user,
           (told.value->>'told_at')::timestamptz AS told_at
    FROM jsonb_array_elements($1) WITH ORDINALITY AS call (value, position)
    CROSS JOIN LATERAL jsonb_array_elements(call.value->'rows'->'users') AS told (value)
    CROSS JOIN LATERAL jsonb_populate_record(NULL::{chat}.users, told.value) AS person
    JOIN genie_app.turns AS turn
        ON turn.id = call.value->>'turn_id' AND turn.xmin = pg_current_xact_id()::xid
    WHERE person."metadata" ? 'email'
    ORDER BY person."id", call.position DESC
), freed AS MATERIALIZED (
    SELECT DISTINCT ON (holder."id") holder."id", holder."identifier" AS address,
           CASE WHEN (SELECT true FROM {chat}.users AS found
                      WHERE found."identifier" = other.team_id || '/' || other.slack_user LIMIT 1)
                THEN holder."id"::text ELSE other.team_id || '/' || other.slack_user END AS identifier
    FROM person
    JOIN LATERAL (
        SELECT found."id", found."identifier" FROM {chat}.users AS found
        WHERE lower(found."identifier") = lower(person."identifier") OFFSET 0) AS holder ON true
    JOIN LATERAL (
        SELECT found.team_id, found.slack_user, found.told_at FROM genie_app.people AS found
        WHERE found.user_id = holder."id" OFFSET 0) AS other
        ON other.team_id = person.team_id AND other.slack_user <> person.slack_user
    LEFT JOIN LATERAL (
        SELECT found.user_id, found.told_at FROM genie_app.people AS found
        WHERE found.team_id = person.team_id AND found.slack_user = person.slack_user LIMIT 1) AS own ON true
    WHERE own.user_id IS DISTINCT FROM holder."id"
      AND (person.told_at >= own.told_at) IS NOT FALSE AND (person.told_at >= other.told_at) IS NOT FALSE
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
