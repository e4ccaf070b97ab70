package dev.schuss.objective;

import dev.schuss.math.FloatPool;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Arrays on the wire, in bulk: Java serialization and Kryo write an array element by element, which
 * costs more than the network does. Each is its length and its content, little endian; null is the
 * length -1.
 */
public final class Wire {
  private static final int CHUNK = 1 << 16;

  private Wire() {}

  /** Copies elements from, to from + n, between an array and the bytes. */
  private interface Copy {
    void run(ByteBuffer bytes, int from, int n);
  }

  /** Writes an array, or null. */
  public static void writeFloats(ObjectOutput out, float[] values) throws IOException {
    int length = values == null ? -1 : values.length;
    write(out, length, Float.BYTES, (b, from, n) -> b.asFloatBuffer().put(values, from, n));
  }

  /** Writes an array, or null. */
  public static void writeLongs(ObjectOutput out, long[] values) throws IOException {
    int length = values == null ? -1 : values.length;
    write(out, length, Long.BYTES, (b, from, n) -> b.asLongBuffer().put(values, from, n));
  }

  /** Writes an array, or null. */
  public static void writeInts(ObjectOutput out, int[] values) throws IOException {
    int length = values == null ? -1 : values.length;
    write(out, length, Integer.BYTES, (b, from, n) -> b.asIntBuffer().put(values, from, n));
  }

  /** Writes an array, or null; as floats where that loses nothing. */
  public static void writeDoubles(ObjectOutput out, double[] values) throws IOException {
    float[] floats = new float[values == null ? 0 : values.length];
    boolean exact = values != null;
    for (int i = 0; i < floats.length && exact; i++) {
      floats[i] = (float) values[i];
      exact = floats[i] == values[i];
    }
    out.writeBoolean(exact);
    if (exact) {
      writeFloats(out, floats);
    } else {
      int length = values == null ? -1 : values.length;
      write(out, length, Double.BYTES, (b, from, n) -> b.asDoubleBuffer().put(values, from, n));
    }
  }

  /** Reads what {@link #writeDoubles} wrote. */
  public static double[] readDoubles(ObjectInput in) throws IOException {
    if (in.readBoolean()) {
      float[] floats = readFloats(in);
      double[] values = new double[floats.length];
      Arrays.setAll(values, i -> floats[i]);
      return values;
    }
    int length = in.readInt();
    double[] values = length < 0 ? null : new double[length];
    read(in, length, Double.BYTES, (b, from, n) -> b.asDoubleBuffer().get(values, from, n));
    return values;
  }

  /**
   * Reads what {@link #writeFloats} wrote, into an array of the {@link FloatPool} if it has one.
   */
  public static float[] readFloats(ObjectInput in) throws IOException {
    int length = in.readInt();
    float[] values = length < 0 ? null : FloatPool.any(length);
    read(in, length, Float.BYTES, (b, from, n) -> b.asFloatBuffer().get(values, from, n));
    return values;
  }

  /** Reads what {@link #writeLongs} wrote. */
  public static long[] readLongs(ObjectInput in) throws IOException {
    int length = in.readInt();
    long[] values = length < 0 ? null : new long[length];
    read(in, length, Long.BYTES, (b, from, n) -> b.asLongBuffer().get(values, from, n));
    return values;
  }

  /** Reads what {@link #writeInts} wrote. */
  public static int[] readInts(ObjectInput in) throws IOException {
    int length = in.readInt();
    int[] values = length < 0 ? null : new int[length];
    read(in, length, Integer.BYTES, (b, from, n) -> b.asIntBuffer().get(values, from, n));
    return values;
  }

  private static void write(ObjectOutput out, int length, int size, Copy copy) throws IOException {
    out.writeInt(length);
    byte[] buffer = new byte[(int) Math.min(CHUNK, Math.max(0L, (long) length * size))];
    ByteBuffer bytes = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < length; from += CHUNK / size) {
      int n = Math.min(CHUNK / size, length - from);
      copy.run(bytes, from, n);
      out.write(buffer, 0, n * size);
    }
  }

  private static void read(ObjectInput in, int length, int size, Copy copy) throws IOException {
    byte[] buffer = new byte[(int) Math.min(CHUNK, Math.max(0L, (long) length * size))];
    ByteBuffer bytes = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < length; from += CHUNK / size) {
      int n = Math.min(CHUNK / size, length - from);
      in.readFully(buffer, 0, n * size);
      copy.run(bytes, from, n);
    }
  }
}
