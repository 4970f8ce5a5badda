package io.assay.eval.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.eval.request.RollingWindows.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RollingWindowsTest {
  private static final int PREFIX = -7;

  /** The drawing in the class's documentation. */
  @Test
  void theLastWindowReachesBack() {
    List<Window> windows = RollingWindows.of(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, PREFIX, 4);
    assertThat(windows).extracting(Window::from).containsExactly(1, 1, 3);
    assertThat(windows.get(0).tokens()).containsExactly(PREFIX, 0, 1, 2, 3);
    assertThat(windows.get(1).tokens()).containsExactly(3, 4, 5, 6, 7);
    assertThat(windows.get(2).tokens()).containsExactly(5, 6, 7, 8, 9);
  }

  @Test
  void nothingHasNoWindow() {
    assertThat(RollingWindows.of(new int[0], PREFIX, 4)).isEmpty();
  }

  @Property
  void everyTokenIsScoredOnceAfterItsOwnPredecessors(
      @ForAll @IntRange(min = 1, max = 300) int length,
      @ForAll @IntRange(min = 1, max = 60) int maxLength) {
    int[] document = new int[length];
    Arrays.setAll(document, i -> i);
    List<Integer> scored = new ArrayList<>();
    for (Window window : RollingWindows.of(document, PREFIX, maxLength)) {
      int[] tokens = window.tokens();
      assertThat(window.from()).isBetween(1, tokens.length - 1);
      // Fed are all but the last.
      assertThat(tokens.length - 1).isLessThanOrEqualTo(maxLength);
      boolean first = scored.isEmpty();
      if (!first) {
        assertThat(tokens.length - 1).isEqualTo(maxLength);
      }
      for (int i = 1; i < tokens.length; i++) {
        assertThat(tokens[i]).isEqualTo(first && i == 1 ? 0 : tokens[i - 1] + 1);
      }
      assertThat(tokens[0] == PREFIX).isEqualTo(first);
      for (int i = window.from(); i < tokens.length; i++) {
        scored.add(tokens[i]);
      }
    }
    assertThat(scored).containsExactlyElementsOf(Arrays.stream(document).boxed().toList());
  }
}
