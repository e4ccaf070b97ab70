package dev.schuss.report;

import static dev.schuss.model.Json.number;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The curvature along updates, from the lines of metrics.jsonl: the test for ill-conditioning of
 * Goodfellow, Bengio and Courville 2016, figure 8.1, and what was predicted of updates beside what
 * they did, with how many of them were ill-conditioned.
 */
final class CurvaturePlots {
  private CurvaturePlots() {}

  /** Two plots; empty ones where nothing was measured. */
  static List<Plot> of(List<Map<String, Object>> epochs) {
    List<Map<?, ?>> looks =
        epochs.stream()
            .map(epoch -> epoch.get("curvature"))
            .flatMap(list -> list instanceof List<?> all ? all.stream() : Stream.empty())
            .map(look -> look instanceof Map<?, ?> map ? map : null)
            .filter(Objects::nonNull)
            .<Map<?, ?>>map(map -> map)
            .toList();
    double[] step = y(looks, "step");
    long ill =
        looks.stream().filter(look -> Boolean.TRUE.equals(look.get("illConditioned"))).count();
    return List.of(
        new Plot("Curvature along the gradient", "update", "g.g and g.Hg")
            .curve("g.g", step, y(looks, "gradientSquared"))
            .curve("g.Hg", step, y(looks, "alongGradient"))
            .logYWhereItHelps(),
        new Plot(
                String.format(
                    Locale.ROOT,
                    "What updates do to the loss: %,d of %,d ill-conditioned",
                    ill,
                    looks.size()),
                "update",
                "change of the minibatch's loss")
            .curve("by the slope", 7, step, y(looks, "firstOrder"))
            .curve("taken", 0, step, y(looks, "taken"))
            .curve("with curvature", 9, step, y(looks, "secondOrder")));
  }

  private static double[] y(List<Map<?, ?>> looks, String key) {
    return looks.stream().mapToDouble(look -> number(look.get(key))).toArray();
  }
}
