-- Which experts changed between the newest run of a family and the one before, in which domains, and what became of documents?
-- Of each domain (or task) of both runs the five documents that got worst, domains whose load moved most first. load_shift is
-- the part of a layer's load on prompts that went to other experts, mean over layers: 0 the same, 1 no expert in common; layer
-- and expert are where relative load moved most. The measure of a document is its perplexity in a corpus (lower is better), or
-- the score of its task that fell most; change is the newest run's minus the earlier one's, and worse says how many of the
-- domain's documents got worse. How many tokens of a single document went elsewhere: assay compare --model A --model B --output.
WITH ranked AS (
  SELECT run_id, family, row_number() OVER (PARTITION BY family ORDER BY started_at DESC) AS age
  FROM runs
  WHERE status = 'succeeded'
),
loads AS (
  SELECT
    family, age, layer, expert, domain, relative_load,
    count(*) OVER (PARTITION BY run_id, layer, domain) AS experts
  FROM expert_load
  JOIN ranked USING (run_id)
  WHERE phase = 'prompt' AND age <= 2
),
moved AS (
  SELECT
    b.family, b.domain, b.layer, b.expert, a.relative_load AS earlier_load, b.relative_load,
    abs(b.relative_load - a.relative_load) / (2 * b.experts) AS shift,
    row_number() OVER (
      PARTITION BY b.family, b.domain ORDER BY abs(b.relative_load - a.relative_load) DESC, b.layer, b.expert
    ) AS place
  FROM loads a
  JOIN loads b
    ON a.family = b.family AND a.domain = b.domain AND a.layer = b.layer AND a.expert = b.expert AND a.experts = b.experts
  WHERE a.age = 2 AND b.age = 1
),
domains AS (
  SELECT
    family, domain,
    sum(shift) / count(DISTINCT layer) AS load_shift,
    max(CASE WHEN place = 1 THEN layer END) AS layer,
    max(CASE WHEN place = 1 THEN expert END) AS expert,
    max(CASE WHEN place = 1 THEN earlier_load END) AS earlier_load,
    max(CASE WHEN place = 1 THEN relative_load END) AS relative_load
  FROM moved
  GROUP BY family, domain
),
measured AS (
  SELECT
    family, age, run_id, domain, task, doc_id, 'perplexity' AS measure, -1 AS better,
    exp(-sum(sum_logprob) / sum(num_tokens)) AS value
  FROM samples
  JOIN ranked USING (run_id)
  WHERE kind = 'rolling' AND age <= 2
  GROUP BY family, age, run_id, domain, task, doc_id
  UNION ALL
  SELECT
    r.family, r.age, v.run_id, v.task AS domain, v.task, v.doc_id,
    concat(v.metric, CASE WHEN v.filter = 'none' THEN '' ELSE concat(' (', v.filter, ')') END) AS measure,
    CASE WHEN m.higher_is_better THEN 1 ELSE -1 END AS better,
    v.value
  FROM document_values v
  JOIN ranked r ON r.run_id = v.run_id
  JOIN metrics m ON m.run_id = v.run_id AND m.task = v.task AND m.metric = v.metric AND m.filter = v.filter
  WHERE r.age <= 2 AND v.task NOT LIKE 'corpus:%' AND m.higher_is_better IS NOT NULL
),
changes AS (
  SELECT
    b.family, b.run_id, a.run_id AS earlier_run, b.domain, b.task, b.doc_id, b.measure,
    a.value AS earlier_value, b.value, b.value - a.value AS change,
    (b.value - a.value) * b.better AS gain,
    row_number() OVER (
      PARTITION BY b.family, b.task, b.domain, b.doc_id ORDER BY (b.value - a.value) * b.better, b.measure
    ) AS place
  FROM measured a
  JOIN measured b
    ON a.family = b.family AND a.domain = b.domain AND a.task = b.task AND a.doc_id = b.doc_id AND a.measure = b.measure
  WHERE a.age = 2 AND b.age = 1
),
documents AS (
  SELECT
    family, run_id, earlier_run, domain, task, doc_id, measure, earlier_value, value, change,
    count(*) OVER (PARTITION BY family, domain) AS documents,
    sum(CASE WHEN gain < 0 THEN 1 ELSE 0 END) OVER (PARTITION BY family, domain) AS worse,
    row_number() OVER (PARTITION BY family, domain ORDER BY gain, task, doc_id) AS place
  FROM changes
  WHERE place = 1
)
SELECT
  d.domain,
  round(d.load_shift, 4) AS load_shift,
  d.layer, d.expert,
  round(d.earlier_load, 4) AS earlier_load,
  round(d.relative_load, 4) AS relative_load,
  c.documents, c.worse, c.doc_id, c.measure,
  round(c.earlier_value, 4) AS earlier_value,
  round(c.value, 4) AS value,
  round(c.change, 4) AS change,
  c.earlier_run, c.run_id
FROM domains d
JOIN documents c ON c.family = d.family AND c.domain = d.domain
WHERE c.place <= 5
ORDER BY c.run_id, d.load_shift DESC, d.domain, c.place;
