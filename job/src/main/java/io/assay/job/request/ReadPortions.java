package io.assay.job.request;

import io.assay.engine.EnginePlan;
import io.assay.eval.request.Encoding;
import io.assay.job.answer.Encodings;
import io.assay.job.data.HadoopFiles;
import io.assay.job.spark.Engines;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What a task does with its portions: reads them, keeps the contents of their slices in a file, and
 * returns the slices.
 *
 * @param folder of the files
 * @param hadoop how file systems are reached
 */
record ReadPortions(SliceSpec spec, String folder, SerializableConfiguration hadoop)
    implements FlatMapFunction<Iterator<Portion>, Slice> {

  @Override
  public Iterator<Slice> call(Iterator<Portion> portions) {
    Configuration configuration = hadoop.value();
    EnginePlan engine = Engines.planHere(spec.engine());
    Encoding encoding = Encodings.of(engine, spec.requests().addBos());
    Sources sources =
        Sources.of(
            spec.requests().at(Engines.folder(spec.engine())),
            new HadoopFiles(configuration),
            encoding);
    SliceMaker maker = new SliceMaker(spec, engine);
    List<Slice> slices = new ArrayList<>();
    try (ContentFile file = new ContentFile(folder, configuration)) {
      portions.forEachRemaining(
          portion ->
              maker.read(
                  portion.source(),
                  sources.list().get(portion.source()),
                  portion.stripe(),
                  file::append,
                  slices::add));
    }
    return slices.iterator();
  }
}
