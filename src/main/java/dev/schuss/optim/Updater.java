package dev.schuss.optim;

import dev.schuss.math.Vectors;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Segment;
import java.util.ArrayList;
import java.util.List;

/** An update rule at work on one weight vector: the rule, the layers' groups and the state. */
public final class Updater {
  private final Optimizer rule;
  private final Layout layout;
  private final float[] w;
  private final float[] before;
  private final OptimizerState state;
  private final List<Trained> trained = new ArrayList<>();

  /** A trained piece of a layer, before the learning rate of a step is known. */
  private record Trained(int from, int to, int layer, double rateScale, double weightDecay) {}

  /**
   * A rule before its first update.
   *
   * @param groups layers that are updated in their own way; may be empty
   * @param w layout.size() starting weights, which the updates change in place
   * @throws IllegalArgumentException if a group matches no layer, or nothing is left to train
   */
  public Updater(Optimizer rule, Layout layout, List<Group> groups, float[] w) {
    if (w.length != layout.size()) {
      throw new IllegalArgumentException(
          w.length + " weights for a layout of " + layout.size() + " parameters");
    }
    this.rule = rule;
    this.layout = layout;
    this.w = w;
    this.before = w.clone();
    this.state = new OptimizerState(rule.slots(), layout);
    resolve(groups);
    rule.start(step(null, Double.NaN));
  }

  private void resolve(List<Group> groups) {
    List<Segment> segments = layout.segments();
    for (Group group : groups) {
      if (segments.stream().noneMatch(group::matches)) {
        throw new IllegalArgumentException(
            "group "
                + group.match()
                + " matches no layer; layers are "
                + segments.stream().map(Segment::name).toList());
      }
    }
    for (int layer = 0; layer < segments.size(); layer++) {
      Segment s = segments.get(layer);
      double rateScale = 1;
      double weightDecay = rule.weightDecay();
      boolean frozen = !s.trainable();
      for (Group group : groups) {
        if (group.matches(s)) {
          rateScale = group.learningRateScale() == null ? rateScale : group.learningRateScale();
          weightDecay = group.weightDecay() == null ? weightDecay : group.weightDecay();
          frozen = group.frozen() == null ? frozen : group.frozen() || !s.trainable();
        }
      }
      for (int from = s.offset(); !frozen && from < s.end(); from += Step.CHUNK) {
        int to = Math.min(from + Step.CHUNK, s.end());
        trained.add(new Trained(from, to, layer, rateScale, weightDecay));
      }
    }
    if (trained.isEmpty()) {
      throw new IllegalArgumentException("every layer is frozen: there is nothing to train");
    }
  }

  /** The weights that the updates change. */
  public float[] weights() {
    return w;
  }

  /** The state, for checkpoints. */
  public OptimizerState state() {
    return state;
  }

  /** The learning rate of the next update. */
  public double learningRate() {
    return rule.learningRate().at(state.updates()) * state.rateScale();
  }

  /** Where the next gradient is to be taken; valid until the next update. */
  public float[] gradientPoint() {
    return rule.gradientPoint(step(null, Double.NaN));
  }

  /** The weights to evaluate, save and export; valid until the next update. */
  public float[] result() {
    return rule.result(step(null, Double.NaN));
  }

  /**
   * Makes one update.
   *
   * @param g layout.size() mean gradients at {@link #gradientPoint}; overwritten
   * @param loss the mean loss there, with the regularization terms
   * @throws NonFiniteException if the loss, the gradient or the updated weights are not finite; the
   *     weights are then as they were, and of the state only what the rule made of a finite
   *     gradient has changed
   */
  public void update(float[] g, double loss) {
    if (!Double.isFinite(loss)) {
      throw new NonFiniteException(state.updates() + 1, "the loss");
    }
    checkFinite(g, "the gradient of ");
    System.arraycopy(w, 0, before, 0, w.length);
    rule.step(step(g, loss));
    try {
      checkFinite(w, "the updated ");
    } catch (NonFiniteException e) {
      System.arraycopy(before, 0, w, 0, w.length);
      throw e;
    }
    state.advance();
  }

  private void checkFinite(float[] values, String what) {
    if (!Vectors.allFinite(values, 0, values.length)) {
      for (Segment s : layout.segments()) {
        if (!Vectors.allFinite(values, s.offset(), s.end())) {
          throw new NonFiniteException(state.updates() + 1, what + s.name());
        }
      }
    }
  }

  private Step step(float[] g, double loss) {
    double rate = learningRate();
    List<Step.Span> spans = new ArrayList<>(trained.size());
    for (Trained p : trained) {
      spans.add(new Step.Span(p.from(), p.to(), p.layer(), rate * p.rateScale(), p.weightDecay()));
    }
    return new Step(w, g, loss, rate, state, "", spans);
  }
}
