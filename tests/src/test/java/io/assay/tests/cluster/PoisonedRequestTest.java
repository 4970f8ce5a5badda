package io.assay.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.tokenizer.Tokenizer;
import io.assay.job.Assay;
import io.assay.tests.launcher.Launch;
import io.assay.tests.launcher.Project;
import io.assay.tests.table.Parquet;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One request whose answering ends the executor's process, whenever it is asked. */
class PoisonedRequestTest {
  private static final String POISON = "\u2620";
  private static final int DOCUMENTS = 4;
  private static final int QUESTIONS = 4;

  @TempDir Path folder;

  /** Without which the other test would say nothing. */
  @Test
  void theAgentEndsTheProcessOfTheRealEngine() throws Exception {
    assertThat(score("Once upon a time").exit()).isZero();

    Launch poisoned = score("Once upon a " + POISON + " time");

    assertThat(poisoned.exit()).as(poisoned.err()).isEqualTo(PoisonAgent.EXIT);
    assertThat(poisoned.err()).doesNotContain("assay: ");
  }

  @Test
  void itEndsInFailuresAndTheOthersAreAnswered() throws Exception {
    Faults.requireAsked();
    Path runFile = SmallQuickstart.write(folder, DOCUMENTS, QUESTIONS);
    assertThat(Assay.execute("run", runFile.toString(), "--run-id", "healthy", "--quiet")).isZero();
    Files.writeString(
        folder.resolve("texts.jsonl"),
        "{\"id\": \"poisoned\", \"domain\": \"stories\", \"text\": \"Once upon a "
            + POISON
            + " time\"}\n",
        StandardOpenOption.APPEND);
    Path agent = EngineCalls.jar(folder.resolve("poison.jar"), PoisonAgent.class);

    try (StandaloneCluster cluster = new StandaloneCluster(folder.resolve("cluster"), 2);
        SubmittedRun run =
            cluster
                .submission()
                .executorOption(PoisonAgent.option(agent, poisonedTokens()))
                .run(runFile, "poisoned", "--set", "failures.max_fraction=0.1")) {
      assertThat(run.await()).as(run.driverLog()).isZero();
      assertThat(run.driverLog())
          .contains("was lost: Command exited with code " + PoisonAgent.EXIT);
    }

    Path results = folder.resolve("results");
    assertThat(
            Parquet.query(
                "SELECT source, item FROM " + Parquet.table(results, "failures", "poisoned")))
        .containsExactly(List.of("corpus:texts", "poisoned"));
    new TableComparison(results)
        .requireSame(
            "healthy",
            "poisoned",
            "with one request that is never answered",
            List.of("samples", "metrics", "perplexity", "expert_load", "document_values"));
  }

  private Launch score(String text) throws Exception {
    Path lines = Files.writeString(folder.resolve("lines.jsonl"), "{\"text\": \"" + text + "\"}\n");
    SparkHome home = SparkHome.create();
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-Dai.djl.offline=true",
            "-DOPT_OUT_TRACKING=true",
            "-XX:TieredStopAtLevel=1",
            PoisonAgent.option(
                EngineCalls.jar(folder.resolve("agent.jar"), PoisonAgent.class), poisonedTokens()),
            "-cp",
            Project.built("job/target/assay-job.jar") + File.pathSeparator + home.classPath(),
            "io.assay.job.Assay",
            "score",
            "--model",
            Project.root().resolve("datasets/quickstart/model").toString(),
            "--input",
            lines.toString());
    return Launch.run(folder, home.environment(), command);
  }

  private static int[] poisonedTokens() throws Exception {
    try (Tokenizer tokenizer =
        Tokenizer.open(Project.root().resolve("datasets/quickstart/model"))) {
      return tokenizer.encode(POISON);
    }
  }
}
