package io.assay.job.run;

import io.assay.engine.EnginePlan;
import io.assay.eval.request.Encoding;
import io.assay.job.Version;
import io.assay.job.config.RunConfig;
import io.assay.job.table.FinishedRun;
import io.assay.job.table.RunProtocol;
import io.assay.job.table.Table;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** The row of {@code runs}: what is known before the run, completed by how it ended. */
record RunsRow(
    RunConfig config, EnginePlan engine, Encoding encoding, SparkSession spark, RunTime time) {
  /**
   * @param message why the run failed, null when it succeeded
   * @param requests answered
   * @param failures rows of the table failures
   * @param gates what the gates say, null without any
   */
  Row finished(String message, long requests, long failures, String gates) {
    return row(
        message == null ? FinishedRun.SUCCEEDED : FinishedRun.FAILED,
        time.now(),
        message,
        requests,
        failures,
        gates);
  }

  /** The row while the run goes on; nothing is counted yet. */
  Row running() {
    return row(FinishedRun.RUNNING, /* finished= */ null, null, 0, 0, null);
  }

  private Row row(
      String status, Instant finished, String message, long requests, long failures, String gates) {
    RunProtocol protocol = protocol(config, encoding);
    return RowFactory.create(
        status,
        config.model().source().model(),
        engine.fingerprint(),
        engine.backend(),
        protocol.precision(),
        Version.current(),
        spark.version(),
        Timestamp.from(time.started()),
        finished == null ? null : Timestamp.from(finished),
        requests,
        failures,
        config.yaml(),
        engine.numerics(),
        spark.sparkContext().master(),
        protocol.maxLength(),
        protocol.bos(),
        Table.SCHEMA_VERSION,
        message,
        config.family(),
        gates);
  }

  /** How a run asks, as its row says it. */
  static RunProtocol protocol(RunConfig config, Encoding encoding) {
    return new RunProtocol(
        config.model().precision().name().toLowerCase(Locale.ROOT),
        encoding.maxLength(),
        encoding.addBos());
  }
}
