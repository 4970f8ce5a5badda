package io.assay.tests.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.remote.http.ClientConfig;

/** Headless Chromium with a page in it. */
final class Browser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** For what a machine that is busy with other things does late, and a broken page never. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Would warn of every Chromium newer than itself, for what is not used here. */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** What this machine lacks for a browser; empty if nothing. */
  static Optional<String> missing() {
    return onPath("chromium").isPresent() && onPath("chromedriver").isPresent()
        ? Optional.empty()
        : Optional.of(
            "the HTML page was not looked at in a browser: chromium and chromedriver are not on"
                + " the PATH (Debian: apt-get install chromium chromium-driver)");
  }

  static Browser open() {
    SELENIUM.setLevel(Level.SEVERE);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(onPath("chromium").orElseThrow().toFile());
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriver driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(onPath("chromedriver").orElseThrow().toFile())
                .usingAnyFreePort()
                .withTimeout(PATIENCE)
                .build(),
            options,
            ClientConfig.defaultConfig().readTimeout(PATIENCE.multipliedBy(2)));
    driver.manage().timeouts().scriptTimeout(PATIENCE);
    // What an event fills is there a moment after the event.
    driver.manage().timeouts().implicitlyWait(PATIENCE);
    return new Browser(driver);
  }

  private static Optional<Path> onPath(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Opens a page as a screen of this width shows it.
   *
   * @param scheme {@code light} or {@code dark}
   */
  void open(Path page, int width, String scheme) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    driver.manage().logs().get(LogType.PERFORMANCE);
    driver.manage().logs().get(LogType.BROWSER);
    driver.get(page.toUri().toString());
  }

  /** The value of a script's {@code return}. */
  Object run(String script, Object... arguments) {
    return ((JavascriptExecutor) driver).executeScript(script, arguments);
  }

  /** A text that a script returns. */
  String text(String script, Object... arguments) {
    return (String) run("return " + script, arguments);
  }

  ChromeDriver driver() {
    return driver;
  }

  /** What the console says is wrong, what the content security policy blocks included. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /** Addresses that were asked for, but for the page and what is inside it. */
  List<String> requests(Path page) {
    List<String> addresses = new ArrayList<>();
    for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
      try {
        JsonNode message = JSON.readTree(entry.getMessage()).path("message");
        String address = message.path("params").path("request").path("url").asText();
        if (message.path("method").asText().equals("Network.requestWillBeSent")
            && !address.startsWith("data:")
            && !address.equals(page.toUri().toString())) {
          addresses.add(address);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return addresses;
  }

  /** What axe-core finds against WCAG 2.1 A and AA and its best practices, a line each. */
  List<String> accessibility() {
    run(resource("/axe.min.js") + "\nwindow.axe = axe;");
    Object found =
        ((JavascriptExecutor) driver)
            .executeAsyncScript(
                """
                const done = arguments[arguments.length - 1];
                axe.run(document, {resultTypes: ['violations']}).then(
                  (result) => done(result.violations.map((one) => one.id + ': ' + one.help + ' '
                    + one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200) + ' ' + node.failureSummary).join(' | '))),
                  (error) => done(['axe failed: ' + error]));
                """);
    return ((List<?>) found).stream().map(String::valueOf).toList();
  }

  private static String resource(String name) {
    try (InputStream stream = Browser.class.getResourceAsStream(name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
