package io.assay.job.table;

import io.assay.job.InputException;
import java.io.IOException;
import java.util.function.Consumer;
import org.apache.parquet.example.data.Group;

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
    try {
      if (!run.files().exists(run.folder(Table.EXPERT_LOAD))) {
        throw new InputException(
            "run "
                + id
                + " has no table expert_load; run it with statistics.experts: true, on a model"
                + " with routed experts");
      }
      run.read(Table.EXPERT_LOAD, row -> rows.accept(load(row)));
    } catch (InputException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new InputException(
          "the table expert_load of run "
              + id
              + " cannot be read: "
              + RunFolders.firstLine(e)
              + "; run it again",
          e);
    }
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
