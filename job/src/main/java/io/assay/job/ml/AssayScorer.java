package io.assay.job.ml;

import io.assay.engine.EnginePlan;
import java.io.Serial;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.StructType;

/**
 * Log-likelihoods by a model: of the continuation after the context in every row, or of a whole
 * text in disjoint windows where {@code textCol} is set. Bit for bit what {@code assay score} says
 * of the same lines.
 *
 * <p>Answers are structs: {@code sum_logprob} (natural logarithm), {@code num_tokens} that were
 * scored, {@code is_greedy} whether each of them was the arg-max, {@code truncated} whether the
 * beginning of a context was cut, {@code error}. Where there is an error, the first three are null.
 */
public final class AssayScorer extends EngineTransformer<AssayScorer> {
  @Serial private static final long serialVersionUID = 1L;

  private final Param<String> contextCol = text("contextCol", "column of what goes before");
  private final Param<String> continuationCol = text("continuationCol", "column of what is scored");
  private final Param<String> textCol =
      text("textCol", "column of whole texts to score, in place of the two others");

  public AssayScorer() {
    this(Identifiable.randomUID("assayScorer"));
  }

  public AssayScorer(String uid) {
    super(uid, "score");
    setDefault(contextCol, "context");
    setDefault(continuationCol, "continuation");
  }

  /** Reads what {@code write} saved. */
  public static MLReader<AssayScorer> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads what {@code save} saved. */
  public static AssayScorer load(String path) {
    return read().load(path);
  }

  @Override
  void check(Columns columns) {
    if (!isSet(textCol)) {
      columns.text(contextCol.name(), getContextCol());
      columns.text(continuationCol.name(), getContinuationCol());
      return;
    }
    columns.require(
        !isSet(contextCol) && !isSet(continuationCol),
        "textCol and contextCol or continuationCol are set; score whole texts, or continuations");
    columns.text(textCol.name(), getTextCol());
  }

  @Override
  StructType answerType() {
    return ScoreRows.TYPE;
  }

  @Override
  RowAnswering answering(StructType schema) {
    return isSet(textCol)
        ? ScoreRows.ofTexts(schema, getTextCol())
        : ScoreRows.ofPairs(schema, getContextCol(), getContinuationCol());
  }

  @Override
  void check(EnginePlan model) {
    // Every model scores.
  }

  public Param<String> contextCol() {
    return contextCol;
  }

  public AssayScorer setContextCol(String value) {
    return with(contextCol, value);
  }

  public String getContextCol() {
    return getOrDefault(contextCol);
  }

  public Param<String> continuationCol() {
    return continuationCol;
  }

  public AssayScorer setContinuationCol(String value) {
    return with(continuationCol, value);
  }

  public String getContinuationCol() {
    return getOrDefault(continuationCol);
  }

  public Param<String> textCol() {
    return textCol;
  }

  public AssayScorer setTextCol(String value) {
    return with(textCol, value);
  }

  public String getTextCol() {
    return getOrDefault(textCol);
  }
}
