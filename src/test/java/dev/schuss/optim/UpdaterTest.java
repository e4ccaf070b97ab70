package dev.schuss.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.objective.Layout;
import java.util.List;
import java.util.function.Supplier;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Groups, the loss terms, and what is refused. */
class UpdaterTest {
  private static final Layout LAYOUT =
      new Layout.Builder()
          .add("dense0.weight", true, 2)
          .add("dense0.bias", true, 1)
          .add("norm.mean", false, 1)
          .build();
  private static final Sgd SGD = new Sgd(Schedule.constant(1), 0.5);

  private static Group group(String match, Double scale, Double decay, Boolean frozen) {
    return new Group(match, scale, decay, null, null, frozen);
  }

  private static float[] updated(Optimizer rule, Group... groups) {
    float[] w = {2, 4, 8, 16};
    new Updater(rule, LAYOUT, List.of(groups), w).update(new float[] {1, 1, 1, 1}, 0);
    return w;
  }

  @Test
  void groupsResolveRateDecayAndFreezeAndTheLaterWins() {
    assertThat(updated(SGD)).containsExactly(0, 1, 3, 16);
    assertThat(updated(SGD, group("*.bias", null, 0.0, null))).containsExactly(0, 1, 7, 16);
    assertThat(updated(SGD, group("dense0.*", 0.5, null, null))).containsExactly(1, 2.5f, 5.5f, 16);
    assertThat(updated(SGD, group("*", null, null, true), group("*.bias", null, null, false)))
        .containsExactly(2, 4, 3, 16);
    assertThat(updated(SGD, group("*", 0.0, null, null), group("*.bias", 1.0, null, null)))
        .containsExactly(2, 4, 3, 16);
    assertThat(updated(SGD, group("norm.mean", null, null, false))).containsExactly(0, 1, 3, 16);
  }

  private static double[] trusts(Optimizer rule, Group... groups) {
    float[] w = {3, 4, 8, 16};
    Updater updater = new Updater(rule, LAYOUT, List.of(groups), w);
    updater.update(new float[] {0, 2, 0.5f, 1}, 0);
    return updater.trusts();
  }

  @Test
  void rulesWithARatioForEachLayerTellIt() {
    Offset<Double> close = within(1e-6);
    Lars lars = Lars.DEFAULTS;
    double first = 0.001 * 5 / (2 + 1e-4 * 5 + 1e-8);
    assertThat(trusts(lars)[0]).isEqualTo(first, close);
    assertThat(trusts(Lookahead.of(lars, 5, 0.5))[0]).isEqualTo(first, close);
    double[] noDecay = trusts(lars, group("*.bias", null, 0.0, null));
    assertThat(noDecay[1]).isEqualTo(1); // as the rule has it for such layers
    assertThat(noDecay[2]).isNaN(); // a buffer

    // At the first step u is the gradient's sign, and the decay.
    double[] lamb = trusts(Lamb.DEFAULTS);
    assertThat(lamb[0]).isEqualTo(5 / Math.hypot(0.01 * 3, 1 + 0.01 * 4), within(1e-4));
    assertThat(lamb[1]).isEqualTo(8 / 1.08, within(1e-4));

    double[] novograd = trusts(NovoGrad.DEFAULTS);
    assertThat(novograd[0]).isEqualTo(1 / 2.0, close);
    assertThat(novograd[1]).isEqualTo(1 / 0.5, close);
    assertThat(trusts(SGD)).containsOnly(Double.NaN);
    assertThat(trusts(lars, group("*.bias", null, null, true))[1]).isNaN();
  }

  @Test
  void aGroupsRateThatTakesWeightsToInfinityIsTakenBack() {
    float[] w = {2, 4, 8, 16};
    Group fast = group("*.bias", 1e38, null, null);
    Updater updater = new Updater(SGD, LAYOUT, List.of(fast), w);
    assertThatThrownBy(() -> updater.update(new float[] {1, 1, 1000, 1}, 0))
        .isInstanceOf(NonFiniteException.class)
        .hasMessage("step 1: the updated dense0.bias is NaN or infinite");
    assertThat(w).containsExactly(2, 4, 8, 16);
    assertThat(updater.state().updates()).isZero();
  }

  @Test
  void groupsOfTheRuleComeBeforeThoseOfTheConstructor() {
    Optimizer grouped = Lookahead.of(new Grouped(SGD, List.of(group("*", 0.0, null, null))), 1, 1);
    assertThat(updated(grouped)).containsExactly(2, 4, 8, 16);
    assertThat(updated(grouped, group("*.bias", 1.0, null, null))).containsExactly(2, 4, 3, 16);
  }

  @Test
  void theLossTermsLeaveOutBiasesBuffersAndWhatIsFrozen() {
    float[] w = {2, -4, 8, 16};
    float[] g = new float[4];
    assertThat(new Regularization(0.5, 0.25).addTo(g, w, LAYOUT)).isEqualTo(0.5 * 6 + 0.125 * 20);
    assertThat(g).containsExactly(0.5f + 0.5f, -0.5f - 1, 0, 0);
    g = new float[4];
    List<Group> frozen = List.of(group("*.weight", null, null, true));
    assertThat(new Regularization(0.5, 0.25).addTo(g, w, LAYOUT, frozen)).isZero();
    assertThat(g).containsOnly(0);
  }

  @Test
  void aGroupHasItsOwnLossTerms() {
    float[] w = {2, -4, 8, 16};
    float[] g = new float[4];
    List<Group> groups =
        List.of(
            new Group("*.bias", null, null, 0.5, null, null),
            new Group("*.weight", null, null, 0.0, 0.5, null));
    assertThat(new Regularization(1, 1).addTo(g, w, LAYOUT, groups)).isEqualTo(4 + 0.25 * 20);
    assertThat(g).containsExactly(1, -2, 0.5f, 0);
  }

  @Test
  void frozenLayersKeepTheirWeightsAtTheGradientPoint() {
    Updater updater =
        new Updater(
            new Nesterov(1, 0.5),
            LAYOUT,
            List.of(group("*.bias", null, null, true)),
            new float[] {2, 4, 8, 16});
    updater.update(new float[] {1, 1, 1, 1}, 0);
    assertThat(updater.weights()).containsExactly(1, 3, 8, 16);
    assertThat(updater.gradientPoint()).containsExactly(0.5f, 2.5f, 8, 16);
  }

  @Test
  void averagesAndSlowWeightsKeepWhatIsNotTrained() {
    for (Average.Kind kind : Average.Kind.values()) {
      Optimizer rule = new Average(Lookahead.of(SGD, 2, 0.5), kind, 0.5, 1);
      float[] w = {2, 4, 8, 16};
      Updater updater = new Updater(rule, LAYOUT, List.of(group("*.bias", null, null, true)), w);
      updater.update(new float[] {1, 1, 1, 1}, 0);
      w[3] = 17; // a buffer, which the trainer sets
      updater.update(new float[] {1, 1, 1, 1}, 0);
      assertThat(updater.result()[2]).as("frozen, %s", kind).isEqualTo(8);
      assertThat(updater.result()[3]).as("buffer, %s", kind).isEqualTo(17);
    }
  }

  private static Arguments refused(String message, Supplier<?> act) {
    return Arguments.of(message, act);
  }

  private static Updater updater(Optimizer rule, Group... groups) {
    return new Updater(rule, LAYOUT, List.of(groups), new float[4]);
  }

  static Arguments[] refusals() {
    Schedule rate = Schedule.constant(0.1);
    return new Arguments[] {
      refused("Sgd: weightDecay = -1.0: must be at least 0", () -> new Sgd(rate, -1)),
      refused("Adam: learningRate = -0.1: must be at least 0", () -> new Adam(-0.1)),
      refused("Adam: learningRate = NaN: must be at least 0", () -> new Adam(Double.NaN)),
      refused(
          "RAdam: learningRate = Infinity: must be finite",
          () -> new RAdam(Double.POSITIVE_INFINITY)),
      refused("Momentum: momentum = 1.0: must be in [0, 1)", () -> new Momentum(0.1, 1)),
      refused(
          "Nesterov: momentum = -0.5: must be in [0, 1)",
          () -> new Nesterov(rate, Nesterov.Variant.TORCH, new Table(List.of(0.5, -0.5)), 0)),
      refused(
          "Adam: beta2 = 1.5: must be in [0, 1)",
          () -> new Adam(rate, Adam.Variant.EPS_OUTSIDE, 0.9, 1.5, 1e-8, 0, 0)),
      refused(
          "Adam: epsilon = 0.0: must be at least 1.0E-30",
          () -> new Adam(rate, Adam.Variant.EPS_OUTSIDE, 0.9, 0.9, 0, 0, 0)),
      refused("Lookahead: every = 0: must be at least 1", () -> Lookahead.of(SGD, 0, 0.5)),
      refused("Lookahead: alpha = 0.0: must be in (0, 1]", () -> Lookahead.of(SGD, 5, 0)),
      refused("Lookahead: inner is null", () -> Lookahead.of(null, 5, 0.5)),
      refused(
          "lookahead around Clip: a full-batch rule compares gradients of successive weights, which"
              + " a synchronisation moves",
          () -> Lookahead.of(Clip.globalNorm(Quickprop.DEFAULTS, 1), 5, 0.5)),
      refused("Warmup: inner = -1.0: must be at least 0", () -> Schedule.constant(-1).warmup(5)),
      refused(
          "Sgd(): groups: match = conv*: matches no layer; layers are [dense0.weight, dense0.bias,"
              + " norm.mean]",
          () -> updater(SGD, group("conv*", null, null, true))),
      refused(
          "Sgd(): groups: frozen = true for every layer of [dense0.weight, dense0.bias, norm.mean]:"
              + " there is nothing to train",
          () -> updater(SGD, group("dense*", null, null, true))),
      refused(
          "Grouped(Lbfgs): groups: weightDecay = 0.1: the rule has no weight decay; l2 is a loss term of any",
          () -> updater(new Grouped(Lbfgs.DEFAULTS, List.of(group("*", null, 0.1, null))))),
      refused(
          "3 weights for a layout of 4 parameters",
          () -> new Updater(SGD, LAYOUT, List.of(), new float[3])),
      refused(
          "Sgd(), step 1: learningRate = NaN: must be at least 0",
          () -> updater(new Sgd(t -> Double.NaN, 0))),
    };
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void saysWhoseValueItIs(String message, Supplier<?> act) {
    assertThatThrownBy(act::get).hasMessage(message.replace("Sgd()", "Sgd"));
  }

  @Test
  void aMomentumOverTimeIsCheckedWhenItsTimeHasCome() {
    Schedule grows = t -> 0.5 + 0.5 * t;
    Momentum rule = new Momentum(Schedule.constant(1), Momentum.Variant.EMA, grows, 0, 0);
    Updater updater = updater(rule);
    updater.update(new float[4], 0);
    assertThatThrownBy(() -> updater.update(new float[4], 0))
        .hasMessage("Momentum(EMA), step 2: momentum = 1.0: must be in [0, 1)");
  }
}
