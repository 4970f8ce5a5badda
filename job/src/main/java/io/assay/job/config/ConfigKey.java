package io.assay.job.config;

/**
 * A key of a run file: declared once, read by {@link Section} and printed in docs/configuration.md.
 *
 * @param path where it stands, {@code []} for the entries of a list: {@code corpora[].name}
 * @param type what values it takes
 * @param yaml its default as a run file has it; null if it must be given
 * @param meaning what it does, in Markdown
 */
public record ConfigKey(String path, ConfigType type, String yaml, String meaning) {
  static ConfigKey key(String path, ConfigType type, String yaml, String meaning) {
    return new ConfigKey(path, type, yaml, meaning);
  }

  static ConfigKey required(String path, ConfigType type, String meaning) {
    return new ConfigKey(path, type, /* yaml= */ null, meaning);
  }

  /** Whether it, or of keys that exclude each other one, must be given. */
  public boolean isRequired() {
    return yaml == null;
  }

  /** The default: a text, number, list or mapping, or null. */
  Object standard() {
    return yaml == null ? null : YamlReader.parse(yaml, path);
  }

  /** The section it is in. */
  public String section() {
    return path.split("[.\\[]", -1)[0];
  }
}
