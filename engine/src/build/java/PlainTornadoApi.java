import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Copies the classes of TornadoVM's API out of the jar that carries them, without the mark that
 * lets only Java 21 load them: bytes 4 and 5 of a class file are its minor version, 65535 there.
 *
 * <p>Arguments: the jar, the jar to write.
 */
final class PlainTornadoApi {
  private static final String API = "uk/ac/manchester/tornado/api/";
  private static final int MINOR_VERSION = 4;

  private PlainTornadoApi() {}

  public static void main(String[] arguments) throws IOException {
    Path target = Path.of(arguments[1]);
    Files.createDirectories(target.getParent());
    try (JarFile source = new JarFile(arguments[0]);
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(target))) {
      var classes =
          source.stream()
              .filter(e -> e.getName().startsWith(API) && e.getName().endsWith(".class"))
              .sorted(Comparator.comparing(JarEntry::getName))
              .toList();
      for (JarEntry entry : classes) {
        try (InputStream in = source.getInputStream(entry)) {
          byte[] bytes = in.readAllBytes();
          bytes[MINOR_VERSION] = 0;
          bytes[MINOR_VERSION + 1] = 0;
          ZipEntry copy = new ZipEntry(entry.getName());
          copy.setTime(0);
          out.putNextEntry(copy);
          out.write(bytes);
          out.closeEntry();
        }
      }
      if (classes.isEmpty()) {
        throw new IOException(arguments[0] + " holds no class under " + API);
      }
    }
  }
}
