package dev.schuss.data;

import dev.schuss.model.BadValue;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;

/**
 * A row that cannot be used, and where it lies.
 *
 * @param column name of the column; empty if the whole row is meant
 * @param what is wrong, the value included, such as {@code "abc" is not a number}
 * @param value the offending text as it stands in the file, shortened; empty if there is none
 * @param place where the row lies
 */
record RowProblem(String column, String what, String value, Place place) {

  /**
   * Where a row was read.
   *
   * @param file its URI; empty if unknown
   * @param blockStart first byte of the split of the file, 0 for an unsplit one
   * @param row number of the row within the split, from 1
   */
  record Place(String file, long blockStart, long row) {
    void write(ObjectOutput out) throws IOException {
      out.writeUTF(file);
      out.writeLong(blockStart);
      out.writeLong(row);
    }

    static Place read(ObjectInput in) throws IOException {
      return new Place(in.readUTF(), in.readLong(), in.readLong());
    }
  }

  /** What is wrong with a value, and where it lies. */
  static RowProblem of(BadValue bad, Place place) {
    return new RowProblem(bad.column(), bad.getMessage(), bad.text(), place);
  }

  void write(ObjectOutput out) throws IOException {
    out.writeUTF(column);
    out.writeUTF(what);
    out.writeUTF(value);
    place.write(out);
  }

  static RowProblem read(ObjectInput in) throws IOException {
    return new RowProblem(in.readUTF(), in.readUTF(), in.readUTF(), Place.read(in));
  }
}
