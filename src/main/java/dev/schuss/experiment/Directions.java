package dev.schuss.experiment;

import dev.schuss.math.Mix;
import dev.schuss.math.Vectors;
import dev.schuss.objective.Layout;
import dev.schuss.objective.Segment;
import java.util.List;

/**
 * Random directions from a trained network's weights, normalised filter by filter (Li et al. 2018,
 * section 4): normal random numbers, of which those of each filter are scaled to the Euclidean norm
 * of the filter's weights. So the picture does not depend on how weights are scaled where that
 * changes nothing, as before a batch normalisation. A filter is what makes one output: a neuron of
 * a dense layer, a channel of a convolution, a value of an embedding. What has one number for each
 * of them, as biases and the factors of a normalisation, is not moved, and neither are buffers.
 */
final class Directions {
  private Directions() {}

  /**
   * A direction.
   *
   * @param w layout.size() weights
   * @param random its numbers, in the order of the layout
   * @return layout.size() numbers; 0 where nothing moves. Where no segment has filters, as in a
   *     function of one's own, each that is trained is one filter
   */
  static float[] random(Layout layout, float[] w, Mix random) {
    float[] direction = new float[layout.size()];
    List<Segment> trained = layout.segments().stream().filter(Segment::trainable).toList();
    boolean filters = trained.stream().anyMatch(s -> s.shape().length > 1);
    for (Segment s : trained) {
      if (!filters || s.shape().length > 1) {
        int count = filters ? s.shape()[0] : 1;
        int length = s.length() / count;
        for (int from = s.offset(); from < s.end(); from += length) {
          draw(direction, w, from, from + length, random);
        }
      }
    }
    return direction;
  }

  private static void draw(float[] direction, float[] w, int from, int to, Mix random) {
    for (int i = from; i < to; i++) {
      direction[i] = (float) random.nextGaussian();
    }
    double norm = Math.sqrt(Vectors.sumOfSquares(direction, from, to));
    double wanted = Math.sqrt(Vectors.sumOfSquares(w, from, to));
    for (int i = from; i < to; i++) {
      direction[i] = norm == 0 ? 0 : (float) (direction[i] * (wanted / norm));
    }
  }
}
