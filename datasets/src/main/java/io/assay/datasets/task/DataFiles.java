package io.assay.datasets.task;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.reader.FileFinder;
import io.assay.datasets.reader.FileStore;
import io.assay.datasets.reader.Format;
import io.assay.datasets.reader.Location;
import io.assay.datasets.reader.ReadOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The files of a task's data set. They are looked for when they are needed: a split that is neither
 * evaluated nor gives examples need not be there.
 *
 * @param files where they are looked for
 * @param splits names or globs of files by split, as the task writes them
 * @param roots folders they are looked for in, in this order; one for absolute names
 * @param where place of the key that names them, for errors
 * @param hasDataRoot whether {@code tasks.data} is set
 * @param options how to read them
 * @param typed cells are texts whose types have to be inferred
 */
record DataFiles(
    FileStore files,
    Map<String, List<String>> splits,
    List<Location> roots,
    String where,
    boolean hasDataRoot,
    ReadOptions options,
    boolean typed) {
  private static final Set<String> FORMATS =
      Set.of("json", "jsonl", "csv", "tsv", "text", "parquet");
  private static final Set<String> KWARGS =
      Set.of(
          "data_files",
          "delimiter",
          "sep",
          "names",
          "column_names",
          "dtype",
          "keep_default_na",
          "sample_by",
          "trust_remote_code");

  /** What stands for {@code dataset_name} in names of files. */
  private static final String DATASET_NAME = "{dataset_name}";

  /**
   * @param task a task file
   * @param file where it is
   * @param selection says where data is
   */
  static DataFiles of(Section task, Location file, TaskLoader.Selection selection) {
    String format = task.required("dataset_path").toLowerCase(Locale.ROOT);
    if (!FORMATS.contains(format)) {
      throw task.invalid(
          "dataset_path",
          "dataset_path '"
              + task.get("dataset_path")
              + "' names no format of files; use json, csv, tsv, text or parquet and name the files in"
              + " dataset_kwargs.data_files (data sets of a hub are not downloaded)");
    }
    Section kwargs = task.section("dataset_kwargs");
    kwargs.only(KWARGS);
    boolean cells = format.equals("csv") || format.equals("tsv");
    return new DataFiles(
        selection.files(),
        splits(task, kwargs),
        roots(file, selection.data()),
        kwargs.where("data_files"),
        selection.data() != null,
        new ReadOptions(format(kwargs, format), delimiter(kwargs), columns(kwargs)),
        cells && !cellsAreTexts(kwargs));
  }

  private static Map<String, List<String>> splits(Section task, Section kwargs) {
    Map<String, List<String>> splits = new LinkedHashMap<>();
    if (kwargs.get("data_files") instanceof Map<?, ?> map) {
      Section files = kwargs.section("data_files");
      map.keySet().forEach(s -> splits.put((String) s, files.texts((String) s)));
    } else if (kwargs.has("data_files")) {
      // Without names of splits the loader of Hugging Face calls them train.
      splits.put("train", kwargs.texts("data_files"));
    } else {
      throw task.invalid(
          "dataset_kwargs", "dataset_kwargs.data_files is missing: it names the files of the data");
    }
    String dataset = task.text("dataset_name", DATASET_NAME);
    splits.replaceAll(
        (split, names) -> names.stream().map(n -> n.replace(DATASET_NAME, dataset)).toList());
    return splits;
  }

  private static List<Location> roots(Location file, String data) {
    Location folder = file.parent();
    List<Location> roots = new ArrayList<>();
    if (data != null) {
      roots.add(Location.of(data));
    }
    roots.add(folder);
    if (folder.parent() != null) {
      roots.add(folder.parent());
    }
    return List.copyOf(roots);
  }

  private static Format format(Section kwargs, String format) {
    if (!format.equals("text") && kwargs.has("sample_by")) {
      throw kwargs.invalid("sample_by", "sample_by belongs to dataset_path: text; remove it");
    }
    return sampledBy(kwargs, Format.named(format));
  }

  private static Format sampledBy(Section section, Format lines) {
    String by = section.text("sample_by", "line");
    return switch (by) {
      case "line" -> lines;
      case "document" -> Format.DOCUMENT;
      default -> throw section.wrong("sample_by", "line or document", by);
    };
  }

  /**
   * The same files as examples are read from them: as texts where {@code fewshot_config} has {@code
   * sample_by}, whatever the evaluated files are.
   */
  DataFiles forExamples(Section fewshot) {
    if (!fewshot.has("sample_by")) {
      return this;
    }
    ReadOptions texts = ReadOptions.of(sampledBy(fewshot, Format.TEXT));
    return new DataFiles(files, splits, roots, where, hasDataRoot, texts, false);
  }

  /** Both keys of pandas that leave cells as they stand; one alone would still change some. */
  private static boolean cellsAreTexts(Section kwargs) {
    boolean texts = kwargs.has("dtype");
    if (texts && !kwargs.text("dtype", null).equals("str")) {
      throw kwargs.wrong("dtype", "str", kwargs.get("dtype"));
    }
    if (texts != Boolean.FALSE.equals(kwargs.flag("keep_default_na"))) {
      throw kwargs.invalid(
          texts ? "dtype" : "keep_default_na",
          "dtype: str and keep_default_na: false go together: cells are then texts as they stand");
    }
    return texts;
  }

  private static Character delimiter(Section kwargs) {
    String key = kwargs.has("sep") ? "sep" : "delimiter";
    String text = kwargs.text(key, null);
    if (text == null) {
      return null;
    }
    if (text.length() != 1 || "\"\r\n".contains(text)) {
      throw kwargs.wrong(key, "one character", text);
    }
    return text.charAt(0);
  }

  private static List<String> columns(Section kwargs) {
    List<String> names = kwargs.texts(kwargs.has("names") ? "names" : "column_names");
    return names.isEmpty() ? null : names;
  }

  /** Whether all files of a split are there. */
  boolean has(String split) {
    return splits.get(split).stream().allMatch(name -> find(name) != null);
  }

  /**
   * Files of a split, each at the first place where the file (or a match of the glob) is.
   *
   * @throws DataException FILE_NOT_FOUND naming every place looked at
   */
  List<String> require(String split) {
    List<String> found = new ArrayList<>();
    for (String name : splits.get(split)) {
      String place = find(name);
      if (place == null) {
        throw new DataException(
            DataErrorCode.FILE_NOT_FOUND,
            where
                + ": the data file '"
                + name
                + "' was looked for at "
                + String.join(", ", places(name))
                + (hasDataRoot ? "" : " (tasks.data is not set)")
                + " and is at none of them");
      }
      found.add(place);
    }
    return found;
  }

  private String find(String name) {
    return places(name).stream().filter(this::exists).findFirst().orElse(null);
  }

  private List<String> places(String name) {
    // An absolute name resolves to itself on the storage of each root, an address to itself.
    return roots.stream().map(root -> root.resolve(name).toString()).distinct().toList();
  }

  private boolean exists(String place) {
    if (!FileFinder.isGlob(place)) {
      return files.isFile(place);
    }
    try {
      return !files.find(place, Format.AUTO).isEmpty();
    } catch (DataException e) {
      return false;
    }
  }
}
