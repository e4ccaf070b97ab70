package dev.schuss.report;

import java.util.List;

/**
 * Rows that a model is most wrong about, for a page.
 *
 * @param of which rows they are taken from, such as {@code test}
 * @param columns names of {@link Example#values}; empty where the rows are shown as pictures
 * @param examples the worst first
 */
public record Examples(String of, List<String> columns, List<Example> examples) {
  /** Longer sides are drawn with every second pixel, and so on: some kilobytes each. */
  private static final int LONGEST_SIDE = 64;

  /** Of nothing. */
  public static final Examples NONE = new Examples("", List.of(), List.of());

  /**
   * A row.
   *
   * @param label what it is
   * @param predicted what it is taken for
   * @param probability of what it is taken for; null where there is none
   * @param loss of the row
   * @param pictures addresses of pictures, as {@link #pictures} makes them; empty for a row of
   *     {@code columns}
   * @param values of the columns, as text; empty for pictures
   */
  public record Example(
      String label,
      String predicted,
      Double probability,
      double loss,
      List<String> pictures,
      List<String> values) {}

  /**
   * Pictures of images, from black at the lowest of all numbers to white at the highest.
   *
   * @param images each of channels x height x width numbers, channel by channel; the first channel
   *     is shown unless there are three
   * @return an address {@code data:} for each image
   */
  public static List<String> pictures(int channels, int height, int width, List<float[]> images) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float[] image : images) {
      for (float value : image) {
        if (Float.isFinite(value)) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      }
    }
    float from = low;
    float to = high;
    return images.stream().map(image -> picture(channels, height, width, image, from, to)).toList();
  }

  private static String picture(
      int channels, int height, int width, float[] image, float low, float high) {
    int every = (Math.max(height, width) + LONGEST_SIDE - 1) / LONGEST_SIDE;
    int rows = (height + every - 1) / every;
    int columns = (width + every - 1) / every;
    int shown = channels == 3 ? 3 : 1;
    byte[] pixels = new byte[rows * columns * shown];
    int at = 0;
    for (int row = 0; row < height; row += every) {
      for (int column = 0; column < width; column += every) {
        for (int c = 0; c < shown; c++) {
          float value = image[(c * height + row) * width + column];
          float share = high > low ? (value - low) / (high - low) : 0;
          pixels[at++] = (byte) Math.round(255 * Math.max(0, Math.min(1, share)));
        }
      }
    }
    return Png.address(columns, rows, pixels);
  }
}
