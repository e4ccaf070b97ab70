package dev.schuss.nn;

import dev.schuss.math.Mix;
import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.objective.Layout;

/**
 * Swaps left and right of random images in training; predictions take all images as they are. Which
 * ones follows from the round, the row's content and the layer: the same in any partition and in
 * any retry.
 *
 * @param probability that an image is swapped
 */
public record RandomFlip(@Range(min = 0, max = 1) double probability) implements Layer {
  /** Every other image. */
  public static final RandomFlip DEFAULTS = new RandomFlip(0.5);

  /** Checks the probability. */
  public RandomFlip {
    Ranges.check(RandomFlip.class, probability);
  }

  @Override
  public String type() {
    return "random-flip";
  }

  @Override
  public boolean augments() {
    return true;
  }

  @Override
  public BoundLayer bind(String name, Shape input, Layout.Builder layout) {
    return new Bound(input.needImage(name), input.size(), probability);
  }

  private record Bound(Shape shape, int outputs, double probability) implements BoundLayer {

    @Override
    public void forward(float[] w, float[] x, int rows, float[] y) {
      System.arraycopy(x, 0, y, 0, rows * outputs);
    }

    @Override
    public void forward(float[] w, float[] x, int rows, float[] y, Training training) {
      float[] flipped = training.kept(rows);
      for (int r = 0; r < rows; r++) {
        Mix random = training.random(r);
        flipped[r] = random.nextDouble() < probability ? 1 : 0;
      }
      flip(flipped, x, rows, y);
    }

    private void flip(float[] flipped, float[] from, int rows, float[] to) {
      System.arraycopy(from, 0, to, 0, rows * outputs);
      int width = shape.width();
      for (int r = 0; r < rows; r++) {
        int end = flipped[r] == 0 ? 0 : (r + 1) * outputs;
        for (int line = r * outputs; line < end; line += width) {
          for (int i = 0; i < width; i++) {
            to[line + i] = from[line + width - 1 - i];
          }
        }
      }
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
        Training training) {
      if (dx != null) {
        flip(training.kept(rows), dy, rows, dx);
      }
    }
  }
}
