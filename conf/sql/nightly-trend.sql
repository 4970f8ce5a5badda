-- How does each metric move from run to run?
-- One row a run and metric, in the order of the runs of a family (run.id before {date} is expanded): the value, its change
-- since the run before, and that change in units of its standard error as if the runs were independent. Runs over the same
-- documents are not: the gates (table gates, assay compare) pair them and see smaller differences.
SELECT
  family,
  run_id,
  started_at,
  task,
  metric,
  filter,
  value,
  stderr,
  value - lag(value) OVER series AS change,
  (value - lag(value) OVER series)
    / nullif(sqrt(stderr * stderr + lag(stderr) OVER series * lag(stderr) OVER series), 0) AS standard_errors
FROM metrics
JOIN (SELECT run_id, family, started_at FROM runs WHERE status = 'succeeded') finished USING (run_id)
WINDOW series AS (PARTITION BY family, task, metric, filter ORDER BY started_at)
ORDER BY family, task, metric, filter, started_at;
