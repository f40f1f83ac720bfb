-- Before take_permits: one budget for all processes.
SELECT pg_advisory_xact_lock(hashtextextended('genie_app.question_permits', {budget_lock}))
