package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * Gradient descent on minibatches (Robbins and Monro 1951): {@code w <- w - rate * d} with {@code d
 * = g + weightDecay * w}.
 *
 * @param learningRate the rate of the equation
 * @param weightDecay L2, added to the gradient: PyTorch's meaning, so half the lambda of a loss
 *     term {@code lambda * sum(w^2)}
 */
public record Sgd(Schedule learningRate, @Range(min = 0) double weightDecay) implements Optimizer {
  /** What a job file that names no values gets. */
  public static final Sgd DEFAULTS = new Sgd(Schedule.constant(0.01), 0);

  public Sgd {
    Hyper.check(Sgd.class, learningRate, weightDecay);
  }

  @Override
  public void step(Step s) {
    float[] w = s.w();
    float[] g = s.g();
    s.forEachSpan(
        p -> {
          float rate = (float) p.rate();
          float decay = (float) p.weightDecay();
          for (int i = p.from(); i < p.to(); i++) {
            w[i] -= rate * (g[i] + decay * w[i]);
          }
        });
  }
}
