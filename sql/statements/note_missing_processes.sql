-- [{process, judges}] -> nothing. Records which processes' locks are gone. Who has just got its own lock back judges
-- nobody, and neither does anyone while the server is young: what cut one session may have cut all.
UPDATE genie_app.processes AS process
SET missing_since = clock_timestamp()
WHERE process.missing_since IS NULL
  AND EXISTS (SELECT FROM jsonb_array_elements($1) AS call (value)
              WHERE (call.value->>'judges')::boolean AND call.value->>'process' <> process.owner)
  AND pg_postmaster_start_time() < clock_timestamp() - interval '5 seconds'
  AND NOT EXISTS (
      SELECT FROM pg_locks AS held
      WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 1
        AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND held.classid = ((process.lock_key >> 32) & 4294967295)::oid
        AND held.objid = (process.lock_key & 4294967295)::oid)
