package io.assay.job.request;

import io.assay.datasets.reader.FileStore;
import io.assay.datasets.task.PromptFormat;
import io.assay.datasets.task.TaskLoader;
import io.assay.eval.request.GenerationDefaults;
import io.assay.job.config.RunConfig;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What decides the requests of a run; travels to whoever makes them.
 *
 * @param model folder of the model, for its chat template
 * @param addBos whether texts start with BOS; null follows tokenizer_config.json
 * @param tasks files of tasks and how they are read
 * @param fingerprint of the model, for the ids of requests
 * @param numerics likewise
 */
public record RequestSpec(
    String model,
    Map<String, Object> chatTemplateKwargs,
    Boolean addBos,
    TaskFiles tasks,
    List<RunConfig.Corpus> corpora,
    List<RunConfig.Prompts> prompts,
    RunConfig.Generation generation,
    String fingerprint,
    String numerics)
    implements Serializable {

  /** {@link RunConfig.Tasks} in values that travel. */
  record TaskFiles(
      List<String> paths,
      List<String> names,
      String data,
      Integer numFewshot,
      int limit,
      String fewshot,
      boolean applyChatTemplate,
      boolean fewshotAsMultiturn,
      String systemInstruction)
      implements Serializable {

    private static TaskFiles of(RunConfig.Tasks tasks) {
      return new TaskFiles(
          new ArrayList<>(tasks.paths()),
          new ArrayList<>(tasks.names()),
          tasks.data(),
          tasks.numFewshot(),
          tasks.limit(),
          tasks.fewshot(),
          tasks.applyChatTemplate(),
          tasks.fewshotAsMultiturn(),
          tasks.systemInstruction());
    }

    TaskLoader.Selection selection(FileStore files, PromptFormat format) {
      return new TaskLoader.Selection(files, paths, names, data, numFewshot, fewshot, format);
    }
  }

  /**
   * The requests of a run.
   *
   * @param fingerprint of the model
   * @param numerics what determines the bits of a result besides it
   */
  public static RequestSpec of(RunConfig config, String fingerprint, String numerics) {
    RunConfig.Model model = config.model();
    return new RequestSpec(
        model.path().toString(),
        model.chatTemplateKwargs(),
        model.addBos(),
        TaskFiles.of(config.tasks()),
        new ArrayList<>(config.corpora()),
        new ArrayList<>(config.prompts()),
        config.generation(),
        fingerprint,
        numerics);
  }

  /** The same with the model in another folder: where a machine has its copy. */
  RequestSpec at(Path folder) {
    return new RequestSpec(
        folder.toString(),
        chatTemplateKwargs,
        addBos,
        tasks,
        corpora,
        prompts,
        generation,
        fingerprint,
        numerics);
  }

  /** What tasks that do not say generate by. */
  public GenerationDefaults defaults() {
    return new GenerationDefaults(generation.maxNewTokens(), 0, generation.reasoning());
  }
}
