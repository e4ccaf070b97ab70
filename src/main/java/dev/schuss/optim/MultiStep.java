package dev.schuss.optim;

import dev.schuss.math.Range;
import java.util.List;

/**
 * {@code base gamma^(number of milestones <= t)}: PyTorch's MultiStepLR.
 *
 * @param base the first value
 * @param milestones when the value changes; at least one
 * @param gamma what it is multiplied with at each
 */
public record MultiStep(
    @Range(min = 0) double base, List<Length> milestones, @Range(min = 0) double gamma)
    implements Schedule {
  public MultiStep {
    Hyper.check(MultiStep.class, base, milestones, gamma);
    milestones = List.copyOf(milestones);
    if (milestones.isEmpty()) {
      throw new IllegalArgumentException("MultiStep: milestones = []: must be at least one");
    }
  }

  static MultiStep defaults(double base, List<Length> milestones) {
    return new MultiStep(base, milestones, 0.1);
  }

  @Override
  public double at(long t) {
    return base * Math.pow(gamma, (double) milestones.stream().filter(m -> m.steps() <= t).count());
  }

  @Override
  public Schedule resolve(RunLength run) {
    return new MultiStep(base, milestones.stream().map(m -> m.resolve(run)).toList(), gamma);
  }
}
