package io.assay.job.balance;

import io.assay.engine.EngineOptions;
import io.assay.eval.routing.BiasCalibration;
import io.assay.eval.routing.BiasCalibration.Result;
import io.assay.eval.routing.BiasCalibration.Settings;
import io.assay.job.InputException;
import io.assay.job.console.Console;
import io.assay.job.console.Numbers;
import io.assay.job.lines.LineDocuments;
import io.assay.job.lines.LineFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code assay balance}: measures held-out documents, calibrates on the others, measures again.
 *
 * @param settings of the update rule
 * @param heldOut fraction of the documents that is held out
 * @param output file of the overlay, or null for none
 */
public record Calibration(Settings settings, double heldOut, String output) {

  /**
   * Calibrates a model.
   *
   * @param in lines of {@code score}
   */
  public BalanceReport run(Path model, EngineOptions options, InputStream in, Console console)
      throws IOException {
    try (CalibrationModel opened = new CalibrationModel(model, options)) {
      LineDocuments lines = LineDocuments.read(in, opened.plan());
      TrafficSplit split = TrafficSplit.of(requireSome(lines).scored(), heldOut);
      SortedMap<Integer, float[]> initial = opened.biases();
      console.line("measuring " + Numbers.count(split.heldOut().size()) + " held-out documents");
      HeldOut before = opened.measure(initial, split.heldOut());
      Result result =
          BiasCalibration.run(
              initial,
              settings,
              biases -> opened.loads(biases, split.calibration()),
              step -> console.line(progress(step)));
      HeldOut after = opened.measure(result.biases(), split.heldOut());
      if (output != null) {
        write(opened, result);
      }
      return BalanceReport.of(
          settings, initial, result, split, lines.rejected().size(), before, after);
    }
  }

  private static LineDocuments requireSome(LineDocuments lines) {
    if (lines.scored().isEmpty()) {
      throw new InputException(
          lines.rejected().isEmpty()
              ? "the input has no lines; give lines as score takes them"
              : "none of %d lines can be scored, the first because of %s"
                  .formatted(lines.rejected().size(), lines.rejected().getFirst().error()));
    }
    return lines;
  }

  private static String progress(BiasCalibration.Step step) {
    return String.format(
        Locale.ROOT,
        "after %d update%s: MaxVio %.4f, worst layer %.4f",
        step.iteration(),
        step.iteration() == 1 ? "" : "s",
        step.maxVio(),
        step.worstMaxVio());
  }

  private void write(CalibrationModel opened, Result result) {
    Map<String, String> metadata =
        new TreeMap<>(
            Map.of(
                "made_by", "assay balance",
                "gamma", Float.toString(settings.gamma()),
                "updates", Integer.toString(result.kept())));
    LineFiles.write(
        output, out -> opened.write(Channels.newChannel(out), metadata, result.biases()));
  }
}
