-- An e-mail address is the same in capitals or not, so people are looked for by lower(identifier). Not unique: Chainlit
-- adds a row of its own for other letters, and must not fail. CREATE INDEX needs ownership even when IF NOT EXISTS has
-- nothing to do, hence the look first.
DO $index$
DECLARE
    chat_schema constant text := current_schema();
    users_table constant regclass := format('%I.users', chat_schema)::regclass;
BEGIN
    IF to_regclass(format('%I.idx_users_identifier_lower', chat_schema)) IS NOT NULL THEN
        RETURN;
    END IF;
    IF NOT (SELECT pg_has_role(c.relowner, 'USAGE') FROM pg_class c WHERE c.oid = users_table) THEN
        RAISE WARNING 'index idx_users_identifier_lower is missing and table users belongs to another role'
            USING HINT = format('Its owner should run: CREATE INDEX idx_users_identifier_lower ON %s '
                                '(lower(identifier));', users_table);
        RETURN;
    END IF;
    EXECUTE format('CREATE INDEX idx_users_identifier_lower ON %s (lower(identifier))', users_table);
END
$index$;

-- What Genie was told last of each rating, so that one that was changed in Chainlit meanwhile is known to be another.
-- NULL: nobody knows, as of ratings that a process of an older version wrote.
ALTER TABLE genie_app.ratings ADD COLUMN told integer;
