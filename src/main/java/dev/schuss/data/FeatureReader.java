package dev.schuss.data;

import dev.schuss.model.BadValue;
import dev.schuss.model.Feature;
import dev.schuss.model.InputRow;
import dev.schuss.model.Preprocessing;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.Row;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Reads the features of rows one by one, in the order in which the task gets them, and knows where
 * each lies. One per task.
 */
public final class FeatureReader {
  private final Table table;
  private final InputRow input;
  private final int width;
  private UTF8String file = UTF8String.EMPTY_UTF8;
  private long blockStart = -1;
  private long number; // of the row in its split

  FeatureReader(Table table, List<Feature> features, Preprocessing preprocessing, boolean sparse) {
    this.table = table;
    this.input = new InputRow(features, sparse, preprocessing.invalid());
    this.width = preprocessing.width();
  }

  /**
   * Reads a row.
   *
   * @return its raw inputs, until the next call
   * @throws BadValue if it cannot be used
   */
  public InputRow read(Row row) throws BadValue {
    count();
    if (table.malformed() >= 0 && !row.isNullAt(table.malformed())) {
      throw RowReader.malformed(table, row.getString(table.malformed()));
    }
    input.start();
    for (Table.Field field : table.features()) {
      RowReader.readFeature(field, row, field.index(), input);
    }
    input.end();
    if (input.width() != width) {
      throw new BadValue(
          "",
          "%d features (%s), but the model takes %d"
              .formatted(input.width(), String.join(", ", table.featureNames()), width),
          "");
    }
    return input;
  }

  /** Rows are counted anew where a split of a file starts. */
  private void count() {
    long start = InputFileBlockHolder.getStartOffset();
    UTF8String now = InputFileBlockHolder.getInputFilePath();
    if (start != blockStart || !now.equals(file)) {
      blockStart = start;
      file = now;
      number = 0;
    }
    number++;
  }

  /**
   * What is wrong with the row that was read last, and where it lies: file, line or row, column.
   */
  public String say(BadValue bad) {
    RowProblem.Place place = new RowProblem.Place(file.toString(), Math.max(0, blockStart), number);
    return new TextLines(new Configuration(), table.text()).say(RowProblem.of(bad, place));
  }
}
