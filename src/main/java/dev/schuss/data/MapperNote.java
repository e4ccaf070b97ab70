package dev.schuss.data;

import dev.schuss.objective.Wire;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What one mapper has to say about the rows it read. Bad rows are reported and not thrown, so that
 * Spark does not read them four times before it gives up.
 *
 * @param mapper number of the input split
 * @param good rows that were packed
 * @param bad rows that were not
 * @param widths inputs of each feature column; empty if there was no good row
 * @param entries inputs other than 0, over all good rows; 0 where rows are dense
 * @param mostEntries those of the row that has most
 * @param problems the first bad rows
 * @param texts labels of a classification that are no numbers
 * @param firstText the first row of such a label; null if there is none
 */
record MapperNote(
    int mapper,
    long good,
    long bad,
    int[] widths,
    long entries,
    int mostEntries,
    List<RowProblem> problems,
    List<String> texts,
    RowProblem firstText) {
  /** So many bad rows are shown to the user. */
  static final int EXAMPLES = 3;

  /** Inputs per row; -1 if there was no good row. */
  int width() {
    return good == 0 ? -1 : Arrays.stream(widths).sum();
  }

  void write(ObjectOutput out) throws IOException {
    out.writeInt(mapper);
    out.writeLong(good);
    out.writeLong(bad);
    Wire.writeInts(out, widths);
    out.writeLong(entries);
    out.writeInt(mostEntries);
    out.writeInt(problems.size());
    for (RowProblem problem : problems) {
      problem.write(out);
    }
    out.writeInt(texts.size());
    for (String text : texts) {
      out.writeUTF(text);
    }
    out.writeBoolean(firstText != null);
    if (firstText != null) {
      firstText.write(out);
    }
  }

  static MapperNote read(ObjectInput in) throws IOException {
    int mapper = in.readInt();
    long good = in.readLong();
    long bad = in.readLong();
    int[] widths = Wire.readInts(in);
    long entries = in.readLong();
    int mostEntries = in.readInt();
    List<RowProblem> problems = new ArrayList<>();
    for (int n = in.readInt(); n > 0; n--) {
      problems.add(RowProblem.read(in));
    }
    List<String> texts = new ArrayList<>();
    for (int n = in.readInt(); n > 0; n--) {
      texts.add(in.readUTF());
    }
    RowProblem firstText = in.readBoolean() ? RowProblem.read(in) : null;
    return new MapperNote(
        mapper, good, bad, widths, entries, mostEntries, problems, texts, firstText);
  }
}
