package dev.schuss.data;

import dev.schuss.math.SparseRows;
import dev.schuss.model.InputRow;
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
    /** Bytes of a row beside its features, roughly. */
    long restBytes() {
      return 8L * labels + 20;
    }
  }

  private Shape shape;
  private int rows;
  private float[] features; // null where rows are sparse
  private SparseRows sparse;
  private double[] labels;
  private float[] weights;
  private long[] keys;
  private long[] ids;
  private MapperNote note;

  /** For deserialization. */
  public Chunk() {}

  Chunk(Shape shape, int capacity, boolean isSparse) {
    this.shape = shape;
    features = isSparse ? null : new float[Math.multiplyExact(capacity, shape.width())];
    sparse = isSparse ? new SparseRows() : null;
    labels = new double[Math.multiplyExact(capacity, shape.labels())];
    weights = shape.weighted() ? new float[capacity] : null;
    keys = new long[capacity];
    ids = shape.withIds() ? new long[capacity] : null;
  }

  /** No rows, but what a mapper has to say about those it read. */
  Chunk(MapperNote note) {
    this(new Shape(0, 0, false, false), 0, false);
    this.note = note;
  }

  /** Appends a dense row, with -0 as 0. */
  void add(float[] rowFeatures, double[] rowLabels, int at, float weight, long key, long id) {
    reserve();
    int width = shape.width();
    for (int j = 0, to = rows * width; j < width; j++) {
      features[to + j] = rowFeatures[at * width + j] + 0f;
    }
    addRest(rowLabels, at, weight, key, id);
  }

  /** Appends a row. */
  void add(InputRow input, double[] rowLabels, float weight, long key, long id) {
    if (!input.isSparse()) {
      add(input.dense(), rowLabels, 0, weight, key, id);
      return;
    }
    reserve();
    if (sparse != null) {
      sparse.append(input.indices(), input.values(), 0, input.entries());
    } else {
      for (int k = 0; k < input.entries(); k++) {
        features[rows * shape.width() + input.indices()[k]] = input.values()[k];
      }
    }
    addRest(rowLabels, 0, weight, key, id);
  }

  private void reserve() {
    if (rows == keys.length) {
      grow(Math.max(4, Math.multiplyExact(rows, 2)));
    }
  }

  private void addRest(double[] rowLabels, int at, float weight, long key, long id) {
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
    if (features != null) {
      features = Arrays.copyOf(features, Math.multiplyExact(capacity, shape.width()));
    }
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

  /** Bytes of the rows, roughly. */
  long bytes() {
    long ofFeatures =
        sparse == null ? 4L * shape.width() * rows : 8L * sparse.entries() + 4L * rows;
    return ofFeatures + rows * shape.restBytes();
  }

  /** The features where they are sparse; null where they are dense. */
  SparseRows sparse() {
    return sparse;
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
    if (sparse == null) {
      to.features(toRow, features, row * shape.width());
    } else {
      to.features(toRow, sparse, row);
    }
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
    int c = compareFeatures(a, rowA, b, rowB);
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

  private static int compareFeatures(Chunk a, int rowA, Chunk b, int rowB) {
    int width = a.shape.width();
    if (a.sparse == null && b.sparse == null) {
      int atA = rowA * width;
      int atB = rowB * width;
      return Arrays.compare(a.features, atA, atA + width, b.features, atB, atB + width);
    }
    int i = a.next(rowA, -1);
    int j = b.next(rowB, -1);
    while (true) {
      int ia = a.index(rowA, i);
      int ib = b.index(rowB, j);
      int c =
          ia == ib && ia == width
              ? 0
              : Float.compare(ia <= ib ? a.value(i) : 0f, ib <= ia ? b.value(j) : 0f);
      if (c != 0 || ia == width) {
        return c;
      }
      i = a.next(rowA, i);
      j = b.next(rowB, j);
    }
  }

  /** The entry of a row after this one, be it dense or sparse; the first one after -1. */
  private int next(int row, int entry) {
    if (sparse != null) {
      return entry < 0 ? sparse.offsets()[row] : entry + 1;
    }
    int at = row * shape.width();
    int end = at + shape.width();
    int i = entry < 0 ? at : entry + 1;
    while (i < end && features[i] == 0) {
      i++;
    }
    return i;
  }

  /** The column of an entry; the width behind the last one. */
  private int index(int row, int entry) {
    if (sparse == null) {
      return entry - row * shape.width();
    }
    return entry < sparse.offsets()[row + 1] ? sparse.indices()[entry] : shape.width();
  }

  private float value(int entry) {
    return sparse == null ? features[entry] : sparse.values()[entry];
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
    out.writeBoolean(sparse != null);
    if (sparse == null) {
      Wire.writeFloats(out, Arrays.copyOf(features, rows * shape.width()));
    } else {
      SparseWire.write(out, sparse);
    }
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
    if (in.readBoolean()) {
      sparse = SparseWire.read(in);
    } else {
      features = Wire.readFloats(in);
    }
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
