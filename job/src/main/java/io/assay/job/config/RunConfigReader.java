package io.assay.job.config;

import io.assay.job.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads and validates run files; every complaint names the key's path. */
public final class RunConfigReader {
  static final Pattern RUN_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
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

  private static final String DEFAULT_STORE = "store";

  /** Documents that can be traced: their rows are to stay few beside the other tables'. */
  private static final int MOST_TRACED = 100;

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
    String family = new Section("", root).section("run").text("id");
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
    return read(root, family);
  }

  private RunConfig read(Map<String, Object> values, String family) {
    Section root = new Section("", values);
    SECTIONS.forEach(root::raw);
    root.finish();
    RunConfig.Model model = new ModelReader(places).read(root.section("model"));
    Section run = root.section("run");
    String id = expand(run.text("id"), model.source().model(), run.at("id"));
    if (!RUN_ID.matcher(id).matches()) {
      throw UsageException.config(
          run.at("id"),
          "'" + id + "' names a folder: use up to 128 letters, digits, '.', '_' and '-'");
    }
    String results = expand(run.text("results"), model.source().model(), run.at("results"));
    run.finish();
    RunConfig.Tasks tasks = tasks(root.section("tasks"));
    RunConfig.Generation generation = generation(root.section("generation"));
    InputsReader inputs = new InputsReader(places);
    List<RunConfig.Corpus> corpora = inputs.corpora(root);
    List<RunConfig.Prompts> prompts = inputs.prompts(root, generation);
    if (tasks.paths().isEmpty() && corpora.isEmpty() && prompts.isEmpty()) {
      throw UsageException.config(
          "tasks.paths", "the run has no tasks, corpora or prompts; name some");
    }
    RunConfig.Statistics statistics =
        statistics(root.section("statistics"), generation, !corpora.isEmpty());
    RunConfig.Spark spark = spark(root.section("spark"));
    RunConfig.Gates gates = GatesReader.read(root.section("gates"));
    String store = store(root.section("store"), results);
    Section failures = root.section("failures");
    double maxFailures = failures.number("max_fraction");
    failures.finish();
    return new RunConfig(
        id,
        results,
        model,
        tasks,
        corpora,
        prompts,
        generation,
        statistics,
        spark,
        family.replace("{model}", modelName(model.source().model())),
        gates,
        store,
        maxFailures,
        YamlReader.write(values));
  }

  /** Answers of earlier runs are kept beside the tables unless the run file says otherwise. */
  private String store(Section section, String results) {
    String path = section.has("path") ? section.text("path", null) : results + "/" + DEFAULT_STORE;
    section.finish();
    return path;
  }

  private RunConfig.Tasks tasks(Section section) {
    List<String> paths = new ArrayList<>();
    for (String given : section.texts("paths")) {
      String key = section.at("paths") + "." + paths.size();
      paths.add(places.location(given, key, "task file or folder"));
    }
    String data = section.text("data");
    String dataRoot = data == null ? null : places.location(data, section.at("data"), "folder");
    boolean chat = section.flag("apply_chat_template");
    boolean multiturn = section.flag("fewshot_as_multiturn", chat);
    if (multiturn && !chat) {
      throw UsageException.config(
          section.at("fewshot_as_multiturn"),
          "turns need a conversation; set apply_chat_template: true too");
    }
    RunConfig.Tasks tasks =
        new RunConfig.Tasks(
            List.copyOf(paths),
            section.texts("names"),
            dataRoot,
            section.whole("num_fewshot"),
            section.whole("limit", -1),
            section.choice("fewshot"),
            chat,
            multiturn,
            section.text("system_instruction"));
    section.finish();
    return tasks;
  }

  private static RunConfig.Generation generation(Section section) {
    RunConfig.Generation generation =
        new RunConfig.Generation(
            section.whole("max_new_tokens"),
            section.number("temperature"),
            section.number("top_p"),
            section.whole("seed"),
            section.flag("speculative"),
            section.flag("reasoning"));
    section.finish();
    return generation;
  }

  private static RunConfig.Statistics statistics(
      Section section, RunConfig.Generation generation, boolean corpora) {
    boolean experts = section.flag("experts");
    int tokens = experts ? section.whole("tokens") : section.whole("tokens", 0);
    boolean coactivation = section.flag("coactivation", experts);
    if (!experts && (tokens > 0 || coactivation)) {
      throw UsageException.config(
          section.at(tokens > 0 ? "tokens" : "coactivation"),
          "it is counted only with statistics.experts: true; set it, or tokens: 0 and"
              + " coactivation: false");
    }
    List<String> traces = section.texts("traces");
    if (!experts && !traces.isEmpty()) {
      throw UsageException.config(
          section.at("traces"),
          "tokens are traced only with statistics.experts: true; set it, or traces: []");
    }
    if (traces.size() > MOST_TRACED) {
      throw UsageException.config(
          section.at("traces"),
          "%d documents are named and %d can be traced, a row for each token and layer; name fewer, or use assay score --routing"
              .formatted(traces.size(), MOST_TRACED));
    }
    boolean mtp = section.flag("mtp", generation.speculative());
    if (mtp && !generation.speculative()) {
      throw UsageException.config(
          section.at("mtp"),
          "drafts are only made with generation.speculative: true; set it, or mtp: false");
    }
    boolean perplexity = section.flag("mtp_perplexity");
    if (perplexity && !corpora) {
      throw UsageException.config(
          section.at("mtp_perplexity"),
          "it is measured on corpora and the run has none; name some, or set it to false");
    }
    boolean timing = section.flag("mtp_timing");
    if (timing && !mtp) {
      throw UsageException.config(
          section.at("mtp_timing"),
          "what drafts save is measured where they are counted; set statistics.mtp: true, or"
              + " mtp_timing: false");
    }
    RunConfig.Statistics statistics =
        new RunConfig.Statistics(
            experts,
            tokens,
            coactivation,
            traces,
            section.whole("batch_tokens"),
            mtp,
            perplexity,
            timing,
            ((long) section.whole("cache_gib")) << 30);
    section.finish();
    return statistics;
  }

  private static RunConfig.Spark spark(Section section) {
    String master = section.text("master");
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

  private String expand(String text, String model, String key) {
    String expanded = text.replace("{date}", today.toString()).replace("{model}", modelName(model));
    if (expanded.indexOf('{') >= 0 || expanded.indexOf('}') >= 0) {
      throw UsageException.config(
          key, "'" + text + "' holds an unknown placeholder; known: {date}, {model}");
    }
    return expanded;
  }

  /** The last name in a path or address. */
  private static String modelName(String model) {
    return Arrays.stream(model.split("/", -1))
        .filter(name -> !name.isEmpty())
        .reduce((before, name) -> name)
        .orElse("model");
  }
}
