package dev.schuss.spec;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Values from the command line, {@code --set key=value}, which replace those of the file. The value
 * is HOCON when it starts with a bracket, a brace or a quotation mark or is a number, true, false
 * or null, else it is the text itself, so that {@code hdfs://host:9000/x} needs no quoting. A block
 * replaces the file's block, and null takes a key away.
 */
public final class Overrides {
  /** No overrides. */
  public static final Overrides NONE = new Overrides(List.of());

  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");

  private record Entry(String key, Config layer) {}

  private final List<Entry> entries;

  private Overrides(List<Entry> entries) {
    this.entries = entries;
  }

  /**
   * Overrides in their order; a later one wins.
   *
   * @param assignments each {@code key=value}, with dots between the parts of a key
   * @throws SpecException if one is not of this form
   */
  public static Overrides of(List<String> assignments) {
    List<Entry> entries = new ArrayList<>();
    for (String assignment : assignments) {
      entries.add(entry(assignment));
    }
    return new Overrides(List.copyOf(entries));
  }

  private static Entry entry(String assignment) {
    int equals = assignment.indexOf('=');
    if (equals < 1) {
      throw new SpecException("--set " + assignment + ": must be key=value, as train.epochs=5");
    }
    String key = assignment.substring(0, equals).strip();
    String value = assignment.substring(equals + 1);
    try {
      ConfigUtil.splitPath(key);
    } catch (ConfigException e) {
      throw new SpecException(
          "--set " + assignment + ": " + key + " is not a key such as train.epochs", e);
    }
    String place = Place.override(key);
    try {
      Config layer =
          parse(key + " = " + (isHocon(value) ? value : ConfigUtil.quoteString(value)), place);
      // A null beneath a block keeps what the file has there from being merged into it.
      return new Entry(key, layer.withFallback(parse(key + " = null", place)));
    } catch (ConfigException e) {
      throw Section.syntaxError(place, e);
    }
  }

  private static Config parse(String text, String place) {
    return ConfigFactory.parseString(
        text, ConfigParseOptions.defaults().setOriginDescription(place));
  }

  private static boolean isHocon(String value) {
    String v = value.strip();
    return v.startsWith("[")
        || v.startsWith("{")
        || v.startsWith("\"")
        || v.equals("true")
        || v.equals("false")
        || v.equals("null")
        || NUMBER.matcher(v).matches();
  }

  /** The file with these values, its substitutions resolved. */
  Config applyTo(Config file) {
    Config config = file;
    for (Entry entry : entries) {
      config = entry.layer.withFallback(config);
    }
    config = config.resolve(ConfigResolveOptions.noSystem());
    for (Entry entry : entries) {
      // A null for a key that the file lacks stays, so that a mistyped key is found unknown.
      if (config.hasPathOrNull(entry.key)
          && config.getIsNull(entry.key)
          && holds(file, entry.key)) {
        config = config.withoutPath(entry.key);
      }
    }
    return config;
  }

  private static boolean holds(Config file, String key) {
    try {
      return file.resolve(ConfigResolveOptions.noSystem().setAllowUnresolved(true))
          .hasPathOrNull(key);
    } catch (ConfigException.NotResolved e) {
      return true;
    }
  }
}
