package dev.schuss.job;

import dev.schuss.model.Json;
import dev.schuss.optim.InverseSqrt;
import dev.schuss.optim.Length;
import dev.schuss.optim.Optimizer;
import dev.schuss.optim.Schedule;
import dev.schuss.spec.SpecException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Learning rates of a job changed in all of their schedules. */
final class RateChange {
  private static final String RATE = "learningRate";

  /** Components of schedules that are learning rates; others are factors and lengths. */
  private static final Set<String> RATES = Set.of("base", "end", "max", "minRate");

  /** Kinds of schedules that begin small, whatever they are told. */
  private static final Set<String> RISING = Set.of("one-cycle", "cyclic");

  private RateChange() {}

  /** The rule with rates that are so many times as large. */
  static Optimizer scaled(Optimizer rule, double factor) {
    Map<String, Object> tree = tree(rule);
    tree.put(RATE, scaled(tree.get(RATE), factor));
    return optimizer(tree);
  }

  private static Object scaled(Object rate, double factor) {
    if (rate instanceof Number number) {
      return number.doubleValue() * factor;
    }
    if (rate instanceof List<?> values) {
      return values.stream().map(value -> scaled(value, factor)).toList();
    }
    Map<String, Object> schedule = Json.block(rate);
    boolean factors = "linear".equals(schedule.get("kind")); // whose ends are such
    schedule.replaceAll(
        (key, value) ->
            value instanceof Number number && RATES.contains(key) && !(factors && key.equals("end"))
                ? number.doubleValue() * factor
                : value);
    return schedule;
  }

  /** The rule with a rise of the rate, where it has none of its own. */
  static Optimizer warmedUp(Optimizer rule, Length length) {
    Map<String, Object> tree = tree(rule);
    Object rate = tree.get(RATE);
    if (rate instanceof List<?>) {
      throw new SpecException(
          "compare.warmup: a learningRate that is a list has a value for each update, and takes no warm-up");
    }
    Map<String, Object> schedule = new LinkedHashMap<>();
    if (rate instanceof Number) {
      schedule.put("kind", "constant");
      schedule.put("base", rate);
    } else {
      schedule = Json.block(rate);
    }
    if (rises(schedule, rule.learningRate())) {
      return rule;
    }
    schedule.putIfAbsent("warmup", length.toString());
    tree.put(RATE, schedule);
    return optimizer(tree);
  }

  /** Whether the rate begins with a rise that is the schedule's own. */
  private static boolean rises(Map<String, Object> tree, Schedule schedule) {
    boolean toPeak =
        schedule instanceof InverseSqrt inverse && !inverse.peak().equals(Length.steps(1));
    return toPeak || RISING.contains(String.valueOf(tree.get("kind")));
  }

  /** The rule with another schedule of the rate. */
  static Optimizer replaced(Optimizer rule, Map<String, Object> schedule) {
    Map<String, Object> tree = tree(rule);
    tree.put(RATE, schedule);
    return optimizer(tree);
  }

  private static Map<String, Object> tree(Optimizer rule) {
    return Json.block(JobReader.tree(rule));
  }

  private static Optimizer optimizer(Map<String, Object> tree) {
    return JobReader.binder().fromTree(tree, Optimizer.class, "optimizer");
  }
}
