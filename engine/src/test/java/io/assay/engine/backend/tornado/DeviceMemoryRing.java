package io.assay.engine.backend.tornado;

import io.assay.engine.EngineException;
import io.assay.engine.EngineOptions;
import io.assay.engine.EnginePlan;
import io.assay.engine.ErrorCode;
import io.assay.engine.backend.AttentionForm;
import io.assay.engine.backend.tornado.sdk.DeviceMemory;
import java.util.Arrays;

/**
 * A device that has less memory than is believed, in a JVM with TornadoVM's arguments: {@link
 * DeviceRingTest} starts it and reads its lines. TornadoVM keeps to what the JVM was started with,
 * whatever the property says later.
 */
final class DeviceMemoryRing {
  private static final String PROPERTY = "tornado.device.memory";
  private static final int TOKENS = 45;

  private DeviceMemoryRing() {}

  public static void main(String[] none) {
    Accelerator device = Accelerator.choose(-1);
    System.out.println("device " + device.describe() + ", " + DeviceMemory.standard() + " bytes");
    float[] planned;
    try (GoldenModel model = new GoldenModel("v3-fp8", new TornadoRunner(device), false)) {
      planned = model.trace(TOKENS, AttentionForm.EXPANDED).logits();
    }
    String memory = System.getProperty(PROPERTY);
    System.setProperty(PROPERTY, "2GB");
    Counting runner = new Counting(new TornadoRunner(device));
    try (GoldenModel model = new GoldenModel("v3-fp8", runner, false)) {
      float[] found = model.trace(TOKENS, AttentionForm.EXPANDED).logits();
      DeviceRing.say(runner.refused > 0, "it ran out of memory while it was loaded");
      DeviceRing.say(Arrays.equals(found, planned), "same bits in what memory there was");
    } finally {
      System.setProperty(PROPERTY, memory);
    }
    System.setProperty(PROPERTY, "1MB");
    DeviceRing.say(tooSmall(), "a model that does not fit is refused beforehand");
    System.exit(0);
  }

  private static boolean tooSmall() {
    EngineOptions options = EngineOptions.defaults().withBackend(TornadoBackend.NAME);
    try (EnginePlan plan = EnginePlan.openWithWeights(GoldenModel.folder("v3-fp8"), options)) {
      plan.deviceFit();
      return false;
    } catch (EngineException e) {
      System.out.println(e.getMessage());
      return e.code() == ErrorCode.OUT_OF_MEMORY;
    }
  }

  /** Counts how often the device had too little for a model. */
  private static final class Counting implements KernelRunner {
    private final KernelRunner device;
    private int refused;

    Counting(KernelRunner device) {
      this.device = device;
    }

    @Override
    public String device() {
      return device.device();
    }

    @Override
    public boolean copies() {
      return device.copies();
    }

    @Override
    public long memory() {
      return device.memory();
    }

    @Override
    public long largestArray() {
      return device.largestArray();
    }

    @Override
    public void load(KernelGraph... graphs) {
      try {
        device.load(graphs);
      } catch (EngineException e) {
        if (DeviceMemoryException.ended(e)) {
          System.out.println(e.getMessage());
          refused++;
        }
        throw e;
      }
    }

    @Override
    public void run(KernelGraph graph, Object... fetch) {
      device.run(graph, fetch);
    }

    @Override
    public void close() {
      device.close();
    }
  }
}
