-- [{}] -> [{read_only, version}]
SELECT jsonb_agg(jsonb_build_object(
    'read_only', current_setting('transaction_read_only')::boolean,
    'version', (SELECT max(applied.version) FROM genie_app.schema_version AS applied)))
FROM jsonb_array_elements($1)
