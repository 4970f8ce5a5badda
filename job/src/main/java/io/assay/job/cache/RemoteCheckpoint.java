package io.assay.job.cache;

import io.assay.job.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
 * @param single name of the one file that was asked for, null if it was the folder
 */
record RemoteCheckpoint(Path folder, List<File> files, String single) {
  /** Weights, configuration, tokenizer and templates; other formats of the same weights stay. */
  private static final Pattern NEEDED =
      Pattern.compile("[^._].*\\.(safetensors|json|jinja|model|txt)");

  /**
   * One file.
   *
   * @param version changes whenever the file system knows that the bytes have
   */
  record File(String name, long bytes, String version) {
    boolean isWeights() {
      return name.endsWith(".safetensors");
    }
  }

  /**
   * Lists the folder of a model.
   *
   * @throws InputException if it cannot be read or holds no checkpoint
   */
  static RemoteCheckpoint list(String location, Configuration configuration) {
    RemoteCheckpoint listed = listAny(location, configuration);
    if (listed.files.stream().noneMatch(f -> f.name().equals("config.json"))) {
      throw new InputException(
          "the model "
              + location
              + " has no config.json among its "
              + listed.files.size()
              + " files; name the folder that holds the checkpoint");
    }
    return listed;
  }

  /**
   * Lists a file of weights, or a folder of them.
   *
   * @throws InputException if it cannot be read or holds none
   */
  static RemoteCheckpoint listWeights(String location, Configuration configuration) {
    RemoteCheckpoint listed = listAny(location, configuration);
    if (listed.files.stream().noneMatch(File::isWeights)) {
      throw new InputException(
          "the weights " + location + " are no .safetensors file and no folder that holds some");
    }
    return listed;
  }

  private static RemoteCheckpoint listAny(String location, Configuration configuration) {
    try {
      Path given = new Path(location);
      FileSystem system = given.getFileSystem(configuration);
      Path path = system.makeQualified(given);
      FileStatus self = system.getFileStatus(path);
      List<File> files = new ArrayList<>();
      for (FileStatus status : self.isFile() ? new FileStatus[] {self} : system.listStatus(path)) {
        if (status.isFile() && NEEDED.matcher(status.getPath().getName()).matches()) {
          files.add(new File(status.getPath().getName(), status.getLen(), version(system, status)));
        }
      }
      files.sort(Comparator.comparing(File::name));
      return self.isFile()
          ? new RemoteCheckpoint(path.getParent(), List.copyOf(files), path.getName())
          : new RemoteCheckpoint(path, List.copyOf(files), null);
    } catch (IOException | IllegalArgumentException e) {
      throw new InputException(
          location
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

  /** What stands for the location, in a folder of this machine that holds its files. */
  java.nio.file.Path in(java.nio.file.Path copy) {
    return single == null ? copy : copy.resolve(single);
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
