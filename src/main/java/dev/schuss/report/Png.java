package dev.schuss.report;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/** Small pictures within a page, written without AWT. */
final class Png {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int GREY = 0;
  private static final int COLOUR = 2;

  private Png() {}

  /**
   * A picture as the address of an element {@code img}, which asks nothing of a network.
   *
   * @param pixels height x width bytes of grey from black to white, or three times as many of red,
   *     green and blue, pixel by pixel from left to right and top to bottom
   */
  static String address(int width, int height, byte[] pixels) {
    return "data:image/png;base64,"
        + Base64.getEncoder().encodeToString(file(width, height, pixels));
  }

  /** The file, see {@link #address}; ISO/IEC 15948. */
  static byte[] file(int width, int height, byte[] pixels) {
    int channels = pixels.length / (width * height);
    if (pixels.length != channels * width * height || (channels != 1 && channels != 3)) {
      throw new IllegalArgumentException(
          "%d bytes for a picture of %d x %d pixels: must be as many, or three times as many"
              .formatted(pixels.length, width, height));
    }
    try {
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      file.write(SIGNATURE);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream head = new DataOutputStream(bytes);
      head.writeInt(width);
      head.writeInt(height);
      head.write(new byte[] {8, (byte) (channels == 1 ? GREY : COLOUR), 0, 0, 0});
      chunk(file, "IHDR", bytes.toByteArray());
      bytes.reset();
      try (DeflaterOutputStream packed = new DeflaterOutputStream(bytes)) {
        for (int row = 0; row < height; row++) {
          packed.write(0); // no filter
          packed.write(pixels, row * width * channels, width * channels);
        }
      }
      chunk(file, "IDAT", bytes.toByteArray());
      chunk(file, "IEND", new byte[0]);
      return file.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // in memory there is none
    }
  }

  private static void chunk(ByteArrayOutputStream file, String type, byte[] content)
      throws IOException {
    DataOutputStream out = new DataOutputStream(file);
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    out.writeInt(content.length);
    out.write(name);
    out.write(content);
    CRC32 sum = new CRC32();
    sum.update(name);
    sum.update(content);
    out.writeInt((int) sum.getValue());
  }
}
