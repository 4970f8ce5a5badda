package io.assay.engine.checkpoint;

/** Element types of safetensors files that weights come in, with their size in bytes. */
public enum DType {
  F32(4),
  BF16(2),
  F16(2),
  /** e4m3fn: no infinities, 0x7F and 0xFF are NaN, largest value 448. */
  F8_E4M3(1),
  I32(4),
  I64(8),
  F64(8);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  public int bytes() {
    return bytes;
  }
}
