package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * {@code (base - end) (1 - min(t, T) / T)^power + end}, as in Keras and TensorFlow; PyTorch's
 * PolynomialLR with end = 0.
 *
 * @param base the first value
 * @param length T; null for the run's
 * @param power 1 is a straight line
 * @param end the last value
 */
public record Polynomial(
    @Range(min = 0) double base,
    Length length,
    @Range(above = 0) double power,
    @Range(min = 0) double end)
    implements Schedule {
  public Polynomial {
    Hyper.check(Polynomial.class, base, length, power, end);
  }

  static Polynomial defaults(double base) {
    return new Polynomial(base, null, 1, 0);
  }

  @Override
  public double at(long t) {
    return (base - end) * Math.pow(1 - Progress.of(t, length, this), power) + end;
  }

  @Override
  public Schedule resolve(RunLength run) {
    return new Polynomial(base, run.of(length, Polynomial.class), power, end);
  }
}
