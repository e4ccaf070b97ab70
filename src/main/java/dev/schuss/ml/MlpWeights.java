package dev.schuss.ml;

import dev.schuss.nn.Network;
import dev.schuss.objective.Segment;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;

/**
 * The weights of a network of fully connected layers in the order of MLlib's
 * MultilayerPerceptronClassifier: layer by layer the matrix of outputs x inputs, column by column,
 * and then the biases. Ours is row by row.
 */
final class MlpWeights {
  private MlpWeights() {}

  /** Weights as MLlib has them. */
  static Vector of(Network network, float[] weights) {
    double[] theirs = new double[weights.length];
    copy(network, (mine, place) -> theirs[place] = weights[mine]);
    return Vectors.dense(theirs);
  }

  /**
   * Weights of MLlib as ours.
   *
   * @throws IllegalArgumentException if they are not as many, one is no finite number, or the
   *     network has other layers
   */
  static float[] read(Network network, Vector theirs) {
    int size = network.layout().size();
    if (theirs.size() != size) {
      throw new IllegalArgumentException(
          "initialWeights holds %,d numbers, but the network has %,d weights"
              .formatted(theirs.size(), size));
    }
    double[] given = theirs.toArray();
    float[] weights = new float[size];
    copy(network, (mine, place) -> weights[mine] = finite(given[place], place));
    return weights;
  }

  private static float finite(double weight, int place) {
    float single = (float) weight;
    if (!Float.isFinite(single)) {
      throw new IllegalArgumentException(
          "initialWeights[%d] = %s is no finite 32-bit number: training cannot start from it"
              .formatted(place, weight));
    }
    return single;
  }

  private interface Copy {
    void place(int mine, int theirs);
  }

  private static void copy(Network network, Copy copy) {
    List<Segment> segments = network.layout().segments();
    for (Segment s : segments) {
      boolean matrix = s.name().matches("(dense\\d+|output)\\.weight");
      if (!matrix && !s.name().matches("(dense\\d+|output)\\.bias")) {
        throw new IllegalArgumentException(
            "only networks of fully connected layers have weights in the order of MLlib's, and this one has "
                + s.name());
      }
      int rows = s.shape()[0];
      int columns = matrix ? s.shape()[1] : 1;
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          copy.place(s.offset() + i * columns + j, s.offset() + j * rows + i);
        }
      }
    }
  }
}
