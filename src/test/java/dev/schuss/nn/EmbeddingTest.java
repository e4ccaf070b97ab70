package dev.schuss.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.math.Mix;
import dev.schuss.math.SparseRows;
import dev.schuss.objective.Batch;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Layout;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Where the numbers of categories go, dense and sparse alike. */
class EmbeddingTest {
  private static final Shape ROW =
      Shape.flat(9).with(List.of(new Shape.Category(1, 3), new Shape.Category(6, 2)));

  @Test
  void numbersComeFirstAndThenEachCategory() {
    BoundLayer layer = new Embedding(2).bind("embedding0", ROW, new Layout.Builder());
    float[] w = {1, 2, 3, 4, 5, 6, 70, 80, 90, 100};
    float[] x = {
      -1, 0, 0, 1, -2, -3, 1, 0, -4, //
      -5, 0, 0, 0, -6, -7, 0, 1, -8
    };
    float[] y = new float[2 * layer.outputs()];
    layer.forward(w, x, 2, y);
    assertThat(y)
        .containsExactly(
            -1, -2, -3, -4, 5, 6, 70, 80, //
            -5, -6, -7, -8, 0, 0, 90, 100);
  }

  @Property(tries = 100)
  void sparseRowsGiveTheSame(@ForAll long seed) {
    Mix random = new Mix(seed);
    Network network =
        Network.input(ROW).layer(new Embedding(3)).dense(4, Activation.TANH).output(2);
    assertThat(network.takesSparse()).isTrue();
    float[] w = network.initialWeights(seed);
    float[] x = new float[5 * 9];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextInt(2) == 0 ? 0 : (float) random.nextGaussian();
    }
    Batch dense = Batch.of(5, x, new float[5]);
    Batch sparse = Batch.of(5, x, new float[5]);
    SparseRows rows = sparse.resizeSparse(5);
    for (int r = 0; r < 5; r++) {
      rows.append(x, r * 9, 9);
    }
    assertThat(Arrays.copyOf(network.outputs(w, sparse).clone(), 10))
        .isEqualTo(Arrays.copyOf(network.outputs(w, dense), 10));
    GradientSum a = new GradientSum(w.length);
    network.addGradient(w, dense, a);
    GradientSum b = new GradientSum(w.length);
    network.addGradient(w, sparse, b);
    assertThat(b.gradient()).isEqualTo(a.gradient());
  }

  @Test
  void categoriesMustBeKnown() {
    assertThatThrownBy(() -> Network.input(4).layer(new Embedding(2)).output(2))
        .hasMessage(
            "embedding0 has no categories: name their columns in data.categorical, and put it before layers that mix inputs");
    assertThatThrownBy(() -> Shape.flat(4).with(List.of(new Shape.Category(2, 3))))
        .hasMessageContaining("do not follow one another in a row of 4 inputs");
  }
}
