package io.assay.job.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.engine.Engine.Answers;
import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.WorkStats;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** One bad request costs itself and nothing else. */
class SplitRetryTest {

  @Property(tries = 200)
  void exactlyTheBadRequestsFail(
      @ForAll @Size(max = 40) List<@IntRange(max = 1000) Integer> requests,
      @ForAll Set<@IntRange(max = 1000) Integer> bad) {
    var answered = SplitRetry.answer(requests, refusing(bad, Integer.MAX_VALUE));

    assertThat(answered.outcomes()).hasSameSizeAs(requests);
    long good = 0;
    for (int i = 0; i < requests.size(); i++) {
      Outcome<String> outcome = answered.outcomes().get(i);
      assertThat(outcome.succeeded()).isEqualTo(!bad.contains(requests.get(i)));
      if (outcome.succeeded()) {
        assertThat(outcome.result()).isEqualTo("answer to " + requests.get(i));
        good++;
      }
    }
    assertThat(answered.stats().tokensSubmitted()).isEqualTo(good);
  }

  @Property(tries = 50)
  void aBatchTooLargeForMemoryIsHalvedUntilItFits(
      @ForAll @Size(max = 40) List<@IntRange(max = 1000) Integer> requests,
      @ForAll @IntRange(min = 1, max = 8) int fits) {
    var answered = SplitRetry.answer(requests, refusing(Set.of(), fits));

    assertThat(answered.outcomes()).allMatch(Outcome::succeeded).hasSameSizeAs(requests);
  }

  @Test
  void aBrokenModelEndsTheCall() {
    assertThatThrownBy(
            () ->
                SplitRetry.<Integer, String>answer(
                    List.of(1, 2),
                    batch -> {
                      throw new EngineException(ErrorCode.TENSOR_NOT_FINITE, "NaN");
                    }))
        .isInstanceOf(EngineException.class)
        .hasMessage("NaN");
  }

  private static Function<List<Integer>, Answers<String>> refusing(Set<Integer> bad, int fits) {
    return batch -> {
      if (batch.size() > fits) {
        throw new EngineException(ErrorCode.OUT_OF_MEMORY, "too many");
      }
      if (batch.stream().anyMatch(bad::contains)) {
        throw new EngineException(ErrorCode.REQUEST_INVALID, "bad request");
      }
      return new Answers<>(
          batch.stream().map(request -> "answer to " + request).collect(Collectors.toList()),
          new WorkStats(batch.size(), batch.size(), 0));
    };
  }
}
