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

-- What could not be written (kind: the function that was called) and questions that were given up (kind 'turn'), for
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

CREATE FUNCTION genie_app.is_final(state text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$ SELECT state IN ('delivered', 'failed') $$;

-- Microseconds since 1970, 0 for "not yet".
-- (STABLE like what they use, so that they are inlined.)
CREATE FUNCTION genie_app.from_us(us bigint) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN us <> 0 THEN timestamptz '1970-01-01 00:00:00+00' + us * interval '1 microsecond' END
$$;

CREATE FUNCTION genie_app.to_us(moment timestamptz) RETURNS bigint
LANGUAGE sql STABLE AS $$ SELECT coalesce((extract(epoch FROM moment) * 1000000)::bigint, 0) $$;

CREATE FUNCTION genie_app.turn_as_json(turn genie_app.turns) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN turn.id IS NOT NULL THEN jsonb_build_object(
        'id', turn.id, 'team', turn.team_id, 'channel', turn.channel_id, 'thread_ts', turn.thread_ts,
        'question_ts', turn.question_ts, 'user', turn.user_id, 'channel_type', turn.channel_type,
        'question', turn.question, 'state', turn.state, 'space_id', turn.space_id, 'space_name', turn.space_name,
        'conversation_id', turn.conversation_id, 'message_id', turn.message_id, 'progress_ts', turn.progress_ts,
        'answer_channel', turn.answer_channel, 'answer_thread', turn.answer_thread, 'replaces', turn.replaces,
        'stopped_by', turn.stopped_by,
        'failure', turn.failure, 'attempts', turn.attempts, 'tries', turn.tries,
        'received_us', genie_app.to_us(turn.received_at), 'asked_us', genie_app.to_us(turn.asked_at),
        'finished_us', genie_app.to_us(turn.finished_at)) END
$$;

-- One advisory lock for each thread: what decides about the order in a thread is done by one transaction at a time.
CREATE FUNCTION genie_app.lock_key(team text, channel text, ts text) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT hashtextextended(concat_ws('/', team, channel, ts), 0) $$;

-- Whether claim_turns would grant the turn now, apart from being its thread's first.
CREATE FUNCTION genie_app.is_free(turn genie_app.turns) RETURNS boolean
LANGUAGE sql VOLATILE AS $$
    SELECT NOT genie_app.is_final(turn.state)
           AND (turn.lease_token IS NULL OR turn.lease_until <= clock_timestamp())
$$;

-- Whether another question of the thread comes first, or is being worked on.
CREATE FUNCTION genie_app.is_behind(turn genie_app.turns) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM genie_app.turns other
        WHERE other.team_id = turn.team_id AND other.channel_id = turn.channel_id AND other.thread_ts = turn.thread_ts
          AND other.id <> turn.id AND NOT genie_app.is_final(other.state)
          AND (other.sequence < turn.sequence
               OR (other.lease_token IS NOT NULL AND other.lease_until > clock_timestamp())));
END
$$;

-- The people of a batch: [[n, user]] -> {id that the row says: id of the row that stands for the person}.
CREATE FUNCTION genie_app.write_users(rows jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    person record;
    target uuid;
    by_identifier uuid;
    current_identifier text;
    targets jsonb := '{}';
BEGIN
    FOR person IN
        SELECT DISTINCT ON (1) (entry->1->>'id')::uuid AS id, entry->1->>'identifier' AS identifier,
               entry->1->'metadata' AS metadata, nullif(entry->1->>'created_at', '') AS created_at,
               entry->1->'metadata'->'slack'->>'team' AS team, entry->1->'metadata'->'slack'->>'user' AS slack_user,
               entry->1->'metadata' ? 'email' AS has_email
        FROM jsonb_array_elements(rows) entry
        ORDER BY 1, (entry->0)::bigint DESC
    LOOP
        target := NULL;
        SELECT known.user_id INTO target FROM genie_app.people known
        WHERE known.team_id = person.team AND known.slack_user = person.slack_user;
        SELECT id INTO by_identifier FROM users WHERE identifier = person.identifier;
        SELECT identifier INTO current_identifier FROM users WHERE id = coalesce(target, person.id);
        IF NOT FOUND THEN
            target := NULL;
        END IF;
        IF target IS NULL AND current_identifier IS NOT NULL THEN
            target := person.id;
        END IF;
        -- A Slack id is unique only within a team.
        IF NOT person.has_email AND by_identifier IS DISTINCT FROM target
           AND EXISTS (SELECT FROM genie_app.people other
                       WHERE other.user_id = by_identifier AND other.team_id <> person.team) THEN
            person.identifier := person.team || '/' || person.identifier;
            SELECT id INTO by_identifier FROM users WHERE identifier = person.identifier;
        END IF;

        IF target IS NULL AND by_identifier IS NULL THEN
            INSERT INTO users ("id", "identifier", "metadata", "createdAt")
            VALUES (person.id, person.identifier, person.metadata, person.created_at);
            target := person.id;
        ELSIF by_identifier IS NOT NULL AND by_identifier IS DISTINCT FROM target AND (target IS NULL OR person.has_email)
        THEN
            -- The same person already has a row from the web login: that one stays.
            UPDATE threads SET "userId" = by_identifier, "userIdentifier" = person.identifier WHERE "userId" = target;
            UPDATE genie_app.people SET user_id = by_identifier WHERE user_id = target;
            DELETE FROM users WHERE id = target AND target = person.id;
            target := by_identifier;
        ELSIF person.has_email AND current_identifier IS DISTINCT FROM person.identifier THEN
            UPDATE users SET identifier = person.identifier WHERE id = target;
            UPDATE threads SET "userIdentifier" = person.identifier WHERE "userId" = target;
        END IF;
        UPDATE users SET metadata = users.metadata || person.metadata
        WHERE id = target AND NOT users.metadata @> person.metadata;
        IF person.team IS NOT NULL AND person.slack_user IS NOT NULL THEN
            INSERT INTO genie_app.people AS known (team_id, slack_user, user_id)
            VALUES (person.team, person.slack_user, target)
            ON CONFLICT (team_id, slack_user) DO UPDATE SET user_id = EXCLUDED.user_id
            WHERE known.user_id <> EXCLUDED.user_id;
        END IF;
        targets := targets || jsonb_build_object(person.id::text, target::text);
    END LOOP;
    RETURN targets;
END
$$;

-- Chat rows of a batch, [{users, threads, steps, elements}]: by id, later values replace earlier ones, in order of id
-- so that two processes never wait for each other in a circle.
CREATE FUNCTION genie_app.write_chat_rows(batch jsonb) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    users_of_batch jsonb;
    targets jsonb := '{}';
BEGIN
    SELECT jsonb_agg(jsonb_build_array(part.position, entry)) INTO users_of_batch
    FROM jsonb_array_elements(batch) WITH ORDINALITY part (value, position),
         jsonb_array_elements(part.value->'users') entry;
    IF users_of_batch IS NOT NULL THEN
        targets := genie_app.write_users(users_of_batch);
    END IF;

    INSERT INTO threads AS known ("id", "createdAt", "name", "userId", "userIdentifier", "tags", "metadata")
    SELECT DISTINCT ON (thread.id) thread.id, nullif(thread.created_at, ''), thread.name, person.id, person.identifier,
           thread.tags, thread.metadata
    FROM jsonb_array_elements(batch) WITH ORDINALITY part (value, position),
         jsonb_to_recordset(part.value->'threads') AS thread (
            id uuid, created_at text, name text, user_id text, tags text[], metadata jsonb)
    LEFT JOIN users person ON person.id = coalesce(targets->>nullif(thread.user_id, ''), nullif(thread.user_id, ''))::uuid
    ORDER BY thread.id, part.position
    ON CONFLICT (id) DO UPDATE
    SET "name" = coalesce(known."name", EXCLUDED."name"),
        -- The author is who asked first.
        "userId" = coalesce(known."userId", EXCLUDED."userId"),
        "userIdentifier" = coalesce(known."userIdentifier", EXCLUDED."userIdentifier"),
        "metadata" = coalesce(EXCLUDED."metadata", '{}') || coalesce(known."metadata", '{}')
    WHERE known."name" IS NULL OR known."userId" IS NULL OR known."metadata" IS NULL
       OR NOT known."metadata" @> EXCLUDED."metadata";

    INSERT INTO steps AS known ("id", "name", "type", "threadId", "parentId", "streaming", "waitForAnswer", "isError",
                                "metadata", "input", "output", "createdAt", "start", "end", "showInput", "language",
                                "defaultOpen", "autoCollapse")
    SELECT DISTINCT ON (step.id) step.id, step.name, step.type, step.thread_id, nullif(step.parent_id, '')::uuid, false,
           false, step.is_error, step.metadata, step.input, step.output,
           nullif(first_value(step.created_at) OVER (PARTITION BY step.id ORDER BY part.position, step.number), ''),
           nullif(step.start, ''), nullif(step."end", ''), nullif(step.show_input, ''), nullif(step.language, ''),
           false, false
    FROM jsonb_array_elements(batch) WITH ORDINALITY part (value, position),
         ROWS FROM (jsonb_to_recordset(part.value->'steps') AS (
            id uuid, name text, type text, thread_id uuid, parent_id text, is_error boolean, metadata jsonb, input text,
            output text, created_at text, start text, "end" text, show_input text, language text))
         WITH ORDINALITY AS step (id, name, type, thread_id, parent_id, is_error, metadata, input, output, created_at,
                                  start, "end", show_input, language, number)
    ORDER BY step.id, part.position DESC, step.number DESC
    ON CONFLICT (id) DO UPDATE
    SET "name" = EXCLUDED."name", "type" = EXCLUDED."type", "parentId" = EXCLUDED."parentId",
        "isError" = EXCLUDED."isError", "metadata" = EXCLUDED."metadata", "input" = EXCLUDED."input",
        "output" = EXCLUDED."output", "start" = EXCLUDED."start", "end" = EXCLUDED."end",
        "showInput" = EXCLUDED."showInput", "language" = EXCLUDED."language";

    INSERT INTO elements ("id", "threadId", "type", "url", "name", "display", "objectKey", "forId", "mime", "props")
    SELECT DISTINCT ON (element.id) element.id, element.thread_id, element.type, nullif(element.url, ''), element.name,
           element.display, nullif(element.object_key, ''), nullif(element.for_id, '')::uuid, nullif(element.mime, ''),
           element.props
    FROM jsonb_array_elements(batch) WITH ORDINALITY part (value, position),
         jsonb_to_recordset(part.value->'elements') AS element (
            id uuid, thread_id uuid, type text, url text, name text, display text, object_key text, for_id text,
            mime text, props jsonb)
    ORDER BY element.id, part.position DESC
    ON CONFLICT (id) DO UPDATE
    SET "type" = EXCLUDED."type", "url" = EXCLUDED."url", "name" = EXCLUDED."name", "display" = EXCLUDED."display",
        "objectKey" = EXCLUDED."objectKey", "forId" = EXCLUDED."forId", "mime" = EXCLUDED."mime",
        "props" = EXCLUDED."props";
END
$$;

-- [{key, event_id, turn, rows}] -> [{first, turn}]. A repeated question (by event id, or by team, channel and ts)
-- writes nothing and gets the stored turn; null when that one was cleaned up already. No two calls of a batch are about
-- the same event, question or turn.
CREATE FUNCTION genie_app.accept_turns(calls jsonb) RETURNS jsonb
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
                                 answer_channel, answer_thread, replaces, failure, received_at, asked_at, finished_at, accept_key)
    SELECT turn.id, turn.team, turn.channel, turn.thread_ts, turn.question_ts, turn.chat_thread_id, turn."user",
           turn.channel_type, turn.question, turn.state, turn.space_id, turn.space_name, turn.conversation_id,
           turn.message_id, turn.progress_ts, turn.answer_channel, turn.answer_thread, turn.replaces, turn.failure,
           coalesce(genie_app.from_us(turn.received_us), clock_timestamp()), genie_app.from_us(turn.asked_us),
           genie_app.from_us(turn.finished_us), call.value->>'key'
    FROM jsonb_array_elements(calls) WITH ORDINALITY call (value, position),
         jsonb_to_record(call.value->'turn') AS turn (
            id text, team text, channel text, thread_ts text, question_ts text, chat_thread_id uuid, "user" text,
            channel_type text, question text, state text, space_id text, space_name text, conversation_id text,
            message_id text, progress_ts text, answer_channel text, answer_thread text, replaces text, failure text,
            received_us bigint, asked_us bigint, finished_us bigint)
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

-- [{key, turn_id, owner, lease_us}] -> [{token, turn} | null]
CREATE FUNCTION genie_app.claim_turns(calls jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    call record;
    claimed genie_app.turns;
    results jsonb := '{}';
BEGIN
    FOR call IN
        SELECT entry.value->>'key' AS key, turn.id, entry.value->>'owner' AS owner,
               (entry.value->>'lease_us')::bigint * interval '1 microsecond' AS lease, entry.position,
               genie_app.lock_key(turn.team_id, turn.channel_id, turn.thread_ts) AS lock
        FROM jsonb_array_elements(calls) WITH ORDINALITY entry (value, position)
        JOIN genie_app.turns turn ON turn.id = entry.value->>'turn_id'
        ORDER BY lock, position
    LOOP
        PERFORM pg_advisory_xact_lock(call.lock);
        UPDATE genie_app.turns turn
        SET lease_owner = call.owner, lease_token = nextval('genie_app.lease_tokens'),
            lease_until = clock_timestamp() + call.lease, claim_key = call.key, attempts = turn.attempts + 1,
            tries = turn.tries + 1
        WHERE turn.id = call.id AND turn.claim_key IS DISTINCT FROM call.key
          AND genie_app.is_free(turn) AND NOT genie_app.is_behind(turn);
        SELECT * INTO claimed FROM genie_app.turns turn
        WHERE turn.id = call.id AND turn.claim_key = call.key AND turn.lease_token IS NOT NULL;
        IF FOUND THEN
            results := results || jsonb_build_object(call.position::text, jsonb_build_object(
                'token', claimed.lease_token, 'turn', genie_app.turn_as_json(claimed)));
        END IF;
    END LOOP;
    RETURN (SELECT jsonb_agg(results->position::text ORDER BY position)
            FROM generate_series(1, jsonb_array_length(calls)) position);
END
$$;

-- [{turn_id, token, lease_us}] -> [whether the lease was still held]
CREATE FUNCTION genie_app.renew_leases(calls jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    results jsonb;
BEGIN
    WITH call AS (
        SELECT position, value->>'turn_id' AS turn_id, (value->>'token')::bigint AS token,
               (value->>'lease_us')::bigint * interval '1 microsecond' AS lease
        FROM jsonb_array_elements(calls) WITH ORDINALITY element (value, position)
    ), renewed AS (
        UPDATE genie_app.turns turn SET lease_until = clock_timestamp() + call.lease
        FROM call WHERE turn.id = call.turn_id AND turn.lease_token = call.token
        RETURNING call.position
    )
    SELECT jsonb_agg(renewed.position IS NOT NULL ORDER BY call.position) INTO results
    FROM call LEFT JOIN renewed USING (position);
    RETURN results;
END
$$;

-- [{turn_id, token}] -> [whether the lease was still held]
CREATE FUNCTION genie_app.release_leases(calls jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    results jsonb;
BEGIN
    WITH call AS (
        SELECT position, value->>'turn_id' AS turn_id, (value->>'token')::bigint AS token
        FROM jsonb_array_elements(calls) WITH ORDINALITY element (value, position)
    ), released AS (
        UPDATE genie_app.turns turn
        SET lease_token = NULL, lease_owner = NULL, lease_until = NULL, tries = greatest(turn.tries - 1, 0)
        FROM call WHERE turn.id = call.turn_id AND turn.lease_token = call.token
        RETURNING call.position
    )
    SELECT jsonb_agg(released.position IS NOT NULL ORDER BY call.position) INTO results
    FROM call LEFT JOIN released USING (position);
    RETURN results;
END
$$;

-- [{key, token, turn, rows}] -> ['held' | 'lost' | 'invalid' | 'taken']. A final state ends the lease. Rows are written
-- only under a lease that is held. 'taken': Genie's message belongs to another turn; nothing is written.
CREATE FUNCTION genie_app.store_turns(calls jsonb) RETURNS jsonb
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
            answer_channel = new.answer_channel, answer_thread = new.answer_thread, replaces = new.replaces,
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
                received_us bigint, asked_us bigint, finished_us bigint)
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

-- [{turn_id, user}] -> [turn | null]: as it is stored then. No two calls of a batch are about the same turn.
CREATE FUNCTION genie_app.request_stops(calls jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE genie_app.turns turn SET stopped_by = call->>'user'
    FROM jsonb_array_elements(calls) call
    WHERE turn.id = call->>'turn_id' AND turn.stopped_by = '' AND NOT genie_app.is_final(turn.state);
    RETURN (
        SELECT jsonb_agg(genie_app.turn_as_json(turn) ORDER BY call.position)
        FROM jsonb_array_elements(calls) WITH ORDINALITY call (value, position)
        LEFT JOIN genie_app.turns turn ON turn.id = call.value->>'turn_id');
END
$$;

-- [{limit}] -> [[turn id]]: what claim_turns would grant now and needs nobody's choice, oldest first.
CREATE FUNCTION genie_app.recoverable_turns(calls jsonb) RETURNS jsonb
LANGUAGE sql VOLATILE AS $$
    SELECT jsonb_agg(
        (SELECT coalesce(jsonb_agg(found.id ORDER BY found.sequence), '[]')
         FROM (SELECT turn.id, turn.sequence FROM genie_app.turns turn
               WHERE turn.state NOT IN ('delivered', 'failed') AND turn.state <> 'awaiting_space'
                 AND genie_app.is_free(turn) AND NOT genie_app.is_behind(turn)
               ORDER BY turn.sequence
               LIMIT (call.value->>'limit')::bigint) found)
        ORDER BY call.position)
    FROM jsonb_array_elements(calls) WITH ORDINALITY call (value, position)
$$;

-- [{turn_id}] -> [turn | null]
CREATE FUNCTION genie_app.get_turns(calls jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_agg(genie_app.turn_as_json(turn) ORDER BY call.position)
    FROM jsonb_array_elements(calls) WITH ORDINALITY call (value, position)
    LEFT JOIN genie_app.turns turn ON turn.id = call.value->>'turn_id'
$$;

-- [{team, channel, ts}] -> [turn | null]: whose progress message is that message.
CREATE FUNCTION genie_app.find_answers(calls jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_agg(
        (SELECT genie_app.turn_as_json(turn) FROM genie_app.turns turn
         WHERE turn.team_id = call.value->>'team' AND turn.progress_ts = call.value->>'ts' AND turn.progress_ts <> ''
           AND coalesce(nullif(turn.answer_channel, ''), turn.channel_id) = call.value->>'channel'
         ORDER BY turn.sequence DESC LIMIT 1)
        ORDER BY call.position)
    FROM jsonb_array_elements(calls) WITH ORDINALITY call (value, position)
$$;

-- [{team, channel, thread_ts}] -> [turn | null]: the last accepted one of the thread.
CREATE FUNCTION genie_app.newest_turns(calls jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_agg(
        (SELECT genie_app.turn_as_json(turn) FROM genie_app.turns turn
         WHERE turn.team_id = call.value->>'team' AND turn.channel_id = call.value->>'channel'
           AND turn.thread_ts = call.value->>'thread_ts'
         ORDER BY turn.sequence DESC LIMIT 1)
        ORDER BY call.position)
    FROM jsonb_array_elements(calls) WITH ORDINALITY call (value, position)
$$;

-- [{team, user, limit}] -> [[turn]]: a person's, the last accepted first.
CREATE FUNCTION genie_app.recent_turns(calls jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_agg(
        (SELECT coalesce(jsonb_agg(found.turn ORDER BY found.sequence DESC), '[]')
         FROM (SELECT genie_app.turn_as_json(turn) AS turn, turn.sequence FROM genie_app.turns turn
               WHERE turn.team_id = call.value->>'team' AND turn.user_id = call.value->>'user'
               ORDER BY turn.sequence DESC
               LIMIT (call.value->>'limit')::bigint) found)
        ORDER BY call.position)
    FROM jsonb_array_elements(calls) WITH ORDINALITY call (value, position)
$$;

-- [{conversation_id}] -> [[message id]]: Genie's messages that turns of that conversation have, newest first.
CREATE FUNCTION genie_app.asked_messages(calls jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_agg(
        (SELECT coalesce(jsonb_agg(found.message_id ORDER BY found.sequence DESC), '[]')
         FROM (SELECT turn.message_id, turn.sequence FROM genie_app.turns turn
               WHERE turn.conversation_id = call.value->>'conversation_id' AND turn.message_id <> ''
               ORDER BY turn.sequence DESC
               LIMIT 100) found)
        ORDER BY call.position)
    FROM jsonb_array_elements(calls) WITH ORDINALITY call (value, position)
$$;

-- [{team, channel, thread_ts}] -> [whether it is one of our threads]
CREATE FUNCTION genie_app.are_served(calls jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_agg(
        EXISTS (SELECT FROM genie_app.turns turn
                WHERE turn.team_id = call.value->>'team' AND turn.channel_id = call.value->>'channel'
                  AND turn.thread_ts = call.value->>'thread_ts')
        OR EXISTS (SELECT FROM genie_app.conversation_tracker known
                   WHERE known.thread_ts = call.value->>'thread_ts'
                     AND known.channel_id IN (call.value->>'channel', '')
                     AND known.team_id IN (call.value->>'team', ''))
        ORDER BY call.position)
    FROM jsonb_array_elements(calls) WITH ORDINALITY call (value, position)
$$;

-- [{key, id, for_id, thread_id, value, comment}] -> [value before | null]
CREATE FUNCTION genie_app.set_feedbacks(calls jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    call record;
    before integer;
    results jsonb := '[]';
BEGIN
    PERFORM pg_advisory_xact_lock(answer.key)
    FROM (SELECT DISTINCT hashtextextended(entry->>'for_id', 1) AS key
          FROM jsonb_array_elements(calls) entry ORDER BY 1) answer;
    FOR call IN
        SELECT entry.value->>'key' AS key, (entry.value->>'id')::uuid AS id, (entry.value->>'for_id')::uuid AS for_id,
               (entry.value->>'thread_id')::uuid AS thread_id, (entry.value->>'value')::integer AS value,
               nullif(entry.value->>'comment', '') AS comment
        FROM jsonb_array_elements(calls) WITH ORDINALITY entry (value, position)
        ORDER BY entry.position
    LOOP
        SELECT known."value" INTO before FROM feedbacks known WHERE known.id = call.id;
        INSERT INTO genie_app.ratings AS rating (feedback_id, step_id, previous, write_key)
        VALUES (call.id, call.for_id, before, call.key)
        ON CONFLICT (feedback_id) DO UPDATE
        SET step_id = EXCLUDED.step_id, write_key = EXCLUDED.write_key,
            previous = CASE WHEN rating.write_key = EXCLUDED.write_key THEN rating.previous ELSE EXCLUDED.previous END
        RETURNING rating.previous INTO before;
        INSERT INTO feedbacks ("id", "forId", "threadId", "value", "comment")
        VALUES (call.id,
                CASE WHEN EXISTS (SELECT FROM feedbacks other WHERE other."forId" = call.for_id AND other.id <> call.id)
                     THEN call.id ELSE call.for_id END,
                call.thread_id, call.value, call.comment)
        ON CONFLICT (id) DO UPDATE
        SET "forId" = EXCLUDED."forId", "threadId" = EXCLUDED."threadId", "value" = EXCLUDED."value",
            "comment" = EXCLUDED."comment";
        results := results || jsonb_build_array(before);
    END LOOP;
    RETURN results;
END
$$;

-- [{id}] -> [whether there was one]. Another person's rating of the same answer takes its place at the run.
CREATE FUNCTION genie_app.delete_feedbacks(calls jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    call uuid;
    step uuid;
    results jsonb := '[]';
BEGIN
    PERFORM pg_advisory_xact_lock(answer.key)
    FROM (SELECT DISTINCT hashtextextended(rating.step_id::text, 1) AS key
          FROM jsonb_array_elements(calls) entry
          JOIN genie_app.ratings rating ON rating.feedback_id = (entry->>'id')::uuid ORDER BY 1) answer;
    FOR call IN SELECT (entry.value->>'id')::uuid FROM jsonb_array_elements(calls) WITH ORDINALITY entry (value, position)
                ORDER BY entry.position
    LOOP
        DELETE FROM feedbacks known WHERE known.id = call;
        results := results || jsonb_build_array(FOUND);
        DELETE FROM genie_app.ratings rating WHERE rating.feedback_id = call RETURNING rating.step_id INTO step;
        UPDATE feedbacks SET "forId" = step
        WHERE NOT EXISTS (SELECT FROM feedbacks known WHERE known."forId" = step)
          AND id = (SELECT rating.feedback_id FROM genie_app.ratings rating
                    JOIN feedbacks known ON known.id = rating.feedback_id
                    WHERE rating.step_id = step ORDER BY rating.created_at LIMIT 1);
    END LOOP;
    RETURN results;
END
$$;

-- [{thread_id}] -> [[feedback]]
CREATE FUNCTION genie_app.get_feedbacks(calls jsonb) RETURNS jsonb
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT jsonb_agg(
        (SELECT coalesce(jsonb_agg(jsonb_build_object(
                    'id', known.id, 'for_id', coalesce(rating.step_id, known."forId"), 'thread_id', known."threadId",
                    'value', known."value", 'comment', coalesce(known."comment", ''))
                    ORDER BY rating.created_at, known.id), '[]')
         FROM feedbacks known LEFT JOIN genie_app.ratings rating ON rating.feedback_id = known.id
         WHERE known."threadId" = (call.value->>'thread_id')::uuid)
        ORDER BY call.position)
    FROM jsonb_array_elements(calls) WITH ORDINALITY call (value, position)
$$;

-- [{thread_id}] -> [[step]]
CREATE FUNCTION genie_app.get_steps(calls jsonb) RETURNS jsonb
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT jsonb_agg(
        (SELECT coalesce(jsonb_agg(jsonb_build_object(
                    'id', step.id, 'name', step."name", 'type', step."type", 'thread_id', step."threadId",
                    'parent_id', step."parentId", 'is_error', coalesce(step."isError", false),
                    'metadata', coalesce(step."metadata", '{}'), 'input', step."input", 'output', step."output",
                    'created_at', step."createdAt", 'start', step."start", 'end', step."end",
                    'show_input', step."showInput", 'language', step."language")
                    ORDER BY step."createdAt" COLLATE "C", step.id), '[]')
         FROM steps step WHERE step."threadId" = (call.value->>'thread_id')::uuid)
        ORDER BY call.position)
    FROM jsonb_array_elements(calls) WITH ORDINALITY call (value, position)
$$;

-- [{key, per_minute}] -> [microseconds to wait before asking again, 0: granted]. A permit counts for a minute and is
-- remembered for longer, so that a call that is sent again finds its own.
CREATE FUNCTION genie_app.take_permits(calls jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    call record;
    present timestamptz;
    free_at timestamptz;
    results jsonb := '[]';
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('genie_app.question_permits', 3));
    present := clock_timestamp();
    DELETE FROM genie_app.question_permits permit WHERE permit.granted_at < present - interval '10 minutes';
    FOR call IN
        SELECT entry.value->>'key' AS key, (entry.value->>'per_minute')::integer AS per_minute
        FROM jsonb_array_elements(calls) WITH ORDINALITY entry (value, position)
        ORDER BY entry.position
    LOOP
        free_at := NULL;
        IF NOT EXISTS (SELECT FROM genie_app.question_permits permit WHERE permit.call_key = call.key) THEN
            IF call.per_minute > 0 THEN
                SELECT permit.granted_at + interval '1 minute' INTO free_at FROM genie_app.question_permits permit
                WHERE permit.granted_at > present - interval '1 minute'
                ORDER BY permit.granted_at DESC OFFSET call.per_minute - 1 LIMIT 1;
            END IF;
            free_at := greatest(free_at, (SELECT pause.paused_until FROM genie_app.question_pauses pause
                                          WHERE pause.paused_until > present));
            IF free_at IS NULL AND call.per_minute > 0 THEN
                INSERT INTO genie_app.question_permits (call_key, granted_at) VALUES (call.key, present);
            END IF;
        END IF;
        results := results || to_jsonb(coalesce((extract(epoch FROM free_at - present) * 1000000)::bigint, 0));
    END LOOP;
    RETURN results;
END
$$;

-- [{pause_us}] -> [true]
CREATE FUNCTION genie_app.pause_questions(calls jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO genie_app.question_pauses AS known (paused_until)
    SELECT clock_timestamp() + max((call->>'pause_us')::bigint) * interval '1 microsecond'
    FROM jsonb_array_elements(calls) call
    ON CONFLICT (is_only) DO UPDATE SET paused_until = greatest(known.paused_until, EXCLUDED.paused_until);
    RETURN (SELECT jsonb_agg(true) FROM jsonb_array_elements(calls));
END
$$;

-- [{}] -> [true]. Slack repeats an event for up to 25 hours. A few rows at a time, so that nobody waits for it.
CREATE FUNCTION genie_app.sweep(calls jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM genie_app.events old
    WHERE old.ctid = ANY (ARRAY(
        SELECT event.ctid FROM genie_app.events event
        WHERE event.received_at < clock_timestamp() - interval '48 hours'
        ORDER BY event.received_at
        LIMIT 10000
        FOR UPDATE SKIP LOCKED));
    RETURN (SELECT jsonb_agg(true) FROM jsonb_array_elements(calls));
END
$$;

-- [{kind, turn_id, sqlstate, detail}] -> [true]. A turn is buried once for each reason.
CREATE FUNCTION genie_app.bury(calls jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO genie_app.dead_letters (kind, turn_id, sqlstate, detail)
    SELECT call->>'kind', call->>'turn_id', call->>'sqlstate', call->>'detail' FROM jsonb_array_elements(calls) call
    ON CONFLICT DO NOTHING;
    RETURN (SELECT jsonb_agg(true) FROM jsonb_array_elements(calls));
END
$$;

-- [{}] -> [{read_only, version}]
CREATE FUNCTION genie_app.storage_state(calls jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_agg(jsonb_build_object(
        'read_only', current_setting('transaction_read_only')::boolean,
        'version', (SELECT max(version) FROM genie_app.schema_version)))
    FROM jsonb_array_elements(calls)
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA genie_app FROM PUBLIC;
