"""Airflow: evaluates the newest checkpoint every night (apache-airflow-providers-apache-spark).

The connection spark_default names the master, such as spark://spark-master:7077. In client mode spark-submit ends with
Assay's exit code: 0 good, 1 a gate failed, 2 to 4 configuration, input or run. The operator makes any but 0 a failure of
the task, and the log ends with the line that says which ("assay: CODE: ..."). A retry submits the same run id, {{ ds }},
so that what was committed is not computed again. A failed gate fails again, at no cost: a finished run is not repeated.
"""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator

ASSAY = "/opt/assay"

with DAG(
    dag_id="assay_nightly",
    schedule="30 1 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    # Two runs with one id at a time refuse each other.
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=10)},
) as dag:
    SparkSubmitOperator(
        task_id="evaluate",
        conn_id="spark_default",
        name="assay nightly-{{ ds }}",
        deploy_mode="client",
        properties_file=f"{ASSAY}/conf/spark-defaults.conf",
        java_class="io.assay.job.Assay",
        application=f"{ASSAY}/job/target/assay-job.jar",
        application_args=["run", f"{ASSAY}/conf/nightly.yaml", "--run-id", "nightly-{{ ds }}"],
        execution_timeout=timedelta(hours=6),
    )
