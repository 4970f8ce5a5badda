package io.assay.tests.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.assay.job.UsageException;
import io.assay.job.config.ConfigKey;
import io.assay.job.config.ConfigKeys;
import io.assay.job.config.Places;
import io.assay.job.config.RunConfig;
import io.assay.job.config.RunConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/**
 * The keys of docs/configuration.md are those that the code declares, and these are the ones that
 * the reader of run files knows: all of them and no others, with their defaults and types.
 */
class ConfigurationPageTest {
  private static final Path ROOT =
      Path.of(System.getProperty("assay.root", "..")).toAbsolutePath().normalize();
  private static final Path PAGE = ROOT.resolve("docs/configuration.md");
  private static final Pattern KNOWN = Pattern.compile("unknown key; known keys: (.*)");

  @TempDir private Path folder;
  private final List<ConfigKey> keys = ConfigKeys.all();

  @BeforeEach
  void writeData() throws IOException {
    Files.writeString(folder.resolve("texts.jsonl"), "{\"text\": \"a\"}\n");
  }

  /** A run file that has what must be given, and a list of each kind with one entry. */
  private static Map<String, Object> base() {
    return new Yaml()
        .load(
            """
            run: {}
            model: {path: %s}
            tasks: {}
            corpora: [{name: c, path: texts.jsonl}]
            prompts: [{path: texts.jsonl, prompt: q}]
            generation: {}
            statistics: {}
            spark: {}
            gates: {rules: [{metric: acc, max_decrease: 0.01}]}
            store: {}
            failures: {}
            """
                .formatted(ROOT.resolve("datasets/quickstart/model")));
  }

  private RunConfig read(Map<String, Object> file) throws IOException {
    Path written = Files.writeString(folder.resolve("run.yaml"), new Yaml().dump(file));
    return new RunConfigReader(new Places(List.of(folder)), LocalDate.EPOCH)
        .read(written, List.of(), null);
  }

  /** The mapping that holds a key, such as the first corpus for {@code corpora[].name}. */
  @SuppressWarnings("unchecked")
  private static Map<String, Object> holder(Map<String, Object> file, String path) {
    Object node = file;
    String[] parts = path.split("\\.", -1);
    for (int i = 0; i < parts.length - 1; i++) {
      node = ((Map<String, Object>) node).get(parts[i].replace("[]", ""));
      node = parts[i].endsWith("[]") ? ((List<Object>) node).getFirst() : node;
    }
    return (Map<String, Object>) node;
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  @Test
  void thePageIsThatOfTheKeys() throws IOException {
    GeneratedPart.check(PAGE, "keys", tables(), ConfigurationPageTest.class);
  }

  /** A table for each section. */
  private static String tables() {
    StringBuilder text = new StringBuilder();
    String section = "";
    for (ConfigKey key : ConfigKeys.all()) {
      if (!key.section().equals(section)) {
        section = key.section();
        text.append("\n### ").append(section);
        text.append("\n\n| key | type | default | meaning |\n|---|---|---|---|\n");
      }
      text.append(
          "| `%s` | %s | %s | %s |%n"
              .formatted(
                  key.path(),
                  key.type().said(),
                  key.isRequired() ? "-" : "`" + GeneratedPart.cell(key.yaml()) + "`",
                  GeneratedPart.cell(key.meaning())));
    }
    return text.append('\n').toString();
  }

  @Test
  void everyKeyTheReaderKnowsHasARowAndNoOther() {
    Map<String, TreeSet<String>> sections = new LinkedHashMap<>();
    for (ConfigKey key : keys) {
      int dot = key.path().lastIndexOf('.');
      if (dot > 0) {
        sections
            .computeIfAbsent(key.path().substring(0, dot), section -> new TreeSet<>())
            .add(last(key.path()));
      }
    }
    assertThat(sections).hasSize(12);
    sections.forEach(
        (section, named) -> {
          Map<String, Object> file = base();
          holder(file, section + ".x").put("no-such-key", 1);
          Throwable refused = catchThrowable(() -> read(file));
          assertThat(refused).as(section).isInstanceOf(UsageException.class);
          Matcher known = KNOWN.matcher(refused.getMessage());
          assertThat(known.find()).as(refused.getMessage()).isTrue();
          assertThat(List.of(known.group(1).split(", ", -1)))
              .as(section)
              .containsExactlyElementsOf(named);
        });
  }

  @Test
  void defaultsThatAreWrittenOutChangeNothing() throws IOException {
    Map<String, Object> written = base();
    List<String> set = new ArrayList<>();
    for (ConfigKey key : keys) {
      Map<String, Object> holder = holder(written, key.path());
      if (!key.isRequired() && !holder.containsKey(last(key.path()))) {
        holder.put(last(key.path()), new Yaml().load(key.yaml()));
        set.add(key.path());
      }
    }
    assertThat(set).hasSizeGreaterThan(50);
    assertThat(read(written))
        .usingRecursiveComparison()
        .ignoringFields("yaml")
        .isEqualTo(read(base()));
  }

  @Test
  void whatMustBeGivenMust() {
    for (ConfigKey key : keys) {
      if (key.isRequired()) {
        Map<String, Object> file = base();
        holder(file, key.path()).remove(last(key.path()));
        if (!key.path().endsWith("max_increase")) {
          assertThatThrownBy(() -> read(file)).as(key.path()).isInstanceOf(UsageException.class);
        }
      }
    }
  }

  @Test
  void aValueOfAnotherTypeIsRefusedByTheKeysPath() {
    for (ConfigKey key : keys) {
      Object wrong =
          switch (key.type().said().split(" ", -1)[0]) {
            case "text" -> Map.of("a", 1);
            case "true", "list", "mapping" -> 5;
            case "whole" -> 1.5;
            case "number" -> "many";
            case "one" -> "nothing-of-these";
            default -> throw new IllegalArgumentException(key + " has a type nobody knows");
          };
      Map<String, Object> file = base();
      holder(file, key.path()).put(last(key.path()), wrong);
      if (key.path().endsWith("max_increase")) {
        holder(file, key.path()).remove("max_decrease");
      }
      assertThatThrownBy(() -> read(file))
          .as(key.path())
          .isInstanceOf(UsageException.class)
          .hasMessageStartingWith(key.path().replace("[]", ".0"));
    }
  }
}
