-- How a question came to us, for whom its answer is, and which message asked. '' is what a process of an older version
-- leaves out; the trigger puts what its question_ts tells in its place, and so it is done for what is there already.
ALTER TABLE genie_app.turns
    ADD COLUMN origin text NOT NULL DEFAULT '',
    ADD COLUMN audience text NOT NULL DEFAULT '',
    ADD COLUMN message_ts text NOT NULL DEFAULT '';

CREATE FUNCTION genie_app.complete_older_turn() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.origin = '' THEN
        NEW.origin := CASE
            WHEN NEW.question_ts LIKE '%/edit/%' THEN 'edit'
            WHEN NEW.thread_ts LIKE 'slash/%' THEN 'command'
            WHEN NEW.question_ts LIKE '%/shortcut/%' THEN 'shortcut'
            WHEN NEW.question_ts LIKE '%/%' THEN 'follow_up'
            WHEN NEW.channel_type = 'im' THEN 'direct_message'
            WHEN NEW.question_ts = NEW.thread_ts THEN 'mention'
            ELSE 'thread_reply' END;
        NEW.message_ts := CASE WHEN NEW.thread_ts LIKE 'slash/%' THEN '' ELSE split_part(NEW.question_ts, '/', 1) END;
    END IF;
    IF NEW.audience = '' THEN
        NEW.audience := CASE
            WHEN NEW.thread_ts LIKE 'slash/%' OR NEW.answer_channel <> '' THEN 'person'
            WHEN NEW.channel_type = 'im' THEN 'direct_message'
            ELSE 'channel' END;
    END IF;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION genie_app.complete_older_turn() FROM PUBLIC;

CREATE TRIGGER complete_older_turn BEFORE INSERT OR UPDATE ON genie_app.turns
FOR EACH ROW WHEN (NEW.origin = '' OR NEW.audience = '') EXECUTE FUNCTION genie_app.complete_older_turn();

UPDATE genie_app.turns SET origin = '';

CREATE OR REPLACE FUNCTION genie_app.turn_as_json(turn genie_app.turns) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN turn.id IS NOT NULL THEN jsonb_build_object(
        'id', turn.id, 'team', turn.team_id, 'channel', turn.channel_id, 'thread_ts', turn.thread_ts,
        'question_ts', turn.question_ts, 'user', turn.user_id, 'channel_type', turn.channel_type,
        'question', turn.question, 'state', turn.state, 'space_id', turn.space_id, 'space_name', turn.space_name,
        'conversation_id', turn.conversation_id, 'message_id', turn.message_id, 'progress_ts', turn.progress_ts,
        'answer_channel', turn.answer_channel, 'answer_thread', turn.answer_thread, 'replaces', turn.replaces,
        'stopped_by', turn.stopped_by, 'origin', turn.origin, 'audience', turn.audience, 'message_ts', turn.message_ts,
        'failure', turn.failure, 'attempts', turn.attempts, 'tries', turn.tries,
        'received_us', genie_app.to_us(turn.received_at), 'asked_us', genie_app.to_us(turn.asked_at),
        'finished_us', genie_app.to_us(turn.finished_at)) END
$$;

-- [{key, event_id, turn, rows}] -> [{first, turn}]. A repeated question (by event id, or by team, channel and ts)
-- writes nothing and gets the stored turn; null when that one was cleaned up already. No two calls of a batch are about
-- the same event, question or turn.
CREATE OR REPLACE FUNCTION genie_app.accept_turns(calls jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    known jsonb;
    rows_of_new jsonb;
BEGIN
    PERFORM pg_advisory_xact_lock(thread.key)
    FROM (SELECT DISTINCT genie_app.lock_key(call->'turn'->>'team', call->'turn'->>'channel',
                                             call->'turn'->>'thread_ts') AS key
          FROM jsonb_array_elements(calls) call ORDER BY 1) thread;

    -- [turn id | null] for each call, before anything is written.
    SELECT jsonb_agg(coalesce(event.turn_id, asked.id) ORDER BY call.position) INTO known
    FROM jsonb_array_elements(calls) WITH ORDINALITY call (value, position)
    LEFT JOIN genie_app.events event
        ON event.team_id = call.value->'turn'->>'team' AND event.event_id = call.value->>'event_id'
    LEFT JOIN genie_app.turns asked
        ON asked.team_id = call.value->'turn'->>'team' AND asked.channel_id = call.value->'turn'->>'channel'
           AND asked.question_ts = call.value->'turn'->>'question_ts';

    INSERT INTO genie_app.turns (id, team_id, channel_id, thread_ts, question_ts, chat_thread_id, user_id, channel_type,
                                 question, state, space_id, space_name, conversation_id, message_id, progress_ts,
                                 answer_channel, answer_thread, replaces, failure, received_at, asked_at, finished_at,
                                 accept_key, origin, audience, message_ts)
    SELECT turn.id, turn.team, turn.channel, turn.thread_ts, turn.question_ts, turn.chat_thread_id, turn."user",
           turn.channel_type, turn.question, turn.state, turn.space_id, turn.space_name, turn.conversation_id,
           turn.message_id, turn.progress_ts, coalesce(turn.answer_channel, ''), coalesce(turn.answer_thread, ''),
           coalesce(turn.replaces, ''), turn.failure,
           coalesce(genie_app.from_us(turn.received_us), clock_timestamp()), genie_app.from_us(turn.asked_us),
           genie_app.from_us(turn.finished_us), call.value->>'key', coalesce(turn.origin, ''),
           coalesce(turn.audience, ''), coalesce(turn.message_ts, '')
    FROM jsonb_array_elements(calls) WITH ORDINALITY call (value, position),
         jsonb_to_record(call.value->'turn') AS turn (
            id text, team text, channel text, thread_ts text, question_ts text, chat_thread_id uuid, "user" text,
            channel_type text, question text, state text, space_id text, space_name text, conversation_id text,
            message_id text, progress_ts text, answer_channel text, answer_thread text, replaces text, failure text,
            received_us bigint, asked_us bigint, finished_us bigint, origin text, audience text, message_ts text)
    WHERE known->>(call.position - 1)::integer IS NULL
    ORDER BY call.position;

    SELECT jsonb_agg(call.value->'rows' ORDER BY call.position) INTO rows_of_new
    FROM jsonb_array_elements(calls) WITH ORDINALITY call (value, position)
    WHERE known->>(call.position - 1)::integer IS NULL;
    IF rows_of_new IS NOT NULL THEN
        PERFORM genie_app.write_chat_rows(rows_of_new);
    END IF;

    INSERT INTO genie_app.events (team_id, event_id, turn_id)
    SELECT call.value->'turn'->>'team', call.value->>'event_id',
           coalesce(known->>(call.position - 1)::integer, call.value->'turn'->>'id')
    FROM jsonb_array_elements(calls) WITH ORDINALITY call (value, position)
    WHERE call.value->>'event_id' <> ''
    ORDER BY 1, 2
    ON CONFLICT DO NOTHING;

    RETURN (
        SELECT jsonb_agg(jsonb_build_object(
                   'id', coalesce(known->>(call.position - 1)::integer, call.value->'turn'->>'id'),
                   'first', coalesce(stored.accept_key = call.value->>'key', false),
                   'turn', genie_app.turn_as_json(stored)) ORDER BY call.position)
        FROM jsonb_array_elements(calls) WITH ORDINALITY call (value, position)
        LEFT JOIN genie_app.turns stored
            ON stored.id = coalesce(known->>(call.position - 1)::integer, call.value->'turn'->>'id'));
END
$$;

-- [{key, token, turn, rows}] -> ['held' | 'lost' | 'invalid' | 'taken']. A final state ends the lease. Rows are written
-- only under a lease that is held. 'taken': Genie's message belongs to another turn; nothing is written.
CREATE OR REPLACE FUNCTION genie_app.store_turns(calls jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    taken bigint[];
    stored bigint[];
    rows_of_stored jsonb;
BEGIN
    -- Whoever records a message that its turn does not have yet does so alone.
    PERFORM pg_advisory_xact_lock(message.key)
    FROM (SELECT DISTINCT hashtextextended(concat_ws('/', new.conversation_id, new.message_id), 2) AS key
          FROM jsonb_array_elements(calls) call,
               jsonb_to_record(call->'turn') AS new (id text, conversation_id text, message_id text)
          JOIN genie_app.turns turn ON turn.id = new.id
          WHERE new.message_id <> ''
            AND (turn.conversation_id <> new.conversation_id OR turn.message_id <> new.message_id)
          ORDER BY 1) message;
    IF FOUND THEN
        -- A lease that is held now is still held below.
        PERFORM FROM genie_app.turns turn
        WHERE turn.id IN (SELECT call->'turn'->>'id' FROM jsonb_array_elements(calls) call)
        ORDER BY turn.id FOR UPDATE;

        WITH candidate AS (
            SELECT call.position, new.conversation_id, new.message_id,
                   EXISTS (SELECT FROM genie_app.turns other
                           WHERE other.conversation_id = new.conversation_id AND other.message_id = new.message_id
                             AND other.message_id <> '' AND other.id <> new.id) AS is_known
            FROM jsonb_array_elements(calls) WITH ORDINALITY call (value, position),
                 jsonb_to_record(call.value->'turn') AS new (
                    id text, team text, channel text, thread_ts text, question_ts text, conversation_id text,
                    message_id text)
            JOIN genie_app.turns turn ON turn.id = new.id
            WHERE new.message_id <> '' AND turn.lease_token = (call.value->>'token')::bigint
              AND turn.team_id = new.team AND turn.channel_id = new.channel AND turn.thread_ts = new.thread_ts
              AND turn.question_ts = new.question_ts
        ), ranked AS (
            SELECT candidate.position, candidate.is_known,
                   row_number() OVER (PARTITION BY candidate.conversation_id, candidate.message_id
                                      ORDER BY candidate.is_known, candidate.position) AS place
            FROM candidate
        )
        SELECT array_agg(ranked.position) INTO taken FROM ranked WHERE ranked.is_known OR ranked.place > 1;
    END IF;

    WITH written AS (
        UPDATE genie_app.turns turn
        SET user_id = new."user", channel_type = new.channel_type, question = new.question, state = new.state,
            space_id = new.space_id, space_name = new.space_name, conversation_id = new.conversation_id,
            message_id = new.message_id, progress_ts = new.progress_ts,
            answer_channel = coalesce(new.answer_channel, turn.answer_channel),
            answer_thread = coalesce(new.answer_thread, turn.answer_thread),
            replaces = coalesce(new.replaces, turn.replaces), origin = coalesce(new.origin, turn.origin),
            audience = coalesce(new.audience, turn.audience), message_ts = coalesce(new.message_ts, turn.message_ts),
            failure = new.failure,
            tries = CASE WHEN turn.state = new.state THEN turn.tries ELSE 0 END,
            received_at = coalesce(genie_app.from_us(new.received_us), turn.received_at),
            asked_at = genie_app.from_us(new.asked_us), finished_at = genie_app.from_us(new.finished_us),
            write_key = call.value->>'key',
            lease_token = CASE WHEN NOT genie_app.is_final(new.state) THEN turn.lease_token END,
            lease_owner = CASE WHEN NOT genie_app.is_final(new.state) THEN turn.lease_owner END
        FROM jsonb_array_elements(calls) WITH ORDINALITY call (value, position),
             jsonb_to_record(call.value->'turn') AS new (
                id text, team text, channel text, thread_ts text, question_ts text, "user" text, channel_type text,
                question text, state text, space_id text, space_name text, conversation_id text, message_id text,
                progress_ts text, answer_channel text, answer_thread text, replaces text, failure text,
                received_us bigint, asked_us bigint, finished_us bigint, origin text, audience text, message_ts text)
        WHERE turn.id = new.id AND turn.lease_token = (call.value->>'token')::bigint AND turn.team_id = new.team
          AND turn.channel_id = new.channel AND turn.thread_ts = new.thread_ts AND turn.question_ts = new.question_ts
          AND call.position <> ALL (coalesce(taken, '{}'))
        RETURNING call.position
    )
    SELECT array_agg(position) INTO stored FROM written;

    -- A conversation that was deleted at Chainlit stays deleted, and must not keep its question from being finished.
    PERFORM FROM threads WHERE id IN (
        SELECT (step->>'thread_id')::uuid FROM jsonb_array_elements(calls) call,
               jsonb_array_elements(call->'rows'->'steps') step)
    ORDER BY id FOR KEY SHARE;
    SELECT jsonb_agg(call.value->'rows' ORDER BY call.position) INTO rows_of_stored
    FROM jsonb_array_elements(calls) WITH ORDINALITY call (value, position)
    JOIN genie_app.turns turn ON turn.id = call.value->'turn'->>'id'
    WHERE call.position = ANY (stored)
      AND (jsonb_array_length(call.value->'rows'->'threads') > 0
           OR EXISTS (SELECT FROM threads WHERE id = turn.chat_thread_id));
    IF rows_of_stored IS NOT NULL THEN
        PERFORM genie_app.write_chat_rows(rows_of_stored);
    END IF;

    RETURN (
        SELECT jsonb_agg(CASE WHEN call.position = ANY (stored) OR turn.write_key = call.value->>'key' THEN 'held'
                              WHEN call.position = ANY (taken) THEN 'taken'
                              WHEN turn.lease_token = (call.value->>'token')::bigint THEN 'invalid'
                              ELSE 'lost' END ORDER BY call.position)
        FROM jsonb_array_elements(calls) WITH ORDINALITY call (value, position)
        LEFT JOIN genie_app.turns turn ON turn.id = call.value->'turn'->>'id');
END
$$;
