-- When Slack told the address by which a person's row is known. What another process heard before takes no address back.
-- NULL: nobody knows, as of rows that a process of an older version wrote.
ALTER TABLE genie_app.people ADD COLUMN told_at timestamptz;
