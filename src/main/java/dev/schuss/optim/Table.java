package dev.schuss.optim;

import java.util.List;

/**
 * Given values, one for each update; the last one stays.
 *
 * @param values for updates 0, 1, ...; at least one; the rule that uses them checks them
 */
public record Table(List<Double> values) implements Schedule {
  public Table {
    values = List.copyOf(values);
    if (values.isEmpty()) {
      throw new IllegalArgumentException("a list of values by update needs at least one");
    }
  }

  @Override
  public double at(long t) {
    return values.get((int) Math.min(t, values.size() - 1));
  }
}
