-- [{turn_id, from_ts, to_ts}] -> [whether the answer stands in to_ts now]. Of a final turn, whose answer stands in from_ts
-- and belongs to no newer turn. No two calls of a batch are about the same turn; one that is sent again finds its work
-- done.
WITH call AS MATERIALIZED (
    SELECT element.position, element.value->>'turn_id' AS turn_id, element.value->>'from_ts' AS from_ts,
           element.value->>'to_ts' AS to_ts
    FROM jsonb_array_elements($1) WITH ORDINALITY AS element (value, position)
), moved AS (
    UPDATE genie_app.turns AS turn
    SET progress_ts = call.to_ts
    FROM call
    WHERE turn.id = call.turn_id AND turn.progress_ts = call.from_ts AND call.from_ts <> ''
      AND turn.state IN ('delivered', 'failed')
      AND NOT EXISTS (SELECT FROM genie_app.turns AS newer
                      WHERE newer.team_id = turn.team_id AND newer.progress_ts = turn.progress_ts
                        AND coalesce(nullif(newer.answer_channel, ''), newer.channel_id)
                            = coalesce(nullif(turn.answer_channel, ''), turn.channel_id)
                        AND newer.sequence > turn.sequence)
    RETURNING call.position
)
SELECT jsonb_agg(moved.position IS NOT NULL OR known.progress_ts IS NOT DISTINCT FROM call.to_ts
                 ORDER BY call.position)
FROM call
LEFT JOIN moved ON moved.position = call.position
LEFT JOIN genie_app.turns AS known ON known.id = call.turn_id
