package dev.schuss.nn;

import dev.schuss.math.Range;
import dev.schuss.math.Ranges;
import java.io.Serializable;
import java.util.List;

/**
 * What a row is between two layers: so many numbers, or an image, which lies channel by channel and
 * row by row of pixels (NCHW). An image's numbers in that order are the row.
 *
 * @param channels numbers per pixel; the numbers of a row that is no image
 * @param height pixels from top to bottom; 0 for no image
 * @param width pixels from left to right; 0 for no image
 * @param categories inputs that belong together, from left to right; none for an image
 */
public record Shape(int channels, int height, int width, List<Category> categories)
    implements Serializable {

  /**
   * Neighbouring inputs of which one is 1 and the others are 0, all of them 0 for an unknown value.
   *
   * @param from index of the first
   * @param width how many they are
   */
  public record Category(@Range(min = 0) int from, @Range(min = 1) int width)
      implements Serializable {
    /** Checks both. */
    public Category {
      Ranges.check(Category.class, from, width);
    }
  }

  /** Checks the sizes. */
  public Shape {
    boolean flat = height == 0 && width == 0;
    if (channels < 1 || (!flat && (height < 1 || width < 1))) {
      throw new IllegalArgumentException(
          "[%d, %d, %d]: an image has at least 1 channel and 1 x 1 pixels"
              .formatted(channels, height, width));
    }
    categories = List.copyOf(categories);
    int end = 0;
    for (Category c : categories) {
      if (!flat || c.from < end || (long) c.from + c.width > channels) {
        throw new IllegalArgumentException(
            "categories %s: do not follow one another in a row of %d inputs"
                .formatted(categories, channels));
      }
      end = c.from + c.width;
    }
    long pixels = flat ? 1 : (long) height * width;
    if (pixels > Integer.MAX_VALUE / channels) { // the product of all three may pass a long
      throw new IllegalArgumentException(
          "[%d, %d, %d]: more than 2147483647 numbers".formatted(channels, height, width));
    }
  }

  /** So many numbers. */
  public static Shape flat(int numbers) {
    return new Shape(numbers, 0, 0, List.of());
  }

  /** An image. */
  public static Shape image(int channels, int height, int width) {
    if (height < 1 || width < 1) { // 0 x 0 stands for no image
      throw new IllegalArgumentException(
          "[%d, %d, %d]: an image has at least 1 channel and 1 x 1 pixels"
              .formatted(channels, height, width));
    }
    return new Shape(channels, height, width, List.of());
  }

  /** The same row, in which these inputs are categories. */
  public Shape with(List<Category> known) {
    return new Shape(channels, height, width, known);
  }

  /** Whether it has the same sizes, whatever its categories. */
  public boolean isLike(Shape other) {
    return channels == other.channels && height == other.height && width == other.width;
  }

  /** Whether it is an image. */
  public boolean isImage() {
    return height > 0;
  }

  /** Pixels of a channel; 1 where there is no image. */
  public int pixels() {
    return isImage() ? height * width : 1;
  }

  /** Numbers of a row. */
  public int size() {
    return channels * pixels();
  }

  /**
   * This image, for a layer that needs one.
   *
   * @param layer its name, for the message
   * @throws IllegalArgumentException if it is none
   */
  Shape needImage(String layer) {
    if (!isImage()) {
      throw new IllegalArgumentException(
          layer
              + " takes an image, not a row of numbers: set model.input = [channels, height, width], and put layers that make no image behind it");
    }
    return this;
  }

  @Override
  public String toString() {
    return isImage() ? "[" + channels + ", " + height + ", " + width + "]" : "[" + channels + "]";
  }
}
