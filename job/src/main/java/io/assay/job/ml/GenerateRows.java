package io.assay.job.ml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.assay.engine.Engine;
import io.assay.engine.generate.GenerateResult;
import io.assay.eval.chat.Conversation;
import io.assay.eval.chat.InvalidConversation;
import io.assay.job.answer.ChatPrompts;
import io.assay.job.lines.GenerateAnswers;
import io.assay.job.lines.GenerateOptions;
import io.assay.job.lines.InputLine;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Continues prompts of rows as {@code assay generate} continues those of lines.
 *
 * @param asked index of the column of prompts or conversations
 * @param askedName of this column, for errors
 * @param messages whether they are conversations
 * @param id index of the column of ids, -1 for none
 * @param idName of this column, null for none
 * @param model folder of the chat template
 * @param chat whether a prompt is a user's message
 * @param options for every row
 */
record GenerateRows(
    int asked,
    String askedName,
    boolean messages,
    int id,
    String idName,
    String model,
    boolean chat,
    GenerateOptions options)
    implements RowAnswering {
  /** Type of an answer. */
  static final StructType TYPE =
      new StructType()
          .add("text", DataTypes.StringType)
          .add("thinking", DataTypes.StringType)
          .add("tokens", DataTypes.createArrayType(DataTypes.IntegerType, false))
          .add("finish", DataTypes.StringType)
          .add("proposed", DataTypes.IntegerType)
          .add("accepted", DataTypes.IntegerType)
          .add("truncated", DataTypes.BooleanType, false)
          .add("error", DataTypes.StringType);

  @Override
  public Function<List<Row>, List<Row>> with(Engine engine) {
    ChatPrompts prompts = new ChatPrompts(Path.of(model), chat, Map.of());
    GenerateAnswers answers = new GenerateAnswers(engine, options, prompts);
    return rows ->
        answers.of(rows.stream().map(this::line).toList()).answers().stream()
            .map(GenerateRows::row)
            .toList();
  }

  private InputLine line(Row row) {
    if (row.isNullAt(asked)) {
      return Cells.missing(askedName);
    }
    if (id >= 0 && row.isNullAt(id)) {
      return Cells.missing(idName);
    }
    JsonNode line = id < 0 ? Cells.NO_ID : TextNode.valueOf(String.valueOf(row.get(id)));
    return messages
        ? conversation(line, Cells.plain(row.get(asked)))
        : new InputLine.Prompt(line, row.getString(asked));
  }

  private InputLine conversation(JsonNode line, Object value) {
    try {
      return new InputLine.Chat(line, Conversation.of(askedName, value), Map.of());
    } catch (InvalidConversation e) {
      return new InputLine.Bad(
          line, e.missing() ? "FIELD_MISSING" : "FIELD_INVALID", e.getMessage());
    }
  }

  private static Row row(GenerateAnswers.Answer answer) {
    if (answer.error() != null) {
      return RowFactory.create(
          null, null, null, null, null, null, answer.truncated(), answer.error());
    }
    GenerateResult result = answer.result();
    return RowFactory.create(
        result.text(),
        result.thinking(),
        Arrays.stream(result.tokens()).boxed().toArray(Integer[]::new),
        result.finish().label(),
        Arrays.stream(result.proposed()).sum(),
        Arrays.stream(result.accepted()).sum(),
        answer.truncated(),
        null);
  }

  @Override
  public long size(Row row) {
    return Cells.characters(row.get(asked));
  }
}
