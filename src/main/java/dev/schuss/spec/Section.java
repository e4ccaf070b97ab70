package dev.schuss.spec;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A block of keys in a HOCON file, or the whole file. Only the file is read: no system properties,
 * no environment, no reference.conf. Substitutions are resolved within the file.
 */
public final class Section {
  private final ConfigObject raw;
  private final String path;

  Section(ConfigObject raw, String path) {
    this.raw = raw;
    this.path = path;
  }

  /**
   * Reads a file of this machine.
   *
   * @throws SpecException if it is missing, unreadable or no HOCON
   */
  public static Section ofFile(Path file, Overrides overrides) {
    if (Files.isDirectory(file)) {
      throw new SpecException(file + ": is a folder; name a file in it");
    }
    if (!Files.exists(file)) {
      throw new SpecException(file + ": no such file");
    }
    return read(file.toString(), overrides, o -> ConfigFactory.parseFile(file.toFile(), o));
  }

  /**
   * Reads a text.
   *
   * @param name what errors call it, such as {@code hdfs://host/digits.conf}
   * @throws SpecException if it is no HOCON
   */
  public static Section ofText(String text, String name, Overrides overrides) {
    return read(
        name, overrides, o -> ConfigFactory.parseString(text, o.setOriginDescription(name)));
  }

  /**
   * Wraps nested maps, lists, texts and numbers, such as those of a JSON document. Keys are keys: a
   * dot in one is a part of it.
   *
   * @param name what errors call it
   */
  public static Section ofTree(Map<String, ?> tree, String name) {
    return new Section(ConfigValueFactory.fromMap(tree, name), "");
  }

  private interface Parser {
    Config parse(ConfigParseOptions options);
  }

  private static Section read(String name, Overrides overrides, Parser parser) {
    try {
      Config config =
          parser.parse(
              ConfigParseOptions.defaults()
                  .setAllowMissing(false)
                  .setIncluder(new StrictIncluder()));
      return new Section(overrides.applyTo(config).root(), "");
    } catch (ConfigException e) {
      throw syntaxError(name, e);
    }
  }

  /** The library's messages start with their place, and a few are of several lines. */
  static SpecException syntaxError(String name, ConfigException e) {
    String message =
        String.valueOf(e.getMessage())
            .replaceAll("\\s+", " ")
            .replace(
                "expecting a close parentheses ')' here, not: ", "expected a key or } here, not ")
            .replace(", or you may be able to rename the file .properties rather than .conf", "");
    String where = name;
    if (e.origin() != null) {
      String place = e.origin().description() + ": ";
      message = message.startsWith(place) ? message.substring(place.length()) : message;
      where = Place.of(e.origin()).toString();
    } else if (message.startsWith(name + ": ")) {
      message = message.substring(name.length() + 2);
    }
    return new SpecException(where + ": " + message, e);
  }

  /** The keys from the top to this block, with dots between them; empty at the top. */
  public String path() {
    return path;
  }

  /** The keys in the order in which they were written. */
  public List<String> keys() {
    return raw.entrySet().stream()
        .sorted(
            Comparator.comparingInt((Map.Entry<String, ConfigValue> e) -> line(e.getValue()))
                .thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static int line(ConfigValue value) {
    int line = Place.of(value.origin()).line();
    return line == 0 ? Integer.MAX_VALUE : line;
  }

  /** Whether the key is there, be it null. */
  public boolean has(String key) {
    return raw.containsKey(key);
  }

  /** The value of a key of this block. */
  public Optional<Value> value(String key) {
    return Optional.ofNullable(raw.get(key)).map(v -> new Value(v, child(key)));
  }

  /** The block as a value. */
  public Value asValue() {
    return new Value(raw, path);
  }

  /** The block without some of its keys. */
  public Section without(String... keys) {
    ConfigObject rest = raw;
    for (String key : keys) {
      rest = rest.withoutKey(key);
    }
    return new Section(rest.withOrigin(raw.origin()), path);
  }

  /**
   * The block with another value of one key, whatever was there: a block replaces a block.
   *
   * @param keys from this block down to the key; blocks on the way are made where there are none
   */
  public Section with(List<String> keys, Value value) {
    return new Section(put(raw, keys, value.raw()), path);
  }

  private static ConfigObject put(ConfigObject into, List<String> keys, ConfigValue value) {
    String key = keys.get(0);
    if (keys.size() == 1) {
      return into.withValue(key, value);
    }
    ConfigObject inner =
        into.get(key) instanceof ConfigObject block
            ? block
            : ConfigValueFactory.fromMap(Map.of()).withOrigin(value.origin());
    return into.withValue(key, put(inner, keys.subList(1, keys.size()), value));
  }

  /** The path of a key of this block. */
  public String child(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** An error about this block: {@code file:line: path: message}. */
  public SpecException error(String message) {
    return new SpecException(Place.of(raw.origin()).at(path) + ": " + message);
  }

  /** An error about a key of this block, which need not be there. */
  public SpecException error(String key, String message) {
    ConfigValue value = raw.get(key);
    Place place = Place.of((value == null ? raw : value).origin());
    return new SpecException(place.at(child(key)) + ": " + message);
  }

  /** Refuses keys that are not among these. */
  public void allowOnly(String... keys) {
    allowOnly(Arrays.stream(keys).collect(Collectors.toList()), List.of(), "");
  }

  /**
   * Refuses keys that are neither known nor aliases; only the former are proposed in full.
   *
   * @param what whose keys they are, for the message; may be empty
   */
  void allowOnly(List<String> known, List<String> aliases, String what) {
    for (String key : keys()) {
      if (!known.contains(key) && !aliases.contains(key)) {
        throw error(key, Names.unknown("key" + what, key, known));
      }
    }
  }

  @Override
  public String toString() {
    return Place.of(raw.origin()).at(path);
  }
}
