package dev.schuss.spec;

import dev.schuss.SourceDocs;
import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.optim.Group;
import dev.schuss.optim.Grouped;
import dev.schuss.optim.Length;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Schedule;
import dev.schuss.optim.Sgd;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The keys of records that job files name, with all that is known of them. */
public final class KeyTables {
  /** The registry of the update rules. */
  public static final Registry<?> RULES = Optimizers.REGISTRY;

  /** The registry of the schedules. */
  public static final Registry<?> SCHEDULES = Optimizers.SCHEDULES;

  /** The registry of the layers. */
  public static final Registry<?> LAYERS = Networks.LAYERS;

  /** The registry of the activations. */
  public static final Registry<?> ACTIVATIONS = Networks.ACTIVATIONS;

  /** The registry of the initializers. */
  public static final Registry<?> INITIALIZERS = Networks.INITIALIZERS;

  /** The registry of the losses. */
  public static final Registry<?> LOSSES = Networks.LOSSES;

  /** What the key's row of a table says, in Markdown. */
  public record Key(String name, String values, String usual, String meaning) {}

  private final Binder binder;
  private final Map<Class<?>, String> words;

  /**
   * Tables of what a binder reads.
   *
   * @param words what may stand for a component of a type that is neither a number, a text, an enum
   *     nor a list of these
   */
  public KeyTables(Binder binder, Map<Class<?>, String> words) {
    this.binder = binder;
    this.words = words;
  }

  /** The alternatives of a registry by name. */
  public static Map<String, Class<?>> alternatives(Registry<?> registry) {
    return new LinkedHashMap<>(registry.types());
  }

  /** What stands around the alternatives of a registry, by its key. */
  public static Map<String, Class<?>> wrappers(Registry<?> registry) {
    Map<String, Class<?>> all = new LinkedHashMap<>(registry.wrapperTypes());
    all.replaceAll((key, type) -> type == Grouped.class ? Group.class : type);
    return all;
  }

  /** The component that another name stands for. */
  public static Map<String, String> aliases(Registry<?> registry) {
    return registry.aliases();
  }

  /** The first paragraph of what the sources say of a record. */
  public static String summary(Class<?> type) {
    return docs(type).summary();
  }

  private static SourceDocs docs(Class<?> type) {
    return SourceDocs.of(type, KeyTables::name);
  }

  /** A record as job files call it. */
  private static String name(String simpleName) {
    for (Registry<?> registry :
        List.of(RULES, SCHEDULES, LAYERS, ACTIVATIONS, INITIALIZERS, LOSSES)) {
      for (var entry : registry.types().entrySet()) {
        if (entry.getValue().getSimpleName().equals(simpleName)) {
          return entry.getKey();
        }
      }
    }
    return simpleName;
  }

  /**
   * The keys of a record.
   *
   * @param given components that the block around it gives, and that are no keys
   */
  public List<Key> keys(Class<?> type, String... given) {
    return keys(type, Map.of(), given);
  }

  /** {@link #keys(Class, String...)} of a record whose defaults need more than any value. */
  public List<Key> keys(Class<?> type, Map<String, Object> needed, String... given) {
    RecordShape shape = RecordShape.of(type);
    Map<String, Object> samples = new HashMap<>();
    for (RecordComponent c : shape.components()) {
      samples.put(c.getName(), sample(c.getType()));
    }
    samples.putAll(needed);
    Object usual = shape.defaults(samples);
    List<Key> keys = new ArrayList<>();
    for (RecordComponent c : shape.components()) {
      if (!Arrays.asList(given).contains(c.getName())) {
        boolean required = shape.required().contains(c.getName());
        keys.add(
            new Key(
                c.getName(),
                values(c.getGenericType(), c.getAnnotation(Range.class)),
                required ? "required" : usual(shape.get(usual, c), c),
                meaning(type, c)));
      }
    }
    return keys;
  }

  /** A record's block with every default, as a job file would write it. */
  public String written(Object record) {
    return hocon(binder.toTree(record));
  }

  private static String hocon(Object tree) {
    if (tree instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .filter(e -> e.getValue() != null)
          .map(e -> e.getKey() + " = " + hocon(e.getValue()))
          .collect(Collectors.joining(", ", "{ ", " }"));
    }
    return tree instanceof Double number ? plain(number) : String.valueOf(tree);
  }

  private static String meaning(Class<?> type, RecordComponent c) {
    StringBuilder text = new StringBuilder();
    String own = docs(type).members().get(c.getName());
    if (own == null || own.isEmpty()) {
      throw new IllegalStateException(
          "%s has no @param %s, which docs/job-file.md shows".formatted(type, c.getName()));
    }
    text.append(own);
    if (c.getType().isEnum()) {
      Map<String, String> constants = docs(c.getType()).members();
      for (Object constant : c.getType().getEnumConstants()) {
        String said = constants.get(((Enum<?>) constant).name());
        if (said == null) {
          throw new IllegalStateException(constant + " of " + c.getType() + " has no comment");
        }
        text.append("<br>`").append(Names.kebab((Enum<?>) constant)).append("`: ").append(said);
      }
    }
    return text.toString();
  }

  /** Any value of a component that is required. */
  private static Object sample(Class<?> type) {
    if (type.isEnum()) {
      return type.getEnumConstants()[0];
    }
    if (type == List.class) {
      return List.of(Length.steps(1));
    }
    Map<Class<?>, Object> samples =
        Map.of(
            Optimizer.class,
            Sgd.DEFAULTS,
            Schedule.class,
            Schedule.constant(0.1),
            Length.class,
            Length.steps(1),
            String.class,
            "x",
            double.class,
            0.1,
            int.class,
            1);
    return samples.get(type);
  }

  private String usual(Object value, RecordComponent c) {
    if (value == null || value.equals(Map.of()) || value.equals(List.of())) {
      return "none";
    }
    Object tree = binder.write(value, c.getGenericType());
    String text = hocon(tree);
    if (tree instanceof Map && text.length() > 40) {
      return "those of its keys";
    }
    return "`"
        + (tree instanceof String && !text.matches("[\\w.-]+") ? "\"" + text + "\"" : text)
        + "`";
  }

  /** {@code 0}, {@code 0.9}, {@code 1e-8}. */
  private static String plain(double v) {
    return v == Math.rint(v) && Math.abs(v) < 1e9
        ? Long.toString((long) v)
        : Double.toString(v).replace(".0E", "e").replace("E", "e");
  }

  private String values(Type generic, Range range) {
    Class<?> type =
        generic instanceof ParameterizedType p ? (Class<?>) p.getRawType() : (Class<?>) generic;
    String described = range == null ? null : Ranges.describe(range).replace("1.0E-30", "1e-30");
    if (words.containsKey(type)) {
      return words.get(type);
    }
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(constant -> written((Enum<?>) constant))
          .collect(Collectors.joining(", "));
    }
    if (type == Length.class) {
      return "a length";
    }
    if (type == Duration.class) {
      return "a time";
    }
    if (type == List.class) {
      Type element = ((ParameterizedType) generic).getActualTypeArguments()[0];
      return element == String.class
          ? "a list of texts"
          : element == Length.class
              ? "a list of lengths"
              : element == Long.class ? "a list of whole numbers" : "a list of blocks";
    }
    if (type == Map.class) {
      return "a block of texts";
    }
    if (type == String.class) {
      return "a text";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "`true`, `false`";
    }
    if (type == Schedule.class) {
      return "a number " + (described == null ? "at least 0" : described) + ", or a schedule";
    }
    boolean whole = List.of(long.class, int.class, Long.class, Integer.class).contains(type);
    if (!whole && type != double.class && type != Double.class) {
      throw new IllegalStateException("no words for " + generic);
    }
    return (whole ? "a whole number" : "a number") + (described == null ? "" : ", " + described);
  }

  private static String written(Enum<?> constant) {
    List<String> others = Names.aliases(constant);
    return "`"
        + Names.kebab(constant)
        + "`"
        + (others.isEmpty() ? "" : " (also `" + String.join("`, `", others) + "`)");
  }
}
