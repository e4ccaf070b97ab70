package dev.schuss.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.Generated;
import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Schedule;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The list of rules in the documentation, made from the records themselves. */
class RuleListTest {
  private static final Path PAGE = Path.of("docs/rules.md");

  @Test
  void theDocumentedRulesAreThoseOfTheRegistry() {
    List<String> table = table();
    if (Generated.writing()) {
      Generated.write(PAGE, "rules", table);
    }
    assertThat(Generated.read(PAGE, "rules"))
        .as("%s; -Dschuss.docs=write writes it anew", PAGE)
        .isEqualTo(table);
    assertThat(table).hasSizeGreaterThan(2 + Optimizers.REGISTRY.names().size());
  }

  private static List<String> table() {
    List<String> lines = new ArrayList<>();
    lines.add("| rule | key | default | values |");
    lines.add("|---|---|---|---|");
    for (String name : Optimizers.REGISTRY.names()) {
      Optimizer rule =
          Vocabulary.binder().fromTree(Map.of("rule", name), Optimizer.class, "the list of rules");
      String first = "`" + name + "`" + (rule.fullBatch() ? " (full batch)" : "");
      RecordShape shape = RecordShape.of(rule.getClass());
      for (RecordComponent c : shape.components()) {
        lines.add(
            "| %s | `%s` | %s | %s |"
                .formatted(first, c.getName(), usual(shape.get(rule, c)), values(c)));
        first = "";
      }
    }
    return lines;
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
    if (type == boolean.class) {
      return "true, false";
    }
    Range range = c.getAnnotation(Range.class);
    if (type == Schedule.class) {
      return (range == null ? "at least 0" : Ranges.describe(range)) + "; or a schedule";
    }
    String whole = type == long.class || type == int.class ? "a whole number, " : "";
    return whole + (range == null ? "a number" : Ranges.describe(range));
  }

  private static String written(Enum<?> constant) {
    List<String> others = Names.aliases(constant);
    return Names.kebab(constant)
        + (others.isEmpty() ? "" : " (also " + String.join(", ", others) + ")");
  }
}
