package io.assay.job.table;

import io.assay.job.InputException;
import java.util.function.Consumer;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.filter2.compat.FilterCompat;

/** Reads the table {@code expert_load} of a run row by row, without Spark. */
public final class ExpertLoadTable {
  /**
   * A row, as far as loads are concerned.
   *
   * @param tokens that chose the expert
   */
  public record Load(int layer, int expert, String domain, String phase, long tokens) {}

  private ExpertLoadTable() {}

  /**
   * Hands over every row, in no particular order.
   *
   * @param id the run, for the message
   * @throws InputException if the table is not there or cannot be read
   */
  public static void read(RunFolders run, String id, Consumer<Load> rows) {
    TableReader.read(
        run,
        id,
        Table.EXPERT_LOAD,
        "run it with statistics.experts: true, on a model with routed experts",
        FilterCompat.NOOP,
        row -> rows.accept(load(row)));
  }

  private static Load load(Group row) {
    return new Load(
        row.getInteger("layer", 0),
        row.getInteger("expert", 0),
        row.getString("domain", 0),
        row.getString("phase", 0),
        row.getLong("tokens", 0));
  }
}
