package io.assay.job.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * JSON that can stand inside a script element: nothing in a text ends the element or begins a
 * comment. Numbers have six figures, what is not a number is null.
 */
final class PageJson {
  private static final MathContext FIGURES = new MathContext(6, RoundingMode.HALF_EVEN);
  private static final ObjectMapper MAPPER = mapper();

  private PageJson() {}

  static String of(Object data) {
    try {
      return MAPPER.writeValueAsString(data);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("sections hold nothing but texts, numbers and lists", e);
    }
  }

  private static ObjectMapper mapper() {
    SimpleModule numbers = new SimpleModule();
    numbers.addSerializer(double.class, new OfDouble());
    numbers.addSerializer(Double.class, new OfDouble());
    numbers.addSerializer(double[].class, new OfDoubles());
    ObjectMapper mapper =
        JsonMapper.builder()
            .defaultPropertyInclusion(
                JsonInclude.Value.construct(
                    JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .addModule(numbers)
            .build();
    mapper.getFactory().setCharacterEscapes(new ForScripts());
    return mapper;
  }

  private static void write(double value, JsonGenerator json) throws IOException {
    if (!Double.isFinite(value)) {
      json.writeNull();
      return;
    }
    BigDecimal rounded = new BigDecimal(value).round(FIGURES).stripTrailingZeros();
    // The shorter of 0.0001 and 1E-4.
    String plain = rounded.toPlainString();
    String power = rounded.toString();
    json.writeNumber(plain.length() <= power.length() ? plain : power);
  }

  private static final class OfDouble extends JsonSerializer<Double> {
    @Override
    public void serialize(Double value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      write(value, json);
    }
  }

  private static final class OfDoubles extends JsonSerializer<double[]> {
    @Override
    public void serialize(double[] values, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeStartArray();
      for (double value : values) {
        write(value, json);
      }
      json.writeEndArray();
    }
  }

  /** What HTML or old JavaScript would take for markup or the end of a line. */
  private static final class ForScripts extends CharacterEscapes {
    private static final long serialVersionUID = 1;
    private final int[] ascii;

    private ForScripts() {
      ascii = standardAsciiEscapesForJSON();
      for (char c : "<>&'/".toCharArray()) {
        ascii[c] = ESCAPE_CUSTOM;
      }
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return ascii.clone();
    }

    @Override
    public SerializableString getEscapeSequence(int c) {
      boolean inAscii = c < ascii.length;
      return inAscii || c == 0x2028 || c == 0x2029
          ? new SerializedString(String.format(Locale.ROOT, "\\u%04x", c))
          : null;
    }
  }
}
