package dev.schuss.optim;

import java.util.List;
import java.util.stream.Stream;

/**
 * The names of what an update rule keeps.
 *
 * @param perWeight arrays of one float per weight
 * @param perLayer arrays of one double per layout segment
 * @param numbers single doubles
 */
public record Slots(List<String> perWeight, List<String> perLayer, List<String> numbers) {
  /** No state. */
  public static final Slots NONE = new Slots(List.of(), List.of(), List.of());

  /** Arrays of one float per weight. */
  public static Slots perWeight(String... names) {
    return new Slots(List.of(names), List.of(), List.of());
  }

  /** One more array of one float per weight, on a condition. */
  public Slots andPerWeight(boolean condition, String name) {
    return condition ? new Slots(both(perWeight, name), perLayer, numbers) : this;
  }

  /** These slots and those. */
  Slots and(Slots more) {
    return new Slots(
        both(perWeight, more.perWeight.toArray(String[]::new)),
        both(perLayer, more.perLayer.toArray(String[]::new)),
        both(numbers, more.numbers.toArray(String[]::new)));
  }

  /** More arrays of one double per layout segment. */
  public Slots andPerLayer(String... names) {
    return new Slots(perWeight, both(perLayer, names), numbers);
  }

  /** More single doubles. */
  public Slots andNumbers(String... names) {
    return new Slots(perWeight, perLayer, both(numbers, names));
  }

  /** These slots, and those of an inner rule with {@code prefix.} before their names. */
  public Slots and(String prefix, Slots inner) {
    return and(
        new Slots(
            within(prefix, inner.perWeight),
            within(prefix, inner.perLayer),
            within(prefix, inner.numbers)));
  }

  private static List<String> within(String prefix, List<String> names) {
    return names.stream().map(name -> prefix + "." + name).toList();
  }

  private static List<String> both(List<String> names, String... more) {
    return Stream.concat(names.stream(), Stream.of(more)).toList();
  }
}
