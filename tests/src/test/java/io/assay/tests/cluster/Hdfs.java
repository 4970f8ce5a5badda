package io.assay.tests.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.DistributedFileSystem;

/**
 * Hadoop's distributed file system on this machine: a name node and a data node, each a JVM of its
 * own. All files are in one folder.
 */
final class Hdfs implements AutoCloseable {
  private static final int START_SECONDS = 600;
  private static final String HOST = "127.0.0.1";
  private static final String NODES = "org.apache.hadoop.hdfs.server.";

  private final Path folder;
  private final SparkHome home;
  private final String uri;
  private final JavaProcess name;
  private final JavaProcess data;

  /** Starts an empty one and waits until it takes files. */
  Hdfs(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    this.home = SparkHome.create();
    this.uri = "hdfs://" + HOST + ":" + freePort();
    Path conf = Files.createDirectories(folder.resolve("conf"));
    write(conf.resolve("core-site.xml"), Map.of("fs.defaultFS", uri));
    Map<String, String> settings = new TreeMap<>();
    settings.put("dfs.replication", "1");
    settings.put("dfs.namenode.name.dir", folder.resolve("names").toString());
    settings.put("dfs.datanode.data.dir", folder.resolve("blocks").toString());
    for (String address :
        List.of("namenode.http-", "datanode.", "datanode.http.", "datanode.ipc.")) {
      settings.put("dfs." + address + "address", HOST + ":0");
    }
    write(conf.resolve("hdfs-site.xml"), settings);
    try (JavaProcess format = node("format", "namenode.NameNode", "-format", "-nonInteractive")) {
      if (format.await(START_SECONDS) != 0) {
        throw new IllegalStateException("the name node cannot be set up:\n" + format.err());
      }
    }
    this.name = node("name", "namenode.NameNode");
    this.data = node("data", "datanode.DataNode");
    try {
      data.await(this::takesFiles, "the data node to be known", START_SECONDS);
    } catch (IOException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void write(Path file, Map<String, String> settings) throws IOException {
    StringBuilder xml = new StringBuilder("<configuration>\n");
    settings.forEach(
        (key, value) ->
            xml.append(
                "<property><name>%s</name><value>%s</value></property>%n".formatted(key, value)));
    Files.writeString(file, xml.append("</configuration>\n"));
  }

  private JavaProcess node(String called, String type, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(
        List.of(
            "-cp",
            String.join(":", folder.resolve("conf").toString(), home.classPath(), servers()),
            NODES + type));
    command.addAll(List.of(arguments));
    return JavaProcess.start(called, folder.resolve(called), home.environment(), command);
  }

  /** The jar that has Hadoop's servers; Spark brings its clients. */
  private static String servers() {
    try {
      Class<?> server =
          Class.forName(NODES + "namenode.NameNode", false, Hdfs.class.getClassLoader());
      return Path.of(server.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (ReflectiveOperationException | URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean takesFiles() {
    Configuration soon = new Configuration();
    soon.set("ipc.client.connect.max.retries", "0");
    try (FileSystem files = FileSystem.newInstance(URI.create(uri), soon)) {
      return ((DistributedFileSystem) files).getDataNodeStats().length > 0;
    } catch (ConnectException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its root, without a slash at the end. */
  String uri() {
    return uri;
  }

  /** A client of it, which the caller closes. */
  FileSystem files() throws IOException {
    return FileSystem.newInstance(URI.create(uri), new Configuration());
  }

  @Override
  public void close() {
    data.close();
    name.close();
  }
}
