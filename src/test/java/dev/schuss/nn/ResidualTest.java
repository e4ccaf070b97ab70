package dev.schuss.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.schuss.math.Mix;
import dev.schuss.objective.Batch;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Segment;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Blocks with a way around them: shapes, names, and what they leave alone. */
class ResidualTest {
  private static final Layer SAME = new Conv2d(4, 3, 1, 1, true, Activation.TANH);
  private static final Layer HALF = new Conv2d(6, 3, 2, 1, true, Activation.TANH);

  private static Network network(Layer... layers) {
    Network.Builder builder = Network.input(4, 7, 5);
    Arrays.asList(layers).forEach(builder::layer);
    return builder.output(2);
  }

  private static List<String> names(Network network) {
    return network.layout().segments().stream().map(Segment::name).toList();
  }

  @Test
  void aProjectionStandsWhereShapesDiffer() {
    assertThat(names(network(Residual.defaults(List.of(SAME)))))
        .containsExactly(
            "residual0.conv2d0.weight", "residual0.conv2d0.bias", "output.weight", "output.bias");
    Network half = network(Residual.defaults(List.of(HALF, new Dropout(0.1))));
    Segment projection = half.layout().segment("residual0.projection.weight");
    assertThat(projection.shape()).containsExactly(6, 4, 1, 1);
    assertThat(half.layout().segment("output.weight").shape()).containsExactly(2, 6 * 4 * 3);
    Network flat =
        Network.input(3).layer(Residual.defaults(List.of(new Dense(5, Activation.TANH)))).output(2);
    assertThat(flat.layout().segment("residual0.projection.weight").shape()).containsExactly(5, 3);
  }

  @Test
  void layersOfZerosLeaveTheirInputs() {
    Network network =
        network(new Residual(List.of(SAME, SAME), Activation.IDENTITY), new Flatten());
    float[] w = network.initialWeights(1);
    Segment output = network.layout().segment("output.weight");
    Arrays.fill(w, 0, output.offset(), 0);
    Arrays.fill(w, output.offset(), output.end(), 1);
    float[] x = new float[140];
    Arrays.fill(x, 0.5f);
    assertThat(network.outputs(w, x, 1)[0]).isEqualTo(70);
  }

  @Test
  void trainingSeesWhatPredictionsSee() {
    Layer inner = Residual.defaults(List.of(SAME, SAME));
    Network network = network(Residual.defaults(List.of(inner, HALF, inner)), SAME);
    float[] w = network.initialWeights(3);
    Mix random = new Mix(5);
    Batch batch = new Batch(6, 140, 1);
    batch.resize(6);
    for (int i = 0; i < 840; i++) {
      batch.features()[i] = (float) random.nextGaussian();
    }
    Arrays.fill(batch.weights(), 1);
    GradientSum sum = new GradientSum(w.length);
    network.addGradient(w, batch, sum);
    var evaluation = dev.schuss.objective.Evaluation.of(network);
    network.evaluate(w, batch, evaluation);
    assertThat(evaluation.meanLoss()).isEqualTo(sum.meanLoss());
  }

  @Test
  void dropoutsOfABlockDropOtherUnits() {
    Training training = new Training(0, 7, new long[] {1}).at(3, 10);
    assertThat(training.within(1, 0).layer())
        .isNotEqualTo(training.within(1, 1).layer())
        .isNotEqualTo(training.layer());
  }

  @Test
  void whatNoProjectionDoesIsTold() {
    assertThatThrownBy(
            () ->
                network(Residual.defaults(List.of(new Conv2d(4, 3, 1, 0, true, Activation.RELU)))))
        .hasMessage(
            "residual0: its layers make [4, 5, 3] of [4, 7, 5], which no projection with a stride does: give them paddings and strides that keep the image's shape or divide it");
    assertThatThrownBy(
            () ->
                network(Residual.defaults(List.of(new Conv2d(4, 9, 1, 1, true, Activation.RELU)))))
        .hasMessageStartingWith("residual0.conv2d0: its kernel of 9 x 9 is larger than its input");
    assertThatThrownBy(() -> Residual.defaults(List.of()))
        .hasMessage("a residual block needs at least one layer");
  }
}
