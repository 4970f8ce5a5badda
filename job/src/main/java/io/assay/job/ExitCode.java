package io.assay.job;

/** Exit codes of every command. */
public final class ExitCode {
  public static final int GOOD = 0;
  public static final int GATE_FAILED = 1;
  public static final int USAGE = 2;
  public static final int UNREADABLE = 3;
  public static final int RUN_FAILED = 4;

  private ExitCode() {}
}
