package dev.schuss.data;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * An IDX file of unsigned bytes: two zero bytes, 8, the number of dimensions, each dimension as a
 * big-endian int, then the bytes. Opened once it is known to be whole.
 *
 * @param path as the user named it
 * @param sizes the dimensions; the first is the number of items
 */
record IdxFile(String path, int[] sizes) implements Serializable {
  private static final int UNSIGNED_BYTES = 0x08;
  private static final int MAX_DIMENSIONS = 4;

  /**
   * Reads the header and checks the length, without reading all of the file where that can be
   * avoided.
   *
   * @throws DataException if the file is missing, not IDX, or truncated
   */
  static IdxFile open(String path, Configuration hadoop) {
    FileStatus status = Files.list(path, hadoop).get(0);
    try {
      IdxFile file = header(path, hadoop);
      long expected = file.headerBytes() + file.items() * file.itemBytes();
      long found = Files.length(status, hadoop, n -> n == expected);
      if (found != expected) {
        throw new DataException(
            "%s is %s: %d bytes expected for %s, %d found; fetch it again"
                .formatted(
                    path,
                    found < expected ? "truncated" : "too long",
                    expected,
                    file.shape(),
                    found));
      }
      return file;
    } catch (IOException e) {
      throw Files.damaged(path, e);
    }
  }

  private static IdxFile header(String path, Configuration hadoop) throws IOException {
    try (DataInputStream in = new DataInputStream(Files.open(new Path(path), hadoop))) {
      int magic = in.readInt();
      int dimensions = magic & 0xFF;
      if (magic >>> 8 != UNSIGNED_BYTES || dimensions < 1 || dimensions > MAX_DIMENSIONS) {
        throw new DataException(
            "%s is not an IDX file of bytes: it begins with 0x%08x, expected 0x00000803 for images or 0x00000801 for labels"
                .formatted(path, magic));
      }
      int[] sizes = new int[dimensions];
      for (int d = 0; d < dimensions; d++) {
        sizes[d] = in.readInt();
        if (sizes[d] < (d == 0 ? 0 : 1) || sizes[d] > 1 << 30) {
          throw new DataException(path + " is damaged: dimension " + d + " is " + sizes[d]);
        }
      }
      IdxFile file = new IdxFile(path, sizes);
      if (file.itemBytes() > 1 << 28) {
        throw new DataException(path + " is damaged: " + file.shape());
      }
      return file;
    } catch (EOFException e) {
      throw new DataException(path + " is truncated: it ends within its header; fetch it again", e);
    }
  }

  int dimensions() {
    return sizes.length;
  }

  long items() {
    return sizes[0];
  }

  /** Bytes of one item: the product of the other dimensions. */
  long itemBytes() {
    long bytes = 1;
    for (int d = 1; d < sizes.length; d++) {
      bytes *= sizes[d];
    }
    return bytes;
  }

  int headerBytes() {
    return 4 + 4 * sizes.length;
  }

  /** The bytes from this item on. */
  DataInputStream from(long item, Configuration hadoop) throws IOException {
    InputStream in = Files.open(new Path(path), hadoop);
    long skipped = headerBytes() + item * itemBytes();
    if (in instanceof FSDataInputStream plain) {
      plain.seek(skipped);
    } else {
      in.skipNBytes(skipped);
    }
    return new DataInputStream(new java.io.BufferedInputStream(in, 1 << 16));
  }

  private String shape() {
    String shape =
        Arrays.stream(sizes).skip(1).mapToObj(Integer::toString).collect(Collectors.joining(" x "));
    return sizes.length == 1 ? sizes[0] + " labels" : sizes[0] + " images of " + shape;
  }
}
