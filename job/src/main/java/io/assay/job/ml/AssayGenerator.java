package io.assay.job.ml;

import io.assay.engine.EnginePlan;
import io.assay.eval.request.GenerationParameters;
import io.assay.job.answer.ChatPrompts;
import io.assay.job.lines.GenerateOptions;
import java.io.Serial;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * Continues the prompt of every row with a model, or answers its conversation where {@code
 * messagesCol} is set. Token for token what {@code assay generate} says of the same lines.
 *
 * <p>Answers are structs: {@code text}, {@code thinking} (null unless {@code reasoning} found
 * some), {@code tokens}, {@code finish} (stop, length or eos), drafts {@code proposed} and {@code
 * accepted}, {@code truncated} whether the beginning of a prompt was cut, {@code error}. Where
 * there is an error, the first six are null.
 */
public final class AssayGenerator extends GeneratorParams {
  @Serial private static final long serialVersionUID = 1L;

  public AssayGenerator() {
    this(Identifiable.randomUID("assayGenerator"));
  }

  public AssayGenerator(String uid) {
    super(uid);
  }

  /** Reads what {@code write} saved. */
  public static MLReader<AssayGenerator> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads what {@code save} saved. */
  public static AssayGenerator load(String path) {
    return read().load(path);
  }

  @Override
  void check(Columns columns) {
    if (isSet(messagesCol())) {
      columns.require(
          !isSet(promptCol()), "promptCol and messagesCol are set; give prompts or conversations");
      columns.requireType(
          messagesCol().name(),
          getMessagesCol(),
          isConversation(columns.typeOf(messagesCol().name(), getMessagesCol())),
          "conversations, array<struct<role:string,content:string>>");
    } else {
      columns.text(promptCol().name(), getPromptCol());
    }
    if (isSet(idCol())) {
      DataType type = columns.typeOf(idCol().name(), getIdCol());
      columns.requireType(
          idCol().name(),
          getIdCol(),
          type instanceof StringType || type instanceof IntegralType,
          "text or whole numbers");
    }
    columns.require(
        getTemperature() == 0 || isSet(idCol()),
        "temperature is "
            + getTemperature()
            + ", but idCol is not set; give the column whose value each row draws its tokens by");
  }

  private static boolean isConversation(DataType type) {
    return type instanceof ArrayType list
        && (list.elementType() instanceof StructType || list.elementType() instanceof MapType);
  }

  @Override
  StructType answerType() {
    return GenerateRows.TYPE;
  }

  @Override
  RowAnswering answering(StructType schema) {
    GenerateOptions options =
        new GenerateOptions(
            new GenerationParameters(
                getMaxNewTokens(), List.of(getStop()), getTemperature(), getTopP()),
            getSeed(),
            getSpeculative(),
            getReasoning());
    boolean messages = isSet(messagesCol());
    String asked = messages ? getMessagesCol() : getPromptCol();
    return new GenerateRows(
        schema.fieldIndex(asked),
        asked,
        messages,
        isSet(idCol()) ? schema.fieldIndex(getIdCol()) : -1,
        isSet(idCol()) ? getIdCol() : null,
        getModelPath(),
        getChat(),
        options);
  }

  @Override
  void check(EnginePlan model) {
    if (getSpeculative() && model.config().mtpModules() == 0) {
      throw new IllegalArgumentException(
          "USAGE: AssayGenerator: speculative is true, but "
              + getModelPath()
              + " has no MTP modules to draft with; set it to false");
    }
    if (getChat() || isSet(messagesCol())) {
      ChatPrompts prompts = new ChatPrompts(Path.of(getModelPath()), getChat(), Map.of());
      if (!prompts.available()) {
        throw new IllegalArgumentException("USAGE: AssayGenerator: " + prompts.missing());
      }
    }
  }
}
