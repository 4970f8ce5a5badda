package io.assay.job.ml;

import io.assay.engine.EnginePlan;
import io.assay.engine.Precision;
import io.assay.engine.WeightMode;
import io.assay.job.spark.EngineSpec;
import io.assay.job.spark.Engines;
import io.assay.job.spark.Sessions;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * A transformer that asks a model about every row and adds what it answers as a column of structs.
 *
 * <p>Rows keep their order and their partition. A partition is answered in batches whose rows share
 * their common prefixes; neither batch nor partition changes a bit of an answer. What is wrong with
 * a row is in the field {@code error} of its answer, {@code CODE: reason}, and stops nothing. The
 * engine of an executor is opened by its first task and stays open until the executor ends.
 *
 * @param <T> the transformer itself
 */
public abstract class EngineTransformer<T extends EngineTransformer<T>> extends EngineParams<T> {
  EngineTransformer(String uid, String output) {
    super(uid, output);
  }

  /** The columns read, checked, and the column added. */
  @Override
  public final StructType transformSchema(StructType schema) {
    Columns columns = new Columns(getClass().getSimpleName(), schema);
    columns.require(isSet(modelPath()), "modelPath is not set; give the model's folder");
    check(columns);
    columns.absent(outputCol().name(), getOutputCol());
    return schema.add(getOutputCol(), answerType(), false);
  }

  /**
   * Checks input columns and what parameters say together.
   *
   * @throws IllegalArgumentException in one sentence
   */
  abstract void check(Columns columns);

  /** Type of the answers. */
  abstract StructType answerType();

  /**
   * What a task does; travels with it.
   *
   * @param schema of its rows
   */
  abstract RowAnswering answering(StructType schema);

  /**
   * Checks what parameters ask of the model.
   *
   * @throws IllegalArgumentException in one sentence
   */
  abstract void check(EnginePlan model);

  /**
   * Adds the answers, lazily: the engine is asked when and as often as an action needs the rows, so
   * write or cache them before using them twice.
   *
   * @throws IllegalArgumentException if columns or parameters do not fit
   * @throws io.assay.engine.EngineException if the model cannot be read
   */
  @Override
  public final Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = transformSchema(dataset.schema(), /* logging= */ true);
    EngineSpec engine = engine(dataset.sparkSession().sparkContext().master());
    // Not the engine: that is the executors'.
    check(Engines.plan(engine));
    return dataset
        .toDF()
        .mapPartitions(new AskPartition(engine, answering(dataset.schema())), Encoders.row(schema));
  }

  private EngineSpec engine(String master) {
    return new EngineSpec(
            getModelPath(),
            isSet(overlay()) ? getOverlay() : null,
            getBackend(),
            getDevice(),
            Precision.valueOf(getPrecision().toUpperCase(Locale.ROOT)),
            getMaxLength(),
            WeightMode.valueOf(getWeights().toUpperCase(Locale.ROOT)),
            getThreads() > 0 ? getThreads() : Sessions.threads(master),
            /* remote= */ null)
        .decided();
  }
}
