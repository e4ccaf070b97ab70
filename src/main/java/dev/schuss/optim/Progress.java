package dev.schuss.optim;

/** How much of a schedule's length has passed. */
final class Progress {
  private Progress() {}

  /** min(t, T) / T; 1 where T is 0. */
  static double of(long t, Length length, Schedule schedule) {
    long total = RunLength.known(length, schedule);
    return t >= total ? 1 : t / (double) total;
  }
}
