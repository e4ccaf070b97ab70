package dev.schuss.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.math.Mix;
import dev.schuss.objective.Batch;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.Task;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The losses by their definitions, and what evaluations and predictions make of their outputs. */
class LossTest {
  private static final int ROWS = 200;

  /** A row's loss by its definition, in double. */
  private interface Definition {
    double of(double[] outputs, double[] targets);
  }

  private static void assertIs(
      Loss loss, int k, boolean classes, double spread, Definition definition) {
    Mix random = new Mix(5, k);
    float[] o = new float[ROWS * k];
    float[] t = new float[classes ? ROWS : ROWS * k];
    float[] c = new float[ROWS];
    double expected = 0;
    for (int r = 0; r < ROWS; r++) {
      c[r] = r % 3 == 0 ? 0 : (float) random.nextDouble();
      double[] outputs = new double[k];
      double[] targets = new double[classes ? 1 : k];
      for (int j = 0; j < k; j++) {
        outputs[j] = o[r * k + j] = (float) (spread * random.nextGaussian());
      }
      for (int j = 0; j < targets.length; j++) {
        boolean bits = loss.probabilities() || classes;
        targets[j] = bits ? random.nextInt(classes ? k : 2) : (float) random.nextGaussian();
        t[r * targets.length + j] = (float) targets[j];
      }
      expected += c[r] * definition.of(outputs, targets);
    }
    float[] d = new float[o.length];
    assertThat(loss.of(o, t, c, ROWS, k, d)).isCloseTo(expected, within(1e-6 * (1 + expected)));
    assertThat(loss.of(o, t, c, ROWS, k, null)).isEqualTo(loss.of(o, t, c, ROWS, k, d));
    for (int j = 0; j < k; j++) {
      assertThat(d[j]).as("the slope of a row of weight 0").isZero();
    }
  }

  @Test
  void areThoseOfTheirDefinitions() {
    for (double spread : new double[] {1, 60}) {
      assertIs(
          new SoftmaxCrossEntropy(0.1),
          5,
          true,
          spread,
          (o, t) -> {
            double max = java.util.Arrays.stream(o).max().orElseThrow();
            double sum = 0;
            double mean = 0;
            for (double s : o) {
              sum += Math.exp(s - max);
              mean += s / o.length;
            }
            double log = max + Math.log(sum);
            return 0.9 * (log - o[(int) t[0]]) + 0.1 * (log - mean);
          });
      assertIs(
          new MulticlassHinge(0.5),
          4,
          true,
          spread,
          (o, t) -> {
            double sum = 0;
            for (int j = 0; j < o.length; j++) {
              sum += j == (int) t[0] ? 0 : Math.max(0, o[j] - o[(int) t[0]] + 0.5);
            }
            return sum;
          });
      for (int k : new int[] {1, 3, 700}) {
        assertIs(
            new BinaryCrossEntropy(),
            k,
            false,
            spread,
            (o, t) ->
                mean(o, t, (z, y) -> Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z)))));
        assertIs(
            new MeanAbsoluteError(),
            k,
            false,
            spread,
            (o, t) -> mean(o, t, (a, b) -> Math.abs(a - b)));
        assertIs(
            new Huber(2),
            k,
            false,
            spread,
            (o, t) ->
                mean(
                    o,
                    t,
                    (a, b) -> {
                      double e = Math.abs(a - b);
                      return e <= 2 ? e * e / 2 : 2 * (e - 1);
                    }));
        assertIs(
            new MeanSquaredError(MeanSquaredError.Reduction.SUM),
            k,
            false,
            spread,
            (o, t) -> o.length * mean(o, t, (a, b) -> (a - b) * (a - b)));
      }
    }
  }

  private interface Term {
    double of(double output, double target);
  }

  private static double mean(double[] o, double[] t, Term term) {
    double sum = 0;
    for (int j = 0; j < o.length; j++) {
      sum += term.of(o[j], t[j]);
    }
    return sum / o.length;
  }

  @Test
  void binaryCrossEntropyLosesNothingFarFromZero() {
    float[] d = new float[4];
    double loss =
        new BinaryCrossEntropy()
            .of(new float[] {200, -200, -200, 200}, new float[] {0, 1, 0, 1}, ones(4), 4, 1, d);
    assertThat(loss).isCloseTo(400, within(1e-9));
    assertThat(d).containsExactly(1, -1, 0, 0);
    double nan =
        new BinaryCrossEntropy().of(new float[] {Float.NaN}, new float[] {1}, ones(1), 1, 1, null);
    assertThat(nan).isNaN();
    assertThat(
            MulticlassHinge.DEFAULTS.of(
                new float[] {Float.NaN, 0}, new float[] {1}, ones(1), 1, 2, null))
        .isNaN();
  }

  private static float[] ones(int n) {
    float[] ones = new float[n];
    java.util.Arrays.fill(ones, 1);
    return ones;
  }

  /** A network of one unit and that of two units whose first one is held at 0 are the same. */
  @Test
  void oneUnitTellsTwoClassesApartAsTwoDo() {
    Network one = network(Task.CLASSIFICATION, 2, new BinaryCrossEntropy());
    Network two = network(Task.CLASSIFICATION, 2, SoftmaxCrossEntropy.DEFAULTS);
    float[] w = {0.5f, -1, 2, 0.25f};
    float[] v = {0, 0, 0, 0.5f, -1, 2, 0, 0.25f};
    assertThat(one.layout().size()).isEqualTo(4);
    Batch batch = batch(3, 1);
    for (int r = 0; r < ROWS; r++) {
      batch.targets()[r] = r % 2;
    }
    Map<String, Double> figures = figures(one, w, batch);
    assertThat(figures.keySet()).startsWith("loss", "accuracy", "auc", "logLoss");
    figures(two, v, batch)
        .forEach((name, value) -> assertThat(figures.get(name)).isCloseTo(value, within(1e-6)));
    float[] scores = one.forwardPass(w).run(batch.features(), ROWS);
    float[] expected = two.forwardPass(v).run(batch.features(), ROWS);
    for (int i = 0; i < 2 * ROWS; i++) {
      assertThat(scores[i]).isEqualTo(expected[i]);
    }
  }

  @Test
  void labelsThatDoNotExcludeEachOtherHaveProbabilitiesAndMetrics() {
    Network network = network(Task.REGRESSION, 2, new BinaryCrossEntropy());
    float[] w = {4, 0, 0, 0, 4, 0, 0, 0}; // the first two inputs, times 4
    Batch batch =
        Batch.of(3, new float[] {1, 1, 0, -1, 1, 0, 0.5f, -1, 0}, new float[] {1, 0, 0, 1, 1, 0});
    float[] p = network.forwardPass(w).run(batch.features(), 3);
    assertThat(p[0]).isCloseTo((float) (1 / (1 + Math.exp(-4))), within(1e-6f));
    Map<String, Double> figures = figures(network, w, batch);
    assertThat(figures).containsEntry("accuracy", 5.0 / 6).containsEntry("exactMatch", 2.0 / 3);
    assertThat(figures.get("logLoss")).isCloseTo(figures.get("loss"), within(1e-9));
    assertThat(figures.get("auc")).isCloseTo((1 + 0.75) / 2, within(1e-12));
    assertThat(figures.get("f1")).isCloseTo((1 + 2.0 / 3) / 2, within(1e-12));
    assertThat(network.misfit(batch)).isNull();
    batch.targets()[3] = 2;
    assertThat(network.misfit(batch))
        .isEqualTo("label 2 is 2.0: must be 0 or 1 for binary-cross-entropy");
  }

  @Test
  void theTallyOfLabelsAddsUpAndTravels() throws Exception {
    Mix random = new Mix(8);
    LabelTally whole = new LabelTally(3);
    LabelTally parts = new LabelTally(3);
    for (int part = 0; part < 4; part++) {
      float[] z = new float[30];
      float[] t = new float[30];
      for (int i = 0; i < 30; i++) {
        z[i] = random.nextInt(5) - 2;
        t[i] = random.nextInt(2);
      }
      whole.add(z, t, ones(10), 10);
      LabelTally some = new LabelTally(3);
      some.add(z, t, ones(10), 10);
      var bytes = new java.io.ByteArrayOutputStream();
      try (var out = new java.io.ObjectOutputStream(bytes)) {
        out.writeObject(some);
      }
      try (var in =
          new java.io.ObjectInputStream(new java.io.ByteArrayInputStream(bytes.toByteArray()))) {
        parts.merge((LabelTally) in.readObject());
      }
    }
    whole
        .figures()
        .forEach((name, v) -> assertThat(parts.figures().get(name)).isCloseTo(v, within(1e-12)));
    assertThat(whole.figures()).hasSize(5);
    assertThat(new LabelTally(3).figures()).isEmpty();
    assertThatThrownBy(() -> whole.merge(new LabelTally(2)))
        .hasMessage("cannot add a tally of 2 labels to a tally of 3 labels");
  }

  @Test
  void theHingeHasScoresButNoProbabilities() {
    Network network = network(Task.CLASSIFICATION, 3, MulticlassHinge.DEFAULTS);
    assertThat(network.probabilities()).isFalse();
    assertThat(network.metrics()).map(m -> m.name()).contains("accuracy").doesNotContain("logLoss");
  }

  @Test
  void lossesOfOtherTasksAreRefused() {
    assertThatThrownBy(() -> network(Task.REGRESSION, 2, MulticlassHinge.DEFAULTS))
        .hasMessage("MulticlassHinge is not a loss for regression");
    assertThatThrownBy(() -> network(Task.CLASSIFICATION, 2, Huber.DEFAULTS))
        .hasMessage("Huber is not a loss for classification");
    assertThatThrownBy(() -> network(Task.CLASSIFICATION, 3, new BinaryCrossEntropy()))
        .hasMessageStartingWith("BinaryCrossEntropy tells 2 classes apart, not 3: use softmax");
    assertThatThrownBy(() -> new SoftmaxCrossEntropy(1))
        .hasMessage("labelSmoothing = 1.0: must be in [0, 1)");
    assertThatThrownBy(() -> new Huber(0)).hasMessage("delta = 0.0: must be positive");
  }

  private static Network network(Task task, int outputs, Loss loss) {
    return new Network(task, 3, List.of(), outputs, loss, Initializer.HE);
  }

  private static Batch batch(int width, int targetWidth) {
    Mix random = new Mix(1);
    Batch batch = new Batch(ROWS, width, targetWidth);
    batch.resize(ROWS);
    for (int i = 0; i < ROWS * width; i++) {
      batch.features()[i] = (float) random.nextGaussian();
    }
    for (int r = 0; r < ROWS; r++) {
      batch.weights()[r] = (float) random.nextDouble();
    }
    return batch;
  }

  private static Map<String, Double> figures(Network network, float[] w, Batch batch) {
    Evaluation sum = Evaluation.of(network);
    network.evaluate(w, batch, sum);
    return sum.figures();
  }
}
