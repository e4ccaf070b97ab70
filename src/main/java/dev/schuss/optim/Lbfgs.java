package dev.schuss.optim;

import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.math.Vectors;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Limited-memory BFGS (Nocedal and Wright 2006, Algorithms 7.4 and 7.5): the direction {@code p =
 * -H g} by the two-loop recursion over the last moves s and changes y of the gradient, and a step
 * length alpha with {@code f(w + alpha p) <= f(w) + c1 alpha p'g} and {@code p'g(w + alpha p) >= c2
 * p'g} (weak Wolfe, by the bracketing of Lewis and Overton 2013). For full-batch gradients.
 *
 * <p>Each update takes in the loss and the gradient of one trial point, which is the {@linkplain
 * #gradientPoint gradient point}; the weights move when a trial is accepted. A whole line search is
 * state like any other, so it can be interrupted anywhere. A trial point with an infinite loss or
 * gradient is too far away, and the search goes on nearer.
 *
 * @param learningRate the length that a search tries first, as a factor of p; 1 is Newton's
 * @param history how many moves are remembered
 * @param c1 how much of the slope's promise a step must keep
 * @param c2 how much flatter the slope must become
 * @param maxTrials after so many trials a search takes any step that lowers the loss, and without
 *     one starts again along the gradient
 */
public record Lbfgs(
    Schedule learningRate,
    @Range(min = 1, max = 100) int history,
    @Range(above = 0, below = 0.5) double c1,
    @Range(above = 0, below = 1) double c2,
    @Range(min = 2) int maxTrials)
    implements Optimizer {
  /** What a job file that names no values gets. */
  public static final Lbfgs DEFAULTS = new Lbfgs(Schedule.constant(1), 10, 1e-4, 0.9, 20);

  /** A loss of single-precision weights is not known to more than this part of itself. */
  private static final double LOSS_PRECISION = 1e-7;

  public Lbfgs {
    Hyper.check(Lbfgs.class, learningRate, history, c1, c2, maxTrials);
    if (c1 >= c2) {
      throw new Ranges.OutOfRange("c1", c1, "less than c2 = " + c2).of("Lbfgs");
    }
  }

  @Override
  public boolean fullBatch() {
    return true;
  }

  @Override
  public boolean triesPoints() {
    return true;
  }

  /** A search that is begun anew without its history knows the weights' loss, not the trial's. */
  @Override
  public boolean searching(Step s) {
    return s.number("trials") > 0 || s.number("loss") != s.loss();
  }

  /** The gradient at the weights, the direction, the moves and changes; the search's numbers. */
  @Override
  public Slots slots() {
    String[] arrays =
        IntStream.range(0, history)
            .boxed()
            .flatMap(i -> Arrays.stream(new String[] {"s" + i, "y" + i}))
            .toArray(String[]::new);
    return Slots.perWeight("gradient", "direction")
        .and(Slots.perWeight(arrays))
        .andNumbers("moves", "loss", "slope", "alpha", "low", "high", "trials");
  }

  @Override
  public float[] gradientPoint(Step s) {
    if (s.number("alpha") == 0) {
      return s.w();
    }
    float[] point = s.copyOfWeights();
    move(s, point);
    return point;
  }

  /** x <- x + alpha p, the groups' factors on the rate being factors of p. */
  private static void move(Step s, float[] x) {
    float[] p = s.perWeight("direction");
    float alpha = (float) s.number("alpha");
    s.forEachSpan(span -> Vectors.axpy(alpha, p, x, span.from(), span.to()));
  }

  @Override
  public void step(Step s) {
    float[] g = s.g();
    double alpha = s.number("alpha");
    if (alpha == 0) { // the first gradient, or none leads down any more
      begin(s, s.loss(), g);
      return;
    }
    double promised = s.number("loss") + c1 * alpha * s.number("slope");
    double slope = dot(s, s.perWeight("direction"), g);
    boolean lowered = s.loss() <= promised + LOSS_PRECISION * Math.abs(promised);
    boolean last = s.number("trials") + 1 >= maxTrials;
    if (lowered && (last || slope >= c2 * s.number("slope"))) {
      remember(s, g);
      move(s, s.w());
      begin(s, s.loss(), g);
      return;
    }
    tryAnother(s, lowered ? "low" : "high");
  }

  /** A trial that left the numbers behind was too long; the weights themselves have no way back. */
  @Override
  public boolean retreats(Step s) {
    boolean away = s.number("alpha") != 0;
    if (away) {
      tryAnother(s, "high");
    }
    return away;
  }

  /** Makes the trial a bound of the bracket, and chooses the next one. */
  private void tryAnother(Step s, String bound) {
    double alpha = s.number("alpha");
    s.number(bound, alpha);
    s.number("trials", s.number("trials") + 1);
    double low = s.number("low");
    double high = s.number("high");
    if (s.number("trials") < maxTrials) {
      s.number("alpha", high == 0 ? 2 * alpha : (low + high) / 2);
    } else if (low > 0) {
      s.number("alpha", low); // which lowers the loss, as is known
    } else {
      giveUp(s);
    }
  }

  /** Without the history along the gradient; where that was tried already, the weights stay. */
  private void giveUp(Step s) {
    boolean hadHistory = s.number("moves") > 0;
    s.number("moves", 0);
    if (hadHistory) {
      begin(s, s.number("loss"), s.perWeight("gradient"));
    } else {
      s.number("alpha", 0);
    }
  }

  /** A new search from the weights, where loss and gradient are known. */
  private void begin(Step s, double loss, float[] g) {
    float[] gradient = s.perWeight("gradient");
    s.forEachSpan(p -> System.arraycopy(g, p.from(), gradient, p.from(), p.to() - p.from()));
    direction(s);
    float[] p = s.perWeight("direction");
    double slope = dot(s, p, gradient);
    if (!(slope < 0) && s.number("moves") > 0) {
      s.number("moves", 0);
      direction(s);
      slope = dot(s, p, gradient);
    }
    double norm = Math.sqrt(dot(s, gradient, gradient));
    // Without a history p has the gradient's units, not the weights'.
    double first = s.number("moves") > 0 ? 1 : Math.min(1, 1 / norm);
    s.number("loss", loss);
    s.number("slope", slope);
    s.number("alpha", slope < 0 ? first * s.rate() : 0);
    s.number("low", 0);
    s.number("high", 0);
    s.number("trials", 0);
  }

  /** The move to the trial point and the change of the gradient there; kept if it is convex. */
  private void remember(Step s, float[] g) {
    long moves = (long) s.number("moves");
    float[] move = s.perWeight("s" + moves % history);
    float[] change = s.perWeight("y" + moves % history);
    float[] gradient = s.perWeight("gradient");
    float[] direction = s.perWeight("direction");
    float alpha = (float) s.number("alpha");
    s.forEachSpan(
        p -> {
          for (int i = p.from(); i < p.to(); i++) {
            move[i] = alpha * direction[i];
            change[i] = g[i] - gradient[i];
          }
        });
    if (dot(s, move, change) > 0) {
      s.number("moves", moves + 1.0);
    }
  }

  /** p = -H g, Algorithm 7.4. */
  private void direction(Step s) {
    float[] q = s.perWeight("direction");
    float[] g = s.perWeight("gradient");
    long moves = (long) s.number("moves");
    long oldest = Math.max(0, moves - history);
    s.forEachSpan(
        p -> {
          float factor = (float) (s.rate() == 0 ? 0 : -p.rate() / s.rate());
          for (int i = p.from(); i < p.to(); i++) {
            q[i] = factor * g[i];
          }
        });
    double[] a = new double[history];
    for (long j = moves - 1; j >= oldest; j--) {
      int slot = (int) (j % history);
      float[] y = s.perWeight("y" + slot);
      float[] move = s.perWeight("s" + slot);
      a[slot] = dot(s, move, q) / dot(s, move, y);
      add(s, -a[slot], y, q);
    }
    if (moves > 0) {
      float[] y = s.perWeight("y" + (moves - 1) % history);
      float[] move = s.perWeight("s" + (moves - 1) % history);
      float gamma = (float) (dot(s, move, y) / dot(s, y, y));
      s.forEachSpan(p -> Vectors.scale(q, gamma, p.from(), p.to()));
    }
    for (long j = oldest; j < moves; j++) {
      int slot = (int) (j % history);
      float[] y = s.perWeight("y" + slot);
      float[] move = s.perWeight("s" + slot);
      add(s, a[slot] - dot(s, y, q) / dot(s, move, y), move, q);
    }
  }

  private static double dot(Step s, float[] x, float[] y) {
    return s.sum(p -> Vectors.dot(x, y, p.from(), p.to()));
  }

  private static void add(Step s, double factor, float[] x, float[] y) {
    s.forEachSpan(p -> Vectors.axpy((float) factor, x, y, p.from(), p.to()));
  }
}
