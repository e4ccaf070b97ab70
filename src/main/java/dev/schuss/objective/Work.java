package dev.schuss.objective;

import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * How long tasks worked on a round.
 *
 * @param tasks how many they were
 * @param slowestNanos the longest time that one of them took for its gradients
 * @param totalNanos what all of them took together
 * @param lastEndMicros when the last of them ended its gradients, in microseconds since 1970 on its
 *     own clock
 */
public record Work(int tasks, long slowestNanos, long totalNanos, long lastEndMicros) {
  /** Nothing done. */
  public static final Work NONE = new Work(0, 0, 0, Long.MIN_VALUE);

  /** One task, which ends its gradients now. */
  public static Work endingNow(long nanos) {
    return new Work(1, nanos, nanos, nowMicros());
  }

  private static long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  /** Both. */
  public Work plus(Work other) {
    return new Work(
        tasks + other.tasks,
        Math.max(slowestNanos, other.slowestNanos),
        totalNanos + other.totalNanos,
        Math.max(lastEndMicros, other.lastEndMicros));
  }

  /** Seconds of the slowest task. */
  public double slowestSeconds() {
    return slowestNanos / 1e9;
  }

  /** Seconds since the last task ended, as far as this clock agrees with that task's. */
  public double secondsSinceLastEnd() {
    return (nowMicros() - (double) lastEndMicros) / 1e6;
  }

  /** Seconds of a task on average. */
  public double meanSeconds() {
    return tasks == 0 ? 0 : totalNanos / 1e9 / tasks;
  }

  void write(ObjectOutput out) throws IOException {
    out.writeInt(tasks);
    out.writeLong(slowestNanos);
    out.writeLong(totalNanos);
    out.writeLong(lastEndMicros);
  }

  static Work read(ObjectInput in) throws IOException {
    return new Work(in.readInt(), in.readLong(), in.readLong(), in.readLong());
  }
}
