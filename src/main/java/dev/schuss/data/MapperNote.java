package dev.schuss.data;

import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;

/**
 * What one mapper has to say about the rows it read. Bad rows are reported and not thrown, so that
 * Spark does not read them four times before it gives up.
 *
 * @param mapper number of the input split
 * @param good rows that were packed
 * @param bad rows that were not
 * @param width features per row; -1 if there was no good row
 * @param first the first bad row; null if there is none
 */
record MapperNote(int mapper, long good, long bad, int width, RowProblem first) {

  void write(ObjectOutput out) throws IOException {
    out.writeInt(mapper);
    out.writeLong(good);
    out.writeLong(bad);
    out.writeInt(width);
    out.writeBoolean(first != null);
    if (first != null) {
      first.write(out);
    }
  }

  static MapperNote read(ObjectInput in) throws IOException {
    return new MapperNote(
        in.readInt(),
        in.readLong(),
        in.readLong(),
        in.readInt(),
        in.readBoolean() ? RowProblem.read(in) : null);
  }
}
