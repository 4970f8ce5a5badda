package io.assay.job.run;

import io.assay.engine.EnginePlan;
import io.assay.job.Version;
import io.assay.job.cache.Digests;
import io.assay.job.config.RunConfig;
import io.assay.job.request.PlannedSlices;
import io.assay.job.request.Slice;
import io.assay.job.request.SlicePlan;
import io.assay.job.request.SliceSpec;
import io.assay.job.request.Source;
import io.assay.job.request.Sources;
import io.assay.job.store.WorkFolder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;

/** The plan of a run: the one it was begun with, or a new one. */
final class SlicePlanning {
  private SlicePlanning() {}

  /**
   * The slices of a run. A plan of another configuration, model or version is removed with
   * everything that was worked out by it.
   *
   * @throws io.assay.job.RunFailedException if there is no document
   */
  static SlicePlan of(
      JavaSparkContext context,
      RunConfig config,
      Sources sources,
      SliceSpec spec,
      EnginePlan engine,
      WorkFolder folder) {
    String identity = identity(config, sources, spec, engine);
    SlicePlan plan =
        SlicePlan.read(folder.plan(), context.hadoopConfiguration())
            .filter(earlier -> earlier.identity().equals(identity))
            .orElse(null);
    if (plan == null) {
      folder.clear();
      List<Slice> slices = PlannedSlices.read(context, sources, spec, folder.slices());
      plan = SlicePlan.of(identity, slices, batchTokens(config.statistics()));
      Planner.requireDocuments(plan);
      plan.write(folder.plan(), context.hadoopConfiguration());
    }
    return plan;
  }

  /** Tokens of a batch whose balance is recorded, 1 if none is. */
  static int batchTokens(RunConfig.Statistics statistics) {
    return statistics.experts() ? statistics.batchTokens() : 1;
  }

  private static String identity(
      RunConfig config, Sources sources, SliceSpec spec, EnginePlan engine) {
    MessageDigest digest = Digests.sha256();
    add(digest, Version.current());
    add(digest, config.yaml());
    add(digest, engine.fingerprint());
    add(digest, engine.numerics());
    add(digest, Long.toString(spec.mostCost()));
    for (Source source : sources.list()) {
      add(digest, source.name());
      add(digest, String.valueOf(source.spec()));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }
}
