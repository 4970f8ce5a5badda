-- How many drafts of the MTP modules does the main model accept, and where in a text?
-- One row a run, depth and domain: accepted / proposed over all texts, over their first 32 tokens and after those, tokens
-- emitted a step of the main model, the speed-up expected from the weights that drafting reads if checking drafts took no longer
-- than a step without them, and the one measured on the machine of the run (below 1 drafts cost time), by
-- statistics.mtp_timing.
SELECT
  m.run_id, m.depth, m.domain, m.proposed, m.accepted, m.acceptance,
  p.first_tokens, p.later_tokens,
  m.tokens_per_step, m.expected_speedup, m.measured_speedup
FROM mtp m
LEFT JOIN (
  SELECT
    run_id, depth, domain,
    sum(CASE WHEN position < 32 THEN accepted END) * 1.0 / nullif(sum(CASE WHEN position < 32 THEN proposed END), 0)
      AS first_tokens,
    sum(CASE WHEN position >= 32 THEN accepted END) * 1.0 / nullif(sum(CASE WHEN position >= 32 THEN proposed END), 0)
      AS later_tokens
  FROM mtp_acceptance
  GROUP BY run_id, depth, domain
) p ON p.run_id = m.run_id AND p.depth = m.depth AND p.domain = m.domain
WHERE m.proposed > 0
ORDER BY m.run_id, m.depth, m.domain;
