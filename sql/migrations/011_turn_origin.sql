-- How a question came to us, for whom its answer is, and which message asked. '' is what a process of an older version
-- leaves out; the trigger, which lives as long as such processes may run, puts what the question_ts tells in its place.
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
