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

-- [{kind, team, id}] -> [{space_id, space_name} | null]
CREATE FUNCTION genie_app.get_space_defaults(calls jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_agg(
        CASE WHEN known.id IS NOT NULL
             THEN jsonb_build_object('space_id', known.space_id, 'space_name', known.space_name) END
        ORDER BY call.position)
    FROM jsonb_array_elements(calls) WITH ORDINALITY call (value, position)
    LEFT JOIN genie_app.space_defaults known
        ON known.kind = call.value->>'kind' AND known.team_id = call.value->>'team' AND known.id = call.value->>'id'
$$;

-- [{kind, team, id, space_id, space_name}] -> [true]. An empty space_id removes. No two calls of a batch are about the
-- same row.
CREATE FUNCTION genie_app.set_space_defaults(calls jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM genie_app.space_defaults known
    USING jsonb_array_elements(calls) call
    WHERE call->>'space_id' = '' AND known.kind = call->>'kind' AND known.team_id = call->>'team'
      AND known.id = call->>'id';
    INSERT INTO genie_app.space_defaults AS known (kind, team_id, id, space_id, space_name)
    SELECT call->>'kind', call->>'team', call->>'id', call->>'space_id', call->>'space_name'
    FROM jsonb_array_elements(calls) call
    WHERE call->>'space_id' <> ''
    ORDER BY 1, 2, 3
    ON CONFLICT (kind, team_id, id) DO UPDATE
    SET space_id = EXCLUDED.space_id, space_name = EXCLUDED.space_name, updated_at = EXCLUDED.updated_at;
    RETURN (SELECT jsonb_agg(true) FROM jsonb_array_elements(calls));
END
$$;

REVOKE ALL ON FUNCTION genie_app.get_space_defaults(jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION genie_app.set_space_defaults(jsonb) FROM PUBLIC;
