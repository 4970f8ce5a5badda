package io.assay.job.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.job.Assay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.SparkUserAppException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** What the process takes from the one that started it. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class LaunchTest {
  private static final String CONFIGURATION = "log4j2.configurationFile";

  @TempDir private Path conf;

  @Test
  void coloursAreNotForThoseWhoRefuseThem() {
    assertThat(Terminal.wantsColour(Map.of("TERM", "xterm-256color"))).isTrue();
    assertThat(Terminal.wantsColour(Map.of("NO_COLOR", ""))).isTrue();
    assertThat(Terminal.wantsColour(Map.of("NO_COLOR", "1", "TERM", "xterm"))).isFalse();
    assertThat(Terminal.wantsColour(Map.of("TERM", "dumb"))).isFalse();
  }

  @Test
  void theLauncherKnowsTheTerminal() {
    System.setProperty(Terminal.STDOUT, "true");
    System.setProperty(Terminal.COLUMNS, "93");
    try {
      assertThat(Terminal.isStdout()).isTrue();
      assertThat(Terminal.columns()).isEqualTo(93);
      System.setProperty(Terminal.STDOUT, "false");
      assertThat(Terminal.isStdout()).isFalse();
    } finally {
      System.clearProperty(Terminal.STDOUT);
      System.clearProperty(Terminal.COLUMNS);
    }
    assertThat(Terminal.columns()).isZero();
  }

  @Test
  @ResourceLock(Resources.LOCALE)
  @ResourceLock(Resources.SYSTEM_OUT)
  @ResourceLock(Resources.SYSTEM_ERR)
  void yarnHearsHowACommandEnded() throws Exception {
    assertThat(YarnDriver.isHere()).isFalse();
    Locale before = Locale.getDefault();
    System.setProperty("spark.master", "yarn");
    try {
      assertThat(YarnDriver.isHere()).isFalse();
      System.setProperty("spark.submit.deployMode", "cluster");
      assertThat(YarnDriver.isHere()).isTrue();
      // What YARN calls: ends this JVM anywhere else.
      Assay.main(new String[] {"--version"});
      assertThatThrownBy(() -> Assay.main(new String[] {"no-such-command"}))
          .isInstanceOfSatisfying(
              SparkUserAppException.class, end -> assertThat(end.exitCode()).isEqualTo(2));
    } finally {
      Locale.setDefault(before);
      System.clearProperty("spark.master");
      System.clearProperty("spark.submit.deployMode");
    }
  }

  @Test
  void loggersFollowTheLogFormat() throws IOException {
    Path text = Files.createFile(conf.resolve("log4j2.properties"));
    Path json = Files.createFile(conf.resolve("log4j2-json.properties"));
    assertThat(followed(text, "run", "x.yaml")).isEqualTo(text.toString());
    assertThat(followed(text, "run", "x.yaml", "--log-format", "text")).isEqualTo(text.toString());
    assertThat(followed(text, "run", "--log-format=json")).isEqualTo(text + "," + json);
    assertThat(followed(text, "--log-format", "json", "run")).isEqualTo(text + "," + json);
    Files.delete(json);
    assertThat(followed(text, "run", "--log-format=json")).isEqualTo(text.toString());
  }

  private static String followed(Path configuration, String... args) {
    String before = System.getProperty(CONFIGURATION);
    System.setProperty(CONFIGURATION, configuration.toString());
    try {
      LogFiles.follow(args);
      return System.getProperty(CONFIGURATION);
    } finally {
      if (before == null) {
        System.clearProperty(CONFIGURATION);
      } else {
        System.setProperty(CONFIGURATION, before);
      }
    }
  }
}
