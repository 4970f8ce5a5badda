package io.assay.job.config;

import io.assay.engine.WeightMode;
import io.assay.job.CommonOptions;
import io.assay.job.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads and validates run files; every complaint names the key's path. */
public final class RunConfigReader {
  private static final Pattern RUN_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  // At most three digits: Spark starts as many threads as are asked for.
  private static final Pattern MASTER =
      Pattern.compile(
          "local|local\\[(\\*|[1-9][0-9]{0,2})( *, *[1-9][0-9]{0,2})?]|local-cluster\\[[0-9, ]+]"
              + "|yarn|(spark|k8s)://\\S+");
  private static final List<String> SECTIONS =
      List.of(
          "run",
          "model",
          "tasks",
          "corpora",
          "prompts",
          "generation",
          "statistics",
          "spark",
          "gates",
          "store",
          "failures");

  /** Memory of a widely used accelerator. */
  private static final int CACHE_GIB = 80;

  private static final List<String> FORMATS =
      List.of("auto", "jsonl", "json", "csv", "tsv", "text", "document");

  private final Places places;
  private final LocalDate today;

  /**
   * @param places where relative paths are looked for
   * @param today what {@code {date}} stands for
   */
  public RunConfigReader(Places places, LocalDate today) {
    this.places = places;
    this.today = today;
  }

  /**
   * Reads a run file.
   *
   * @param overrides {@code key=value}, applied in order
   * @param runId replaces {@code run.id}, or null
   */
  public RunConfig read(Path file, List<String> overrides, String runId) {
    Path found = places.find(file.toString());
    if (found == null || Files.isDirectory(found)) {
      throw UsageException.config(
          file.toString(), "no such run file" + places.looked(file.toString()));
    }
    Map<String, Object> root = Overrides.apply(YamlReader.read(found), overrides);
    if (runId != null) {
      root = Overrides.apply(root, List.of());
      Map<String, Object> run =
          root.get("run") instanceof Map<?, ?> map
              ? Section.keyed(map, "run")
              : new LinkedHashMap<>();
      run.put("id", runId);
      root = new LinkedHashMap<>(root);
      root.put("run", run);
    }
    return read(root);
  }

  private RunConfig read(Map<String, Object> values) {
    Section root = new Section("", values);
    SECTIONS.forEach(root::raw);
    root.finish();
    RunConfig.Model model = model(root.section("model"));
    Section run = root.section("run");
    String id = expand(run.text("id", "{model}-{date}"), model.path(), run.at("id"));
    if (!RUN_ID.matcher(id).matches()) {
      throw UsageException.config(
          run.at("id"),
          "'" + id + "' names a folder: use up to 128 letters, digits, '.', '_' and '-'");
    }
    String results = expand(run.text("results", "results"), model.path(), run.at("results"));
    run.finish();
    RunConfig.Tasks tasks = tasks(root.section("tasks"));
    List<RunConfig.Corpus> corpora = corpora(root);
    if (tasks.paths().isEmpty() && corpora.isEmpty()) {
      throw UsageException.config(
          "tasks.paths", "the run has neither tasks nor corpora; name some");
    }
    RunConfig.Generation generation = generation(root.section("generation"));
    Section statistics = root.section("statistics");
    boolean experts = statistics.flag("experts", true);
    boolean mtp = statistics.flag("mtp", generation.speculative());
    if (mtp && !generation.speculative()) {
      throw UsageException.config(
          statistics.at("mtp"),
          "drafts are only made with generation.speculative: true; set it, or mtp: false");
    }
    long cacheBytes = ((long) statistics.whole("cache_gib", CACHE_GIB, 1)) << 30;
    Unavailable.statistics(statistics);
    statistics.finish();
    RunConfig.Spark spark = spark(root.section("spark"));
    Unavailable.sections(root);
    Section failures = root.section("failures");
    double maxFailures = failures.number("max_fraction", 0.01, 0, 1);
    failures.finish();
    return new RunConfig(
        id,
        results,
        model,
        tasks,
        corpora,
        generation,
        experts,
        mtp,
        cacheBytes,
        spark,
        maxFailures,
        YamlReader.write(values));
  }

  private RunConfig.Model model(Section section) {
    String given = section.required("path");
    Path path = places.find(given);
    if (path == null) {
      throw UsageException.config(
          section.at("path"), "no such model folder: " + given + places.looked(given));
    }
    String backend = CommonOptions.backendName(section.text("backend", "auto"), "model.backend");
    int device = section.whole("device", -1, 0);
    var precision = CommonOptions.precisionOf(section.text("precision", "fp32"), "model.precision");
    int maxLength = section.whole("max_length", 0, 0);
    Object bos = section.raw("add_bos");
    if (bos != null && !(bos instanceof Boolean) && !bos.equals("auto")) {
      throw section.wrong("add_bos", "auto, true or false", bos);
    }
    Boolean addBos = bos instanceof Boolean flag ? flag : null;
    WeightMode weights =
        WeightMode.valueOf(
            section
                .choice("weights", "auto", List.of("auto", "resident", "streamed"))
                .toUpperCase(Locale.ROOT));
    section.finish();
    return new RunConfig.Model(path, backend, device, precision, maxLength, addBos, weights);
  }

  private RunConfig.Tasks tasks(Section section) {
    List<Path> paths = new ArrayList<>();
    for (String given : section.texts("paths", List.of())) {
      Path path = places.find(given);
      if (path == null) {
        throw UsageException.config(
            section.at("paths") + "." + paths.size(),
            "no such task file or folder: " + given + places.looked(given));
      }
      paths.add(path);
    }
    String data = section.text("data", null);
    Path dataRoot = data == null ? null : places.find(data);
    if (data != null && dataRoot == null) {
      throw UsageException.config(
          section.at("data"), "no such folder: " + data + places.looked(data));
    }
    RunConfig.Tasks tasks =
        new RunConfig.Tasks(
            List.copyOf(paths),
            section.texts("names", List.of("*")),
            dataRoot,
            section.whole("num_fewshot", null, 0),
            section.whole("limit", -1, 0),
            section.choice("fewshot", "by_id", List.of("by_id", "harness")));
    section.finish();
    return tasks;
  }

  private List<RunConfig.Corpus> corpora(Section root) {
    List<RunConfig.Corpus> corpora = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Section section : root.sections("corpora")) {
      String given = section.required("path");
      Unavailable.remote(section.at("path"), given);
      RunConfig.Corpus corpus =
          new RunConfig.Corpus(
              section.required("name"),
              places.findPattern(given, section.at("path")),
              section.choice("format", "auto", FORMATS),
              section.text("text", "text"),
              section.text("domain", null),
              section.text("id", null));
      section.finish();
      if (!names.add(corpus.name())) {
        throw UsageException.config(
            section.at("name"), "another corpus is called " + corpus.name() + "; names are unique");
      }
      corpora.add(corpus);
    }
    return List.copyOf(corpora);
  }

  private static RunConfig.Generation generation(Section section) {
    RunConfig.Generation generation =
        new RunConfig.Generation(
            section.whole("max_new_tokens", 64, 1),
            section.flag("speculative", true),
            section.flag("reasoning", false));
    Unavailable.generation(section);
    section.finish();
    return generation;
  }

  private static RunConfig.Spark spark(Section section) {
    String master = section.text("master", "local[*]");
    if (!MASTER.matcher(master).matches()) {
      throw UsageException.config(
          section.at("master"),
          "found '"
              + master
              + "', expected local, local[N], local[*] or the address of a cluster such as"
              + " spark://host:7077");
    }
    Section conf = section.section("conf");
    Map<String, String> settings = conf.settings();
    settings.forEach(
        (key, value) -> {
          if (!key.startsWith("spark.")) {
            throw UsageException.config(conf.at(key), "Spark's settings start with 'spark.'");
          }
          if (key.equals("spark.speculation") && !value.equals("false")) {
            throw UsageException.config(
                conf.at(key), "speculative tasks would compute every answer twice; leave it false");
          }
        });
    section.finish();
    return new RunConfig.Spark(master, Map.copyOf(settings));
  }

  private String expand(String text, Path model, String key) {
    Path name = model.toAbsolutePath().normalize().getFileName();
    String expanded =
        text.replace("{date}", today.toString())
            .replace("{model}", name == null ? "model" : name.toString());
    if (expanded.indexOf('{') >= 0 || expanded.indexOf('}') >= 0) {
      throw UsageException.config(
          key, "'" + text + "' holds an unknown placeholder; known: {date}, {model}");
    }
    return expanded;
  }
}
