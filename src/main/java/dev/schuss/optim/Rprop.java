package dev.schuss.optim;

import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import java.util.Arrays;

/**
 * Riedmiller and Braun 1993: every weight has a step size of its own, which grows by etaPlus while
 * its derivative keeps its sign and shrinks by etaMinus when it changes; the weight moves by it
 * against the sign. For full-batch gradients.
 *
 * @param learningRate its first value is the initial step of every weight
 * @param variant what happens at a change of sign
 * @param etaMinus factor at a change of sign
 * @param etaPlus factor otherwise
 * @param stepMin smallest step
 * @param stepMax largest step
 */
public record Rprop(
    Schedule learningRate,
    Variant variant,
    @Range(above = 0, below = 1) double etaMinus,
    @Range(above = 1) double etaPlus,
    @Range(min = 0) double stepMin,
    @Range(above = 0) double stepMax)
    implements Optimizer {
  /** What a job file that names no values gets. */
  public static final Rprop DEFAULTS =
      new Rprop(Schedule.constant(0.01), Variant.IRPROP_MINUS, 0.5, 1.2, 1e-6, 50);

  /** What happens at a change of sign, beside the smaller step (Igel and Huesken 2003). */
  public enum Variant {
    /** The weight stays; the next update does not adapt its step. PyTorch. */
    IRPROP_MINUS,
    /** The weight moves all the same. */
    RPROP_MINUS,
    /** The last move is undone; the next update does not adapt its step. The original. */
    RPROP_PLUS,
    /** The last move is undone if the loss rose, else the weight stays. */
    IRPROP_PLUS,
    /** The last move is undone and made again with the smaller step. */
    KHAN_SLIDE_GO_BACK_AND_STEP
  }

  public Rprop {
    Hyper.check(Rprop.class, learningRate, variant, etaMinus, etaPlus, stepMin, stepMax);
    if (stepMin > stepMax) {
      throw new Ranges.OutOfRange("stepMin", stepMin, "at most stepMax = " + stepMax);
    }
  }

  @Override
  public Slots slots() {
    return Slots.perWeight("step", "derivative").andPerWeight(undoes(), "move").andNumbers("loss");
  }

  private boolean undoes() {
    return variant != Variant.IRPROP_MINUS && variant != Variant.RPROP_MINUS;
  }

  @Override
  public boolean fullBatch() {
    return true;
  }

  @Override
  public void start(Step s) {
    float[] step = s.perWeight("step");
    s.forEachSpan(p -> Arrays.fill(step, p.from(), p.to(), (float) p.rate()));
  }

  @Override
  public void step(Step s) {
    float[] w = s.w();
    float[] g = s.g();
    float[] size = s.perWeight("step");
    float[] derivative = s.perWeight("derivative");
    float[] move = undoes() ? s.perWeight("move") : null;
    boolean lossRose = s.t() > 1 && s.loss() > s.number("loss");
    s.forEachSpan(
        p -> {
          for (int i = p.from(); i < p.to(); i++) {
            float product = derivative[i] * g[i];
            if (product >= 0) {
              if (product > 0) {
                size[i] = (float) Math.min(size[i] * etaPlus, stepMax);
              }
              float dw = -Math.signum(g[i]) * size[i];
              w[i] += dw;
              derivative[i] = g[i];
              if (move != null) {
                move[i] = dw;
              }
              continue;
            }
            size[i] = (float) Math.max(size[i] * etaMinus, stepMin);
            derivative[i] = variant == Variant.RPROP_MINUS ? g[i] : 0;
            switch (variant) {
              case IRPROP_MINUS -> {}
              case RPROP_MINUS -> w[i] -= Math.signum(g[i]) * size[i];
              case RPROP_PLUS -> w[i] -= move[i];
              case IRPROP_PLUS -> w[i] -= lossRose ? move[i] : 0;
              case KHAN_SLIDE_GO_BACK_AND_STEP -> {
                float again = Math.signum(move[i]) * size[i];
                w[i] += again - move[i];
                move[i] = again;
              }
            }
          }
        });
    s.number("loss", s.loss());
  }
}
