package io.assay.engine.backend.cpu.x86;

/** The general 64-bit registers, in the order of their numbers. */
enum Register {
  RAX,
  RCX,
  RDX,
  RBX,
  RSP,
  RBP,
  RSI,
  RDI,
  R8,
  R9,
  R10,
  R11,
  R12,
  R13,
  R14,
  R15;

  /** The processor's number for it: the constants above stand in that order. */
  @SuppressWarnings("EnumOrdinal")
  int number() {
    return ordinal();
  }

  /** Low three bits of the number, as ModRM holds them. */
  int low() {
    return number() & 7;
  }

  /** The fourth bit, which goes into a prefix. */
  int high() {
    return number() >> 3;
  }
}
