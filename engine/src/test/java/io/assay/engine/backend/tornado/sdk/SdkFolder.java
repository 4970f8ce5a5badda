package io.assay.engine.backend.tornado.sdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Lays out a folder as a TornadoVM SDK of version 5.2.0 does; the jars are empty files. */
final class SdkFolder {
  private SdkFolder() {}

  static Path create(Path home, String version, String... backends) throws IOException {
    write(home, "etc/tornado.release", "version=" + version + "\nbranch=master\ncommit=1234567\n");
    write(
        home,
        "etc/tornado.backend",
        "tornado.backends=" + String.join("-backend,", backends) + "-backend\n");
    write(home, "etc/exportLists/common-exports", "# a comment\n\n--add-reads=a=b\n");
    for (String jar :
        List.of(
            "tornado-api-" + version,
            "tornado-api-" + version + "-sources",
            "tornado-runtime-" + version,
            "tornado-annotation-" + version,
            "tornado-drivers-common-" + version,
            "asm-9.9",
            "asm-tree-9.9",
            "commons-math3-3.2",
            "snmp4j-2.8.6",
            "log4j-api-2.17.1")) {
      write(home, "share/java/tornado/" + jar + ".jar", "");
    }
    for (String jar :
        List.of("compiler", "truffle-compiler", "truffle-api", "collections", "word")) {
      write(home, "share/java/graalJars/" + jar + "-25.0.2.jar", "");
    }
    for (String backend : backends) {
      write(home, "share/java/tornado/tornado-drivers-" + backend + "-" + version + ".jar", "");
      write(home, "lib/" + System.mapLibraryName("tornado-" + backend), "");
      write(home, "etc/exportLists/" + backend + "-exports", "--add-opens=c=" + backend + "\n");
    }
    return home;
  }

  private static void write(Path home, String file, String text) throws IOException {
    Path path = home.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
