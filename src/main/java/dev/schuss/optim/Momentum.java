package dev.schuss.optim;

import dev.schuss.math.Range;
import dev.schuss.math.Ranges;

/**
 * Heavy-ball momentum (Polyak 1964) in PyTorch's form: {@code v <- momentum * v + d; w <- w - rate
 * * v} with {@code d = g + weightDecay * w}. The rate stands outside of the velocity, so that a
 * change of it acts at once.
 *
 * @param weightDecay L2, added to the gradient
 */
public record Momentum(
    Schedule learningRate,
    @Range(min = 0, below = 1) double momentum,
    @Range(min = 0) double weightDecay)
    implements Optimizer {
  /** What a job file that names no values gets. */
  public static final Momentum DEFAULTS = new Momentum(Schedule.constant(0.01), 0.9, 0);

  public Momentum {
    Ranges.check(Momentum.class, learningRate, momentum, weightDecay);
  }

  @Override
  public Slots slots() {
    return Slots.perWeight("velocity");
  }

  @Override
  public void step(Step s) {
    float[] w = s.w();
    float[] g = s.g();
    float[] v = s.perWeight("velocity");
    float beta = (float) momentum;
    s.forEachSpan(
        p -> {
          float rate = (float) p.rate();
          float decay = (float) p.weightDecay();
          for (int i = p.from(); i < p.to(); i++) {
            v[i] = beta * v[i] + (g[i] + decay * w[i]);
            w[i] -= rate * v[i];
          }
        });
  }
}
