-- Which columns and indexes the chat tables have to have, once for everything that has to know them:
-- system_health_check() and the checks at start. A column or an index that is new here comes with a migration that
-- makes it.

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

CREATE OR REPLACE FUNCTION genie_app.required_chat_indexes()
RETURNS TABLE (index_name text, table_name text, index_columns text, index_condition text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT i.n, i.t, i.c, i.w
    FROM (VALUES
        -- An e-mail address is the same in capitals or not. Not unique: Chainlit may add a second one.
        ('idx_users_identifier_lower', 'users', 'lower(identifier)', NULL),
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
    ) AS i (n, t, c, w);
END;

REVOKE ALL ON FUNCTION genie_app.required_chat_indexes() FROM PUBLIC;
