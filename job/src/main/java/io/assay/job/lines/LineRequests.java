package io.assay.job.lines;

import io.assay.engine.EnginePlan;
import io.assay.eval.request.Encoding;
import io.assay.eval.request.EvalRequest;
import io.assay.eval.request.GenerationDefaults;
import io.assay.eval.request.RejectedRequest;
import io.assay.eval.request.RejectionCode;
import io.assay.eval.request.RequestFactory;
import io.assay.eval.request.RequestKind;
import io.assay.job.answer.Encodings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes the lines of {@code score} requests of a model. */
final class LineRequests {
  /** Answers to lines are not kept, so their requests' ids need not tell models apart. */
  static final String NO_FINGERPRINT = "";

  private final RequestFactory pairs;
  private final RequestFactory texts;
  private final int maxLength;

  LineRequests(EnginePlan engine) {
    Encoding encoding = Encodings.of(engine, null);
    GenerationDefaults none = new GenerationDefaults(1, 0);
    this.pairs = new RequestFactory(encoding, NO_FINGERPRINT, engine.numerics(), none);
    this.texts =
        new RequestFactory(Encodings.ofTexts(encoding), NO_FINGERPRINT, engine.numerics(), none);
    this.maxLength = engine.maxLength();
  }

  /** What is asked for a line, or what is wrong with it. */
  Asked of(InputLine line) {
    List<RejectedRequest> rejections = new ArrayList<>();
    String doc = line.id().asText();
    return switch (line) {
      case InputLine.Pair pair ->
          Asked.of(
              pair.id(),
              pairs.pairs(
                  "score", "", doc, pair.context(), List.of(pair.continuation()), rejections::add),
              rejections);
      case InputLine.Rolling rolling ->
          Asked.of(
              rolling.id(),
              texts.rolling("score", "", doc, rolling.text(), rejections::add),
              rejections);
      case InputLine.Tokens tokens -> tokens(tokens);
      case InputLine.Bad bad -> Asked.failed(bad.id(), bad.code(), bad.message());
      case InputLine.Prompt prompt ->
          throw new IllegalStateException("a prompt among lines to score: " + prompt.id());
      case InputLine.Chat chat ->
          throw new IllegalStateException("a chat among lines to score: " + chat.id());
    };
  }

  /** Over-long inputs keep their last tokens, as pairs do. */
  private Asked tokens(InputLine.Tokens line) {
    int[] whole = line.tokens();
    int longest = maxLength;
    int scored = whole.length - line.from();
    if (scored > longest) {
      return Asked.failed(
          line.id(),
          RejectionCode.CONTINUATION_TOO_LONG.name(),
          scored + " tokens are to be scored, the maximal length is " + longest);
    }
    int cut = Math.max(0, whole.length - (longest + 1));
    int[] kept = Arrays.copyOfRange(whole, cut, whole.length);
    return new Asked(
        line.id(),
        List.of(
            new EvalRequest(
                line.id().asText(),
                "score",
                "",
                line.id().asText(),
                RequestKind.LOGLIKELIHOOD,
                0,
                0,
                kept,
                line.from() - cut,
                cut,
                false,
                0,
                List.of(),
                0,
                1,
                0)),
        null);
  }
}
