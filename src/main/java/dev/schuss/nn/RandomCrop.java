package dev.schuss.nn;

import dev.schuss.math.Mix;
import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import dev.schuss.objective.Layout;
import java.util.Arrays;

/**
 * Moves each image by a random number of pixels in training, as if a part of its size were cut out
 * of the image with zeros around it; predictions take images as they are. How far follows from the
 * round, the row's content and the layer: the same in any partition and in any retry.
 *
 * @param padding pixels of 0 on each side: an image moves by so many at most
 */
public record RandomCrop(@Range(min = 1) int padding) implements Layer {
  /** As usual for images of 32 x 32. */
  public static final RandomCrop DEFAULTS = new RandomCrop(4);

  /** Checks the padding. */
  public RandomCrop {
    Ranges.check(RandomCrop.class, padding);
  }

  @Override
  public String type() {
    return "random-crop";
  }

  @Override
  public boolean augments() {
    return true;
  }

  @Override
  public BoundLayer bind(String name, Shape input, Layout.Builder layout) {
    Shape shape = input.needImage(name);
    if (padding >= Math.min(shape.height(), shape.width())) {
      throw new IllegalArgumentException(
          "%s: its padding of %d moves an image %s out of sight: take a smaller one"
              .formatted(name, padding, shape));
    }
    return new Bound(shape, shape.size(), padding);
  }

  private record Bound(Shape shape, int outputs, int padding) implements BoundLayer {

    @Override
    public void forward(float[] w, float[] x, int rows, float[] y) {
      System.arraycopy(x, 0, y, 0, rows * outputs);
    }

    @Override
    public void forward(float[] w, float[] x, int rows, float[] y, Training training) {
      float[] moves = training.kept(2 * rows);
      for (int r = 0; r < rows; r++) {
        Mix random = training.random(r);
        moves[2 * r] = random.nextInt(2 * padding + 1) - padding;
        moves[2 * r + 1] = random.nextInt(2 * padding + 1) - padding;
      }
      move(moves, 1, x, rows, y);
    }

    /** Pixel (i, j) goes to (i + down, j + right), or the other way for a sign of -1. */
    private void move(float[] moves, int sign, float[] from, int rows, float[] to) {
      int width = shape.width();
      Arrays.fill(to, 0, rows * outputs, 0);
      for (int r = 0; r < rows; r++) {
        int down = sign * (int) moves[2 * r];
        int right = sign * (int) moves[2 * r + 1];
        int n = width - Math.abs(right);
        for (int c = 0; c < shape.channels(); c++) {
          int plane = r * outputs + c * shape.pixels();
          for (int i = Math.max(0, -down); i < shape.height() - Math.max(0, down); i++) {
            int source = plane + i * width + Math.max(0, -right);
            int target = plane + (i + down) * width + Math.max(0, right);
            System.arraycopy(from, source, to, target, n);
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
        move(training.kept(2 * rows), -1, dy, rows, dx);
      }
    }
  }
}
