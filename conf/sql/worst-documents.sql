-- Which documents of the corpora became harder for the newest run, against the run before it in its family?
-- A document's perplexity is exp(-sum of log-probabilities / tokens) over its windows. The 20 that rose most, by ratio.
WITH ranked AS (
  SELECT run_id, family, row_number() OVER (PARTITION BY family ORDER BY started_at DESC) AS age
  FROM runs
  WHERE status = 'succeeded'
),
documents AS (
  SELECT
    family, age, run_id, task, domain, doc_id,
    sum(num_tokens) AS tokens,
    exp(-sum(sum_logprob) / sum(num_tokens)) AS perplexity
  FROM samples
  JOIN ranked USING (run_id)
  WHERE kind = 'rolling' AND age <= 2
  GROUP BY family, age, run_id, task, domain, doc_id
)
SELECT
  b.run_id, a.run_id AS earlier_run, b.task, b.domain, b.doc_id, b.tokens,
  a.perplexity AS earlier_perplexity,
  b.perplexity,
  b.perplexity / a.perplexity AS ratio
FROM documents a
JOIN documents b ON a.family = b.family AND a.task = b.task AND a.domain = b.domain AND a.doc_id = b.doc_id
WHERE a.age = 2 AND b.age = 1 AND a.tokens = b.tokens
ORDER BY ratio DESC
LIMIT 20;
