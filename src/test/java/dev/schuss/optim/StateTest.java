package dev.schuss.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.objective.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The state as data: exact resumes, refusals by name, and nothing that is not finite. */
class StateTest {
  private static final Layout LAYOUT =
      new Layout.Builder()
          .add("a.weight", true, 3, 2)
          .add("a.bias", true, 3)
          .add("norm.mean", false, 2)
          .add("b.weight", true, 4)
          .build();

  @Provide
  Arbitrary<Optimizer> rules() {
    return Compositions.all();
  }

  private static float[] vector(Random random, double scale) {
    float[] v = new float[LAYOUT.size()];
    for (int i = 0; i < v.length; i++) {
      // Some weights are silent, and some gradients come again.
      v[i] = random.nextInt(5) == 0 ? 0 : (float) (scale * random.nextGaussian());
    }
    return v;
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void stopSaveLoadAndGoOnIsBitIdentical(
      @ForAll("rules") Optimizer rule, @ForAll long seed, @ForAll("stops") int stop) {
    Optimizer resolved = rule.resolve(new RunLength(3, 12L));
    Random random = new Random(seed);
    float[] w = vector(random, 1);
    Updater straight = new Updater(resolved, LAYOUT, List.of(), w);
    Updater resumed = null;
    for (int t = 0; t < 12; t++) {
      if (t == stop) {
        float[] other = vector(random, 1); // a new process starts from other weights
        resumed = new Updater(resolved, LAYOUT, List.of(), other);
        System.arraycopy(w, 0, other, 0, w.length);
        resumed.load(throughBytes(straight.save()));
      }
      float[] g = vector(random, 1);
      double loss = random.nextDouble();
      if (resumed != null) {
        assertThat(resumed.learningRate()).isEqualTo(straight.learningRate());
        assertThat(resumed.gradientPoint().clone()).isEqualTo(straight.gradientPoint().clone());
        resumed.update(g.clone(), loss);
      }
      straight.update(g, loss);
      if (t % 3 == 2) {
        straight.epochEnded(loss, false);
        if (resumed != null) {
          resumed.epochEnded(loss, false);
        }
      }
    }
    assertThat(resumed.weights()).isEqualTo(w);
    assertThat(resumed.result().clone()).isEqualTo(straight.result().clone());
    same(resumed.save(), straight.save());
  }

  @Provide
  Arbitrary<Integer> stops() {
    return Arbitraries.integers().between(0, 11);
  }

  /** A deep copy, as a checkpoint would make it. */
  private static SavedState throughBytes(SavedState s) {
    Map<String, float[]> floats = new LinkedHashMap<>();
    s.perWeight().forEach((k, v) -> floats.put(k, v.clone()));
    Map<String, double[]> doubles = new LinkedHashMap<>();
    s.perLayer().forEach((k, v) -> doubles.put(k, v.clone()));
    return new SavedState(s.version(), s.rule(), floats, doubles, new LinkedHashMap<>(s.numbers()));
  }

  private static void same(SavedState a, SavedState b) {
    assertThat(a.rule()).isEqualTo(b.rule());
    assertThat(a.numbers()).isEqualTo(b.numbers());
    assertThat(a.perWeight().keySet()).isEqualTo(b.perWeight().keySet());
    a.perWeight().forEach((k, v) -> assertThat(v).as(k).isEqualTo(b.perWeight().get(k)));
    a.perLayer().forEach((k, v) -> assertThat(v).as(k).isEqualTo(b.perLayer().get(k)));
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void whatIsNotFiniteIsRefusedAndChangesNothing(
      @ForAll("rules") Optimizer rule,
      @ForAll long seed,
      @ForAll("extremes") List<Float> extremes,
      @ForAll("stops") int when) {
    Random random = new Random(seed);
    float[] w = vector(random, 1);
    Updater updater = new Updater(rule.resolve(new RunLength(3, 12L)), LAYOUT, List.of(), w);
    for (int t = 0; t < 12; t++) {
      float[] g = vector(random, t == when ? 1e4 : 1);
      double loss = random.nextDouble();
      if (t >= when) {
        for (float extreme : extremes) {
          g[random.nextInt(g.length)] = extreme;
        }
        loss = random.nextInt(10) == 0 ? Double.NaN : loss;
      }
      boolean finite = Double.isFinite(loss) && finite(g);
      float[] before = w.clone();
      SavedState saved = throughBytes(updater.save());
      try {
        updater.update(g, loss);
        assertThat(finite || retreated(rule, w, before)).isTrue();
        assertThat(finite(w)).isTrue();
        updater.save().perWeight().forEach((k, v) -> assertThat(finite(v)).as(k).isTrue());
        assertThat(updater.state().updates())
            .isEqualTo((long) (double) saved.numbers().get("updates") + 1);
      } catch (NonFiniteException e) {
        assertThat(w).isEqualTo(before);
        same(updater.save(), saved);
      }
    }
  }

  /** A line search may try another point, if only its weights are as they were. */
  private static boolean retreated(Optimizer rule, float[] w, float[] before) {
    Optimizer inside = rule;
    while (inside instanceof Wrapper wrapper) {
      inside = wrapper.inner();
    }
    return inside instanceof Lbfgs && Arrays.equals(w, before);
  }

  @Provide
  Arbitrary<List<Float>> extremes() {
    return Arbitraries.of(
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            Float.MIN_VALUE,
            1e-30f,
            -1e-40f,
            1e19f,
            1e12f,
            2e6f,
            9e5f,
            0f)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  private static boolean finite(float[] x) {
    for (float v : x) {
      if (!Float.isFinite(v)) {
        return false;
      }
    }
    return true;
  }

  @Example
  void weightsThatGrowWithoutAGradientAreStoppedAtTheLastFiniteOnes() {
    for (double decay : new double[] {10, 1e10, 1e30}) {
      float[] w = {1, 0};
      Optimizer rule = new Sgd(Schedule.constant(9), decay);
      Updater updater = new Updater(rule, Layout.flat(2), List.of(), w);
      int updates = 0;
      float[] last = w.clone();
      try {
        for (; updates < 100; updates++) {
          last = w.clone();
          updater.update(new float[2], 0);
        }
      } catch (NonFiniteException e) {
        assertThat(e).hasMessageContaining("the updated weights");
      }
      assertThat(updates).isBetween(1, 30);
      assertThat(updater.state().updates()).isEqualTo(updates);
      assertThat(w).isEqualTo(last);
      assertThat(finite(w)).isTrue();
    }
  }

  @Example
  void namesWhatIsNotFinite() {
    Updater updater = new Updater(Adam.DEFAULTS, LAYOUT, List.of(), new float[LAYOUT.size()]);
    assertThatThrownBy(() -> updater.update(new float[LAYOUT.size()], Double.POSITIVE_INFINITY))
        .hasMessage("step 1: the loss is NaN or infinite");
    float[] g = new float[LAYOUT.size()];
    g[7] = Float.NaN;
    assertThatThrownBy(() -> updater.update(g, 0))
        .hasMessage("step 1: the gradient of a.bias is NaN or infinite");
    g[7] = 1e30f;
    assertThatThrownBy(() -> updater.update(g, 0))
        .hasMessage("step 1: the updated v of a.bias is NaN or infinite");
    assertThat(updater.save().perWeight().get("m")).containsOnly(0);
  }

  private static SavedState saved(Optimizer rule) {
    return throughBytes(new Updater(rule, LAYOUT, List.of(), new float[LAYOUT.size()]).save());
  }

  private static void refused(Optimizer rule, SavedState state, String message) {
    Updater updater = new Updater(rule, LAYOUT, List.of(), new float[LAYOUT.size()]);
    SavedState before = throughBytes(updater.save());
    assertThatThrownBy(() -> updater.load(state))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("optimizer state: " + message);
    same(updater.save(), before);
  }

  @Example
  void aStateThatDoesNotFitIsRefusedByName() {
    Optimizer adam = Adam.DEFAULTS;
    refused(
        adam,
        saved(RAdam.DEFAULTS),
        "rule = RAdam(TORCH_GT5): cannot be continued with Adam(EPS_OUTSIDE)");
    refused(
        Lookahead.defaults(adam),
        saved(adam),
        "rule = Adam(EPS_OUTSIDE): cannot be continued with Lookahead(Adam(EPS_OUTSIDE), KEEP)");
    SavedState missing = saved(adam);
    missing.perWeight().remove("v");
    refused(adam, missing, "per weight slot v of Adam(EPS_OUTSIDE) is missing; saved are [m]");
    SavedState more = saved(adam);
    more.perWeight().put("x", new float[LAYOUT.size()]);
    refused(adam, more, "per weight slot x is none of Adam(EPS_OUTSIDE), whose slots are [m, v]");
    SavedState small = saved(adam);
    small.perWeight().put("m", new float[3]);
    refused(adam, small, "slot m has 3 numbers for a layout of 15 weights");
    SavedState layers = saved(NovoGrad.DEFAULTS);
    layers.perLayer().put("v", new double[3]);
    refused(NovoGrad.DEFAULTS, layers, "slot v has 3 numbers for a layout of 4 layers");
    SavedState numbers = saved(Rprop.DEFAULTS);
    numbers.numbers().remove("loss");
    refused(
        Rprop.DEFAULTS,
        numbers,
        "number slot loss of Rprop(IRPROP_MINUS) is missing; saved are [updates, rateScale,"
            + " plateau.seen, plateau.best, plateau.bad, plateau.cooldown]");
    SavedState half = saved(adam);
    half.numbers().put("updates", 1.5);
    refused(adam, half, "updates = 1.5: must be a whole number, at least 0");
    SavedState s = saved(adam);
    refused(
        adam,
        new SavedState(2, s.rule(), s.perWeight(), s.perLayer(), s.numbers()),
        "version = 2: this library reads 1");
  }

  @Example
  void theLengthOfTheRunIsPartOfTheState() {
    Optimizer rule = new Sgd(Schedules.cosine(0.1), 0);
    Updater first = new Updater(rule, new RunLength(5, 20L), LAYOUT, List.of(), new float[15]);
    for (int i = 0; i < 10; i++) {
      first.update(new float[15], 1);
    }
    // Planned for twice as long, the run still goes on along the schedule that it began.
    Updater second = new Updater(rule, new RunLength(5, 40L), LAYOUT, List.of(), new float[15]);
    assertThat(second.learningRate()).isEqualTo(0.1);
    second.load(first.save());
    assertThat(second.learningRate())
        .isEqualTo(first.learningRate())
        .isCloseTo(0.05, within(1e-12));
    assertThat(second.save().numbers()).containsEntry("run.steps", 20.0);
  }

  @Example
  void theStateIsAsSmallAsThePapersSay() {
    List<String> sizes = new ArrayList<>();
    for (Optimizer rule :
        List.of(
            Sgd.DEFAULTS,
            Momentum.DEFAULTS,
            Adam.DEFAULTS,
            RAdam.DEFAULTS,
            NovoGrad.DEFAULTS,
            Lamb.DEFAULTS,
            Lion.DEFAULTS,
            Lookahead.defaults(Adam.DEFAULTS))) {
      OptimizerState state = new OptimizerState(rule.slots(), LAYOUT);
      long floats = state.perWeight().values().stream().mapToLong(a -> a.length).sum();
      long doubles = state.perLayer().values().stream().mapToLong(a -> a.length).sum();
      assertThat(floats % LAYOUT.size()).isZero();
      sizes.add(
          "%s %d bytes per weight, %d per layer"
              .formatted(
                  rule.getClass().getSimpleName(),
                  4 * floats / LAYOUT.size(),
                  8 * doubles / LAYOUT.segments().size()));
    }
    assertThat(sizes)
        .containsExactly(
            "Sgd 0 bytes per weight, 0 per layer",
            "Momentum 4 bytes per weight, 0 per layer",
            "Adam 8 bytes per weight, 0 per layer",
            "RAdam 8 bytes per weight, 0 per layer",
            "NovoGrad 4 bytes per weight, 8 per layer",
            "Lamb 8 bytes per weight, 0 per layer",
            "Lion 4 bytes per weight, 0 per layer",
            "Lookahead 12 bytes per weight, 0 per layer");
  }
}
