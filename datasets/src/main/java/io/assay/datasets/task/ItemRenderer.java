package io.assay.datasets.task;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.template.PythonText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Renders documents: prompt, continuations, choices and right answers. */
final class ItemRenderer {
  private final TaskSpec spec;
  private final FieldRule description;
  private final FieldRule original;
  private final Rules rules;
  private final Rules fewshotRules;
  private final String fewshotDelimiter;
  private final String descriptionDelimiter;
  private final PromptFormat format;
  private final String cluster;

  ItemRenderer(TaskSpec spec, TaskParts parts, PromptFormat format) {
    this.spec = spec;
    this.format = format;
    this.description = parts.description();
    this.original = parts.original();
    this.rules = parts.rules();
    this.fewshotRules = parts.fewshotRules();
    this.fewshotDelimiter = parts.fewshotDelimiter();
    this.cluster = parts.cluster();
    this.descriptionDelimiter = parts.descriptionDelimiter();
  }

  /** Refuses names of columns the evaluated split does not have. */
  void check(Set<String> columns) {
    rules.check(columns);
    if (original != null) {
      original.check(columns);
    }
  }

  /**
   * A document of the evaluated split.
   *
   * @param columns of the split
   */
  record Source(String id, int index, Map<String, Object> document, Set<String> columns) {}

  /**
   * Its few-shot examples.
   *
   * @param columns of their split
   */
  record Examples(List<Map<String, Object>> documents, Set<String> columns) {}

  /**
   * @param contextPerChoice the choices are contexts, and the answer follows each of them
   * @throws io.assay.datasets.DataException if the document cannot be rendered
   */
  TaskItem render(Source source, Examples examples, boolean contextPerChoice) {
    TaskItem item = rendered(source, examples, contextPerChoice);
    return cluster == null ? item : item.in(clusterOf(source.document()));
  }

  private String clusterOf(Map<String, Object> document) {
    Object name = document.get(cluster);
    if (name == null) {
      throw new DataException(
          DataErrorCode.DOCUMENT_INVALID,
          "metadata.cluster names the column '%s', the document has none; correct the data"
              .formatted(cluster));
    }
    return PythonText.str(name);
  }

  private TaskItem rendered(Source source, Examples examples, boolean contextPerChoice) {
    if (contextPerChoice) {
      return contextPerChoice(source, examples);
    }
    Map<String, Object> document = source.document();
    Object answer = rules.answer(document, source.columns());
    if (spec.outputType() == OutputType.LOGLIKELIHOOD_ROLLING) {
      String text = PythonText.str(answer);
      String counted = original == null ? text : original.text(document, source.columns());
      return item(source, "", List.of(text), List.of(), List.of(), List.of(counted));
    }
    String context = context(source, examples);
    return switch (spec.outputType()) {
      case MULTIPLE_CHOICE -> {
        List<String> choices = rules.choices(document, source.columns());
        List<Integer> gold = gold(answer, choices);
        if (spec.asksWithoutContext()) {
          List<String> contexts = Collections.nCopies(choices.size(), context);
          yield choiceItem(source, contexts, delimited(choices), choices, gold);
        }
        yield item(source, context, delimited(choices), choices, gold, List.of());
      }
      case LOGLIKELIHOOD -> {
        String text = PythonText.str(answer);
        yield item(source, context, List.of(text), List.of(), List.of(), List.of(text));
      }
      case GENERATE_UNTIL ->
          item(
              source,
              context,
              List.of(),
              filterChoices(document),
              List.of(),
              targets(source, answer));
      case LOGLIKELIHOOD_ROLLING -> throw new IllegalStateException("handled above");
    };
  }

  /** The column {@code choices}, where the harness's filter looks for them. */
  private List<String> filterChoices(Map<String, Object> document) {
    if (!spec.filtersByChoices()) {
      return List.of();
    }
    if (document.get("choices") instanceof List<?> choices && !choices.isEmpty()) {
      return choices.stream().map(PythonText::str).toList();
    }
    throw new DataException(
        DataErrorCode.DOCUMENT_INVALID,
        "the filter multi_choice_regex needs a list of texts in the column 'choices', the document"
            + " has none; correct the data");
  }

  private TaskItem contextPerChoice(Source source, Examples examples) {
    Map<String, Object> document = source.document();
    Set<String> columns = source.columns();
    List<Message> shots = shots(source, examples, true);
    String prefix = rules.prefix(document, columns);
    List<String> choices = rules.choices(document, columns);
    List<String> contexts = new ArrayList<>(choices.size());
    for (String choice : choices) {
      List<Message> messages = new ArrayList<>(shots);
      // The harness puts no delimiter between such a context and the answer's prefix.
      Prompt.question(messages, choice, prefix, "");
      contexts.add(format.text(messages));
    }
    int right = rules.rightContext(document, columns);
    String continuation = choiceDelimiter() + rules.sharedAnswer(document, columns);
    return choiceItem(
        source,
        contexts,
        Collections.nCopies(choices.size(), continuation),
        choices,
        right >= 0 && right < choices.size() ? List.of(right) : List.of());
  }

  private List<String> delimited(List<String> choices) {
    String delimiter = choiceDelimiter();
    return choices.stream().map(choice -> delimiter + choice).toList();
  }

  /**
   * In front of every choice. In a conversation the template separates question and answer, and a
   * delimiter stands only behind a {@code gen_prefix}: the harness looks at the end of the key as
   * it stands in the file, not as rendered.
   */
  private String choiceDelimiter() {
    boolean none =
        format.isChat() && (rules.prefix() == null || rules.prefix().isEmptyOrEndsWithSpace());
    return none ? "" : rules.targetDelimiter();
  }

  /** With a context for each choice; where the task wants it, each choice also without any. */
  private TaskItem choiceItem(
      Source source,
      List<String> contexts,
      List<String> continuations,
      List<String> choices,
      List<Integer> gold) {
    List<String> allContexts = new ArrayList<>(contexts);
    List<String> allContinuations = new ArrayList<>(continuations);
    if (spec.asksWithoutContext()) {
      allContexts.addAll(Collections.nCopies(choices.size(), ""));
      allContinuations.addAll(delimited(choices));
    }
    return new TaskItem(
        source.id(),
        source.index(),
        "",
        List.copyOf(allContinuations),
        choices,
        gold,
        List.of(),
        List.copyOf(allContexts));
  }

  private static TaskItem item(
      Source source,
      String context,
      List<String> continuations,
      List<String> choices,
      List<Integer> gold,
      List<String> target) {
    return new TaskItem(source.id(), source.index(), context, continuations, choices, gold, target);
  }

  private String context(Source source, Examples examples) {
    List<Message> messages = shots(source, examples, false);
    Prompt.question(
        messages,
        rules.question(source.document(), source.columns()),
        rules.prefix(source.document(), source.columns()),
        rules.targetDelimiter());
    return format.text(messages);
  }

  /** Instruction, description and examples. */
  private List<Message> shots(Source source, Examples examples, boolean contextPerChoice) {
    List<Message> out = new ArrayList<>();
    Prompt.system(
        out,
        format.systemInstruction(),
        description == null ? "" : description.text(source.document(), source.columns()),
        descriptionDelimiter);
    Set<String> columns = examples.columns();
    for (Map<String, Object> example : examples.documents()) {
      Prompt.example(
          out,
          contextPerChoice
              ? fewshotRules.contextText(example, columns)
              : fewshotRules.question(example, columns),
          contextPerChoice
              ? fewshotRules.sharedAnswer(example, columns)
              : fewshotRules.answerText(example, columns),
          fewshotRules.prefix(example, columns),
          fewshotRules.targetDelimiter(),
          fewshotDelimiter);
    }
    return out;
  }

  /** Indices of the right choices; one that is none of them is left out and so never right. */
  private static List<Integer> gold(Object answer, List<String> choices) {
    List<Integer> gold = new ArrayList<>();
    for (Object one : answer instanceof List<?> several ? several : listOf(answer)) {
      Integer index = Rules.index(one);
      int position =
          index != null ? index : one == null ? -1 : choices.indexOf(PythonText.str(one));
      if (position >= 0 && position < choices.size()) {
        gold.add(position);
      }
    }
    return List.copyOf(gold);
  }

  private List<String> targets(Source source, Object answer) {
    if (rules.choice() != null && Rules.index(answer) != null) {
      return List.of(rules.answerText(source.document(), source.columns()));
    }
    List<?> answers = answer instanceof List<?> several ? several : listOf(answer);
    return answers.stream().map(PythonText::str).toList();
  }

  private static List<Object> listOf(Object value) {
    List<Object> list = new ArrayList<>();
    list.add(value);
    return list;
  }
}
