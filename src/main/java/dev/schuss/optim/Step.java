package dev.schuss.optim;

import dev.schuss.objective.Layout;
import dev.schuss.objective.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * One update, as a rule sees it: the weights, the mean gradient, the count of updates and the
 * rule's own slots.
 */
public final class Step {
  /** Weights per span. Fixed, so that a norm is summed in the same order on any number of cores. */
  static final int CHUNK = 65_536;

  /** Below this many weights an update takes less time than handing it to another thread. */
  private static final int PARALLEL = 4 * CHUNK;

  private final float[] w;
  private final float[] g;
  private final double loss;
  private final OptimizerState state;
  private final String prefix;
  private final List<Span> spans;

  private Step(
      float[] w, float[] g, double loss, OptimizerState state, String prefix, List<Span> spans) {
    this.w = w;
    this.g = g;
    this.loss = loss;
    this.state = state;
    this.prefix = prefix;
    this.spans = spans;
  }

  /**
   * A piece of one layer's weights with its learning rate and weight decay resolved.
   *
   * @param from first index in the flat vector
   * @param to one past the last
   * @param layer index of the layout segment it belongs to
   */
  public record Span(int from, int to, int layer, double rate, double weightDecay) {}

  /**
   * The next update of this state.
   *
   * @param g the gradient to apply; null while only the gradient point or the result is asked for
   */
  public static Step of(
      Optimizer rule, Layout layout, OptimizerState state, float[] w, float[] g, double loss) {
    double rate = rule.learningRate().at(state.updates());
    List<Span> spans = new ArrayList<>();
    List<Segment> segments = layout.segments();
    for (int layer = 0; layer < segments.size(); layer++) {
      Segment s = segments.get(layer);
      if (s.trainable()) {
        for (int from = s.offset(); from < s.end(); from += CHUNK) {
          int to = Math.min(from + CHUNK, s.end());
          spans.add(new Span(from, to, layer, rate, rule.weightDecay()));
        }
      }
    }
    return new Step(w, g, loss, state, "", spans);
  }

  /** The same update as an inner rule sees it: its slots are named {@code inner.…}. */
  public Step within(String inner) {
    return new Step(w, g, loss, state, prefix + inner + ".", spans);
  }

  /** The weights, to be updated in place. */
  public float[] w() {
    return w;
  }

  /** The mean gradient of the minibatch; a rule may use it as scratch. */
  public float[] g() {
    return g;
  }

  /** Number of this update, counted from 1. */
  public long t() {
    return state.updates() + 1;
  }

  /** The mean loss of the minibatch at the gradient point. */
  public double loss() {
    return loss;
  }

  /** The rule's array of one float per weight. */
  public float[] perWeight(String name) {
    return state.perWeight(prefix + name);
  }

  /** The rule's array of one double per layout segment. */
  public double[] perLayer(String name) {
    return state.perLayer(prefix + name);
  }

  /**
   * Calls the body for every span of trainable weights, from several threads when the vector is
   * large: a body may write only inside its span.
   */
  public void forEachSpan(Consumer<Span> body) {
    if (w.length < PARALLEL) {
      spans.forEach(body);
    } else {
      IntStream.range(0, spans.size()).parallel().forEach(i -> body.accept(spans.get(i)));
    }
  }
}
