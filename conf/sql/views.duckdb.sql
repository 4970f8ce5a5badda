-- One view for each table of the runs under results/, for DuckDB:
--   duckdb -init conf/sql/views.duckdb.sql -f conf/sql/nightly-trend.sql
-- Results elsewhere: replace 'results/ below, also by a URI such as s3://bucket/results/ (extension httpfs).
-- A table that no run has written (gates without a baseline, say) makes its line fail: leave it out.
-- union_by_name reads the footer of every run, for tables whose runs are of several versions of Assay. With thousands of runs
-- of one version leave it out: what asks for one run_id then opens that run's files only, several times as quickly.

CREATE OR REPLACE VIEW runs AS SELECT * FROM read_parquet('results/runs/*/*.parquet',
  hive_partitioning = true, hive_types = {'run_id': VARCHAR}, union_by_name = true);
CREATE OR REPLACE VIEW samples AS SELECT * FROM read_parquet('results/samples/*/*.parquet',
  hive_partitioning = true, hive_types = {'run_id': VARCHAR}, union_by_name = true);
CREATE OR REPLACE VIEW metrics AS SELECT * FROM read_parquet('results/metrics/*/*.parquet',
  hive_partitioning = true, hive_types = {'run_id': VARCHAR}, union_by_name = true);
CREATE OR REPLACE VIEW document_values AS SELECT * FROM read_parquet('results/document_values/*/*.parquet',
  hive_partitioning = true, hive_types = {'run_id': VARCHAR}, union_by_name = true);
CREATE OR REPLACE VIEW perplexity AS SELECT * FROM read_parquet('results/perplexity/*/*.parquet',
  hive_partitioning = true, hive_types = {'run_id': VARCHAR}, union_by_name = true);
CREATE OR REPLACE VIEW expert_load AS SELECT * FROM read_parquet('results/expert_load/*/*.parquet',
  hive_partitioning = true, hive_types = {'run_id': VARCHAR}, union_by_name = true);
CREATE OR REPLACE VIEW expert_balance AS SELECT * FROM read_parquet('results/expert_balance/*/*.parquet',
  hive_partitioning = true, hive_types = {'run_id': VARCHAR}, union_by_name = true);
CREATE OR REPLACE VIEW expert_groups AS SELECT * FROM read_parquet('results/expert_groups/*/*.parquet',
  hive_partitioning = true, hive_types = {'run_id': VARCHAR}, union_by_name = true);
CREATE OR REPLACE VIEW expert_bias AS SELECT * FROM read_parquet('results/expert_bias/*/*.parquet',
  hive_partitioning = true, hive_types = {'run_id': VARCHAR}, union_by_name = true);
CREATE OR REPLACE VIEW expert_specialisation AS SELECT * FROM read_parquet('results/expert_specialisation/*/*.parquet',
  hive_partitioning = true, hive_types = {'run_id': VARCHAR}, union_by_name = true);
CREATE OR REPLACE VIEW routing_tests AS SELECT * FROM read_parquet('results/routing_tests/*/*.parquet',
  hive_partitioning = true, hive_types = {'run_id': VARCHAR}, union_by_name = true);
CREATE OR REPLACE VIEW expert_clusters AS SELECT * FROM read_parquet('results/expert_clusters/*/*.parquet',
  hive_partitioning = true, hive_types = {'run_id': VARCHAR}, union_by_name = true);
CREATE OR REPLACE VIEW expert_tokens AS SELECT * FROM read_parquet('results/expert_tokens/*/*.parquet',
  hive_partitioning = true, hive_types = {'run_id': VARCHAR}, union_by_name = true);
CREATE OR REPLACE VIEW expert_vocabulary AS SELECT * FROM read_parquet('results/expert_vocabulary/*/*.parquet',
  hive_partitioning = true, hive_types = {'run_id': VARCHAR}, union_by_name = true);
CREATE OR REPLACE VIEW expert_traces AS SELECT * FROM read_parquet('results/expert_traces/*/*.parquet',
  hive_partitioning = true, hive_types = {'run_id': VARCHAR}, union_by_name = true);
CREATE OR REPLACE VIEW expert_coactivation AS SELECT * FROM read_parquet('results/expert_coactivation/*/*.parquet',
  hive_partitioning = true, hive_types = {'run_id': VARCHAR}, union_by_name = true);
CREATE OR REPLACE VIEW mtp AS SELECT * FROM read_parquet('results/mtp/*/*.parquet',
  hive_partitioning = true, hive_types = {'run_id': VARCHAR}, union_by_name = true);
CREATE OR REPLACE VIEW mtp_acceptance AS SELECT * FROM read_parquet('results/mtp_acceptance/*/*.parquet',
  hive_partitioning = true, hive_types = {'run_id': VARCHAR}, union_by_name = true);
CREATE OR REPLACE VIEW kv_cache AS SELECT * FROM read_parquet('results/kv_cache/*/*.parquet',
  hive_partitioning = true, hive_types = {'run_id': VARCHAR}, union_by_name = true);
CREATE OR REPLACE VIEW throughput AS SELECT * FROM read_parquet('results/throughput/*/*.parquet',
  hive_partitioning = true, hive_types = {'run_id': VARCHAR}, union_by_name = true);
CREATE OR REPLACE VIEW gates AS SELECT * FROM read_parquet('results/gates/*/*.parquet',
  hive_partitioning = true, hive_types = {'run_id': VARCHAR}, union_by_name = true);
CREATE OR REPLACE VIEW failures AS SELECT * FROM read_parquet('results/failures/*/*.parquet',
  hive_partitioning = true, hive_types = {'run_id': VARCHAR}, union_by_name = true);
