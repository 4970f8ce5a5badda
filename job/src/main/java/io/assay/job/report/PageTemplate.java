package io.assay.job.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Puts the page together: template, style sheet, chart library, scripts and data in one file. Its
 * content security policy names the digests of what may run, and allows nothing else: no network,
 * no frame, no other script or style.
 */
final class PageTemplate {
  private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

  /** In this order one script: each file uses those before it. */
  private static final List<String> SCRIPTS =
      List.of(
          "format.js",
          "dom.js",
          "theme.js",
          "charts.js",
          "dotplot.js",
          "verdict.js",
          "metrics.js",
          "perplexity.js",
          "documents.js",
          "load.js",
          "expert.js",
          "specialists.js",
          "balance.js",
          "map.js",
          "coactivation.js",
          "mtp.js",
          "cost.js",
          "trends.js",
          "about.js",
          "page.js");

  private PageTemplate() {}

  /**
   * The page.
   *
   * @param title text
   * @param json data, fit for a script element
   */
  static String fill(String title, String json) {
    String style = resource("page.css");
    String library = resource("echarts.min.js");
    String script =
        SCRIPTS.stream()
            .map(PageTemplate::resource)
            .collect(Collectors.joining("\n", "(() => {\n\"use strict\";\n", "\n})();"));
    String policy =
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; script-src "
            + digest(library)
            + " "
            + digest(script)
            + "; style-src "
            + digest(style);
    Map<String, String> values =
        Map.of(
            "title", escaped(title),
            "policy", policy,
            "style", style,
            "library", library,
            "script", script,
            "data", json);
    // In one pass: what a value contains is no place.
    return PLACE
        .matcher(resource("page.html"))
        .replaceAll(place -> Matcher.quoteReplacement(values.get(place.group(1))));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String resource(String name) {
    try (InputStream stream = PageTemplate.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException(
            "the resource " + name + " is not in the jar; build Assay again");
      }
      // Browsers see a carriage return as a line feed, which would change the digest.
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8).replace("\r", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
