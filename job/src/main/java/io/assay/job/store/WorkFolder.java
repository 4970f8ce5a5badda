package io.assay.job.store;

import io.assay.job.RunFailedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a run keeps while it goes on, under {@code _staging/<run>/_work}: its plan, the contents of
 * its slices, their answers, and marks of what is being asked.
 */
public final class WorkFolder {
  private static final Pattern ANSWERS =
      Pattern.compile("slices-(\\d+)-(\\d+)-[0-9a-f-]+\\.parquet");

  private final Path folder;
  private final Configuration configuration;
  private final FileSystem files;

  /** The folder; it need not be there. */
  public WorkFolder(Path folder, Configuration configuration) {
    this.folder = folder;
    this.configuration = configuration;
    try {
      this.files = folder.getFileSystem(configuration);
    } catch (IOException e) {
      throw failed("reach", folder, e);
    }
  }

  /** File of the plan. */
  public Path plan() {
    return new Path(folder, "plan");
  }

  /** Folder of the contents of slices. */
  public String slices() {
    return new Path(folder, "slices").toString();
  }

  /** Folder of answers. */
  public String answers() {
    return new Path(folder, "answers").toString();
  }

  /** Folder of marks of what is being asked. */
  public String marksFolder() {
    return new Path(folder, "marks").toString();
  }

  /** Marks of what is being asked. */
  public Marks marks() {
    return new Marks(marksFolder(), configuration);
  }

  /** Removes everything. */
  public void clear() {
    try {
      files.delete(folder, true);
    } catch (IOException e) {
      throw failed("remove", folder, e);
    }
  }

  /**
   * Answers of a stretch of slices.
   *
   * @param from index of its first slice
   * @param to index of its last slice
   */
  public record Answered(int from, int to, String file) {}

  /** Name of the answers of a stretch of slices; a repeated task gives it another suffix. */
  public static String name(int from, int to, String suffix) {
    return String.format(Locale.ROOT, "slices-%08d-%08d-%s.parquet", from, to, suffix);
  }

  /** Complete files of answers, one for each slice that has any, by the slice's index. */
  public SortedMap<Integer, Answered> answered() {
    List<Answered> found = new ArrayList<>();
    try {
      for (FileStatus status : files.listStatus(new Path(answers()))) {
        Matcher name = ANSWERS.matcher(status.getPath().getName());
        if (name.matches()) {
          found.add(
              new Answered(
                  Integer.parseInt(name.group(1)),
                  Integer.parseInt(name.group(2)),
                  status.getPath().toString()));
        }
      }
    } catch (FileNotFoundException e) {
      return new TreeMap<>();
    } catch (IOException e) {
      throw failed("list", new Path(answers()), e);
    }
    TreeMap<Integer, Answered> bySlice = new TreeMap<>();
    // The same rows are in every file of a slice; all drivers choose the same.
    found.sort(Comparator.comparing(Answered::file));
    for (Answered answered : found) {
      for (int slice = answered.from(); slice <= answered.to(); slice++) {
        bySlice.putIfAbsent(slice, answered);
      }
    }
    return bySlice;
  }

  /** Size of all answers. */
  public long bytes() {
    try {
      return list(files, new Path(answers())).stream().mapToLong(FileStatus::getLen).sum();
    } catch (IOException e) {
      throw failed("list", new Path(answers()), e);
    }
  }

  /** Removes files of answers that cannot be read. */
  public void remove(List<String> damaged) {
    for (String file : damaged) {
      try {
        files.delete(new Path(file), false);
      } catch (IOException e) {
        throw failed("remove", new Path(file), e);
      }
    }
  }

  private static RunFailedException failed(String verb, Path path, IOException e) {
    return new RunFailedException(
        "could not "
            + verb
            + " "
            + path
            + ": "
            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
        e);
  }

  static List<FileStatus> list(FileSystem files, Path folder) throws IOException {
    try {
      return Arrays.asList(files.listStatus(folder));
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }
}
