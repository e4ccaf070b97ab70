package dev.schuss.report;

import dev.schuss.experiment.Comparison;
import dev.schuss.experiment.RunRecord;
import dev.schuss.experiment.Setting;
import dev.schuss.experiment.Spread;
import dev.schuss.experiment.Yardstick;
import dev.schuss.model.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** The page of a comparison: who is best, how each fares along every axis, and the curves. */
public final class ComparisonReport {
  /** Settings whose curves are drawn: the best. */
  private static final int CURVES = 8;

  private static final String RATE = "learningRate";
  private static final String EVERY = "every";
  private static final String BATCH_SIZE = "train.batchSize";

  /** Lines of one picture along an axis. */
  private static final int LINES = 16;

  private final Comparison comparison;
  private final Yardstick yardstick;
  private final String metric;
  private final ComparisonText text;

  private ComparisonReport(Comparison comparison) {
    this.comparison = comparison;
    this.yardstick = comparison.yardstick();
    this.metric = yardstick.metric().name();
    this.text = new ComparisonText(yardstick);
  }

  /**
   * The page.
   *
   * @param planned runs; where fewer have ended, the page says so
   * @param job the first run's job.json, without secrets
   * @param made by which versions the runs were made, a block for each
   * @param page the name of a run's own page in its folder
   */
  public static String html(
      Comparison comparison, int planned, Map<String, Object> job, List<?> made, String page) {
    return new ComparisonReport(comparison).page(planned, job, made, page);
  }

  private String page(int planned, Map<String, Object> job, List<?> made, String runPage) {
    Page page = new Page(comparison.name());
    page.lead(lead());
    int ended = comparison.settings().stream().mapToInt(setting -> setting.runs().size()).sum();
    if (ended < planned) {
      page.text("Unfinished: %d of %d runs have ended.".formatted(ended, planned));
    }
    List<String> sentences = new ArrayList<>();
    List<String> alongAxes = new ArrayList<>();
    for (String axis : comparison.axes()) {
      along(axis, alongAxes, sentences);
    }
    sentences.forEach(page::text);
    List<String> warnings = new ArrayList<>(text.notes(comparison));
    if (made.size() > 1) {
      warnings.add("the runs were made by different versions or on different clusters, see below");
    }
    page.warnings(warnings);
    page.plots(alongAxes);
    page.plots(surfaces());
    page.heading("All settings, the best first");
    table(page, runPage);
    page.heading("Curves of the best " + Math.min(CURVES, comparison.settings().size()));
    page.plots(curves());
    page.heading("How it was made");
    page.details("versions and cluster", Json.pretty(Map.of("made", made)));
    page.details("the job of the first run with every default", Json.pretty(job));
    return page.html();
  }

  private String lead() {
    Setting best = comparison.ranked().get(0);
    if (Double.isNaN(comparison.mean(best))) {
      return comparison.lacking() == 0
          ? "All runs that have ended diverged."
          : "No run to rank: %s with %s."
              .formatted(Numbers.count(comparison.lacking(), "run"), text.none());
    }
    return "Best: %s, %s %s on average over %s."
        .formatted(
            best.name(),
            text.words(),
            Numbers.metric(metric, comparison.mean(best)),
            Numbers.count(best.spread(yardstick::of).n(), "run"));
  }

  /**
   * A picture of the metric against one axis of numbers; along that of the batch sizes also a
   * sentence on who holds it best.
   */
  private void along(String axis, List<String> plots, List<String> sentences) {
    Map<String, NavigableMap<Double, Setting>> lines = lines(axis);
    if (lines == null || lines.size() > LINES) {
      return;
    }
    String name = Comparison.lastPart(axis);
    Plot plot = new Plot(text.words() + " against " + name, name, metric).dots();
    double low = Double.POSITIVE_INFINITY;
    double high = 0;
    for (Map.Entry<String, NavigableMap<Double, Setting>> line : lines.entrySet()) {
      NavigableMap<Double, Setting> points = line.getValue();
      low = Math.min(low, points.firstKey());
      high = Math.max(high, points.lastKey());
      int colour = new ArrayList<>(lines.keySet()).indexOf(line.getKey());
      double[] x = points.keySet().stream().mapToDouble(Double::doubleValue).toArray();
      double[] mean = points.values().stream().mapToDouble(comparison::mean).toArray();
      double[] spread = points.values().stream().mapToDouble(this::deviation).toArray();
      plot.band(colour, x, shifted(mean, spread, -1), shifted(mean, spread, 1));
      plot.curve(line.getKey(), colour, x, mean);
    }
    plot.ticks(
        lines.values().stream()
            .flatMap(points -> points.keySet().stream())
            .mapToDouble(Double::doubleValue)
            .distinct()
            .sorted()
            .toArray());
    if (low > 0 && high > 5 * low) {
      plot.logX();
    }
    if (!plot.empty()) {
      plots.add(plot.svg());
    }
    if (axis.equals(BATCH_SIZE) && lines.size() > 1) {
      holdsBest(name, lines, sentences);
    }
  }

  /** Which line is the best where the axis ends, of those that came there without a divergence. */
  private void holdsBest(
      String name, Map<String, NavigableMap<Double, Setting>> lines, List<String> sentences) {
    double end =
        lines.values().stream().mapToDouble(line -> line.lastKey()).max().orElse(Double.NaN);
    String best = null;
    for (Map.Entry<String, NavigableMap<Double, Setting>> line : lines.entrySet()) {
      NavigableMap<Double, Setting> points = line.getValue();
      boolean whole = points.values().stream().allMatch(setting -> setting.diverged() == 0);
      if (points.size() > 1
          && points.lastKey() == end
          && whole
          && !Double.isNaN(comparison.mean(points.get(points.firstKey())))
          && !Double.isNaN(comparison.mean(points.get(end)))
          && (best == null || better(points, lines.get(best)))) {
        best = line.getKey();
      }
    }
    if (best != null) {
      NavigableMap<Double, Setting> points = lines.get(best);
      sentences.add(
          "As %s goes from %s to %s, %s holds its %s best: %s there, %s at the start."
              .formatted(
                  name,
                  Numbers.exact(points.firstKey()),
                  Numbers.exact(end),
                  best.isEmpty() ? "the rule" : best,
                  metric,
                  Numbers.metric(metric, comparison.mean(points.get(end))),
                  Numbers.metric(metric, comparison.mean(points.get(points.firstKey())))));
    }
  }

  private boolean better(NavigableMap<Double, Setting> one, NavigableMap<Double, Setting> other) {
    return yardstick.better(
        comparison.mean(one.get(one.lastKey())), comparison.mean(other.get(other.lastKey())));
  }

  private double deviation(Setting setting) {
    double deviation = setting.spread(yardstick::of).deviation();
    return Double.isNaN(deviation) ? 0 : deviation;
  }

  private static double[] shifted(double[] mean, double[] by, double factor) {
    double[] shifted = new double[mean.length];
    for (int i = 0; i < mean.length; i++) {
      shifted[i] = mean[i] + factor * by[i];
    }
    return shifted;
  }

  /** The settings along an axis of numbers, by what else they are; null for another axis. */
  private Map<String, NavigableMap<Double, Setting>> lines(String axis) {
    Map<String, NavigableMap<Double, Setting>> lines = new LinkedHashMap<>();
    for (Setting setting : comparison.settings()) {
      Double at = number(setting.values().get(axis));
      if (at == null) {
        return null;
      }
      lines.computeIfAbsent(others(setting, List.of(axis)), k -> new TreeMap<>()).put(at, setting);
    }
    boolean many = lines.values().stream().anyMatch(line -> line.size() > 1);
    return many ? lines : null;
  }

  /** What a setting is apart from these axes. */
  private static String others(Setting setting, List<String> axes) {
    List<String> others = new ArrayList<>();
    setting
        .values()
        .forEach(
            (key, label) -> {
              if (!axes.contains(key)) {
                others.add(Comparison.word(key, label));
              }
            });
    return String.join(", ", others);
  }

  private static Double number(String label) {
    try {
      return label == null ? null : Double.valueOf(label);
    } catch (NumberFormatException word) {
      return null;
    }
  }

  /**
   * The metric over two axes of numbers, one picture for each setting of the others. Of more than
   * two axes the learning rate and Lookahead's k.
   */
  private List<String> surfaces() {
    List<String> numbers = comparison.axes().stream().filter(axis -> lines(axis) != null).toList();
    List<String> axes =
        numbers.size() <= 2
            ? numbers
            : Stream.of(RATE, EVERY).flatMap(name -> ending(numbers, name)).toList();
    if (axes.size() != 2) {
      return List.of();
    }
    String across = axes.get(0);
    String down = axes.get(1);
    Map<String, HeatMap> maps = new LinkedHashMap<>();
    for (Setting setting : comparison.settings()) {
      String name = others(setting, axes);
      maps.computeIfAbsent(
              name,
              n ->
                  new HeatMap(
                      text.words() + (n.isEmpty() ? "" : ": " + n),
                      across,
                      down,
                      yardstick.metric()))
          .put(
              number(setting.values().get(across)),
              number(setting.values().get(down)),
              comparison.mean(setting),
              text.amiss(setting));
    }
    return maps.values().stream().limit(LINES).map(HeatMap::svg).toList();
  }

  private static Stream<String> ending(List<String> axes, String name) {
    return axes.stream().filter(axis -> Comparison.lastPart(axis).equals(name));
  }

  private void table(Page page, String runPage) {
    List<List<String>> rows = text.rows(comparison);
    List<String> links = new ArrayList<>();
    for (Setting setting : comparison.ranked()) {
      RunRecord best = setting.best(yardstick);
      RunRecord shown = best == null ? setting.runs().get(0) : best;
      links.add(shown.folder() + "/" + runPage);
    }
    page.table(
        rows.get(0), rows.subList(1, rows.size()), links, comparison.best() == null ? -1 : 0);
  }

  private List<String> curves() {
    List<String> plots = new ArrayList<>();
    Plot validation =
        curves(
            "Validation " + metric,
            metric,
            epoch -> epoch.validation().getOrDefault(metric, Double.NaN));
    Plot training = curves("Training loss", "loss", RunRecord.Epoch::trainLoss);
    for (Plot plot : List.of(validation, training.logYWhereItHelps())) {
      if (!plot.empty()) {
        plots.add(plot.svg());
      }
    }
    return plots;
  }

  /**
   * The mean over the runs of each setting, epoch by epoch, and its deviation as a band: of those
   * that did not diverge, up to where the first of them ended.
   */
  private Plot curves(String title, String axis, ToDoubleFunction<RunRecord.Epoch> of) {
    Plot plot = new Plot(title, "epoch", axis);
    List<Setting> shown = comparison.ranked().stream().limit(CURVES).toList();
    for (int s = 0; s < shown.size(); s++) {
      TreeMap<Integer, List<Double>> byEpoch = new TreeMap<>();
      List<RunRecord> whole = shown.get(s).whole();
      for (RunRecord run : whole) {
        for (RunRecord.Epoch epoch : run.history()) {
          byEpoch
              .computeIfAbsent(epoch.epoch(), e -> new ArrayList<>())
              .add(of.applyAsDouble(epoch));
        }
      }
      byEpoch.values().removeIf(values -> values.size() < whole.size());
      List<Spread> spreads = byEpoch.values().stream().map(Spread::of).toList();
      double[] x = byEpoch.keySet().stream().mapToDouble(Integer::doubleValue).toArray();
      double[] mean = spreads.stream().mapToDouble(Spread::mean).toArray();
      double[] deviation =
          spreads.stream()
              .mapToDouble(v -> Double.isNaN(v.deviation()) ? 0 : v.deviation())
              .toArray();
      plot.band(s, x, shifted(mean, deviation, -1), shifted(mean, deviation, 1));
      plot.curve(shown.get(s).name(), s, x, mean);
    }
    return plot;
  }
}
