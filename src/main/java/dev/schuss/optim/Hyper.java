package dev.schuss.optim;

import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import java.lang.reflect.RecordComponent;

/** Checks hyper-parameters, and says whose they are. */
final class Hyper {
  private Hyper() {}

  /**
   * {@link Ranges#check} for the compact constructor of a rule or a schedule. A schedule that
   * stands for a number is checked like one, as far as its values are known; it is at least 0
   * unless its component has another range.
   *
   * @throws Ranges.OutOfRange naming the record, the component and the value
   */
  static void check(Class<? extends Record> type, Object... values) {
    RecordComponent[] components = type.getRecordComponents();
    try {
      Ranges.check(type, values);
      for (int i = 0; i < values.length; i++) {
        Class<?> wanted = components[i].getType();
        if (values[i] == null && (wanted == Schedule.class || wanted == Optimizer.class)) {
          throw new NullPointerException(
              type.getSimpleName() + ": " + components[i].getName() + " is null");
        }
        if (values[i] instanceof Schedule schedule) {
          check(components[i], schedule);
        }
      }
    } catch (Ranges.OutOfRange e) {
      throw e.of(type.getSimpleName());
    }
  }

  private static void check(RecordComponent component, Schedule schedule) {
    boolean fraction = component.isAnnotationPresent(Range.class);
    if (schedule instanceof Constant constant) {
      check(component.getName(), constant.base(), fraction);
    } else if (schedule instanceof Table table) {
      table.values().forEach(value -> check(component.getName(), value, fraction));
    }
  }

  /** Refuses what is not at least 0 and finite; a fraction is less than 1 too. */
  static void check(String name, double value, boolean fraction) {
    if (!(value >= 0 && value < (fraction ? 1 : Double.POSITIVE_INFINITY))) {
      String allowed = fraction ? "in [0, 1)" : "at least 0";
      throw new Ranges.OutOfRange(name, value, Double.isInfinite(value) ? "finite" : allowed);
    }
  }
}
