package dev.schuss.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.objective.Layout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the trajectories do not show: error inputs, the first step, large vectors, frozen buffers.
 */
class RulesTest {
  private static final Schedule RATE = Schedule.constant(0.1);

  static Arguments[] errors() {
    return new Arguments[] {
      error(() -> new Sgd(RATE, -1), "weightDecay = -1.0: must be at least 0"),
      error(() -> new Momentum(RATE, 1, 0), "momentum = 1.0: must be in [0, 1)"),
      error(() -> new Adam(RATE, -0.1, 0.9, 1e-8, 0), "beta1 = -0.1: must be in [0, 1)"),
      error(() -> new Adam(RATE, 0.9, 1.5, 1e-8, 0), "beta2 = 1.5: must be in [0, 1)"),
      error(() -> new Adam(RATE, 0.9, 0.9, 0, 0), "epsilon = 0.0: must be at least 1.0E-30"),
      error(() -> new Adam(RATE, 0.9, Double.NaN, 1e-8, 0), "beta2 = NaN: must be in [0, 1)"),
      error(() -> new Lookahead(Sgd.DEFAULTS, 0, 0.5), "every = 0: must be at least 1"),
      error(() -> new Lookahead(Sgd.DEFAULTS, 5, 0), "alpha = 0.0: must be in (0, 1]"),
      error(() -> new Lookahead(null, 5, 0.5), "inner"),
      error(
          () -> {
            OptimizerState state = new OptimizerState(Slots.NONE, Layout.flat(3));
            Updates.apply(Sgd.DEFAULTS, Layout.flat(3), state, new float[3], new float[2], 0);
          },
          "a layout of 3 parameters, but 3 weights and 2 gradients"),
    };
  }

  private static Arguments error(Runnable act, String message) {
    return Arguments.of(message, act);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("errors")
  void saysTheOffendingValue(String message, Runnable act) {
    assertThatThrownBy(act::run).hasMessage(message);
  }

  @Test
  void lookaheadShowsTheWeightsBeforeTheFirstUpdateAndTheSlowOnesAfterIt() {
    Lookahead rule = Lookahead.of(new Sgd(Schedule.constant(1), 0), 2, 0.5);
    Layout layout = Layout.flat(1);
    OptimizerState state = new OptimizerState(rule.slots(), layout);
    float[] w = {10};
    assertThat(result(rule, layout, state, w)).containsExactly(10);
    Updates.apply(rule, layout, state, w, new float[] {1}, 0);
    assertThat(w).containsExactly(9);
    assertThat(result(rule, layout, state, w)).containsExactly(10);
    Updates.apply(rule, layout, state, w, new float[] {1}, 0);
    assertThat(w).containsExactly(9);
    assertThat(result(rule, layout, state, w)).containsExactly(9);
    assertThat(state.updates()).isEqualTo(2);
  }

  private static float[] result(Optimizer rule, Layout layout, OptimizerState state, float[] w) {
    return rule.result(Step.of(rule, layout, state, w, null, 0)).clone();
  }

  @Test
  void lookaheadNamesItsSlotsAndThoseOfItsRule() {
    assertThat(Lookahead.defaults(Adam.DEFAULTS).slots().perWeight())
        .containsExactly("slow", "inner.m", "inner.v");
  }

  @Test
  void severalThreadsGiveTheBitsOfOne() {
    int size = 5 * Step.CHUNK + 17;
    float[] large = weights(size);
    float[] small = new float[size];
    Optimizer rule = Lookahead.of(Adam.DEFAULTS, 2, 0.5);
    run(rule, Layout.flat(size), large);
    // The same numbers, a chunk at a time: below the size from which threads are used.
    for (int from = 0; from < size; from += Step.CHUNK) {
      int to = Math.min(size, from + Step.CHUNK);
      float[] part = Arrays.copyOfRange(weights(size), from, to);
      run(rule, Layout.flat(part.length), part);
      System.arraycopy(part, 0, small, from, part.length);
    }
    assertThat(large).isEqualTo(small);
  }

  private static float[] weights(int size) {
    float[] w = new float[size];
    for (int i = 0; i < size; i++) {
      w[i] = (float) Math.sin(i);
    }
    return w;
  }

  private static void run(Optimizer rule, Layout layout, float[] w) {
    OptimizerState state = new OptimizerState(rule.slots(), layout);
    for (int t = 0; t < 3; t++) {
      Updates.apply(rule, layout, state, w, w.clone(), 0);
    }
  }

  @Test
  void leavesBuffersAlone() {
    Layout layout = new Layout.Builder().add("w", true, 1).add("mean", false, 1).build();
    Optimizer rule = Lookahead.of(Sgd.DEFAULTS, 1, 0.5);
    OptimizerState state = new OptimizerState(rule.slots(), layout);
    float[] w = {1, 1};
    Updates.apply(rule, layout, state, w, new float[] {1, 1}, 0);
    assertThat(w[0]).isLessThan(1);
    assertThat(w[1]).isEqualTo(1);
  }

  @Test
  void aSilentWeightStaysWhereItIs() {
    Layout layout = Layout.flat(1);
    OptimizerState state = new OptimizerState(Adam.DEFAULTS.slots(), layout);
    float[] w = {0.5f};
    Updates.apply(Adam.DEFAULTS, layout, state, w, new float[1], 0);
    assertThat(w).containsExactly(0.5f);
  }
}
