package io.assay.job.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Lets loggers write what {@code --log-format} asks for. {@code bin/assay} names Assay's own
 * configuration by a system property; under spark-submit the cluster's configuration decides.
 */
public final class LogFiles {
  private static final String CONFIGURATION = "log4j2.configurationFile";
  private static final String OPTION = "--log-format";

  private LogFiles() {}

  /**
   * Lays the configuration for JSON over the one for text. To be called before anything is logged.
   */
  public static void follow(String[] args) {
    String text = System.getProperty(CONFIGURATION);
    if (text == null || text.contains(",") || !isJson(Arrays.asList(args))) {
      return;
    }
    Path json = Path.of(text).resolveSibling("log4j2-json.properties");
    if (Files.exists(json)) {
      System.setProperty(CONFIGURATION, text + "," + json);
    }
  }

  private static boolean isJson(List<String> args) {
    int option = args.lastIndexOf(OPTION);
    return args.contains(OPTION + "=json")
        || option >= 0 && option + 1 < args.size() && args.get(option + 1).equals("json");
  }
}
