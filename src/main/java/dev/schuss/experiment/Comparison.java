package dev.schuss.experiment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Runs side by side.
 *
 * @param name of the job
 * @param axes the keys that differ; may be empty where runs are named
 * @param yardstick what they are ranked by
 * @param settings in the order of the job
 */
public record Comparison(
    String name, List<String> axes, Yardstick yardstick, List<Setting> settings) {

  /** Compares runs. */
  public static Comparison of(
      String name, List<String> axes, Yardstick yardstick, List<RunRecord> runs) {
    return new Comparison(name, List.copyOf(axes), yardstick, Setting.of(runs));
  }

  /** A key as people say it: {@code batchSize} of {@code train.batchSize}. */
  public static String lastPart(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  /** An alternative in words: a number, true or a list say nothing without their key. */
  public static String word(String key, String label) {
    return label.matches("true|false|null|\\[.*|[-+.]?[0-9].*")
        ? lastPart(key) + " " + label
        : label;
  }

  /** All runs, setting by setting. */
  public List<RunRecord> runs() {
    return settings.stream().flatMap(setting -> setting.runs().stream()).toList();
  }

  /**
   * The settings, the best mean first; those that have none last, and of them those that diverged.
   */
  public List<Setting> ranked() {
    Comparator<Setting> byMean =
        (a, b) -> {
          double first = mean(a);
          double second = mean(b);
          return yardstick.better(first, second) ? -1 : yardstick.better(second, first) ? 1 : 0;
        };
    return settings.stream()
        .sorted(byMean.thenComparing(s -> Double.isNaN(mean(s)) && s.lacking(yardstick) == 0))
        .toList();
  }

  /** The mean of a setting by the yardstick; NaN if no run of it has a value. */
  public double mean(Setting setting) {
    return setting.spread(yardstick::of).mean();
  }

  /** The best run of all; null if none has a value. */
  public RunRecord best() {
    return settings.stream()
        .map(setting -> setting.best(yardstick))
        .filter(Objects::nonNull)
        .reduce((a, b) -> yardstick.better(yardstick.of(b), yardstick.of(a)) ? b : a)
        .orElse(null);
  }

  /** How many runs diverged. */
  public int diverged() {
    return settings.stream().mapToInt(Setting::diverged).sum();
  }

  /** How many runs did not diverge, and have no value all the same. */
  public int lacking() {
    return settings.stream().mapToInt(setting -> setting.lacking(yardstick)).sum();
  }

  /**
   * The value nearest to the target that any run had after any epoch, but for those that diverged;
   * NaN if none had one.
   */
  public double nearest() {
    double nearest = Double.NaN;
    for (RunRecord run : settings.stream().flatMap(s -> s.whole().stream()).toList()) {
      for (RunRecord.Epoch epoch : run.history()) {
        double value = epoch.validation().getOrDefault(yardstick.metric().name(), Double.NaN);
        nearest = yardstick.better(value, nearest) ? value : nearest;
      }
    }
    return nearest;
  }

  /** How many runs reached the target; 0 where there is none. */
  public int reached() {
    return settings.stream().mapToInt(setting -> setting.toTarget(yardstick).reached()).sum();
  }

  /** The file comparison.json, but for what is known of the place where it ran. */
  public Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", name);
    tree.put("metric", yardstick.metric().name());
    tree.put("higherIsBetter", yardstick.metric().higherIsBetter());
    tree.put("on", yardstick.on().name().toLowerCase(Locale.ROOT));
    tree.put("target", yardstick.target());
    tree.put("axes", axes);
    RunRecord best = best();
    if (best != null) {
      Map<String, Object> of = new LinkedHashMap<>();
      of.put("setting", best.setting());
      of.put("seed", best.seed());
      of.put("folder", best.folder());
      of.put("value", yardstick.of(best));
      tree.put("best", of);
    }
    tree.put("ranking", ranked().stream().map(Setting::name).toList());
    tree.put("settings", settings.stream().map(setting -> setting.tree(yardstick)).toList());
    return tree;
  }

  /**
   * The file comparison.csv: a line for each setting under a header; what is not known is empty.
   */
  public String csv() {
    List<List<String>> lines = new ArrayList<>();
    List<String> header = new ArrayList<>(List.of("rank", "setting"));
    header.addAll(axes);
    String metric = yardstick.metric().name();
    header.addAll(
        List.of(
            "runs",
            "diverged",
            metric + " mean",
            metric + " deviation",
            metric + " best",
            "test " + metric + " mean",
            "test " + metric + " deviation",
            "train loss mean",
            "steps",
            "seconds"));
    if (yardstick.target() != null) {
      header.addAll(List.of("reached target", "steps to target", "seconds to target"));
    }
    lines.add(header);
    List<Setting> ranked = ranked();
    for (Setting setting : settings) {
      Spread value = setting.spread(yardstick::of);
      Spread test = setting.spread(run -> run.test().getOrDefault(metric, Double.NaN));
      RunRecord best = setting.best(yardstick);
      List<String> line = new ArrayList<>();
      line.add(Integer.toString(ranked.indexOf(setting) + 1));
      line.add(setting.name());
      axes.forEach(axis -> line.add(setting.values().getOrDefault(axis, "")));
      line.add(Integer.toString(setting.runs().size()));
      line.add(Integer.toString(setting.diverged()));
      line.add(cell(value.mean()));
      line.add(cell(value.deviation()));
      line.add(cell(best == null ? Double.NaN : yardstick.of(best)));
      line.add(cell(test.mean()));
      line.add(cell(test.deviation()));
      line.add(cell(setting.spread(run -> run.train().getOrDefault("loss", Double.NaN)).mean()));
      line.add(cell(setting.spread(RunRecord::steps).mean()));
      line.add(cell(setting.spread(RunRecord::seconds).mean()));
      if (yardstick.target() != null) {
        Setting.ToTarget target = setting.toTarget(yardstick);
        line.add(Integer.toString(target.reached()));
        line.add(cell(target.steps().mean()));
        line.add(cell(target.seconds().mean()));
      }
      lines.add(line);
    }
    return lines.stream()
        .map(line -> line.stream().map(Comparison::quoted).collect(Collectors.joining(",")) + "\n")
        .collect(Collectors.joining());
  }

  private static String cell(double value) {
    return Double.isFinite(value) ? Double.toString(value) : "";
  }

  private static String quoted(String text) {
    return text.matches("[^,\"\\r\\n]*") ? text : "\"" + text.replace("\"", "\"\"") + "\"";
  }
}
