package io.assay.engine.checkpoint;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operating system which mapped pages are needed soon and which no longer ({@code
 * madvise}; the values are those of Linux and macOS). Advice changes speed and memory, never
 * contents: pages of a file that were let go are read again when touched. Where the system takes no
 * advice everything still works, and one line of the log says so. Ranges must be mapped files.
 */
final class PageAdvice {
  private static final Logger LOG = LoggerFactory.getLogger(PageAdvice.class);
  private static final int WILL_NEED = 3;
  private static final int DONT_NEED = 4;
  private static final int USUAL_PAGE = 4096;

  private static final AtomicBoolean SILENT = new AtomicBoolean();
  private static final MethodHandle MADVISE =
      find(
          "madvise",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT));
  private static final int PAGE = pageSize();

  private PageAdvice() {}

  /** Bytes of a page. */
  static int page() {
    return PAGE;
  }

  /** Starts reading the pages of a mapped range in the background. */
  static void willNeed(long address, long bytes) {
    long start = address / PAGE * PAGE;
    advise(start, address + bytes - start, WILL_NEED);
  }

  /** Takes the pages that lie wholly in a mapped range out of the process' memory. */
  static void release(long address, long bytes) {
    long start = Math.ceilDiv(address, PAGE) * PAGE;
    long end = (address + bytes) / PAGE * PAGE;
    advise(start, end - start, DONT_NEED);
  }

  private static void advise(long address, long bytes, int advice) {
    if (MADVISE == null || bytes <= 0) {
      return;
    }
    try {
      int result = (int) MADVISE.invokeExact(MemorySegment.ofAddress(address), bytes, advice);
      if (result != 0) {
        unavailable("madvise(" + advice + ") was refused");
      }
    } catch (Throwable e) {
      throw new IllegalStateException("a call of madvise cannot throw", e);
    }
  }

  private static int pageSize() {
    MethodHandle call = find("getpagesize", FunctionDescriptor.of(ValueLayout.JAVA_INT));
    if (call == null) {
      return USUAL_PAGE;
    }
    try {
      return (int) call.invokeExact();
    } catch (Throwable e) {
      throw new IllegalStateException("a call of getpagesize cannot throw", e);
    }
  }

  @SuppressWarnings("restricted") // the launcher and Spark's own flags allow native access
  private static MethodHandle find(String function, FunctionDescriptor type) {
    try {
      Linker linker = Linker.nativeLinker();
      return linker
          .defaultLookup()
          .find(function)
          .map(address -> linker.downcallHandle(address, type))
          .orElseGet(
              () -> {
                unavailable("this system has no " + function);
                return null;
              });
    } catch (UnsupportedOperationException | IllegalCallerException e) {
      unavailable(e.getMessage());
      return null;
    }
  }

  private static void unavailable(String why) {
    if (SILENT.compareAndSet(false, true)) {
      LOG.info(
          "page advice is not available ({}); streamed weights are read without it and leave memory"
              + " when the system wants it back",
          why);
    }
  }
}
