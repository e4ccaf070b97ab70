package dev.schuss.job;

import dev.schuss.data.DataException;
import dev.schuss.model.FittedModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.AtomicType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NullType;

/**
 * A scored table as CSV can hold it: each array that was added becomes a column per element, named
 * by class, label or number ({@code probability_3}); columns of the input that are no single values
 * are left out.
 *
 * @param table what is left
 * @param leftOut names of the input's columns that are not in it
 */
record FlatColumns(Dataset<Row> table, List<String> leftOut) {

  /**
   * Flattens a table.
   *
   * @param scored the table
   * @param added how many of its last columns were added by the model
   * @throws DataException if a name would be there twice
   */
  static FlatColumns of(Dataset<Row> scored, int added, FittedModel model) {
    int width = scored.schema().size();
    List<Column> columns = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    Set<String> names = new HashSet<>();
    // By place, since the input's names may hold dots, or be there twice.
    String[] places = IntStream.range(0, width).mapToObj(i -> "c" + i).toArray(String[]::new);
    Dataset<Row> renamed = scored.toDF(places);
    for (int i = 0; i < width; i++) {
      String name = scored.schema().fields()[i].name();
      DataType type = scored.schema().fields()[i].dataType();
      Column column = renamed.col(places[i]);
      if (i >= width - added && type instanceof ArrayType) {
        List<String> elements = elements(model, width - added == i);
        for (int j = 0; j < elements.size(); j++) {
          add(columns, names, column.getItem(j), name + "_" + elements.get(j));
        }
      } else if (type instanceof AtomicType || type instanceof NullType) {
        add(columns, names, column, name);
      } else {
        leftOut.add(name);
      }
    }
    return new FlatColumns(renamed.select(columns.toArray(Column[]::new)), leftOut);
  }

  private static void add(List<Column> columns, Set<String> names, Column column, String name) {
    if (!names.add(name.toLowerCase(Locale.ROOT))) {
      throw new DataException(
          "two columns of the CSV file would be named %s: rename the one of the data, or write another --format"
              .formatted(name));
    }
    columns.add(column.as(name));
  }

  /** Names of the elements of an added array; the first that is added is the prediction. */
  private static List<String> elements(FittedModel model, boolean first) {
    return switch (model.network().task()) {
      case CLASSIFICATION -> {
        List<String> classes = model.preprocessing().classes().names();
        long distinct = classes.stream().map(c -> c.toLowerCase(Locale.ROOT)).distinct().count();
        yield distinct == classes.size() ? classes : numbers(classes.size());
      }
      case REGRESSION -> model.preprocessing().labels();
      case RECONSTRUCTION -> {
        var pass = model.network().forwardPass(model.weights());
        yield numbers(first ? model.network().outputs() : pass.width(pass.codeLayer()));
      }
    };
  }

  private static List<String> numbers(int n) {
    return IntStream.range(0, n).mapToObj(Integer::toString).toList();
  }
}
