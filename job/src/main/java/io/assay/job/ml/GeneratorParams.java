package io.assay.job.ml;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.StringArrayParam;

/** How {@link AssayGenerator} continues prompts. */
public abstract class GeneratorParams extends EngineTransformer<AssayGenerator> {
  private static final double MAX_TEMPERATURE = 100;

  private final Param<String> promptCol = text("promptCol", "column of prompts");
  private final Param<String> messagesCol =
      text("messagesCol", "column of conversations, in place of prompts");
  private final Param<String> idCol =
      text(
          "idCol", "column of ids; with seed they say what a row draws where temperature is not 0");
  private final IntParam maxNewTokens =
      new IntParam(uid(), "maxNewTokens", "most tokens of a continuation", ParamValidators.gtEq(1));
  private final DoubleParam temperature =
      new DoubleParam(
          uid(),
          "temperature",
          "0 takes the likeliest token, at most 100",
          ParamValidators.inRange(0, MAX_TEMPERATURE));
  private final DoubleParam topP =
      new DoubleParam(
          uid(),
          "topP",
          "nucleus of sampling, above 0, at most 1",
          ParamValidators.inRange(0, 1, false, true));
  private final LongParam seed = new LongParam(uid(), "seed", "of sampling");
  private final StringArrayParam stop =
      new StringArrayParam(
          this,
          "stop",
          "texts at which a continuation ends, none of them empty",
          Valid.of(texts -> !Arrays.asList(texts).contains("")));
  private final BooleanParam speculative =
      new BooleanParam(
          uid(), "speculative", "whether the model's MTP modules draft; same text, fewer steps");
  private final BooleanParam chat =
      new BooleanParam(
          uid(), "chat", "whether a prompt is a user's message, for the model's chat template");
  private final BooleanParam reasoning =
      new BooleanParam(
          uid(), "reasoning", "whether what stands in <think>...</think> is split off the text");

  GeneratorParams(String uid) {
    super(uid, "generated");
    setDefault(promptCol, "prompt");
    setDefault(maxNewTokens, 64);
    setDefault(temperature, 0.0);
    setDefault(topP, 1.0);
    setDefault(seed, 0L);
    setDefault(stop, new String[0]);
    setDefault(speculative, false);
    setDefault(chat, false);
    setDefault(reasoning, false);
  }

  public final Param<String> promptCol() {
    return promptCol;
  }

  public final AssayGenerator setPromptCol(String value) {
    return with(promptCol, value);
  }

  public final String getPromptCol() {
    return getOrDefault(promptCol);
  }

  public final Param<String> messagesCol() {
    return messagesCol;
  }

  public final AssayGenerator setMessagesCol(String value) {
    return with(messagesCol, value);
  }

  public final String getMessagesCol() {
    return getOrDefault(messagesCol);
  }

  public final Param<String> idCol() {
    return idCol;
  }

  public final AssayGenerator setIdCol(String value) {
    return with(idCol, value);
  }

  public final String getIdCol() {
    return getOrDefault(idCol);
  }

  public final IntParam maxNewTokens() {
    return maxNewTokens;
  }

  public final AssayGenerator setMaxNewTokens(int value) {
    return with(maxNewTokens, value);
  }

  public final int getMaxNewTokens() {
    return (int) getOrDefault(maxNewTokens);
  }

  public final DoubleParam temperature() {
    return temperature;
  }

  public final AssayGenerator setTemperature(double value) {
    return with(temperature, value);
  }

  public final double getTemperature() {
    return (double) getOrDefault(temperature);
  }

  public final DoubleParam topP() {
    return topP;
  }

  public final AssayGenerator setTopP(double value) {
    return with(topP, value);
  }

  public final double getTopP() {
    return (double) getOrDefault(topP);
  }

  public final LongParam seed() {
    return seed;
  }

  public final AssayGenerator setSeed(long value) {
    return with(seed, value);
  }

  public final long getSeed() {
    return (long) getOrDefault(seed);
  }

  public final StringArrayParam stop() {
    return stop;
  }

  public final AssayGenerator setStop(String[] value) {
    return with(stop, value);
  }

  public final AssayGenerator setStop(List<String> value) {
    return setStop(value.toArray(String[]::new));
  }

  public final String[] getStop() {
    return getOrDefault(stop);
  }

  public final BooleanParam speculative() {
    return speculative;
  }

  public final AssayGenerator setSpeculative(boolean value) {
    return with(speculative, value);
  }

  public final boolean getSpeculative() {
    return (boolean) getOrDefault(speculative);
  }

  public final BooleanParam chat() {
    return chat;
  }

  public final AssayGenerator setChat(boolean value) {
    return with(chat, value);
  }

  public final boolean getChat() {
    return (boolean) getOrDefault(chat);
  }

  public final BooleanParam reasoning() {
    return reasoning;
  }

  public final AssayGenerator setReasoning(boolean value) {
    return with(reasoning, value);
  }

  public final boolean getReasoning() {
    return (boolean) getOrDefault(reasoning);
  }
}
