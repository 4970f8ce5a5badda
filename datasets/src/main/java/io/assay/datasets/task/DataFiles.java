package io.assay.datasets.task;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.reader.FileFinder;
import io.assay.datasets.reader.Format;
import io.assay.datasets.reader.ReadOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The files of a task's data set.
 *
 * @param splits patterns of files by split, resolved
 * @param options how to read them
 * @param typed cells are texts whose types have to be inferred
 */
record DataFiles(Map<String, List<String>> splits, ReadOptions options, boolean typed) {
  private static final Set<String> FORMATS =
      Set.of("json", "jsonl", "csv", "tsv", "text", "parquet");
  private static final Set<String> KWARGS =
      Set.of("data_files", "delimiter", "sep", "names", "column_names", "trust_remote_code");

  /**
   * @param task a task file
   * @param file its path
   * @param data root for relative paths, or null
   */
  static DataFiles of(Section task, Path file, Path data) {
    String path = task.required("dataset_path");
    String format = path.toLowerCase(Locale.ROOT);
    if (!FORMATS.contains(format)) {
      throw task.invalid(
          "dataset_path",
          "dataset_path '"
              + path
              + "' names no format of files; use json, csv, tsv, text or parquet and name the files in"
              + " dataset_kwargs.data_files (data sets of a hub are not downloaded)");
    }
    Section kwargs = task.section("dataset_kwargs");
    kwargs.only(KWARGS);
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
    splits.replaceAll(
        (split, names) -> names.stream().map(n -> resolve(n, file, data, kwargs)).toList());
    ReadOptions options = new ReadOptions(Format.named(format), delimiter(kwargs), columns(kwargs));
    return new DataFiles(splits, options, format.equals("csv") || format.equals("tsv"));
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

  /** First place where the file (or a match of the glob) is. */
  private static String resolve(String name, Path file, Path data, Section kwargs) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    List<Path> roots = new ArrayList<>();
    if (data != null) {
      roots.add(data);
    }
    roots.add(folder);
    if (folder.getParent() != null) {
      roots.add(folder.getParent());
    }
    if (Path.of(name).isAbsolute()) {
      roots = List.of(folder.getRoot());
    }
    List<String> tried = new ArrayList<>();
    for (Path root : roots) {
      String place = root.resolve(name).normalize().toString();
      tried.add(place);
      if (exists(place)) {
        return place;
      }
    }
    throw new DataException(
        DataErrorCode.FILE_NOT_FOUND,
        kwargs.where("data_files")
            + ": the data file '"
            + name
            + "' was looked for at "
            + String.join(", ", tried)
            + (data == null ? " (tasks.data is not set)" : "")
            + " and is at none of them");
  }

  private static boolean exists(String place) {
    if (!FileFinder.isGlob(place)) {
      return Files.isRegularFile(Path.of(place));
    }
    try {
      return !FileFinder.find(place).isEmpty();
    } catch (DataException e) {
      return false;
    }
  }
}
