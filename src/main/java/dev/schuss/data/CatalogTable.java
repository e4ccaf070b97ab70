package dev.schuss.data;

import dev.schuss.math.EditDistance;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A table or view of Spark's catalog, such as one of Hive.
 *
 * @param name with its database where that is not the current one, such as {@code sales.orders}
 */
public record CatalogTable(String name) implements Source {

  /** Checks the name. */
  public CatalogTable {
    if (name.isBlank()) {
      throw new IllegalArgumentException("name is empty: name a table such as sales.orders");
    }
  }

  @Override
  public Dataset<Row> load(SparkSession spark) {
    return SparkErrors.unwrapped(
        "table " + name,
        () -> {
          if (!spark.catalog().tableExists(name)) {
            throw missing(spark);
          }
          return spark.table(name);
        });
  }

  private DataException missing(SparkSession spark) {
    String database = spark.catalog().currentDatabase();
    List<String> known = new ArrayList<>();
    spark.catalog().listTables().toLocalIterator().forEachRemaining(t -> known.add(t.name()));
    return new DataException(
        "no such table: %s%s (the current database is %s, of %d tables)"
            .formatted(
                name,
                EditDistance.nearest(name, known).map(n -> "; did you mean " + n + "?").orElse(""),
                database,
                known.size()));
  }
}
