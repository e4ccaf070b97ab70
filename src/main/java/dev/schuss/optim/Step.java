package dev.schuss.optim;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * One update, as a rule sees it: the weights, the mean gradient, the count of updates and the
 * rule's own slots.
 */
public final class Step {
  /**
   * Weights per span. Fixed, so that a norm is summed in the same order on any number of cores; and
   * few enough that what one loop over a span has read is in the cache for the next.
   */
  static final int CHUNK = 16_384;

  /** Below this many weights an update takes less time than handing it to another thread. */
  static final int PARALLEL = 131_072;

  private final float[] w;
  private final float[] g;
  private final double loss;
  private final double rate;
  private final OptimizerState state;
  private final String prefix;
  private final List<Span> spans;
  private final Guard guard;
  private final double[] trusts;

  Step(
      float[] w,
      float[] g,
      double loss,
      double rate,
      OptimizerState state,
      String prefix,
      List<Span> spans,
      Guard guard,
      double[] trusts) {
    this.w = w;
    this.g = g;
    this.loss = loss;
    this.rate = rate;
    this.state = state;
    this.prefix = prefix;
    this.spans = spans;
    this.guard = guard;
    this.trusts = trusts;
  }

  /**
   * A piece of one layer's trainable weights with its learning rate and weight decay resolved.
   *
   * @param from first index in the flat vector
   * @param to one past the last
   * @param layer index of the layout segment it belongs to
   */
  public record Span(int from, int to, int layer, double rate, double weightDecay) {}

  /** The same update as an inner rule sees it: its slots are named {@code inner.…}. */
  public Step within(String inner) {
    return new Step(w, g, loss, rate, state, prefix + inner + ".", spans, guard, trusts);
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

  /** The mean loss of the minibatch at the gradient point, with its l1 and l2 terms. */
  public double loss() {
    return loss;
  }

  /**
   * Tells what a rule with a length of step for each layer multiplies it by there, for those who
   * watch the training ({@link Updater#trusts}); changes nothing.
   *
   * @param ratio the same for all spans of a layer
   * @return ratio
   */
  public double trust(Span p, double ratio) {
    trusts[p.layer()] = ratio;
    return ratio;
  }

  /** The learning rate of this update, before a group's factor. */
  public double rate() {
    return rate;
  }

  /** The rule's array of one float per weight. */
  public float[] perWeight(String name) {
    return state.perWeight(prefix + name);
  }

  /** The rule's array of one double per layout segment. */
  public double[] perLayer(String name) {
    return state.perLayer(prefix + name);
  }

  /** The rule's number. */
  public double number(String name) {
    return state.number(prefix + name);
  }

  /** Sets the rule's number. */
  public void number(String name, double value) {
    state.number(prefix + name, value);
  }

  /**
   * The value of a momentum for this update.
   *
   * @throws dev.schuss.math.Ranges.OutOfRange if it is not in [0, 1)
   */
  double fraction(String component, Schedule schedule) {
    double value = schedule.at(t() - 1);
    Hyper.check(component, value, true);
    return value;
  }

  /** A copy of the weights to be changed, valid until the next call: a look-ahead point. */
  float[] copyOfWeights() {
    float[] copy = state.scratch();
    System.arraycopy(w, 0, copy, 0, w.length);
    return copy;
  }

  /** The array, with the weights in the place of all that is not trained: buffers, for instance. */
  float[] withUntrainedOf(float[] array) {
    int from = 0;
    for (Span p : spans) {
      System.arraycopy(w, from, array, from, p.from() - from);
      from = p.to();
    }
    System.arraycopy(w, from, array, from, w.length - from);
    return array;
  }

  /**
   * Calls the body for every span of trainable weights, from several threads when the vector is
   * large: a body may write only inside its span. A rule changes weights here and nowhere else,
   * since here they are looked at while they are in the cache.
   */
  public void forEachSpan(Consumer<Span> body) {
    perSpan()
        .forEach(
            i -> {
              body.accept(spans.get(i));
              guard.look(spans.get(i));
            });
  }

  /**
   * Sums a number over the spans of each layer, always in the same order.
   *
   * @return one sum per layout segment; 0 for those that are not trained
   */
  public double[] sumPerLayer(ToDoubleFunction<Span> term) {
    return sumPerLayer(1, p -> new double[] {term.applyAsDouble(p)})[0];
  }

  /** {@link #sumPerLayer} of several numbers at once: so many arrays of one sum per layer. */
  double[][] sumPerLayer(int count, Function<Span, double[]> terms) {
    double[][] perSpan =
        perSpan().mapToObj(i -> terms.apply(spans.get(i))).toArray(double[][]::new);
    int layers = spans.get(spans.size() - 1).layer() + 1;
    double[][] sums = new double[count][layers];
    for (int i = 0; i < perSpan.length; i++) {
      for (int k = 0; k < count; k++) {
        sums[k][spans.get(i).layer()] += perSpan[i][k];
      }
    }
    return sums;
  }

  /** The largest of a number over the spans. */
  double largest(ToDoubleFunction<Span> term) {
    return perSpan().mapToDouble(i -> term.applyAsDouble(spans.get(i))).max().orElse(0);
  }

  private IntStream perSpan() {
    IntStream indexes = IntStream.range(0, spans.size());
    return w.length < PARALLEL ? indexes : indexes.parallel();
  }

  /** {@link #sumPerLayer}, summed over all layers. */
  public double sum(ToDoubleFunction<Span> term) {
    return Arrays.stream(sumPerLayer(term)).sum();
  }
}
