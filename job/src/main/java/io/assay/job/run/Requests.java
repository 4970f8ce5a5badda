package io.assay.job.run;

import io.assay.datasets.BadRecord;
import io.assay.datasets.reader.FileStore;
import io.assay.datasets.task.PromptFormat;
import io.assay.datasets.task.Task;
import io.assay.datasets.task.TaskGroup;
import io.assay.datasets.task.TaskItem;
import io.assay.datasets.task.TaskLoader;
import io.assay.datasets.task.TaskSpec;
import io.assay.datasets.task.TaskSuite;
import io.assay.eval.chat.ChatTemplate;
import io.assay.eval.chat.TaskChat;
import io.assay.eval.metric.GroupMetrics;
import io.assay.eval.metric.TaskMetrics;
import io.assay.eval.request.Encoding;
import io.assay.eval.request.EvalRequest;
import io.assay.eval.request.GenerationDefaults;
import io.assay.eval.request.RejectedRequest;
import io.assay.eval.request.RequestFactory;
import io.assay.job.RunFailedException;
import io.assay.job.UsageException;
import io.assay.job.answer.ChatPrompts;
import io.assay.job.answer.Encodings;
import io.assay.job.config.RunConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the requests of a run from its tasks, corpora and prompts. */
final class Requests {
  private final RunConfig config;
  private final RequestFactory factory;
  private final RequestFactory texts;
  private final List<Task> tasks;
  private final List<TaskGroup> groups;
  private final Map<RunConfig.Corpus, CorpusReader> corpora = new LinkedHashMap<>();
  private final List<PromptRequests> prompts = new ArrayList<>();
  private final List<NumberedRequest> requests = new ArrayList<>();
  private long routed;
  private final List<Workload.Failed> failures = new ArrayList<>();

  /**
   * Checks the task files and finds those of corpora and prompts; documents are read by {@link
   * #build}.
   *
   * @param files where those of tasks, corpora and prompts are
   * @param fingerprint of the model, for the ids of the requests
   * @param numerics likewise
   */
  Requests(
      RunConfig config, FileStore files, Encoding encoding, String fingerprint, String numerics) {
    this.config = config;
    GenerationDefaults defaults = generation(config);
    this.factory = new RequestFactory(encoding, fingerprint, numerics, defaults);
    this.texts = new RequestFactory(Encodings.ofTexts(encoding), fingerprint, numerics, defaults);
    RunConfig.Tasks selected = config.tasks();
    TaskSuite suite =
        selected.paths().isEmpty()
            ? new TaskSuite(List.of(), List.of())
            : TaskLoader.suite(
                new TaskLoader.Selection(
                    files,
                    selected.paths(),
                    selected.names(),
                    selected.data(),
                    selected.numFewshot(),
                    selected.fewshot(),
                    format(config)));
    this.tasks = suite.tasks();
    this.groups = suite.groups();
    List<TaskSpec> specs = tasks.stream().map(Task::spec).toList();
    specs.forEach(TaskMetrics::check);
    groups.forEach(group -> GroupMetrics.check(group, specs));
    config.corpora().forEach(corpus -> corpora.put(corpus, new CorpusReader(corpus, files)));
    ChatPrompts chat =
        new ChatPrompts(
            config.model().path(), /* forPrompts= */ false, config.model().chatTemplateKwargs());
    for (RunConfig.Prompts entry : config.prompts()) {
      PromptReader reader = new PromptReader(entry, files, chat);
      boolean reasoning = config.generation().reasoning();
      prompts.add(new PromptRequests(entry, reader, encoding, fingerprint, numerics, reasoning));
    }
  }

  /** What tasks that do not say generate by. */
  static GenerationDefaults generation(RunConfig config) {
    return new GenerationDefaults(
        config.generation().maxNewTokens(), 0, config.generation().reasoning());
  }

  private static PromptFormat format(RunConfig config) {
    RunConfig.Tasks tasks = config.tasks();
    if (!tasks.applyChatTemplate()) {
      return new PromptFormat(tasks.systemInstruction(), null, false);
    }
    Path model = config.model().path();
    ChatTemplate template =
        ChatTemplate.read(model)
            .orElseThrow(
                () ->
                    UsageException.config("tasks.apply_chat_template", ChatPrompts.missing(model)));
    return new PromptFormat(
        tasks.systemInstruction(),
        new TaskChat(template, config.model().chatTemplateKwargs()),
        tasks.fewshotAsMultiturn());
  }

  /** Value of the {@code task} column for a corpus. */
  static String corpusTask(String corpus) {
    return "corpus:" + corpus;
  }

  /**
   * Reads every document and encodes it.
   *
   * @throws RunFailedException if there is none
   * @throws UsageException if a gate's rule is about none
   */
  Workload build() {
    List<Workload.TaskWork> taskWork = new ArrayList<>();
    for (Task task : tasks) {
      TaskSpec spec = task.spec();
      List<TaskItem> items;
      try (var stream = task.items(config.tasks().limit(), this::unread)) {
        items = stream.toList();
      }
      items.forEach(item -> add(factory.of(spec, item, this::rejected)));
      taskWork.add(new Workload.TaskWork(spec, items));
    }
    List<Workload.CorpusWork> corpusWork = new ArrayList<>();
    for (RunConfig.Corpus corpus : config.corpora()) {
      String task = corpusTask(corpus.name());
      List<Workload.CorpusDocument> documents = new ArrayList<>();
      corpora
          .get(corpus)
          .read(
              (document, text) -> {
                documents.add(document);
                add(texts.rolling(task, document.domain(), document.docId(), text, this::rejected));
              },
              this::unread);
      corpusWork.add(new Workload.CorpusWork(corpus.name(), documents));
    }
    List<Workload.PromptWork> promptWork = new ArrayList<>();
    for (PromptRequests entry : prompts) {
      promptWork.add(entry.read(this::add, this::unread, this::rejected));
    }
    Workload work =
        new Workload(
            List.copyOf(taskWork),
            groups,
            List.copyOf(corpusWork),
            List.copyOf(promptWork),
            List.copyOf(requests),
            List.copyOf(failures));
    if (work.documents() == 0) {
      throw new RunFailedException(
          "there is nothing to ask: no task, corpus or prompts of the run hold a document");
    }
    Baselines.requireSelected(config.gates(), work);
    return work;
  }

  private void add(List<EvalRequest> more) {
    for (EvalRequest request : more) {
      NumberedRequest added = new NumberedRequest(requests.size(), routed, request);
      requests.add(added);
      routed += added.planned();
    }
  }

  private void unread(BadRecord bad) {
    failures.add(
        new Workload.Failed(
            bad.source(), Long.toString(bad.item()), bad.code().name(), bad.message()));
  }

  private void rejected(RejectedRequest rejected) {
    failures.add(
        new Workload.Failed(
            rejected.source(), rejected.item(), rejected.code(), rejected.message()));
  }
}
