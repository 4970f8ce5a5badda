-- Which experts serve which domain?
-- The three experts of every layer with the highest relative load (1 is balanced) on the prompts of each domain, and the share
-- of the domain's tokens they see. An expert may be busy in every domain: it takes more of this one than of all where z is above
-- 0, and that is more than chance where q_value is small.
WITH ranked AS (
  SELECT
    run_id, layer, domain, expert, relative_load, tokens,
    row_number() OVER (PARTITION BY run_id, layer, domain ORDER BY relative_load DESC, expert) AS place
  FROM expert_load
  WHERE phase = 'prompt'
)
SELECT
  r.run_id, r.layer, r.domain, r.place, r.expert, r.relative_load,
  s.specialisation AS share_of_tokens,
  s.z,
  s.q_value
FROM ranked r
LEFT JOIN expert_specialisation s
  ON s.run_id = r.run_id AND s.layer = r.layer AND s.domain = r.domain AND s.expert = r.expert
WHERE r.place <= 3
ORDER BY r.run_id, r.layer, r.domain, r.place;
