package io.assay.job.plan;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.assay.engine.backend.DeviceFit;
import java.util.List;
import java.util.Map;

/**
 * What a run is going to do and cost. Every component is a key of {@code assay plan --json}, in
 * snake case: rename none; {@link #SCHEMA_VERSION} changes if one is removed or means something
 * else.
 *
 * @param schemaVersion {@link #SCHEMA_VERSION}
 * @param runId the run's id
 * @param results where its tables go
 * @param model what is asked
 * @param engine how it is opened
 * @param memory what an engine takes
 * @param spark how the work is spread
 * @param sources tasks, then corpora, then prompts, in the order of the plan
 * @param total all sources together
 * @param cost what computing takes
 * @param rejections documents nothing can be asked of, by error code
 * @param notes what could not be known and what to watch, a sentence each
 * @param time how long computing takes, null if nothing is computed
 */
public record RunPlan(
    int schemaVersion,
    String runId,
    Results results,
    Model model,
    Engine engine,
    Memory memory,
    Spark spark,
    List<Source> sources,
    Total total,
    Cost cost,
    Map<String, Long> rejections,
    List<String> notes,
    TimeEstimate time) {
  public static final int SCHEMA_VERSION = 1;

  /** A plan of which nobody knows yet how long it takes. */
  public RunPlan(
      int schemaVersion,
      String runId,
      Results results,
      Model model,
      Engine engine,
      Memory memory,
      Spark spark,
      List<Source> sources,
      Total total,
      Cost cost,
      Map<String, Long> rejections,
      List<String> notes) {
    this(
        schemaVersion,
        runId,
        results,
        model,
        engine,
        memory,
        spark,
        sources,
        total,
        cost,
        rejections,
        notes,
        null);
  }

  /** The same plan with a time. */
  public RunPlan taking(TimeEstimate estimate) {
    return new RunPlan(
        schemaVersion,
        runId,
        results,
        model,
        engine,
        memory,
        spark,
        sources,
        total,
        cost,
        rejections,
        notes,
        estimate);
  }

  /** What a task with texts for answers asks. */
  public static final String GENERATE_UNTIL = "generate_until";

  /** What stands under the run's id already. */
  public enum State {
    /** Nothing. */
    NEW,
    /** All tables: the run prints them and computes nothing. */
    FINISHED,
    /** Tables of a run that failed: it starts again and replaces them. */
    FAILED,
    /** Remains of a run that was broken off: it starts again. */
    INTERRUPTED
  }

  /**
   * @param location folder of all tables
   * @param state what stands there already
   */
  public record Results(String location, State state) {}

  /**
   * @param experts routed experts of a layer, 0 if there are none
   * @param expertsPerToken routed experts a token is sent to
   * @param parameters of the main model
   * @param activeParameters those a token is multiplied with
   * @param mtpParameters of the MTP modules
   * @param weightBytes size of all tensors as stored
   * @param weightsPresent whether the folder holds weights; their size is estimated otherwise
   */
  public record Model(
      String path,
      String modelType,
      int layers,
      int hiddenSize,
      int experts,
      int expertsPerToken,
      int mtpModules,
      long parameters,
      long activeParameters,
      long mtpParameters,
      long weightBytes,
      boolean weightsPresent) {}

  /**
   * @param weights resident or streamed
   * @param maxLength longest sequence in tokens
   * @param speculative whether MTP modules draft for generations
   */
  public record Engine(
      String backend,
      String device,
      String precision,
      String weights,
      int maxLength,
      boolean addBos,
      boolean speculative) {}

  /**
   * What an engine takes in memory; scoring fills no more than {@code batchBytes}.
   *
   * @param weightBytes weights in memory at a time, outside the heap
   * @param availableForWeightsBytes memory this machine or container has besides the heap: with
   *     {@code model.weights: auto}, weights that fit are resident
   * @param batchBytes most bytes of activations and latents
   * @param sliceTokens tokens that are in a layer together
   * @param activationBytes what they take there
   * @param passTokens tokens that go through all layers together
   * @param stateBytes what these take between layers
   * @param keptTokens longest shared prefix whose latents are kept for later passes
   * @param latentBytesPerToken latent cache (MLA) of a token over all layers, in fp32 as held
   * @param latentBytesTotal latents of all tokens of the plan if they were cached at once: those
   *     computed for scoring, and at most those of generations
   * @param device what a device keeps besides; null where none with memory of its own is used or
   *     seen
   */
  public record Memory(
      long weightBytes,
      long availableForWeightsBytes,
      long batchBytes,
      int sliceTokens,
      long activationBytes,
      int passTokens,
      long stateBytes,
      int keptTokens,
      long latentBytesPerToken,
      long latentBytesTotal,
      DeviceFit device) {}

  /**
   * @param slots tasks at a time
   * @param executors engines in different processes, null if the cluster decides
   * @param partitions tasks of the engine stage
   * @param estimated whether the cluster may give other slots, and thereby other partitions
   */
  public record Spark(
      String master, int slots, Integer executors, int partitions, boolean estimated) {}

  /**
   * A task, a corpus, or an entry of prompts.
   *
   * @param kind task, corpus or prompts
   * @param name as in the column {@code task}
   * @param asks the task's output type, or rolling_perplexity
   * @param numFewshot examples in front of each document, null but for tasks
   * @param documents read and rendered
   * @param scoring its requests for log-likelihoods
   * @param generation its requests for texts
   */
  public record Source(
      String kind,
      String name,
      String asks,
      Integer numFewshot,
      long documents,
      Scoring scoring,
      Generation generation) {
    boolean generates() {
      return asks.equals(GENERATE_UNTIL);
    }
  }

  /**
   * All sources together.
   *
   * @param documents those that could not be read included
   * @param rejectedDocuments those of them nothing can be asked of
   */
  public record Total(
      long documents,
      long rejectedDocuments,
      long requests,
      Scoring scoring,
      Generation generation) {}

  /**
   * Log-likelihood requests.
   *
   * @param tokensSubmitted tokens fed if each were asked alone
   * @param tokensComputed tokens computed once shared prefixes are computed once; a prefix shared
   *     by several sources counts for one of them
   */
  public record Scoring(long requests, long tokensSubmitted, long tokensComputed) {
    /** How many times less is computed than submitted. */
    @JsonProperty
    public double sharing() {
      return tokensComputed == 0 ? 1 : (double) tokensSubmitted / tokensComputed;
    }
  }

  /**
   * Generation requests. Texts may end before their limit, so these are bounds.
   *
   * @param maxNewTokens largest limit of a request
   * @param promptTokens tokens of all prompts
   * @param uniquePromptTokens prompts with shared prefixes once, if each call's are computed
   *     together
   * @param newTokensAtMost sum of all limits
   * @param tokensSubmittedAtMost tokens fed if each were asked alone
   * @param tokensComputedAtLeast unique prompts alone
   * @param tokensComputedAtMost no prefix shared, every limit reached, every draft rejected
   */
  public record Generation(
      long requests,
      int maxNewTokens,
      long promptTokens,
      long uniquePromptTokens,
      long newTokensAtMost,
      long tokensSubmittedAtMost,
      long tokensComputedAtLeast,
      long tokensComputedAtMost) {}

  /**
   * @param scoringPasses how often scoring goes through all layers
   * @param scoringWeightBytesRead weights read for it, 0 where they are resident
   * @param flopsPerToken 2 x active parameters; attention over the tokens before is not in it
   * @param scoringFlops {@code flopsPerToken} x computed tokens
   * @param generationFlopsAtMost the same for the most tokens generations can compute, MTP modules
   *     not counted
   */
  public record Cost(
      long scoringPasses,
      long scoringWeightBytesRead,
      double flopsPerToken,
      double scoringFlops,
      double generationFlopsAtMost) {}
}
