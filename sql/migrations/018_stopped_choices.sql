-- What waits for a person's choice that nobody will make: whoever wanted it to stop did not live to see it end.
CREATE INDEX turns_stopped_choice ON genie_app.turns (sequence) WHERE state = 'awaiting_space' AND stopped_by <> '';
