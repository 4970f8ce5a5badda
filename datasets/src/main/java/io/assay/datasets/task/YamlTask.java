package io.assay.datasets.task;

import io.assay.datasets.BadRecord;
import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.fewshot.ContentHash;
import io.assay.datasets.fewshot.FewshotSampler;
import io.assay.datasets.template.PythonText;
import io.assay.datasets.transform.DocumentTransform;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/**
 * A task read from its file. Its data is read at the first use and kept: types of columns and
 * few-shot pools need all of it.
 */
final class YamlTask implements Task {
  static final String FEWSHOT_DELIMITER = "\n\n";
  static final String TARGET_DELIMITER = " ";

  private final TaskSpec spec;
  private final String file;
  private final DataFiles files;
  private final DataFiles fewshotFiles;
  private final TaskSplits splits;
  private final ItemRenderer renderer;
  private final Rules rules;
  private final Rules fewshotRules;
  private final List<Map<String, Object>> samples;
  private final List<DocumentTransform> transforms;
  private final List<DocumentTransform> fewshotTransforms;
  private final Map<SplitKey, Split> loaded = new HashMap<>();

  YamlTask(TaskSpec spec, TaskParts parts, PromptFormat format) {
    this.spec = spec;
    this.file = parts.file();
    this.files = parts.files();
    this.fewshotFiles = parts.fewshotFiles();
    this.splits = parts.splits();
    this.transforms = parts.transforms();
    this.fewshotTransforms = parts.fewshotTransforms();
    this.renderer = new ItemRenderer(spec, parts, format);
    this.rules = parts.rules();
    this.fewshotRules = parts.fewshotRules();
    this.samples = parts.samples();
  }

  @Override
  public TaskSpec spec() {
    return spec;
  }

  @Override
  public Stream<TaskItem> items(int limit, IntPredicate wanted, Consumer<BadRecord> failures) {
    Split split = split(new SplitKey(files, splits.evaluated(), transforms));
    renderer.check(split.columns());
    Pass pass = new Pass(split, hasContextPerChoice(split), wanted, failures);
    Stream<Split.Row> rows = split.rows().stream();
    return (limit < 0 ? rows : rows.limit(limit)).map(pass::item).filter(Objects::nonNull);
  }

  /** Name of the split that is evaluated. */
  String evaluated() {
    return splits.evaluated();
  }

  /** Name of the split that gives examples, null if none does. */
  String examples() {
    return spec.numFewshot() > 0 ? splits.fewshot() : null;
  }

  /** Its splits and whether their files are there. */
  List<TaskCatalog.Data> data() {
    return files.splits().entrySet().stream()
        .map(
            split ->
                new TaskCatalog.Data(split.getKey(), split.getValue(), files.has(split.getKey())))
        .toList();
  }

  /** As in the harness the first document decides for all. */
  private boolean hasContextPerChoice(Split split) {
    List<Map<String, Object>> documents = split.documents();
    if (documents.isEmpty() || !rules.hasContextPerChoice(documents.getFirst(), split.columns())) {
      return false;
    }
    if (spec.outputType() != OutputType.MULTIPLE_CHOICE) {
      throw new DataException(
          DataErrorCode.TASK_INVALID,
          file
              + ": doc_to_text gives the index of a choice, which needs output_type multiple_choice");
    }
    return true;
  }

  /** A split as its documents are used. */
  private record SplitKey(DataFiles files, String name, List<DocumentTransform> transforms) {}

  private synchronized Split split(SplitKey key) {
    return loaded.computeIfAbsent(key, k -> Split.read(k.files, k.name, k.transforms));
  }

  private SplitKey fewshotSplit() {
    return new SplitKey(fewshotFiles, splits.fewshot(), fewshotTransforms);
  }

  /**
   * Whether the data is there that the task reads: the evaluated split, and that of its examples if
   * it has any.
   *
   * @throws DataException FILE_NOT_FOUND naming every place looked at
   */
  void requireData() {
    files.require(splits.evaluated());
    if (examples() != null) {
      files.require(examples());
    }
  }

  /** One pass over the evaluated split, in order. */
  private final class Pass {
    private final Split split;
    private final boolean contextPerChoice;
    private final IntPredicate wanted;
    private final Consumer<BadRecord> failures;
    private final FewshotSampler sampler;
    private final Set<String> exampleColumns;
    private final Set<String> ids = new HashSet<>();

    private Pass(
        Split split, boolean contextPerChoice, IntPredicate wanted, Consumer<BadRecord> failures) {
      this.split = split;
      this.contextPerChoice = contextPerChoice;
      this.wanted = wanted;
      this.failures = failures;
      if (spec.numFewshot() == 0) {
        this.sampler = null;
        this.exampleColumns = Set.of();
        return;
      }
      List<Map<String, Object>> pool;
      if (splits.fewshot() == null) {
        pool = samples;
        this.exampleColumns = ColumnTypes.columns(samples);
      } else {
        Split examples = split(fewshotSplit());
        pool = examples.documents();
        requireReadable(examples);
        this.exampleColumns = examples.columns();
      }
      fewshotRules.check(exampleColumns);
      if (!Objects.equals(splits.fewshot(), splits.evaluated()) && splits.fewshot() != null) {
        split(fewshotSplit()).rows().stream()
            .filter(row -> row.bad() != null)
            .forEach(row -> failures.accept(row.bad()));
      }
      boolean same = splits.evaluated().equals(splits.fewshot());
      this.sampler =
          switch (spec.fewshotMode()) {
            case "first_n" -> FewshotSampler.firstN(pool, same);
            case "harness" -> FewshotSampler.harness(pool, splits.excludedByHarness());
            default -> FewshotSampler.byId(pool, same);
          };
    }

    /** Without a single example no document could be asked: one error says so, not one for each. */
    private static void requireReadable(Split examples) {
      if (examples.documents().isEmpty() && !examples.rows().isEmpty()) {
        BadRecord bad = examples.rows().getFirst().bad();
        throw new DataException(
            bad.code(), bad.source() + ":" + bad.item() + ": no example: " + bad.message());
      }
    }

    /** The rendered document, null if it is bad or not wanted. */
    private TaskItem item(Split.Row row) {
      boolean handedOut = wanted.test(row.index());
      if (row.bad() != null) {
        if (handedOut) {
          failures.accept(row.bad());
        }
        return null;
      }
      String id = uniqueId(row);
      try {
        // Drawn before anything is rendered, and for documents that are not wanted too: neither
        // these nor documents that fail may shift later draws.
        List<Map<String, Object>> examples = examples(row.fields());
        return handedOut ? rendered(row, id, examples) : null;
      } catch (DataException e) {
        if (handedOut) {
          failures.accept(new BadRecord(row.source(), row.line(), e.code(), e.getMessage()));
        }
        return null;
      }
    }

    private List<Map<String, Object>> examples(Map<String, Object> document) {
      return sampler == null
          ? List.of()
          : sampler.choose(document, fewshotKey(document), spec.numFewshot());
    }

    private TaskItem rendered(Split.Row row, String id, List<Map<String, Object>> examples) {
      return renderer.render(
          new ItemRenderer.Source(id, row.index(), row.fields(), split.columns()),
          new ItemRenderer.Examples(examples, exampleColumns),
          contextPerChoice);
    }

    private String fewshotKey(Map<String, Object> document) {
      Object id = document.get("id");
      return id == null ? Long.toHexString(ContentHash.of(document)) : PythonText.str(id);
    }

    /**
     * The document's id, its index if it has none. An id that was seen before gets {@code #index}
     * appended, so that no two documents of a task share one.
     */
    private String uniqueId(Split.Row row) {
      Object own = row.fields().get("id");
      String id = own == null ? Integer.toString(row.index()) : PythonText.str(own);
      while (!ids.add(id)) {
        id = id + "#" + row.index();
      }
      return id;
    }
  }
}
