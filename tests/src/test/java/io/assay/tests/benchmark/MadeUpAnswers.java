package io.assay.tests.benchmark;

import io.assay.engine.Engine.Answers;
import io.assay.engine.WorkListener;
import io.assay.engine.WorkStats;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.score.ScoreResult;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A Java agent that keeps the real engine from computing: log-likelihoods are made up from the
 * tokens. Everything around it stays as it is, and the product knows nothing of it.
 */
public final class MadeUpAnswers implements ClassFileTransformer {
  private static final String ENGINE = "io/assay/engine/Engine";
  private static final String ASKED = "score";
  private static final MethodTypeDesc SCORE =
      MethodTypeDesc.of(
          ClassDesc.of(Answers.class.getName()),
          ClassDesc.of(List.class.getName()),
          ClassDesc.of(WorkListener.class.getName()));

  MadeUpAnswers() {}

  /** Called by the JVM before its main class. */
  public static void premain(String arguments, Instrumentation instrumentation) {
    instrumentation.addTransformer(new MadeUpAnswers());
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] bytes) {
    if (!ENGINE.equals(name)) {
      return null;
    }
    ClassFile file = ClassFile.of();
    ClassTransform instead =
        (builder, element) -> {
          if (element instanceof MethodModel method
              && method.methodName().equalsString(ASKED)
              && method.methodTypeSymbol().equals(SCORE)) {
            builder.withMethodBody(
                method.methodName(),
                method.methodType(),
                method.flags().flagsMask(),
                code ->
                    code.aload(1)
                        .aload(2)
                        .invokestatic(ClassDesc.of(MadeUpAnswers.class.getName()), ASKED, SCORE)
                        .areturn());
          } else {
            builder.with(element);
          }
        };
    return file.transformClass(file.parse(bytes), instead);
  }

  /** Called instead of the engine's own method: the same tokens, the same answer. */
  public static Answers<ScoreResult> score(List<ScoreRequest> requests, WorkListener listener) {
    long started = System.nanoTime();
    long fed = 0;
    List<ScoreResult> results = new ArrayList<>(requests.size());
    for (ScoreRequest request : requests) {
      fed += request.tokens().length - 1;
      results.add(answer(request));
    }
    listener.progress(requests.size(), fed, fed);
    return new Answers<>(results, new WorkStats(fed, fed, (System.nanoTime() - started) * 1e-9));
  }

  private static ScoreResult answer(ScoreRequest request) {
    int[] tokens = request.tokens();
    float[] logprobs = new float[tokens.length - request.from()];
    double sum = 0;
    int state = Arrays.hashCode(tokens);
    for (int i = 0; i < logprobs.length; i++) {
      state = state * 0x2c1b3c6d + 0x297a2d39;
      logprobs[i] = -0x1p-20f * (state >>> 8);
      sum += logprobs[i];
    }
    return new ScoreResult(request.id(), logprobs, sum, state > 0, null, null, null, List.of());
  }
}
