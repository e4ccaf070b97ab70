package dev.schuss.data;

import dev.schuss.objective.Wire;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.Arrays;

/** Rows on their way to their partition, in the order in which they were read. */
final class Chunk implements Externalizable {
  private static final long serialVersionUID = 1;

  /** What all rows of a table have in common. */
  record Shape(int width, int labels, boolean weighted, boolean withIds) {
    /** Bytes of a row, roughly. */
    long rowBytes() {
      return 4L * width + 8L * labels + 20;
    }
  }

  private Shape shape;
  private int rows;
  private float[] features;
  private double[] labels;
  private float[] weights;
  private long[] keys;
  private long[] ids;
  private MapperNote note;

  /** For deserialization. */
  public Chunk() {}

  Chunk(Shape shape, int capacity) {
    this.shape = shape;
    features = new float[Math.multiplyExact(capacity, shape.width())];
    labels = new double[Math.multiplyExact(capacity, shape.labels())];
    weights = shape.weighted() ? new float[capacity] : null;
    keys = new long[capacity];
    ids = shape.withIds() ? new long[capacity] : null;
  }

  /** No rows, but what a mapper has to say about those it read. */
  Chunk(MapperNote note) {
    this(new Shape(0, 0, false, false), 0);
    this.note = note;
  }

  /** Appends a row, with -0 as 0. */
  void add(float[] rowFeatures, double[] rowLabels, int at, float weight, long key, long id) {
    if (rows == keys.length) {
      grow(Math.max(4, Math.multiplyExact(rows, 2)));
    }
    int width = shape.width();
    for (int j = 0, to = rows * width; j < width; j++) {
      features[to + j] = rowFeatures[at * width + j] + 0f;
    }
    for (int j = 0; j < shape.labels(); j++) {
      labels[rows * shape.labels() + j] = rowLabels[at * shape.labels() + j] + 0.0;
    }
    if (weights != null) {
      weights[rows] = weight + 0f;
    }
    if (ids != null) {
      ids[rows] = id;
    }
    keys[rows++] = key;
  }

  private void grow(int capacity) {
    features = Arrays.copyOf(features, Math.multiplyExact(capacity, shape.width()));
    labels = Arrays.copyOf(labels, Math.multiplyExact(capacity, shape.labels()));
    weights = weights == null ? null : Arrays.copyOf(weights, capacity);
    keys = Arrays.copyOf(keys, capacity);
    ids = ids == null ? null : Arrays.copyOf(ids, capacity);
  }

  Shape shape() {
    return shape;
  }

  int rows() {
    return rows;
  }

  long[] keys() {
    return keys;
  }

  double[] labels() {
    return labels;
  }

  MapperNote note() {
    return note;
  }

  void copy(int row, BlockBuilder to, int toRow) {
    to.features(toRow, features, row * shape.width());
    for (int j = 0; j < shape.labels(); j++) {
      to.target(toRow, j, (float) labels[row * shape.labels() + j]);
    }
    if (weights != null) {
      to.weight(toRow, weights[row]);
    }
    if (ids != null) {
      to.id(toRow, ids[row]);
    }
    to.key(toRow, keys[row]);
  }

  /** The order of two rows of one shape and key: by content, then by id. */
  static int compare(Chunk a, int rowA, Chunk b, int rowB) {
    int width = a.shape.width();
    int atA = rowA * width;
    int atB = rowB * width;
    int c = Arrays.compare(a.features, atA, atA + width, b.features, atB, atB + width);
    if (c == 0) {
      int n = a.shape.labels();
      c = Arrays.compare(a.labels, rowA * n, (rowA + 1) * n, b.labels, rowB * n, (rowB + 1) * n);
    }
    if (c == 0 && a.weights != null) {
      c = Float.compare(a.weights[rowA], b.weights[rowB]);
    }
    if (c == 0 && a.ids != null) {
      c = Long.compare(a.ids[rowA], b.ids[rowB]);
    }
    return c;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeBoolean(note != null);
    if (note != null) {
      note.write(out);
    }
    out.writeInt(rows);
    out.writeInt(shape.width());
    out.writeInt(shape.labels());
    Wire.writeFloats(out, Arrays.copyOf(features, rows * shape.width()));
    Wire.writeLongs(out, bits(labels, rows * shape.labels()));
    Wire.writeFloats(out, weights == null ? null : Arrays.copyOf(weights, rows));
    Wire.writeLongs(out, Arrays.copyOf(keys, rows));
    Wire.writeLongs(out, ids == null ? null : Arrays.copyOf(ids, rows));
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    note = in.readBoolean() ? MapperNote.read(in) : null;
    rows = in.readInt();
    int width = in.readInt();
    int labelWidth = in.readInt();
    features = Wire.readFloats(in);
    labels = doubles(Wire.readLongs(in));
    weights = Wire.readFloats(in);
    keys = Wire.readLongs(in);
    ids = Wire.readLongs(in);
    shape = new Shape(width, labelWidth, weights != null, ids != null);
  }

  static long[] bits(double[] values, int n) {
    long[] bits = new long[n];
    Arrays.setAll(bits, i -> Double.doubleToRawLongBits(values[i]));
    return bits;
  }

  static double[] doubles(long[] bits) {
    double[] values = new double[bits.length];
    Arrays.setAll(values, i -> Double.longBitsToDouble(bits[i]));
    return values;
  }
}
