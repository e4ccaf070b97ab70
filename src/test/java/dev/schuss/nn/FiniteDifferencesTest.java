package dev.schuss.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.schuss.math.Mix;
import dev.schuss.objective.Batch;
import dev.schuss.objective.GradientSum;
import dev.schuss.objective.Task;
import dev.schuss.spec.Samples;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Every layer, activation and loss: the gradient against central differences of the loss. */
class FiniteDifferencesTest {

  @Property(tries = 300)
  void gradientIsTheDerivativeOfTheLoss(
      @ForAll Task task,
      @ForAll @IntRange(max = 3) int layers,
      @ForAll @IntRange(min = 1, max = 9) int inputs,
      @ForAll boolean images,
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll long seed) {
    Mix random = new Mix(seed);
    List<Layer> hidden = new ArrayList<>();
    Shape input =
        images
            ? Shape.image(1 + random.nextInt(3), 1 + random.nextInt(7), inputs)
            : Shape.flat(inputs).with(categories(inputs, random));
    while (hidden.size() < layers) {
      Layer next = Samples.layer(random);
      if (task == Task.RECONSTRUCTION && next.augments()) {
        continue; // which a reconstruction refuses
      }
      hidden.add(next);
      try {
        new Network(Task.REGRESSION, input, hidden, 1, MeanSquaredError.DEFAULTS, Initializer.HE);
      } catch (IllegalArgumentException e) { // of another shape: draw again
        hidden.remove(hidden.size() - 1);
      }
    }
    int outputs = task == Task.RECONSTRUCTION ? input.size() : 2 + random.nextInt(4);
    Loss loss = Samples.loss(random);
    while (loss.misfit(task, outputs) != null) {
      if (task == Task.CLASSIFICATION && loss.misfit(task, 2) == null) {
        outputs = 2;
      } else {
        loss = Samples.loss(random);
      }
    }
    assertGradient(task, input, hidden, outputs, loss, Samples.initializer(random), rows, random);
  }

  /** Some neighbouring inputs, or none. */
  private static List<Shape.Category> categories(int inputs, Mix random) {
    List<Shape.Category> categories = new ArrayList<>();
    for (int from = random.nextInt(3); from < inputs; from += random.nextInt(2)) {
      int width = 1 + random.nextInt(inputs - from);
      categories.add(new Shape.Category(from, width));
      from += width;
    }
    return categories;
  }

  private static void assertGradient(
      Task task,
      Shape input,
      List<Layer> hidden,
      int outputs,
      Loss loss,
      Initializer initializer,
      int rows,
      Mix random) {
    Network network = new Network(task, input, hidden, outputs, loss, initializer);
    Batch batch = batch(network, rows, random);
    float[] w = network.initialWeights(random.nextLong());
    for (int i = 0; i < w.length; i++) {
      w[i] += (float) (0.1 * random.nextGaussian());
    }

    GradientSum sum = new GradientSum(w.length);
    network.addGradient(w, batch, sum);

    // One weight at a time; a step that crosses a kink, as ReLU's, is told by its two halves.
    for (int probe = 0; probe < 12; probe++) {
      int i = random.nextInt(w.length);
      if (!trainable(network, i)) { // whose place in the gradient is for its own change
        continue;
      }
      double h = 2e-3;
      double ahead = lossAt(network, w, i, h, batch) - sum.lossSum();
      double behind = sum.lossSum() - lossAt(network, w, i, -h, batch);
      double scale = 1 + Math.abs(sum.lossSum());
      if (Math.abs(ahead - behind) > 5e-3 * h * scale) {
        continue;
      }
      double difference = (ahead + behind) / (2 * h);
      assertThat(sum.gradient()[i])
          .as("%s %s %s weight %d of %s", task, loss, hidden, i, network.layout())
          .isCloseTo(
              (float) difference,
              org.assertj.core.data.Offset.offset((float) (3e-3 * (scale + Math.abs(difference)))));
    }
  }

  private static boolean trainable(Network network, int index) {
    return network.layout().segments().stream()
        .anyMatch(s -> s.trainable() && s.offset() <= index && index < s.end());
  }

  private static double lossAt(Network network, float[] w, int i, double h, Batch batch) {
    float[] moved = w.clone();
    moved[i] += (float) h;
    GradientSum sum = new GradientSum(w.length); // for layers that act in training only
    network.addGradient(moved, batch, sum);
    return sum.lossSum();
  }

  private static Batch batch(Network network, int rows, Mix random) {
    Task task = network.task();
    int inputs = network.inputs();
    int outputs = network.outputs();
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
    if (network.misfit(batch) != null) { // zeros and ones
      for (float[] targets : List.of(batch.features(), batch.targets())) {
        for (int i = 0;
            i < targets.length && (task != Task.REGRESSION || targets != batch.features());
            i++) {
          targets[i] = random.nextInt(2);
        }
      }
    }
    batch.moment(random.nextLong());
    for (int i = 0; i < rows; i++) {
      batch.keys()[i] = random.nextLong();
      batch.weights()[i] = random.nextInt(4) == 0 ? 0 : (float) random.nextDouble() * 2;
    }
    return batch;
  }
}
