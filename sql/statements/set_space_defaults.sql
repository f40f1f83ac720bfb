-- [{kind, team_id, id, space_id, space_name}] -> [true]. An empty space_id removes. No two calls of a batch are about
-- the same row.
WITH call AS MATERIALIZED (
    SELECT new.*
    FROM jsonb_populate_recordset(NULL::genie_app.space_defaults, $1) AS new
), removed AS (
    DELETE FROM genie_app.space_defaults AS known
    USING call
    WHERE call.space_id = '' AND known.kind = call.kind AND known.team_id = call.team_id AND known.id = call.id
), written AS (
    INSERT INTO genie_app.space_defaults (kind, team_id, id, space_id, space_name)
    SELECT call.kind, call.team_id, call.id, call.space_id, call.space_name
    FROM call
    WHERE call.space_id <> ''
    ORDER BY call.kind, call.team_id, call.id
    ON CONFLICT (kind, team_id, id) DO UPDATE
    SET space_id = EXCLUDED.space_id, space_name = EXCLUDED.space_name, updated_at = EXCLUDED.updated_at
)
SELECT jsonb_agg(true) FROM jsonb_array_elements($1)
