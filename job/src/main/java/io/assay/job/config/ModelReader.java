package io.assay.job.config;

import io.assay.engine.WeightMode;
import io.assay.job.CommonOptions;
import io.assay.job.UsageException;
import io.assay.job.cache.ModelSource;
import io.assay.job.data.HadoopFiles;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.network.util.JavaUtils;

/** Reads {@code model}: what answers, where it is and how it is opened. */
final class ModelReader {
  private final Places places;

  ModelReader(Places places) {
    this.places = places;
  }

  RunConfig.Model read(Section section) {
    String model = places.location(section.required("path"), section.at("path"), "model folder");
    String given = section.text("overlay");
    String overlay =
        given == null ? null : places.location(given, section.at("overlay"), "file or folder");
    ModelSource source = new ModelSource(model, overlay, cache(section), limit(section));
    String backend = CommonOptions.backendName(section.text("backend"), "model.backend");
    int device = section.whole("device", -1);
    var precision = CommonOptions.precisionOf(section.text("precision"), "model.precision");
    int maxLength = section.whole("max_length");
    Object bos = section.raw("add_bos");
    if (bos != null && !(bos instanceof Boolean) && !bos.equals("auto")) {
      throw section.wrong("add_bos", "auto, true or false", bos);
    }
    Boolean addBos = bos instanceof Boolean flag ? flag : null;
    WeightMode weights = WeightMode.valueOf(section.choice("weights").toUpperCase(Locale.ROOT));
    Map<String, Object> kwargs = section.section("chat_template_kwargs").values();
    section.finish();
    return new RunConfig.Model(
        source,
        local(model),
        local(overlay),
        backend,
        device,
        precision,
        maxLength,
        addBos,
        weights,
        kwargs);
  }

  private static Path local(String location) {
    return location == null || HadoopFiles.isUri(location) ? null : Path.of(location);
  }

  /** Absolute: it is the same on every machine, whatever folder a process was started in. */
  private static String cache(Section section) {
    String given = section.text("cache");
    if (given != null && (HadoopFiles.isUri(given) || !Path.of(given).isAbsolute())) {
      throw UsageException.config(
          section.at("cache"),
          "found '" + given + "', expected the absolute path of a folder on each machine's disk");
    }
    return given;
  }

  private static long limit(Section section) {
    Object given = section.raw("cache_limit");
    if (given == null) {
      return 0;
    }
    if (given instanceof Number || given instanceof String) {
      try {
        long bytes = JavaUtils.byteStringAsBytes(given.toString());
        if (bytes >= 0) {
          return bytes;
        }
      } catch (NumberFormatException | ArithmeticException e) {
        // Said below.
      }
    }
    throw section.wrong("cache_limit", "a size such as 500g or 2t, or 0 for no limit", given);
  }
}
