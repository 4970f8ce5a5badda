package io.assay.job.launch;

import org.apache.spark.SparkUserAppException;

/** How the process of a command ends. */
public final class Ending {
  private Ending() {}

  /**
   * Ends the process with an exit code, or the application where the process is YARN's.
   *
   * @throws SparkUserAppException for YARN to hear of the code
   */
  public static void with(int code) throws SparkUserAppException {
    System.out.flush();
    System.err.flush();
    if (!isWithinYarn()) {
      // Spark leaves non-daemon threads behind; the result is already on disk.
      System.exit(code);
    } else if (code != 0) {
      throw new SparkUserAppException(code, /* cause= */ null);
    }
  }

  /**
   * Whether YARN's application master has called the main method, as it does where the driver runs
   * on the cluster. It takes a process that ends itself, with whatever code, for one that failed,
   * and starts another.
   */
  private static boolean isWithinYarn() {
    return "yarn".equals(System.getProperty("spark.master"))
        && "cluster".equals(System.getProperty("spark.submit.deployMode"));
  }
}
