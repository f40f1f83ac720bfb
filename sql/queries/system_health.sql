-- Monitoring of the database. Every query runs as it stands, by any role that may read the chat tables, with
-- search_path set to the schema of the chat tables.

-- Active connections to this database.
SELECT count(*) AS active_connections
FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND state = 'active';

-- Sessions of this database by state, with the limits of the server. Sessions of other roles show no state without the
-- privileges of pg_monitor.
SELECT coalesce(state, 'not visible') AS state,
       count(*) AS connections,
       current_setting('max_connections')::integer AS max_connections
FROM pg_stat_activity
WHERE datname = current_database()
GROUP BY 1
ORDER BY connections DESC;

-- Long-running queries: those that run, not sessions that are idle since their last one.
SELECT pid, usename, state, query_start, now() - query_start AS running_for, left(query, 200) AS query
FROM pg_stat_activity
WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()
  AND query_start < now() - interval '5 minutes'
ORDER BY query_start;

-- Long transactions: they hold back vacuum, also when nothing runs in them.
SELECT pid, usename, state, xact_start, now() - xact_start AS open_for
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start < now() - interval '5 minutes'
ORDER BY xact_start;

-- Database size.
SELECT pg_size_pretty(pg_database_size(current_database())) AS database_size,
       pg_database_size(current_database()) AS database_bytes;

-- Size and rows of each table. Estimated rows are those of the last ANALYZE or VACUUM, NULL before the first.
SELECT n.nspname AS schema_name,
       c.relname AS table_name,
       pg_size_pretty(pg_total_relation_size(c.oid)) AS total_size,
       pg_size_pretty(pg_table_size(c.oid)) AS table_size,
       pg_size_pretty(pg_indexes_size(c.oid)) AS indexes_size,
       CASE WHEN c.reltuples >= 0 THEN c.reltuples::bigint END AS estimated_rows
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN (current_schema(), 'genie_app') AND c.relkind IN ('r', 'p')
ORDER BY pg_total_relation_size(c.oid) DESC;

-- Use of each index since the statistics were last reset; UNUSED is a hint only on a database that has been in use for
-- a while.
SELECT schemaname AS schema_name,
       relname AS table_name,
       indexrelname AS index_name,
       idx_scan AS scans,
       idx_tup_read AS entries_read,
       pg_size_pretty(pg_relation_size(indexrelid)) AS index_size,
       CASE WHEN idx_scan = 0 THEN 'UNUSED' ELSE 'USED' END AS usage
FROM pg_stat_all_indexes
WHERE schemaname IN (current_schema(), 'genie_app')
ORDER BY idx_scan DESC, index_name;

-- Dead rows and the last time that vacuum and analyze saw each table.
SELECT schemaname AS schema_name,
       relname AS table_name,
       n_live_tup AS live_rows,
       n_dead_tup AS dead_rows,
       round(100.0 * n_dead_tup / nullif(n_live_tup + n_dead_tup, 0), 1) AS dead_percent,
       greatest(last_vacuum, last_autovacuum) AS last_vacuum,
       greatest(last_analyze, last_autoanalyze) AS last_analyze
FROM pg_stat_all_tables
WHERE schemaname IN (current_schema(), 'genie_app')
ORDER BY n_dead_tup DESC;

-- Locks that somebody waits for, and who holds them.
SELECT waiting.pid AS waiting_pid,
       waiting.usename AS waiting_role,
       l.locktype AS lock_type,
       l.mode AS lock_mode,
       l.relation::regclass AS locked_relation,
       pg_blocking_pids(waiting.pid) AS blocked_by,
       now() - waiting.query_start AS waiting_for
FROM pg_locks l
JOIN pg_stat_activity waiting ON waiting.pid = l.pid
WHERE NOT l.granted
ORDER BY waiting.query_start;

-- How fresh the data is, by the last hundred texts between the years 1000 and 2999.
SELECT table_name,
       newest AS newest_record,
       now() - newest AS age
FROM (
    SELECT 1 AS position, 'users' AS table_name, max(iso_timestamp("createdAt")) AS newest FROM users
    UNION ALL
    SELECT 2, 'threads', max(iso_timestamp("createdAt"))
    FROM (SELECT "createdAt" FROM threads WHERE "createdAt" >= '1' AND "createdAt" < '3'
          ORDER BY "createdAt" DESC LIMIT 100) latest
    UNION ALL
    SELECT 3, 'steps', max(iso_timestamp("createdAt"))
    FROM (SELECT "createdAt" FROM steps WHERE "createdAt" >= '1' AND "createdAt" < '3'
          ORDER BY "createdAt" DESC LIMIT 100) latest
) freshness
ORDER BY position;

-- Rows that should not be there.
SELECT (SELECT count(*) FROM users WHERE "identifier" = '') AS users_without_identifier,
       (SELECT count(*) FROM threads WHERE iso_timestamp("createdAt") IS NULL) AS threads_without_time,
       (SELECT count(*) FROM steps WHERE iso_timestamp("createdAt") IS NULL) AS steps_without_time,
       (SELECT count(*) FROM feedbacks WHERE "value" NOT BETWEEN 0 AND 5) AS invalid_feedbacks;

-- Growth: new conversations of the last seven days and of the seven before, days without any included; the change is
-- NULL when there is nothing to compare with.
SELECT last_week.conversations AS conversations_last_7_days,
       week_before.conversations AS conversations_7_days_before,
       round(100.0 * (last_week.conversations - week_before.conversations) / nullif(week_before.conversations, 0), 1)
           AS growth_percent
FROM (SELECT count(*) AS conversations FROM threads
      WHERE "createdAt" >= to_char((now() AT TIME ZONE 'UTC')::date - 8, 'YYYY-MM-DD')
        AND iso_timestamp("createdAt") >= now() - interval '7 days' AND iso_timestamp("createdAt") <= now()) last_week,
     (SELECT count(*) AS conversations FROM threads
      WHERE "createdAt" >= to_char((now() AT TIME ZONE 'UTC')::date - 15, 'YYYY-MM-DD')
        AND iso_timestamp("createdAt") >= now() - interval '14 days'
        AND iso_timestamp("createdAt") < now() - interval '7 days') week_before;

-- Alerts and checks in one result.
SELECT * FROM system_health_check();
