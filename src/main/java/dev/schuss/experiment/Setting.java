package dev.schuss.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The runs that differ by their seed alone.
 *
 * @param name what was set
 * @param values the alternatives of the grid by key
 * @param runs at least one
 */
public record Setting(String name, Map<String, String> values, List<RunRecord> runs) {

  /** Runs by their setting, in the order of the first of each. */
  static List<Setting> of(List<RunRecord> runs) {
    Map<String, List<RunRecord>> grouped = new LinkedHashMap<>();
    runs.forEach(run -> grouped.computeIfAbsent(run.setting(), s -> new ArrayList<>()).add(run));
    List<Setting> settings = new ArrayList<>();
    grouped.forEach(
        (name, of) -> settings.add(new Setting(name, of.get(0).values(), List.copyOf(of))));
    return List.copyOf(settings);
  }

  /** How many runs diverged. */
  public int diverged() {
    return (int) runs.stream().filter(RunRecord::diverged).count();
  }

  /** A number of the runs that did not diverge. */
  public Spread spread(ToDoubleFunction<RunRecord> of) {
    return Spread.of(whole().stream().map(of::applyAsDouble).toList());
  }

  /** How many runs did not diverge, and have no value all the same. */
  public int lacking(Yardstick yardstick) {
    return (int) runs.stream().filter(yardstick::lacks).count();
  }

  /** The best run; null if none has a value. */
  public RunRecord best(Yardstick yardstick) {
    RunRecord best = null;
    for (RunRecord run : whole()) {
      double least = best == null ? Double.NaN : yardstick.of(best);
      if (yardstick.better(yardstick.of(run), least)) {
        best = run;
      }
    }
    return best;
  }

  /**
   * How long the way to the target was, for those runs that came there and did not diverge later.
   *
   * @param reached how many did
   * @param steps updates until then
   * @param seconds of training until then
   */
  public record ToTarget(int reached, Spread steps, Spread seconds) {}

  /** The way to the target; of no run where there is no target. */
  public ToTarget toTarget(Yardstick yardstick) {
    List<RunRecord.Epoch> ends =
        whole().stream().map(yardstick::reached).filter(Objects::nonNull).toList();
    return new ToTarget(
        ends.size(),
        Spread.of(ends.stream().map(e -> (double) e.step()).toList()),
        Spread.of(ends.stream().map(RunRecord.Epoch::seconds).toList()));
  }

  /** The runs that did not diverge. */
  public List<RunRecord> whole() {
    return runs.stream().filter(run -> !run.diverged()).toList();
  }

  /** The setting in numbers. */
  Map<String, Object> tree(Yardstick yardstick) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", name);
    tree.put("values", values);
    tree.put("diverged", diverged());
    RunRecord best = best(yardstick);
    tree.put("best", best == null ? null : yardstick.of(best));
    tree.put("bestSeed", best == null ? null : best.seed());
    tree.put("train", spreads(RunRecord::train));
    tree.put("validation", spreads(RunRecord::validation));
    tree.put("test", spreads(RunRecord::test));
    tree.put("steps", spread(RunRecord::steps).tree());
    tree.put("seconds", spread(RunRecord::seconds).tree());
    if (yardstick.target() != null) {
      ToTarget reached = toTarget(yardstick);
      Map<String, Object> target = new LinkedHashMap<>();
      target.put("reached", reached.reached());
      target.put("of", runs.size());
      target.put("steps", reached.steps().tree());
      target.put("seconds", reached.seconds().tree());
      tree.put("target", target);
    }
    tree.put("runs", runs.stream().map(run -> run(run, yardstick)).toList());
    return tree;
  }

  private Map<String, Object> spreads(Function<RunRecord, Map<String, Double>> rows) {
    Set<String> names = new LinkedHashSet<>();
    whole().forEach(run -> names.addAll(rows.apply(run).keySet()));
    Map<String, Object> all = new LinkedHashMap<>();
    for (String metric : names) {
      all.put(metric, spread(run -> rows.apply(run).getOrDefault(metric, Double.NaN)).tree());
    }
    return all;
  }

  private static Map<String, Object> run(RunRecord run, Yardstick yardstick) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("seed", run.seed());
    tree.put("folder", run.folder());
    tree.put("status", run.status());
    if (run.message() != null) {
      tree.put("message", run.message());
    }
    tree.put("steps", run.steps());
    tree.put("epochs", run.epochs());
    tree.put("seconds", run.seconds());
    tree.put("train", run.train());
    tree.put("validation", run.validation());
    tree.put("test", run.test());
    if (yardstick.target() != null) {
      RunRecord.Epoch reached = yardstick.reached(run);
      tree.put("targetStep", reached == null ? null : reached.step());
      tree.put("targetSeconds", reached == null ? null : reached.seconds());
    }
    return tree;
  }
}
