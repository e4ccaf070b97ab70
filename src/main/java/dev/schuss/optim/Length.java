package dev.schuss.optim;

import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import java.io.Serializable;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A length of time in a training.
 *
 * @param count how many; of steps a whole number
 * @param unit of what
 */
public record Length(@Range(min = 0) double count, Unit unit) implements Serializable {
  private static final Pattern TEXT =
      Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)\\s*(steps?|epochs?)?");

  /** What is counted. */
  public enum Unit {
    /** Updates. */
    STEPS,
    /** Passes over the training rows. */
    EPOCHS
  }

  public Length {
    Hyper.check(Length.class, count, unit);
    if (unit == Unit.STEPS && count != Math.rint(count)) {
      throw new IllegalArgumentException(count + " steps: must be a whole number");
    }
  }

  /** So many updates. */
  public static Length steps(long count) {
    return new Length(count, Unit.STEPS);
  }

  /** So many passes over the training rows. */
  public static Length epochs(double count) {
    return new Length(count, Unit.EPOCHS);
  }

  /**
   * Reads {@code 100}, {@code 100 steps} or {@code 1 epoch}.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  public static Length parse(String text) {
    Matcher m = TEXT.matcher(text.strip());
    if (!m.matches()) {
      throw new IllegalArgumentException("must be a length: N, N steps or N epochs");
    }
    boolean epochs = m.group(2) != null && m.group(2).startsWith("epoch");
    return new Length(Double.parseDouble(m.group(1)), epochs ? Unit.EPOCHS : Unit.STEPS);
  }

  /** Refuses a length of nothing. */
  static void positive(Class<? extends Schedule> schedule, String component, Length length) {
    if (length == null || !(length.count > 0)) {
      throw new Ranges.OutOfRange(component, length, "positive").of(schedule.getSimpleName());
    }
  }

  /** The same length in updates, at least 1 unless it is 0. */
  Length resolve(RunLength run) {
    if (unit == Unit.STEPS) {
      return this;
    }
    long steps = Math.round(count * run.stepsPerEpoch());
    return steps(count > 0 ? Math.max(steps, 1) : 0);
  }

  /** The number of updates. */
  long steps() {
    if (unit != Unit.STEPS) {
      throw new IllegalStateException(
          this + " is not known in updates: resolve the schedule against the run's length first");
    }
    return (long) count;
  }

  /** What {@link #parse} reads. */
  @Override
  public String toString() {
    String number =
        count == Math.rint(count) ? Long.toString((long) count) : Double.toString(count);
    return number + " " + unit.name().toLowerCase(Locale.ROOT);
  }
}
