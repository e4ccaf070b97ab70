package dev.schuss.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.objective.Layout;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the golden trajectories do not show: threads, silent weights, "Adam-2k". */
class RulesTest {
  private static final Schedule RATE = Schedule.constant(0.01);

  static Stream<Optimizer> rules() {
    return Compositions.rules(RATE).stream();
  }

  static Stream<Optimizer> wrapped() {
    return Stream.of(
        new Clip(Adam.DEFAULTS, 1.0, 30.0, 20.0, 0.9),
        new Average(
            new Lookahead(new Momentum(0.1, 0.9), 2, 0.5, Lookahead.Momentum.PULLBACK),
            Average.Kind.EMA_BIAS_CORRECTED,
            0.9,
            1),
        new Average(Lookahead.of(Lamb.DEFAULTS, 2, 0.5), Average.Kind.UNIFORM, 0.9, 2));
  }

  @ParameterizedTest
  @MethodSource({"rules", "wrapped"})
  void theBitsDoNotDependOnTheNumberOfThreads(Optimizer rule) throws Exception {
    float[][] one = run(rule, 1);
    for (int threads : new int[] {2, 3}) {
      float[][] more = run(rule, threads);
      for (int i = 0; i < one.length; i++) {
        assertThat(more[i]).as("%d threads", threads).isEqualTo(one[i]);
      }
    }
  }

  /** Weights, result and all slots after four updates of a vector that several threads share. */
  private static float[][] run(Optimizer rule, int threads) throws Exception {
    Layout layout =
        new Layout.Builder()
            .add("a", true, 5 * Step.CHUNK + 17)
            .add("buffer", false, 3)
            .add("b", true, 4 * Step.CHUNK)
            .add("c", true, 1)
            .build();
    assertThat(layout.size()).isGreaterThan(Step.PARALLEL);
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      return pool.submit(
              () -> {
                Random random = new Random(5);
                Updater updater =
                    new Updater(rule, layout, List.of(), gaussian(random, layout.size()));
                for (int t = 0; t < 4; t++) {
                  updater.gradientPoint();
                  updater.update(gaussian(random, layout.size()), random.nextDouble());
                }
                return Stream.concat(
                        Stream.of(updater.weights(), updater.result().clone()),
                        updater.save().perWeight().values().stream())
                    .toArray(float[][]::new);
              })
          .get();
    } finally {
      pool.shutdown();
    }
  }

  private static float[] gaussian(Random random, int size) {
    float[] x = new float[size];
    for (int i = 0; i < size; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aSilentWeightOfASilentLayerStaysWhereItIs(Optimizer rule) {
    Layout layout = new Layout.Builder().add("a", true, 2).add("silent", true, 2).build();
    List<Group> noDecay =
        Records.decays(rule) ? List.of(new Group("*", null, 0.0, null, null, null)) : List.of();
    float[] w = {1, 2, 3, 0};
    Updater updater = new Updater(rule, layout, noDecay, w);
    for (int t = 0; t < 8; t++) {
      updater.update(new float[] {0.5f, 0, 0, 0}, 1.0 / (t + 1));
    }
    assertThat(w[1]).isEqualTo(2);
    assertThat(w[2]).isEqualTo(3);
    assertThat(w[3]).isEqualTo(0);
    if (rule.fullBatch()) {
      return; // the slope never changes: these may go anywhere
    }
    assertThat(w[0]).isLessThan(1);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void movesDownTheSlope(Optimizer rule) {
    float[] w = {3};
    Updater updater = new Updater(rule, Layout.flat(1), List.of(), w);
    for (int t = 0; t < 60; t++) {
      float at = updater.gradientPoint()[0];
      updater.update(new float[] {2 * at}, at * at);
    }
    assertThat(Math.abs(w[0])).isLessThan(3);
  }

  @Test
  void adam2kFirstLearnsTheSecondMoment() {
    Adam rule = new Adam(RATE, Adam.Variant.EPS_OUTSIDE, 0.9, 0.99, 1e-8, 0, 2);
    float[] w = {1};
    Updater updater = new Updater(rule, Layout.flat(1), List.of(), w);
    updater.update(new float[] {2}, 0);
    updater.update(new float[] {4}, 0);
    assertThat(w).containsExactly(1);
    assertThat(updater.save().perWeight().get("m")).containsExactly(0);
    double v = 0.99 * (0.01 * 4) + 0.01 * 16;
    assertThat(updater.save().perWeight().get("v")[0]).isCloseTo((float) v, within(1e-7f));
    updater.update(new float[] {3}, 0);
    v = 0.99 * v + 0.01 * 9;
    // m's first update: mhat = 3; v's third: vhat = v / (1 - 0.99^3).
    double expected = 1 - 0.01 * 3 / Math.sqrt(v / (1 - Math.pow(0.99, 3)));
    assertThat(w[0]).isCloseTo((float) expected, within(1e-7f));
  }

  @Test
  void theBiasCorrectionOfAnAverageIsThatOfTheNotes() {
    // 1 / (1 - 0.9^2) = 5.263 at k = 2, 1.0000266 at k = 100.
    Optimizer rule =
        new Average(new Sgd(Schedule.constant(0), 0), Average.Kind.EMA_BIAS_CORRECTED, 0.9, 1);
    float[] w = {1};
    Updater updater = new Updater(rule, Layout.flat(1), List.of(), w);
    for (int k = 1; k <= 100; k++) {
      updater.update(new float[1], 0);
      if (k == 2 || k == 100) {
        float average = updater.save().perWeight().get("average")[0];
        assertThat(updater.result()[0] / average)
            .isCloseTo(k == 2 ? 5.263f : 1.0000266f, within(k == 2 ? 1e-3f : 1e-6f));
      }
    }
  }

  @Test
  void nesterovTakesTheDecayWhereItTakesTheGradient() {
    Nesterov rule =
        new Nesterov(
            Schedule.constant(1),
            Nesterov.Variant.LOOKAHEAD_GRADIENT,
            Schedule.constant(0.5),
            0.25);
    float[] w = {8};
    Updater updater = new Updater(rule, Layout.flat(1), List.of(), w);
    updater.update(new float[] {0}, 0);
    assertThat(w).as("v = -0.25 * 8").containsExactly(6);
    updater.update(new float[] {0}, 0);
    assertThat(w).as("v = -1 - 0.25 * (6 - 1)").containsExactly(3.75f);
  }

  @Test
  void lambLeavesAGradientBelowItsLimitAlone() {
    Lamb rule = new Lamb(RATE, 0.5, 0.999, 1e-6, 0, 10.0, true, false, false);
    Updater updater = new Updater(rule, Layout.flat(2), List.of(), new float[] {1, 1});
    updater.update(new float[] {3, 4}, 0);
    assertThat(updater.save().perWeight().get("m")).containsExactly(1.5f, 2);
    updater.update(new float[] {30, 40}, 0);
    assertThat(updater.save().perWeight().get("m")).containsExactly(0.75f + 3, 1 + 4);
  }

  @Test
  void lookaheadShowsTheSlowWeights() {
    float[] w = {10};
    Optimizer rule = Lookahead.of(new Sgd(Schedule.constant(1), 0), 2, 0.5);
    Updater updater = new Updater(rule, Layout.flat(1), List.of(), w);
    assertThat(updater.result()).containsExactly(10);
    updater.update(new float[] {1}, 0);
    assertThat(w).containsExactly(9);
    assertThat(updater.result()).containsExactly(10);
    updater.update(new float[] {1}, 0);
    assertThat(w).containsExactly(9);
    assertThat(updater.result()).containsExactly(9);
    assertThat(updater.state().updates()).isEqualTo(2);
    assertThat(Lookahead.defaults(Adam.DEFAULTS).slots().perWeight())
        .containsExactly("slow", "inner.m", "inner.v");
  }

  @Test
  void aGroupsRateIsAFactorOfTheGlobalOne() {
    Layout layout = new Layout.Builder().add("a", true, 1).add("b", true, 1).build();
    List<Group> groups = List.of(new Group("b", 0.5, null, null, null, null));
    for (Optimizer rule :
        List.of(
            new Sgd(RATE, 0),
            new Momentum(0.01, 0.9),
            new Nesterov(0.01, 0.9),
            Adam.DEFAULTS,
            AdamW.DEFAULTS,
            RAdam.DEFAULTS,
            NAdam.DEFAULTS,
            Lion.DEFAULTS,
            NovoGrad.DEFAULTS,
            Rprop.DEFAULTS)) {
      float[] w = {0, 0};
      Updater updater = new Updater(rule, layout, groups, w);
      updater.update(new float[] {0.3f, 0.3f}, 0);
      updater.update(new float[] {0.2f, 0.2f}, 0);
      assertThat(w[0]).isNotZero();
      assertThat(w[1]).as(rule.toString()).isCloseTo(w[0] / 2, within(1e-7f));
    }
  }
}
