package dev.schuss.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.math.Mix;
import dev.schuss.spec.Samples;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The distributions, and that seeds and layers tell them apart. */
class InitializerTest {
  private static final int IN = 200;
  private static final int OUT = 400;

  private static float[] drawn(Initializer initializer) {
    float[] w = new float[IN * OUT + 2];
    initializer.fill(w, 1, 1 + IN * OUT, IN, OUT, new Mix(7));
    assertThat(w[0]).isZero();
    assertThat(w[w.length - 1]).isZero();
    return Arrays.copyOfRange(w, 1, w.length - 1);
  }

  private static double moment(float[] w, int power) {
    double sum = 0;
    for (float value : w) {
      sum += Math.pow(value, power);
    }
    return sum / w.length;
  }

  /** Variance, and kurtosis: 3 for a normal distribution, 1.8 for a uniform one. */
  @Test
  void haveTheVarianceAndShapeOfTheirPapers() {
    Map<Initializer, double[]> expected =
        Map.of(
            Initializer.HE,
            new double[] {2.0 / IN, 3},
            new Initializer.HeUniform(),
            new double[] {2.0 / IN, 1.8},
            Initializer.GLOROT,
            new double[] {2.0 / (IN + OUT), 1.8},
            new Initializer.GlorotNormal(),
            new double[] {2.0 / (IN + OUT), 3},
            new Initializer.LeCun(),
            new double[] {1.0 / IN, 3},
            new Initializer.LeCunUniform(),
            new double[] {1.0 / IN, 1.8});
    expected.forEach(
        (initializer, of) -> {
          float[] w = drawn(initializer);
          double variance = moment(w, 2);
          assertThat(moment(w, 1)).as("%s", initializer).isCloseTo(0, within(1e-3));
          assertThat(variance / of[0]).as("%s", initializer).isCloseTo(1, within(0.03));
          assertThat(moment(w, 4) / variance / variance)
              .as("%s", initializer)
              .isCloseTo(of[1], within(0.1));
        });
  }

  @Test
  void sparseGivesEachUnitSoManyInputsAnywhere() {
    float[] w = drawn(new Initializer.Sparse(15, 2));
    int[] uses = new int[IN];
    double squares = 0;
    for (int unit = 0; unit < OUT; unit++) {
      int inputs = 0;
      for (int i = 0; i < IN; i++) {
        boolean used = w[unit * IN + i] != 0;
        inputs += used ? 1 : 0;
        uses[i] += used ? 1 : 0;
        squares += w[unit * IN + i] * w[unit * IN + i];
      }
      assertThat(inputs).isEqualTo(15);
    }
    assertThat(squares / (15 * OUT)).isCloseTo(4, within(0.25));
    assertThat(Arrays.stream(uses)).allMatch(n -> n > 8 && n < 60); // 30 on average
    float[] few = new float[6];
    new Initializer.Sparse(15, 1).fill(few, 0, 6, 3, 2, new Mix(1));
    assertThat(few).doesNotContain(0f);
  }

  @Test
  void constantsAreConstant() {
    assertThat(drawn(new Initializer.Zeros())).containsOnly(0f);
    assertThat(drawn(new Initializer.Constant(0.25))).containsOnly(0.25f);
  }

  /** Today's bits, which models and tests rely on. */
  @Test
  void heAndGlorotKeepTheirBits() {
    float[] w = new float[3];
    Initializer.HE.fill(w, 0, 3, 8, 4, new Mix(42));
    Mix he = new Mix(42);
    for (float value : w) {
      assertThat(value).isEqualTo((float) (0.5 * he.nextGaussian()));
    }
    Initializer.GLOROT.fill(w, 0, 3, 2, 4, new Mix(42));
    Mix glorot = new Mix(42);
    for (float value : w) {
      assertThat(value).isEqualTo((float) (2 * glorot.nextDouble() - 1));
    }
  }

  @org.junit.jupiter.api.Test
  void aLayerMayHaveAWayOfItsOwn() {
    Initializer own = new Initializer.Constant(0.25);
    Network network =
        Network.input(2, 5, 5)
            .layer(new Conv2d(3, 3, 1, 0, true, Activation.RELU, own))
            .layer(new Conv2d(3, 3, 1, 0, true, Activation.RELU))
            .layer(new Dense(4, Activation.RELU, own))
            .initializer(new Initializer.Constant(7))
            .output(2);
    float[] w = network.initialWeights(1);
    String[] names = {"conv2d0.weight", "conv2d1.weight", "dense2.weight", "output.weight"};
    float[] values = {0.25f, 7, 0.25f, 7};
    for (int i = 0; i < names.length; i++) {
      var s = network.layout().segment(names[i]);
      assertThat(Arrays.copyOfRange(w, s.offset(), s.end())).as(names[i]).containsOnly(values[i]);
    }
  }

  static java.util.List<String> names() {
    return Samples.initializers();
  }

  @ParameterizedTest
  @MethodSource("names")
  void followFromSeedAndLayer(String name) {
    Initializer initializer = Samples.initializer(name, new Mix(1));
    Network network =
        Network.input(9)
            .dense(9, Activation.RELU)
            .dense(9, Activation.RELU)
            .initializer(initializer)
            .output(9);
    float[] w = network.initialWeights(3);
    assertThat(network.initialWeights(3)).isEqualTo(w);
    boolean random = !name.equals("zeros") && !name.equals("constant");
    assertThat(Arrays.equals(network.initialWeights(4), w)).isEqualTo(!random);
    TreeSet<String> layers = new TreeSet<>();
    network.layout().segments().stream()
        .filter(s -> s.name().endsWith("weight"))
        .forEach(s -> layers.add(Arrays.toString(Arrays.copyOfRange(w, s.offset(), s.end()))));
    assertThat(layers).hasSize(random ? 3 : 1);
    network.layout().segments().stream()
        .filter(s -> s.name().endsWith("bias"))
        .forEach(s -> assertThat(Arrays.copyOfRange(w, s.offset(), s.end())).containsOnly(0f));
  }
}
