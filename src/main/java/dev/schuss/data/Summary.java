package dev.schuss.data;

import dev.schuss.objective.Wire;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the driver needs to know of a raw block: rows, mappers' notes, and its distinct labels. */
final class Summary implements Externalizable {
  private static final long serialVersionUID = 1;

  /** More distinct labels than this are not collected: no classification has as many. */
  static final int MAX_CLASSES = 10_000;

  private int rows;
  private List<MapperNote> notes = new ArrayList<>();
  private double[] labels = new double[0];
  private long[] counts = new long[0];
  private boolean truncated;

  /** For deserialization. */
  public Summary() {}

  /** The summary of a block; labels are counted where the block keeps them. */
  Summary(RawBlock raw, boolean countLabels) {
    rows = raw.block().rows();
    notes = raw.notes();
    for (int row = 0; countLabels && row < rows && !truncated; row++) {
      count(raw.label(row));
      truncated = labels.length > MAX_CLASSES;
    }
  }

  private void count(double label) {
    int at = Arrays.binarySearch(labels, label);
    if (at < 0) {
      at = -1 - at;
      double[] grownLabels = Arrays.copyOf(labels, labels.length + 1);
      long[] grownCounts = Arrays.copyOf(counts, labels.length + 1);
      System.arraycopy(labels, at, grownLabels, at + 1, labels.length - at);
      System.arraycopy(counts, at, grownCounts, at + 1, counts.length - at);
      grownLabels[at] = label;
      grownCounts[at] = 0;
      labels = grownLabels;
      counts = grownCounts;
    }
    counts[at]++;
  }

  int rows() {
    return rows;
  }

  List<MapperNote> notes() {
    return notes;
  }

  /** Distinct labels by their codes, ascending. */
  double[] labels() {
    return labels;
  }

  /** Number of rows of each distinct label. */
  long[] counts() {
    return counts;
  }

  /** Whether there are more labels than were counted. */
  boolean truncated() {
    return truncated;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    out.writeInt(rows);
    out.writeInt(notes.size());
    for (MapperNote note : notes) {
      note.write(out);
    }
    Wire.writeLongs(out, Chunk.bits(labels, labels.length));
    Wire.writeLongs(out, counts);
    out.writeBoolean(truncated);
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    rows = in.readInt();
    int n = in.readInt();
    for (int i = 0; i < n; i++) {
      notes.add(MapperNote.read(in));
    }
    labels = Chunk.doubles(Wire.readLongs(in));
    counts = Wire.readLongs(in);
    truncated = in.readBoolean();
  }
}
