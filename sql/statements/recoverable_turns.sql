-- [{limit, process, judges}] -> [{turn_ids, is_leased, is_watched}]. turn_ids: what claim_turns would grant now and needs
-- nobody's choice (any more: it is to be stopped), oldest first. is_leased: somebody works on a question. is_watched: another process does whose lock
-- will tell of its end.
WITH dead AS MATERIALIZED (
    {dead_processes}
)
SELECT jsonb_agg(
    jsonb_build_object(
        'turn_ids',
        (SELECT coalesce(jsonb_agg(found.id ORDER BY found.sequence), '[]')
         FROM (SELECT id, sequence
               FROM ((SELECT turn.id, turn.sequence
                      FROM genie_app.turns AS turn
                      WHERE turn.state IN ('received', 'asking', 'asked', 'answered')
                        AND {is_free}
                      ORDER BY turn.sequence
                      LIMIT (call.value->>'limit')::bigint)
                     UNION ALL
                     (SELECT turn.id, turn.sequence
                      FROM genie_app.turns AS turn
                      WHERE turn.state = 'awaiting_space' AND turn.stopped_by <> ''
                        AND {is_free}
                      ORDER BY turn.sequence
                      LIMIT (call.value->>'limit')::bigint)) AS either
               ORDER BY sequence
               LIMIT (call.value->>'limit')::bigint) AS found),
        'is_leased',
        EXISTS (SELECT FROM genie_app.turns AS turn WHERE turn.lease_token IS NOT NULL),
        'is_watched',
        EXISTS (SELECT FROM genie_app.turns AS turn
                JOIN genie_app.processes AS process ON process.owner = turn.lease_owner
                WHERE turn.lease_token IS NOT NULL AND process.owner <> call.value->>'process'))
    ORDER BY call.position)
FROM jsonb_array_elements($1) WITH ORDINALITY AS call (value, position)
