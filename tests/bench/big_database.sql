-- A year of use: 2,000 people, 100,000 conversations, 200,000 questions, 1,000,000 steps, evenly spread, as the bot
-- records them. For an empty database that is migrated, with search_path on the chat tables.
-- A few rows are as they should not be: texts that are no times, times with an offset, conversations without a user.

CREATE FUNCTION pg_temp.iso(moment timestamptz) RETURNS text LANGUAGE sql IMMUTABLE
RETURN to_char(timezone('UTC', moment), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
CREATE FUNCTION pg_temp.id(kind int, n int) RETURNS uuid LANGUAGE sql IMMUTABLE
RETURN md5(kind || '/' || n)::uuid;

INSERT INTO users ("id", "identifier", "metadata", "createdAt")
SELECT pg_temp.id(1, n), 'person' || n || '@example.com',
       jsonb_build_object('slack', jsonb_build_object('team', 'T1', 'user', 'U' || n), 'name', 'Person ' || n,
                          'email', 'person' || n || '@example.com'),
       pg_temp.iso(now() - interval '366 days')
FROM generate_series(1, 2000) n;
INSERT INTO genie_app.people SELECT 'T1', 'U' || n, pg_temp.id(1, n) FROM generate_series(1, 2000) n;

CREATE TEMPORARY TABLE conversation AS
SELECT n, pg_temp.id(2, n) AS id, now() - (100000 - n + 0.5) / 100000 * interval '365 days' AS started_at,
       1 + n * 7919 % 2000 AS person, 'C' || n % 500 AS channel, extract(epoch FROM now())::int || '.' || n AS thread_ts
FROM generate_series(1, 100000) n;

INSERT INTO threads ("id", "createdAt", "name", "userId", "userIdentifier", "metadata")
SELECT id,
       CASE WHEN n % 5000 = 1 THEN 'yesterday' WHEN n % 5000 = 2 THEN NULL
            WHEN n % 5000 = 3 THEN to_char(timezone('UTC', started_at), 'YYYY-MM-DD"T"HH24:MI:SS"+02:00"')
            ELSE pg_temp.iso(started_at) END,
       'What was revenue by region in week ' || n % 52 || '?',
       CASE WHEN n % 100 > 0 THEN pg_temp.id(1, person) END, 'person' || person || '@example.com',
       jsonb_build_object('client_type', 'slack', 'slack', jsonb_build_object(
           'team', 'T1', 'channel', channel, 'thread_ts', thread_ts, 'user', 'U' || person))
FROM conversation;

-- The second question comes ten minutes after the first; every fiftieth fails.
CREATE TEMPORARY TABLE question AS
SELECT c.*, 2 * c.n - 1 + k AS q, least(c.started_at + k * interval '10 minutes', now()) AS asked_at,
       5 + (2 * c.n + k) % 40 AS seconds, (2 * c.n + k) % 50 = 0 AS is_failed,
       jsonb_build_object('space_id', 'space' || c.n % 20, 'space_name', 'Space ' || c.n % 20, 'conversation_id',
                          'conversation' || c.n, 'message_id', 'message' || 2 * c.n + k) AS genie
FROM conversation c, generate_series(0, 1) k;

INSERT INTO genie_app.turns (id, team_id, channel_id, thread_ts, question_ts, chat_thread_id, user_id, channel_type,
                             question, state, space_id, space_name, conversation_id, message_id, progress_ts, failure,
                             received_at, asked_at, finished_at, accept_key, origin, audience, message_ts)
SELECT 'turn' || q, 'T1', channel, thread_ts, thread_ts || '/' || q, id, 'U' || person, 'channel',
       'What was revenue by region?', CASE WHEN is_failed THEN 'failed' ELSE 'delivered' END, genie ->> 'space_id',
       genie ->> 'space_name', genie ->> 'conversation_id', genie ->> 'message_id', q || '.2', '', asked_at, asked_at,
       asked_at + seconds * interval '1 second', 'key' || q, 'mention', 'channel', thread_ts
FROM question
ORDER BY q;

-- A question, its run, two statements and the answer.
INSERT INTO steps ("id", "name", "type", "threadId", "parentId", "streaming", "waitForAnswer", "isError", "metadata",
                   "input", "output", "createdAt", "start", "end", "showInput", "language", "defaultOpen",
                   "autoCollapse")
SELECT pg_temp.id(3, q * 5 + kind),
       (ARRAY['Person ' || person, 'on_message', 'Genie', 'Genie', 'Genie'])[kind + 1],
       (ARRAY['user_message', 'run', 'tool', 'tool', 'assistant_message'])[kind + 1],
       id,
       CASE kind WHEN 0 THEN NULL WHEN 1 THEN pg_temp.id(3, q * 5) ELSE pg_temp.id(3, q * 5 + 1) END,
       false, false, is_failed AND kind IN (1, 4),
       CASE kind WHEN 0 THEN jsonb_build_object('slack', jsonb_build_object(
                     'team', 'T1', 'channel', channel, 'thread_ts', thread_ts, 'user', 'U' || person, 'ts', q || '.1'))
                 WHEN 4 THEN jsonb_build_object('latency_ms', seconds * 1000, 'genie', genie, 'slack',
                     jsonb_build_object('channel', channel, 'ts', q || '.2'))
                 ELSE jsonb_build_object('genie', genie, 'timings', jsonb_build_object('genie_ms', seconds * 900)) END,
       CASE WHEN kind IN (1, 2, 3) THEN 'What was revenue by region?' ELSE '' END,
       CASE kind WHEN 0 THEN 'What was revenue by region?' WHEN 1 THEN '' ELSE repeat('x', 300) END,
       CASE WHEN q % 20000 = 7 THEN 'now' WHEN q % 20000 = 8 THEN NULL
            ELSE pg_temp.iso(asked_at + CASE kind WHEN 4 THEN seconds ELSE kind * 0.001 END * interval '1 second') END,
       pg_temp.iso(asked_at + CASE kind WHEN 4 THEN seconds ELSE kind * 0.001 END * interval '1 second'),
       pg_temp.iso(asked_at + CASE kind WHEN 0 THEN 0 ELSE seconds END * interval '1 second'),
       CASE kind WHEN 1 THEN 'json' END, CASE WHEN kind IN (2, 3) THEN 'sql' END, false, false
FROM question, generate_series(0, 4) kind
ORDER BY q, kind;

INSERT INTO feedbacks ("id", "forId", "threadId", "value", "comment")
SELECT pg_temp.id(4, q), pg_temp.id(3, q * 5 + 1), id, (q % 3 > 0)::int, CASE WHEN q % 15 = 0 THEN 'wrong region' END
FROM question WHERE q % 5 = 0;
INSERT INTO genie_app.ratings (feedback_id, step_id, write_key, created_at)
SELECT pg_temp.id(4, q), pg_temp.id(3, q * 5 + 1), 'key', asked_at + interval '1 minute'
FROM question WHERE q % 10 = 0;
INSERT INTO elements ("id", "threadId", "type", "url", "name", "display", "forId", "mime")
SELECT pg_temp.id(5, q), id, 'file', 'https://example.com/' || q, 'result.csv', 'inline', pg_temp.id(3, q * 5 + 4),
       'text/csv'
FROM question WHERE q % 4 = 0;

DROP TABLE question, conversation;
