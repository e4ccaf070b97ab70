package dev.schuss.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.schuss.Digits;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import dev.schuss.objective.Batch;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.Task;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictorTest {
  private static final FittedModel.Provenance HERE = FittedModel.Provenance.defaults("0.1.0", 1, 2);

  /** A network as large as that of jobs/digits.conf; it need not be trained. */
  private static FittedModel digits() {
    Network network = Network.input(64).dense(256, Activation.RELU).output(10);
    float[] by = new float[64];
    Arrays.fill(by, 16);
    Preprocessing columns =
        new Preprocessing(
            Task.CLASSIFICATION,
            IntStream.range(0, 64).mapToObj(i -> Feature.number("p" + i)).toList(),
            List.of("label"),
            ClassLabels.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
            Invalid.ERROR,
            new float[64],
            by);
    return new FittedModel(network, network.initialWeights(5), columns, HERE);
  }

  private static FittedModel of(Network network, Invalid invalid, Feature... features) {
    int width = Arrays.stream(features).mapToInt(Feature::width).sum();
    float[] shift = new float[width];
    float[] divisor = new float[width];
    Arrays.fill(divisor, 2);
    shift[0] = 1;
    Preprocessing columns =
        new Preprocessing(
            network.task(),
            List.of(features),
            network.task() == Task.RECONSTRUCTION ? List.of() : List.of("y"),
            network.task() == Task.CLASSIFICATION ? ClassLabels.of(List.of("no", "yes")) : null,
            invalid,
            shift,
            divisor);
    return new FittedModel(network, network.initialWeights(3), columns, HERE);
  }

  @Test
  void theNumbersAreThoseOfTheEvaluation() {
    FittedModel model = digits();
    Predictor predictor = Predictor.of(model);
    List<float[]> rows = Digits.rows(Digits.TEST);
    float[] all = new float[rows.size() * 64];
    float[] labels = new float[rows.size()];
    int right = 0;
    double loss = 0;
    float[] one = new float[10];
    for (int r = 0; r < rows.size(); r++) {
      System.arraycopy(rows.get(r), 0, all, r * 64, 64);
      labels[r] = rows.get(r)[64];
      float[] row = Arrays.copyOf(rows.get(r), 64);
      predictor.probabilities(row, one);
      loss -= Math.log(one[(int) labels[r]]);
      right += predictor.classIndex(row) == (int) labels[r] ? 1 : 0;
      assertThat(predictor.label(row)).isEqualTo(String.valueOf(predictor.classIndex(row)));
    }
    float[] scaled = all.clone();
    model.preprocessing().apply(scaled, rows.size());
    Evaluation evaluation = Evaluation.of(model.network());
    model.network().evaluate(model.weights(), Batch.of(rows.size(), scaled, labels), evaluation);
    Map<String, Double> metrics = evaluation.figures();
    assertThat(right / (double) rows.size()).isEqualTo(metrics.get("accuracy"));
    assertThat(loss / rows.size()).isCloseTo(metrics.get("loss"), within(1e-5));

    float[] batch = new float[rows.size() * 10];
    predictor.probabilities(all, rows.size(), batch);
    predictor.probabilities(Arrays.copyOfRange(all, 300 * 64, 301 * 64), one);
    for (int j = 0; j < 10; j++) {
      assertThat(batch[3000 + j]).isCloseTo(one[j], within(1e-6f));
    }
    predictor.scores(all, rows.size(), batch);
    float[] expected = model.network().outputs(model.weights(), scaled, rows.size());
    for (int i = 0; i < batch.length; i++) {
      assertThat(batch[i]).isCloseTo(expected[i], within(1e-4f));
    }
  }

  @Test
  void theArrayPathAllocatesNothing() {
    Predictor predictor = Predictor.of(digits());
    float[] row = Arrays.copyOf(Digits.rows(Digits.TEST).get(0), 64);
    double[] doubles = new double[64];
    for (int j = 0; j < 64; j++) {
      doubles[j] = row[j];
    }
    float[] to = new float[10];
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    long allocated = -1;
    int sum = 0;
    for (int attempt = 0; attempt < 20 && allocated != 0; attempt++) { // until all is compiled
      long before = threads.getThreadAllocatedBytes(id);
      for (int i = 0; i < 2000; i++) {
        predictor.probabilities(row, to);
        predictor.probabilities(doubles, to);
        predictor.scores(row, to);
        sum += predictor.classIndex(row);
      }
      allocated = threads.getThreadAllocatedBytes(id) - before;
    }
    assertThat(sum).isNotNegative();
    assertThat(allocated).isZero();
  }

  @Test
  void manyThreadsShareOne() {
    Predictor predictor = Predictor.of(digits());
    List<float[]> rows = Digits.rows(Digits.TEST);
    List<Integer> alone = rows.stream().map(r -> predictor.classIndex(head(r))).toList();
    List<Integer> together = rows.parallelStream().map(r -> predictor.classIndex(head(r))).toList();
    assertThat(together).isEqualTo(alone);
    assertThat(alone.stream().distinct().count()).isGreaterThan(3);
  }

  private static float[] head(float[] row) {
    return Arrays.copyOf(row, 64);
  }

  @Test
  void namedColumnsAreTheSameRow() {
    Network network = Network.input(6).dense(4, Activation.TANH).output(2);
    Predictor predictor =
        Predictor.of(
            of(
                network,
                Invalid.ERROR,
                Feature.number("age"),
                Feature.category("colour", List.of("red", "blue"), true),
                Feature.vector("v", 2)));
    Predictor.Prediction named =
        predictor.predict(
            Map.of("age", "41", "colour", "blue", "v", List.of(3, 0.5), "other", "x"));
    float[] row = {41, 0, 1, 0, 3, 0.5f};
    float[] probabilities = new float[2];
    predictor.probabilities(row, probabilities);
    assertThat(named.values()).containsExactly(probabilities, within(1e-6f));
    assertThat(named.label()).isIn("no", "yes").isEqualTo(predictor.label(row));
    assertThat(probabilities[0] + probabilities[1]).isCloseTo(1, within(1e-6f));
    assertThat(row).containsExactly(41, 0, 1, 0, 3, 0.5f);

    Map<String, Object> bad = new HashMap<>(Map.of("age", "old", "colour", "red", "v", row));
    assertRefused(() -> predictor.predict(bad), "age: \"old\" is not a number (old)");
    bad.put("age", null);
    assertRefused(() -> predictor.predict(bad), "age: missing value");
    bad.put("age", 3);
    assertRefused(() -> predictor.predict(bad), "v: 6 values, but 2 are expected");
    bad.remove("colour");
    assertRefused(() -> predictor.predict(bad), "no column colour in the row");
  }

  @Test
  void anAutoencoderGivesCodesAndTheUnitsOfItsColumns() {
    Network network =
        Network.input(3).dense(2, Activation.TANH).dense(5, Activation.TANH).reconstruction();
    FittedModel model = of(network, Invalid.KEEP, Feature.vector("v", 3));
    Predictor predictor = Predictor.of(model);
    float[] row = {1, Float.NaN, 3};
    float[] back = new float[3];
    float[] scores = new float[3];
    float[] code = new float[2];
    predictor.reconstruction(row, back);
    predictor.scores(row, scores);
    predictor.code(row, code);
    assertThat(back)
        .containsExactly(
            new float[] {scores[0] * 2 + 1, scores[1] * 2, scores[2] * 2}, within(1e-6f));
    float[] w = model.weights(); // the input after scaling is (0, 0, 1.5)
    for (int u = 0; u < 2; u++) {
      assertThat(code[u]).isCloseTo((float) Math.tanh(1.5 * w[u * 3 + 2]), within(1e-6f));
    }
    assertThat(predictor.codeWidth()).isEqualTo(2);
    assertThat(predictor.predict(Map.of("v", new double[] {1, 0, 3})).values())
        .containsExactly(back, within(1e-6f));
    assertThatThrownBy(() -> predictor.label(row))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a model for reconstruction has no classes: use scores");
  }

  @Test
  void wrongArgumentsAreNamed() {
    Predictor predictor = Predictor.of(digits());
    float[] row = new float[64];
    float[] to = new float[10];
    assertRefused(
        () -> predictor.scores(new float[63], to), "a row of 63 numbers, but the model takes 64");
    assertRefused(() -> predictor.scores(row, new float[9]), "1 rows of 10 results do not fit");
    assertRefused(
        () -> predictor.scores(row, 2, new float[20]), "2 rows of 64 inputs are not in 64");
    row[7] = Float.NaN;
    assertRefused(
        () -> predictor.scores(row, to), "row 0, p7 = NaN: must be a finite 32-bit float");
    double[] wide = new double[64];
    wide[1] = 1e300;
    assertRefused(() -> predictor.classIndex(wide), "p1 = Infinity: must be a finite");
  }

  private static void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aFolderIsLoaded(@TempDir Path folder) throws IOException {
    FittedModel model = digits();
    model.save(new LocalFolder(folder));
    Predictor loaded = Predictor.load(folder);
    float[] row = new float[64];
    Arrays.fill(row, 4);
    float[] a = new float[10];
    float[] b = new float[10];
    loaded.scores(row, a);
    Predictor.of(model).scores(row, b);
    assertThat(a).isEqualTo(b);
    assertThatThrownBy(() -> Predictor.load(folder.resolve("none")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("no such file");
  }
}
