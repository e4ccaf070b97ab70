package dev.schuss.optim;

import java.util.ArrayList;
import java.util.List;

/** The names of the arrays that an update rule keeps. */
public record Slots(List<String> perWeight, List<String> perLayer) {
  /** No state. */
  public static final Slots NONE = new Slots(List.of(), List.of());

  /** Arrays of one float per weight. */
  public static Slots perWeight(String... names) {
    return new Slots(List.of(names), List.of());
  }

  /** One more array of one float per weight, on a condition. */
  public Slots andPerWeight(boolean condition, String name) {
    if (!condition) {
      return this;
    }
    List<String> more = new ArrayList<>(perWeight);
    more.add(name);
    return new Slots(List.copyOf(more), perLayer);
  }

  /** Arrays of one double per layout segment, beside those of this one. */
  public Slots andPerLayer(String... names) {
    return new Slots(perWeight, List.of(names));
  }

  /** These slots, and those of an inner rule with {@code prefix.} before their names. */
  public Slots and(String prefix, Slots inner) {
    List<String> weights = new ArrayList<>(perWeight);
    List<String> layers = new ArrayList<>(perLayer);
    inner.perWeight.forEach(name -> weights.add(prefix + "." + name));
    inner.perLayer.forEach(name -> layers.add(prefix + "." + name));
    return new Slots(List.copyOf(weights), List.copyOf(layers));
  }
}
