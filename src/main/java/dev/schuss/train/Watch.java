package dev.schuss.train;

import dev.schuss.objective.Metric;
import dev.schuss.objective.Objective;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A validation metric that something depends on, by its setting.
 *
 * @param setting the key of a job file that names it, such as {@code train.earlyStopping}
 */
record Watch(String setting, Metric metric) {

  /**
   * The metric of this name.
   *
   * @throws SettingsException if the objective has none such
   */
  static Watch of(String setting, String name, Objective objective) {
    List<Metric> known = objective.metrics();
    return known.stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst()
        .map(metric -> new Watch(setting, metric))
        .orElseThrow(
            () ->
                new SettingsException(
                    "%s.metric = %s: must be one of %s"
                        .formatted(
                            setting,
                            name,
                            known.stream().map(Metric::name).collect(Collectors.joining(", ")))));
  }

  /** The value among figures; NaN where the rows do not define it. */
  double in(Map<String, Double> figures) {
    return figures.getOrDefault(metric.name(), Double.NaN);
  }

  /** Whether one value is better than another by more than a margin; NaN never is. */
  boolean better(double value, double than, double margin) {
    return metric.higherIsBetter() ? value > than + margin : value < than - margin;
  }

  /** Whether a value is as good as a target, or better. */
  boolean reached(double value, double target) {
    return metric.higherIsBetter() ? value >= target : value <= target;
  }

  /** The same figures, those that people look at first: the loss, then this one. */
  Map<String, Double> ordered(Map<String, Double> figures) {
    Map<String, Double> ordered = new LinkedHashMap<>();
    for (String name : List.of(Metric.LOSS.name(), metric.name())) {
      if (figures.containsKey(name)) {
        ordered.put(name, figures.get(name));
      }
    }
    figures.forEach(ordered::putIfAbsent);
    return ordered;
  }

  /**
   * Refuses validation rows that do not define the metric.
   *
   * @param figures of these rows
   */
  void check(Map<String, Double> figures) {
    if (!figures.containsKey(metric.name())) {
      throw new SettingsException(
          "%s.metric = %s: the validation rows do not define it%s; watch another metric, such as loss, or validate on other rows"
              .formatted(
                  setting, metric.name(), metric.gap().isEmpty() ? "" : " (" + metric.gap() + ")"));
    }
  }
}
