package io.assay.tests.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.assay.tests.plan.SmallRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** A plan against the run it plans: the same numbers, the same words, the same refusals. */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class PlannedRunTest {
  private static final int USAGE = 2;
  private static final int RUN_FAILED = 4;

  @TempDir private Path folder;

  @Test
  void aRunDoesWhatItsPlanSays() throws IOException, SQLException {
    SmallRun run = new SmallRun(folder);
    JsonNode plan = run.execute("plan", "--json").json();
    Result text = run.execute("plan");
    assertThat(run.results()).doesNotExist();
    assertThat(text.exit()).isZero();
    assertThat(text.err()).isEmpty();
    assertThat(plan.at("/results/state").asText()).isEqualTo("new");
    assertThat(plan.at("/time/basis_run_id").isNull()).isTrue();
    assertThat(plan.at("/time/scoring_seconds").isNull()).isTrue();
    assertThat(text.out()).contains("not measured: no earlier run of this model");

    Result done = run.execute("run");

    assertThat(done.exit()).as(done.err()).isZero();
    assertThat(text.out().lines().filter(line -> !line.startsWith("Note: weights were not read")))
        .allSatisfy(line -> assertThat(done.err().lines()).contains(line));
    scoringIsEqual(run, "small", plan);
    List<Object> generated = throughput(run, "small", "generate");
    JsonNode bounds = plan.at("/total/generation");
    assertThat((long) generated.get(0)).isEqualTo(bounds.get("requests").asLong()).isEqualTo(12);
    assertThat((long) generated.get(1))
        .isBetween(
            bounds.get("prompt_tokens").asLong(), bounds.get("tokens_submitted_at_most").asLong());
    assertThat((long) generated.get(2))
        .isBetween(
            bounds.get("tokens_computed_at_least").asLong(),
            bounds.get("tokens_computed_at_most").asLong());
    assertThat(bounds.get("new_tokens_at_most").asLong()).isEqualTo(12 * 6);
    // Every prompt is there twice.
    assertThat(bounds.get("unique_prompt_tokens").asLong())
        .isLessThanOrEqualTo(bounds.get("prompt_tokens").asLong() / 2);

    JsonNode finished = run.execute("plan", "--json").json();
    assertThat(finished.at("/results/state").asText()).isEqualTo("finished");
    assertThat(finished.at("/time").isNull()).isTrue();
    theNextRunKnowsHowLongItTakes(run);
    Result other = run.execute("plan", "--set", "tasks.limit=3");
    assertThat(other.exit()).isEqualTo(USAGE);
    assertThat(other.err())
        .contains("run.id: small is already complete with another configuration");
    assertThat(run.execute("run", "--set", "tasks.limit=3")).isEqualTo(other);
  }

  /** By the speed of the run before it, which had the same work. */
  private static void theNextRunKnowsHowLongItTakes(SmallRun run) throws IOException, SQLException {
    JsonNode time = run.execute("plan", "--run-id", "next", "--json").json().get("time");
    assertThat(time.get("basis_run_id").asText()).isEqualTo("small");
    assertThat(time.get("engines").asInt()).isEqualTo(1);
    List<Object> measured =
        run.query(
                "SELECT sum(seconds), sum(tokens_computed) / sum(seconds) FROM %s"
                    + " WHERE phase = 'score'",
                "throughput", "small")
            .getFirst();
    assertThat(time.get("scoring_seconds").asDouble())
        .isCloseTo((double) measured.get(0), within(1e-9));
    assertThat(time.get("scoring_tokens_per_second").asDouble())
        .isCloseTo((double) measured.get(1), within(1e-6));
    assertThat(time.get("generation_seconds_at_most").asDouble()).isPositive();
    assertThat(run.execute("plan", "--run-id", "next").out())
        .contains("Time: about ", "as run small measured on this device");
    JsonNode other = run.execute("plan", "--run-id", "b", "--precision", "bf16", "--json").json();
    assertThat(other.at("/time/basis_run_id").isNull()).isTrue();
  }

  @Test
  void streamedAndFailedToo() throws IOException, SQLException {
    SmallRun run = new SmallRun(folder);
    String[] streamed = {"--weights", "streamed", "--set", "failures.max_fraction=0.01"};
    JsonNode plan = run.execute("plan", with(streamed, "--json")).json();
    assertThat(plan.at("/engine/weights").asText()).isEqualTo("streamed");
    assertThat(plan.at("/cost/scoring_weight_bytes_read").asLong())
        .isGreaterThan(plan.at("/cost/scoring_passes").asLong());
    assertThat(plan.at("/memory/weight_bytes").asLong())
        .isLessThan(plan.at("/model/weight_bytes").asLong());
    assertThat(plan.at("/rejections/DOCUMENT_INVALID").asLong()).isEqualTo(1);
    assertThat(plan.at("/total/rejected_documents").asLong()).isEqualTo(1);
    assertThat(plan.at("/total/documents").asLong()).isEqualTo(36);
    assertThat(plan.get("notes"))
        .extracting(JsonNode::asText)
        .anyMatch(n -> n.contains("will fail"));

    assertThat(run.execute("run", streamed).exit()).isEqualTo(RUN_FAILED);

    scoringIsEqual(run, "small", plan);
    JsonNode again = run.execute("plan", with(streamed, "--json")).json();
    assertThat(again.at("/results/state").asText()).isEqualTo("failed");
    Files.createDirectories(run.results().resolve("_staging/broken"));
    JsonNode broken = run.execute("plan", "--json", "--run-id", "broken").json();
    assertThat(broken.at("/results/state").asText()).isEqualTo("interrupted");
  }

  /** The prompt ends with the opening mark and the model never closes it: there is no answer. */
  @Test
  void reasoningIsSplitOffTheTextOfARun() throws IOException, SQLException {
    SmallRun run = new SmallRun(folder);
    String[] generations = {"--set", "tasks.names=[write]", "--set", "corpora=[]", "--quiet"};
    assertThat(run.execute("run", with(generations, "--run-id", "plain")).exit()).isZero();
    assertThat(
            run.execute(
                    "run",
                    with(generations, "--run-id", "split", "--set", "generation.reasoning=true"))
                .exit())
        .isZero();
    String columns =
        "SELECT doc_id, text, thinking, request_id, thinking_tokens, thinking_characters,"
            + " num_tokens - (finish = 'eos')::INT, length(thinking) FROM %s ORDER BY doc_id";
    List<List<Object>> plain = run.query(columns, "samples", "plain");
    List<List<Object>> split = run.query(columns, "samples", "split");
    assertThat(plain).hasSize(12);
    for (int i = 0; i < plain.size(); i++) {
      assertThat(plain.get(i).get(1)).asString().isNotEmpty();
      assertThat(plain.get(i).get(2)).isNull();
      assertThat(plain.get(i).get(4)).isNull();
      assertThat(plain.get(i).get(5)).isNull();
      assertThat(split.get(i).get(1)).isEqualTo("");
      assertThat(split.get(i).get(2)).asString().isNotEmpty();
      assertThat(split.get(i).get(3)).isNotEqualTo(plain.get(i).get(3));
      assertThat(split.get(i).get(4)).isEqualTo(split.get(i).get(6));
      assertThat((int) split.get(i).get(5)).isEqualTo(((Long) split.get(i).get(7)).intValue());
    }
  }

  private static void scoringIsEqual(SmallRun run, String id, JsonNode plan) throws SQLException {
    JsonNode scoring = plan.at("/total/scoring");
    assertThat(throughput(run, id, "score"))
        .containsExactly(
            scoring.get("requests").asLong(),
            scoring.get("tokens_submitted").asLong(),
            scoring.get("tokens_computed").asLong());
    assertThat(scoring.get("tokens_computed").asLong())
        .isLessThan(scoring.get("tokens_submitted").asLong());
    long computed = 0;
    for (JsonNode source : plan.get("sources")) {
      computed += source.at("/scoring/tokens_computed").asLong();
    }
    assertThat(computed).isEqualTo(scoring.get("tokens_computed").asLong());
  }

  private static List<Object> throughput(SmallRun run, String id, String phase)
      throws SQLException {
    return run.query(
            "SELECT sum(requests)::BIGINT, sum(tokens_submitted)::BIGINT,"
                + " sum(tokens_computed)::BIGINT FROM %s WHERE phase = '"
                + phase
                + "'",
            "throughput",
            id)
        .getFirst();
  }

  private static String[] with(String[] options, String... more) {
    String[] all = Arrays.copyOf(options, options.length + more.length);
    System.arraycopy(more, 0, all, options.length, more.length);
    return all;
  }
}
