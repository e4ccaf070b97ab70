package dev.schuss.score;

import dev.schuss.data.DataException;
import dev.schuss.data.FeatureColumns;
import dev.schuss.data.FeatureReader;
import dev.schuss.model.BadValue;
import dev.schuss.model.FittedModel;
import dev.schuss.model.InputRow;
import dev.schuss.model.Invalid;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.LongAccumulator;

/** The rows of a partition with their predictions, a micro-batch at a time. */
final class ScoredRows implements Iterator<Row> {
  private final Iterator<Row> rows;
  private final int malformed;
  private final FeatureColumns columns;
  private final FittedModel model;
  private final RowOutputs own;
  private final Invalid invalid;
  private final SkippedRows skipped;
  private final LongAccumulator scored;
  private FeatureReader reader; // from the first row on, as are the next three
  private MicroBatch batch;
  private Row[] held;
  private int added;
  private int examples;
  private int next;

  /**
   * Scores rows as they are asked for.
   *
   * @param own what becomes of the outputs; null for the usual columns
   * @param skipped null if nobody counts
   * @param scored null if nobody counts
   */
  ScoredRows(
      Iterator<Row> rows,
      FeatureColumns columns,
      FittedModel model,
      RowOutputs own,
      SkippedRows skipped,
      LongAccumulator scored) {
    this.rows = rows;
    this.malformed = columns.malformed();
    this.columns = columns;
    this.model = model;
    this.own = own;
    this.invalid = model.preprocessing().invalid();
    this.skipped = skipped;
    this.scored = scored;
  }

  @Override
  public boolean hasNext() {
    if (batch == null || next == batch.rows()) {
      fill();
    }
    return batch != null && next < batch.rows();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Row row = held[next];
    int width = row.size() - (malformed < 0 ? 0 : 1);
    Object[] values = new Object[width + added];
    for (int i = 0, to = 0; i < row.size(); i++) {
      if (i != malformed) {
        values[to++] = row.get(i);
      }
    }
    batch.results(next, values, width);
    held[next++] = null;
    return RowFactory.create(values);
  }

  private void fill() {
    next = 0;
    if (batch == null && !rows.hasNext()) {
      return;
    }
    Row first = null;
    if (batch == null) {
      first = rows.next();
      boolean sparse = columns.sparse(first);
      reader = columns.reader(sparse);
      batch = new MicroBatch(model, sparse, own);
      held = new Row[batch.capacity()];
      added = batch.columns();
    }
    batch.clear();
    while (batch.rows() < held.length && (first != null || rows.hasNext())) {
      Row row = first == null ? rows.next() : first;
      first = null;
      InputRow inputs = read(row);
      if (inputs != null) {
        held[batch.rows()] = row;
        batch.add(inputs);
      }
    }
    batch.run();
    if (scored != null && batch.rows() > 0) {
      scored.add(batch.rows());
    }
  }

  /** The inputs of a row; null if it is left out. */
  private InputRow read(Row row) {
    try {
      return reader.read(row);
    } catch (BadValue bad) {
      if (invalid != Invalid.SKIP) {
        String remedy = own == null ? "train with data.invalid = skip or keep" : own.remedy();
        throw new DataException(
            reader.say(bad)
                + ": mend or remove the row"
                + (invalid == Invalid.ERROR ? ", or " + remedy : ""));
      }
      if (skipped != null) {
        skipped.add(examples++ < SkippedRows.EXAMPLES ? reader.say(bad) : null);
      }
      return null;
    }
  }
}
