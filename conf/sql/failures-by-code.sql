-- What was rejected, why, and how often?
-- One row a run, source and code, the most frequent first, with one message as an example.
SELECT run_id, source, code, count(*) AS documents, min(message) AS example
FROM failures
GROUP BY run_id, source, code
ORDER BY run_id, documents DESC, source, code;
