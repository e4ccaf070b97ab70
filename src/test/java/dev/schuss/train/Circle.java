package dev.schuss.train;

import dev.schuss.data.Block;
import dev.schuss.data.LocalBlocks;
import dev.schuss.math.Mix;
import dev.schuss.nn.Activation;
import dev.schuss.nn.Network;
import java.util.List;

/** Points of a square that lie inside or outside a circle: a small task that is not linear. */
final class Circle {
  private Circle() {}

  static Network network() {
    return Network.input(2).dense(6, Activation.RELU).output(2);
  }

  /** So many points, in three partitions. */
  static List<Block> blocks(int rows, long seed) {
    Mix random = new Mix(seed);
    float[] features = new float[2 * rows];
    float[] targets = new float[rows];
    for (int i = 0; i < rows; i++) {
      float x = (float) (2 * random.nextDouble() - 1);
      float y = (float) (2 * random.nextDouble() - 1);
      features[2 * i] = x;
      features[2 * i + 1] = y;
      targets[i] = x * x + y * y < 0.6 ? 1 : 0;
    }
    return LocalBlocks.of(features, 2, targets, 1, null, null, 3);
  }
}
