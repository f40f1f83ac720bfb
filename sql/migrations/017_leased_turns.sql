-- The turns that a process works on: few, where thousands wait. recoverable_turns asks whether there are any.
CREATE INDEX turns_leased ON genie_app.turns (lease_owner) WHERE lease_token IS NOT NULL;
