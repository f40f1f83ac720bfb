-- What people do with an answer, and what came of it: {action: {owner, until, result}}. `owner` '' or a time that is over
-- means that nobody does it now; `until` is in seconds since 1970.
ALTER TABLE genie_app.turns ADD COLUMN actions jsonb NOT NULL DEFAULT '{}';
