-- Whether a question ended without an answer because that was wanted: somebody pressed Stop, edited or deleted it. Its
-- state is 'failed' all the same, which is why an older version, and what counts for it, need no change.
ALTER TABLE genie_app.turns ADD COLUMN was_stopped boolean NOT NULL DEFAULT false;

-- Such questions are few: nobody waits long for the table.
UPDATE genie_app.turns SET was_stopped = true
WHERE state = 'failed' AND failure IN ('stopped', 'edited', 'deleted');

-- An older version that still runs does not know the column; what it records as `failure` tells. The trigger lives as
-- long as such processes may run.
CREATE FUNCTION genie_app.complete_stopped_turn() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    NEW.was_stopped := true;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION genie_app.complete_stopped_turn() FROM PUBLIC;

CREATE TRIGGER complete_stopped_turn BEFORE INSERT OR UPDATE ON genie_app.turns
FOR EACH ROW WHEN (NEW.state = 'failed' AND NOT NEW.was_stopped AND NEW.failure IN ('stopped', 'edited', 'deleted'))
EXECUTE FUNCTION genie_app.complete_stopped_turn();
