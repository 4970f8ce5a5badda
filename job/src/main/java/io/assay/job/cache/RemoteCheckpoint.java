package io.assay.job.cache;

import io.assay.job.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileChecksum;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files of a checkpoint on any Hadoop file system, as they were when listed.
 *
 * @param folder qualified
 * @param files sorted by name
 */
record RemoteCheckpoint(Path folder, List<File> files) {
  /** Weights, configuration, tokenizer and templates; other formats of the same weights stay. */
  private static final Pattern NEEDED =
      Pattern.compile("[^._].*\\.(safetensors|json|jinja|model|txt)");

  /**
   * One file.
   *
   * @param version changes whenever the file system knows that the bytes have
   */
  record File(String name, long bytes, String version) {}

  /**
   * Lists the folder.
   *
   * @throws InputException if it cannot be read or holds no checkpoint
   */
  static RemoteCheckpoint list(String location, Configuration configuration) {
    try {
      Path given = new Path(location);
      FileSystem system = given.getFileSystem(configuration);
      Path folder = system.makeQualified(given);
      FileStatus[] found = system.listStatus(folder);
      if (Arrays.stream(found).noneMatch(f -> f.getPath().getName().equals("config.json"))) {
        throw new InputException(
            "the model "
                + location
                + " has no config.json among its "
                + found.length
                + " entries; name the folder that holds the checkpoint");
      }
      List<File> files = new ArrayList<>();
      for (FileStatus status : found) {
        if (status.isFile() && NEEDED.matcher(status.getPath().getName()).matches()) {
          files.add(new File(status.getPath().getName(), status.getLen(), version(system, status)));
        }
      }
      files.sort(Comparator.comparing(File::name));
      return new RemoteCheckpoint(folder, List.copyOf(files));
    } catch (IOException | IllegalArgumentException e) {
      throw new InputException(
          "the model "
              + location
              + " cannot be listed: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
              + "; check the path and the Hadoop settings it needs",
          e);
    }
  }

  private static String version(FileSystem system, FileStatus status) throws IOException {
    // Object stores and HDFS have checksums and ETags; where there is none the time has to do.
    FileChecksum checksum = system.getFileChecksum(status.getPath());
    String sum =
        checksum == null
            ? ""
            : checksum.getAlgorithmName() + HexFormat.of().formatHex(checksum.getBytes());
    return status.getModificationTime() + "/" + sum;
  }

  long bytes() {
    return files.stream().mapToLong(File::bytes).sum();
  }

  /** Name of the copy: another one for other bytes, as far as the file system knows. */
  String key() {
    StringBuilder text = new StringBuilder(folder.toString());
    for (File file : files) {
      text.append('\0').append(file.name()).append('\0').append(file.bytes());
      text.append('\0').append(file.version());
    }
    byte[] hash = Digests.sha256().digest(text.toString().getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash, 0, 16);
  }
}
