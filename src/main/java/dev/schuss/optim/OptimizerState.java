package dev.schuss.optim;

import dev.schuss.objective.Layout;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The state of an update rule: the number of updates made, and named arrays that start at 0. */
public final class OptimizerState {
  private final Map<String, float[]> perWeight = new LinkedHashMap<>();
  private final Map<String, double[]> perLayer = new LinkedHashMap<>();
  private long updates;

  /** The state before the first update. */
  public OptimizerState(Slots slots, Layout layout) {
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
