-- [{turn_id, rows}], after accept_turns and store_turns, for turns that this transaction has written: who is in the
-- rows. One row of users is one person, under the identifier by which the web login knows them once the e-mail is
-- known. An e-mail address is the same in capitals or not: a row keeps the letters that it has, a new one is written in
-- small letters. An address that another person's row of the same team has after free_addresses is one of before, and so is
-- one that Slack told before the person's own: they count for none.
-- LIMIT 1 and ARRAY() see to it that rows are looked up by their keys, however many the planner takes a batch for.
-- Two people of a batch who would become one row in a way that this does not foresee break a key; then each is written
-- in a batch of its own.
WITH came AS MATERIALIZED (
    SELECT DISTINCT ON (person."id") person."id", person."identifier", person."metadata", person."createdAt",
           person."metadata"->'slack'->>'team' AS team_id, person."metadata"->'slack'->>'user' AS slack_user,
           person."metadata" ? 'email' AS has_email, (told.value->>'told_at')::timestamptz AS told_at
    FROM jsonb_array_elements($1) WITH ORDINALITY AS call (value, position)
    CROSS JOIN LATERAL jsonb_array_elements(call.value->'rows'->'users') AS told (value)
    CROSS JOIN LATERAL jsonb_populate_record(NULL::{chat}.users, told.value) AS person
    JOIN genie_app.turns AS turn
        ON turn.id = call.value->>'turn_id' AND turn.xmin = pg_current_xact_id()::xid
    ORDER BY person."id", call.position DESC
), person AS MATERIALIZED (
    SELECT came."id", came.team_id, came.slack_user, came."createdAt", address.counts AS has_email,
           CASE WHEN came.has_email AND NOT address.counts
                THEN came.slack_user ELSE came."identifier" END AS "identifier",
           CASE WHEN address.counts THEN came."metadata" ELSE came."metadata" - 'email' END AS "metadata",
           CASE WHEN address.counts THEN came.told_at END AS told_at
    FROM came
    LEFT JOIN LATERAL (
        SELECT found.told_at FROM genie_app.people AS found
        WHERE found.team_id = came.team_id AND found.slack_user = came.slack_user LIMIT 1) AS own ON true
    CROSS JOIN LATERAL (
        SELECT came.has_email AND (came.told_at >= own.told_at) IS NOT FALSE
               AND (SELECT true
                    FROM (SELECT found."id" FROM {chat}.users AS found
                          WHERE lower(found."identifier") = lower(came."identifier") OFFSET 0) AS holder
                    CROSS JOIN LATERAL (
                        SELECT FROM genie_app.people AS found
                        WHERE found.user_id = holder."id" AND found.team_id = came.team_id
                          AND found.slack_user <> came.slack_user OFFSET 0) AS other
                    LIMIT 1) IS NULL AS counts
    ) AS address
), known AS MATERIALIZED (
    SELECT person.*, coalesce(mapped."id", own."id") AS stored_id, stands_for.user_id AS mapped_id,
           CASE WHEN mapped."id" IS NOT NULL THEN mapped."identifier" ELSE own."identifier" END AS stored_identifier,
           holder."id" AS holder_id, holder."identifier" AS holder_identifier
    FROM person
    LEFT JOIN LATERAL (
        SELECT found.user_id FROM genie_app.people AS found
        WHERE found.team_id = person.team_id AND found.slack_user = person.slack_user LIMIT 1) AS stands_for ON true
    LEFT JOIN LATERAL (
        SELECT found."id", found."identifier" FROM {chat}.users AS found
        WHERE found."id" = stands_for.user_id LIMIT 1) AS mapped ON true
    LEFT JOIN LATERAL (
        SELECT found."id", found."identifier" FROM {chat}.users AS found
        WHERE found."id" = person."id" LIMIT 1) AS own ON true
    -- Of rows whose addresses differ in capitals alone: the one that stands for the person already, unless the bot made
    -- it before the web login made its own. So two logins of one person never take turns.
    LEFT JOIN LATERAL (
        SELECT found."id", found."identifier" FROM {chat}.users AS found
        WHERE lower(found."identifier") = lower(person."identifier")
          AND (person.has_email OR found."identifier" = person."identifier")
        -- Version 8: part_people made it.
        ORDER BY found."id" = person."id" OR substr(found."id"::text, 15, 1) = '8',
                 coalesce(found."id" = coalesce(mapped."id", own."id"), false) DESC,
                 found."identifier" = person."identifier" DESC, found."identifier"
        LIMIT 1) AS holder ON true
), named AS MATERIALIZED (
    -- A Slack id is unique only within a team: without an e-mail the other team's person is another one.
    SELECT known."id", known."metadata", known."createdAt", known.team_id, known.slack_user, known.has_email,
           known.told_at,
           known.stored_id, known.mapped_id, known.stored_identifier, known.holder_identifier,
           CASE WHEN foreign_name.is_foreign THEN known.team_id || '/' || known."identifier"
                WHEN known.has_email THEN lower(known."identifier")
                ELSE known."identifier" END AS identifier,
           CASE WHEN foreign_name.is_foreign THEN own_name."id" ELSE known.holder_id END AS holder_id
    FROM known
    CROSS JOIN LATERAL (
        SELECT NOT known.has_email AND known.holder_id IS DISTINCT FROM known.stored_id
               AND EXISTS (SELECT FROM genie_app.people AS other
                           WHERE other.user_id = known.holder_id AND other.team_id <> known.team_id) AS is_foreign
    ) AS foreign_name
    LEFT JOIN LATERAL (
        SELECT found."id" FROM {chat}.users AS found
        WHERE foreign_name.is_foreign AND found."identifier" = known.team_id || '/' || known."identifier"
        LIMIT 1) AS own_name ON true
), decided AS MATERIALIZED (
    -- Where the web login has a row for the person already, that one stays.
    SELECT named.*, what.is_new, what.is_moved,
           NOT what.is_new AND NOT what.is_moved AND named.has_email
           AND lower(named.stored_identifier) IS DISTINCT FROM named.identifier AS is_renamed,
           CASE WHEN what.is_new AND what.is_claimed THEN named."id"
                WHEN what.is_new
                THEN first_value(named."id") OVER (
                    PARTITION BY what.is_new, named.identifier,
                                 CASE WHEN NOT named.has_email THEN coalesce(named.team_id, '') END
                    ORDER BY named."id")
                WHEN what.is_moved THEN named.holder_id
                ELSE named.stored_id END AS target_id
    FROM named
    CROSS JOIN LATERAL (
        SELECT named.stored_id IS NULL AND named.holder_id IS NULL AS is_new,
               named.holder_id IS NOT NULL AND named.holder_id IS DISTINCT FROM named.stored_id
               AND (named.stored_id IS NULL OR named.has_email) AS is_moved,
               -- Two people of one team who came with one address in one batch: it is the one's who comes last.
               EXISTS (SELECT FROM named AS other
                       WHERE other.identifier = named.identifier AND other.team_id = named.team_id
                         AND other.slack_user <> named.slack_user) AS is_claimed
    ) AS what
), created AS (
    INSERT INTO {chat}.users ("id", "identifier", "metadata", "createdAt")
    SELECT decided."id", decided.identifier, decided."metadata", decided."createdAt"
    FROM decided
    WHERE decided.is_new AND decided.target_id = decided."id"
    ORDER BY decided."id"
), moved_threads AS (
    UPDATE {chat}.threads AS thread
    SET "userId" = decided.target_id, "userIdentifier" = decided.holder_identifier
    FROM decided
    WHERE decided.is_moved AND thread."userId" = decided.stored_id
      AND thread."userId" = ANY (ARRAY(SELECT moved.stored_id FROM decided AS moved WHERE moved.is_moved))
), moved_people AS (
    UPDATE genie_app.people AS other
    SET user_id = decided.target_id,
        told_at = CASE WHEN (other.team_id, other.slack_user) = (decided.team_id, decided.slack_user)
                       THEN coalesce(decided.told_at, other.told_at) ELSE other.told_at END
    FROM decided
    WHERE decided.is_moved AND other.user_id = decided.stored_id
      AND other.user_id = ANY (ARRAY(SELECT moved.stored_id FROM decided AS moved WHERE moved.is_moved))
), left_behind AS (
    DELETE FROM {chat}.users AS person
    WHERE person."id" = ANY (ARRAY(SELECT moved.stored_id FROM decided AS moved
                                   -- Also one that part_people made.
                                   WHERE moved.is_moved AND (moved.stored_id = moved."id"
                                                             OR substr(moved.stored_id::text, 15, 1) = '8')))
), changed AS (
    UPDATE {chat}.users AS person
    SET "identifier" = CASE WHEN decided.is_renamed THEN decided.identifier ELSE person."identifier" END,
        "metadata" = person."metadata" || decided."metadata"
    FROM decided
    WHERE person."id" = decided.target_id AND NOT decided.is_new
      AND (decided.is_renamed OR NOT person."metadata" @> decided."metadata")
      AND person."id" = ANY (ARRAY(SELECT kept.target_id FROM decided AS kept WHERE NOT kept.is_new))
), renamed_threads AS (
    UPDATE {chat}.threads AS thread
    SET "userIdentifier" = decided.identifier
    FROM decided
    WHERE decided.is_renamed AND thread."userId" = decided.target_id
      AND thread."userId" = ANY (ARRAY(SELECT renamed.target_id FROM decided AS renamed WHERE renamed.is_renamed))
)
INSERT INTO genie_app.people AS stands_for (team_id, slack_user, user_id, told_at)
SELECT decided.team_id, decided.slack_user, decided.target_id, decided.told_at
FROM decided
WHERE decided.team_id IS NOT NULL AND decided.slack_user IS NOT NULL
  -- Those are among moved_people.
  AND NOT coalesce(decided.is_moved AND decided.mapped_id = decided.stored_id, false)
ORDER BY decided.team_id, decided.slack_user
ON CONFLICT (team_id, slack_user) DO UPDATE
SET user_id = EXCLUDED.user_id, told_at = coalesce(EXCLUDED.told_at, stands_for.told_at)
WHERE stands_for.user_id <> EXCLUDED.user_id OR (EXCLUDED.told_at > stands_for.told_at) IS NOT FALSE
      AND EXCLUDED.told_at IS NOT NULL
