package io.assay.job.request;

import io.assay.datasets.task.PromptFormat;
import io.assay.datasets.task.Task;
import io.assay.datasets.task.TaskGroup;
import io.assay.datasets.task.TaskLoader;
import io.assay.datasets.task.TaskSpec;
import io.assay.datasets.task.TaskSuite;
import io.assay.eval.chat.ChatTemplate;
import io.assay.eval.chat.TaskChat;
import io.assay.eval.metric.GroupMetrics;
import io.assay.eval.metric.TaskMetrics;
import io.assay.eval.request.Encoding;
import io.assay.eval.request.GenerationDefaults;
import io.assay.eval.request.RequestFactory;
import io.assay.job.UsageException;
import io.assay.job.answer.ChatPrompts;
import io.assay.job.answer.Encodings;
import io.assay.job.config.RunConfig;
import io.assay.job.data.HadoopFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run asks about: tasks in the order of their names, corpora and prompts in that of the run
 * file.
 *
 * @param list in the order of the plan
 * @param groups of tasks, in the order of their names
 */
public record Sources(List<Source> list, List<TaskGroup> groups) {
  private static final String CORPUS = "corpus:";

  /**
   * Checks the task files and finds those of corpora and prompts; documents are read by {@link
   * Source#read}.
   */
  public static Sources of(RequestSpec spec, HadoopFiles files, Encoding encoding) {
    GenerationDefaults defaults = spec.defaults();
    RequestFactory factory = factory(spec, encoding, defaults);
    TaskSuite suite =
        spec.tasks().paths().isEmpty()
            ? new TaskSuite(List.of(), List.of())
            : TaskLoader.suite(spec.tasks().selection(files, format(spec)));
    List<TaskSpec> specs = suite.tasks().stream().map(Task::spec).toList();
    specs.forEach(TaskMetrics::check);
    suite.groups().forEach(group -> GroupMetrics.check(group, specs));
    List<Source> sources = new ArrayList<>();
    for (Task task : suite.tasks()) {
      sources.add(new TaskSource(task, spec.tasks().limit(), factory, defaults));
    }
    RequestFactory texts = factory(spec, Encodings.ofTexts(encoding), defaults);
    spec.corpora().forEach(corpus -> sources.add(new CorpusSource(corpus, files, texts)));
    ChatPrompts chat =
        new ChatPrompts(Path.of(spec.model()), /* forPrompts= */ false, spec.chatTemplateKwargs());
    for (RunConfig.Prompts entry : spec.prompts()) {
      // A chat template writes every special token itself, as transformers has it.
      Encoding own = entry.isChat() ? Encodings.ofTexts(encoding) : encoding;
      GenerationDefaults settings =
          new GenerationDefaults(entry.maxNewTokens(), entry.seed(), spec.generation().reasoning());
      sources.add(new PromptSource(entry, files, chat, factory(spec, own, settings)));
    }
    return new Sources(List.copyOf(sources), suite.groups());
  }

  private static RequestFactory factory(
      RequestSpec spec, Encoding encoding, GenerationDefaults defaults) {
    return new RequestFactory(encoding, spec.fingerprint(), spec.numerics(), defaults);
  }

  private static PromptFormat format(RequestSpec spec) {
    RequestSpec.TaskFiles tasks = spec.tasks();
    if (!tasks.applyChatTemplate()) {
      return new PromptFormat(tasks.systemInstruction(), null, false);
    }
    Path model = Path.of(spec.model());
    ChatTemplate template =
        ChatTemplate.read(model)
            .orElseThrow(
                () ->
                    UsageException.config("tasks.apply_chat_template", ChatPrompts.missing(model)));
    return new PromptFormat(
        tasks.systemInstruction(),
        new TaskChat(template, spec.chatTemplateKwargs()),
        tasks.fewshotAsMultiturn());
  }

  /** Value of the {@code task} column for a corpus. */
  public static String corpusTask(String corpus) {
    return CORPUS + corpus;
  }

  /** The corpus of such a value. */
  public static String corpusName(String task) {
    return task.substring(CORPUS.length());
  }

  /** The tasks among them. */
  public List<TaskSpec> tasks() {
    return list.stream().map(Source::spec).filter(spec -> spec != null).toList();
  }

  /** The sources of a kind, in the order of the plan. */
  public List<Source> of(Source.Kind kind) {
    return list.stream().filter(source -> source.kind() == kind).toList();
  }
}
