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

-- Calls travel in batches: a JSON array of arguments in, an array of results in the same order out.

-- Gives a row of the older bot its full key, the first time that its thread is seen.
CREATE FUNCTION genie_app.adopt_conversation(team text, channel text, ts text) RETURNS void
LANGUAGE sql AS $$
    UPDATE genie_app.conversation_tracker old
    SET team_id = team, channel_id = channel
    WHERE old.thread_ts = ts AND old.team_id = '' AND team <> ''
      -- Of two such rows the one whose channel is known.
      AND old.channel_id = (SELECT max(candidate.channel_id) FROM genie_app.conversation_tracker candidate
                            WHERE candidate.thread_ts = ts AND candidate.team_id = ''
                              AND candidate.channel_id IN ('', channel))
      AND NOT EXISTS (SELECT FROM genie_app.conversation_tracker known
                      WHERE known.thread_ts = ts AND known.channel_id = channel AND known.team_id = team)
$$;

-- [{team, channel, thread_ts}] -> [{room_id, room_name, conversation_id, created_us, updated_us} | null]
CREATE FUNCTION genie_app.get_conversations(calls jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM genie_app.adopt_conversation(call->>'team', call->>'channel', call->>'thread_ts')
    FROM jsonb_array_elements(calls) call;
    RETURN (
        SELECT jsonb_agg(
            CASE WHEN known.thread_ts IS NULL THEN NULL ELSE jsonb_build_object(
                'room_id', known.genie_room_id,
                'room_name', known.genie_room_name,
                'conversation_id', coalesce(known.conversation_id, ''),
                'created_us', (extract(epoch FROM known.created_at) * 1000000)::bigint,
                'updated_us', (extract(epoch FROM known.updated_at) * 1000000)::bigint) END
            ORDER BY call.position)
        FROM jsonb_array_elements(calls) WITH ORDINALITY call (value, position)
        LEFT JOIN genie_app.conversation_tracker known
            ON known.thread_ts = call.value->>'thread_ts' AND known.channel_id = call.value->>'channel'
               AND known.team_id = call.value->>'team');
END
$$;

-- [{team, channel, thread_ts, room_id, room_name}] -> [true]. A conversation belongs to its room.
CREATE FUNCTION genie_app.set_conversations(calls jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM genie_app.adopt_conversation(call->>'team', call->>'channel', call->>'thread_ts')
    FROM jsonb_array_elements(calls) call;
    INSERT INTO genie_app.conversation_tracker AS known
        (thread_ts, channel_id, team_id, genie_room_id, genie_room_name, created_at, updated_at)
    SELECT call->>'thread_ts', call->>'channel', call->>'team', call->>'room_id', call->>'room_name',
           clock_timestamp(), clock_timestamp()
    FROM jsonb_array_elements(calls) call
    ORDER BY 1, 2, 3
    ON CONFLICT (thread_ts, channel_id, team_id) DO UPDATE
    SET conversation_id = CASE WHEN known.genie_room_id = EXCLUDED.genie_room_id THEN known.conversation_id END,
        genie_room_id = EXCLUDED.genie_room_id,
        genie_room_name = EXCLUDED.genie_room_name,
        updated_at = EXCLUDED.updated_at;
    RETURN (SELECT jsonb_agg(true) FROM jsonb_array_elements(calls));
END
$$;

-- [{team, channel, thread_ts, conversation_id}] -> [whether the thread has a row]
CREATE FUNCTION genie_app.update_conversation_ids(calls jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    results jsonb;
BEGIN
    PERFORM genie_app.adopt_conversation(call->>'team', call->>'channel', call->>'thread_ts')
    FROM jsonb_array_elements(calls) call;
    WITH call AS (
        SELECT position, value->>'team' AS team, value->>'channel' AS channel, value->>'thread_ts' AS ts,
               nullif(value->>'conversation_id', '') AS conversation_id
        FROM jsonb_array_elements(calls) WITH ORDINALITY element (value, position)
    ), updated AS (
        UPDATE genie_app.conversation_tracker known
        SET conversation_id = call.conversation_id, updated_at = clock_timestamp()
        FROM call
        WHERE known.thread_ts = call.ts AND known.channel_id = call.channel AND known.team_id = call.team
        RETURNING call.position
    )
    SELECT jsonb_agg(updated.position IS NOT NULL ORDER BY call.position) INTO results
    FROM call LEFT JOIN updated USING (position);
    RETURN results;
END
$$;

-- [{team, channel, thread_ts}] -> [whether there was a row]
CREATE FUNCTION genie_app.delete_conversations(calls jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    results jsonb;
BEGIN
    PERFORM genie_app.adopt_conversation(call->>'team', call->>'channel', call->>'thread_ts')
    FROM jsonb_array_elements(calls) call;
    WITH call AS (
        SELECT position, value->>'team' AS team, value->>'channel' AS channel, value->>'thread_ts' AS ts
        FROM jsonb_array_elements(calls) WITH ORDINALITY element (value, position)
    ), deleted AS (
        DELETE FROM genie_app.conversation_tracker known
        USING call
        WHERE known.thread_ts = call.ts AND known.channel_id = call.channel AND known.team_id = call.team
        RETURNING call.position
    )
    SELECT jsonb_agg(deleted.position IS NOT NULL ORDER BY call.position) INTO results
    FROM call LEFT JOIN deleted USING (position);
    RETURN results;
END
$$;

-- [{}] -> [how many rows there were]
CREATE FUNCTION genie_app.clear_conversations(calls jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    deleted bigint;
BEGIN
    DELETE FROM genie_app.conversation_tracker;
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN jsonb_build_array(deleted);
END
$$;
