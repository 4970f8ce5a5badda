package io.assay.engine.backend.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.engine.EngineException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One GPU a process, before CUDA starts; what CUDA reads is the environment of native code. */
final class VisibleGpuTest {
  @Test
  void isCountedAmongThoseThatAreVisible() {
    assertThat(VisibleGpu.entry(Optional.empty(), 3)).isEqualTo("3");
    assertThat(VisibleGpu.entry(Optional.of("4, 6,7"), 1)).isEqualTo("6");
    assertThat(VisibleGpu.entry(Optional.of("GPU-8932f937"), 0)).isEqualTo("GPU-8932f937");
    assertThatThrownBy(() -> VisibleGpu.entry(Optional.of("4,6"), 2))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("device 2 was asked for, but CUDA_VISIBLE_DEVICES is '4,6' here");
    assertThatThrownBy(() -> VisibleGpu.entry(Optional.of(""), 0))
        .hasMessageContaining("CUDA_VISIBLE_DEVICES is '' here");
  }

  @Test
  void staysTheSameOne() throws Throwable {
    VisibleGpu process = new VisibleGpu(/* cuda= */ true);
    String expected =
        VisibleGpu.entry(Optional.ofNullable(System.getenv("CUDA_VISIBLE_DEVICES")), 0);

    assertThat(process.show(0)).isZero();

    assertThat(nativeVariable("CUDA_VISIBLE_DEVICES")).isEqualTo(expected);
    assertThat(nativeVariable("CUDA_DEVICE_ORDER"))
        .isEqualTo(Optional.ofNullable(System.getenv("CUDA_DEVICE_ORDER")).orElse("PCI_BUS_ID"));
    assertThat(process.show(0)).isZero();
    assertThatThrownBy(() -> process.show(1))
        .hasMessageContaining("device 1 was asked for, but this process computes on device 0")
        .hasMessageContaining("spark.executor.resource.gpu.amount 1");
  }

  /** TornadoVM computes on the first of those it saw when it started. */
  @Test
  void isTheFirstOnceAllWereListed() {
    VisibleGpu process = new VisibleGpu(/* cuda= */ true);
    process.showAll();

    assertThat(process.show(0)).isZero();
    assertThatThrownBy(() -> process.show(2))
        .hasMessageContaining("device 2 was asked for, but this process computes on device 0");
  }

  @Test
  void otherBackendsSeeAllDevices() {
    VisibleGpu process = new VisibleGpu(/* cuda= */ false);

    assertThat(process.show(5)).isEqualTo(5);
    assertThat(process.show(2)).isEqualTo(2);
  }

  @Test
  void variablesThatAreSetMayBeKept() throws Throwable {
    String name = "ASSAY_TEST_VARIABLE";
    VisibleGpu.setVariable(name, "first", 1);
    VisibleGpu.setVariable(name, "second", 0);

    assertThat(nativeVariable(name)).isEqualTo("first");
  }

  @SuppressWarnings("restricted")
  private static String nativeVariable(String name) throws Throwable {
    Linker linker = Linker.nativeLinker();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value =
          (MemorySegment)
              linker
                  .downcallHandle(
                      linker.defaultLookup().findOrThrow("getenv"),
                      FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS))
                  .invokeExact(arena.allocateFrom(name));
      return value.reinterpret(Long.MAX_VALUE).getString(0);
    }
  }
}
