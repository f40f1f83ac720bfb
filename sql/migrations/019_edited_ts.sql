-- Slack's time of the edit that a question's words are of. Edits reach processes in any order: the last one counts.
ALTER TABLE genie_app.turns ADD COLUMN edited_ts text NOT NULL DEFAULT '';
