package dev.schuss.spec;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import dev.schuss.math.EditDistance;
import dev.schuss.math.Ranges;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** A value in a job file, which knows its path and where it was written. */
public final class Value {
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,9})?");
  private static final int SHOWN = 60;

  private final ConfigValue raw;
  private final String path;

  Value(ConfigValue raw, String path) {
    this.raw = raw;
    this.path = path;
  }

  /** The keys from the top to this value, with dots between them. */
  public String path() {
    return path;
  }

  /**
   * A value that no file holds.
   *
   * @param tree a map, list, text, number or boolean
   * @param name what errors call its place
   */
  public static Value of(Object tree, String name) {
    return new Value(ConfigValueFactory.fromAnyRef(tree, name), "");
  }

  /** Maps, lists, texts, numbers and booleans, as they were written. */
  public Object tree() {
    return raw.unwrapped();
  }

  ConfigValue raw() {
    return raw;
  }

  Place place() {
    return Place.of(raw.origin());
  }

  /** Whether it is the word null. */
  public boolean isNull() {
    return raw.valueType() == ConfigValueType.NULL;
  }

  /** Whether it is null on the command line, which asks for the default. */
  boolean isUnset() {
    return isNull() && place().isOverride();
  }

  /** Whether it is a block of keys. */
  public boolean isSection() {
    return raw.valueType() == ConfigValueType.OBJECT;
  }

  /** Whether it is a list. */
  public boolean isList() {
    return raw.valueType() == ConfigValueType.LIST;
  }

  /** Whether it is a word or a text, rather than a number, a list or a block. */
  public boolean isText() {
    return raw.valueType() == ConfigValueType.STRING;
  }

  /** An error about this value, which it names: {@code file:line: path = value: message}. */
  public SpecException error(String message) {
    return new SpecException(place().at(path) + " = " + shown() + ": " + message);
  }

  /**
   * What the action returns; an {@link Ranges.OutOfRange} or another illegal argument that it
   * throws becomes an error about this value.
   */
  public <T> T checked(Supplier<T> action) {
    try {
      return action.get();
    } catch (Ranges.OutOfRange e) {
      throw error(e.requirement());
    } catch (IllegalArgumentException e) {
      throw error(String.valueOf(e.getMessage()));
    }
  }

  /** A block of keys. */
  public Section section() {
    if (raw instanceof ConfigObject object) {
      return new Section(object, path);
    }
    throw error("must be a block { ... }");
  }

  /** A block without keys, in the place of this value. */
  Section emptySection() {
    ConfigObject empty = ConfigValueFactory.fromMap(Map.of());
    return new Section(empty.withOrigin(raw.origin()), path);
  }

  /** A block with this value under one key, in the place of this value. */
  Section under(String key) {
    ConfigObject block = ConfigValueFactory.fromMap(Map.of());
    String parent = path.endsWith("." + key) ? path.substring(0, path.lastIndexOf('.')) : path;
    return new Section(block.withOrigin(raw.origin()).withValue(key, raw), parent);
  }

  /** The elements of a list; anything else is a list of one. */
  public List<Value> elements() {
    if (!(raw instanceof ConfigList list)) {
      return List.of(this);
    }
    List<Value> elements = new ArrayList<>();
    for (ConfigValue element : list) {
      elements.add(new Value(element, path + "[" + elements.size() + "]"));
    }
    return elements;
  }

  /** A text; a number or true and false as they were written. */
  public String text() {
    return switch (raw.valueType()) {
      case STRING, NUMBER, BOOLEAN -> raw.atKey("v").getString("v");
      default -> throw error("must be a text");
    };
  }

  /** True or false, also written yes, no, on, off. */
  public boolean bool() {
    if (raw.valueType() == ConfigValueType.BOOLEAN || isText()) {
      Boolean known =
          switch (text().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> null;
          };
      if (known != null) {
        return known;
      }
    }
    throw error("must be true or false");
  }

  /** A finite number. */
  public double real() {
    if (isNumberOrText() && DECIMAL.matcher(text()).matches()) {
      double number = Double.parseDouble(text());
      if (Double.isFinite(number)) {
        return number;
      }
    }
    throw error("must be a finite number");
  }

  /** A number that is finite in single precision too, rounded but once. */
  public float single() {
    if (Math.abs(real()) <= Float.MAX_VALUE) {
      return Float.parseFloat(text());
    }
    throw error("must be a finite number of single precision");
  }

  /** A whole number; 1e3 is one, 128.7 is not. */
  public long integer(long min, long max) {
    if (isNumberOrText() && DECIMAL.matcher(text()).matches()) {
      BigDecimal number = new BigDecimal(text());
      // The first comparison keeps 1e999999999 from being written out.
      boolean whole = number.scale() <= 0 || number.stripTrailingZeros().scale() <= 0;
      if (whole) {
        if (number.compareTo(BigDecimal.valueOf(min)) >= 0
            && number.compareTo(BigDecimal.valueOf(max)) <= 0) {
          return number.longValueExact();
        }
        throw error("must be a whole number in [" + min + ", " + max + "]");
      }
    }
    throw error("must be a whole number");
  }

  /** A length of time with its unit, such as {@code 10 minutes} or {@code 90s}. */
  public Duration duration() {
    if (isText() && !DECIMAL.matcher(text()).matches()) {
      try {
        return raw.atKey("v").getDuration("v");
      } catch (ConfigException e) {
        throw new SpecException(error("must be a time such as 10 minutes").getMessage(), e);
      }
    }
    throw error("must be a time with its unit, such as 10 minutes");
  }

  /** One of an enum's constants by its lower-case name. */
  Object constant(Class<?> type) {
    List<String> known = new ArrayList<>();
    for (Object constant : type.getEnumConstants()) {
      known.add(Names.kebab((Enum<?>) constant));
    }
    if (isNumberOrText() || raw.valueType() == ConfigValueType.BOOLEAN) {
      String name = text().toLowerCase(Locale.ROOT).replace('_', '-');
      if (known.contains(name)) {
        return type.getEnumConstants()[known.indexOf(name)];
      }
      for (Object constant : type.getEnumConstants()) {
        if (Names.aliases((Enum<?>) constant).contains(name)) {
          return constant;
        }
      }
      List<String> nearestFirst = EditDistance.nearestFirst(name, known);
      throw error("must be one of " + String.join(", ", nearestFirst));
    }
    throw error("must be one of " + String.join(", ", known));
  }

  private boolean isNumberOrText() {
    return raw.valueType() == ConfigValueType.NUMBER || isText();
  }

  private String shown() {
    String text =
        switch (raw.valueType()) {
          case OBJECT -> "{ ... }";
          case NUMBER -> text();
          default -> raw.render(ConfigRenderOptions.concise());
        };
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }

  @Override
  public String toString() {
    return place().at(path) + " = " + shown();
  }
}
