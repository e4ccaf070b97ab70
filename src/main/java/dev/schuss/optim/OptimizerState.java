package dev.schuss.optim;

import dev.schuss.objective.Layout;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;

/** The state of an update rule: the number of updates made, named arrays and numbers. */
public final class OptimizerState {
  private static final String UPDATES = "updates";
  private static final String RATE_SCALE = "rateScale";
  private static final String SEEN = "plateau.seen";
  private static final String BEST = "plateau.best";
  private static final String BAD = "plateau.bad";
  private static final String COOLDOWN = "plateau.cooldown";

  private final Map<String, float[]> perWeight = new LinkedHashMap<>();
  private final Map<String, double[]> perLayer = new LinkedHashMap<>();
  private final Map<String, Double> numbers = new LinkedHashMap<>();
  private final int weights;
  private final int layers;
  private float[] scratch;

  /**
   * What a {@link Plateau} has seen.
   *
   * @param any whether there is a best value
   * @param best the best value of the metric
   * @param bad epochs since the best or the last change
   * @param cooldown epochs that do not count yet
   */
  record Watch(boolean any, double best, int bad, int cooldown) {}

  /** Declared slots, all 0. */
  OptimizerState(Slots slots, Layout layout) {
    weights = layout.size();
    layers = layout.segments().size();
    updates(0);
    rateScale(1);
    watch(new Watch(false, 0, 0, 0));
    slots.perWeight().forEach(name -> perWeight.put(name, new float[weights]));
    slots.perLayer().forEach(name -> perLayer.put(name, new double[layers]));
    for (String name : slots.numbers()) {
      if (numbers.put(name, 0.0) != null) {
        throw new IllegalStateException("a rule may not name a number " + name);
      }
    }
  }

  /** Number of updates made so far. */
  public long updates() {
    return numbers.get(UPDATES).longValue();
  }

  /** Counts one more update. */
  void advance() {
    updates(updates() + 1);
  }

  private void updates(long count) {
    numbers.put(UPDATES, (double) count);
  }

  /** What the schedule's learning rate is multiplied with: 1 until a plateau lowers it. */
  public double rateScale() {
    return numbers.get(RATE_SCALE);
  }

  /** Lowers (or raises) the learning rate from here on. */
  public void rateScale(double scale) {
    Hyper.check(RATE_SCALE, scale, false);
    numbers.put(RATE_SCALE, scale);
  }

  Watch watch() {
    return new Watch(
        numbers.get(SEEN) != 0,
        numbers.get(BEST),
        numbers.get(BAD).intValue(),
        numbers.get(COOLDOWN).intValue());
  }

  void watch(Watch seen) {
    numbers.put(SEEN, seen.any() ? 1.0 : 0.0);
    numbers.put(BEST, seen.best());
    numbers.put(BAD, (double) seen.bad());
    numbers.put(COOLDOWN, (double) seen.cooldown());
  }

  /** All arrays of one float per weight, by slot name. */
  public Map<String, float[]> perWeight() {
    return Collections.unmodifiableMap(perWeight);
  }

  /** All arrays of one double per layout segment, by slot name. */
  public Map<String, double[]> perLayer() {
    return Collections.unmodifiableMap(perLayer);
  }

  float[] perWeight(String name) {
    return known(perWeight.get(name), name);
  }

  double[] perLayer(String name) {
    return known(perLayer.get(name), name);
  }

  double number(String name) {
    return known(numbers.get(name), name);
  }

  void number(String name, double value) {
    known(numbers.get(name), name);
    numbers.put(name, value);
  }

  /** One float per weight that no update relies on; not part of the state. */
  float[] scratch() {
    if (scratch == null) {
      scratch = new float[weights];
    }
    return scratch;
  }

  /** The state under its names; the arrays are those that the next update changes. */
  SavedState save(String rule) {
    return new SavedState(
        SavedState.VERSION,
        rule,
        perWeight(),
        perLayer(),
        Collections.unmodifiableMap(new LinkedHashMap<>(numbers)));
  }

  /** A copy that {@link #load} can put back. */
  SavedState copy(String rule) {
    Map<String, float[]> floats = new LinkedHashMap<>();
    perWeight.forEach((name, array) -> floats.put(name, array.clone()));
    Map<String, double[]> doubles = new LinkedHashMap<>();
    perLayer.forEach((name, array) -> doubles.put(name, array.clone()));
    return new SavedState(SavedState.VERSION, rule, floats, doubles, new LinkedHashMap<>(numbers));
  }

  /**
   * Takes in a saved state, all of it or nothing.
   *
   * @throws IllegalArgumentException if it is of another version, rule or layout, or a slot is
   *     missing or unknown; nothing was changed then
   */
  void load(SavedState saved, String rule) {
    if (saved.version() != SavedState.VERSION) {
      throw new IllegalArgumentException(
          "optimizer state: version = %d: this library reads %d"
              .formatted(saved.version(), SavedState.VERSION));
    }
    if (!saved.rule().equals(rule)) {
      throw new IllegalArgumentException(
          "optimizer state: rule = %s: cannot be continued with %s".formatted(saved.rule(), rule));
    }
    sameNames("per weight", perWeight.keySet(), saved.perWeight().keySet(), rule);
    sameNames("per layer", perLayer.keySet(), saved.perLayer().keySet(), rule);
    sameNames("number", numbers.keySet(), saved.numbers().keySet(), rule);
    sameSizes(saved.perWeight(), array -> array.length, weights, "weights");
    sameSizes(saved.perLayer(), array -> array.length, layers, "layers");
    double updates = saved.numbers().get(UPDATES);
    if (!(updates >= 0 && updates == Math.rint(updates))) {
      throw new IllegalArgumentException(
          "optimizer state: updates = " + updates + ": must be a whole number, at least 0");
    }
    Hyper.check(RATE_SCALE, saved.numbers().get(RATE_SCALE), false);
    saved.perWeight().forEach((k, v) -> System.arraycopy(v, 0, perWeight.get(k), 0, weights));
    saved.perLayer().forEach((k, v) -> System.arraycopy(v, 0, perLayer.get(k), 0, layers));
    numbers.putAll(saved.numbers());
  }

  private static void sameNames(String what, Set<String> ours, Set<String> saved, String rule) {
    for (String name : ours) {
      if (!saved.contains(name)) {
        throw new IllegalArgumentException(
            "optimizer state: %s slot %s of %s is missing; saved are %s"
                .formatted(what, name, rule, saved));
      }
    }
    for (String name : saved) {
      if (!ours.contains(name)) {
        throw new IllegalArgumentException(
            "optimizer state: %s slot %s is none of %s, whose slots are %s"
                .formatted(what, name, rule, ours));
      }
    }
  }

  private static <T> void sameSizes(
      Map<String, T> arrays, ToIntFunction<T> length, int size, String what) {
    arrays.forEach(
        (name, array) -> {
          if (length.applyAsInt(array) != size) {
            throw new IllegalArgumentException(
                "optimizer state: slot %s has %d numbers for a layout of %d %s"
                    .formatted(name, length.applyAsInt(array), size, what));
          }
        });
  }

  private <T> T known(T slot, String name) {
    if (slot == null) {
      throw new IllegalStateException(
          "slot %s was not declared; declared are %s %s %s"
              .formatted(name, perWeight.keySet(), perLayer.keySet(), numbers.keySet()));
    }
    return slot;
  }
}
