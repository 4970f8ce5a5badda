package io.assay.job.ml;

import io.assay.engine.Engine;
import io.assay.job.lines.InputLine;
import io.assay.job.lines.ScoreAnswers;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Scores rows as {@code assay score} scores lines.
 *
 * @param context index of the column, -1 where whole texts are scored
 * @param scored index of the column of continuations or texts
 * @param names of these columns, for errors
 */
record ScoreRows(int context, int scored, List<String> names) implements RowAnswering {
  /** Type of an answer. */
  static final StructType TYPE =
      new StructType()
          .add("sum_logprob", DataTypes.DoubleType)
          .add("num_tokens", DataTypes.IntegerType)
          .add("is_greedy", DataTypes.BooleanType)
          .add("truncated", DataTypes.BooleanType, false)
          .add("error", DataTypes.StringType);

  private static final String NO_DOMAIN = "";

  static ScoreRows ofPairs(StructType schema, String context, String continuation) {
    return new ScoreRows(
        schema.fieldIndex(context),
        schema.fieldIndex(continuation),
        List.of(context, continuation));
  }

  static ScoreRows ofTexts(StructType schema, String text) {
    return new ScoreRows(-1, schema.fieldIndex(text), List.of(text));
  }

  @Override
  public Function<List<Row>, List<Row>> with(Engine engine) {
    ScoreAnswers answers = new ScoreAnswers(engine, /* routing= */ false);
    return rows ->
        answers.of(rows.stream().map(this::line).toList()).answers().stream()
            .map(ScoreRows::row)
            .toList();
  }

  private InputLine line(Row row) {
    if (context >= 0 && row.isNullAt(context)) {
      return Cells.missing(names.getFirst());
    }
    if (row.isNullAt(scored)) {
      return Cells.missing(names.getLast());
    }
    return context < 0
        ? new InputLine.Rolling(Cells.NO_ID, NO_DOMAIN, row.getString(scored))
        : InputLine.pair(Cells.NO_ID, NO_DOMAIN, row.getString(context), row.getString(scored));
  }

  private static Row row(ScoreAnswers.Answer answer) {
    return answer.error() == null
        ? RowFactory.create(
            answer.sumLogprob(), answer.numTokens(), answer.greedy(), answer.truncated(), null)
        : RowFactory.create(null, null, null, answer.truncated(), answer.error());
  }

  @Override
  public long size(Row row) {
    return (context < 0 ? 0 : Cells.characters(row.get(context)))
        + Cells.characters(row.get(scored));
  }
}
