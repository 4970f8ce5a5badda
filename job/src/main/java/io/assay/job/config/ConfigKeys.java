package io.assay.job.config;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All keys of run files. */
public final class ConfigKeys {
  private static final List<ConfigKey> ALL =
      Stream.of(ModelKeys.ALL, InputKeys.ALL, OutputKeys.ALL).flatMap(List::stream).toList();
  private static final Map<String, ConfigKey> BY_PATH =
      ALL.stream().collect(Collectors.toMap(ConfigKey::path, Function.identity()));
  private static final Pattern ENTRY = Pattern.compile("\\.[0-9]+(?=\\.|$)");

  private ConfigKeys() {}

  /** In the order of a run file. */
  public static List<ConfigKey> all() {
    return ALL;
  }

  /**
   * The key at a place.
   *
   * @param place such as {@code corpora.0.name}
   * @throws IllegalArgumentException if nobody declared it, which would leave it out of the docs
   */
  static ConfigKey at(String place) {
    ConfigKey key = BY_PATH.get(ENTRY.matcher(place).replaceAll("[]"));
    if (key == null) {
      throw new IllegalArgumentException(place + " is read and is not declared as a key");
    }
    return key;
  }
}
