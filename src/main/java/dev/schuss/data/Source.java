package dev.schuss.data;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Where rows come from. */
public sealed interface Source permits Csv, LibSvm, SparkFiles, CatalogTable, Idx, Cifar, Derived {

  /**
   * The rows as a table. Files are looked at, and read when the table is used.
   *
   * @throws DataException if there is no such file, or it cannot be used; in one line
   */
  Dataset<Row> load(SparkSession spark);
}
