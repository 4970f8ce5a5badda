package io.assay.job.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PageJsonTest {
  private record Values(double one, Double two, double[] many, String text) {}

  @Test
  void numbersHaveSixFiguresAndWhatIsNoneIsNull() {
    double[] many = {1, 0.1, 1 / 3.0, 1e-12, 123456789, -0.0, Double.NaN, Double.NEGATIVE_INFINITY};
    assertThat(PageJson.of(new Values(Double.NaN, 2.0, many, null)))
        .isEqualTo(
            "{\"one\":null,\"two\":2,\"many\":[1,0.1,0.333333,1E-12,123457000,0,null,null]}");
  }

  @Property
  void everyTextIsReadBackAndNeverMarkup(@ForAll String text) throws IOException {
    String json = PageJson.of(List.of(text, "</script><!--'&\u2028\u2029" + text));
    assertThat(json).doesNotContain("<", ">", "&", "'", "/", "\u2028", "\u2029");
    JsonNode read = new ObjectMapper().readTree(json);
    assertThat(read.get(0).asText()).isEqualTo(text);
    assertThat(read.get(1).asText()).endsWith(text);
  }

  @Property
  void numbersKeepTheirSixFigures(@ForAll double value) throws IOException {
    double read = new ObjectMapper().readTree(PageJson.of(new double[] {value})).get(0).asDouble();
    assertThat(Math.abs(read - value)).isLessThanOrEqualTo(5.1e-6 * Math.abs(value));
  }
}
