package dev.schuss.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.Generated;
import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.optim.Group;
import dev.schuss.optim.Grouped;
import dev.schuss.optim.Length;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Schedule;
import dev.schuss.optim.Sgd;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The list of rules in the documentation, made from the records themselves. */
class RuleListTest {
  private static final Path PAGE = Path.of("docs/rules.md");

  @Test
  void theDocumentedRulesAreThoseOfTheRegistry() {
    compare("rules", rules());
    assertThat(rules()).hasSizeGreaterThan(2 + Optimizers.REGISTRY.names().size());
  }

  @Test
  void theDocumentedWrappersAreThoseOfTheRegistry() {
    List<String> lines = header("block");
    Optimizers.REGISTRY
        .wrapperTypes()
        .forEach(
            (key, type) ->
                lines.addAll(keys(key, type == Grouped.class ? Group.class : type, "inner")));
    compare("wrappers", lines);
  }

  @Test
  void theDocumentedSchedulesAreThoseOfTheRegistry() {
    List<String> lines = header("schedule");
    Optimizers.SCHEDULES.types().forEach((name, type) -> lines.addAll(keys(name, type, "base")));
    Optimizers.SCHEDULES
        .wrapperTypes()
        .forEach((key, type) -> lines.addAll(keys(key + " { }", type, "inner")));
    compare("schedules", lines);
  }

  private static void compare(String name, List<String> table) {
    if (Generated.writing()) {
      Generated.write(PAGE, name, table);
    }
    assertThat(Generated.read(PAGE, name))
        .as("%s; -Dschuss.docs=write writes it anew", PAGE)
        .isEqualTo(table);
  }

  private static List<String> header(String first) {
    return new ArrayList<>(
        List.of("| " + first + " | key | default | values |", "|---|---|---|---|"));
  }

  private static List<String> rules() {
    List<String> lines = header("rule");
    for (String name : Optimizers.REGISTRY.names()) {
      Optimizer rule =
          Vocabulary.binder().fromTree(Map.of("rule", name), Optimizer.class, "the list of rules");
      String first = "`" + name + "`" + (rule.fullBatch() ? " (full batch)" : "");
      RecordShape shape = RecordShape.of(rule.getClass());
      for (RecordComponent c : shape.components()) {
        lines.add(line(first, c, usual(shape.get(rule, c))));
        first = "";
      }
    }
    return lines;
  }

  /** The keys of a record but for one, which the block around it gives. */
  private static List<String> keys(String name, Class<?> type, String given) {
    RecordShape shape = RecordShape.of(type);
    Map<String, Object> samples = new HashMap<>();
    for (RecordComponent c : shape.components()) {
      samples.put(c.getName(), sample(c));
    }
    Object usual = shape.defaults(samples);
    List<String> lines = new ArrayList<>();
    String first = "`" + name + "`";
    for (RecordComponent c : shape.components()) {
      if (!c.getName().equals(given)) {
        boolean required = shape.required().contains(c.getName());
        lines.add(line(first, c, required ? "required" : usual(shape.get(usual, c))));
        first = "";
      }
    }
    return lines.isEmpty() ? List.of("| " + first + " |  |  |  |") : lines;
  }

  private static String line(String first, RecordComponent c, String usual) {
    return "| %s | `%s` | %s | %s |".formatted(first, c.getName(), usual, values(c));
  }

  /** Any value of a component that is required. */
  private static Object sample(RecordComponent c) {
    Class<?> type = c.getType();
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
            "*",
            double.class,
            0.1);
    return samples.get(type);
  }

  private static String usual(Object value) {
    if (value == null) {
      return "none";
    }
    Object tree =
        value instanceof Enum<?> constant
            ? Names.kebab(constant)
            : value instanceof Number ? value : Vocabulary.binder().toTree(value);
    return tree instanceof Double number ? plain(number) : tree.toString();
  }

  /** {@code 0}, {@code 0.9}, {@code 1e-8}. */
  private static String plain(double v) {
    return v == Math.rint(v) && Math.abs(v) < 1e9
        ? Long.toString((long) v)
        : Double.toString(v).replace(".0E", "e").replace("E", "e");
  }

  private static String values(RecordComponent c) {
    Class<?> type = c.getType();
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(constant -> written((Enum<?>) constant))
          .collect(Collectors.joining(", "));
    }
    if (type == Length.class) {
      return "N, N steps, N epochs";
    }
    if (type == List.class) {
      return "a list of lengths";
    }
    if (type == String.class) {
      return c.getName().equals("metric")
          ? "a metric of the validation"
          : "a layer, with * for any";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true, false";
    }
    Range range = c.getAnnotation(Range.class);
    if (type == Schedule.class) {
      return (range == null ? "at least 0" : Ranges.describe(range)) + "; or a schedule";
    }
    String whole =
        type == long.class || type == int.class || type == Long.class ? "a whole number, " : "";
    return whole + (range == null ? "a number" : Ranges.describe(range));
  }

  private static String written(Enum<?> constant) {
    List<String> others = Names.aliases(constant);
    return Names.kebab(constant)
        + (others.isEmpty() ? "" : " (also " + String.join(", ", others) + ")");
  }
}
