package dev.schuss.optim;

import dev.schuss.objective.Layout;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The state of an update rule: the number of updates made, and named arrays. */
public final class OptimizerState {
  private final Map<String, float[]> perWeight = new LinkedHashMap<>();
  private final Map<String, double[]> perLayer = new LinkedHashMap<>();
  private long updates;
  private double rateScale = 1;
  private float[] scratch;

  /** Declared slots, all 0. */
  OptimizerState(Slots slots, Layout layout) {
    slots.perWeight().forEach(name -> perWeight.put(name, new float[layout.size()]));
    slots.perLayer().forEach(name -> perLayer.put(name, new double[layout.segments().size()]));
  }

  /** Number of updates made so far. */
  public long updates() {
    return updates;
  }

  /** Counts one more update. */
  void advance() {
    updates++;
  }

  /** Sets the count of updates, when a saved state is loaded. */
  void updates(long count) {
    updates = count;
  }

  /** What the schedule's learning rate is multiplied with: 1 until a plateau lowers it. */
  public double rateScale() {
    return rateScale;
  }

  /** Lowers (or raises) the learning rate from here on. */
  public void rateScale(double scale) {
    rateScale = scale;
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

  /** One float per weight that no update relies on; not part of the state. */
  float[] scratch(int size) {
    if (scratch == null) {
      scratch = new float[size];
    }
    return scratch;
  }

  private <T> T known(T array, String name) {
    if (array == null) {
      throw new IllegalStateException(
          "slot "
              + name
              + " was not declared; declared are "
              + perWeight.keySet()
              + perLayer.keySet());
    }
    return array;
  }
}
