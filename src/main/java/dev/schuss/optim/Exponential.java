package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * {@code base gamma^t}: PyTorch's ExponentialLR.
 *
 * @param base the first value
 * @param gamma factor from one update to the next
 */
public record Exponential(@Range(min = 0) double base, @Range(min = 0) double gamma)
    implements Schedule {
  public Exponential {
    Hyper.check(Exponential.class, base, gamma);
  }

  @Override
  public double at(long t) {
    return base * Math.pow(gamma, (double) t);
  }
}
