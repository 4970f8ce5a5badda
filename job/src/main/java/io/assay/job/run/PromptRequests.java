package io.assay.job.run;

import io.assay.datasets.BadRecord;
import io.assay.eval.request.Encoding;
import io.assay.eval.request.EvalRequest;
import io.assay.eval.request.GenerationDefaults;
import io.assay.eval.request.GenerationParameters;
import io.assay.eval.request.RejectedRequest;
import io.assay.eval.request.RequestFactory;
import io.assay.job.answer.Encodings;
import io.assay.job.config.RunConfig;
import java.util.List;
import java.util.function.Consumer;

/** Makes the requests of an entry of {@code prompts}. */
final class PromptRequests {
  private final RunConfig.Prompts prompts;
  private final PromptReader reader;
  private final RequestFactory factory;

  /**
   * @param reader of the same entry
   * @param reasoning whether {@code <think>...</think>} is split off the texts
   */
  PromptRequests(
      RunConfig.Prompts prompts,
      PromptReader reader,
      Encoding encoding,
      String fingerprint,
      String numerics,
      boolean reasoning) {
    this.prompts = prompts;
    this.reader = reader;
    // A chat template writes every special token itself, as transformers has it.
    Encoding own = prompts.isChat() ? Encodings.ofTexts(encoding) : encoding;
    this.factory =
        new RequestFactory(
            own,
            fingerprint,
            numerics,
            new GenerationDefaults(prompts.maxNewTokens(), prompts.seed(), reasoning));
  }

  /**
   * Reads every document and encodes its prompt.
   *
   * @param requests hears the requests of each document that could be read, none if it is rejected
   * @return documents that could be read
   */
  Workload.PromptWork read(
      Consumer<List<EvalRequest>> requests,
      Consumer<BadRecord> unread,
      Consumer<RejectedRequest> rejected) {
    String task = reader.task();
    GenerationParameters parameters =
        new GenerationParameters(
            prompts.maxNewTokens(), prompts.stop(), prompts.temperature(), prompts.topP());
    long[] documents = new long[1];
    reader.read(
        (id, text) -> {
          documents[0]++;
          requests.accept(
              factory.generate(task, task, id, text, parameters, prompts.repeats(), rejected));
        },
        unread);
    return new Workload.PromptWork(task, documents[0]);
  }
}
