package dev.schuss.data;

import dev.schuss.math.SparseRows;
import dev.schuss.objective.Wire;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;

/** Sparse rows on the wire. */
final class SparseWire {
  private SparseWire() {}

  static void write(ObjectOutput out, SparseRows rows) throws IOException {
    rows.trim();
    Wire.writeInts(out, rows.offsets());
    Wire.writeInts(out, rows.indices());
    Wire.writeFloats(out, rows.values());
  }

  static SparseRows read(ObjectInput in) throws IOException {
    return new SparseRows(Wire.readInts(in), Wire.readInts(in), Wire.readFloats(in));
  }
}
