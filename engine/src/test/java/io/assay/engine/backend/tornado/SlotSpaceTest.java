package io.assay.engine.backend.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Slots of dropped caches are used again. */
final class SlotSpaceTest {
  @Test
  void givesDisjointStretches() {
    SlotSpace space = new SlotSpace(10);
    DeviceCache first = space.take(4);
    DeviceCache second = space.take(6);
    assertThat(first.slot()).isZero();
    assertThat(second.slot()).isEqualTo(4);
    assertThatThrownBy(() -> space.take(1))
        .hasMessageContaining("1 slots")
        .hasMessageContaining("10");
    assertThat(first.slots() + second.slots()).isEqualTo(10);
  }

  @Test
  void takesBackWhatNobodyRefersTo() {
    SlotSpace space = new SlotSpace(10);
    DeviceCache kept = space.take(2);
    for (int i = 0; i < 5; i++) {
      assertThat(space.take(8).slot()).isEqualTo(2);
    }
    assertThat(kept.slot()).isZero();
  }
}
