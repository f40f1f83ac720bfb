-- What texts and numbers of the chat tables mean. The views use these.

-- ISO 8601 text -> point in time; NULL for everything else ('', 'now', 30 February), never an error. A text without a
-- zone is UTC, as Chainlit means it. Immutable in truth: of what text::timestamptz reads here nothing depends on
-- DateStyle, TimeZone and the clock. Not an SQL function: inlined into the views it makes expressions that take seconds
-- to compile just in time.
CREATE OR REPLACE FUNCTION iso_timestamp(value text) RETURNS timestamptz
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE
    moment timestamp;
BEGIN
    -- The form that Chainlit and the bot write. LIKE fixes where the separators are and the pattern that there are no
    -- others; one that says how often each digit comes takes twice as long.
    IF value LIKE '____-__-__T__:__:__.______Z'
       AND value ~ '^[0-9]+-[0-9]+-[0-9]+T[0-9]+:[0-9]+:[0-9]+[.][0-9]+Z$'
       AND value COLLATE "C" > '0001' AND substr(value, 6, 2) COLLATE "C" BETWEEN '01' AND '12'
       AND (substr(value, 9, 2) COLLATE "C" BETWEEN '01' AND '28'
            OR substr(value, 9, 2) COLLATE "C" BETWEEN '29' AND '31'
               AND substr(value, 6, 5) NOT IN ('02-29', '02-30', '02-31', '04-31', '06-31', '09-31', '11-31'))
       AND substr(value, 12, 2) COLLATE "C" < '24' AND substr(value, 15, 1) COLLATE "C" < '6'
       AND substr(value, 18, 1) COLLATE "C" < '6' THEN
        RETURN value::timestamptz;
    END IF;

    IF value !~ ('^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])'
                 '[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?'
                 '(?:Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])?$')
       OR left(value, 4) = '0000'
       OR substring(value, 6, 5) IN ('02-30', '02-31', '04-31', '06-31', '09-31', '11-31') THEN
        RETURN NULL;
    END IF;
    IF substring(value, 6, 5) = '02-29'
       AND (left(value, 4)::integer % 4 <> 0
            OR (left(value, 4)::integer % 100 = 0 AND left(value, 4)::integer % 400 <> 0)) THEN
        RETURN NULL;
    END IF;
    -- Six digits of the fraction: what is beyond microseconds would be rounded.
    moment := make_timestamp(left(value, 4)::integer, substring(value, 6, 2)::integer, substring(value, 9, 2)::integer,
                             substring(value, 12, 2)::integer, substring(value, 15, 2)::integer,
                             substring(value, '^.{17}([0-9]{2}(?:\.[0-9]{1,6})?)')::double precision);
    IF value ~ '[+-][0-9]{2}:?[0-9]{2}$' THEN
        -- The offset is taken off before it becomes a timestamptz: timestamptz - interval is only stable.
        moment := moment - CASE WHEN value ~ '-[0-9]{2}:?[0-9]{2}$' THEN -1 ELSE 1 END
                           * make_interval(hours => substring(value, '([0-9]{2}):?[0-9]{2}$')::integer,
                                           mins => right(value, 2)::integer);
    END IF;
    RETURN moment AT TIME ZONE 'UTC';
END
$$;

-- SQL functions whose bodies are bound when they are created (RETURN, BEGIN ATOMIC) do not depend on anybody's
-- search_path; without a SET clause they are inlined into the queries that use them.

-- Ratings on one scale from 1 to 5. Chainlit knows thumbs only: 0 down, 1 up. Anything outside 0..5 is no rating: NULL.
CREATE OR REPLACE FUNCTION feedback_score(value integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN value = 0 THEN 1 WHEN value = 1 THEN 5 WHEN value BETWEEN 2 AND 5 THEN value END;

-- How long a person waited for an answer, in seconds; NULL when nobody measured it. Chainlit writes an answer with
-- start = end, which measures nothing, so the next best is asked: metadata.latency_ms, then the run that the answer is
-- part of.
CREATE OR REPLACE FUNCTION answer_seconds(answer_start text, answer_end text, answer_metadata jsonb,
                                          run_start text, run_end text) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN answer_end <> answer_start AND iso_timestamp(answer_end) > iso_timestamp(answer_start)
        THEN extract(epoch FROM iso_timestamp(answer_end) - iso_timestamp(answer_start))
    WHEN jsonb_typeof(answer_metadata -> 'latency_ms') = 'number' AND answer_metadata -> 'latency_ms' > '0'
        THEN (answer_metadata ->> 'latency_ms')::numeric / 1000
    WHEN iso_timestamp(run_end) > iso_timestamp(run_start)
        THEN extract(epoch FROM iso_timestamp(run_end) - iso_timestamp(run_start))
END;

REVOKE ALL ON FUNCTION iso_timestamp(text) FROM PUBLIC;
REVOKE ALL ON FUNCTION feedback_score(integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION answer_seconds(text, text, jsonb, text, text) FROM PUBLIC;
