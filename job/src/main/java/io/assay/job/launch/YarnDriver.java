package io.assay.job.launch;

import org.apache.spark.SparkUserAppException;

/**
 * A driver that YARN runs on the cluster: its application master calls the main method. It takes a
 * process that ends itself, with whatever code, for one that failed, and starts another; so main
 * returns, or throws what says the exit code.
 */
public final class YarnDriver {
  private YarnDriver() {}

  /** Whether this process is one. */
  public static boolean isHere() {
    return "yarn".equals(System.getProperty("spark.master"))
        && "cluster".equals(System.getProperty("spark.submit.deployMode"));
  }

  /**
   * Lets main return.
   *
   * @throws SparkUserAppException with the code, if it is not 0
   */
  public static void end(int code) throws SparkUserAppException {
    if (code != 0) {
      throw new SparkUserAppException(code, /* cause= */ null);
    }
  }
}
