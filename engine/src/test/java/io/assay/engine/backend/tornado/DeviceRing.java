package io.assay.engine.backend.tornado;

import io.assay.engine.EngineOptions;
import io.assay.engine.backend.AttentionForm;
import io.assay.engine.trace.ForwardTrace;
import io.assay.engine.verify.Verification;
import io.assay.engine.verify.VerificationReport;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What is asked of a device, in a JVM with TornadoVM's arguments: {@link DeviceRingTest} starts it
 * and reads its lines.
 */
final class DeviceRing {
  static final String PASSED = "PASSED ";
  static final String FAILED = "FAILED ";

  private DeviceRing() {}

  public static void main(String[] cases) {
    Accelerator device = Accelerator.choose(-1);
    System.out.println("device " + device.describe());
    contract(device);
    for (String name : cases) {
      Path folder = GoldenModel.FOLDER.resolve(name);
      VerificationReport report =
          Verification.run(folder, EngineOptions.defaults().withBackend(TornadoBackend.NAME));
      report.lines().forEach(System.out::println);
      say(report.passed(), name);
    }
    System.exit(0);
  }

  /** Bits do not depend on company, cuts, or which run it is; both forms agree. */
  private static void contract(Accelerator device) {
    ForwardTrace whole;
    try (GoldenModel model = new GoldenModel("v3-fp8", new TornadoRunner(device), false)) {
      whole = model.trace(45, AttentionForm.EXPANDED);
      boolean same = true;
      for (int i = 0; i < 5; i++) {
        same &= Arrays.equals(whole.logits(), model.trace(45, AttentionForm.EXPANDED).logits());
      }
      say(same, "same bits in every run");
      float[] few = model.trace(7, AttentionForm.EXPANDED).logits();
      say(
          Arrays.equals(few, Arrays.copyOf(whole.logits(), few.length)),
          "same bits with fewer rows");
      float[] absorbed = model.trace(45, AttentionForm.ABSORBED).logits();
      double largest = 0;
      for (int i = 0; i < absorbed.length; i++) {
        largest = Math.max(largest, Math.abs(absorbed[i] - whole.logits()[i]));
      }
      say(largest < 1e-4, "both forms of attention agree");
    }
    // Set before a device is asked for the size of its arrays.
    System.setProperty("assay.tornado.largest.array", "170000");
    try (GoldenModel model = new GoldenModel("v3-fp8", new TornadoRunner(device), true)) {
      ForwardTrace cut = model.trace(45, AttentionForm.EXPANDED);
      say(
          Arrays.equals(cut.logits(), whole.logits()),
          "same bits in small arrays, a layer at a time");
      boolean shrunk =
          model.transformer().backend().shrink(DeviceMemoryException.of("as if it were", null));
      ForwardTrace again = model.trace(45, AttentionForm.EXPANDED);
      say(
          shrunk && Arrays.equals(again.logits(), whole.logits()),
          "same bits after the device ran out of memory");
    } finally {
      System.clearProperty("assay.tornado.largest.array");
    }
  }

  static void say(boolean passed, String what) {
    System.out.println((passed ? PASSED : FAILED) + what);
  }
}
