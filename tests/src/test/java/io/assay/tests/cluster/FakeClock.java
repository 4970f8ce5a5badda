package io.assay.tests.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A clock that processes take for the machine's and that can be set while they run, by the library
 * of Debian's package {@code libfaketime}. What measures how long something takes is not touched,
 * as when a real clock is set.
 */
final class FakeClock {
  private static final Path LIBRARIES = Path.of("/usr/lib");
  private static final Path NAME = Path.of("faketime", "libfaketimeMT.so.1");

  private final Path library;
  private final Path offset;

  private FakeClock(Path library, Path offset) {
    this.library = library;
    this.offset = offset;
  }

  /**
   * A clock that is right, nothing where the library is not installed.
   *
   * @param offset file of what is added to the machine's clock
   */
  static Optional<FakeClock> of(Path offset) throws IOException {
    try (Stream<Path> found =
        Files.find(LIBRARIES, NAME.getNameCount() + 1, (file, a) -> file.endsWith(NAME))) {
      Optional<Path> library = found.findFirst();
      if (library.isEmpty()) {
        return Optional.empty();
      }
      FakeClock clock = new FakeClock(library.get(), offset);
      clock.set(Duration.ZERO);
      return Optional.of(clock);
    }
  }

  /** Sets it; within a second every process sees that. */
  void set(Duration ahead) throws IOException {
    Path next =
        Files.writeString(offset.resolveSibling("next"), "%+d".formatted(ahead.toSeconds()));
    Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE);
  }

  /** What a process needs in its environment to believe it. */
  Map<String, String> environment() {
    return Map.of(
        "LD_PRELOAD",
        library.toString(),
        "FAKETIME_TIMESTAMP_FILE",
        offset.toString(),
        "FAKETIME_CACHE_DURATION",
        "1",
        "FAKETIME_DONT_FAKE_MONOTONIC",
        "1",
        "FAKETIME_DONT_RESET",
        "1");
  }
}
