package dev.schuss.data;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * A source with columns that Spark computes: new ones, or others in the place of those that are
 * there.
 *
 * @param source where the other columns come from
 * @param columns an expression of Spark SQL for each name, in order; a later one may use an earlier
 */
public record Derived(Source source, Map<String, String> columns) implements Source {

  /** Copies the map. */
  public Derived {
    columns = new LinkedHashMap<>(columns);
  }

  /** The source itself where there is nothing to compute. */
  public static Source of(Source source, Map<String, String> columns) {
    return columns.isEmpty() ? source : new Derived(source, columns);
  }

  @Override
  public Dataset<Row> load(SparkSession spark) {
    Dataset<Row> data = source.load(spark);
    for (Map.Entry<String, String> column : columns.entrySet()) {
      Dataset<Row> before = data;
      data =
          SparkErrors.unwrapped(
              "derive." + column.getKey() + " = " + column.getValue(),
              () -> before.withColumn(column.getKey(), functions.expr(column.getValue())));
    }
    return data;
  }
}
