package dev.schuss.optim;

import java.util.Arrays;

/**
 * Schedules as a program writes them: {@code Schedules.cosine(1e-2, 2000).warmup(100)}. Those
 * without a number of updates have the length of their run.
 */
public final class Schedules {
  private Schedules() {}

  /** The same value at every update. */
  public static Schedule constant(double value) {
    return new Constant(value);
  }

  /** Half a cosine from base to 0. */
  public static Schedule cosine(double base) {
    return Cosine.defaults(base);
  }

  /** Half a cosine from base to 0 in so many updates. */
  public static Schedule cosine(double base, long updates) {
    return new Cosine(base, Length.steps(updates), 0);
  }

  /** A straight line from base to 0. */
  public static Schedule linear(double base) {
    return Linear.defaults(base);
  }

  /** A straight line from base to 0 in so many updates. */
  public static Schedule linear(double base, long updates) {
    return new Linear(base, Length.steps(updates), 1, 0);
  }

  /** base multiplied with gamma after every so many updates. */
  public static Schedule step(double base, long every, double gamma) {
    return new StepDecay(base, Length.steps(every), gamma);
  }

  /** base multiplied with gamma at each of these updates. */
  public static Schedule multiStep(double base, double gamma, long... milestones) {
    return new MultiStep(base, Arrays.stream(milestones).mapToObj(Length::steps).toList(), gamma);
  }

  /** base gamma^t. */
  public static Schedule exponential(double base, double gamma) {
    return new Exponential(base, gamma);
  }

  /** A rise to base in so many updates, then base sqrt(updates / t). */
  public static Schedule inverseSqrt(double base, long updates) {
    return new InverseSqrt(base, Length.steps(updates), null);
  }

  /** Up to max and down again in so many updates, as PyTorch's OneCycleLR does by default. */
  public static Schedule oneCycle(double max, long updates) {
    return OneCycle.defaults(max).resolve(new RunLength(updates, updates));
  }

  /** The momentum of Sutskever et al. 2013. */
  public static Schedule sutskever(double max) {
    return Sutskever.defaults(max);
  }
}
