package io.assay.job.spark;

import io.assay.job.UsageException;
import io.assay.job.config.RunConfig;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;

/** Starts Spark as the run file says, or joins what {@code spark-submit} decided. */
public final class Sessions {
  private static final Pattern LOCAL = Pattern.compile("local\\[(\\d+)(,\\d+)?]|local");

  private static final String HADOOP = "spark.hadoop.";

  /** Requests up to which a run is too small for generated code. */
  private static final long FEW_REQUESTS = 20_000;

  private static final String STAGES = "spark.sql.codegen.wholeStage";
  private static final String EXPRESSIONS = "spark.sql.codegen.factoryMode";

  private Sessions() {}

  /**
   * Settings of a run's session. Under {@code spark-submit} its master and settings win and the run
   * file's are not used.
   */
  public static SparkConf conf(RunConfig config) {
    SparkConf conf = new SparkConf();
    boolean submitted = conf.contains("spark.master");
    if (!submitted) {
      conf.setMaster(config.spark().master());
      config.spark().conf().forEach(conf::set);
    }
    if (conf.get("spark.master").startsWith("local")) {
      conf.setIfMissing("spark.ui.enabled", "false");
      conf.setIfMissing("spark.driver.host", "localhost");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
      // The tables of a run on one machine are small: tasks would cost more than their work.
      conf.setIfMissing("spark.sql.shuffle.partitions", "4");
      // It would make a job of every stage, and there is nothing to adapt.
      conf.setIfMissing("spark.sql.adaptive.enabled", "false");
    }
    if (!isLocal(conf.get("spark.master"))) {
      Exclusion.set(conf);
    }
    conf.setIfMissing("spark.app.name", "assay " + config.id());
    conf.setIfMissing("spark.sql.session.timeZone", "UTC");
    // A second copy of a task would ask the engine everything twice.
    conf.set("spark.speculation", "false");
    conf.set("spark.ui.showConsoleProgress", "false");
    return conf;
  }

  /** What Hadoop is told of a session's settings, before there is a session. */
  public static Configuration hadoop(SparkConf conf) {
    Configuration configuration = new Configuration();
    for (Tuple2<String, String> setting : conf.getAllWithPrefix(HADOOP)) {
      configuration.set(setting._1(), setting._2());
    }
    return configuration;
  }

  /** The session of a run. */
  public static SparkSession open(RunConfig config) {
    SparkConf conf = conf(config);
    try {
      SparkSession session = SparkSession.builder().config(conf).getOrCreate();
      // Spark reads most of its SQL settings only when they matter, in the middle of a run.
      for (Tuple2<String, String> setting : conf.getAll()) {
        if (session.conf().isModifiable(setting._1())) {
          session.conf().set(setting._1(), setting._2());
        }
      }
      return session;
    } catch (Exception e) {
      // SparkException is a checked exception that Scala throws without saying so.
      throw refused(e);
    }
  }

  /**
   * Lets Spark interpret the queries of a small run: to write and compile Java for each of them, in
   * every executor, takes longer than their rows, which are the same, bit for bit. What the run
   * file says of it is kept.
   *
   * @param requests of the run
   */
  public static void fit(SparkSession session, long requests) {
    SparkConf conf = session.sparkContext().getConf();
    if (requests <= FEW_REQUESTS) {
      if (!conf.contains(STAGES)) {
        session.conf().set(STAGES, "false");
      }
      if (!conf.contains(EXPRESSIONS)) {
        session.conf().set(EXPRESSIONS, "NO_CODEGEN");
      }
    }
  }

  public static UsageException refused(Exception e) {
    String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return UsageException.config("spark", "Spark does not start with these settings: " + reason);
  }

  /** Cores an engine may use under this master: N of {@code local[N]}, 0 for all of the machine. */
  public static int threads(String master) {
    Matcher local = LOCAL.matcher(master);
    if (!local.matches()) {
      return 0;
    }
    return local.group(1) == null ? 1 : Integer.parseInt(local.group(1));
  }

  /** Whether driver and tasks share one JVM. */
  public static boolean isLocal(String master) {
    return master.equals("local") || master.startsWith("local[");
  }

  /** Master that will decide: {@code spark-submit}'s if there is one. */
  public static String master(RunConfig config) {
    return System.getProperty("spark.master", config.spark().master());
  }
}
