package dev.schuss.optim;

import dev.schuss.math.Range;

/**
 * {@code base gamma^floor(t / every)}: PyTorch's StepLR.
 *
 * @param base the first value
 * @param every how long a value stays
 * @param gamma what it is multiplied with then
 */
public record StepDecay(@Range(min = 0) double base, Length every, @Range(min = 0) double gamma)
    implements Schedule {
  public StepDecay {
    Hyper.check(StepDecay.class, base, every, gamma);
    Length.positive(StepDecay.class, "every", every);
  }

  static StepDecay defaults(double base, Length every) {
    return new StepDecay(base, every, 0.1);
  }

  @Override
  public double at(long t) {
    long changes = t / every.steps();
    return base * Math.pow(gamma, (double) changes);
  }

  @Override
  public Schedule resolve(RunLength run) {
    return new StepDecay(base, every.resolve(run), gamma);
  }
}
