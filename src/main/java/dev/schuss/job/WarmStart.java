package dev.schuss.job;

import dev.schuss.model.FittedModel;
import dev.schuss.model.Preprocessing;
import dev.schuss.nn.Network;
import dev.schuss.objective.Segment;
import java.util.Arrays;
import java.util.Objects;

/**
 * A training that starts from a model's weights ({@code model.from}): from all of them where it has
 * the same outputs, else from all but the last layer's.
 *
 * @param weights to start from
 * @param note what is taken over, for the screen
 */
record WarmStart(float[] weights, String note) {
  private static final String LAST = "output.";

  /**
   * Takes weights over.
   *
   * @param network to be trained
   * @param columns its preprocessing
   * @param dir where the model lies, for messages
   * @param seed of the weights that are not taken over
   * @throws JobException naming what differs, with {@link ExitCode#CHECKPOINT}
   */
  static WarmStart of(
      Network network, Preprocessing columns, FittedModel from, String dir, long seed) {
    Network other = from.network();
    check(network, other, dir);
    boolean sameOutputs =
        network.task() == other.task()
            && network.outputs() == other.outputs()
            && Objects.equals(columns.classes(), from.preprocessing().classes());
    float[] weights = network.initialWeights(seed);
    for (Segment s : network.layout().segments()) {
      if (sameOutputs || !s.name().startsWith(LAST)) {
        Segment source = other.layout().segment(s.name());
        if (!Arrays.equals(source.shape(), s.shape())) {
          throw differs(
              dir,
              "%s is %s there and %s here: give the job the same features and the same input"
                  .formatted(
                      s.name(), Arrays.toString(source.shape()), Arrays.toString(s.shape())));
        }
        System.arraycopy(from.weights(), source.offset(), weights, s.offset(), s.length());
      }
    }
    String scaling =
        columns.inputs().equals(from.preprocessing().inputs())
            ? "its scaling is kept"
            : "its scaling is not used: the features differ";
    return new WarmStart(
        weights,
        "starts from %s (%s); %s"
            .formatted(
                dir,
                sameOutputs
                    ? "all weights"
                    : "all layers but the last, whose outputs differ: %d there, %d here"
                        .formatted(other.outputs(), network.outputs()),
                scaling));
  }

  private static void check(Network network, Network other, String dir) {
    if (network.inputs() != other.inputs()) {
      throw differs(
          dir,
          "takes %,d inputs, this job has %,d: name the same features"
              .formatted(other.inputs(), network.inputs()));
    }
    int layers = Math.max(network.hidden().size(), other.hidden().size());
    for (int i = 0; i < layers; i++) {
      String there = i < other.hidden().size() ? other.hidden().get(i).toString() : "missing";
      String here = i < network.hidden().size() ? network.hidden().get(i).toString() : "missing";
      if (!there.equals(here)) {
        throw differs(
            dir,
            "model.layers[%d] is %s there and %s here: give the job the same layers"
                .formatted(i, there, here));
      }
    }
  }

  private static JobException differs(String dir, String what) {
    return new JobException(ExitCode.CHECKPOINT, "model.from = " + dir + ": " + what);
  }
}
