package io.assay.engine.backend.tornado;

import io.assay.engine.backend.Backend;
import java.lang.ref.Cleaner;

/**
 * Rows of activations, in the device's array of them or, where they found no place there, on the
 * host.
 */
final class DeviceRows implements Backend.Rows {
  private final int first;
  private final int rows;
  private final int width;
  private final float[] host; // [rows, width]; null on the device
  private final Cleaner.Cleanable place; // null on the host
  private boolean released;
  private DeviceChoices choices; // null before a router chose for them

  private DeviceRows(int first, int rows, int width, float[] host, SlotSpace space) {
    this.first = first;
    this.rows = rows;
    this.width = width;
    this.host = host;
    this.place = space == null ? null : space.own(this, first, rows);
  }

  /** Rows in slots that were found for them. */
  static DeviceRows onDevice(int first, int rows, int width, SlotSpace space) {
    return new DeviceRows(first, rows, width, null, space);
  }

  static DeviceRows onHost(float[] values, int width) {
    return new DeviceRows(-1, values.length / width, width, values, null);
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int width() {
    return width;
  }

  boolean isOnDevice() {
    return host == null;
  }

  /** Slot of the first row, relative to those for rows that stay. */
  int first() {
    if (released) {
      throw new IllegalStateException("rows were read after they had been released");
    }
    return first;
  }

  /** The values of rows on the host, {@code [rows, width]}. */
  float[] host() {
    return host;
  }

  /** Where the router sends them, layer by layer; null before it is set. */
  DeviceChoices choices() {
    return choices;
  }

  void setChoices(DeviceChoices made) {
    choices = made;
  }

  @Override
  public void release() {
    released = true;
    if (place != null) {
      place.clean();
    }
  }
}
