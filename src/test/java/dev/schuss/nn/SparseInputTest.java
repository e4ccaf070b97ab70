package dev.schuss.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.schuss.math.Mix;
import dev.schuss.math.SparseRows;
import dev.schuss.objective.Batch;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Layout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SparseInputTest {
  private static final int ROWS = 23;
  private static final int WIDTH = 50;

  /** The same rows, sparse or in full. */
  private static Batch batch(boolean sparse, int targetWidth) {
    Random random = new Random(3);
    Batch batch = new Batch(0, WIDTH, targetWidth);
    float[] x = new float[ROWS * WIDTH];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextInt(8) == 0 ? random.nextFloat() : 0;
    }
    if (sparse) {
      SparseRows rows = batch.resizeSparse(ROWS);
      for (int r = 0; r < ROWS; r++) {
        rows.append(x, r * WIDTH, WIDTH);
      }
    } else {
      batch.resize(ROWS);
      System.arraycopy(x, 0, batch.features(), 0, x.length);
    }
    for (int r = 0; r < ROWS; r++) {
      Arrays.fill(batch.targets(), r * targetWidth, (r + 1) * targetWidth, r % 3);
      batch.weights()[r] = r % 4;
    }
    return batch;
  }

  private static void assertSame(Network network, int targetWidth) {
    float[] w = network.initialWeights(5);
    GradientSum dense = new GradientSum(w.length);
    GradientSum sparse = new GradientSum(w.length);
    Evaluation denseFigures = Evaluation.of(network);
    Evaluation sparseFigures = Evaluation.of(network);
    network.addGradient(w, batch(false, targetWidth), dense);
    network.addGradient(w, batch(true, targetWidth), sparse);
    network.evaluate(w, batch(false, targetWidth), denseFigures);
    network.evaluate(w, batch(true, targetWidth), sparseFigures);
    assertThat(sparse.gradient()).containsExactly(dense.gradient(), within(2e-5f));
    assertThat(sparse.lossSum()).isCloseTo(dense.lossSum(), within(1e-4));
    assertThat(sparse.weightSum()).isEqualTo(dense.weightSum());
    assertThat(sparseFigures.meanLoss()).isCloseTo(denseFigures.meanLoss(), within(1e-5));
    assertThat(sparseFigures.figures().keySet()).isEqualTo(denseFigures.figures().keySet());
    denseFigures
        .figures()
        .forEach(
            (name, value) ->
                assertThat(sparseFigures.figures().get(name))
                    .as(name)
                    .isCloseTo(value, within(1e-3)));
    boolean anyGradient = false;
    for (float g : sparse.gradient()) {
      anyGradient |= g != 0;
    }
    assertThat(anyGradient).isTrue();
  }

  @Test
  void sparseRowsGiveTheGradientOfTheFullOnes() {
    assertSame(Network.input(WIDTH).dense(7, Activation.TANH).output(3), 1);
    assertSame(Network.input(WIDTH).output(3), 1); // the output layer is the first
    assertSame(Network.input(WIDTH).dense(9, Activation.RELU).regression(2), 2);
    assertSame(Network.input(WIDTH).dense(4, Activation.SIGMOID).reconstruction(), 0);
  }

  /** Passes its input on; it knows nothing of sparse rows. */
  private record Same() implements Layer {
    @Override
    public String type() {
      return "same";
    }

    @Override
    public BoundLayer bind(String name, Shape input, Layout.Builder layout) {
      return new BoundSame(input.size());
    }
  }

  private record BoundSame(int outputs) implements BoundLayer {
    @Override
    public double operations() {
      return 0;
    }

    @Override
    public void initialize(float[] w, Initializer initializer, Mix random) {}

    @Override
    public void forward(float[] w, float[] x, int rows, float[] y) {
      System.arraycopy(x, 0, y, 0, rows * outputs);
    }

    @Override
    public void backward(
        float[] w,
        float[] x,
        float[] y,
        int rows,
        float[] dy,
        float[] dx,
        float[] gradient,
        Training training) {}
  }

  @Test
  void anyOtherFirstLayerGetsTheRowsInFull() {
    Network network = Network.input(WIDTH).layer(new Same()).dense(7, Activation.TANH).output(3);
    assertThat(network.takesSparse()).isFalse();
    assertSame(network, 1);
    Batch wide = new Batch(0, 1 << 21, 1);
    wide.resizeSparse(256);
    assertThatThrownBy(wide::features)
        .hasMessage(
            "256 sparse rows of 2097152 features are too large to be written in full: only a first layer of type dense takes them as they are");
  }

  @Test
  void aBatchMayTurnFromSparseToDenseAndBack() {
    Batch batch = new Batch(0, 3, 1);
    SparseRows rows = batch.resizeSparse(1);
    rows.append(new float[] {0, 5, 0}, 0, 3);
    assertThat(Arrays.copyOf(batch.features(), 3)).containsExactly(0, 5, 0);
    batch.resize(1);
    assertThat(batch.sparse()).isNull();
    batch.features()[0] = 1;
    rows = batch.resizeSparse(1);
    assertThat(rows.rows()).isZero();
    rows.append(new float[] {0, 0, 6}, 0, 3);
    assertThat(Arrays.copyOf(batch.features(), 3)).containsExactly(0, 0, 6);
  }
}
