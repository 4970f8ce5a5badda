-- How fast was each run, on what, and how much did sharing prefixes save?
-- One row a run, device and phase: tokens submitted and computed a second of engine time, and how many times less was
-- computed than submitted. Engine seconds of several executors add up.
SELECT
  run_id, device, phase,
  count(DISTINCT executor) AS executors,
  sum(requests) AS requests,
  sum(tokens_submitted) / sum(seconds) AS submitted_per_second,
  sum(tokens_computed) / sum(seconds) AS computed_per_second,
  sum(tokens_submitted) * 1.0 / nullif(sum(tokens_computed), 0) AS sharing,
  sum(seconds) AS engine_seconds
FROM throughput
GROUP BY run_id, device, phase
ORDER BY run_id, device, phase;
