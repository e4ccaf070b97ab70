package dev.schuss.nn;

import dev.schuss.math.Ranges;
import java.io.Serializable;
import java.util.Arrays;

/**
 * A square that moves over an image, as convolutions and poolings have it.
 *
 * @param kernel its width and height
 * @param stride pixels from one place to the next
 * @param padding pixels of 0 around the image
 */
record Window(int kernel, int stride, int padding) implements Serializable {
  /** Pixels of padding that a layer may ask for: more than any image needs. */
  static final int MOST_PADDING = 1 << 16;

  /** That of a pool; it moves by its own width where stride is null. */
  static Window ofPool(int kernel, Integer stride, int padding) {
    return new Window(kernel, stride == null ? kernel : stride, padding);
  }

  /** More padding of a pool would make places that see nothing else. */
  static void checkPoolPadding(int kernel, int padding) {
    if (2 * padding > kernel) {
      throw new Ranges.OutOfRange("padding", padding, "at most half of kernel = " + kernel);
    }
  }

  /** The shape that it makes of an image: places that do not fit whole are left out. */
  Shape over(Shape image, int channels, String layer) {
    Shape in = image.needImage(layer);
    int shortest = Math.min(in.height(), in.width());
    if (kernel > shortest + 2L * padding) {
      throw new IllegalArgumentException(
          "%s: its kernel of %d x %d is larger than its input %s with a padding of %d: take a smaller kernel, or fewer layers that shrink the image"
              .formatted(layer, kernel, kernel, in, padding));
    }
    long longest = Math.max(in.height(), in.width()) + 2L * padding;
    long height = places(in.height());
    long width = places(in.width());
    if (longest > Integer.MAX_VALUE || height * width > Integer.MAX_VALUE / channels) {
      throw new IllegalArgumentException(
          "%s: makes [%d, %d, %d] of %s with a padding of %d, more than 2147483647 numbers: take a smaller padding, a larger stride, or fewer channels"
              .formatted(layer, channels, height, width, in, padding));
    }
    return Shape.image(channels, (int) height, (int) width);
  }

  private long places(int length) {
    return (length + 2L * padding - kernel) / stride + 1;
  }

  /**
   * The first place along an axis whose number at this position within the kernel is no padding.
   */
  int first(int position) {
    return position >= padding ? 0 : (padding - position - 1) / stride + 1;
  }

  /** One past the last such place, of so many. */
  int end(int position, int length, int places) {
    int last = length - 1 + padding - position; // of the numbers, from the first place's
    return last < 0 ? 0 : Math.min(places, last / stride + 1);
  }

  /**
   * Writes what the kernel sees at each of its places (im2col): row (channel, y, x) of the matrix
   * holds the number at that position within the kernel, for one place after another.
   *
   * @param x holds the image from index at
   * @param columns the matrix, whose rows are ld floats apart; this image's places stand from index
   *     column of each row
   */
  void lower(Shape image, Shape places, float[] x, int at, float[] columns, int column, int ld) {
    int row = column;
    for (int c = 0; c < image.channels(); c++) {
      int plane = at + c * image.pixels();
      for (int ky = 0; ky < kernel; ky++) {
        int top = first(ky);
        int bottom = end(ky, image.height(), places.height());
        for (int kx = 0; kx < kernel; kx++, row += ld) {
          int left = first(kx);
          int right = end(kx, image.width(), places.width());
          if (top >= bottom || left >= right) {
            Arrays.fill(columns, row, row + places.pixels(), 0);
            continue;
          }
          Arrays.fill(columns, row, row + top * places.width(), 0);
          for (int oy = top; oy < bottom; oy++) {
            int to = row + oy * places.width();
            int from = plane + (oy * stride - padding + ky) * image.width() - padding + kx;
            for (int ox = 0; ox < left; ox++) {
              columns[to + ox] = 0;
            }
            if (stride == 1) {
              System.arraycopy(x, from + left, columns, to + left, right - left);
            } else {
              for (int ox = left; ox < right; ox++) {
                columns[to + ox] = x[from + ox * stride];
              }
            }
            for (int ox = right; ox < places.width(); ox++) {
              columns[to + ox] = 0;
            }
          }
          Arrays.fill(columns, row + bottom * places.width(), row + places.pixels(), 0);
        }
      }
    }
  }

  /** Adds each number of such a matrix to where {@link #lower} took it from (col2im). */
  void raise(Shape image, Shape places, float[] columns, int column, int ld, float[] x, int at) {
    int row = column;
    for (int c = 0; c < image.channels(); c++) {
      int plane = at + c * image.pixels();
      for (int ky = 0; ky < kernel; ky++) {
        int top = first(ky);
        int bottom = end(ky, image.height(), places.height());
        for (int kx = 0; kx < kernel; kx++, row += ld) {
          int left = first(kx);
          int right = end(kx, image.width(), places.width());
          for (int oy = top; oy < bottom; oy++) {
            int from = row + oy * places.width();
            int to = plane + (oy * stride - padding + ky) * image.width() - padding + kx;
            if (stride == 1) {
              for (int ox = left; ox < right; ox++) {
                x[to + ox] += columns[from + ox];
              }
            } else {
              for (int ox = left; ox < right; ox++) {
                x[to + ox * stride] += columns[from + ox];
              }
            }
          }
        }
      }
    }
  }
}
