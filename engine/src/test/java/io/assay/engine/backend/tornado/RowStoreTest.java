package io.assay.engine.backend.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.engine.backend.cpu.RandomMatrix;
import org.junit.jupiter.api.Test;

/** Rows on the device and, when that is full, on the host: the same values either way. */
final class RowStoreTest {
  private static final int WIDTH = 6;
  private static final int BLOCK = 8;
  private static final int RESIDENT = 20;

  private final PlainRunner runner = new PlainRunner();
  private final RowStore store =
      new RowStore(WIDTH, runner, new Capacity(BLOCK, 1, 1, 1, 1, RESIDENT));

  @Test
  void rowsThatFindNoPlaceLieOnTheHost() {
    float[] first = RandomMatrix.vector(19 * WIDTH, 1);
    float[] second = RandomMatrix.vector(19 * WIDTH, 2);
    DeviceRows device = store.write(first);
    DeviceRows host = store.write(second);
    assertThat(device.isOnDevice()).isTrue();
    assertThat(host.isOnDevice()).isFalse();
    // What is on the host visits the device beside the other.
    int seat = store.enter(host, 8, 7, 1);
    assertThat(seat).isEqualTo(BLOCK * WIDTH);
    assertThat(store.states().get(seat)).isEqualTo(second[8 * WIDTH]);
    store.states().set(seat, 7f);
    store.leave(host, 8, 7, 1);
    second[8 * WIDTH] = 7f;
    assertThat(store.read(host)).isEqualTo(second);
    assertThat(store.read(device)).isEqualTo(first);

    int[] rows = {18, 0, 0, 7, 8, 9, 17, 3, 3, 12};
    DeviceRows ofDevice = store.select(device, rows);
    DeviceRows ofHost = store.select(host, rows);
    assertThat(ofDevice.isOnDevice()).isFalse();
    for (int i = 0; i < rows.length; i++) {
      for (int c = 0; c < WIDTH; c++) {
        assertThat(store.read(ofDevice)[i * WIDTH + c]).isEqualTo(first[rows[i] * WIDTH + c]);
        assertThat(store.read(ofHost)[i * WIDTH + c]).isEqualTo(second[rows[i] * WIDTH + c]);
      }
    }
  }

  @Test
  void releasedRowsMakeRoom() {
    DeviceRows first = store.take(12);
    DeviceRows second = store.take(8);
    assertThat(store.take(1).isOnDevice()).isFalse();
    first.release();
    first.release();
    DeviceRows third = store.take(12);
    assertThat(store.row(third, 0, 0)).isEqualTo(RowStore.SEATS * BLOCK);
    assertThat(store.row(second, 3, 0)).isEqualTo(RowStore.SEATS * BLOCK + 15);
    assertThat(store.take(1).isOnDevice()).isFalse();
    assertThatThrownBy(() -> store.row(first, 0, 0)).hasMessageContaining("released");
  }

  @Test
  void noRowsTakeNoPlace() {
    assertThat(store.read(store.select(store.take(3)))).isEmpty();
  }
}
