package dev.schuss.train;

import dev.schuss.data.RoundRows;
import dev.schuss.objective.Wire;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;

/** What a round sends to every executor: the weights, and which rows make up the minibatch. */
public final class RoundInput implements Externalizable {
  private static final long serialVersionUID = 1;

  private float[] weights;
  private RoundRows rows;

  /** For deserialization. */
  public RoundInput() {}

  RoundInput(float[] weights, RoundRows rows) {
    this.weights = weights;
    this.rows = rows;
  }

  float[] weights() {
    return weights;
  }

  RoundRows rows() {
    return rows;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    Wire.writeFloats(out, weights);
    out.writeBoolean(rows instanceof RoundRows.Slice);
    if (rows instanceof RoundRows.Slice slice) {
      out.writeLong(slice.seed());
      out.writeInt(slice.epoch());
      Wire.writeInts(out, slice.start());
      Wire.writeInts(out, slice.count());
    } else if (rows instanceof RoundRows.Ids ids) {
      Wire.writeLongs(out, ids.ids());
    }
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    weights = Wire.readFloats(in);
    rows =
        in.readBoolean()
            ? new RoundRows.Slice(in.readLong(), in.readInt(), Wire.readInts(in), Wire.readInts(in))
            : new RoundRows.Ids(Wire.readLongs(in));
  }
}
