-- [{turn_id, is_stored, rows}], after write_people, for turns that this transaction has written: by id, later values
-- replace earlier ones, in order of id so that two processes never wait for each other in a circle. Keys are the
-- columns' names.
WITH part AS MATERIALIZED (
    SELECT call.position, call.value->'rows' AS rows
    FROM jsonb_array_elements($1) WITH ORDINALITY AS call (value, position)
    JOIN genie_app.turns AS turn
        ON turn.id = call.value->>'turn_id' AND turn.xmin = pg_current_xact_id()::xid
    -- What was stored before may have lost its conversation, which stays deleted whatever else the call knows of it; see
    -- lock_for_store.
    WHERE NOT (call.value->>'is_stored')::boolean
       OR EXISTS (SELECT FROM {chat}.threads AS thread WHERE thread."id" = turn.chat_thread_id)
), author AS MATERIALIZED (
    -- The row that stands for a person of the batch.
    SELECT DISTINCT ON (person."id") person."id", coalesce(stands_for.user_id, own."id", holder."id") AS user_id
    FROM part
    CROSS JOIN LATERAL jsonb_populate_recordset(NULL::{chat}.users, part.rows->'users') AS person
    LEFT JOIN LATERAL (
        SELECT found.user_id FROM genie_app.people AS found
        WHERE found.team_id = person."metadata"->'slack'->>'team'
          AND found.slack_user = person."metadata"->'slack'->>'user' LIMIT 1) AS stands_for ON true
    LEFT JOIN LATERAL (
        SELECT found."id" FROM {chat}.users AS found WHERE found."id" = person."id" LIMIT 1) AS own ON true
    LEFT JOIN LATERAL (
        SELECT found."id" FROM {chat}.users AS found
        WHERE found."identifier" = person."identifier" LIMIT 1) AS holder ON true
), written_threads AS (
    INSERT INTO {chat}.threads AS known ("id", "createdAt", "name", "userId", "userIdentifier", "tags", "metadata")
    SELECT DISTINCT ON (thread."id") thread."id", thread."createdAt", thread."name", person."id", person."identifier",
           thread."tags", thread."metadata"
    FROM part
    CROSS JOIN LATERAL jsonb_populate_recordset(NULL::{chat}.threads, part.rows->'threads') AS thread
    LEFT JOIN author ON author."id" = thread."userId"
    LEFT JOIN LATERAL (
        SELECT found."id", found."identifier" FROM {chat}.users AS found
        WHERE found."id" = coalesce(author.user_id, thread."userId") LIMIT 1) AS person ON true
    ORDER BY thread."id", part.position
    ON CONFLICT ("id") DO UPDATE
    SET "name" = coalesce(known."name", EXCLUDED."name"),
        -- The author is who asked first.
        "userId" = coalesce(known."userId", EXCLUDED."userId"),
        "userIdentifier" = coalesce(known."userIdentifier", EXCLUDED."userIdentifier"),
        "metadata" = coalesce(EXCLUDED."metadata", '{}') || coalesce(known."metadata", '{}')
    WHERE known."name" IS NULL OR known."userId" IS NULL OR known."metadata" IS NULL
       OR NOT known."metadata" @> EXCLUDED."metadata"
), written_steps AS (
    INSERT INTO {chat}.steps ("id", "name", "type", "threadId", "parentId", "streaming", "waitForAnswer", "isError",
                              "metadata", "input", "output", "createdAt", "start", "end", "showInput", "language",
                              "defaultOpen", "autoCollapse")
    SELECT DISTINCT ON (step."id") step."id", step."name", step."type", step."threadId", step."parentId", false, false,
           step."isError", step."metadata", step."input", step."output",
           first_value(step."createdAt") OVER (PARTITION BY step."id" ORDER BY part.position, step.ordinality),
           step."start", step."end", step."showInput", step."language", false, false
    FROM part
    CROSS JOIN LATERAL jsonb_populate_recordset(NULL::{chat}.steps, part.rows->'steps') WITH ORDINALITY AS step
    ORDER BY step."id", part.position DESC, step.ordinality DESC
    ON CONFLICT ("id") DO UPDATE
    SET "name" = EXCLUDED."name", "type" = EXCLUDED."type", "parentId" = EXCLUDED."parentId",
        "isError" = EXCLUDED."isError", "metadata" = EXCLUDED."metadata", "input" = EXCLUDED."input",
        "output" = EXCLUDED."output", "start" = EXCLUDED."start", "end" = EXCLUDED."end",
        "showInput" = EXCLUDED."showInput", "language" = EXCLUDED."language"
)
INSERT INTO {chat}.elements ("id", "threadId", "type", "url", "name", "display", "objectKey", "forId", "mime", "props")
SELECT DISTINCT ON (element."id") element."id", element."threadId", element."type", element."url", element."name",
       element."display", element."objectKey", element."forId", element."mime", element."props"
FROM part
CROSS JOIN LATERAL jsonb_populate_recordset(NULL::{chat}.elements, part.rows->'elements') AS element
ORDER BY element."id", part.position DESC
ON CONFLICT ("id") DO UPDATE
SET "type" = EXCLUDED."type", "url" = EXCLUDED."url", "name" = EXCLUDED."name", "display" = EXCLUDED."display",
    "objectKey" = EXCLUDED."objectKey", "forId" = EXCLUDED."forId", "mime" = EXCLUDED."mime", "props" = EXCLUDED."props"
