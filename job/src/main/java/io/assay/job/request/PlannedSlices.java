package io.assay.job.request;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;

/** Makes the slices of all sources on the executors. */
public final class PlannedSlices {
  private static final int PORTIONS_PER_SLOT = 4;

  private PlannedSlices() {}

  /**
   * Reads every document and encodes it.
   *
   * @param folder of the slices' contents
   * @return slices of all sources, in no order
   */
  public static List<Slice> read(
      JavaSparkContext context, Sources sources, SliceSpec spec, String folder) {
    int slots = Math.max(1, context.defaultParallelism());
    List<Portion> portions = Portion.of(sources, slots);
    int tasks = Math.max(1, Math.min(portions.size(), PORTIONS_PER_SLOT * slots));
    context
        .sc()
        .setJobDescription("reading " + sources.list().size() + " tasks, corpora and prompts");
    try {
      return context
          .parallelize(portions, tasks)
          .mapPartitions(
              new ReadPortions(
                  spec, folder, new SerializableConfiguration(context.hadoopConfiguration())))
          .collect();
    } finally {
      context.sc().setJobDescription(null);
    }
  }
}
