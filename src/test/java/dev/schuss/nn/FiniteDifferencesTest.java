package dev.schuss.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.math.Mix;
import dev.schuss.objective.Batch;
import dev.schuss.objective.Evaluation;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Task;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Every layer, activation and loss: the gradient against central differences of the loss. */
class FiniteDifferencesTest {

  @Property(tries = 300)
  void gradientIsTheDerivativeOfTheLoss(
      @ForAll Task task,
      @ForAll @Size(max = 3) List<Activation> activations,
      @ForAll MeanSquaredError.Reduction reduction,
      @ForAll Initializer initializer,
      @ForAll @IntRange(min = 1, max = 9) int inputs,
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll long seed) {
    Mix random = new Mix(seed);
    List<Layer> hidden = new ArrayList<>();
    for (Activation activation : activations) {
      hidden.add(new Dense(1 + random.nextInt(9), activation));
    }
    int outputs = task == Task.RECONSTRUCTION ? inputs : 2 + random.nextInt(4);
    Loss loss =
        task == Task.CLASSIFICATION ? new SoftmaxCrossEntropy() : new MeanSquaredError(reduction);
    Network network = new Network(task, inputs, hidden, outputs, loss, initializer);
    Batch batch = batch(task, inputs, outputs, rows, random);
    float[] w = network.initialWeights(seed);
    for (int i = 0; i < w.length; i++) {
      w[i] += (float) (0.1 * random.nextGaussian());
    }

    GradientSum sum = new GradientSum(w.length);
    network.addGradient(w, batch, sum);

    // One weight at a time; a step that crosses a kink of ReLU is told by its two halves.
    for (int probe = 0; probe < 12; probe++) {
      int i = random.nextInt(w.length);
      double h = 2e-3;
      double ahead = lossAt(network, w, i, h, batch) - sum.lossSum();
      double behind = sum.lossSum() - lossAt(network, w, i, -h, batch);
      double scale = 1 + Math.abs(sum.lossSum());
      boolean kink = Math.abs(ahead - behind) > 5e-3 * h * scale;
      if (kink && activations.contains(Activation.RELU)) {
        continue;
      }
      double difference = (ahead + behind) / (2 * h);
      assertThat(sum.gradient()[i])
          .as("%s %s weight %d of %s", task, activations, i, network.layout())
          .isCloseTo(
              (float) difference,
              org.assertj.core.data.Offset.offset((float) (3e-3 * (scale + Math.abs(difference)))));
    }
  }

  private static double lossAt(Network network, float[] w, int i, double h, Batch batch) {
    float[] moved = w.clone();
    moved[i] += (float) h;
    Evaluation sum = Evaluation.of(network);
    network.evaluate(moved, batch, sum);
    return sum.meanLoss() * sum.weightSum();
  }

  private static Batch batch(Task task, int inputs, int outputs, int rows, Mix random) {
    int k = task == Task.CLASSIFICATION ? 1 : task == Task.REGRESSION ? outputs : 0;
    Batch batch = new Batch(rows, inputs, k);
    batch.resize(rows);
    for (int i = 0; i < rows * inputs; i++) {
      batch.features()[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < rows * k; i++) {
      batch.targets()[i] =
          task == Task.CLASSIFICATION ? random.nextInt(outputs) : (float) random.nextGaussian();
    }
    for (int i = 0; i < rows; i++) {
      batch.weights()[i] = random.nextInt(4) == 0 ? 0 : (float) random.nextDouble() * 2;
    }
    return batch;
  }
}
