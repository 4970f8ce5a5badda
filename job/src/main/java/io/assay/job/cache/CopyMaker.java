package io.assay.job.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** Makes one copy, or what is missing or damaged of it. Locks are the caller's. */
final class CopyMaker {
  /** Files at a time: one stream of an object store does not fill a network. */
  private static final int STREAMS = 4;

  private final RemoteCheckpoint remote;
  private final Path folder;
  private final Configuration configuration;

  CopyMaker(RemoteCheckpoint remote, Path folder, Configuration configuration) {
    this.remote = remote;
    this.folder = folder;
    this.configuration = configuration;
  }

  /** The manifest if the copy has every file and nobody has touched them since; else null. */
  Manifest complete() throws IOException {
    Manifest manifest = Manifest.read(folder).orElse(null);
    if (manifest == null) {
      return null;
    }
    for (RemoteCheckpoint.File file : remote.files()) {
      Manifest.Entry entry = manifest.files().get(file.name());
      if (entry == null || !untouched(file, entry)) {
        return null;
      }
    }
    return manifest;
  }

  private boolean untouched(RemoteCheckpoint.File file, Manifest.Entry entry) throws IOException {
    Path copy = folder.resolve(file.name());
    return entry.bytes() == file.bytes()
        && Files.isRegularFile(copy)
        && Files.size(copy) == file.bytes()
        && Files.getLastModifiedTime(copy).toMillis() == entry.modified();
  }

  /** Bytes that are to be copied, as far as sizes tell. */
  long missingBytes() throws IOException {
    long missing = 0;
    for (RemoteCheckpoint.File file : remote.files()) {
      Path copy = folder.resolve(file.name());
      if (!Files.isRegularFile(copy) || Files.size(copy) != file.bytes()) {
        missing += file.bytes();
      }
    }
    return missing;
  }

  /** Copies what is not there as listed; files whose hash is still right stay. */
  void make() throws IOException {
    Files.createDirectories(folder);
    Manifest earlier =
        Manifest.read(folder).orElse(new Manifest(remote.folder().toString(), Map.of()));
    Manifest manifest = new Manifest(remote.folder().toString(), new LinkedHashMap<>());
    List<RemoteCheckpoint.File> missing = new ArrayList<>();
    for (RemoteCheckpoint.File file : remote.files()) {
      Manifest.Entry kept = kept(file, earlier.files().get(file.name()));
      if (kept == null) {
        missing.add(file);
      } else {
        manifest = manifest.with(file.name(), kept);
      }
    }
    // A file the manifest does not name counts as missing: it must not outlive its entry.
    manifest.write(folder);
    removeOthers();
    copy(missing, manifest);
  }

  private Manifest.Entry kept(RemoteCheckpoint.File file, Manifest.Entry entry) throws IOException {
    Path copy = folder.resolve(file.name());
    if (entry == null || !Files.isRegularFile(copy) || Files.size(copy) != file.bytes()) {
      return null;
    }
    if (untouched(file, entry)) {
      return entry;
    }
    Manifest.Entry now = FileCopier.entryOf(copy);
    return now.sha256().equals(entry.sha256()) ? now : null;
  }

  private void removeOthers() throws IOException {
    List<String> names = new ArrayList<>(List.of(Manifest.NAME));
    remote.files().forEach(file -> names.add(file.name()));
    try (Stream<Path> all = Files.list(folder)) {
      for (Path path : all.toList()) {
        if (!names.contains(path.getFileName().toString())) {
          Files.delete(path);
        }
      }
    }
  }

  /** The manifest grows file by file, so that an interrupted copy goes on where it was. */
  private void copy(List<RemoteCheckpoint.File> missing, Manifest start) throws IOException {
    FileSystem system = remote.folder().getFileSystem(configuration);
    Manifest manifest = start;
    try (ExecutorService streams = Executors.newFixedThreadPool(STREAMS)) {
      List<Future<Manifest.Entry>> copies = new ArrayList<>();
      for (RemoteCheckpoint.File file : missing) {
        copies.add(
            streams.submit(
                () ->
                    FileCopier.copy(
                        system,
                        new org.apache.hadoop.fs.Path(remote.folder(), file.name()),
                        file.bytes(),
                        folder.resolve(file.name()))));
      }
      try {
        for (int i = 0; i < copies.size(); i++) {
          manifest = manifest.with(missing.get(i).name(), copies.get(i).get());
          manifest.write(folder);
        }
      } catch (ExecutionException e) {
        streams.shutdownNow();
        throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
      } catch (InterruptedException e) {
        streams.shutdownNow();
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }
}
