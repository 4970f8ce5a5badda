package io.assay.engine.backend.tornado;

import io.assay.engine.backend.tornado.kernel.Products;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import uk.ac.manchester.tornado.api.KernelContext;

/** A lane's view of its work group on a plain JVM: indices, a barrier and local memory. */
final class PlainContext extends KernelContext {
  private static final long DEADLOCK_MINUTES = 10;

  private final int lane;
  private final CyclicBarrier barrier;
  private final List<float[]> local;
  private int allocated;

  /**
   * @param local arrays of the group at hand, shared by its lanes; empty at its start
   */
  PlainContext(int lane, CyclicBarrier barrier, List<float[]> local) {
    this.lane = lane;
    this.barrier = barrier;
    this.local = local;
    set("localIdx", lane);
    set("localGroupSizeX", Products.LANES);
  }

  void group(int group) {
    allocated = 0;
    set("groupIdx", group);
    set("globalIdx", group * Products.LANES + lane);
  }

  private void set(String name, int value) {
    try {
      Field field = KernelContext.class.getField(name);
      field.setAccessible(true);
      field.set(this, value);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("TornadoVM's API has changed", e);
    }
  }

  /** Every lane of a group has to come here, as on a device. */
  @Override
  public void localBarrier() {
    await(barrier);
  }

  static void await(CyclicBarrier barrier) {
    try {
      barrier.await(DEADLOCK_MINUTES, TimeUnit.MINUTES);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new AssertionError("not all lanes of a group reached a barrier", e);
    }
  }

  /** Filled with what no sum survives: local memory begins with anything. */
  @Override
  public float[] allocateFloatLocalArray(int size) {
    synchronized (local) {
      if (allocated == local.size()) {
        float[] array = new float[size];
        Arrays.fill(array, Float.NaN);
        local.add(array);
      }
      return local.get(allocated++);
    }
  }
}
