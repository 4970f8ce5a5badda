package io.assay.datasets.reader;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How a data file is written. */
public enum Format {
  /** By the file's extension, compression suffixes aside. */
  AUTO(List.of()),
  /** One object a line; a file that begins with a bracket is read as one array of objects. */
  JSON(List.of("jsonl", "ndjson", "json")),
  /** Comma-separated cells, RFC 4180 quotes, the first record names the columns. */
  CSV(List.of("csv")),
  /** As CSV with tabs. */
  TSV(List.of("tsv", "tab")),
  /** Every line is a document with the one field {@code text}. */
  TEXT(List.of("txt", "text")),
  /** Columnar files; lists, structs and maps of any depth. */
  PARQUET(List.of("parquet", "parq")),
  /** The whole file is a document with the one field {@code text}. */
  DOCUMENT(List.of("md", "java", "py", "html"));

  private final List<String> extensions;

  Format(List<String> extensions) {
    this.extensions = extensions;
  }

  /** Name in run and task files: {@code auto, json, jsonl, csv, tsv, text, parquet, document}. */
  public static Format named(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.equals("jsonl")) {
      return JSON;
    }
    for (Format format : values()) {
      if (format.name().toLowerCase(Locale.ROOT).equals(lower)) {
        return format;
      }
    }
    throw new DataException(
        DataErrorCode.DOCUMENT_INVALID,
        "format '"
            + name
            + "' is not known; use one of auto, jsonl, "
            + Arrays.stream(values())
                .skip(1)
                .map(f -> f.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ")));
  }

  /** This format, or for {@code AUTO} the one of {@code file}'s extension. */
  Format of(String file) {
    if (this != AUTO) {
      return this;
    }
    String extension = extension(Compression.plainName(file));
    for (Format format : values()) {
      if (format.extensions.contains(extension)) {
        return format;
      }
    }
    throw new DataException(
        DataErrorCode.DOCUMENT_INVALID,
        "the extension of "
            + file
            + " does not tell its format; name it jsonl, json, csv, tsv, txt or parquet, or set the format");
  }

  /** Whether a folder's file of this name is data of this format: texts may have any name. */
  public boolean isData(String file) {
    String extension = extension(Compression.plainName(file));
    return switch (this) {
      case AUTO ->
          Arrays.stream(values())
              .anyMatch(format -> format != DOCUMENT && format.extensions.contains(extension));
      case TEXT, DOCUMENT -> true;
      case JSON, CSV, TSV, PARQUET -> extensions.contains(extension);
    };
  }

  private static String extension(String name) {
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
