package io.assay.engine.backend.cpu.x86;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** Places machine code where the processor may run it: written first, then made read-only. */
final class ExecutableMemory {
  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int PROT_EXEC = 4;
  private static final int MAP_PRIVATE_ANONYMOUS = 0x22;

  private ExecutableMemory() {}

  /**
   * The code as a method. Calls are critical: they do not let the collector in, so arrays can be
   * handed over where they lie; each takes microseconds.
   */
  static MethodHandle link(byte[] code, FunctionDescriptor arguments) {
    return Linker.nativeLinker().downcallHandle(of(code), arguments, Linker.Option.critical(true));
  }

  /**
   * A copy of the code that stays for the life of the process.
   *
   * @throws UnsupportedOperationException if the system does not allow it, with its reason
   */
  private static MemorySegment of(byte[] code) {
    Linker linker = Linker.nativeLinker();
    SymbolLookup library = linker.defaultLookup();
    Linker.Option errno = Linker.Option.captureCallState("errno");
    StructLayout state = Linker.Option.captureStateLayout();
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle mmap =
          linker.downcallHandle(
              library.findOrThrow("mmap"),
              FunctionDescriptor.of(
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_LONG),
              errno);
      MethodHandle mprotect =
          linker.downcallHandle(
              library.findOrThrow("mprotect"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_INT),
              errno);
      MemorySegment captured = arena.allocate(state);
      MemorySegment memory =
          (MemorySegment)
              mmap.invokeExact(
                  captured,
                  MemorySegment.NULL,
                  (long) code.length,
                  PROT_READ | PROT_WRITE,
                  MAP_PRIVATE_ANONYMOUS,
                  -1,
                  0L);
      if (memory.address() == -1) {
        throw refused("mmap", state, captured);
      }
      memory = memory.reinterpret(code.length);
      memory.copyFrom(MemorySegment.ofArray(code));
      int result =
          (int) mprotect.invokeExact(captured, memory, (long) code.length, PROT_READ | PROT_EXEC);
      if (result != 0) {
        throw refused("mprotect", state, captured);
      }
      return memory;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static UnsupportedOperationException refused(
      String call, StructLayout state, MemorySegment captured) {
    VarHandle errno = state.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    return new UnsupportedOperationException(
        "the system refuses executable memory ("
            + call
            + ", errno "
            + errno.get(captured, 0L)
            + ")");
  }
}
