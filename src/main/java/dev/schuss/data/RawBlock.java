package dev.schuss.data;

import dev.schuss.objective.Wire;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.ArrayList;
import java.util.List;

/**
 * A canonical block of raw values: not yet scaled, its classes not yet numbered, training and
 * validation rows together.
 */
final class RawBlock implements Externalizable {
  private static final long serialVersionUID = 1;

  private Block block;
  private double[] labels;
  private List<MapperNote> notes = new ArrayList<>();

  /** For deserialization. */
  public RawBlock() {}

  /**
   * Raw rows.
   *
   * @param labels the only label of each row in double precision; null if there are none or several
   */
  RawBlock(Block block, double[] labels) {
    this.block = block;
    this.labels = labels;
  }

  Block block() {
    return block;
  }

  /** The label of a row; a class before it is numbered. */
  double label(int row) {
    return labels[row];
  }

  /** What the mappers reported; all in the block of partition 0. */
  List<MapperNote> notes() {
    return notes;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    block.writeExternal(out);
    out.writeBoolean(labels != null);
    if (labels != null) {
      Wire.writeLongs(out, Chunk.bits(labels, labels.length));
    }
    out.writeInt(notes.size());
    for (MapperNote note : notes) {
      note.write(out);
    }
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    block = new Block();
    block.readExternal(in);
    labels = in.readBoolean() ? Chunk.doubles(Wire.readLongs(in)) : null;
    int n = in.readInt();
    for (int i = 0; i < n; i++) {
      notes.add(MapperNote.read(in));
    }
  }
}
