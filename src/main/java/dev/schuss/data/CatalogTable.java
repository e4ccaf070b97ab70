package dev.schuss.data;

import dev.schuss.math.EditDistance;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.AnalysisException;
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
    int dot = name.lastIndexOf('.');
    String database = dot < 0 ? spark.catalog().currentDatabase() : name.substring(0, dot);
    String hive =
        spark.conf().get("spark.sql.catalogImplementation", "in-memory").equals("hive")
            ? ""
            : "; Spark runs without Hive here, so that Hive's tables are not seen";
    if (dot >= 0 && !spark.catalog().databaseExists(database)) {
      return new DataException(
          "no such table: %s (there is no database %s%s)".formatted(name, database, hive));
    }
    List<String> known = new ArrayList<>();
    try {
      spark
          .catalog()
          .listTables(database)
          .toLocalIterator()
          .forEachRemaining(t -> known.add(t.name()));
    } catch (AnalysisException e) {
      throw new DataException("no such table: " + name, e); // the database has just gone
    }
    return new DataException(
        "no such table: %s%s (the database %s has %d %s%s)"
            .formatted(
                name,
                EditDistance.nearest(name.substring(dot + 1), known)
                    .map(n -> "; did you mean " + n + "?")
                    .orElse(""),
                database,
                known.size(),
                known.size() == 1 ? "table" : "tables",
                hive));
  }
}
