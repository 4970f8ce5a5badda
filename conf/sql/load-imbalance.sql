-- How evenly are tokens spread over experts, and where least?
-- One row a run and layer: MaxVio (highest load over mean load, minus 1; 0 is balanced), also as a mean over batches, the
-- coefficient of variation, the entropy over its maximum (1 is balanced), the most loaded expert, and the domain whose own
-- load is least even.
WITH worst AS (
  SELECT
    run_id, layer, domain, max_vio,
    row_number() OVER (PARTITION BY run_id, layer ORDER BY max_vio DESC, domain) AS place
  FROM expert_balance
  WHERE domain <> '*'
),
loads AS (
  SELECT run_id, layer, expert, sum(tokens) AS tokens
  FROM expert_load
  GROUP BY run_id, layer, expert
),
hottest AS (
  SELECT run_id, layer, expert, row_number() OVER (PARTITION BY run_id, layer ORDER BY tokens DESC, expert) AS place
  FROM loads
)
SELECT
  b.run_id, b.layer, b.tokens, b.max_vio, b.max_vio_batch, b.cv, b.entropy,
  h.expert AS most_loaded_expert,
  w.domain AS least_even_domain,
  w.max_vio AS its_max_vio
FROM expert_balance b
JOIN worst w ON w.run_id = b.run_id AND w.layer = b.layer AND w.place = 1
JOIN hottest h ON h.run_id = b.run_id AND h.layer = b.layer AND h.place = 1
WHERE b.domain = '*'
ORDER BY b.run_id, b.layer;
