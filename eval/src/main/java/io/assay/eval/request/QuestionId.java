package io.assay.eval.request;

import io.assay.datasets.task.TaskItem;
import io.assay.datasets.task.TaskSpec;
import java.util.List;

/**
 * Identity of what a document asks and of what answers it right, whichever model is asked: two
 * scores with the same id can be compared.
 */
public final class QuestionId {
  private QuestionId() {}

  /**
   * The id of a document of a task.
   *
   * @param defaults of generation, for tasks that do not say
   * @return 32 hexadecimal digits
   */
  public static String of(TaskSpec spec, TaskItem item, GenerationDefaults defaults) {
    RequestId id = new RequestId().text(spec.outputType().name()).text(item.context());
    texts(id, item.contexts());
    texts(id, item.continuations());
    texts(id, item.choices());
    texts(id, item.target());
    id.ids(item.gold().stream().mapToInt(Integer::intValue).toArray());
    TaskSpec.Generation generation = spec.generation();
    if (generation != null) {
      texts(id, generation.until());
      int most = generation.maxGenToks();
      id.number(most == 0 ? defaults.maxNewTokens() : most)
          .real(generation.temperature())
          .real(generation.topP())
          .number(generation.repeats())
          .number(defaults.reasoning() ? 1 : 0);
    }
    return id.hex();
  }

  private static void texts(RequestId id, List<String> texts) {
    id.number(texts.size());
    texts.forEach(id::text);
  }
}
