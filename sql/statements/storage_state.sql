-- [{}] -> [{read_only}]
SELECT jsonb_agg(jsonb_build_object('read_only', current_setting('transaction_read_only')::boolean))
FROM jsonb_array_elements($1)
