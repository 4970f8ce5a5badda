package io.assay.eval.request;

import io.assay.datasets.task.TaskItem;
import io.assay.datasets.task.TaskSpec;
import io.assay.engine.EngineException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Turns rendered documents into requests in token ids, by the harness's rules. A document that
 * cannot be asked yields no request at all and one rejection.
 */
public final class RequestFactory {
  private final Encoding encoding;
  private final String modelFingerprint;
  private final String numerics;
  private final GenerationDefaults defaults;

  /**
   * @param encoding tokenizer and lengths
   * @param modelFingerprint equal for equal models
   * @param numerics name of what determines the bits of a result besides the model
   * @param defaults of the run
   */
  public RequestFactory(
      Encoding encoding, String modelFingerprint, String numerics, GenerationDefaults defaults) {
    this.encoding = encoding;
    this.modelFingerprint = modelFingerprint;
    this.numerics = numerics;
    this.defaults = defaults;
  }

  /**
   * The requests of a task's document: a pair for each continuation, windows, or one for each
   * repeat.
   */
  public List<EvalRequest> of(TaskSpec spec, TaskItem item, Consumer<RejectedRequest> rejections) {
    return switch (spec.outputType()) {
      case LOGLIKELIHOOD, MULTIPLE_CHOICE ->
          pairs(spec.name(), spec.name(), item.docId(), questions(item), rejections);
      case LOGLIKELIHOOD_ROLLING ->
          rolling(
              spec.name(),
              spec.name(),
              item.docId(),
              String.join("", item.continuations()),
              rejections);
      case GENERATE_UNTIL ->
          generate(
              spec.name(),
              spec.name(),
              item.docId(),
              item.context(),
              parameters(spec.generation()),
              Math.max(1, spec.generation().repeats()),
              rejections);
    };
  }

  private static List<Question> questions(TaskItem item) {
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < item.continuations().size(); i++) {
      questions.add(new Question(item.context(i), item.continuations().get(i)));
    }
    return questions;
  }

  /** One log-likelihood request for each continuation of the context. */
  public List<EvalRequest> pairs(
      String task,
      String domain,
      String docId,
      String context,
      List<String> continuations,
      Consumer<RejectedRequest> rejections) {
    List<Question> questions =
        continuations.stream().map(text -> new Question(context, text)).toList();
    return pairs(task, domain, docId, questions, rejections);
  }

  private List<EvalRequest> pairs(
      String task,
      String domain,
      String docId,
      List<Question> questions,
      Consumer<RejectedRequest> rejections) {
    return guarded(
        task,
        docId,
        rejections,
        () -> {
          List<EvalRequest> requests = new ArrayList<>();
          for (int choice = 0; choice < questions.size(); choice++) {
            Question question = questions.get(choice);
            requests.add(
                pair(
                    new Place(task, domain, docId, choice, 0),
                    question.context(),
                    question.continuation()));
          }
          return requests;
        });
  }

  /** Windows over a whole text; none, and no rejection, for an empty text without tokens. */
  public List<EvalRequest> rolling(
      String task, String domain, String docId, String text, Consumer<RejectedRequest> rejections) {
    return guarded(
        task,
        docId,
        rejections,
        () -> {
          int[] document = encoding.encode(text);
          if (document.length == 0) {
            if (text.isEmpty()) {
              return List.of();
            }
            throw new Rejection(
                RejectionCode.NOTHING_TO_SCORE,
                "a text of %d characters has no tokens; remove the document"
                    .formatted(text.length()));
          }
          List<EvalRequest> requests = new ArrayList<>();
          for (RollingWindows.Window window :
              RollingWindows.of(document, encoding.requirePrefixId(), encoding.maxLength())) {
            Place place = new Place(task, domain, docId, 0, requests.size());
            requests.add(
                scored(place, RequestKind.ROLLING, window.tokens(), window.from(), 0, false));
          }
          return requests;
        });
  }

  /** Generations from a prompt, one for each repeat. */
  public List<EvalRequest> generate(
      String task,
      String domain,
      String docId,
      String prompt,
      GenerationParameters parameters,
      int repeats,
      Consumer<RejectedRequest> rejections) {
    return guarded(
        task,
        docId,
        rejections,
        () -> {
          int room = encoding.maxLength() - parameters.maxNewTokens();
          if (room < 1) {
            throw new Rejection(
                RejectionCode.GENERATION_TOO_LONG,
                "%d new tokens leave no room for a prompt within the maximal length of %d; ask for fewer or raise max_length"
                    .formatted(parameters.maxNewTokens(), encoding.maxLength()));
          }
          int[] whole = encoding.encode(prompt);
          if (whole.length == 0) {
            whole = new int[] {encoding.requirePrefixId()};
          }
          int cut = Math.max(0, whole.length - room);
          int[] tokens = Arrays.copyOfRange(whole, cut, whole.length);
          List<EvalRequest> requests = new ArrayList<>();
          for (int repeat = 0; repeat < repeats; repeat++) {
            requests.add(
                generation(new Place(task, domain, docId, repeat, 0), tokens, cut, parameters));
          }
          return requests;
        });
  }

  private EvalRequest pair(Place place, String context, String continuation) {
    PairEncoding pair = PairEncoding.of(encoding, context, continuation);
    int scored = pair.continuation().length;
    if (scored == 0) {
      throw new Rejection(
          RejectionCode.NOTHING_TO_SCORE,
          "continuation %d has no tokens; give it a text".formatted(place.choice()));
    }
    if (scored > encoding.maxLength()) {
      throw new Rejection(
          RejectionCode.CONTINUATION_TOO_LONG,
          "continuation %d has %d tokens, the maximal length is %d; shorten it or raise max_length"
              .formatted(place.choice(), scored, encoding.maxLength()));
    }
    int[] whole = pair.joined();
    // The last token is scored, never fed: one more than the maximal length fits.
    int cut = Math.max(0, whole.length - (encoding.maxLength() + 1));
    int[] tokens = Arrays.copyOfRange(whole, cut, whole.length);
    return scored(
        place, RequestKind.LOGLIKELIHOOD, tokens, tokens.length - scored, cut, pair.separate());
  }

  private EvalRequest scored(
      Place place, RequestKind kind, int[] tokens, int from, int cut, boolean separate) {
    return new EvalRequest(
        id(place, kind, tokens, from).hex(),
        place.task(),
        place.domain(),
        place.docId(),
        kind,
        place.choice(),
        place.window(),
        tokens,
        from,
        cut,
        separate,
        0,
        List.of(),
        0,
        1,
        0);
  }

  private EvalRequest generation(
      Place place, int[] tokens, int cut, GenerationParameters parameters) {
    // The stream belongs to the request, so neither company nor order changes what is sampled.
    long seed =
        parameters.temperature() == 0
            ? 0
            : new RequestId()
                .number(defaults.seed())
                .text(place.task())
                .text(place.docId())
                .number(place.choice())
                .seed();
    RequestId id =
        id(place, RequestKind.GENERATE, tokens, tokens.length)
            .number(parameters.maxNewTokens())
            .real(parameters.temperature())
            .real(parameters.topP())
            .number(seed)
            .number(parameters.stop().size());
    parameters.stop().forEach(id::text);
    if (defaults.reasoning()) {
      id.text("reasoning"); // stop texts see another text
    }
    return new EvalRequest(
        id.hex(),
        place.task(),
        place.domain(),
        place.docId(),
        RequestKind.GENERATE,
        place.choice(),
        place.window(),
        tokens,
        tokens.length,
        cut,
        false,
        parameters.maxNewTokens(),
        List.copyOf(parameters.stop()),
        parameters.temperature(),
        parameters.topP(),
        seed);
  }

  private RequestId id(Place place, RequestKind kind, int[] tokens, int from) {
    return new RequestId()
        .text(modelFingerprint)
        .text(numerics)
        .text(place.task())
        .text(place.domain())
        .text(place.docId())
        .text(kind.label())
        .number(place.choice())
        .number(place.window())
        .ids(tokens)
        .number(from);
  }

  private GenerationParameters parameters(TaskSpec.Generation generation) {
    return new GenerationParameters(
        generation.maxGenToks() > 0 ? generation.maxGenToks() : defaults.maxNewTokens(),
        generation.until(),
        generation.temperature(),
        generation.topP());
  }

  private static List<EvalRequest> guarded(
      String task,
      String docId,
      Consumer<RejectedRequest> rejections,
      Supplier<List<EvalRequest>> requests) {
    try {
      return requests.get();
    } catch (Rejection e) {
      rejections.accept(new RejectedRequest(task, docId, e.code(), e.getMessage()));
    } catch (EngineException e) {
      rejections.accept(new RejectedRequest(task, docId, e.code().name(), e.getMessage()));
    }
    return List.of();
  }

  private record Question(String context, String continuation) {}

  /** Where a request stands in its run. */
  private record Place(String task, String domain, String docId, int choice, int window) {}
}
