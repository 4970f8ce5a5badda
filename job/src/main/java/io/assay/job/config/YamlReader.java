package io.assay.job.config;

import io.assay.job.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** YAML as plain maps, lists and scalars: no tags, no classes, no duplicate keys. */
final class YamlReader {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_DEPTH = 40;
  private static final int MAX_ALIASES = 50;

  private YamlReader() {}

  /** Reads a file whose root is a mapping. */
  static Map<String, Object> read(Path file) {
    byte[] bytes;
    // Not by the file's size, which pipes and devices do not tell.
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      throw UsageException.config(
          file.toString(), "the run file cannot be read: " + e.getMessage());
    }
    if (bytes.length > MAX_BYTES) {
      throw UsageException.config(
          file.toString(), "the file is larger than " + MAX_BYTES + " bytes: not a run file");
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw UsageException.config(file.toString(), "the run file is not UTF-8");
    }
    Object root = parse(text, file.toString());
    if (!(root instanceof Map<?, ?> map)) {
      throw UsageException.config(
          file.toString(), "a run file is a mapping of sections, found " + Section.kind(root));
    }
    return Section.keyed(map, "");
  }

  /**
   * Parses a scalar, list or mapping.
   *
   * @param where file or option named in messages
   */
  static Object parse(String text, String where) {
    try {
      return yaml().load(text);
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      String line = mark == null ? "" : " (line " + (mark.getLine() + 1) + ")";
      throw UsageException.config(where, "not valid YAML" + line + ": " + e.getProblem());
    } catch (YAMLException e) {
      String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw UsageException.config(where, "not valid YAML: " + first);
    }
  }

  /** Renders plain maps, lists and scalars in block style, keys in their order. */
  static String write(Map<String, Object> root) {
    return yaml().dump(new LinkedHashMap<>(root));
  }

  private static Yaml yaml() {
    LoaderOptions loader = new LoaderOptions();
    loader.setAllowDuplicateKeys(false);
    loader.setMaxAliasesForCollections(MAX_ALIASES);
    loader.setNestingDepthLimit(MAX_DEPTH);
    loader.setAllowRecursiveKeys(false);
    DumperOptions dumper = new DumperOptions();
    dumper.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    dumper.setAllowUnicode(true);
    return new Yaml(
        new SafeConstructor(loader), new Representer(dumper), dumper, loader, new PlainResolver());
  }

  /** Dates stay text: {@code id: 2026-01-01} is a name. */
  private static final class PlainResolver extends Resolver {
    @Override
    public void addImplicitResolver(Tag tag, Pattern pattern, String first, int limit) {
      if (!tag.equals(Tag.TIMESTAMP)) {
        super.addImplicitResolver(tag, pattern, first, limit);
      }
    }
  }
}
