package io.assay.job.console;

/**
 * Whether weights fit in the memory of this machine or container.
 *
 * @param bytes all weights as stored
 * @param atATime those in memory at a time: all if resident, the two largest layers if streamed
 * @param room memory besides the Java heap
 * @param streamed whether they are read a layer at a time
 */
public record WeightFit(long bytes, long atATime, long room, boolean streamed) {

  /** Whether what has to be in memory at a time has room there. */
  public boolean fits() {
    return atATime <= room;
  }

  /** A sentence without its subject, which is the weights. */
  public String text() {
    String there = Numbers.bytes((double) room) + " beside the heap";
    String needed = Numbers.bytes((double) atATime);
    if (!streamed) {
      return fits()
          ? "fit: " + needed + " stay in memory, room for " + there
          : "do not fit: "
              + needed
              + " are to stay in memory, room for "
              + there
              + "; use --weights streamed";
    }
    String all = Numbers.bytes((double) bytes);
    return fits()
        ? "are streamed: " + needed + " of " + all + " in memory at a time, room for " + there
        : "do not fit, not even streamed: "
            + needed
            + " of "
            + all
            + " in memory at a time, room for "
            + there
            + "; take a machine with more memory, or a smaller heap (ASSAY_JAVA_OPTS=-Xmx..)";
  }

  /** How the sentence is to be seen. */
  public Paint paint() {
    return fits() ? Paint.NONE : Paint.BAD;
  }
}
