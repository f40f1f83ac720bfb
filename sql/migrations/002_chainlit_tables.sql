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

-- The columns that Chainlit and we write, once for everything that has to know them: the adoption below,
-- system_health_check() and the checks at start.
CREATE OR REPLACE FUNCTION genie_app.required_chat_columns()
RETURNS TABLE (table_name text, column_name text, column_type text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT c.t, c.n, c.ty
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
    ) AS c (t, n, ty);
END;

REVOKE ALL ON FUNCTION genie_app.required_chat_columns() FROM PUBLIC;

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
    FROM genie_app.required_chat_columns() c
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
