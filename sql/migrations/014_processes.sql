-- Processes that hold, or held, an advisory lock for as long as they live: `lock_key` is its key. A lease or an action of
-- `owner` ends with it: `missing_since` is when somebody first saw the lock gone. A process without a row counts by the
-- time of its leases alone.
CREATE TABLE genie_app.processes (
    owner text PRIMARY KEY,
    lock_key bigint NOT NULL,
    locked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    missing_since timestamptz
);

-- What recoverable_turns looks through: thousands may wait for a person's choice of a space, few for a process.
CREATE INDEX turns_to_run ON genie_app.turns (sequence) WHERE state IN ('received', 'asking', 'asked', 'answered');
