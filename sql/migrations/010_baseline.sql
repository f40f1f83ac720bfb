-- The schema as the first nine migrations left it, in one file. A database that has applied those (their checksums are
-- in schema_baseline.hpp) has it already and only records its number; the functions of that time stay there, for
-- processes of that version that still run beside newer ones, and are dropped by a later release.
-- The chat tables are in the schema that comes first in search_path.

-- Which Genie conversation a Slack thread continues. The first six columns are those of the older Python bot, whose
-- table is adopted in place. A Slack ts is unique only within a channel, a channel id only within a team, so both join
-- the key; '' stands for "not known" in rows that the older bot wrote.
CREATE TABLE IF NOT EXISTS genie_app.conversation_tracker (
    thread_ts varchar PRIMARY KEY,
    conversation_id varchar,
    genie_room_id varchar NOT NULL,
    genie_room_name varchar NOT NULL,
    created_at timestamp DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamp DEFAULT CURRENT_TIMESTAMP
);

ALTER TABLE genie_app.conversation_tracker
    ADD COLUMN IF NOT EXISTS team_id varchar NOT NULL DEFAULT '',
    ADD COLUMN IF NOT EXISTS channel_id varchar NOT NULL DEFAULT '';

-- Whatever the old primary key was called.
DO $$
DECLARE
    old_key name := (SELECT conname FROM pg_constraint
                     WHERE conrelid = 'genie_app.conversation_tracker'::regclass AND contype = 'p');
BEGIN
    IF old_key IS NOT NULL THEN
        EXECUTE format('ALTER TABLE genie_app.conversation_tracker DROP CONSTRAINT %I', old_key);
    END IF;
    ALTER TABLE genie_app.conversation_tracker
        ADD CONSTRAINT conversation_tracker_pkey PRIMARY KEY (thread_ts, channel_id, team_id);
    -- The older bot also kept which message of which channel came from which conversation: where that tells the channel
    -- of a row, nobody in another channel can continue it.
    IF to_regclass('genie_app.message_tracker') IS NOT NULL THEN
        UPDATE genie_app.conversation_tracker conversation
        SET channel_id = known.channel_id
        FROM (SELECT conversation_id, min(slack_channel_id) AS channel_id
              FROM genie_app.message_tracker
              GROUP BY conversation_id
              HAVING count(DISTINCT slack_channel_id) = 1) known
        WHERE known.conversation_id = conversation.conversation_id AND conversation.channel_id = '';
    END IF;
END
$$;

-- The five tables of Chainlit's SQLAlchemy data layer, in the schema that comes first in search_path.
-- Names, types and nullability are Chainlit's contract: timestamps are text, ids are uuid, names are quoted camelCase.
-- Beyond the documented columns there are those that today's Chainlit writes without shipping a migration for them:
-- steps.modes and steps."autoCollapse", elements."autoPlay" and elements."playerConfig". Where one of them is missing,
-- Chainlit only logs a warning and the step or element is lost.

CREATE TABLE IF NOT EXISTS users (
    "id" UUID PRIMARY KEY,
    "identifier" TEXT NOT NULL UNIQUE,
    "metadata" JSONB NOT NULL,
    "createdAt" TEXT
);

CREATE TABLE IF NOT EXISTS threads (
    "id" UUID PRIMARY KEY,
    "createdAt" TEXT,
    "name" TEXT,
    "userId" UUID,
    "userIdentifier" TEXT,
    "tags" TEXT[],
    "metadata" JSONB,
    FOREIGN KEY ("userId") REFERENCES users("id") ON DELETE CASCADE
);

CREATE TABLE IF NOT EXISTS steps (
    "id" UUID PRIMARY KEY,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "threadId" UUID NOT NULL,
    "parentId" UUID,
    "streaming" BOOLEAN NOT NULL,
    "waitForAnswer" BOOLEAN,
    "isError" BOOLEAN,
    "metadata" JSONB,
    "tags" TEXT[],
    "input" TEXT,
    "output" TEXT,
    "createdAt" TEXT,
    "command" TEXT,
    "start" TEXT,
    "end" TEXT,
    "generation" JSONB,
    "showInput" TEXT,
    "language" TEXT,
    "indent" INT,
    "defaultOpen" BOOLEAN,
    "modes" JSONB,
    "autoCollapse" BOOLEAN,
    FOREIGN KEY ("threadId") REFERENCES threads("id") ON DELETE CASCADE
);

CREATE TABLE IF NOT EXISTS elements (
    "id" UUID PRIMARY KEY,
    "threadId" UUID,
    "type" TEXT,
    "url" TEXT,
    "chainlitKey" TEXT,
    "name" TEXT NOT NULL,
    "display" TEXT,
    "objectKey" TEXT,
    "size" TEXT,
    "page" INT,
    "language" TEXT,
    "forId" UUID,
    "mime" TEXT,
    "props" JSONB,
    "autoPlay" BOOLEAN,
    "playerConfig" JSONB,
    FOREIGN KEY ("threadId") REFERENCES threads("id") ON DELETE CASCADE
);

CREATE TABLE IF NOT EXISTS feedbacks (
    "id" UUID PRIMARY KEY,
    "forId" UUID NOT NULL,
    "threadId" UUID NOT NULL,
    "value" INT NOT NULL,
    "comment" TEXT,
    FOREIGN KEY ("threadId") REFERENCES threads("id") ON DELETE CASCADE
);

-- Adoption of tables that an existing Chainlit installation made. ALTER TABLE needs ownership even when IF NOT EXISTS
-- has nothing to do, so only what is really missing is altered: a role that does not own complete tables gets through.
-- Columns that are there keep their types, whatever they are; new ones are nullable, since old rows have no value for
-- them.
DO $adopt$
DECLARE
    chat_schema constant text := current_schema();
    fixes text[];
    fix text;
    adopts_feedback_threads boolean;
BEGIN
    SELECT array_agg(format('ALTER TABLE %I.%I ADD COLUMN %I %s', chat_schema, c.table_name, c.column_name,
                            c.column_type)
                     || CASE WHEN c.column_name = 'threadId'
                             THEN format(' REFERENCES %I.threads("id") ON DELETE CASCADE', chat_schema) ELSE '' END
                     ORDER BY c.table_name, c.column_name),
           coalesce(bool_or(c.table_name = 'feedbacks' AND c.column_name = 'threadId'), false)
    INTO fixes, adopts_feedback_threads
    FROM (VALUES
        ('users', 'id', 'uuid'), ('users', 'identifier', 'text'), ('users', 'metadata', 'jsonb'),
        ('users', 'createdAt', 'text'),

        ('threads', 'id', 'uuid'), ('threads', 'createdAt', 'text'), ('threads', 'name', 'text'),
        ('threads', 'userId', 'uuid'), ('threads', 'userIdentifier', 'text'), ('threads', 'tags', 'text[]'),
        ('threads', 'metadata', 'jsonb'),

        ('steps', 'id', 'uuid'), ('steps', 'name', 'text'), ('steps', 'type', 'text'), ('steps', 'threadId', 'uuid'),
        ('steps', 'parentId', 'uuid'), ('steps', 'streaming', 'boolean'), ('steps', 'waitForAnswer', 'boolean'),
        ('steps', 'isError', 'boolean'), ('steps', 'metadata', 'jsonb'), ('steps', 'tags', 'text[]'),
        ('steps', 'input', 'text'), ('steps', 'output', 'text'), ('steps', 'createdAt', 'text'),
        ('steps', 'command', 'text'), ('steps', 'start', 'text'), ('steps', 'end', 'text'),
        ('steps', 'generation', 'jsonb'), ('steps', 'showInput', 'text'), ('steps', 'language', 'text'),
        ('steps', 'indent', 'integer'), ('steps', 'defaultOpen', 'boolean'), ('steps', 'modes', 'jsonb'),
        ('steps', 'autoCollapse', 'boolean'),

        ('elements', 'id', 'uuid'), ('elements', 'threadId', 'uuid'), ('elements', 'type', 'text'),
        ('elements', 'url', 'text'), ('elements', 'chainlitKey', 'text'), ('elements', 'name', 'text'),
        ('elements', 'display', 'text'), ('elements', 'objectKey', 'text'), ('elements', 'size', 'text'),
        ('elements', 'page', 'integer'), ('elements', 'language', 'text'), ('elements', 'forId', 'uuid'),
        ('elements', 'mime', 'text'), ('elements', 'props', 'jsonb'), ('elements', 'autoPlay', 'boolean'),
        ('elements', 'playerConfig', 'jsonb'),

        ('feedbacks', 'id', 'uuid'), ('feedbacks', 'forId', 'uuid'), ('feedbacks', 'threadId', 'uuid'),
        ('feedbacks', 'value', 'integer'), ('feedbacks', 'comment', 'text')
    ) AS c (table_name, column_name, column_type)
    WHERE NOT EXISTS (
        SELECT FROM pg_attribute a
        WHERE a.attrelid = format('%I.%I', chat_schema, c.table_name)::regclass
          AND a.attname = c.column_name AND a.attnum > 0 AND NOT a.attisdropped);

    -- Chainlit stopped writing this column; as long as it is NOT NULL every insert of a step fails.
    IF EXISTS (SELECT FROM pg_attribute a
               WHERE a.attrelid = format('%I.steps', chat_schema)::regclass
                 AND a.attname = 'disableFeedback' AND a.attnotnull AND NOT a.attisdropped) THEN
        fixes := fixes || format('ALTER TABLE %I.steps ALTER COLUMN "disableFeedback" DROP NOT NULL', chat_schema);
    END IF;

    FOREACH fix IN ARRAY coalesce(fixes, '{}') LOOP
        EXECUTE fix;
    END LOOP;

    -- Feedbacks of before Chainlit 1.1 know their step only. Without a thread they would count nowhere.
    IF adopts_feedback_threads THEN
        EXECUTE format('UPDATE %1$I.feedbacks f SET "threadId" = s."threadId" FROM %1$I.steps s
                        WHERE s."id" = f."forId"', chat_schema);
    END IF;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'the chat tables in schema % belong to another role and lack columns or have an old constraint',
                        chat_schema
            USING ERRCODE = 'insufficient_privilege',
                  DETAIL = SQLERRM,
                  HINT = 'Their owner has to run: ' || coalesce(array_to_string(fixes, '; '), '') || ';';
END
$adopt$;

-- Indexes on the chat tables, under their documented names. Two corrections to the documented definitions:
-- CAST("createdAt" AS TIMESTAMP) is not immutable, so no such index can exist; the plain text column sorts the same way
-- (ISO 8601 in UTC), is what Chainlit itself orders by, and is scanned by ranges of ISO constants. And the foreign keys
-- and "forId" columns without an index made each deleted thread scan elements and feedbacks whole (70 times slower).

-- CREATE INDEX needs ownership of the table even when IF NOT EXISTS has nothing to do, hence the look first. An index
-- of that name with another definition, or one that a broken CREATE INDEX CONCURRENTLY left invalid, is replaced: it
-- would not serve. On tables of another role a missing index costs speed but nothing else: a warning here, and
-- system_health_check() says it for as long as it is missing.
DO $indexes$
DECLARE
    chat_schema constant text := current_schema();
    wanted record;
    found_index regclass;
    is_valid boolean;
BEGIN
    FOR wanted IN
        SELECT i.index_name, i.table_name,
               -- Exactly as pg_get_indexdef() writes it.
               format('CREATE INDEX %I ON %I.%I USING btree (%s)%s', i.index_name, chat_schema, i.table_name,
                      i.index_columns, coalesce(' WHERE ' || i.index_condition, '')) AS definition
        FROM (VALUES
        ('idx_threads_user_id', 'threads', '"userId"', NULL),
        ('idx_threads_created_at', 'threads', '"createdAt"', NULL),
        -- The second column serves Chainlit's GROUP BY thread / MAX("createdAt") and its ORDER BY as an index-only
        -- scan.
        ('idx_steps_thread_id', 'steps', '"threadId", "createdAt"', NULL),
        ('idx_steps_created_at', 'steps', '"createdAt"', NULL),
        ('idx_steps_type_created', 'steps', 'type, "createdAt"', NULL),
        -- Errors are few: the partial index holds only them.
        ('idx_steps_error_analysis', 'steps', '"createdAt"', '"isError"'),
        ('idx_feedbacks_thread_id', 'feedbacks', '"threadId"', NULL),
        ('idx_feedbacks_for_id', 'feedbacks', '"forId"', NULL),
        ('idx_elements_thread_id', 'elements', '"threadId"', NULL),
        ('idx_elements_for_id', 'elements', '"forId"', NULL)
        ) AS i (index_name, table_name, index_columns, index_condition)
    LOOP
        found_index := to_regclass(format('%I.%I', chat_schema, wanted.index_name));
        SELECT x.indisvalid INTO is_valid FROM pg_index x WHERE x.indexrelid = found_index;
        CONTINUE WHEN is_valid AND pg_get_indexdef(found_index) = wanted.definition;

        IF NOT (SELECT pg_has_role(c.relowner, 'USAGE') FROM pg_class c
                WHERE c.oid = format('%I.%I', chat_schema, wanted.table_name)::regclass) THEN
            RAISE WARNING 'index % is missing and table % belongs to another role', wanted.index_name, wanted.table_name
                USING HINT = 'Its owner should run: ' || CASE WHEN found_index IS NULL THEN ''
                             ELSE format('DROP INDEX %s; ', found_index) END || wanted.definition || ';';
            CONTINUE;
        END IF;

        IF found_index IS NOT NULL THEN
            EXECUTE format('DROP INDEX %I.%I', chat_schema, wanted.index_name);
        END IF;
        EXECUTE replace(wanted.definition, 'CREATE INDEX ', 'CREATE INDEX IF NOT EXISTS ');
    END LOOP;
END
$indexes$;

-- One question's life, and everything that several processes have to agree on about it.

CREATE TABLE genie_app.turns (
    id text PRIMARY KEY,
    sequence bigint GENERATED ALWAYS AS IDENTITY,  -- order of acceptance; within a thread also order of commit
    team_id text NOT NULL,
    channel_id text NOT NULL,
    thread_ts text NOT NULL,
    question_ts text NOT NULL,
    chat_thread_id uuid NOT NULL,  -- threads.id
    user_id text NOT NULL,         -- the person in Slack
    channel_type text NOT NULL,
    question text NOT NULL,
    state text NOT NULL
        CHECK (state IN ('received', 'awaiting_space', 'asking', 'asked', 'answered', 'delivered', 'failed')),
    space_id text NOT NULL,
    space_name text NOT NULL,
    conversation_id text NOT NULL,
    message_id text NOT NULL,
    progress_ts text NOT NULL,     -- our message that grows into the answer
    -- Where our messages stand: '' in the thread's channel and thread; answer_thread '' is a root message there.
    answer_channel text NOT NULL DEFAULT '',
    answer_thread text NOT NULL DEFAULT '',
    replaces text NOT NULL DEFAULT '',    -- id of the turn whose message this one takes over
    stopped_by text NOT NULL DEFAULT '',  -- the person who asked to stop it
    failure text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    tries integer NOT NULL DEFAULT 0,  -- claims since the state last changed, without those that were given back
    received_at timestamptz NOT NULL,
    asked_at timestamptz,
    finished_at timestamptz,
    lease_owner text,
    lease_token bigint,            -- NULL: nobody holds the turn
    lease_until timestamptz,
    -- The calls that accepted, claimed and last wrote the turn. A call whose outcome was lost with its connection is
    -- sent again with the same key and gets the same answer.
    accept_key text NOT NULL,
    claim_key text,
    write_key text
);

CREATE UNIQUE INDEX turns_question ON genie_app.turns (team_id, channel_id, question_ts);
CREATE INDEX turns_thread ON genie_app.turns (team_id, channel_id, thread_ts, sequence);
CREATE INDEX turns_unfinished ON genie_app.turns (sequence) WHERE state NOT IN ('delivered', 'failed');
CREATE INDEX turns_answer ON genie_app.turns (team_id, progress_ts) WHERE progress_ts <> '';
CREATE INDEX turns_person ON genie_app.turns (team_id, user_id, sequence);
CREATE INDEX turns_received_at ON genie_app.turns (received_at);
CREATE INDEX turns_chat_thread ON genie_app.turns (chat_thread_id);
-- One question to Genie is one turn's. store_turns looks before it writes; this is for whatever else may write.
CREATE UNIQUE INDEX turns_message ON genie_app.turns (conversation_id, message_id) WHERE message_id <> '';

-- Fencing tokens of leases.
CREATE SEQUENCE genie_app.lease_tokens;

-- Slack's delivery ids, for as long as Slack may repeat them.
CREATE TABLE genie_app.events (
    team_id text NOT NULL,
    event_id text NOT NULL,
    turn_id text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (team_id, event_id)
);
CREATE INDEX events_received_at ON genie_app.events (received_at);
CREATE INDEX events_turn ON genie_app.events (turn_id);

-- Which row of users a person in Slack is: the same row as at the web login once the e-mail is known.
CREATE TABLE genie_app.people (
    team_id text NOT NULL,
    slack_user text NOT NULL,
    user_id uuid NOT NULL,
    PRIMARY KEY (team_id, slack_user)
);
CREATE INDEX people_user ON genie_app.people (user_id);

-- Every person's rating of every answer. Chainlit shows a step once for each row of feedbacks that names it, so only
-- the first rating names the answer's run; further ones name themselves.
CREATE TABLE genie_app.ratings (
    feedback_id uuid PRIMARY KEY,
    step_id uuid NOT NULL,
    previous integer,
    write_key text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ratings_step ON genie_app.ratings (step_id);

-- What could not be written (kind: the statement that was executed) and questions that were given up (kind 'turn'), for
-- an admin to look at: never the text itself.
CREATE TABLE genie_app.dead_letters (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind text NOT NULL,
    turn_id text NOT NULL,
    sqlstate text NOT NULL,
    detail text NOT NULL
);
CREATE UNIQUE INDEX dead_letters_turn ON genie_app.dead_letters (turn_id, md5(detail)) WHERE kind = 'turn';

-- Questions that Genie was allowed to be asked in the last minutes, by all processes together.
CREATE TABLE genie_app.question_permits (
    call_key text PRIMARY KEY,
    granted_at timestamptz NOT NULL
);
CREATE INDEX question_permits_granted_at ON genie_app.question_permits (granted_at);

-- At most one row: until when nobody gets a permit.
CREATE TABLE genie_app.question_pauses (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    paused_until timestamptz NOT NULL
);

-- Which Genie space a question goes to when its thread has none yet: the channel's, else the person's.
CREATE TABLE genie_app.space_defaults (
    kind text NOT NULL CHECK (kind IN ('channel', 'person')),
    team_id text NOT NULL,
    id text NOT NULL,  -- the channel's or the person's in Slack
    space_id text NOT NULL,
    space_name text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (kind, team_id, id)
);
