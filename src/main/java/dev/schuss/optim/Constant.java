package dev.schuss.optim;

/**
 * The same value at every update.
 *
 * @param base the value; the rule that uses it checks it
 */
public record Constant(double base) implements Schedule {
  @Override
  public double at(long t) {
    return base;
  }
}
