package io.assay.job.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** It answers as a set of the texts themselves would. */
class SeenTest {
  @Property(tries = 200)
  void itAnswersAsASetDoes(@ForAll List<String> texts) {
    Seen seen = new Seen();
    Set<String> set = new HashSet<>();
    for (String text : texts) {
      assertThat(seen.add(text)).isEqualTo(set.add(text));
    }
  }

  @Test
  void idsThatDifferInLittleAreNew() {
    Seen seen = new Seen();
    List<String> ids =
        Stream.of("", "text-", "a.jsonl#", "0000000000000000")
            .flatMap(begin -> IntStream.range(0, 250_000).mapToObj(i -> begin + i))
            .toList();
    assertThat(ids.stream().filter(id -> !seen.add(id)).toList()).isEmpty();
    assertThat(ids.stream().filter(seen::add).toList()).isEmpty();
  }
}
