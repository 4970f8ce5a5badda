package io.assay.tests.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.assay.job.report.RunPage;
import io.assay.job.table.RunCatalog;
import io.assay.job.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** The page in a browser, by the tables of runs that are hostile, huge, broken or almost empty. */
final class ReportPageTest {
  /** Ends the data, runs, breaks old JavaScript's strings, and closes an attribute. */
  private static final String HOSTILE =
      "\u2028</script><script>window.hacked=1</script><img src=x"
          + " onerror=window.hacked=2>'\"`-->{{data}}";

  private static final int FIVE_MEGABYTES = 5_000_000;
  private static final int LAYERS = 4;
  private static final int EXPERTS = 8;
  private static final int DOMAINS = 5;

  @TempDir private static Path folder;

  private static Path results;
  private static Browser browser;

  @BeforeAll
  static void runs() throws SQLException, IOException {
    if (Browser.missing().isPresent()) {
      return;
    }
    results = folder.resolve("results");
    try (FabricatedRun run = new FabricatedRun(results, "before")) {
      run.ended("passed", 1, "{}").answers(HOSTILE, 0.2);
    }
    try (FabricatedRun run = new FabricatedRun(results, "night")) {
      run.ended("failed", 5, "run: {id: night}\nspark: {conf: {}}")
          .answers(HOSTILE, 0)
          .gates("before", HOSTILE, HOSTILE)
          .experts(LAYERS, EXPERTS, DOMAINS, 5, FabricatedRun.quoted(HOSTILE) + " || rank")
          .with(
              Table.FAILURES,
              "SELECT %1$s AS source, %1$s AS item, 'NOT_UTF8' AS code, %1$s AS message"
                  .formatted(FabricatedRun.quoted(HOSTILE)));
    }
    browser = Browser.open();
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void aBrowserIsThere() {
    Browser.missing().ifPresent(Assumptions::abort);
  }

  private static Path page(String id) throws IOException {
    return page(results, id);
  }

  private static Path page(Path results, String id) throws IOException {
    RunCatalog catalog = new RunCatalog(new Configuration(), results.toString());
    return Files.writeString(folder.resolve(id + ".html"), RunPage.of(catalog, id));
  }

  /** Charts whose canvas is missing or of one colour, by their description. */
  private static List<?> undrawnCharts() {
    return (List<?>)
        browser.run(
            """
            return [...document.querySelectorAll('.chart')].filter((chart) => {
              const canvas = chart.querySelector('canvas');
              if (!canvas || canvas.width === 0) return true;
              const pixels = new Uint32Array(canvas.getContext('2d')
                .getImageData(0, 0, canvas.width, canvas.height).data.buffer);
              return pixels.every((pixel) => pixel === pixels[0]);
            }).map((chart) => chart.getAttribute('aria-label'));
            """);
  }

  private static String picture(String id) {
    return browser.text("document.querySelector(arguments[0] + ' canvas').toDataURL()", id);
  }

  @ParameterizedTest
  @CsvSource({"1280, light", "1280, dark", "390, light", "390, dark"})
  void everyScreenShowsAnAccessiblePage(int width, String scheme) throws IOException {
    Path page = page("night");
    browser.open(page, width, scheme);

    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.requests(page)).isEmpty();
    assertThat(undrawnCharts()).isEmpty();
    assertThat((Long) browser.run("return document.querySelectorAll('.chart canvas').length"))
        .isGreaterThan(12);
    assertThat(
            (Long) browser.run("return document.documentElement.scrollWidth - window.innerWidth"))
        .as("what sticks out to the right")
        .isLessThanOrEqualTo(0);
    // Tables that are built when they are opened are looked at too.
    browser.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
    assertThat(browser.accessibility()).isEmpty();
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void hostileTextsAreTexts() throws IOException {
    browser.open(page("night"), 1280, "light");

    assertThat(browser.run("return window.hacked")).isNull();
    assertThat(browser.run("return document.querySelectorAll('img').length")).isEqualTo(0L);
    assertThat(browser.text("document.getElementById('verdict').textContent")).contains(HOSTILE);
    assertThat(browser.text("document.getElementById('failures').textContent")).contains(HOSTILE);
    assertThat(browser.text("document.getElementById('expert').textContent"))
        .contains("</script><script>window.hacked=1</script>", "\\u2028");
    // Even if a text became markup, nothing may run that the page did not bring along.
    browser.run(
        "const s = document.createElement('script'); s.textContent = 'window.hacked=3';"
            + " document.body.append(s);");
    assertThat(browser.run("return window.hacked")).isNull();
    assertThat(browser.complaints()).anyMatch(line -> line.contains("Content Security Policy"));
  }

  @Test
  void theVerdictComesFirst() throws IOException {
    browser.open(page("night"), 1280, "light");

    assertThat(browser.text("document.querySelector('main section').textContent"))
        .startsWith("Worse than the baseline")
        .contains("Compared with run before: 1 failed, 1 not comparable, 1 passed.");
    assertThat(
            (List<?>)
                browser.run(
                    "return [...document.querySelectorAll('main > section')].map((one) => one.id)"))
        .extracting(String::valueOf)
        .containsExactly(
            "verdict",
            "metrics",
            "perplexity",
            "documents",
            "load",
            "specialists",
            "balance",
            "map",
            "coactivation",
            "mtp",
            "cache",
            "throughput",
            "trends",
            "failures",
            "run");
  }

  @Test
  void theDocumentsThatBecameHarderAreNamed() throws IOException {
    browser.open(page("night"), 390, "light");

    assertThat(browser.text("document.getElementById('documents').textContent"))
        .contains("Of 30 documents of both runs 24 are harder", "5 easier, 1 the same");
    assertThat(browser.text("document.querySelector('#documents tbody tr').textContent"))
        .contains("doc 29", "domain 1", "50", "+10.08 %");
    assertThat(browser.text("document.querySelector('#mtp table').textContent"))
        .contains("Measured", "1.10×");
  }

  @Test
  void aDomainIsChosenAndAnExpertClicked() throws IOException {
    browser.open(page("night"), 1280, "light");
    String all = picture("#load-map");
    select("load-domain", "domain 3");
    assertThat(picture("#load-map")).isNotEqualTo(all);
    assertThat(browser.text("document.getElementById('load-map').getAttribute('aria-label')"))
        .contains("domain 3");

    WebElement map = browser.driver().findElement(By.id("load-map"));
    browser.run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", map);
    // The last cell of the first row: 12 pixels to the right of it the chart ends.
    int x = map.getSize().getWidth() / 2 - 30;
    int y = -map.getSize().getHeight() / 2 + 15;
    new Actions(browser.driver()).moveToElement(map, x, y).perform();
    assertThat(browser.text("document.querySelector('.hover').textContent"))
        .contains("Layer 1, expert 7", "its share of domain 3", "tokens: ");
    new Actions(browser.driver()).click().perform();
    assertThat(expert()).isEqualTo("Layer 1, expert 7");
    assertThat(browser.text("document.querySelector('#expert tbody').textContent"))
        .contains("window.hacked=1");
  }

  @Test
  void theKeyboardIsEnough() throws IOException {
    browser.open(page("night"), 1280, "light");
    WebElement map = browser.driver().findElement(By.id("load-map"));
    select("expert-layer", "2");
    WebElement number = browser.driver().findElement(By.id("expert-number"));
    number.clear();
    number.sendKeys("3", Keys.ENTER);
    assertThat(expert()).isEqualTo("Layer 2, expert 3");
    String before = picture("#load-map");
    map.sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_DOWN);
    assertThat(expert()).isEqualTo("Layer 3, expert 4");
    assertThat(picture("#load-map")).as("the frame moved").isNotEqualTo(before);
    map.sendKeys(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_DOWN);
    assertThat(expert()).as("it stops at the edge").isEqualTo("Layer 4, expert 4");

    browser.driver().findElement(By.cssSelector("#specialists .linkish")).sendKeys(Keys.ENTER);
    assertThat(expert()).isNotEqualTo("Layer 4, expert 4");
    browser.driver().findElement(By.cssSelector("#metrics summary")).sendKeys(Keys.ENTER);
    WebElement opened = browser.driver().findElement(By.cssSelector("#metrics details table"));
    assertThat(opened.getDomProperty("textContent")).contains("corpus:texts", "–");
    browser.open(page("night"), 1280, "light");
    new Actions(browser.driver()).sendKeys(Keys.TAB).perform();
    assertThat(browser.text("document.activeElement.textContent")).isEqualTo("Skip to the results");
  }

  private static void select(String id, String option) {
    browser
        .driver()
        .findElement(By.xpath("//select[@id='%s']/option[.='%s']".formatted(id, option)))
        .click();
  }

  private static String expert() {
    return browser.text("document.querySelector('#expert h3').textContent");
  }

  @Test
  void theSeriesIsATrend() throws IOException {
    browser.open(page("night"), 1280, "light");
    assertThat(browser.text("document.querySelector('#trends tbody').textContent"))
        .contains("before", "3.3000", "night", "3.5000");
    select("trend-metric", "group · acc");
    assertThat(browser.text("document.querySelector('#trends caption').textContent"))
        .startsWith("group · acc");
  }

  @ParameterizedTest
  @CsvSource({"61, 256, 20, 30", "1, 2000, 4, 4"})
  void bigModelsFit(int layers, int experts, int domains, int tokens)
      throws IOException, SQLException {
    String id = "big" + experts;
    try (FabricatedRun run = new FabricatedRun(results, id)) {
      run.ended(null, 9, "{}")
          .experts(layers, experts, domains, tokens, "'token ' || (expert * 31 + rank) % 5000");
    }
    Path page = page(id);
    assertThat(Files.size(page)).isLessThan(FIVE_MEGABYTES);
    browser.open(page, 1280, "light");
    assertThat(browser.complaints()).isEmpty();
    assertThat(undrawnCharts()).isEmpty();
    assertThat(browser.text("document.getElementById('load').textContent")).contains("token");
  }

  @Test
  void whatIsMissingOrBrokenIsSaid() throws IOException, SQLException {
    try (FabricatedRun run = new FabricatedRun(results, "bare")) {
      run.ended(null, 2, "{}").with(Table.METRICS, "SELECT '' task WHERE false");
    }
    Files.createDirectories(results.resolve("expert_load/run_id=bare"));
    Files.writeString(results.resolve("expert_load/run_id=bare/part.parquet"), "not Parquet");
    browser.open(page("bare"), 390, "dark");
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.accessibility()).isEmpty();
    assertThat(browser.text("document.querySelector('main').textContent"))
        .contains("Measured; this run has no gates")
        .contains("This cannot be shown: the table expert_load of run bare cannot be read")
        .contains("This run has no tables for: metrics, perplexity by domain");
  }

  @Test
  void aSeriesThatMeasuredNothingHasNoTrend() throws IOException, SQLException {
    Path unmeasured = folder.resolve("unmeasured");
    for (int night = 1; night <= 2; night++) {
      try (FabricatedRun run = new FabricatedRun(unmeasured, "texts-" + night)) {
        run.ended(null, night, "{}").experts(1, 2, 1, 1, "'a'");
      }
    }
    browser.open(page(unmeasured, "texts-2"), 1280, "light");
    assertThat(browser.complaints()).isEmpty();
    assertThat(undrawnCharts()).isEmpty();
    assertThat(browser.text("document.querySelector('main').textContent"))
        .contains("This run has no tables for: metrics", "trend");
  }

  @Test
  void aRunThatGoesOnIsNotSaidToBeMeasured() throws IOException, SQLException {
    try (FabricatedRun run = new FabricatedRun(results, "on")) {
      run.running();
    }
    browser.open(page("on"), 390, "light");
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.text("document.querySelector('main section').textContent"))
        .startsWith("The run has not ended")
        .doesNotContain("Requests answered");
  }

  @Test
  void oneDomainAndOneExpertAreEnough() throws IOException, SQLException {
    try (FabricatedRun run = new FabricatedRun(results, "least")) {
      run.ended("no_baseline", 3, "{}").experts(1, 1, 1, 1, "'a'").answers("task", 0);
    }
    browser.open(page("least"), 1280, "dark");
    assertThat(browser.complaints()).isEmpty();
    assertThat(undrawnCharts()).isEmpty();
    assertThatCode(() -> browser.driver().findElement(By.id("load-map")))
        .doesNotThrowAnyException();
  }
}
