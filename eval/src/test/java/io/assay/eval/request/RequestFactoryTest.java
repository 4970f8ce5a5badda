package io.assay.eval.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.assay.datasets.task.OutputType;
import io.assay.datasets.task.TaskItem;
import io.assay.datasets.task.TaskSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RequestFactoryTest {
  private static final GenerationDefaults DEFAULTS = new GenerationDefaults(16, 0);

  private final List<RejectedRequest> rejected = new ArrayList<>();

  @Test
  void aChoiceIsARequest() {
    List<EvalRequest> requests =
        factory(100).of(task(OutputType.MULTIPLE_CHOICE, 0), choices(), rejected::add);
    assertThat(requests).extracting(EvalRequest::choice).containsExactly(0, 1);
    assertThat(requests).extracting(EvalRequest::kind).containsOnly(RequestKind.LOGLIKELIHOOD);
    assertThat(requests.get(1).tokens()).containsExactly('Q', ' ', 'b', 'c');
    assertThat(requests.get(1).from()).isEqualTo(1);
  }

  @Test
  void everyContinuationHasItsOwnContextWhereTheDocumentSaysSo() {
    TaskItem item =
        new TaskItem(
            "7",
            0,
            "",
            List.of(" x", " x", " ab"),
            List.of("a", "b"),
            List.of(0),
            List.of(),
            List.of("A", "BC", ""));
    List<EvalRequest> requests =
        factory(100).of(task(OutputType.MULTIPLE_CHOICE, 0), item, rejected::add);
    assertThat(requests.get(0).tokens()).startsWith('A');
    assertThat(requests.get(1).tokens()).startsWith('B', 'C');
    assertThat(requests).extracting(EvalRequest::from).containsExactly(1, 2, 1);
    assertThat(requests).extracting(EvalRequest::choice).containsExactly(0, 1, 2);
    // Without context the prefix token stands in front.
    assertThat(requests.get(2).tokens()).endsWith('a', 'b').doesNotContain('A');
    assertThat(rejected).isEmpty();
  }

  @Test
  void oneChoiceThatCannotBeAskedRejectsItsDocument() {
    TaskItem item =
        new TaskItem("7", 0, "Q", List.of(" a", "x".repeat(9)), List.of(), List.of(0), List.of());
    assertThat(factory(8).of(task(OutputType.MULTIPLE_CHOICE, 0), item, rejected::add)).isEmpty();
    assertThat(rejected)
        .containsExactly(
            new RejectedRequest(
                "task",
                "7",
                RejectionCode.CONTINUATION_TOO_LONG,
                "continuation 1 has 9 tokens, the maximal length is 8; shorten it or raise max_length"));
  }

  @Test
  void anOverlongPairLosesItsFrontAndSaysSo() {
    EvalRequest request =
        factory(4).pairs("t", "t", "0", "0123456789", List.of("ab"), rejected::add).getFirst();
    // One more than fits is kept: the last token is scored, never fed.
    assertThat(request.tokens()).containsExactly('7', '8', '9', 'a', 'b');
    assertThat(request.from()).isEqualTo(3);
    assertThat(request.truncatedTokens()).isEqualTo(7);
  }

  @Test
  void emptyContinuationsAreRejectedNotThrown() {
    assertThat(factory(9).pairs("t", "t", "0", "Q", List.of(""), rejected::add)).isEmpty();
    assertThat(rejected)
        .extracting(RejectedRequest::code)
        .containsExactly(RejectionCode.NOTHING_TO_SCORE.name());
  }

  @Test
  void noPrefixTokenIsARejection() {
    RequestFactory factory =
        new RequestFactory(
            new Encoding(new PieceTokenizer(), 9, false, -1, -1), "m", "fp32", DEFAULTS);
    assertThat(factory.rolling("t", "t", "0", "text", rejected::add)).isEmpty();
    assertThat(factory.pairs("t", "t", "1", " ", List.of("a"), rejected::add)).isEmpty();
    assertThat(factory.pairs("t", "t", "2", "a", List.of("b"), rejected::add)).hasSize(1);
    assertThat(rejected)
        .extracting(RejectedRequest::item, RejectedRequest::code)
        .containsExactly(
            tuple("0", RejectionCode.NO_PREFIX_TOKEN.name()),
            tuple("1", RejectionCode.NO_PREFIX_TOKEN.name()));
  }

  @Test
  void anEmptyDocumentHasNoWindowsAndIsNoFailure() {
    assertThat(factory(9).rolling("t", "t", "0", "", rejected::add)).isEmpty();
    assertThat(rejected).isEmpty();
  }

  @Test
  void promptsLeaveRoomForNewTokens() {
    GenerationParameters parameters = new GenerationParameters(3, List.of("\n"), 0, 1);
    EvalRequest request =
        factory(8).generate("t", "t", "0", "0123456789", parameters, 1, rejected::add).getFirst();
    assertThat(request.tokens()).containsExactly('5', '6', '7', '8', '9');
    assertThat(request.from()).isEqualTo(5);
    assertThat(request.truncatedTokens()).isEqualTo(5);
    assertThat(request.stop()).containsExactly("\n");
    assertThat(factory(3).generate("t", "t", "0", "1", parameters, 1, rejected::add)).isEmpty();
    assertThat(rejected)
        .extracting(RejectedRequest::code)
        .containsExactly(RejectionCode.GENERATION_TOO_LONG.name());
  }

  @Test
  void repeatsHaveTheirOwnStreams() {
    TaskItem item = new TaskItem("d", 0, "Q", List.of(), List.of(), List.of(), List.of("x"));
    List<EvalRequest> sampled =
        factory(100).of(task(OutputType.GENERATE_UNTIL, 0.7), item, rejected::add);
    assertThat(sampled).extracting(EvalRequest::choice).containsExactly(0, 1, 2);
    assertThat(sampled).extracting(EvalRequest::seed).doesNotHaveDuplicates();
    assertThat(sampled).extracting(EvalRequest::maxNewTokens).containsOnly(16);
    List<EvalRequest> again =
        factory(100).of(task(OutputType.GENERATE_UNTIL, 0.7), item, rejected::add);
    assertThat(again)
        .extracting(EvalRequest::requestId)
        .containsExactlyElementsOf(sampled.stream().map(EvalRequest::requestId).toList());
    assertThat(factory(100).of(task(OutputType.GENERATE_UNTIL, 0), item, rejected::add))
        .extracting(EvalRequest::seed)
        .containsOnly(0L);
  }

  @Test
  void idsTellEverythingApartThatChangesAnAnswer() {
    Encoding encoding = encoding(100);
    Set<String> ids = new HashSet<>();
    int asked = 0;
    for (String model : List.of("m", "n")) {
      for (String numerics : List.of("fp32", "bf16")) {
        RequestFactory factory = new RequestFactory(encoding, model, numerics, DEFAULTS);
        for (String doc : List.of("1", "11")) {
          List<EvalRequest> requests = new ArrayList<>();
          requests.addAll(factory.pairs("t", "t", doc, "ab", List.of("c", "c"), rejected::add));
          requests.addAll(factory.pairs("t", "t", doc, "a", List.of("bc"), rejected::add));
          requests.addAll(factory.pairs("t1", "t", doc, "ab", List.of("c"), rejected::add));
          requests.addAll(factory.rolling("t", "t", doc, "abc", rejected::add));
          for (List<String> stop : List.of(List.of("ab"), List.of("a", "b"), List.<String>of())) {
            for (double temperature : new double[] {0, 0.5}) {
              requests.addAll(
                  factory.generate(
                      "t",
                      "t",
                      doc,
                      "abc",
                      new GenerationParameters(5, stop, temperature, 1),
                      1,
                      rejected::add));
            }
          }
          asked += requests.size();
          requests.forEach(request -> ids.add(request.requestId()));
        }
      }
    }
    assertThat(ids).hasSize(asked).allMatch(id -> id.matches("[0-9a-f]{32}"));
    assertThat(rejected).isEmpty();
  }

  @Test
  void anEncodingThatCannotWorkIsRefused() {
    assertThatThrownBy(() -> new Encoding(new PieceTokenizer(), 9, true, -1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("add_bos");
    assertThatThrownBy(() -> encoding(0)).isInstanceOf(IllegalArgumentException.class);
  }

  private static RequestFactory factory(int maxLength) {
    return new RequestFactory(encoding(maxLength), "m", "fp32", DEFAULTS);
  }

  private static Encoding encoding(int maxLength) {
    return new Encoding(
        new PieceTokenizer(), maxLength, false, PieceTokenizer.BOS, PieceTokenizer.EOS);
  }

  private static TaskItem choices() {
    return new TaskItem(
        "1", 0, "Q", List.of(" a", " bc"), List.of("a", "bc"), List.of(0), List.of());
  }

  private static TaskSpec task(OutputType type, double temperature) {
    return new TaskSpec(
        "task",
        "1",
        List.of(),
        type,
        0,
        "first_n",
        new TaskSpec.Generation(List.of("\n"), 0, temperature, 1, 3),
        List.of(new TaskSpec.Metric("acc", "mean", true, Map.of())),
        List.of());
  }
}
