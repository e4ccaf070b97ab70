package dev.schuss.objective;

import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Arrays on the wire, in bulk: Java serialization and Kryo write a {@code float[]} element by
 * element, which costs more than the network does.
 */
public final class Wire {
  private static final VarHandle FLOATS =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int CHUNK = 1 << 16;

  private Wire() {}

  /** Writes length and content; null is written as length -1. */
  public static void writeFloats(ObjectOutput out, float[] values) throws IOException {
    if (values == null) {
      out.writeInt(-1);
      return;
    }
    out.writeInt(values.length);
    byte[] buffer =
        new byte[Math.min(CHUNK, values.length * 4L > CHUNK ? CHUNK : values.length * 4)];
    for (int from = 0; from < values.length; from += CHUNK / 4) {
      int n = Math.min(CHUNK / 4, values.length - from);
      for (int i = 0; i < n; i++) {
        FLOATS.set(buffer, i * 4, values[from + i]);
      }
      out.write(buffer, 0, n * 4);
    }
  }

  /** Reads what {@link #writeFloats} wrote. */
  public static float[] readFloats(ObjectInput in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      return null;
    }
    float[] values = new float[length];
    byte[] buffer = new byte[Math.min(CHUNK, length > CHUNK / 4 ? CHUNK : length * 4)];
    for (int from = 0; from < length; from += CHUNK / 4) {
      int n = Math.min(CHUNK / 4, length - from);
      in.readFully(buffer, 0, n * 4);
      for (int i = 0; i < n; i++) {
        values[from + i] = (float) FLOATS.get(buffer, i * 4);
      }
    }
    return values;
  }

  /** Writes length and content; null is written as length -1. */
  public static void writeLongs(ObjectOutput out, long[] values) throws IOException {
    if (values == null) {
      out.writeInt(-1);
      return;
    }
    out.writeInt(values.length);
    byte[] buffer = new byte[CHUNK];
    for (int from = 0; from < values.length; from += CHUNK / 8) {
      int n = Math.min(CHUNK / 8, values.length - from);
      for (int i = 0; i < n; i++) {
        LONGS.set(buffer, i * 8, values[from + i]);
      }
      out.write(buffer, 0, n * 8);
    }
  }

  /** Reads what {@link #writeLongs} wrote. */
  public static long[] readLongs(ObjectInput in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      return null;
    }
    long[] values = new long[length];
    byte[] buffer = new byte[CHUNK];
    for (int from = 0; from < length; from += CHUNK / 8) {
      int n = Math.min(CHUNK / 8, length - from);
      in.readFully(buffer, 0, n * 8);
      for (int i = 0; i < n; i++) {
        values[from + i] = (long) LONGS.get(buffer, i * 8);
      }
    }
    return values;
  }
}
