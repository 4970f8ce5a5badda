-- One view for each table of the runs under results/, for Spark SQL:
--   spark-sql -i conf/sql/views.spark.sql -f conf/sql/nightly-trend.sql
-- Results elsewhere: replace 'results/ below, also by a URI such as hdfs://cluster/results/.
-- A table that no run has written (gates without a baseline, say) makes its line fail: leave it out.
-- mergeSchema reads the footer of every run, for tables whose runs are of several versions of Assay. With thousands of runs of
-- one version leave it out.

-- Run ids stay text, whatever they look like.
SET spark.sql.sources.partitionColumnTypeInference.enabled = false;
CREATE OR REPLACE TEMPORARY VIEW runs USING parquet OPTIONS (path 'results/runs', mergeSchema true);
CREATE OR REPLACE TEMPORARY VIEW samples USING parquet OPTIONS (path 'results/samples', mergeSchema true);
CREATE OR REPLACE TEMPORARY VIEW metrics USING parquet OPTIONS (path 'results/metrics', mergeSchema true);
CREATE OR REPLACE TEMPORARY VIEW document_values USING parquet OPTIONS (path 'results/document_values', mergeSchema true);
CREATE OR REPLACE TEMPORARY VIEW perplexity USING parquet OPTIONS (path 'results/perplexity', mergeSchema true);
CREATE OR REPLACE TEMPORARY VIEW expert_load USING parquet OPTIONS (path 'results/expert_load', mergeSchema true);
CREATE OR REPLACE TEMPORARY VIEW expert_balance USING parquet OPTIONS (path 'results/expert_balance', mergeSchema true);
CREATE OR REPLACE TEMPORARY VIEW expert_groups USING parquet OPTIONS (path 'results/expert_groups', mergeSchema true);
CREATE OR REPLACE TEMPORARY VIEW expert_bias USING parquet OPTIONS (path 'results/expert_bias', mergeSchema true);
CREATE OR REPLACE TEMPORARY VIEW expert_specialisation USING parquet OPTIONS (path 'results/expert_specialisation', mergeSchema true);
CREATE OR REPLACE TEMPORARY VIEW routing_tests USING parquet OPTIONS (path 'results/routing_tests', mergeSchema true);
CREATE OR REPLACE TEMPORARY VIEW expert_clusters USING parquet OPTIONS (path 'results/expert_clusters', mergeSchema true);
CREATE OR REPLACE TEMPORARY VIEW expert_tokens USING parquet OPTIONS (path 'results/expert_tokens', mergeSchema true);
CREATE OR REPLACE TEMPORARY VIEW expert_vocabulary USING parquet OPTIONS (path 'results/expert_vocabulary', mergeSchema true);
CREATE OR REPLACE TEMPORARY VIEW expert_traces USING parquet OPTIONS (path 'results/expert_traces', mergeSchema true);
CREATE OR REPLACE TEMPORARY VIEW expert_coactivation USING parquet OPTIONS (path 'results/expert_coactivation', mergeSchema true);
CREATE OR REPLACE TEMPORARY VIEW mtp USING parquet OPTIONS (path 'results/mtp', mergeSchema true);
CREATE OR REPLACE TEMPORARY VIEW mtp_acceptance USING parquet OPTIONS (path 'results/mtp_acceptance', mergeSchema true);
CREATE OR REPLACE TEMPORARY VIEW kv_cache USING parquet OPTIONS (path 'results/kv_cache', mergeSchema true);
CREATE OR REPLACE TEMPORARY VIEW throughput USING parquet OPTIONS (path 'results/throughput', mergeSchema true);
CREATE OR REPLACE TEMPORARY VIEW gates USING parquet OPTIONS (path 'results/gates', mergeSchema true);
CREATE OR REPLACE TEMPORARY VIEW failures USING parquet OPTIONS (path 'results/failures', mergeSchema true);
